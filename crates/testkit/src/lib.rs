//! What tests of several crates start: PostgreSQL servers with replicas and a
//! pooler, and a collector of traces. All of it is real, and ends with the test.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic
)]

mod cluster;
mod collector;

pub use cluster::{Cluster, administer};
pub use collector::{Collector, attribute, hex};
