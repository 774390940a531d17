//! Takes jobs from the queue, keeps their leases while they are worked on, and
//! says how they ended.
//!
//! A worker that dies says nothing, and need not: its lease runs out and
//! another takes the job. A worker that is told to stop hands its job back
//! untried.

mod program;
mod progress;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use service::telemetry::{self, TraceHeaders};
use store::{
    ClaimJob, ClaimedJob, Error, FailJob, JobKind, JobLease, Lease, LeaseId, RenewJob, Store,
};
use tokio_util::sync::CancellationToken;
use tracing::{field, info, info_span, warn};

pub use program::WorkerArgs;
pub use progress::Progress;

/// How long a lease lasts unless renewed, ms: how long a job waits after its
/// worker died.
const LEASE_MS: i64 = 30_000;
/// How often progress is looked at; what changed is told, which renews the lease,
/// and every twentieth time it is renewed without.
const TICK: Duration = Duration::from_millis(250);
const TICKS_PER_RENEWAL: u32 = 20;
/// How long a claim waits for work, ms.
const WAIT_MS: u64 = 20_000;
/// Pause after the queue could not be asked.
const PAUSE: Duration = Duration::from_secs(1);

/// Something that works on one kind of job.
#[async_trait]
pub trait Work: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> JobKind;

    /// Works on one job. Looks at [`Progress::is_stopped`] between steps, and
    /// may then return whatever it has: nobody wants the result any more.
    async fn work(&self, job: &ClaimedJob, progress: &Progress) -> Result<(), Failure>;
}

/// A try that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Why and what to do, for people.
    pub message: String,
    /// Why, for metrics: one of a few words.
    pub reason: &'static str,
    /// Whether another try may end otherwise.
    pub retry: bool,
}

/// The store refused what the work wanted to keep.
impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        warn!(%error, "the store refused a result");
        Self {
            message: "The result could not be kept.".to_owned(),
            reason: "store",
            retry: true,
        }
    }
}

/// Works on jobs, `workers` at a time, until `stop`.
pub async fn run(
    store: Arc<dyn Store>,
    work: Arc<dyn Work>,
    workers: usize,
    name: String,
    stop: CancellationToken,
) {
    let loops = (0..workers).map(|n| {
        let one = Worker {
            store: Arc::clone(&store),
            work: Arc::clone(&work),
            name: format!("{name}/{n}"),
            stop: stop.clone(),
        };
        tokio::spawn(async move { one.run().await })
    });
    for ended in loops.collect::<Vec<_>>() {
        if let Err(error) = ended.await {
            warn!(%error, "a worker ended");
        }
    }
}

struct Worker {
    store: Arc<dyn Store>,
    work: Arc<dyn Work>,
    name: String,
    stop: CancellationToken,
}

impl Worker {
    async fn run(&self) {
        while !self.stop.is_cancelled() {
            let claim = self.store.claim_job(ClaimJob {
                kinds: vec![self.work.kind()],
                worker: self.name.clone(),
                lease: LeaseId::random(),
                lease_ms: LEASE_MS,
                wait_ms: WAIT_MS,
            });
            let claimed = tokio::select! {
                claimed = claim => claimed,
                // A job claimed in this very moment comes back when its lease
                // runs out.
                () = self.stop.cancelled() => return,
            };
            match claimed {
                Ok(Some(job)) => self.take(job).await,
                Ok(None) => {}
                Err(error) => {
                    warn!(%error, "the queue does not answer");
                    tokio::select! {
                        () = tokio::time::sleep(PAUSE) => {}
                        () = self.stop.cancelled() => return,
                    }
                }
            }
        }
    }

    async fn take(&self, claimed: ClaimedJob) {
        let kind = claimed.job.kind.name();
        // Part of the trace of the request that made the job.
        let trace = TraceHeaders::of(claimed.trace.as_deref());
        let span = trace.span(|trace_id| {
            info_span!(
                "job",
                otel.name = format!("job {kind}"),
                otel.kind = "consumer",
                kind,
                job = %claimed.job.id,
                trace_id = trace_id.map(field::display),
            )
        });
        let began = Instant::now();
        let outcome = telemetry::follow(&trace, span.clone(), self.attend(claimed)).await;
        let seconds = began.elapsed().as_secs_f64();
        metrics::histogram!("pdf_compare_job_duration_seconds", "kind" => kind, "outcome" => outcome)
            .record(seconds);
        span.in_scope(|| info!(outcome, seconds, "job ended"));
    }

    /// Works on a job while its lease is kept; how it ended, for metrics.
    async fn attend(&self, claimed: ClaimedJob) -> &'static str {
        let held = JobLease {
            job: claimed.job.id,
            lease: claimed.lease,
        };
        let progress = Progress::default();
        let result = {
            let work = self.work.work(&claimed, &progress);
            tokio::pin!(work);
            let keep = self.keep(held, &progress);
            tokio::pin!(keep);
            tokio::select! {
                result = &mut work => Some(result),
                () = &mut keep => {
                    // Told to stop; it ends at its next step, and holds its
                    // place until then so that no two run at once here.
                    progress.stop();
                    let _ = work.await;
                    None
                }
            }
        };
        let kind = claimed.job.kind.name();
        let (outcome, told) = match result {
            Some(Ok(())) => ("done", self.store.finish_job(held).await),
            Some(Err(failure)) => {
                metrics::counter!(
                    "pdf_compare_job_failures_total", "kind" => kind, "reason" => failure.reason
                )
                .increment(1);
                let outcome = if failure.retry { "retried" } else { "failed" };
                let fail = FailJob {
                    held,
                    error: failure.message,
                    retry: failure.retry,
                };
                (outcome, self.store.fail_job(fail).await)
            }
            None if self.stop.is_cancelled() => ("returned", self.store.return_job(held).await),
            None => ("cancelled", Ok(())),
        };
        match told {
            Ok(()) => outcome,
            Err(Error::LeaseLost) => "cancelled",
            Err(error) => {
                // The lease runs out, and the job is done again.
                warn!(%error, "the end of a job could not be kept");
                "retried"
            }
        }
    }

    /// Keeps a lease; returns when the work must stop.
    async fn keep(&self, held: JobLease, progress: &Progress) {
        let mut ticks = 0;
        let mut told = (String::new(), 0, 0);
        loop {
            tokio::select! {
                () = tokio::time::sleep(TICK) => {}
                () = self.stop.cancelled() => return,
            }
            ticks += 1;
            let now = progress.get();
            if now == told && ticks % TICKS_PER_RENEWAL != 0 {
                continue;
            }
            let (stage, done, total) = now.clone();
            let renew = RenewJob {
                held,
                lease_ms: LEASE_MS,
                stage,
                done,
                total,
            };
            match self.store.renew_job(renew).await {
                Ok(Lease::Held) => told = now,
                Ok(Lease::Lost) | Err(Error::LeaseLost | Error::NotFound) => return,
                // Tried again at the next tick; the lease may outlast it.
                Err(error) => warn!(%error, "a lease could not be renewed"),
            }
        }
    }
}
