//! Which node a read goes to.

use std::time::{Duration, Instant};

use store::position::Position;

use super::Inner;
use super::nodes::{Node, read_state};
use super::transaction::Open;
use crate::Error;
use crate::kept::Body;

/// How long a read waits for a replica to catch up with what its caller wrote.
const CATCH_UP: Duration = Duration::from_millis(150);
const LOOK: Duration = Duration::from_millis(10);
/// How long a read waits for a leader where no replica will do.
const LEADER: Duration = Duration::from_secs(5);

impl Inner {
    /// Runs a read on a replica that has seen all its caller has; failing
    /// that, on the leader.
    pub(super) async fn read<Q: Sync, A>(
        &self,
        request: &Q,
        body: Body<Q, A>,
        seen: Option<Position>,
    ) -> Result<A, Error> {
        let replicas = self.topology.replicas();
        if replicas.is_empty() {
            return self.read_leader(request, body, "no_replica").await;
        }
        let has = |node: &Node| {
            seen.is_none_or(|seen| node.state().position.is_some_and(|now| now >= seen))
        };
        let fresh = replicas.iter().copied().find(|node| has(node));
        let (node, reason) = match (fresh, seen) {
            (Some(node), _) => (Some(node), "fresh"),
            (None, Some(seen)) => match wait_for(replicas[0], seen).await {
                Some(reason) => (Some(replicas[0]), reason),
                None => (None, "stale"),
            },
            (None, None) => (None, "no_replica"),
        };
        let Some(node) = node else {
            return self.read_leader(request, body, reason).await;
        };
        match run(node, request, body).await {
            // The next may do better, and the leader can do anything.
            Err(error) if error.is_connection() => {
                let other = replicas
                    .into_iter()
                    .find(|other| other.name != node.name && has(other));
                match other {
                    Some(other) => {
                        count("replica", reason);
                        run(other, request, body).await
                    }
                    None => self.read_leader(request, body, "no_replica").await,
                }
            }
            Err(error) if error.is_behind() => self.read_leader(request, body, "behind").await,
            answer => {
                count("replica", reason);
                answer
            }
        }
    }

    /// Runs a read on the leader.
    pub(super) async fn read_leader<Q: Sync, A>(
        &self,
        request: &Q,
        body: Body<Q, A>,
        reason: &'static str,
    ) -> Result<A, Error> {
        let leader = self
            .topology
            .leader(LEADER)
            .await
            .ok_or_else(|| store::Error::Unavailable("no database answers reads".to_owned()))?;
        count("primary", reason);
        run(leader, request, body).await
    }
}

fn count(target: &'static str, reason: &'static str) {
    metrics::counter!("pdf_compare_db_reads_total", "target" => target, "reason" => reason)
        .increment(1);
}

async fn run<Q: Sync, A>(node: &Node, request: &Q, body: Body<Q, A>) -> Result<A, Error> {
    node.count_read();
    let mut lease = node.lease().await?;
    let mut open = Open::begin(&mut lease.connection, true).await?;
    let answer = body(&mut open, request).await;
    // A refusal is an answer; what broke leaves the connection marked.
    if matches!(answer, Ok(_) | Err(Error::Answer(_))) {
        open.roll_back().await?;
    }
    answer
}

/// Asks a replica until it has replayed `seen`; says whether it had at once.
async fn wait_for(node: &Node, seen: Position) -> Option<&'static str> {
    let start = Instant::now();
    let look = async {
        let mut lease = node.lease().await.ok()?;
        let mut reason = "caught_up";
        loop {
            let state = read_state(&mut lease.connection).await.ok()?;
            let now = state.position?;
            if now >= seen {
                node.reached(now);
                return Some(reason);
            }
            if start.elapsed() >= CATCH_UP {
                return None;
            }
            reason = "waited";
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(2 * CATCH_UP, look)
        .await
        .ok()
        .flatten()
}
