//! Numbers that only the store knows, for `/metrics`.

use std::sync::Arc;
use std::time::Duration;

use store::{JobKind, JobState, Statistics, Store};

const ROUND: Duration = Duration::from_secs(10);

/// Refreshes the numbers for ever.
pub(crate) async fn refresh(store: Arc<dyn Store>) {
    let mut interval = tokio::time::interval(ROUND);
    interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        match store.statistics(()).await {
            Ok(numbers) => set(&numbers),
            Err(error) => tracing::warn!(%error, "no numbers of the queue"),
        }
    }
}

fn set(numbers: &Statistics) {
    let states = [
        (JobState::Queued, "queued"),
        (JobState::Running, "running"),
        (JobState::Failed, "failed"),
    ];
    for kind in JobKind::ALL {
        let mut oldest_ms = 0;
        for (state, name) in states {
            let of = numbers
                .jobs
                .iter()
                .find(|jobs| jobs.kind == kind && jobs.state == state);
            if state == JobState::Queued {
                oldest_ms = of.map_or(0, |jobs| jobs.oldest_ms);
            }
            metrics::gauge!("pdf_compare_jobs", "kind" => kind.name(), "state" => name)
                .set(of.map_or(0, |jobs| jobs.count) as f64);
        }
        metrics::gauge!("pdf_compare_jobs_oldest_age_seconds", "kind" => kind.name())
            .set(oldest_ms as f64 / 1000.0);
    }
    metrics::gauge!("pdf_compare_sessions").set(numbers.sessions as f64);
}
