//! The four services as processes of their own, on PostgreSQL with two replicas
//! behind a pooler, seen by a collector of traces: what they export, what they log,
//! and that who wrote something reads it wherever they ask.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod browser;
mod metrics;
mod process;
mod replicas;
mod stack;
mod traces;
