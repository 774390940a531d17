//! Writes: on the leader, once.

use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use store::position::Position;
use uuid::Uuid;

use super::Inner;
use super::nodes::Node;
use super::transaction::Open;
use crate::Error;
use crate::attempt::Attempt;
use crate::kept::Body;
use crate::sql::{Transaction, values};

/// How long a write is tried: as long as a failover may take, less than a
/// caller waits.
const PATIENCE: Duration = Duration::from_secs(12);
/// Before another try.
const PAUSE: Duration = Duration::from_millis(100);
/// Tries where transactions got in each other's way.
const COLLISIONS: u32 = 5;

impl Inner {
    /// Runs a write, and says where the log ends with it.
    ///
    /// Whether a transaction was committed whose connection was lost in the
    /// middle cannot be known from the error. So every write keeps its answer
    /// under its key in the same transaction, and a further try looks there
    /// first.
    pub(super) async fn write<Q: Sync, A: Serialize + DeserializeOwned>(
        &self,
        request: &Q,
        body: Body<Q, A>,
        mut attempt: Attempt,
    ) -> Result<(A, Position), Error> {
        let start = Instant::now();
        let mut collisions = 0;
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let leader =
                self.topology.leader(left).await.ok_or_else(|| {
                    store::Error::Unavailable("no database takes writes".to_owned())
                })?;
            let error = match self.try_write(leader, request, body, attempt).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if error.is_collision() && collisions < COLLISIONS {
                collisions += 1;
            } else if (error.is_connection() || error.is_read_only()) && start.elapsed() < PATIENCE
            {
                tracing::warn!(%error, "a write is tried again");
                attempt.number += 1;
                self.topology.ask().await;
            } else {
                return Err(error);
            }
            tokio::time::sleep(PAUSE.mul_f32(rand::random::<f32>() + 0.5)).await;
        }
    }

    async fn try_write<Q: Sync, A: Serialize + DeserializeOwned>(
        &self,
        leader: &Node,
        request: &Q,
        body: Body<Q, A>,
        attempt: Attempt,
    ) -> Result<(A, Position), Error> {
        let mut lease = leader.lease().await?;
        let mut open = Open::begin(&mut lease.connection, false).await?;
        match settled(&mut open, request, body, attempt).await {
            Ok(answer) => {
                let (signals, position) = open.commit().await?;
                for signal in signals {
                    self.signals.send(signal);
                }
                Ok((answer, position))
            }
            Err(error @ Error::Answer(_)) => {
                open.roll_back().await?;
                Err(error)
            }
            Err(error) => {
                // Where the connection still works it need not be closed.
                let _ = open.roll_back().await;
                Err(error)
            }
        }
    }
}

/// Runs the body and keeps its answer; or finds the answer of a former try.
async fn settled<Q: Sync, A: Serialize + DeserializeOwned>(
    open: &mut Open<'_>,
    request: &Q,
    body: Body<Q, A>,
    attempt: Attempt,
) -> Result<A, Error> {
    let again = attempt.number > 1;
    if again && !keep(open, attempt.key, "").await? {
        // Waited, if the former try was still on its way.
        let text = open
            .one(
                "SELECT answer FROM settled WHERE key = $1",
                values![attempt.key],
            )
            .await?
            .text()?;
        return serde_json::from_str(&text).map_err(|e| Error::Value(e.to_string()));
    }
    let answer = body(open, request).await?;
    let text = serde_json::to_string(&answer).map_err(|e| Error::Value(e.to_string()))?;
    if !open.wrote {
        // A session that was looked up, a queue that is empty.
        return Ok(answer);
    }
    if again {
        open.execute(
            "UPDATE settled SET answer = $2 WHERE key = $1",
            values![attempt.key, &text],
        )
        .await?;
    } else if !keep(open, attempt.key, &text).await? {
        return Err(Error::Settled);
    }
    Ok(answer)
}

/// Keeps an answer; `false` where there is one.
async fn keep(open: &mut Open<'_>, key: Uuid, answer: &str) -> Result<bool, Error> {
    let rows = open
        .execute(
            "INSERT INTO settled (key, answer, at) VALUES ($1, $2, now_ms()) \
             ON CONFLICT (key) DO NOTHING",
            values![key, answer],
        )
        .await?;
    Ok(rows == 1)
}
