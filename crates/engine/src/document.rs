//! One file, open in its worker, and its pages.

use std::io;
use std::sync::Arc;

use diff::PageSet;
use jail::{Launcher, Limits, Session};
use model::Document;

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The worker's trouble with it.
    #[error(transparent)]
    Worker(#[from] jail::Error),
    /// It has more pages than are read.
    #[error("has {pages} pages; at most {most} are read")]
    TooManyPages {
        /// How many it says that it has.
        pages: u32,
        /// [`Opener::most_pages`].
        most: u32,
    },
    /// A file that opens blank is no document to compare with.
    #[error("none of its pages can be read; page {page} {reason}")]
    NothingReadable {
        /// The first of them, from 1.
        page: u32,
        /// Reads on from “page 3 …”.
        reason: String,
    },
}

/// The bytes of a file and what opens it.
#[derive(Clone)]
pub struct Source {
    /// Name without folders, for reports.
    pub name: String,
    /// The whole file.
    pub bytes: Arc<[u8]>,
    /// Where it needs one.
    pub password: Option<String>,
}

/// How files are opened.
#[derive(Clone)]
pub struct Opener {
    launcher: Launcher,
    /// What one file may cost.
    pub limits: Limits,
    /// How many pages one file may have.
    pub most_pages: u32,
}

/// A page takes a few bytes in a hostile page tree; this many are no document.
const ABSURD: u32 = 1_000_000;

impl Opener {
    /// Workers are this program, started again. Fails where it cannot be found.
    pub fn new(limits: Limits) -> io::Result<Self> {
        Ok(Self {
            launcher: Launcher::this_program()?,
            limits,
            most_pages: ABSURD,
        })
    }

    /// Reads documents of so many pages and no longer ones.
    #[must_use]
    pub fn with_most_pages(self, most_pages: u32) -> Self {
        Self { most_pages, ..self }
    }

    /// Workers are another program, for tests, which are none.
    pub fn with_launcher(launcher: Launcher, limits: Limits) -> Self {
        Self {
            launcher,
            limits,
            most_pages: ABSURD,
        }
    }

    /// Opens a file in a worker of its own.
    pub fn open(&self, source: &Source) -> Result<Session, jail::Error> {
        Session::open(
            self.launcher.clone(),
            source.bytes.clone(),
            source.password.clone(),
            self.limits.clone(),
        )
    }

    /// Whether so many pages are read.
    pub fn check(&self, pages: u32) -> Result<(), Error> {
        if pages > self.most_pages {
            return Err(Error::TooManyPages {
                pages,
                most: self.most_pages,
            });
        }
        Ok(())
    }

    /// Opens a file and extracts those of its pages that are in `pages`;
    /// `progress` is called with how many pages there are to do and then with 0
    /// after each.
    pub fn extract(
        &self,
        source: &Source,
        pages: &PageSet,
        progress: &dyn Fn(u32),
    ) -> Result<(Session, Document), Error> {
        let session = self.open(source)?;
        let mut info = session.info().clone();
        // Known here for certain.
        info.bytes = source.bytes.len() as u64;
        self.check(info.page_count)?;
        let numbers: Vec<u32> = (1..=info.page_count)
            .filter(|n| pages.contains(*n))
            .collect();
        progress(numbers.len() as u32);
        let pages = session.pages(&numbers, &mut || progress(0))?;
        if let [first, ..] = pages.as_slice()
            && pages.iter().all(|p| p.failed.is_some())
        {
            return Err(Error::NothingReadable {
                page: first.number,
                reason: first.failed.clone().unwrap_or_default(),
            });
        }
        let document = Document {
            name: source.name.clone(),
            info,
            pages,
        };
        Ok((session, document))
    }

    /// The PDF of `source` with the changes of a report (JSON) marked on it.
    pub fn annotate(&self, source: &Source, report: &[u8]) -> Result<Vec<u8>, jail::Error> {
        jail::annotate(
            &self.launcher,
            &self.limits,
            &source.bytes,
            source.password.as_deref(),
            report,
        )
    }
}
