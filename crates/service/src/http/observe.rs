//! The middleware that sees every request.

mod access;
mod mend;
mod middleware;
mod request_id;

pub use middleware::Observe;
pub use request_id::RequestId;

pub(crate) use access::describe_metrics;
