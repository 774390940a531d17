//! Two documents to a report: what changed between two revisions of a PDF.
//!
//! Pure functions over extracted documents: no clock, no I/O, the same input
//! gives the same report byte for byte. Page pixels, where wanted, come through
//! [`Rasters`]. Documents are the output of a parser that read untrusted files,
//! so nothing here trusts an index, a count or a coordinate.

mod align;
mod assemble;
mod cell;
mod compare;
mod document;
mod drawing;
mod evidence;
mod group;
mod image;
mod options;
mod pixels;
mod progress;
mod register;
mod style;
mod summary;
mod text;
mod wish;

pub use compare::compare;
pub use options::{Ignore, Options, OptionsError, PageSet, Region, kind, kinds};
pub use progress::{Progress, Rasters, Stage};
pub use wish::Wish;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
