//! Jobs.

use serde::Serialize;
use utoipa::ToSchema;

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct Job {
    /// Its name in addresses, 32 hex digits.
    pub id: String,
    /// What it does.
    pub kind: JobKind,
    /// What became of it.
    pub state: JobState,
    /// The document it reads, for `ingest`.
    #[schema(required)]
    pub document: Option<String>,
    /// The comparison it makes, for `compare`.
    #[schema(required)]
    pub comparison: Option<String>,
    /// Tries begun.
    pub tries: u32,
    /// What it is doing, for people.
    pub stage: String,
    /// Pages done in this stage.
    pub done: u32,
    /// Pages in this stage; 0 while unknown.
    pub total: u32,
    /// Why the last try failed, for people.
    #[schema(required)]
    pub error: Option<String>,
    /// When it was asked for, milliseconds since 1970 (UTC).
    pub created: i64,
    /// When it last changed, milliseconds since 1970 (UTC).
    pub updated: i64,
}

/// What a job does.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// Reads a document.
    Ingest,
    /// Compares two.
    Compare,
}

/// What became of a job.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits.
    Queued,
    /// It is being worked on.
    Running,
    /// Done.
    Done,
    /// Set aside with its error.
    Failed,
    /// Cancelled by its owner.
    Cancelled,
}

impl From<store::Job> for Job {
    fn from(job: store::Job) -> Self {
        Self {
            id: job.id.to_string(),
            kind: match job.kind {
                store::JobKind::Ingest => JobKind::Ingest,
                store::JobKind::Compare => JobKind::Compare,
            },
            state: match job.state {
                store::JobState::Queued => JobState::Queued,
                store::JobState::Running => JobState::Running,
                store::JobState::Done => JobState::Done,
                store::JobState::Failed => JobState::Failed,
                store::JobState::Cancelled => JobState::Cancelled,
            },
            document: job.document.map(|id| id.to_string()),
            comparison: job.comparison.map(|id| id.to_string()),
            tries: job.tries,
            stage: job.stage,
            done: job.done,
            total: job.total,
            error: job.error,
            created: job.created,
            updated: job.updated,
        }
    }
}
