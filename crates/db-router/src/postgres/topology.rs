//! Who leads and who may be read from: found out by asking, again and again.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use store::position::Position;

use super::nodes::{History, Lag, Node, State};
use super::patroni::Patroni;

/// How often every node is asked.
const ROUND: Duration = Duration::from_millis(500);

/// All nodes.
pub(super) struct Topology {
    nodes: Vec<Node>,
    patroni: Patroni,
    max_lag: Duration,
    leader: tokio::sync::watch::Sender<Option<usize>>,
    history: Mutex<History>,
    turn: AtomicUsize,
}

/// A node, for operators.
#[derive(Clone, Debug, Serialize)]
pub struct NodeReport {
    /// Name of its database entry.
    pub name: String,
    /// `leader`, `replica`, `primary` (claims to lead but does not) or
    /// `unknown`.
    pub role: &'static str,
    /// Whether it answers.
    pub up: bool,
    /// Where its log ends, or how far it has replayed the leader's.
    pub position: Option<String>,
    /// How far it is behind.
    pub lag: Lag,
    /// Open connections.
    pub connections: u32,
    /// Of those, idle ones.
    pub idle: u32,
    /// Whether reads go to it: the leader where no replica will do.
    pub read_from: bool,
    /// Reads this db-router has sent to it since it started.
    pub reads: u64,
    /// Why it does not answer.
    pub error: Option<String>,
}

impl Topology {
    pub(super) fn new(nodes: Vec<Node>, patroni: Patroni, max_lag: Duration) -> Arc<Self> {
        Arc::new(Self {
            nodes,
            patroni,
            max_lag,
            leader: tokio::sync::watch::Sender::new(None),
            history: Mutex::default(),
            turn: AtomicUsize::new(0),
        })
    }

    /// Asks for ever.
    pub(super) async fn keep_asking(self: Arc<Self>) {
        let mut interval = tokio::time::interval(ROUND);
        interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            interval.tick().await;
            self.ask().await;
        }
    }

    /// Asks every node how it is, and decides who leads.
    pub(super) async fn ask(&self) {
        let asked = futures::future::join_all(self.nodes.iter().map(Node::ask));
        let (states, lock) = tokio::join!(asked, self.patroni.leader());
        let leader = elect(&states, &lock);
        let before = self.leader.send_replace(leader);
        if before != leader {
            let name = leader.map_or("nobody", |n| self.nodes[n].name.as_str());
            tracing::info!(leader = name, "the leader changed");
        }
        self.measure(&states, leader);
    }

    fn measure(&self, states: &[State], leader: Option<usize>) {
        let now = Instant::now();
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(end) = leader.and_then(|n| states[n].position) {
            history.note(now, end);
        }
        for (n, (node, state)) in self.nodes.iter().zip(states).enumerate() {
            let lag = match state.position {
                Some(position) if Some(n) != leader => history.lag(now, position),
                _ => Lag::default(),
            };
            node.set_lag(lag);
            let (connections, idle) = node.connections();
            let label = || node.name.clone();
            let gauge = |value: bool| f64::from(u8::from(value));
            metrics::gauge!("pdf_compare_db_node_up", "node" => label()).set(gauge(state.is_up()));
            metrics::gauge!("pdf_compare_db_node_leader", "node" => label())
                .set(gauge(Some(n) == leader));
            metrics::gauge!("pdf_compare_db_replica_lag_bytes", "node" => label())
                .set(lag.bytes as f64);
            metrics::gauge!("pdf_compare_db_replica_lag_seconds", "node" => label())
                .set(lag.ms as f64 / 1000.0);
            metrics::gauge!("pdf_compare_db_pool_connections", "node" => label(), "state" => "idle")
                .set(f64::from(idle));
            metrics::gauge!("pdf_compare_db_pool_connections", "node" => label(), "state" => "busy")
                .set(f64::from(connections.saturating_sub(idle)));
        }
    }

    /// The node that takes writes; waits for one as long as given.
    pub(super) async fn leader(&self, patience: Duration) -> Option<&Node> {
        let mut watching = self.leader.subscribe();
        let found = tokio::time::timeout(patience, watching.wait_for(Option::is_some)).await;
        let leader = *found.ok()?.ok()?;
        leader.map(|n| &self.nodes[n])
    }

    /// The replicas that may be read from, the least busy first, taking turns
    /// among equals.
    pub(super) fn replicas(&self) -> Vec<&Node> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let count = self.nodes.len().max(1);
        let mut found = self.readable(*self.leader.borrow());
        found.sort_by_key(|n| (self.nodes[*n].busy(), (n + turn) % count));
        found.into_iter().map(|n| &self.nodes[n]).collect()
    }

    /// The replicas that may be read from, by number.
    fn readable(&self, leader: Option<usize>) -> Vec<usize> {
        let timeline = leader
            .and_then(|n| self.nodes[n].state().position)
            .map(|position| position.timeline);
        let may = |n: usize, node: &Node| {
            let state = node.state();
            Some(n) != leader
                && !state.primary
                // With no leader, replicas go on answering reads.
                && state.position.is_some_and(|p| timeline.is_none_or(|t| p.timeline == t))
                && Duration::from_millis(node.lag().ms) <= self.max_lag
        };
        let nodes = self.nodes.iter().enumerate();
        nodes
            .filter(|(n, node)| may(*n, node))
            .map(|(n, _)| n)
            .collect()
    }

    /// What is known of every node.
    pub(super) fn report(&self) -> Vec<NodeReport> {
        let leader = *self.leader.borrow();
        let readable = self.readable(leader);
        self.nodes
            .iter()
            .enumerate()
            .map(|(n, node)| {
                let state = node.state();
                let (connections, idle) = node.connections();
                NodeReport {
                    name: node.name.clone(),
                    role: match (state.is_up(), Some(n) == leader, state.primary) {
                        (false, ..) => "unknown",
                        (true, true, _) => "leader",
                        (true, false, true) => "primary",
                        (true, false, false) => "replica",
                    },
                    up: state.is_up(),
                    position: state.position.map(|position| position.to_string()),
                    lag: node.lag(),
                    connections,
                    idle,
                    read_from: readable.contains(&n) || (readable.is_empty() && Some(n) == leader),
                    reads: node.reads(),
                    error: state.error,
                }
            })
            .collect()
    }
}

