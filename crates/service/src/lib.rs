//! What every service shares: settings, telemetry, health, problems, shutdown.
//!
//! A service's `main` reads its settings ([`settings`]), starts [`telemetry`],
//! listens for the signal to end ([`shutdown`]) and starts one [`http`] server.
//! It answers errors as [`problem`]s, calls other services by [`client`] and
//! keeps files in [`blobs`].

pub mod blobs;
pub mod client;
mod error;
pub mod http;
pub mod problem;
pub mod program;
pub mod settings;
pub mod shutdown;
pub mod telemetry;
mod tls;

pub use blobs::BlobError;
pub use error::Error;
