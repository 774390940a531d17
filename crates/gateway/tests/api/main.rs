//! The API over HTTP, with a real store and real files. Only the PDF engine is
//! a stand-in: it tells what reached it (ingest's own tests have the real one).

// Helpers of tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod about;
mod bench;
mod comparisons;
mod documents;
mod engine;
mod events;
mod matrix;
mod pages;
mod sessions;
mod shares;
mod uploads;
