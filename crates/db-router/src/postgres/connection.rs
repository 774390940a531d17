//! Connections to one node.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use crate::Error;

/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(2);
/// How long to wait for a free connection before saying that all are busy.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long a connection is kept: nodes move to other addresses.
const LIFETIME: Duration = Duration::from_mins(10);

/// Opens connections to the node of this name.
pub struct Manager {
    config: Config,
    node: Arc<str>,
}

/// A connection, and whether a transaction may still be open on it.
pub struct Connection {
    pub(super) client: Client,
    /// Name of the node, for traces.
    pub(super) node: Arc<str>,
    pub(super) dirty: bool,
}

impl bb8::ManageConnection for Manager {
    type Connection = Connection;
    type Error = tokio_postgres::Error;

    async fn connect(&self) -> Result<Connection, tokio_postgres::Error> {
        Ok(Connection {
            client: open(&self.config).await?,
            node: Arc::clone(&self.node),
            dirty: false,
        })
    }

    /// Never asked: a connection that does not work shows in its use.
    async fn is_valid(&self, _: &mut Connection) -> Result<(), tokio_postgres::Error> {
        Ok(())
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        connection.dirty || connection.client.is_closed()
    }
}

async fn open(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a database connection ended");
        }
    });
    Ok(client)
}

/// Reads a `postgresql://` address.
pub(super) fn parse(url: &str) -> Result<Config, Error> {
    let mut config: Config = url
        .parse()
        .map_err(|error| Error::Setting(format!("a database address: {error}")))?;
    config.connect_timeout(CONNECT);
    // TCP alone would take minutes to notice that a host is gone.
    config.keepalives_idle(Duration::from_secs(10));
    config.tcp_user_timeout(Duration::from_secs(12));
    config.application_name("db-router");
    Ok(config)
}

/// The pool of the node of this name.
pub(super) fn pool(config: Config, node: &str, size: u32) -> bb8::Pool<Manager> {
    bb8::Pool::builder()
        .max_size(size)
        .connection_timeout(PATIENCE)
        .max_lifetime(LIFETIME)
        .test_on_check_out(false)
        .build_unchecked(Manager {
            config,
            node: Arc::from(node),
        })
}

/// The first column of the last row of a simple query.
pub(super) fn last_text(messages: &[SimpleQueryMessage]) -> Option<&str> {
    messages.iter().rev().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => row.get(0),
        _ => None,
    })
}
