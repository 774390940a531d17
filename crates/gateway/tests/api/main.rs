//! The API over HTTP, with a real store and real files. Only the PDF engine is
//! a stand-in: it tells what reached it (ingest's own tests have the real one).

// Helpers of tests; and a table of rules reads best with a line for each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::match_same_arms,
    clippy::format_push_string,
    clippy::large_stack_arrays
)]
// Every way of setting up is waited for.
#![allow(clippy::unused_async)]

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
