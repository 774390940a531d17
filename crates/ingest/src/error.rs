//! What can go wrong with a picture or a report.

/// A picture or report that was not made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or the page is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The request makes no sense, for people.
    #[error("{0}")]
    Invalid(String),
    /// The file cannot be read, or the page not be rendered, for people.
    #[error("{0}")]
    Unreadable(String),
    /// Too much to do; worth another try.
    #[error("busy")]
    Busy,
    /// For the log only.
    #[error("{0}")]
    Broken(String),
}

impl From<service::blobs::BlobError> for Error {
    fn from(error: service::blobs::BlobError) -> Self {
        match error {
            service::blobs::BlobError::NotFound(_) => Self::NotFound("file"),
            other => Self::Broken(other.to_string()),
        }
    }
}
