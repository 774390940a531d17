//! Removes for good what was deleted, and blobs that nothing wants.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use service::blobs::Blobs;
use store::{BlobNames, Purge, Store};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::Error;

/// How often.
const EVERY: Duration = Duration::from_mins(10);
/// How long a deletion can be undone.
const UNDO: Duration = Duration::from_hours(1);
/// A blob is stored before its row: one without a row may be about to get it.
const YOUNG: Duration = Duration::from_hours(1);
/// Blobs asked about together.
const BATCH: usize = 200;

pub(crate) async fn run(store: Arc<dyn Store>, blobs: Blobs, stop: CancellationToken) {
    loop {
        match sweep(&*store, &blobs, UNDO, YOUNG).await {
            Ok((0, 0)) => {}
            Ok((rows, files)) => info!(rows, files, "swept"),
            Err(error) => warn!(%error, "sweeping failed; it is tried again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Removes rows deleted longer than `undo` ago, then blobs older than `young`
/// that no row names. Returns how many rows and blobs went.
pub async fn sweep(
    store: &dyn Store,
    blobs: &Blobs,
    undo: Duration,
    young: Duration,
) -> Result<(u64, u64), Error> {
    let broken = |e: store::Error| Error::Broken(e.to_string());
    let mut rows = 0;
    loop {
        let purge = Purge {
            undo_ms: undo.as_millis() as i64,
            limit: 500,
        };
        let purged = store.purge(purge).await.map_err(broken)?;
        rows += purged.rows;
        if !purged.more {
            break;
        }
    }
    let old = SystemTime::now() - young;
    let (mut count, mut bytes, mut removed) = (0_u64, 0_u64, 0);
    let mut batch = Vec::with_capacity(BATCH);
    let mut entries = std::pin::pin!(blobs.list(""));
    while let Some(entry) = entries.next().await {
        let entry = entry?;
        count += 1;
        bytes += entry.bytes;
        if entry.modified < old {
            batch.push(entry.key);
        }
        if batch.len() == BATCH {
            removed += remove(store, blobs, std::mem::take(&mut batch)).await?;
        }
    }
    removed += remove(store, blobs, batch).await?;
    metrics::gauge!("pdf_compare_blobs").set((count - removed) as f64);
    metrics::gauge!("pdf_compare_blob_bytes").set(bytes as f64);
    Ok((rows, removed))
}

/// Deletes those of `keys` that nothing wants.
async fn remove(store: &dyn Store, blobs: &Blobs, keys: Vec<String>) -> Result<u64, Error> {
    if keys.is_empty() {
        return Ok(0);
    }
    let name = |key: &String| key.rsplit('/').next().unwrap_or_default().to_owned();
    let names = keys.iter().map(name).collect();
    let wanted = store
        .wanted_blobs(BlobNames { names })
        .await
        .map_err(|e| Error::Broken(e.to_string()))?;
    let mut removed = 0;
    for key in keys.iter().filter(|key| !wanted.names.contains(&name(key))) {
        blobs.delete(key).await?;
        removed += 1;
    }
    Ok(removed)
}
