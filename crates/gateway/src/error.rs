//! Everything a request can fail of, and what the client is told of it.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use service::problem::{Problem, respond};

use crate::engine::EngineError;

/// Why a request failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Found here, and told as it is.
    #[error(transparent)]
    Problem(#[from] Problem),
    /// The store refused or did not answer.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The store has no such thing in this workspace.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The PDF engine refused or did not answer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A file's bytes could not be kept or read.
    #[error(transparent)]
    Blob(#[from] service::BlobError),
    /// An upload could not be kept on its way.
    #[error("an upload cannot be kept: {0}")]
    Staging(#[from] std::io::Error),
    /// A defect; for the log only.
    #[error("broken: {0}")]
    Broken(String),
}

/// Says what was not found.
pub trait Named<T> {
    /// A [`store::Error::NotFound`] is told as a missing `what`.
    fn named(self, what: &'static str) -> Result<T, Error>;
}

impl<T> Named<T> for Result<T, store::Error> {
    fn named(self, what: &'static str) -> Result<T, Error> {
        self.map_err(|error| match error {
            store::Error::NotFound => Error::Missing(what),
            other => Error::Store(other),
        })
    }
}

impl Error {
    /// What the client is told. Defects go to the log, not to the client.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Problem(problem) => problem.clone(),
            Self::Missing(what) => Problem::not_found(what),
            Self::Store(error) => of_store(error),
            Self::Engine(error) => of_engine(error),
            Self::Blob(service::BlobError::NotFound(_)) => Problem::not_found("file"),
            Self::Blob(service::BlobError::Full) => {
                Problem::new(507, "storage-full", "There is no room for more files")
            }
            Self::Staging(error) if error.kind() == std::io::ErrorKind::StorageFull => {
                Problem::new(507, "storage-full", "There is no room for more files")
            }
            Self::Blob(_) | Self::Staging(_) | Self::Broken(_) => {
                tracing::error!(error = self as &dyn std::error::Error, "request failed");
                Problem::internal()
            }
        }
    }
}

fn of_store(error: &store::Error) -> Problem {
    match error {
        store::Error::NotFound => Problem::not_found("thing"),
        store::Error::Conflict(why) => Problem::conflict(why.clone()),
        store::Error::Invalid(why) => Problem::bad_request(why.clone()),
        store::Error::Quota(why) => {
            Problem::new(403, "quota", "A limit of this workspace is reached").detail(why.clone())
        }
        store::Error::Unavailable(why) => {
            tracing::warn!(why, "the store does not answer");
            Problem::unavailable("What is kept cannot be reached at the moment.").retry_after(2)
        }
        store::Error::LeaseLost | store::Error::Broken(_) => {
            tracing::error!(error = error as &dyn std::error::Error, "the store failed");
            Problem::internal()
        }
    }
}

fn of_engine(error: &EngineError) -> Problem {
    match error {
        EngineError::NotFound(what) => {
            Problem::of_status(404).detail(format!("There is no such {what}."))
        }
        EngineError::Unreadable(why) => {
            Problem::new(422, "unreadable", "Cannot be read").detail(why.clone())
        }
        EngineError::Unavailable(why) => {
            tracing::warn!(why, "the engine does not answer");
            Problem::unavailable("Pages cannot be drawn at the moment.").retry_after(2)
        }
        EngineError::Broken(why) => {
            tracing::error!(why, "the engine failed");
            Problem::internal()
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.problem().status_code()
    }

    fn error_response(&self) -> HttpResponse {
        respond(&self.problem())
    }
}
