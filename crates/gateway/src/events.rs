//! Server-sent events: jobs as they change.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures::stream;
use service::problem::Problem;
use service::shutdown::Signal;
use store::{Changes, JobId, JobState, Watch, WorkspaceId};

use crate::access::{Caller, still_valid};
use crate::{App, bodies};

/// A sign of life this often, so that proxies keep the connection.
const BEAT: Duration = Duration::from_secs(15);
/// How soon a browser comes back after a lost connection, ms.
const RETRY_MS: u32 = 2_000;
/// How soon the store is asked again after it did not answer.
const PAUSE: Duration = Duration::from_secs(1);
/// How often it is looked whether the stream may go on.
const RECHECK: Duration = Duration::from_mins(1);

/// Streams open at this instance, by workspace.
pub(crate) struct Streams {
    limit: usize,
    open: Arc<Mutex<HashMap<WorkspaceId, usize>>>,
}

impl Streams {
    pub(crate) fn new(limit: usize) -> Self {
        // Told from the start, not only after the first stream.
        metrics::gauge!("pdf_compare_sse_connections").increment(0);
        Self {
            limit,
            open: Arc::default(),
        }
    }

    /// Counts one more, until the slot is dropped.
    fn open(&self, workspace: WorkspaceId) -> Result<Slot, Problem> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(workspace).or_default();
        if *count >= self.limit {
            return Err(Problem::too_many_requests(5).detail(format!(
                "At most {} event streams are open at a time; close one.",
                self.limit
            )));
        }
        *count += 1;
        metrics::gauge!("pdf_compare_sse_connections").increment(1);
        Ok(Slot {
            workspace,
            open: Arc::clone(&self.open),
        })
    }
}

struct Slot {
    workspace: WorkspaceId,
    open: Arc<Mutex<HashMap<WorkspaceId, usize>>>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.workspace) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.workspace);
            }
        }
        metrics::gauge!("pdf_compare_sse_connections").decrement(1);
    }
}

/// The stream of one job (which ends with it), or of all jobs of a workspace.
pub(crate) fn respond(
    app: &App,
    request: &HttpRequest,
    caller: Caller,
    job: Option<JobId>,
) -> Result<HttpResponse, Problem> {
    let slot = app.streams().open(caller.workspace)?;
    // One job's state now says all; a workspace goes on where it was.
    let after = if job.is_some() {
        None
    } else {
        last_seen(request)?
    };
    let feed = Feed {
        app: app.clone(),
        caller,
        job,
        after,
        ending: request
            .app_data::<web::Data<Signal>>()
            .map(|signal| signal.get_ref().clone()),
        checked: Instant::now(),
        state: State::Begin,
        _slot: slot,
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream::unfold(feed, |mut feed| async move {
            let chunk = feed.next().await?;
            Some((Ok::<_, Problem>(chunk), feed))
        })))
}

fn last_seen(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    match request.headers().get("last-event-id") {
        None => Ok(None),
        Some(id) => id
            .to_str()
            .ok()
            .and_then(|id| id.parse().ok())
            .filter(|id| *id >= 0)
            .map(Some)
            .ok_or_else(|| Problem::bad_request("A Last-Event-ID is the id of an event.")),
    }
}

enum State {
    Begin,
    Going,
    Ended,
}

struct Feed {
    app: App,
    caller: Caller,
    job: Option<JobId>,
    after: Option<i64>,
    ending: Option<Signal>,
    checked: Instant,
    state: State,
    _slot: Slot,
}

impl Feed {
    /// What to send next; `None` at the end.
    async fn next(&mut self) -> Option<Bytes> {
        match self.state {
            State::Begin => {
                self.state = State::Going;
                return Some(format!("retry: {RETRY_MS}\n\n").into());
            }
            State::Going => {}
            State::Ended => return None,
        }
        if self.checked.elapsed() > RECHECK {
            self.checked = Instant::now();
            if !still_valid(&self.app, &self.caller).await {
                return None;
            }
        }
        let watch = self.app.store.watch(Watch {
            workspace: self.caller.workspace,
            job: self.job,
            after: self.after,
            wait_ms: BEAT.as_millis() as u64,
        });
        let changes = match &self.ending {
            Some(ending) => ending.unless_given(watch).await?,
            None => watch.await,
        };
        match changes {
            Ok(changes) => Some(self.tell(changes)),
            Err(store::Error::Unavailable(why)) => {
                tracing::debug!(why, "the store does not answer an event stream");
                tokio::time::sleep(PAUSE).await;
                Some(Bytes::from_static(b": waiting\n\n"))
            }
            Err(store::Error::NotFound) => None,
            Err(error) => {
                tracing::error!(%error, "an event stream broke off");
                None
            }
        }
    }

    fn tell(&mut self, changes: Changes) -> Bytes {
        let mut text = String::new();
        let finished = self.job.is_some() && changes.jobs.iter().any(|job| has_ended(job.state));
        for job in changes.jobs {
            let job = bodies::Job::from(job);
            match serde_json::to_string(&job) {
                Ok(job) => {
                    // Writing to a string cannot fail.
                    let _ = write!(text, "event: job\ndata: {job}\n\n");
                }
                Err(error) => tracing::error!(%error, "a job cannot be told"),
            }
        }
        if self.after.replace(changes.version) != Some(changes.version) {
            // Alone at the end: a connection lost before it repeats the batch.
            let _ = write!(text, "id: {}\n\n", changes.version);
        }
        if finished {
            self.state = State::Ended;
            text.push_str("event: end\ndata: {}\n\n");
        }
        if text.is_empty() {
            text.push_str(":\n\n");
        }
        text.into()
    }
}

fn has_ended(state: JobState) -> bool {
    matches!(
        state,
        JobState::Done | JobState::Failed | JobState::Cancelled
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_stream_makes_room() {
        let streams = Streams::new(1);
        let workspace = WorkspaceId::random();
        let slot = streams.open(workspace).unwrap();
        assert_eq!(streams.open(workspace).err().unwrap().status, 429);
        let other = streams.open(WorkspaceId::random()).unwrap();
        drop(slot);
        assert!(streams.open(workspace).is_ok());
        drop(other);
        assert!(streams.open.lock().unwrap().is_empty());
    }
}
