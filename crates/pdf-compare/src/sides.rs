//! One file, open in its worker: its document, and its pixels on request.

use diff::{PageSet, Rasters};
use jail::{Launcher, Limits, Session};
use model::{Document, Raster, Side};
use report::PageImages;

use crate::input::Input;
use crate::trouble::Trouble;

/// How files are opened.
pub(crate) struct Opener {
    launcher: Launcher,
    pub(crate) limits: Limits,
    pub(crate) pages: PageSet,
}

/// A file to open.
pub(crate) struct Wanted {
    pub input: Input,
    pub password: Option<String>,
    /// What to say about how a password is given.
    pub password_help: &'static str,
}

impl Opener {
    pub(crate) fn new(limits: Limits, pages: PageSet) -> Result<Self, Trouble> {
        let launcher = Launcher::this_program().map_err(|e| {
            Trouble::new(
                None,
                format!("cannot find its own program: {e}"),
                "start it by its full path",
            )
        })?;
        Ok(Self {
            launcher,
            limits,
            pages,
        })
    }

    /// Opens a file and extracts its pages; `progress` is called with how many
    /// pages there are to do and then with 0 after each.
    pub(crate) fn extract(
        &self,
        wanted: &Wanted,
        progress: &dyn Fn(u32),
    ) -> Result<(Session, Document), Trouble> {
        let shown = wanted.input.shown.as_str();
        let trouble = |e| Trouble::file(shown, &e, wanted.password_help);
        let session = Session::open(
            self.launcher.clone(),
            wanted.input.bytes.clone(),
            wanted.password.clone(),
            self.limits.clone(),
        )
        .map_err(trouble)?;
        let mut info = session.info().clone();
        // Known here for certain.
        info.bytes = wanted.input.bytes.len() as u64;
        let numbers: Vec<u32> = (1..=info.page_count.min(MAX_PAGES))
            .filter(|n| self.pages.contains(*n))
            .collect();
        if info.page_count > MAX_PAGES {
            return Err(Trouble::new(
                Some(shown),
                format!("says that it has {} pages", info.page_count),
                "the file is probably damaged",
            ));
        }
        progress(numbers.len() as u32);
        let pages = session
            .pages(&numbers, &mut || progress(0))
            .map_err(trouble)?;
        // A file that opens blank is no document to compare with.
        if let [first, ..] = pages.as_slice()
            && pages.iter().all(|p| p.failed.is_some())
        {
            return Err(Trouble::new(
                Some(shown),
                format!(
                    "none of its pages can be read; page {} {}",
                    first.number,
                    first.failed.as_deref().unwrap_or_default()
                ),
                "get an undamaged copy, or raise --memory and --page-timeout if you trust the file",
            ));
        }
        let document = Document {
            name: wanted.input.name.clone(),
            info,
            pages,
        };
        Ok((session, document))
    }

    /// The PDF of `wanted` with the changes of a report (JSON) marked on it.
    pub(crate) fn annotate(&self, wanted: &Wanted, report: &[u8]) -> Result<Vec<u8>, Trouble> {
        jail::annotate(
            &self.launcher,
            &self.limits,
            &wanted.input.bytes,
            wanted.password.as_deref(),
            report,
        )
        .map_err(|e| Trouble::file(&wanted.input.shown, &e, wanted.password_help))
    }
}

/// A page takes a few bytes in a hostile page tree; this many are no document.
const MAX_PAGES: u32 = 1_000_000;

/// Pixels of both files. A page that cannot be rendered has none.
pub(crate) struct Sessions {
    pub old: Session,
    pub new: Session,
}

impl Rasters for Sessions {
    fn raster(&self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        let session = match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        };
        session.render(page, scale, None).ok()
    }
}

/// For the report, which asks for one page after the other.
pub(crate) struct Images<'a>(pub &'a Sessions);

impl PageImages for Images<'_> {
    fn image(&mut self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        self.0.raster(side, page, scale)
    }
}

/// For a comparison without pixels, which asks for none.
pub(crate) struct NoRasters;

impl Rasters for NoRasters {
    fn raster(&self, _: Side, _: u32, _: f32) -> Option<Raster> {
        None
    }
}
