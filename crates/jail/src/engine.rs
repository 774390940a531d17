//! What a worker runs.

use model::{DocumentInfo, Page, Raster, Rect};

use crate::OpenError;

/// A PDF engine: one opened document.
pub trait Engine: Sync + Sized {
    /// What one thread reads pages with; holds that thread's caches.
    type Reader<'a>: PageReader
    where
        Self: 'a;

    /// Opens a document from the bytes of a file.
    fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, OpenError>;

    /// What belongs to the document as a whole.
    fn info(&self) -> DocumentInfo;

    /// A reader for one thread.
    fn reader(&self) -> Self::Reader<'_>;

    /// The PDF `pdf` with the changes of `report` (a report in JSON) marked on
    /// its pages; the error is a reason for people.
    fn annotate(pdf: &[u8], password: Option<&str>, report: &[u8]) -> Result<Vec<u8>, String>;
}

/// Reads pages of one document on one thread. Errors are reasons for people.
pub trait PageReader {
    /// Page `number`, counting from 1.
    fn page(&mut self, number: u32) -> Result<Page, String>;

    /// The pixels of page `number` (from 1), or of a region of it in points, at
    /// `scale` pixels per point.
    fn render(&mut self, number: u32, scale: f32, region: Option<Rect>) -> Result<Raster, String>;
}
