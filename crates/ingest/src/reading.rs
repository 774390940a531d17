//! Ingest jobs: a file into pages and words.

use async_trait::async_trait;
use jail::{Death, OpenError, Session};
use jobs::{Failure, Progress, Work};
use model::Page;
use service::telemetry;
use std::sync::Arc;
use store::{
    ClaimedJob, DocumentInfo, JobDocument, JobKind, LeaseId, PageWords, PlacedWord, PutPages,
};
use tracing::warn;

use crate::Ingest;

/// Pages read and kept together: few enough to stop soon, enough to read in
/// parallel.
const BATCH: usize = 16;

#[async_trait]
impl Work for Ingest {
    fn kind(&self) -> JobKind {
        JobKind::Ingest
    }

    async fn work(&self, job: &ClaimedJob, progress: &Progress) -> Result<(), Failure> {
        let [document] = job.documents.as_slice() else {
            return Err(broken("an ingest job without its document"));
        };
        progress.set("opening", 0, 0);
        let source = self
            .files
            .source(&document.sha256, document.name.clone())
            .await
            .map_err(|e| Failure {
                message: "The stored file cannot be read.".to_owned(),
                reason: "blob",
                retry: {
                    warn!(error = %e, "a blob cannot be read");
                    true
                },
            })?;
        let opener = self.opener.clone();
        let session = blocking(move || opener.open(&source))
            .await?
            .map_err(|e| trouble(&e))?;
        let session = Arc::new(session);
        self.pages(document, job.lease, &session, progress).await
    }
}

impl Ingest {
    async fn pages(
        &self,
        document: &JobDocument,
        lease: LeaseId,
        session: &Arc<Session>,
        progress: &Progress,
    ) -> Result<(), Failure> {
        let info = session.info();
        let total = info.page_count;
        let pages = |message| Failure {
            message,
            reason: "pages",
            retry: false,
        };
        if total == 0 {
            return Err(pages("It has no pages.".to_owned()));
        }
        self.opener
            .check(total)
            .map_err(|error| pages(format!("The file {error}. Split it.")))?;
        let title = (info.metadata.iter())
            .find(|(key, _)| key == "Title")
            .map(|(_, title)| title.clone());
        self.store
            .put_document_info(DocumentInfo {
                lease,
                document: document.id,
                title,
                pages: total,
            })
            .await?;
        let numbers: Vec<u32> = (1..=total).collect();
        let mut readable = false;
        let mut reason = None;
        for batch in numbers.chunks(BATCH) {
            if progress.is_stopped() {
                return Ok(());
            }
            let (reader, wanted) = (Arc::clone(session), batch.to_vec());
            let pages = blocking(move || reader.pages(&wanted, &mut || {}))
                .await?
                .map_err(|e| trouble(&e))?;
            readable |= pages.iter().any(|p| p.failed.is_none());
            reason = reason.or_else(|| pages.iter().find_map(|p| p.failed.clone()));
            metrics::counter!("pdf_compare_pages_total", "stage" => "extract")
                .increment(pages.len() as u64);
            let done = batch.last().copied().unwrap_or_default();
            self.store
                .put_pages(PutPages {
                    lease,
                    document: document.id,
                    pages: pages.into_iter().map(words).collect(),
                })
                .await?;
            progress.set("reading", done, total);
        }
        if !readable {
            return Err(Failure {
                message: format!(
                    "None of its pages can be read: the first {}. Save it again with another \
                     program and upload that.",
                    reason.unwrap_or_default()
                ),
                reason: "unreadable",
                retry: false,
            });
        }
        Ok(())
    }
}

/// The words of a page, as they are kept.
fn words(page: Page) -> PageWords {
    PageWords {
        page: page.number,
        size: page.size,
        words: page
            .words
            .into_iter()
            .map(|w| PlacedWord {
                text: w.text,
                r#box: [w.bounds.x0, w.bounds.y0, w.bounds.x1, w.bounds.y1],
                joined: w.joined,
            })
            .collect(),
        failed: page.failed,
    }
}

/// Runs `work` where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    telemetry::blocking(work)
        .await
        .map_err(|e| broken(&e.to_string()))
}

fn broken(what: &str) -> Failure {
    warn!(what, "a job failed by a defect");
    Failure {
        message: "Something went wrong here; please report it.".to_owned(),
        reason: "defect",
        retry: true,
    }
}

/// A worker's trouble with a file, for its owner.
pub fn trouble(error: &jail::Error) -> Failure {
    let (todo, reason, retry) = match error {
        jail::Error::Refused(OpenError::PasswordRequired | OpenError::WrongPassword) => (
            "Remove the password and upload it again.",
            "password",
            false,
        ),
        jail::Error::Refused(OpenError::NotPdf(_)) => {
            ("Check that it is the right file.", "not-pdf", false)
        }
        jail::Error::Refused(OpenError::Damaged(_)) => (
            "Get an undamaged copy, or repair it (for example: qpdf FILE REPAIRED).",
            "damaged",
            false,
        ),
        jail::Error::Refused(OpenError::Unsupported(_)) => {
            ("Save it again with another program.", "unsupported", false)
        }
        jail::Error::Died(death) => {
            // The system may have run out of memory for another's sake.
            let retry = matches!(death, Death::Signal(_));
            (
                "The file is probably damaged; try to save it again with another program.",
                "died",
                retry,
            )
        }
        jail::Error::TooManyDeaths { .. } => ("The file is probably damaged.", "died", false),
        jail::Error::OutOfTime(_) => ("It is too much for one document; split it.", "time", false),
        jail::Error::TooMuchContent(_) => (
            "It is too much for one document; split it.",
            "content",
            false,
        ),
        jail::Error::Annotate(_) => (
            "Try to save it again with another program.",
            "annotate",
            false,
        ),
        jail::Error::Start(_) => ("It is tried again.", "start", true),
    };
    Failure {
        message: format!("The file {error}. {todo}"),
        reason,
        retry,
    }
}
