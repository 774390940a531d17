//! The only service that knows SQL: schema, queries, job queue, routing.
//!
//! [`Sqlite`] keeps everything in one file, [`Postgres`] in a cluster of a
//! leader and replicas. Both are a [`store::Store`]; the operations are written
//! once, in `operations`, as statements inside one transaction.
//!
//! As a library: [`create_scaled_backend`] gives documents and a search whose reads
//! go to replicas and whose writes go to the leader; see `examples/scaled_backend.rs`.

mod error;
mod gauges;
mod kept;
mod key;
mod library;
mod operations;
mod postgres;
mod server;
mod settings;
mod signals;
mod spans;
mod sql;
mod sqlite;
mod words;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;

pub use error::Error;
pub use library::{ScaledBackend, VectorMap, create_scaled_backend};
pub use postgres::NodeReport;
pub use server::{configure, configure_topology};
pub use settings::{DatabaseArgs, Settings};

use kept::Engine;

/// A store in one SQLite file, for one process.
pub type Sqlite = kept::Kept<sqlite::Database>;

impl Sqlite {
    /// Opens a database file, makes it where there is none, and brings its
    /// schema up to date.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Ok(Self(sqlite::Database::open(path.as_ref())?))
    }

    /// Lets jobs that a former process died over be taken at once, not only when
    /// their leases run out. For a process that knows that it works alone; gives
    /// their number.
    pub async fn end_leases(&self) -> Result<u64, store::Error> {
        let access = store::Access::Write;
        kept::once(
            &self.0,
            "end_leases",
            access,
            Arc::new(()),
            |tx, request| Box::pin(operations::end_leases(tx, request)),
        )
        .await
    }
}

/// A store in a PostgreSQL cluster.
pub type Postgres = kept::Kept<postgres::Cluster>;

impl Postgres {
    /// Waits for a leader, brings the schema up to date and follows the nodes
    /// until dropped.
    pub async fn connect(args: &DatabaseArgs) -> Result<Self, Error> {
        Ok(Self(postgres::Cluster::connect(args).await?))
    }
}

/// A store that can tell how its database is.
#[async_trait]
pub trait Backend: store::Store {
    /// Whether it takes writes; the error says why not.
    async fn ready(&self) -> Result<(), String>;

    /// What is known of its nodes; nothing where there is one file.
    fn topology(&self) -> Vec<NodeReport>;
}

#[async_trait]
impl<E: Engine> Backend for kept::Kept<E> {
    async fn ready(&self) -> Result<(), String> {
        self.0.ready().await
    }

    fn topology(&self) -> Vec<NodeReport> {
        self.0.topology()
    }
}

/// The store that the settings name: `sqlite:PATH`, or PostgreSQL nodes.
pub async fn open(args: &DatabaseArgs) -> Result<Arc<dyn Backend>, Error> {
    match args.database_url.strip_prefix("sqlite:") {
        Some(path) => Ok(Arc::new(Sqlite::open(path)?)),
        None => Ok(Arc::new(Postgres::connect(args).await?)),
    }
}

/// Runs the service until it is told to end.
pub async fn serve(settings: Settings) -> Result<(), Error> {
    let ending = service::shutdown::Signal::on_termination()?;
    let args = settings.database.with_environment();
    let Some(backend) = ending.unless_given(open(&args)).await else {
        return Ok(());
    };
    let backend = backend?;
    let gauges = tokio::spawn(gauges::refresh(backend.clone()));
    let asked = Arc::clone(&backend);
    let running = service::http::Server::new("db-router", settings.common.listen_or(8083))
        .begins_no_traces()
        .ready(Arc::new(move || {
            let backend = Arc::clone(&asked);
            Box::pin(async move { backend.ready().await })
        }))
        .start(
            move |config| {
                configure(config, backend.clone());
                configure_topology(config, backend.clone());
            },
            &ending,
        )?;
    running.wait().await?;
    gauges.abort();
    Ok(())
}
