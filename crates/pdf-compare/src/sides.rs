//! The user's files, as the engine opens them, and its trouble with them.

use diff::PageSet;
use engine::{Error, Source};
use jail::{Limits, Session};
use model::Document;

use crate::input::Input;
use crate::trouble::Trouble;

/// How files are opened.
pub(crate) struct Opener {
    engine: engine::Opener,
    pub(crate) pages: PageSet,
}

/// A file to open.
pub(crate) struct Wanted {
    pub input: Input,
    pub password: Option<String>,
    /// What to say about how a password is given.
    pub password_help: &'static str,
}

impl Wanted {
    fn source(&self) -> Source {
        Source {
            name: self.input.name.clone(),
            bytes: self.input.bytes.clone(),
            password: self.password.clone(),
        }
    }

    fn trouble(&self, error: &Error) -> Trouble {
        let shown = self.input.shown.as_str();
        let todo = match error {
            Error::Worker(e) => return Trouble::file(shown, e, self.password_help),
            Error::TooManyPages { .. } => "the file is probably damaged",
            Error::NothingReadable { .. } => {
                "get an undamaged copy, or raise --memory and --page-timeout if you trust the file"
            }
        };
        Trouble::new(Some(shown), error.to_string(), todo)
    }
}

impl Opener {
    pub(crate) fn new(limits: Limits, pages: PageSet) -> Result<Self, Trouble> {
        let engine = engine::Opener::new(limits).map_err(|e| {
            Trouble::new(
                None,
                format!("cannot find its own program: {e}"),
                "start it by its full path",
            )
        })?;
        Ok(Self { engine, pages })
    }

    /// Opens a file and extracts its pages; `progress` is called with how many
    /// pages there are to do and then with 0 after each.
    pub(crate) fn extract(
        &self,
        wanted: &Wanted,
        progress: &dyn Fn(u32),
    ) -> Result<(Session, Document), Trouble> {
        self.engine
            .extract(&wanted.source(), &self.pages, progress)
            .map_err(|e| wanted.trouble(&e))
    }

    /// The PDF of `wanted` with the changes of a report (JSON) marked on it.
    pub(crate) fn annotate(&self, wanted: &Wanted, report: &[u8]) -> Result<Vec<u8>, Trouble> {
        self.engine
            .annotate(&wanted.source(), report)
            .map_err(|e| wanted.trouble(&e.into()))
    }
}
