//! Comparisons and what is said of their changes.

use serde::{Deserialize, Serialize};

use super::{ComparisonId, DocumentId, Job, JobId, LeaseId, Millis, Quota, Slice, WorkspaceId};

/// A comparison of two documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Its name in links.
    pub id: ComparisonId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The old revision.
    pub old: DocumentId,
    /// The new revision.
    pub new: DocumentId,
    /// Name of the old document.
    pub old_name: String,
    /// Name of the new document.
    pub new_name: String,
    /// What is compared, as JSON; `{}` for the defaults.
    pub options: String,
    /// What became of it.
    pub state: ComparisonState,
    /// Why it failed, for people.
    pub error: Option<String>,
    /// Name of the report's blob, as soon as there is one.
    pub report: Option<String>,
    /// Counts as in the report, as JSON, as soon as there are any.
    pub summary: Option<String>,
    /// When it was asked for.
    pub created: Millis,
    /// The job that makes it (the last one).
    pub job: Job,
}

/// What became of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonState {
    /// Its job waits or runs, and there is no report yet.
    Processing,
    /// There is a report without pixels; the whole one is being made.
    Partial,
    /// The report is complete.
    Ready,
    /// It cannot be made.
    Failed,
}

/// A comparison to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewComparison {
    /// Its name in links.
    pub id: ComparisonId,
    /// Its job.
    pub job: JobId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The old revision.
    pub old: DocumentId,
    /// The new revision.
    pub new: DocumentId,
    /// What to compare, as JSON in one canonical form.
    pub options: String,
    /// What the workspace may hold.
    pub quota: Quota,
    /// W3C `traceparent` of the request, for the job.
    pub trace: Option<String>,
}

/// A comparison, recorded now or before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreatedComparison {
    /// The comparison.
    pub comparison: Comparison,
    /// Whether the same was there before.
    pub known: bool,
}

/// Which comparisons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListComparisons {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which part.
    pub slice: Slice,
    /// Only those in which this document is the old or the new one.
    pub document: Option<DocumentId>,
}

/// A report to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutReport {
    /// The lease it was made under.
    pub lease: LeaseId,
    /// The comparison.
    pub comparison: ComparisonId,
    /// Name of its blob, already stored.
    pub report: String,
    /// Counts as in the report, as JSON.
    pub summary: String,
    /// Whether this is the whole report.
    pub complete: bool,
}

/// What a person said of a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Names the change so that it stays the same when the comparison is made
    /// anew: a hash of what changed, made by the report's reader.
    pub change: String,
    /// The verdict.
    pub verdict: Verdict,
    /// A comment; empty for none.
    pub comment: String,
    /// When it was last changed.
    pub updated: Millis,
}

/// A verdict on a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// None yet (a comment may stand alone).
    Open,
    /// Seen.
    Reviewed,
    /// As intended.
    Accepted,
    /// To be asked about.
    Query,
}

/// A verdict or comment to be kept; the last one stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetReview {
    /// Whose.
    pub workspace: WorkspaceId,
    /// The comparison.
    pub comparison: ComparisonId,
    /// See [`Review::change`].
    pub change: String,
    /// The verdict.
    pub verdict: Verdict,
    /// A comment; empty for none.
    pub comment: String,
}
