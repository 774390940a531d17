//! Metrics in Prometheus' text format.

use std::{sync::OnceLock, thread, time::Duration};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

struct Metrics {
    handle: PrometheusHandle,
    process: Collector,
}

static METRICS: OnceLock<Metrics> = OnceLock::new();

/// Upper bounds of every histogram of durations, in seconds: from a cached page
/// to a long comparison.
const SECONDS: [f64; 16] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0,
    600.0,
];

/// How often samples of histograms are put into their buckets when nobody asks
/// for them; they would take memory without end.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder, unless the process has one.
pub(super) fn install() {
    let built = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .map(PrometheusBuilder::install_recorder);
    let handle = match built {
        Ok(Ok(handle)) => handle,
        Ok(Err(error)) | Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "no metrics");
            return;
        }
    };
    let process = Collector::default();
    process.describe();
    crate::http::describe_metrics();
    let upkeep = handle.clone();
    thread::Builder::new()
        .name("metrics-upkeep".to_owned())
        .spawn(move || {
            loop {
                thread::sleep(UPKEEP);
                upkeep.run_upkeep();
            }
        })
        .map_or_else(
            |error| tracing::warn!(%error, "metrics are tidied when they are read only"),
            drop,
        );
    let _ = METRICS.set(Metrics { handle, process });
}

/// What `/metrics` answers; empty before [`super::init`].
pub fn render() -> String {
    METRICS.get().map_or_else(String::new, |metrics| {
        metrics.process.collect();
        metrics.handle.render()
    })
}
