//! The engine workers run: `extract` for reading, `report` for marking.

use extract::Error;
use jail::{Engine, OpenError, PageReader};
use model::{DocumentInfo, Page, Raster, Rect};

/// A PDF, opened by `extract`.
pub struct PdfEngine(extract::Source);

/// Reads pages of a [`PdfEngine`] on one thread.
pub struct PdfReader<'a>(extract::Reader<'a>);

impl Engine for PdfEngine {
    type Reader<'a> = PdfReader<'a>;

    fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, OpenError> {
        extract::Source::open(bytes, password)
            .map(Self)
            .map_err(refusal)
    }

    fn info(&self) -> DocumentInfo {
        self.0.info()
    }

    fn reader(&self) -> PdfReader<'_> {
        PdfReader(self.0.reader())
    }

    fn annotate(pdf: &[u8], password: Option<&str>, report: &[u8]) -> Result<Vec<u8>, String> {
        let report = serde_json::from_slice(report).map_err(|e| e.to_string())?;
        report::annotate(pdf, password, &report).map_err(|e| e.to_string())
    }
}

impl PageReader for PdfReader<'_> {
    fn page(&mut self, number: u32) -> Result<Page, String> {
        self.0.page(number).map_err(|e| reason(&e))
    }

    fn render(&mut self, number: u32, scale: f32, region: Option<Rect>) -> Result<Raster, String> {
        self.0.render(number, scale, region).map_err(|e| reason(&e))
    }
}

fn refusal(error: Error) -> OpenError {
    match error {
        Error::Empty => OpenError::NotPdf(Some("it is empty".to_owned())),
        Error::NotPdf(what) => OpenError::NotPdf(Some(what)),
        Error::Broken(what) => OpenError::Damaged(what),
        Error::PasswordRequired => OpenError::PasswordRequired,
        Error::WrongPassword => OpenError::WrongPassword,
        Error::Encryption => {
            OpenError::Unsupported("is encrypted in a way that cannot be read".to_owned())
        }
        Error::TooLarge(what) => OpenError::Unsupported(format!("is too large: {what}")),
        Error::NoSuchPage { .. } => OpenError::Damaged(error.to_string()),
    }
}

/// Reads on from “page 3 …”.
fn reason(error: &Error) -> String {
    match error {
        Error::Broken(what) => format!("cannot be read: {what}"),
        Error::TooLarge(what) => format!("is too large: {what}"),
        other => format!("cannot be read: {other}"),
    }
}
