//! Removes for good what was deleted, and blobs that nothing wants.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures::StreamExt;
use service::blobs::{BlobInfo, Blobs};
use store::{BlobNames, Purge, Store};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::Error;

/// How often.
const EVERY: Duration = Duration::from_mins(10);
/// How soon again after the store or the files did not answer.
const AGAIN: Duration = Duration::from_secs(30);
/// How long a deletion can be undone.
const UNDO: Duration = Duration::from_hours(1);
/// A blob is stored before its row: one without a row may be about to get it.
const YOUNG: Duration = Duration::from_hours(1);
/// Blobs asked about together.
const BATCH: usize = 200;

pub(crate) async fn run(store: Arc<dyn Store>, blobs: Blobs, stop: CancellationToken) {
    while !stop.is_cancelled() {
        // At the start too: it also counts what is kept.
        let pause = match sweep(&*store, &blobs, UNDO, YOUNG).await {
            Ok(swept) => {
                if swept != (0, 0) {
                    info!(rows = swept.0, files = swept.1, "swept");
                }
                EVERY
            }
            Err(error) => {
                warn!(%error, "sweeping failed; it is tried again");
                AGAIN
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => {}
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
    let (mut kept, mut seen) = (Kept::default(), 0);
    let mut batch = Vec::with_capacity(BATCH);
    let mut entries = std::pin::pin!(blobs.list(""));
    while let Some(entry) = entries.next().await {
        let entry = entry?;
        seen += 1;
        kept.files += 1;
        kept.bytes += entry.bytes;
        if entry.modified < old {
            batch.push(entry);
        }
        if batch.len() == BATCH {
            remove(store, blobs, std::mem::take(&mut batch), &mut kept).await?;
        }
    }
    remove(store, blobs, batch, &mut kept).await?;
    metrics::gauge!("pdf_compare_blobs").set(kept.files as f64);
    metrics::gauge!("pdf_compare_blob_bytes").set(kept.bytes as f64);
    Ok((rows, seen - kept.files))
}

/// What is left.
#[derive(Default)]
struct Kept {
    files: u64,
    bytes: u64,
}

/// Deletes those of `old` that nothing wants.
async fn remove(
    store: &dyn Store,
    blobs: &Blobs,
    old: Vec<BlobInfo>,
    kept: &mut Kept,
) -> Result<(), Error> {
    if old.is_empty() {
        return Ok(());
    }
    let name = |blob: &BlobInfo| blob.key.rsplit('/').next().unwrap_or_default().to_owned();
    let names = old.iter().map(name).collect();
    let wanted = store
        .wanted_blobs(BlobNames { names })
        .await
        .map_err(|e| Error::Broken(e.to_string()))?;
    for blob in old
        .iter()
        .filter(|blob| !wanted.names.contains(&name(blob)))
    {
        blobs.delete(&blob.key).await?;
        kept.files -= 1;
        kept.bytes -= blob.bytes;
    }
    Ok(())
}
