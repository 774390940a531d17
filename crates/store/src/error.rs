//! What can go wrong with the store.

use serde::{Deserialize, Serialize};

/// An operation that was not done. Crosses HTTP as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "error", content = "detail")]
pub enum Error {
    /// There is no such thing, or it belongs to another workspace.
    #[error("not found")]
    NotFound,
    /// It is there, but not in a state that allows this.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The request makes no sense.
    #[error("invalid request: {0}")]
    Invalid(String),
    /// A limit of the workspace is reached.
    #[error("over the limit: {0}")]
    Quota(String),
    /// The lease on the job was lost: another worker has it, or it was
    /// cancelled.
    #[error("the lease is lost")]
    LeaseLost,
    /// Nobody answers, or everything is busy; worth another try later.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A defect, here or in what is kept. For the log only.
    #[error("broken: {0}")]
    Broken(String),
}
