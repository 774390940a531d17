//! Documents and drawings with known edits, and the scorer that measures a
//! comparison against them.
//!
//! A case is a pair of files and a `truth.json` that names every edit with its
//! boxes (`docs/groundtruth-format.md`). The generator typesets both files from
//! one source in which every word and line knows the edit it belongs to, so
//! the truth comes from the layout itself and not from looking at the result.

pub mod cases;
pub mod error;
pub mod flow;
pub mod fonts;
pub mod pdf;
pub mod picture;
pub mod programs;
pub mod rng;
pub mod samples;
pub mod scene;
pub mod score;
pub mod sheet;
pub mod truth;
pub mod words;

pub use error::{Error, Result};
