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
    /// Runs a write, and says where the log ends with it, if it wrote anything.
    ///
    /// Whether a transaction was committed whose connection was lost in the
    /// middle cannot be known from the error. So every write keeps its answer
    /// under its key in the same transaction, and a further try finds it there.
    pub(super) async fn write<Q: Sync, A: Serialize + DeserializeOwned>(
        &self,
        request: &Q,
        body: Body<Q, A>,
        key: Uuid,
    ) -> Result<(A, Option<Position>), Error> {
        let start = Instant::now();
        let mut collisions = 0;
        loop {
            let left = PATIENCE.saturating_sub(start.elapsed());
            let leader =
                self.topology.leader(left).await.ok_or_else(|| {
                    store::Error::Unavailable("no database takes writes".to_owned())
                })?;
            let error = match self.try_write(leader, request, body, key).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if error.is_collision() && collisions < COLLISIONS {
                collisions += 1;
            } else if (error.is_connection() || error.is_read_only()) && start.elapsed() < PATIENCE
            {
                tracing::warn!(%error, "a write is tried again");
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
        key: Uuid,
    ) -> Result<(A, Option<Position>), Error> {
        let mut lease = leader.lease().await?;
        let mut open = Open::begin(&mut lease.connection, false).await?;
        match settle(&mut open, request, body, key).await {
            Ok(answer) => {
                // Who wrote nothing need not be answered by the freshest node.
                let wrote = open.wrote;
                let (signals, position) = open.commit().await?;
                for signal in signals {
                    self.signals.send(signal);
                }
                Ok((answer, wrote.then_some(position)))
            }
            // Refused, or done: perhaps by a former try.
            Err(error @ (Error::Answer(_) | Error::Settled)) => {
                open.roll_back().await?;
                let mut open = Open::begin(&mut lease.connection, false).await?;
                let answer = find(&mut open, key).await?;
                let (_, position) = open.commit().await?;
                answer.map(|answer| (answer, Some(position))).ok_or(error)
            }
            Err(error) => {
                // Where the connection still works it need not be closed.
                let _ = open.roll_back().await;
                Err(error)
            }
        }
    }
}

/// Runs the body and keeps its answer.
async fn settle<Q: Sync, A: Serialize>(
    open: &mut Open<'_>,
    request: &Q,
    body: Body<Q, A>,
    key: Uuid,
) -> Result<A, Error> {
    let answer = body(open, request).await?;
    if !open.wrote {
        // A session that was looked up, a queue that is empty.
        return Ok(answer);
    }
    let text = serde_json::to_string(&answer).map_err(|e| Error::Value(e.to_string()))?;
    // Waits where a former try is still on its way.
    let rows = open
        .execute(
            "INSERT INTO settled (key, answer, at) VALUES ($1, $2, now_ms()) \
             ON CONFLICT (key) DO NOTHING",
            values![key, &text],
        )
        .await?;
    if rows == 0 {
        return Err(Error::Settled);
    }
    Ok(answer)
}

/// The answer of a former try, if one was committed.
async fn find<A: DeserializeOwned>(open: &mut Open<'_>, key: Uuid) -> Result<Option<A>, Error> {
    let row = open
        .first("SELECT answer FROM settled WHERE key = $1", values![key])
        .await?;
    row.map(|mut row| serde_json::from_str(&row.text()?).map_err(|e| Error::Value(e.to_string())))
        .transpose()
}
