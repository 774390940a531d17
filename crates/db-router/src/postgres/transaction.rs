//! One transaction on one connection.

use std::time::Duration;

use async_trait::async_trait;
use store::position::Position;
use tokio_postgres::types::{ToSql, Type};
use tracing::Instrument as _;

use super::connection::{Connection, last_text};
use super::nodes::position_of;
use crate::Error;
use crate::spans::statement;
use crate::sql::{Cell, Dialect, Row, Signal, Transaction, Value};

/// Longest statement, and longest wait for a lock.
const STATEMENT: Duration = Duration::from_secs(10);
const LOCK: Duration = Duration::from_secs(5);

/// An expression for where the log ends: timeline and place.
pub(super) const LOG_END: &str = "substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) \
     || '.' || pg_current_wal_lsn()::text";

/// A transaction under way. Dropped in the middle, it leaves its connection
/// marked, and the pool closes that.
pub(super) struct Open<'c> {
    connection: &'c mut Connection,
    pub(super) signals: Vec<Signal>,
    /// Whether anything but a question was asked.
    pub(super) wrote: bool,
}

impl<'c> Open<'c> {
    pub(super) async fn begin(
        connection: &'c mut Connection,
        read_only: bool,
    ) -> Result<Self, Error> {
        connection.dirty = true;
        let mode = if read_only { "READ ONLY" } else { "READ WRITE" };
        let sql = format!(
            "BEGIN {mode}; SET LOCAL statement_timeout = {}; SET LOCAL lock_timeout = {}; \
             SET LOCAL idle_in_transaction_session_timeout = {}",
            STATEMENT.as_millis(),
            LOCK.as_millis(),
            STATEMENT.as_millis(),
        );
        let span = statement(&connection.node, &sql);
        connection
            .client
            .batch_execute(&sql)
            .instrument(span)
            .await?;
        Ok(Self {
            connection,
            signals: Vec::new(),
            wrote: false,
        })
    }

    /// Tells whoever waits, commits, and asks where the log ends then: one
    /// round trip.
    pub(super) async fn commit(self) -> Result<(Vec<Signal>, Position), Error> {
        let mut sql = String::new();
        if !self.signals.is_empty() {
            let payload = super::listen::encode(&self.signals);
            sql = format!(
                "SELECT pg_notify('{}', '{payload}'); ",
                super::listen::CHANNEL
            );
        }
        sql.push_str("COMMIT; SELECT ");
        sql.push_str(LOG_END);
        // Named by what it is for, and without the payload.
        let span = statement(&self.connection.node, "COMMIT");
        let messages = self
            .connection
            .client
            .simple_query(&sql)
            .instrument(span)
            .await
            .map_err(Error::Commit)?;
        self.connection.dirty = false;
        let position = last_text(&messages)
            .and_then(position_of)
            .ok_or_else(|| Error::Value("no position after a commit".to_owned()))?;
        Ok((self.signals, position))
    }

    /// Ends it without a change.
    pub(super) async fn roll_back(self) -> Result<(), Error> {
        let span = statement(&self.connection.node, "ROLLBACK");
        let done = self.connection.client.batch_execute("ROLLBACK");
        done.instrument(span).await?;
        self.connection.dirty = false;
        Ok(())
    }
}

fn typed(values: &[Value]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    values
        .iter()
        .map(|value| (value as &(dyn ToSql + Sync), value.kind()))
        .collect()
}

#[async_trait]
impl Transaction for Open<'_> {
    async fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, Error> {
        self.wrote |= !sql.starts_with("SELECT");
        let values = typed(values);
        let span = statement(&self.connection.node, sql);
        let rows = self.connection.client.query_typed(sql, &values);
        let rows = rows.instrument(span).await?;
        rows.iter()
            .map(|row| {
                let cells = (0..row.len())
                    .map(|n| row.try_get::<_, Cell>(n))
                    .collect::<Result<_, _>>()?;
                Ok(Row::new(cells))
            })
            .collect()
    }

    async fn execute(&mut self, sql: &str, values: &[Value]) -> Result<u64, Error> {
        self.wrote |= !sql.starts_with("SELECT");
        let values = typed(values);
        let span = statement(&self.connection.node, sql);
        let done = self.connection.client.execute_typed(sql, &values);
        Ok(done.instrument(span).await?)
    }

    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    async fn signal(&mut self, signal: Signal) -> Result<(), Error> {
        if !self.signals.contains(&signal) {
            self.signals.push(signal);
        }
        Ok(())
    }
}
