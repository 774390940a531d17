//! What can go wrong inside.

/// A failure of the database or of the service's own start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An answer for the caller.
    #[error(transparent)]
    Answer(#[from] store::Error),
    /// SQLite said no.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The schema could not be brought up to date.
    #[error("schema: {0}")]
    Schema(#[from] refinery::Error),
    /// A kept value is not what it should be.
    #[error("kept value: {0}")]
    Value(String),
    /// Files or sockets.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A setting that makes no sense.
    #[error("{0}")]
    Setting(String),
}

impl Error {
    /// What the caller is told; details of what broke go to the log only.
    pub(crate) fn into_answer(self, operation: &str) -> store::Error {
        match self {
            Self::Answer(error) => error,
            Self::Sqlite(rusqlite::Error::SqliteFailure(code, _))
                if matches!(
                    code.code,
                    rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked
                ) =>
            {
                store::Error::Unavailable("the database is busy".to_owned())
            }
            other => {
                tracing::error!(operation, error = %other, "operation failed");
                store::Error::Broken(format!("{operation} failed"))
            }
        }
    }
}
