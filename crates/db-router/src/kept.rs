//! A [`Store`] from a database: each operation is one transaction, and those
//! that wait do so outside of any.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
// The list of operations names nearly all of them.
#[allow(clippy::wildcard_imports)]
use store::*;
use tracing::Instrument as _;

use crate::operations;
use crate::postgres::NodeReport;
use crate::signals::Signals;
use crate::spans;
use crate::sql::Transaction;

/// How long to wait for a signal before looking all the same: jobs fall due
/// and leases end without one, and one may be lost.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// The longest wait an operation may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What runs inside a transaction.
pub type Body<Q, A> =
    for<'t> fn(&'t mut dyn Transaction, &'t Q) -> BoxFuture<'t, Result<A, crate::Error>>;

/// A database.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Runs a body inside one transaction. It may run more than once, until
    /// one run is committed.
    async fn run<Q, A>(
        &self,
        access: Access,
        request: Arc<Q>,
        body: Body<Q, A>,
    ) -> Result<A, crate::Error>
    where
        Q: Send + Sync + 'static,
        A: Serialize + DeserializeOwned + Send + 'static;

    /// Whom to wake.
    fn signals(&self) -> &Signals;

    /// Whether it takes writes; the error says why not.
    async fn ready(&self) -> Result<(), String>;

    /// What is known of its nodes.
    fn topology(&self) -> Vec<NodeReport>;
}

/// Runs one operation and counts it.
pub(crate) async fn once<E: Engine, Q, A>(
    engine: &E,
    name: &'static str,
    access: Access,
    request: Arc<Q>,
    body: Body<Q, A>,
) -> Result<A, Error>
where
    Q: Send + Sync + 'static,
    A: Serialize + DeserializeOwned + Send + 'static,
{
    let start = Instant::now();
    let work = engine.run(access, request, body);
    let answer = work.instrument(spans::operation(name)).await;
    metrics::histogram!("pdf_compare_db_operation_duration_seconds", "operation" => name)
        .record(start.elapsed().as_secs_f64());
    let answer = answer.map_err(|error| error.into_answer(name));
    if access == Access::Write {
        let outcome = match &answer {
            Ok(_) => "done",
            Err(Error::Unavailable(_)) => "unavailable",
            Err(Error::Broken(_)) => "broken",
            Err(_) => "refused",
        };
        metrics::counter!("pdf_compare_db_writes_total", "outcome" => outcome).increment(1);
    }
    answer
}

/// Asks again and again, whenever there may be an answer, until there is one
/// or `wait_ms` is over.
pub(crate) async fn until<A, F>(
    wait_ms: u64,
    signal: &tokio::sync::Notify,
    done: impl Fn(&A) -> bool,
    mut ask: impl FnMut() -> F,
) -> Result<A, Error>
where
    F: Future<Output = Result<A, Error>>,
{
    let deadline = Instant::now() + Duration::from_millis(wait_ms).min(LONGEST_WAIT);
    loop {
        let woken = signal.notified();
        tokio::pin!(woken);
        // From here on no signal is missed.
        woken.as_mut().enable();
        let answer = ask().await?;
        let left = deadline.saturating_duration_since(Instant::now());
        if done(&answer) || left.is_zero() {
            return Ok(answer);
        }
        let _ = tokio::time::timeout(left.min(LOOK_AGAIN), woken).await;
    }
}

/// Implements [`Store`] for a type with an `Engine` in its field `0`.
macro_rules! implement {
    ($( $(#[$doc:meta])* $access:ident $name:ident($request:ty) -> $response:ty; )*) => {
        #[async_trait]
        impl<E: Engine> Store for Kept<E> {
            $( async fn $name(&self, request: $request) -> Result<$response, Error> {
                implement!(@body $name, self, Arc::new(request), implement!(@access $access))
            } )*
        }
    };
    (@access read) => { Access::Read };
    (@access latest) => { Access::Latest };
    (@access write) => { Access::Write };
    (@body claim_job, $self:ident, $request:expr, $access:expr) => {{
        let request = $request;
        let signal = $self.0.signals().queue();
        until(request.wait_ms, &signal, Option::is_some, || {
            implement!(@body claimed_once, $self, Arc::clone(&request), $access)
        })
        .await
    }};
    (@body claimed_once, $self:ident, $request:expr, $access:expr) => {
        once(&$self.0, "claim_job", $access, $request, |tx, request| {
            Box::pin(operations::claim_job(tx, request))
        })
    };
    (@body watch, $self:ident, $request:expr, $access:expr) => {{
        let request = $request;
        let signal = $self.0.signals().workspace(request.workspace);
        let first = request.after.is_none();
        until(
            request.wait_ms,
            &signal,
            |changes: &Changes| first || !changes.jobs.is_empty(),
            || {
                once(&$self.0, "watch", $access, Arc::clone(&request), |tx, request| {
                    Box::pin(operations::watch(tx, request))
                })
            },
        )
        .await
    }};
    (@body $name:ident, $self:ident, $request:expr, $access:expr) => {
        once(&$self.0, stringify!($name), $access, $request, |tx, request| {
            Box::pin(operations::$name(tx, request))
        })
        .await
    };
}

/// A database as a [`Store`].
pub struct Kept<E>(pub(crate) E);

for_each_operation!(implement);
