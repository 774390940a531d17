//! The nodes, and what is known of each.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use store::position::Position;
use tokio_postgres::SimpleQueryMessage;

use super::connection::{self, Connection, Manager};
use super::transaction::LOG_END;
use crate::Error;

/// How long a node may take to say how it is.
const ASK: Duration = Duration::from_secs(2);

/// What a node said of itself, or why it did not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// Whether it takes writes, by its own word.
    pub primary: bool,
    /// How far its log goes, or how far it has replayed the leader's.
    pub position: Option<Position>,
    /// Address of the server, as it sees itself.
    pub address: Option<String>,
    /// Why it does not answer.
    pub error: Option<String>,
}

impl State {
    pub(super) fn is_up(&self) -> bool {
        self.position.is_some()
    }
}

/// A node of the database, through its own entry of the pooler.
pub(super) struct Node {
    pub name: String,
    pool: bb8::Pool<Manager>,
    state: Mutex<(State, Lag)>,
    /// Operations under way.
    busy: AtomicUsize,
    /// Reads sent to it.
    reads: AtomicU64,
}

/// How far behind the leader a replica is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Lag {
    /// Bytes of log not replayed.
    pub bytes: u64,
    /// Since when it has lacked something, ms.
    pub ms: u64,
}

/// A connection in use; counts as load of its node.
pub(super) struct Lease<'n> {
    pub connection: bb8::PooledConnection<'n, Manager>,
    _busy: Busy<'n>,
}

/// Counts until dropped.
struct Busy<'n>(&'n AtomicUsize);

impl<'n> Busy<'n> {
    fn one_more(count: &'n AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// How a node is, in one row. Functions that only a primary or only a replica
/// has are called where they are allowed; what needs a right that the user may
/// lack answers nothing.
fn how_are_you() -> String {
    format!(
        "SELECT pg_is_in_recovery()::int, \
         CASE WHEN pg_is_in_recovery() THEN \
         lpad(upper(to_hex(greatest(\
         (SELECT received_tli FROM pg_stat_wal_receiver), \
         (SELECT min_recovery_end_timeline FROM pg_control_recovery()), \
         (SELECT timeline_id FROM pg_control_checkpoint())))), 8, '0') \
         || '.' || pg_last_wal_replay_lsn()::text ELSE {LOG_END} END, \
         host(inet_server_addr())"
    )
}

/// Reads `TIMELINE.LSN` as PostgreSQL writes them (`00000001.16/B374D848`).
pub(super) fn position_of(text: &str) -> Option<Position> {
    let (timeline, lsn) = text.split_once('.')?;
    let (high, low) = lsn.split_once('/')?;
    let (high, low) = (
        u32::from_str_radix(high, 16).ok()?,
        u32::from_str_radix(low, 16).ok()?,
    );
    Some(Position {
        timeline: u32::from_str_radix(timeline, 16).ok()?,
        lsn: u64::from(high) << 32 | u64::from(low),
    })
}

impl Node {
    pub(super) fn new(url: &str, pool_size: u32) -> Result<Self, Error> {
        let config = connection::parse(url)?;
        let name = config.get_dbname().unwrap_or("database").to_owned();
        Ok(Self {
            pool: connection::pool(config, &name, pool_size),
            name,
            state: Mutex::default(),
            busy: AtomicUsize::new(0),
            reads: AtomicU64::new(0),
        })
    }

    /// A free connection.
    pub(super) async fn lease(&self) -> Result<Lease<'_>, Error> {
        let busy = Busy::one_more(&self.busy);
        let start = Instant::now();
        let got = self.pool.get().await;
        metrics::histogram!("pdf_compare_db_pool_wait_seconds", "node" => self.name.clone())
            .record(start.elapsed().as_secs_f64());
        match got {
            Ok(connection) => Ok(Lease {
                connection,
                _busy: busy,
            }),
            Err(bb8::RunError::TimedOut) => {
                Err(store::Error::Unavailable(format!("{} is busy or away", self.name)).into())
            }
            Err(bb8::RunError::User(error)) => Err(error.into()),
        }
    }

    /// Asks it how it is, and takes note.
    pub(super) async fn ask(&self) -> State {
        let asked = async {
            let mut lease = self.lease().await?;
            read_state(&mut lease.connection).await
        };
        let state = match tokio::time::timeout(ASK, asked).await {
            Ok(Ok(state)) => state,
            Ok(Err(error)) => State {
                error: Some(error.to_string()),
                ..State::default()
            },
            Err(_) => State {
                error: Some("no answer".to_owned()),
                ..State::default()
            },
        };
        self.lock().0 = state.clone();
        state
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (State, Lag)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> State {
        self.lock().0.clone()
    }

    pub(super) fn lag(&self) -> Lag {
        self.lock().1
    }

    pub(super) fn set_lag(&self, lag: Lag) {
        self.lock().1 = lag;
    }

    /// Takes note of how far it has replayed.
    pub(super) fn reached(&self, position: Position) {
        self.lock().0.position = Some(position);
    }

    /// Counts a read that is sent to it.
    pub(super) fn count_read(&self) {
        self.reads.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn reads(&self) -> u64 {
        self.reads.load(Ordering::Relaxed)
    }

    pub(super) fn busy(&self) -> usize {
        self.busy.load(Ordering::Relaxed)
    }

    /// Open connections, and how many of them are idle.
    pub(super) fn connections(&self) -> (u32, u32) {
        let state = self.pool.state();
        (state.connections, state.idle_connections)
    }
}

/// How a node is now.
pub(super) async fn read_state(connection: &mut Connection) -> Result<State, Error> {
    // Given up in the middle, the connection is not used again.
    connection.dirty = true;
    let messages = connection.client.simple_query(&how_are_you()).await?;
    connection.dirty = false;
    let row = messages
        .iter()
        .find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row),
            _ => None,
        })
        .ok_or_else(|| Error::Value("a node said nothing of itself".to_owned()))?;
    let position = row.get(1).and_then(position_of);
    Ok(State {
        primary: row.get(0) == Some("0"),
        error: position
            .is_none()
            .then(|| "its position is unknown".to_owned()),
        position,
        address: row.get(2).map(str::to_owned),
    })
}

