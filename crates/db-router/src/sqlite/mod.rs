//! SQLite: everything in one file, for one process.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags};
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Access;
use tokio::sync::{OwnedMutexGuard, Semaphore};

use crate::Error;
use crate::kept::{Body, Engine};
use crate::postgres::NodeReport;
use crate::signals::Signals;
use crate::sql::{Cell, Dialect, Row, Signal, Transaction, Value};

mod migrations {
    refinery::embed_migrations!("migrations/sqlite");
}

/// Connections for reading: readers never wait for the writer (WAL).
const READERS: usize = 4;
/// How long to wait for a turn before saying that everything is busy.
const PATIENCE: Duration = Duration::from_secs(10);
/// Statements kept prepared for each connection.
const PREPARED: usize = 128;

/// A database file.
pub struct Database {
    writer: Arc<tokio::sync::Mutex<Connection>>,
    readers: Arc<Mutex<Vec<Connection>>>,
    turns: Arc<Semaphore>,
    signals: Signals,
}

impl Database {
    /// Opens a database file, makes it where there is none, and brings its
    /// schema up to date.
    pub(crate) fn open(path: &Path) -> Result<Self, Error> {
        let mut writer = connect(path, OpenFlags::default())?;
        writer.pragma_update(None, "journal_mode", "wal")?;
        // An acknowledged write survives a power cut.
        writer.pragma_update(None, "synchronous", "full")?;
        migrations::migrations::runner().run(&mut writer)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_NO_MUTEX
            | OpenFlags::SQLITE_OPEN_URI;
        let readers = (0..READERS)
            .map(|_| connect(path, flags))
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Self {
            writer: Arc::new(tokio::sync::Mutex::new(writer)),
            turns: Arc::new(Semaphore::new(readers.len())),
            readers: Arc::new(Mutex::new(readers)),
            signals: Signals::default(),
        })
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    connection.create_scalar_function("now_ms", 0, FunctionFlags::SQLITE_UTF8, |_| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Ok(now.map_or(0, |now| now.as_millis() as i64))
    })?;
    Ok(connection)
}

/// A connection on loan, given back when dropped.
struct Reader {
    connection: Option<Connection>,
    home: Arc<Mutex<Vec<Connection>>>,
    _turn: tokio::sync::OwnedSemaphorePermit,
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            let mut home = self.home.lock().unwrap_or_else(PoisonError::into_inner);
            home.push(connection);
        }
    }
}

enum Loan {
    Writer(OwnedMutexGuard<Connection>),
    Reader(Reader),
}

fn busy() -> store::Error {
    store::Error::Unavailable("the database is busy".to_owned())
}

impl Database {
    async fn lend(&self, access: Access) -> Result<Loan, Error> {
        let writer = Arc::clone(&self.writer);
        match access {
            Access::Write => Ok(Loan::Writer(
                tokio::time::timeout(PATIENCE, writer.lock_owned())
                    .await
                    .map_err(|_| busy())?,
            )),
            Access::Read | Access::Latest => {
                let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned())
                    .await
                    .map_err(|_| busy())?
                    .map_err(|_| busy())?;
                let connection = self
                    .readers
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .pop();
                Ok(Loan::Reader(Reader {
                    connection,
                    home: Arc::clone(&self.readers),
                    _turn: turn,
                }))
            }
        }
    }
}

#[async_trait]
impl Engine for Database {
    async fn run<Q, A>(&self, access: Access, request: Arc<Q>, body: Body<Q, A>) -> Result<A, Error>
    where
        Q: Send + Sync + 'static,
        A: Serialize + DeserializeOwned + Send + 'static,
    {
        let mut loan = self.lend(access).await?;
        let work = move || {
            let connection = match &mut loan {
                Loan::Writer(connection) => &mut **connection,
                Loan::Reader(reader) => reader.connection.as_mut().ok_or_else(busy)?,
            };
            transact(connection, access, &*request, body)
        };
        let (answer, signals) = tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| Error::Value(e.to_string()))??;
        for signal in signals {
            self.signals.send(signal);
        }
        Ok(answer)
    }

    fn signals(&self) -> &Signals {
        &self.signals
    }

    async fn ready(&self) -> Result<(), String> {
        Ok(())
    }

    fn topology(&self) -> Vec<NodeReport> {
        Vec::new()
    }
}

