//! Comparing workers: compare jobs into reports.
//!
//! A comparison is told in two steps: what the structure says (words, paths,
//! images) as soon as it is known, so that someone can begin to read, and then
//! the whole report with what the pixels say.

mod reading;

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use diff::{Options, Stage, Wish};
use engine::{NoRasters, Opener, Pair};
use jobs::{Failure, Progress, Work};
use model::{Document, Report};
use service::blobs::{BlobError, Blobs, derived_key, original_key};
use service::telemetry;
use store::{ClaimedJob, ComparisonId, JobDocument, JobKind, LeaseId, PutReport, Store};
use tokio_util::sync::CancellationToken;
use tracing::warn;

/// Compares.
#[derive(Clone)]
pub struct Comparer {
    store: Arc<dyn Store>,
    blobs: Blobs,
    opener: Opener,
}

impl Comparer {
    /// `opener` says what one file may cost.
    pub fn new(store: Arc<dyn Store>, blobs: Blobs, opener: Opener) -> Self {
        Self {
            store,
            blobs,
            opener,
        }
    }

    /// Works on compare jobs, `workers` at a time, until `stop`.
    pub async fn work(self, workers: usize, name: String, stop: CancellationToken) {
        let store = Arc::clone(&self.store);
        jobs::run(store, Arc::new(self), workers, name, stop).await;
    }
}

#[async_trait]
impl Work for Comparer {
    fn kind(&self) -> JobKind {
        JobKind::Compare
    }

    async fn work(&self, job: &ClaimedJob, progress: &Progress) -> Result<(), Failure> {
        let ([old, new], Some(comparison)) = (job.documents.as_slice(), job.job.comparison) else {
            return Err(defect("a compare job without its documents"));
        };
        let options = serde_json::from_str::<Wish>(&job.options)
            .map_err(|e| defect(&e.to_string()))?
            .options()
            .map_err(|e| Failure {
                message: format!("The options cannot be used: {e}."),
                reason: "options",
                retry: false,
            })?;
        progress.set("opening", 0, 0);
        let (old, new) = (self.source(old).await?, self.source(new).await?);
        let (opener, reader, wanted) = (self.opener.clone(), progress.clone(), options.clone());
        let files = blocking(move || reading::read(&opener, &old, &new, &wanted.pages, &reader));
        let files = Arc::new(files.await??);
        let keep = Keep {
            comparison,
            lease: job.lease,
        };
        if options.pixels && !progress.is_stopped() {
            let structure = Options {
                pixels: false,
                ..options.clone()
            };
            let mut report = compare(&files, structure, progress).await?;
            // It is on its way to the report asked for.
            report.settings.pixels = true;
            self.keep(&keep, &report, false).await?;
        }
        if progress.is_stopped() {
            return Ok(());
        }
        let report = compare(&files, options, progress).await?;
        metrics::counter!("pdf_compare_pages_total", "stage" => "compare")
            .increment(report.pages.len() as u64);
        self.keep(&keep, &report, true).await
    }
}

/// Where a report belongs.
struct Keep {
    comparison: ComparisonId,
    lease: LeaseId,
}

impl Comparer {
    async fn source(&self, document: &JobDocument) -> Result<engine::Source, Failure> {
        let key = original_key(&document.sha256).map_err(|e| blob_failure(&e))?;
        let bytes = self.blobs.get(&key).await.map_err(|e| blob_failure(&e))?;
        Ok(engine::Source {
            name: document.name.clone(),
            bytes: Arc::from(&bytes[..]),
            password: None,
        })
    }

    async fn keep(&self, keep: &Keep, report: &Report, complete: bool) -> Result<(), Failure> {
        let mut json = Vec::new();
        report::json(report, &mut json).map_err(|e| defect(&e.to_string()))?;
        let summary = serde_json::to_string(&report.summary).map_err(|e| defect(&e.to_string()))?;
        let part = if complete { "whole" } else { "first" };
        // Named after the lease: two workers never write one blob.
        let name = format!("report-{}-{}-{part}.json", keep.comparison, keep.lease);
        let key = derived_key(&name).map_err(|e| blob_failure(&e))?;
        self.blobs
            .put(&key, Bytes::from(json))
            .await
            .map_err(|e| blob_failure(&e))?;
        self.store
            .put_report(PutReport {
                lease: keep.lease,
                comparison: keep.comparison,
                report: name,
                summary,
                complete,
            })
            .await?;
        Ok(())
    }
}

/// Both files, read and still open.
pub(crate) struct Files {
    old: Document,
    new: Document,
    pair: Pair,
}

async fn compare(
    files: &Arc<Files>,
    options: Options,
    progress: &Progress,
) -> Result<Report, Failure> {
    let (files, progress) = (Arc::clone(files), progress.clone());
    blocking(move || {
        let tell = |at: diff::Progress| {
            let stage = match at.stage {
                Stage::Align => "matching pages",
                Stage::Text => "comparing words",
                Stage::Pages if options.pixels => "comparing pages",
                Stage::Pages => "comparing structure",
            };
            progress.set(stage, at.done, at.total);
        };
        if options.pixels {
            diff::compare(&files.old, &files.new, &options, &files.pair, &tell)
        } else {
            diff::compare(&files.old, &files.new, &options, &NoRasters, &tell)
        }
    })
    .await
}

/// Runs `work` where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    telemetry::blocking(work)
        .await
        .map_err(|e| defect(&e.to_string()))
}

fn defect(what: &str) -> Failure {
    warn!(what, "a comparison failed by a defect");
    Failure {
        message: "Something went wrong here; please report it.".to_owned(),
        reason: "defect",
        retry: true,
    }
}

fn blob_failure(error: &BlobError) -> Failure {
    warn!(%error, "a blob cannot be read or written");
    Failure {
        message: "The stored files cannot be reached.".to_owned(),
        reason: "blob",
        retry: true,
    }
}
