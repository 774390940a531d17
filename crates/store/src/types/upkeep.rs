//! Usage, sweeping up, numbers.

use serde::{Deserialize, Serialize};

use super::{JobKind, JobState};

/// What a workspace uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Bytes of its documents.
    pub bytes: u64,
    /// Its documents.
    pub documents: u32,
    /// Its comparisons.
    pub comparisons: u32,
    /// Its jobs that wait or run.
    pub jobs: u32,
}

/// What is removed for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purge {
    /// Deleted things stay this long for undoing, ms.
    pub undo_ms: i64,
    /// Rows removed in one step at most.
    pub limit: u32,
}

/// What was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purged {
    /// Rows.
    pub rows: u64,
    /// Whether there is more.
    pub more: bool,
}

/// Names of blobs: SHA-256 of originals, or names of reports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobNames {
    /// The names.
    pub names: Vec<String>,
}

/// Numbers for metrics.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Jobs by kind and state (queued, running, failed).
    pub jobs: Vec<JobCount>,
    /// Live sessions.
    pub sessions: u64,
    /// Documents, deleted ones not counted.
    pub documents: u64,
    /// Comparisons, deleted ones not counted.
    pub comparisons: u64,
}

/// Jobs of one kind in one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobCount {
    /// The kind.
    pub kind: JobKind,
    /// The state.
    pub state: JobState,
    /// How many.
    pub count: u64,
    /// Age of the oldest, ms.
    pub oldest_ms: i64,
}
