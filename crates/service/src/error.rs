//! What can go wrong in this crate.

use crate::{blobs::BlobError, problem::Problem};

/// What can go wrong in this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting cannot be used; the text says which and what to do. It never
    /// holds the value of a secret.
    #[error("{0}")]
    Setting(String),
    /// Another service answered with a problem.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// Another service could not be reached.
    #[error("{target} cannot be reached")]
    Unreachable {
        /// Scheme, host and port of the service.
        target: String,
        /// What the connection said.
        #[source]
        source: reqwest::Error,
    },
    /// Another service did not answer in time.
    #[error("{target} did not answer within {after_ms} ms")]
    Deadline {
        /// Scheme, host and port of the service.
        target: String,
        /// How long the request was given, in milliseconds.
        after_ms: u64,
    },
    /// Another service answered with something that cannot be read.
    #[error("{target} answered with something that cannot be read: {reason}")]
    Unexpected {
        /// Scheme, host and port of the service.
        target: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// A request cannot be built: a bad URL or a body that is no JSON.
    #[error("the request cannot be made: {0}")]
    Request(String),
    /// The system refused something the service needs to run.
    #[error("the system refuses: {0}")]
    System(#[from] std::io::Error),
    /// A file's bytes could not be stored or read.
    #[error(transparent)]
    Blob(#[from] BlobError),
}

/// What the caller of this service is told when a call of ours failed: problems
/// of the request itself are passed on, an absent service is "try again", and
/// everything else is ours and told in the log only.
impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Problem(problem) if problem.status < 500 || problem.status == 503 => problem,
            Error::Unreachable { .. } | Error::Deadline { .. } => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a service is absent"
                );
                Problem::unavailable("A part of the service does not answer at the moment.")
                    .retry_after(1)
            }
            Error::Blob(BlobError::NotFound(_)) => Problem::not_found("file"),
            Error::Blob(BlobError::Full) => {
                Problem::new(507, "storage-full", "There is no room for more files")
            }
            other => {
                tracing::error!(error = &other as &dyn std::error::Error, "request failed");
                Problem::internal()
            }
        }
    }
}
