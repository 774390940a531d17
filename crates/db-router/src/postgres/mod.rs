//! PostgreSQL: a leader that takes writes and replicas to read from, each
//! behind its own entry of a pooler in transaction mode.

mod connection;
mod listen;
mod nodes;
mod patroni;
mod reads;
mod schema;
mod topology;
mod transaction;
mod value;
mod writes;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::position::Position;
use store::{Access, position};
use tokio::runtime::Handle;
use tracing::Instrument as _;

use crate::kept::{Body, Engine};
use crate::settings::DatabaseArgs;
use crate::signals::Signals;
use crate::{Error, key};
use nodes::Node;
use patroni::Patroni;
pub use topology::NodeReport;
use topology::Topology;

/// How long to wait for a leader at the start.
const FIRST_LEADER: Duration = Duration::from_mins(1);

/// A cluster.
pub struct Cluster {
    inner: Arc<Inner>,
    runtime: Handle,
    tasks: Vec<tokio::task::JoinHandle<()>>,
}

struct Inner {
    topology: Arc<Topology>,
    signals: Arc<Signals>,
}

impl Cluster {
    /// Finds the leader, brings the schema up to date and keeps watching the
    /// nodes until dropped.
    pub(crate) async fn connect(args: &DatabaseArgs) -> Result<Self, Error> {
        let nodes = std::iter::once(&args.database_url)
            .chain(&args.read_urls)
            .map(|url| Node::new(url, args.pool_size))
            .collect::<Result<Vec<_>, Error>>()?;
        let patroni = Patroni::new(&args.patroni_addresses)?;
        let max_lag = Duration::from_millis(args.max_lag_ms);
        let topology = Topology::new(nodes, patroni, max_lag);
        let signals = Arc::new(Signals::default());
        let listen = args.listen_url.as_ref().unwrap_or(&args.database_url);
        let mut listen = connection::parse(listen)?;
        listen.target_session_attrs(tokio_postgres::config::TargetSessionAttrs::ReadWrite);
        let asking = tokio::spawn(Arc::clone(&topology).keep_asking());
        let mut cluster = Self {
            inner: Arc::new(Inner { topology, signals }),
            runtime: Handle::current(),
            tasks: vec![asking],
        };
        if cluster.inner.topology.leader(FIRST_LEADER).await.is_none() {
            let nodes = cluster.report();
            let text = "no database takes writes";
            tracing::error!(?nodes, "{text}");
            return Err(Error::Setting(text.to_owned()));
        }
        schema::migrate(&listen).await?;
        let signals = Arc::clone(&cluster.inner.signals);
        cluster
            .tasks
            .push(tokio::spawn(listen::listen(listen, signals)));
        Ok(cluster)
    }

    /// What is known of every node.
    pub(crate) fn report(&self) -> Vec<NodeReport> {
        self.inner.topology.report()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

#[async_trait]
impl Engine for Cluster {
    async fn run<Q, A>(&self, access: Access, request: Arc<Q>, body: Body<Q, A>) -> Result<A, Error>
    where
        Q: Send + Sync + 'static,
        A: Serialize + DeserializeOwned + Send + 'static,
    {
        let inner = Arc::clone(&self.inner);
        let (seen, key) = (position::current(), key::current());
        // On the runtime that drives the connections, and to its end even
        // where the caller gives up: half a transaction helps nobody.
        let work = async move {
            match access {
                Access::Read => inner.read(&*request, body, seen).await.map(|a| (a, None)),
                Access::Latest => inner
                    .read_leader(&*request, body, "latest")
                    .await
                    .map(|answer| (answer, None)),
                Access::Write => inner.write(&*request, body, key).await,
            }
        };
        let work = self.runtime.spawn(work.in_current_span());
        let (answer, reached): (A, Option<Position>) =
            work.await.map_err(|e| Error::Value(e.to_string()))??;
        if let Some(reached) = reached {
            position::note(reached);
        }
        Ok(answer)
    }

    fn signals(&self) -> &Signals {
        &self.inner.signals
    }

    async fn ready(&self) -> Result<(), String> {
        match self.inner.topology.leader(Duration::ZERO).await {
            Some(_) => Ok(()),
            None => Err("no database takes writes".to_owned()),
        }
    }

    fn topology(&self) -> Vec<NodeReport> {
        self.report()
    }
}
