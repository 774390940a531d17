//! What the operations need of a database, whichever it is: statements with
//! `$1`-style parameters inside one transaction.

use async_trait::async_trait;
use store::{JobKind, WorkspaceId};
use uuid::Uuid;

use crate::Error;

/// A parameter or a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Uuid(Option<Uuid>),
    Text(Option<String>),
    Int(Option<i64>),
    Real(Option<f64>),
    Bytes(Option<Vec<u8>>),
}

/// PostgreSQL keeps no NUL in a text, and no name or message needs one.
fn clean(text: &str) -> String {
    if text.contains('\0') {
        text.replace('\0', "")
    } else {
        text.to_owned()
    }
}

macro_rules! value_from {
    ($( $type:ty, $variant:ident, |$v:ident| $convert:expr; )*) => { $(
        impl From<$type> for Value {
            fn from($v: $type) -> Self {
                Self::$variant(Some($convert))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(|$v| $convert))
            }
        }
    )* };
}

value_from! {
    &str, Text, |v| clean(v);
    &String, Text, |v| clean(v);
    i64, Int, |v| v;
    u32, Int, |v| i64::from(v);
    u64, Int, |v| i64::try_from(v).unwrap_or(i64::MAX);
    f32, Real, |v| f64::from(v);
    Vec<u8>, Bytes, |v| v;
    uuid::Uuid, Uuid, |v| v;
    store::WorkspaceId, Uuid, |v| v.0;
    store::DocumentId, Uuid, |v| v.0;
    store::SeriesId, Uuid, |v| v.0;
    store::ComparisonId, Uuid, |v| v.0;
    store::JobId, Uuid, |v| v.0;
    store::TokenId, Uuid, |v| v.0;
    store::ShareId, Uuid, |v| v.0;
    store::LeaseId, Uuid, |v| v.0;
}

/// The parameters of a statement.
macro_rules! values {
    ($($value:expr),* $(,)?) => { &[$($crate::sql::Value::from($value)),*] };
}
pub(crate) use values;

/// A column of an answer.
#[derive(Debug)]
pub enum Cell {
    Null,
    Uuid(Uuid),
    Text(String),
    Int(i64),
    Real(f64),
    Bytes(Vec<u8>),
}

/// A row of an answer, read column by column.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Cell>);

macro_rules! columns {
    ($( $name:ident, $optional:ident, $type:ty, $($pattern:pat => $value:expr),+; )*) => { $(
        pub(crate) fn $optional(&mut self) -> Result<Option<$type>, Error> {
            match self.next()? {
                Cell::Null => Ok(None),
                $( $pattern => Ok(Some($value)), )+
                other => Err(Error::Value(format!("{other:?} is no {}", stringify!($name)))),
            }
        }
        pub(crate) fn $name(&mut self) -> Result<$type, Error> {
            self.$optional()?
                .ok_or_else(|| Error::Value(concat!("no ", stringify!($name)).to_owned()))
        }
    )* };
}

impl Row {
    pub(crate) fn new(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter())
    }

    fn next(&mut self) -> Result<Cell, Error> {
        self.0
            .next()
            .ok_or_else(|| Error::Value("a column is missing".to_owned()))
    }

    columns! {
        text, optional_text, String, Cell::Text(v) => v;
        int, optional_int, i64, Cell::Int(v) => v;
        real, optional_real, f64, Cell::Real(v) => v;
        bytes, optional_bytes, Vec<u8>, Cell::Bytes(v) => v;
        // SQLite has no type for identifiers: 16 bytes.
        uuid, optional_uuid, Uuid,
            Cell::Uuid(v) => v,
            Cell::Bytes(v) => Uuid::from_slice(&v).map_err(|e| Error::Value(e.to_string()))?;
    }

    /// A count or a size.
    pub(crate) fn unsigned<T: TryFrom<i64>>(&mut self) -> Result<T, Error> {
        let value = self.int()?;
        T::try_from(value).map_err(|_| Error::Value(format!("{value} is out of range")))
    }

    /// A count or a size that may be unknown.
    pub(crate) fn optional_unsigned<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, Error> {
        self.optional_int()?
            .map(|v| T::try_from(v).map_err(|_| Error::Value(format!("{v} is out of range"))))
            .transpose()
    }

    /// A value kept by its name in JSON.
    pub(crate) fn named<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, Error> {
        serde_json::from_value(serde_json::Value::String(self.text()?))
            .map_err(|e| Error::Value(e.to_string()))
    }
}

/// Which SQL is spoken, for the few statements that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// A subquery of the texts in a JSON array given as `parameter`.
    pub(crate) fn each(self, parameter: &str) -> String {
        match self {
            Self::Sqlite => format!("SELECT value FROM json_each({parameter})"),
            Self::Postgres => {
                format!("SELECT json_array_elements_text(CAST({parameter} AS json))")
            }
        }
    }
}

/// What others wait for, told once the transaction is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A job of this kind can be claimed.
    Queued(JobKind),
    /// Something of a workspace changed.
    Changed(WorkspaceId),
}

/// One transaction.
///
/// Locks are taken in one order everywhere, so that no two transactions wait
/// for each other: jobs, then the workspace, then documents or comparisons.
/// `FOR NO KEY UPDATE` and `SKIP LOCKED` at the end of a statement are for
/// PostgreSQL; SQLite has one writer and leaves them out.
#[async_trait]
pub trait Transaction: Send {
    /// Runs a statement and gives its rows. `now_ms()` is the database's
    /// clock.
    async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error>;

    /// Runs a statement and gives the number of rows it changed.
    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error>;

    /// Which SQL is spoken.
    fn dialect(&self) -> Dialect;

    /// Tells whoever waits, after the commit.
    async fn signal(&mut self, signal: Signal) -> Result<(), Error>;

    /// The first row, if any.
    async fn first(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>, Error> {
        Ok(self.query(sql, values).await?.into_iter().next())
    }

    /// The first row; none means that there is no such thing.
    async fn one(&mut self, sql: &str, values: &[Value]) -> Result<Row, Error> {
        self.first(sql, values)
            .await?
            .ok_or(Error::Answer(store::Error::NotFound))
    }
}
