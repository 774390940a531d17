//! The only service that knows SQL: schema, queries, job queue, routing.
//!
//! [`Sqlite`] keeps everything in one file.
//! Both are a [`store::Store`]; the operations are written once, in
//! `operations`, as statements inside one transaction.

mod error;
mod kept;
mod operations;
mod signals;
mod sql;
mod sqlite;
mod words;

use std::path::Path;
use std::sync::Arc;

pub use error::Error;

/// A store in one SQLite file, for one process.
pub type Sqlite = kept::Kept<sqlite::Database>;

impl Sqlite {
    /// Opens a database file, makes it where there is none, and brings its
    /// schema up to date.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self(sqlite::Database::open(path.as_ref())?))
    }

    /// Lets jobs that a former process died over be taken at once, not only when
    /// their leases run out. For a process that knows that it works alone; gives
    /// their number.
    pub async fn end_leases(&self) -> Result<u64, store::Error> {
        let access = store::Access::Write;
        kept::once(
            &self.0,
            "end_leases",
            access,
            Arc::new(()),
            |tx, request| Box::pin(operations::end_leases(tx, request)),
        )
        .await
    }
}
