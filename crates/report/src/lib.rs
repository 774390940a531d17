//! A comparison report to what people and programs read: JSON, text for the
//! terminal, one self-contained HTML file, and the new revision with PDF
//! annotations.
//!
//! Everything here writes from a [`model::Report`] alone (HTML asks for page
//! images, annotating for the PDF's bytes). A report may come from a worker
//! that parsed hostile input: page numbers out of range, boxes that are not
//! finite and control characters in text are expected, and none of them may
//! panic or reach the reader's terminal or browser.

pub mod html;

mod annotate;
mod error;
mod inline;
mod json;
mod plain;
mod ranges;
mod text;
mod view;

#[cfg(test)]
mod sample;

pub use annotate::annotate;
pub use error::Error;
pub use html::{PageImages, html};
pub use json::{json, schema};
pub use text::{TextOptions, text};
