//! The nouns of PDF Compare: what a document, a page and a change are.
//!
//! Types only: no I/O, no parsing, no comparing. Everything that crosses a
//! process boundary (worker pipe, HTTP, database) is one of these.
//!
//! Coordinates are PDF points (1/72 inch) from the **top-left** corner of the
//! page **as displayed**, that is after crop box and rotation; y grows
//! downwards. Page numbers are 1-based everywhere a number is stored.

mod document;
mod drawing;
mod geometry;
mod page;
mod raster;
mod report;

pub use document::{Attachment, Bookmark, Document, DocumentInfo, Layer};
pub use drawing::{Drawing, Paint, Path, PathStyle, Verb};
pub use geometry::{Rect, Transform};
pub use page::{
    Annotation, Coverage, Direction, FormField, ImagePlacement, Link, LinkTarget, Page, TextSource,
    TextStyle, Word,
};
pub use raster::Raster;
pub use report::{
    Change, ChangeCounts, ChangeKind, Evidence, FORMAT, FileRef, Group, Op, PageCounts,
    PageCoverage, PageEntry, PageStatus, Report, Settings, Side, Spot, Summary, Warning,
};
