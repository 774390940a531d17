//! Logs, traces and metrics, set up once in a process.
//!
//! Logs go to standard error as text or to standard output as JSON lines, quiet
//! unless `RUST_LOG` says otherwise. Traces are sent to an OpenTelemetry collector
//! where one is set. Metrics are collected by the `metrics` macros and rendered for
//! `/metrics`.

mod log;
mod metrics;
mod otlp;
mod trace;

use std::sync::{Mutex, PoisonError};

use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::settings::TelemetryArgs;

pub(crate) use self::trace::records_read;
pub use self::{
    metrics::render,
    trace::{TraceHeaders, blocking, follow, is_recorded, trace_id},
};

/// Whether this process is set up already.
static STARTED: Mutex<bool> = Mutex::new(false);

/// Sends what traces are left when dropped; keep it until the process ends.
#[derive(Debug)]
#[must_use = "dropping it ends the sending of traces"]
pub struct Guard(Option<SdkTracerProvider>);

impl Guard {
    /// Sends the traces that are waiting. Blocks until they are gone or the
    /// collector's time is up; needless before dropping the guard.
    pub fn flush(&self) {
        if let Some(provider) = &self.0 {
            // The processor logs why it failed.
            let _ = provider.force_flush();
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            let _ = provider.shutdown();
        }
    }
}

/// Sets up logs, traces and metrics for `service`. The second call in a process
/// keeps what the first set up. A collector that cannot be used is told in the log
/// and is no reason not to start.
pub fn init(service: &'static str, args: &impl AsRef<TelemetryArgs>) -> Guard {
    let args = args.as_ref();
    let mut started = STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    if std::mem::replace(&mut *started, true) {
        return Guard(None);
    }
    let (provider, refused) = match otlp::provider(service, args.otlp_endpoint.as_deref()) {
        Ok(provider) => (provider, None),
        Err(reason) => (None, Some(reason)),
    };
    trace::record_one_read_in(args.trace_reads);
    log::install(args.log_format, provider.as_ref());
    if let Some(reason) = refused {
        tracing::warn!(reason, "traces are not sent");
    }
    if !args.no_metrics {
        metrics::install();
    }
    Guard(provider)
}