/// Runs a body between BEGIN and COMMIT; every statement in it is done at
/// once, so that its future never waits.
fn transact<Q, A>(
    connection: &mut Connection,
    access: Access,
    request: &Q,
    body: Body<Q, A>,
) -> Result<(A, Vec<Signal>), Error> {
    connection.execute_batch(match access {
        Access::Read | Access::Latest => "BEGIN",
        Access::Write => "BEGIN IMMEDIATE",
    })?;
    let mut open = Open {
        connection,
        signals: Vec::new(),
        done: false,
    };
    let answer = futures::executor::block_on(body(&mut open, request))?;
    open.connection.execute_batch("COMMIT")?;
    open.done = true;
    Ok((answer, std::mem::take(&mut open.signals)))
}

/// A transaction under way, rolled back when dropped.
struct Open<'c> {
    connection: &'c mut Connection,
    signals: Vec<Signal>,
    done: bool,
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.done || self.connection.is_autocommit() {
            return;
        }
        if let Err(error) = self.connection.execute_batch("ROLLBACK") {
            tracing::error!(%error, "cannot roll back");
        }
    }
}

impl Open<'_> {
    fn prepare(&self, sql: &str, values: &[Value]) -> Result<rusqlite::CachedStatement<'_>, Error> {
        // Row locks are PostgreSQL's.
        let sql = sql.find(" FOR NO KEY UPDATE").map_or(sql, |at| &sql[..at]);
        let mut statement = self.connection.prepare_cached(sql)?;
        for (n, value) in values.iter().enumerate() {
            let place = statement
                .parameter_index(&format!("${}", n + 1))?
                .ok_or_else(|| Error::Value(format!("no parameter ${} in {sql}", n + 1)))?;
            statement.raw_bind_parameter(place, value)?;
        }
        Ok(statement)
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let value = match self {
            Self::Uuid(Some(v)) => ValueRef::Blob(v.as_bytes()),
            Self::Text(Some(v)) => ValueRef::Text(v.as_bytes()),
            Self::Int(Some(v)) => ValueRef::Integer(*v),
            Self::Real(Some(v)) => ValueRef::Real(*v),
            Self::Bytes(Some(v)) => ValueRef::Blob(v),
            Self::Uuid(None)
            | Self::Text(None)
            | Self::Int(None)
            | Self::Real(None)
            | Self::Bytes(None) => ValueRef::Null,
        };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn cell(value: ValueRef<'_>) -> Result<Cell, Error> {
    Ok(match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(v) => Cell::Int(v),
        ValueRef::Real(v) => Cell::Real(v),
        ValueRef::Text(v) => {
            Cell::Text(String::from_utf8(v.to_vec()).map_err(|e| Error::Value(e.to_string()))?)
        }
        ValueRef::Blob(v) => Cell::Bytes(v.to_vec()),
    })
}

#[async_trait]
impl Transaction for Open<'_> {
    async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        let mut statement = self.prepare(sql, values)?;
        let width = statement.column_count();
        let mut found = statement.raw_query();
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells = (0..width)
                .map(|n| cell(row.get_ref(n)?))
                .collect::<Result<_, Error>>()?;
            rows.push(Row::new(cells));
        }
        Ok(rows)
    }

    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        let mut statement = self.prepare(sql, values)?;
        Ok(statement.raw_execute()? as u64)
    }

    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    async fn signal(&mut self, signal: Signal) -> Result<(), Error> {
        self.signals.push(signal);
        Ok(())
    }
}
