//! Both files of a comparison into documents, at the same time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use diff::PageSet;
use engine::{Error, Opener, Pair, Source};
use jail::Session;
use jobs::{Failure, Progress};
use model::Document;

use super::{Files, defect};

/// Reads both files; `pages` are those to compare.
pub(super) fn read(
    opener: &Opener,
    old: &Source,
    new: &Source,
    pages: &PageSet,
    progress: &Progress,
) -> Result<Files, Failure> {
    let (done, total) = (AtomicU32::new(0), AtomicU32::new(0));
    let tell = |pages: u32| {
        if pages > 0 {
            total.fetch_add(pages, Ordering::Relaxed);
        } else {
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            progress.set("reading", done, total.load(Ordering::Relaxed));
        }
    };
    let (old_side, new_side) = thread::scope(|scope| {
        let other = scope.spawn(|| extract(opener, old, pages, &tell));
        let new_side = extract(opener, new, pages, &tell);
        let old_side = other
            .join()
            .unwrap_or_else(|_| Err(defect("reading panicked")));
        (old_side, new_side)
    });
    let ((old_session, old), (new_session, new)) = (old_side?, new_side?);
    if old.pages.is_empty() && new.pages.is_empty() {
        return Err(Failure {
            message: format!("None of the documents has a page in {pages}. Choose other pages."),
            reason: "pages",
            retry: false,
        });
    }
    Ok(Files {
        old,
        new,
        pair: Pair {
            old: old_session,
            new: new_session,
        },
    })
}

fn extract(
    opener: &Opener,
    source: &Source,
    pages: &PageSet,
    tell: &dyn Fn(u32),
) -> Result<(Session, Document), Failure> {
    opener.extract(source, pages, tell).map_err(|error| {
        let (reason, retry, todo) = match &error {
            Error::Worker(jail::Error::Start(_)) => ("start", true, "It is tried again."),
            Error::Worker(jail::Error::Refused(
                jail::OpenError::PasswordRequired | jail::OpenError::WrongPassword,
            )) => (
                "password",
                false,
                "Remove the password and upload it again.",
            ),
            Error::Worker(_) => (
                "worker",
                false,
                "Save it again with another program and upload that.",
            ),
            Error::TooManyPages { .. } => ("pages", false, "Split it, or compare a part of it."),
            Error::NothingReadable { .. } => ("unreadable", false, "Get an undamaged copy."),
        };
        Failure {
            message: format!("“{}” {error}. {todo}", source.name),
            reason,
            retry,
        }
    })
}
