//! The durable queue.

use serde::{Deserialize, Serialize};

use super::{ComparisonId, DocumentId, JobId, LeaseId, Millis, WorkspaceId};

/// Tries before a job is set aside.
pub const MAX_TRIES: u32 = 3;

/// What a job does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Reads a document.
    Ingest,
    /// Compares two.
    Compare,
}

impl JobKind {
    /// All kinds.
    pub const ALL: [Self; 2] = [Self::Ingest, Self::Compare];

    /// As in JSON and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ingest => "ingest",
            Self::Compare => "compare",
        }
    }
}

/// What became of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits (for a worker, or for its next try).
    Queued,
    /// A worker has it.
    Running,
    /// Done.
    Done,
    /// Set aside with its error.
    Failed,
    /// Cancelled by its owner.
    Cancelled,
}

/// A job, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// Its name.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What became of it.
    pub state: JobState,
    /// The document it reads, for an ingest.
    pub document: Option<DocumentId>,
    /// The comparison it makes, for a compare.
    pub comparison: Option<ComparisonId>,
    /// Tries begun.
    pub tries: u32,
    /// What it is doing (“reading”, “comparing pages”, …), for people.
    pub stage: String,
    /// Pages done in this stage.
    pub done: u32,
    /// Pages in this stage; 0 while unknown.
    pub total: u32,
    /// Why the last try failed, for people.
    pub error: Option<String>,
    /// When it was asked for.
    pub created: Millis,
    /// When it last changed.
    pub updated: Millis,
}

/// Asks for work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimJob {
    /// Kinds wanted.
    pub kinds: Vec<JobKind>,
    /// Who asks, for the log.
    pub worker: String,
    /// The lease's name: asking again with the same one after a lost answer
    /// gives the same job.
    pub lease: LeaseId,
    /// How long the lease lasts unless renewed, ms.
    pub lease_ms: i64,
    /// How long to wait for work, ms.
    pub wait_ms: u64,
}

/// A job under a lease, with what its worker must know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimedJob {
    /// The lease.
    pub lease: LeaseId,
    /// The job.
    pub job: Job,
    /// Whose.
    pub workspace: WorkspaceId,
    /// The documents: one to read, or old and new to compare.
    pub documents: Vec<JobDocument>,
    /// Options of a comparison, as JSON.
    pub options: String,
    /// How long it had waited, ms.
    pub waited_ms: i64,
    /// W3C `traceparent` of the request that asked for it.
    pub trace: Option<String>,
}

/// A document a job is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobDocument {
    /// Its name in links.
    pub id: DocumentId,
    /// What its owner calls it.
    pub name: String,
    /// Name of its blob.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
}

/// A job held under a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobLease {
    /// The job.
    pub job: JobId,
    /// The lease.
    pub lease: LeaseId,
}

/// Sign of life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewJob {
    /// The job and its lease.
    pub held: JobLease,
    /// How long the lease lasts from now, ms.
    pub lease_ms: i64,
    /// What it is doing.
    pub stage: String,
    /// Pages done in this stage.
    pub done: u32,
    /// Pages in this stage.
    pub total: u32,
}

/// What to do with a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lease {
    /// Go on.
    Held,
    /// Stop: cancelled, or another worker has it.
    Lost,
}

/// A try that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailJob {
    /// The job and its lease.
    pub held: JobLease,
    /// Why, for people.
    pub error: String,
    /// Whether another try may end otherwise.
    pub retry: bool,
}

/// Asks to be told of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Only this job; `None` for all of the workspace.
    pub job: Option<JobId>,
    /// From [`Changes::version`]; `None` for the state now. Nothing has happened
    /// yet in a workspace at 0: what happens first is after it.
    pub after: Option<i64>,
    /// How long to wait for a change, ms.
    pub wait_ms: u64,
}

/// Jobs that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// To be given as the next [`Watch::after`].
    pub version: i64,
    /// The jobs that changed since, as they are now, oldest change first;
    /// without `after` those that wait or run, or the one asked for.
    pub jobs: Vec<Job>,
}
