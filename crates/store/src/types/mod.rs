//! Requests and answers of the operations.
//!
//! Times are milliseconds since 1970 (UTC), lengths PDF points, sizes bytes.

mod comparison;
mod document;
mod ids;
mod job;
mod session;
mod upkeep;

pub use comparison::*;
pub use document::*;
pub use ids::*;
pub use job::*;
pub use session::*;
pub use upkeep::*;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 00:00 UTC.
pub type Millis = i64;

/// One page of a list, and where the next begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing<T> {
    /// The entries.
    pub items: Vec<T>,
    /// To be given back for the next page; `None` at the end. Opaque.
    pub next: Option<String>,
}

/// Which part of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slice {
    /// From [`Listing::next`]; `None` from the start.
    pub cursor: Option<String>,
    /// Entries at most; the store gives no more than 200.
    pub limit: u32,
}
