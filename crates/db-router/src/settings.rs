//! What the service can be told.

use clap::{Args as _, FromArgMatches as _};
use service::settings::CommonArgs;

use crate::Error;

/// The store's service: keeps documents, comparisons and the job queue
#[derive(Debug, Clone, clap::Parser)]
#[command(name = "db-router", version)]
pub struct Settings {
    /// What every service can be told.
    #[command(flatten)]
    pub common: CommonArgs,
    /// Which databases.
    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// Which databases.
#[derive(Clone, clap::Args)]
pub struct DatabaseArgs {
    /// The node that takes writes at first: `postgresql://…` through the
    /// pooler, or `sqlite:PATH`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: String,
    /// Further nodes; also `DATABASE_READ_URL_1`, `_2`, … in the environment
    #[arg(long = "database-read-url", value_name = "URL")]
    pub read_urls: Vec<String>,
    /// PostgreSQL itself, not the pooler, several hosts where there are
    /// several nodes: for LISTEN and for changes of the schema. Default: the
    /// address for writes
    #[arg(
        long,
        env = "DATABASE_LISTEN_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub listen_url: Option<String>,
    /// Patroni's REST APIs, host:port
    #[arg(
        long,
        env = "PATRONI_ADDRESSES",
        value_delimiter = ',',
        value_name = "ADDR"
    )]
    pub patroni_addresses: Vec<String>,
    /// A replica further behind than this is not read from, ms
    #[arg(long, env = "DATABASE_MAX_LAG_MS", default_value_t = Self::MAX_LAG_MS, value_name = "MS")]
    pub max_lag_ms: u64,
    /// Connections to each node at most
    #[arg(long, env = "DATABASE_POOL_SIZE", default_value_t = Self::POOL_SIZE, value_name = "N")]
    pub pool_size: u32,
}

impl DatabaseArgs {
    const MAX_LAG_MS: u64 = 5000;
    const POOL_SIZE: u32 = 16;

    /// One database, everything else as by default.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            database_url: url.into(),
            read_urls: Vec::new(),
            listen_url: None,
            patroni_addresses: Vec::new(),
            max_lag_ms: Self::MAX_LAG_MS,
            pool_size: Self::POOL_SIZE,
        }
    }

    /// As the environment says: `DATABASE_URL`, `DATABASE_READ_URL_1`, `_2`, … and the
    /// others that db-router knows.
    pub fn from_environment() -> Result<Self, Error> {
        let command = Self::augment_args(clap::Command::new("database"));
        let matches = command
            .try_get_matches_from(["database"])
            .map_err(|error| Error::Setting(error.to_string()))?;
        let args = Self::from_arg_matches(&matches);
        let args = args.map_err(|error| Error::Setting(error.to_string()))?;
        Ok(args.with_environment())
    }

    /// With `DATABASE_READ_URL_1`, `_2`, … of the environment, and empty
    /// settings taken for none.
    #[must_use]
    pub fn with_environment(mut self) -> Self {
        let numbered = (1..)
            .map_while(|n| std::env::var(format!("DATABASE_READ_URL_{n}")).ok())
            .filter(|url| !url.trim().is_empty());
        self.read_urls.extend(numbered);
        self.listen_url = self.listen_url.filter(|url| !url.trim().is_empty());
        self.patroni_addresses
            .retain(|address| !address.trim().is_empty());
        self
    }
}

/// Addresses hold passwords.
impl std::fmt::Debug for DatabaseArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseArgs")
            .field("nodes", &(1 + self.read_urls.len()))
            .field("patroni_addresses", &self.patroni_addresses)
            .field("max_lag_ms", &self.max_lag_ms)
            .field("pool_size", &self.pool_size)
            .finish_non_exhaustive()
    }
}
