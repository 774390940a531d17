//! Comparisons, reviews, shares.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::Job;
use crate::options::CompareOptions;

/// A comparison.
#[derive(Debug, Serialize, ToSchema)]
pub struct Comparison {
    /// Its name in addresses, 32 hex digits.
    pub id: String,
    /// The old revision.
    pub old: String,
    /// The new revision.
    pub new: String,
    /// Name of the old document.
    pub old_name: String,
    /// Name of the new document.
    pub new_name: String,
    /// What is compared.
    #[schema(value_type = CompareOptions)]
    pub options: Value,
    /// What became of it.
    pub state: ComparisonState,
    /// Why it failed, for people.
    #[schema(required)]
    pub error: Option<String>,
    /// Names the report there is now; changes when it is made anew. `null`
    /// while there is none.
    #[schema(required)]
    pub report: Option<String>,
    /// `summary` of the report.
    #[schema(required, value_type = Option<Object>)]
    pub summary: Option<Value>,
    /// When it was asked for, milliseconds since 1970 (UTC).
    pub created: i64,
    /// The job that makes it.
    pub job: Job,
}

/// What became of a comparison.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparisonState {
    /// There is no report yet.
    Processing,
    /// There is a report without pixels; the whole one is being made.
    Partial,
    /// The report is complete.
    Ready,
    /// It cannot be made.
    Failed,
}

impl From<store::Comparison> for Comparison {
    fn from(comparison: store::Comparison) -> Self {
        let json = |text: String| serde_json::from_str(&text).unwrap_or(Value::Null);
        Self {
            id: comparison.id.to_string(),
            old: comparison.old.to_string(),
            new: comparison.new.to_string(),
            old_name: comparison.old_name,
            new_name: comparison.new_name,
            options: json(comparison.options),
            state: match comparison.state {
                store::ComparisonState::Processing => ComparisonState::Processing,
                store::ComparisonState::Partial => ComparisonState::Partial,
                store::ComparisonState::Ready => ComparisonState::Ready,
                store::ComparisonState::Failed => ComparisonState::Failed,
            },
            error: comparison.error,
            report: comparison.report,
            summary: comparison.summary.map(json),
            created: comparison.created,
            job: comparison.job.into(),
        }
    }
}

/// A comparison to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComparisonRequest {
    /// The old revision, a document's `id`.
    pub old: String,
    /// The new revision, a document's `id`.
    pub new: String,
    /// What to compare; everything where absent.
    #[serde(default)]
    pub options: CompareOptions,
}

/// A comparison, made now or before.
#[derive(Debug, Serialize, ToSchema)]
pub struct Compared {
    /// The comparison.
    pub comparison: Comparison,
    /// The job that makes it.
    pub job: Job,
    /// Whether the same was asked for before.
    pub known: bool,
}

impl From<store::CreatedComparison> for Compared {
    fn from(created: store::CreatedComparison) -> Self {
        Self {
            job: created.comparison.job.clone().into(),
            comparison: created.comparison.into(),
            known: created.known,
        }
    }
}

/// What a person said of a change.
#[derive(Debug, Serialize, ToSchema)]
pub struct Review {
    /// Names the change.
    pub change: String,
    /// The verdict.
    pub verdict: Verdict,
    /// A comment; empty for none.
    pub comment: String,
    /// When it was last changed, milliseconds since 1970 (UTC).
    pub updated: i64,
}

/// What is said of a change.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewRequest {
    /// The verdict.
    pub verdict: Verdict,
    /// A comment; empty for none.
    #[serde(default)]
    #[schema(max_length = 10_000)]
    pub comment: String,
}

/// A verdict on a change.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
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

impl From<store::Verdict> for Verdict {
    fn from(verdict: store::Verdict) -> Self {
        match verdict {
            store::Verdict::Open => Self::Open,
            store::Verdict::Reviewed => Self::Reviewed,
            store::Verdict::Accepted => Self::Accepted,
            store::Verdict::Query => Self::Query,
        }
    }
}

impl From<Verdict> for store::Verdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Open => Self::Open,
            Verdict::Reviewed => Self::Reviewed,
            Verdict::Accepted => Self::Accepted,
            Verdict::Query => Self::Query,
        }
    }
}

impl From<store::Review> for Review {
    fn from(review: store::Review) -> Self {
        Self {
            change: review.change,
            verdict: review.verdict.into(),
            comment: review.comment,
            updated: review.updated,
        }
    }
}

/// A link that opens one comparison to others.
#[derive(Debug, Serialize, ToSchema)]
pub struct Share {
    /// Its name in addresses, 32 hex digits; opens nothing.
    pub id: String,
    /// What it opens.
    pub comparison: String,
    /// When it was made, milliseconds since 1970 (UTC).
    pub created: i64,
    /// When it ends, milliseconds since 1970 (UTC); `null` when revoked.
    #[schema(required)]
    pub expires: Option<i64>,
    /// The secret of the link `/s/{secret}`: answered when it is made and never
    /// again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Address of its page: as `secret`. Absolute where the service knows its
    /// own address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl From<store::Share> for Share {
    fn from(share: store::Share) -> Self {
        Self {
            id: share.id.to_string(),
            comparison: share.comparison.to_string(),
            created: share.created,
            expires: share.expires,
            secret: None,
            url: None,
        }
    }
}

/// A link to be made.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareRequest {
    /// When it ends, milliseconds since 1970 (UTC); absent or `null`: when
    /// revoked.
    #[serde(default)]
    pub expires: Option<i64>,
}
