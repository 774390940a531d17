//! What is sent and answered, as JSON.

mod comparison;
mod document;
mod job;
mod session;

pub use comparison::*;
pub use document::*;
pub use job::*;
pub use session::*;

use serde::Serialize;
use utoipa::ToSchema;

/// Part of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// To be sent as `cursor` for what follows; `null` at the end.
    #[schema(required)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From what the store answers.
    pub(crate) fn of<S: Into<T>>(listing: store::Listing<S>) -> Self {
        Self {
            items: listing.items.into_iter().map(Into::into).collect(),
            next: listing.next,
        }
    }
}

/// A problem, as in RFC 9457. Every error is answered with one, as
/// `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The stable name of the kind of problem.
    #[schema(example = "/problems/not-found")]
    pub r#type: String,
    /// The kind, for people.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong this time and what to do about it.
    pub detail: Option<String>,
    /// When to try again, seconds.
    pub retry_after_s: Option<u64>,
    /// Names the request in the service's log.
    pub trace_id: Option<String>,
}
