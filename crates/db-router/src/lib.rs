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

pub use error::Error;

/// A store in one SQLite file, for one process.
pub type Sqlite = kept::Kept<sqlite::Database>;

impl Sqlite {
    /// Opens a database file, makes it where there is none, and brings its
    /// schema up to date.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self(sqlite::Database::open(path.as_ref())?))
    }
}
