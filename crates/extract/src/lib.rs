//! PDF bytes to pages of words, paths and images; page to pixels.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let source = extract::Source::open(std::fs::read("drawing.pdf")?, None)?;
//! let reader = source.reader();
//! for number in 1..=source.page_count() {
//!     let page = reader.page(number)?;
//!     println!("page {number}: {} words", page.words.len());
//! }
//! # Ok(()) }
//! ```
//!
//! Parsing hostile files can exhaust memory or the stack whatever is done
//! here, so the caller runs it in a process with limits. What this crate
//! guarantees is that a panic of the PDF engine costs one page, and that
//! walks over the document's structure are bounded in depth and size.

mod cid;
mod clean;
mod color;
mod device;
mod error;
mod font;
mod frame;
mod glyph;
mod guard;
mod image;
mod info;
mod layout;
mod limits;
mod opinion;
mod paint;
mod reader;
mod render;
mod rtl;
mod source;
mod tokens;
mod words;

pub use error::Error;
pub use reader::Reader;
pub use source::Source;
