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
    /// PostgreSQL said no, or could not be reached.
    #[error("PostgreSQL: {}", told(.0))]
    Postgres(#[from] tokio_postgres::Error),
    /// Whether a transaction was committed is not known.
    #[error("PostgreSQL, in the end of a transaction: {}", told(.0))]
    Commit(tokio_postgres::Error),
    /// Another try of this write was committed meanwhile.
    #[error("another try of this write was done")]
    Settled,
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

/// An error with what the server or the system said of it.
fn told(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    match (error.as_db_error(), error.source()) {
        (Some(db), _) => format!("{} ({})", db.message(), db.code().code()),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

impl Error {
    fn postgres(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::Postgres(error) | Self::Commit(error) => Some(error),
            _ => None,
        }
    }

    fn code(&self) -> Option<&str> {
        Some(self.postgres()?.code()?.code())
    }

    /// Whether the node could not be reached, went away in the middle or is
    /// about to: another may answer, or the same one later.
    pub(crate) fn is_connection(&self) -> bool {
        match (self, self.code()) {
            // Connection exceptions (the pooler's too), resources used up,
            // shutting down or starting.
            (_, Some(code)) => {
                code.starts_with("08") || code.starts_with("53") || code.starts_with("57P")
            }
            (
                Self::Postgres(_) | Self::Commit(_) | Self::Answer(store::Error::Unavailable(_)),
                None,
            ) => true,
            _ => false,
        }
    }

    /// Whether transactions got in each other's way: done again, this one may
    /// succeed.
    pub(crate) fn is_collision(&self) -> bool {
        matches!(self.code(), Some("40001" | "40P01"))
    }

    /// Whether a replica alone may fail so: it cancelled a read that was in the way of its
    /// replay, or has not replayed the newest tables and columns yet.
    pub(crate) fn is_behind(&self) -> bool {
        self.is_collision() || matches!(self.code(), Some("42P01" | "42703" | "3F000"))
    }

    /// Whether a node that was thought to lead does not.
    pub(crate) fn is_read_only(&self) -> bool {
        self.code() == Some("25006")
    }

    /// Whether the database took too long.
    fn is_slow(&self) -> bool {
        matches!(self.code(), Some("57014" | "55P03" | "25P03"))
    }

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
            Self::Sqlite(rusqlite::Error::SqliteFailure(code, _))
                if code.code == rusqlite::ErrorCode::DiskFull =>
            {
                tracing::error!(operation, "operation not done: the disk is full");
                store::Error::Unavailable("there is no room for the database".to_owned())
            }
            other
                if other.is_connection()
                    || other.is_collision()
                    || other.is_read_only()
                    || other.is_slow() =>
            {
                tracing::warn!(operation, error = %other, "operation not done");
                store::Error::Unavailable("the database is busy or away".to_owned())
            }
            other => {
                tracing::error!(operation, error = %other, "operation failed");
                store::Error::Broken(format!("{operation} failed"))
            }
        }
    }
}
