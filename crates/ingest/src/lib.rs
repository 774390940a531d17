//! The ingest service: reads uploaded PDFs into pages and words, renders pages
//! and regions of them, and writes reports that need the PDFs.
//!
//! Every PDF is opened in a jailed worker process ([`engine`]): what it does to
//! its reader costs one job or one picture, never this service.

mod error;
mod export;
mod files;
mod http;
mod program;
mod reading;
mod render;
mod sweep;

use std::sync::Arc;

use service::blobs::Blobs;
use store::Store;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

pub use error::Error;
pub use export::{ExportRequest, Format};
pub use http::configure;
pub use program::serve;
pub use reading::trouble;
pub use render::{Image, RenderRequest};
pub use sweep::sweep;

/// Reads, renders, exports.
#[derive(Clone)]
pub struct Ingest {
    store: Arc<dyn Store>,
    blobs: Blobs,
    opener: engine::Opener,
    files: files::Files,
    images: render::Images,
    /// Pictures being made at the same time.
    rendering: Arc<Semaphore>,
    /// Reports being written at the same time.
    exporting: Arc<Semaphore>,
}

/// Pictures kept in memory, bytes in all.
const IMAGE_CACHE: u64 = 128 << 20;

impl Ingest {
    /// `opener` says what one file may cost; `pictures` how many are made at
    /// the same time.
    pub fn new(
        store: Arc<dyn Store>,
        blobs: Blobs,
        opener: engine::Opener,
        pictures: usize,
    ) -> Self {
        Self {
            files: files::Files::new(blobs.clone(), opener.clone()),
            images: render::images(IMAGE_CACHE),
            rendering: Arc::new(Semaphore::new(pictures.max(1))),
            exporting: Arc::new(Semaphore::new(1)),
            store,
            blobs,
            opener,
        }
    }

    /// Works on ingest jobs, `workers` at a time, until `stop`.
    pub async fn work(self, workers: usize, name: String, stop: CancellationToken) {
        let store = Arc::clone(&self.store);
        jobs::run(store, Arc::new(self), workers, name, stop).await;
    }

    /// Sweeps up what nobody wants any more, now and then, until `stop`.
    pub async fn tidy(self, stop: CancellationToken) {
        sweep::run(self.store, self.blobs, stop).await;
    }
}
