//! What the programs of workers have in common.

use std::sync::Arc;

use service::blobs::Blobs;
use service::settings::CommonArgs;
use store::Store;

/// What the program of a worker can be told, beside how many jobs it works on at a
/// time.
#[derive(Debug, clap::Args)]
pub struct WorkerArgs {
    /// What every service can be told.
    #[command(flatten)]
    pub common: CommonArgs,
    /// Address of db-router
    #[arg(long, env = "STORE_URL", value_name = "URL")]
    store_url: String,
    /// Where files are kept: `file:///folder` or `s3://bucket/prefix`
    #[arg(long, env = "BLOB_URL", value_name = "URL")]
    blob_url: String,
    /// Mebibytes of memory the engine may use for a file
    #[arg(
        long,
        env = "ENGINE_MEMORY_MB",
        value_name = "MiB",
        default_value = "1024"
    )]
    memory: u64,
}

impl WorkerArgs {
    /// The store behind db-router. Call it in the process's main runtime.
    pub fn store(&self) -> Result<Arc<dyn Store>, service::Error> {
        let client = store::Client::new(&self.store_url)
            .map_err(|e| service::Error::Setting(e.to_string()))?;
        Ok(Arc::new(client))
    }

    /// Where files are kept.
    pub fn blobs(&self) -> Result<Blobs, service::Error> {
        Ok(Blobs::open(&self.blob_url)?)
    }

    /// Memory the engine may use for a file, bytes.
    pub fn memory_bytes(&self) -> u64 {
        self.memory << 20
    }
}
