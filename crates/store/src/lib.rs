//! What is kept, as operations: the [`Store`] trait, the types it speaks in,
//! and the client that asks a db-router over HTTP.
//!
//! Services above know this crate only; the SQL behind it is db-router's.

mod client;
mod error;
mod operations;
pub mod position;
mod types;

pub use client::{Client, KEY_HEADER};
pub use error::Error;
pub use operations::{Access, OPERATIONS, Store, dispatch};
pub use types::*;