/// Where the leader's log ended when, to tell how long a replica has lacked
/// what it lacks; clocks of nodes are not compared.
#[derive(Debug, Default)]
pub(super) struct History(VecDeque<(Instant, Position)>);

impl History {
    /// Longer than any lag that matters.
    const KEPT: usize = 240;

    pub(super) fn note(&mut self, now: Instant, position: Position) {
        if self.0.back().is_some_and(|(_, last)| *last > position) {
            // Another leader, with less: what was known is of no use.
            self.0.clear();
        }
        if self.0.back().is_none_or(|(_, last)| *last < position) {
            self.0.push_back((now, position));
        }
        if self.0.len() > Self::KEPT {
            self.0.pop_front();
        }
    }

    pub(super) fn lag(&self, now: Instant, replayed: Position) -> Lag {
        let Some((_, end)) = self.0.back() else {
            return Lag::default();
        };
        let lacking = self.0.iter().find(|(_, position)| *position > replayed);
        Lag {
            bytes: end.lsn.saturating_sub(replayed.lsn),
            ms: lacking.map_or(0, |(since, _)| {
                now.saturating_duration_since(*since).as_millis() as u64
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_read_as_postgresql_writes_them() {
        let read = position_of("0000000A.16/B374D848");
        assert_eq!(
            read,
            Some(Position {
                timeline: 10,
                lsn: 0x16_B374_D848
            })
        );
        assert_eq!(position_of("16/B374D848"), None);
    }

    #[test]
    fn lag_is_the_time_since_something_is_lacking() {
        let at = |lsn| Position { timeline: 1, lsn };
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut history = History::default();
        assert_eq!(history.lag(start, at(5)), Lag::default());
        history.note(start, at(10));
        history.note(start + second, at(10));
        history.note(start + 2 * second, at(30));
        history.note(start + 3 * second, at(40));
        let now = start + 4 * second;
        assert_eq!(history.lag(now, at(40)), Lag::default());
        assert_eq!(
            history.lag(now, at(30)),
            Lag {
                bytes: 10,
                ms: 1000
            }
        );
        assert_eq!(
            history.lag(now, at(10)),
            Lag {
                bytes: 30,
                ms: 2000
            }
        );
    }
}