/// What Patroni says of who leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Lock {
    /// Addresses of the host that holds the leader lock.
    pub addresses: Vec<String>,
    /// Its timeline.
    pub timeline: Option<u32>,
}

/// Of the nodes that claim to lead, the one that does: who holds Patroni's
/// lock, else the highest timeline, else the longest log.
fn elect(states: &[State], lock: &Lock) -> Option<usize> {
    let claims = |state: &State| state.primary.then_some(state.position).flatten();
    let by_lock = states.iter().position(|state| {
        claims(state).is_some()
            && state
                .address
                .as_ref()
                .is_some_and(|address| lock.addresses.contains(address))
    });
    let recent = |position: &Position| lock.timeline.is_none_or(|t| position.timeline >= t);
    by_lock.or_else(|| {
        states
            .iter()
            .enumerate()
            .filter_map(|(n, state)| Some((claims(state).filter(recent)?, n)))
            .max()
            .map(|(_, n)| n)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(primary: bool, timeline: u32, lsn: u64, address: &str) -> State {
        State {
            primary,
            position: Some(Position { timeline, lsn }),
            address: Some(address.to_owned()),
            error: None,
        }
    }

    #[test]
    fn of_two_that_claim_to_lead_the_later_timeline_does() {
        let states = [
            state(true, 1, 900, "10.0.0.1"),
            state(true, 2, 500, "10.0.0.2"),
            state(false, 2, 500, "10.0.0.3"),
        ];
        assert_eq!(elect(&states, &Lock::default()), Some(1));
        assert_eq!(elect(&states[2..], &Lock::default()), None);
        assert_eq!(elect(&[], &Lock::default()), None);
    }

    #[test]
    fn the_holder_of_the_lock_is_believed() {
        let states = [
            state(true, 1, 900, "10.0.0.1"),
            state(true, 2, 500, "10.0.0.2"),
        ];
        let lock = |address: &str, timeline| Lock {
            addresses: vec![address.to_owned()],
            timeline: Some(timeline),
        };
        assert_eq!(elect(&states, &lock("10.0.0.1", 1)), Some(0));
        // The one that has it is not among ours, or not promoted yet.
        assert_eq!(elect(&states, &lock("10.0.0.9", 3)), None);
    }
}
