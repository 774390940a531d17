//! The browser application and the comparing workers.

mod worker;

pub use worker::Comparer;
