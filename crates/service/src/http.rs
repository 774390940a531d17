//! One HTTP server, as every service runs it.
//!
//! [`Server`] builds the actix application with what all of them share: the trace
//! of a request, the access log, metrics by route, problems for every error and
//! panic, limits, and the three operational routes `/health`, `/ready` and
//! `/metrics`.
//!
//! actix runs `configure` once in each of its worker threads, and a request stays
//! on its worker: handlers need not be `Send`, and what they share across workers
//! must be in `web::Data` or an `Arc` made *before* the server. What is created
//! within a handler's runtime (connections, timers, spawned tasks) ends with that
//! worker; work that outlives a request belongs to the main runtime, as
//! [`crate::client::Client`] does it.

mod observe;
mod operations;
mod running;
mod server;

pub use observe::{Observe, RequestId};
pub use operations::Ready;
pub use running::Running;
pub use server::{Listen, Server, server};

pub(crate) use observe::describe_metrics;
