//! The store behind a db-router, over HTTP.

use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use serde::Serialize;
use serde::de::DeserializeOwned;
use service::telemetry::TraceHeaders;
use tokio::runtime::Handle;
use uuid::Uuid;

use crate::{Access, Error, position};

/// Longer than the longest wait an operation asks for.
const DEADLINE: Duration = Duration::from_secs(45);
const CONNECT: Duration = Duration::from_secs(2);
/// Less than the server's keep-alive.
const IDLE: Duration = Duration::from_secs(45);
/// Tries of an operation that got no answer.
const TRIES: u32 = 4;

/// Names a write: a retry with the same name is the same write.
pub const KEY_HEADER: &str = "x-store-key";
/// Counts the tries of a write, from 1.
pub const TRY_HEADER: &str = "x-store-try";

/// Asks a db-router. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    runtime: Handle,
}

/// One answer, or why there is none.
struct Answer {
    success: bool,
    position: Option<position::Position>,
    body: Vec<u8>,
}

impl Client {
    /// For the db-router at `base` (`http://db-router:8083`). Made within the
    /// main runtime: connections belong to it, whichever thread asks.
    pub fn new(base: &str) -> Result<Self, Error> {
        let runtime = Handle::try_current().map_err(|e| Error::Broken(e.to_string()))?;
        let mut builder = service::client::plain()
            .timeout(DEADLINE)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE);
        if base.starts_with("http://") {
            builder = builder.no_proxy().tls_certs_only([]);
        }
        Ok(Self {
            http: builder.build().map_err(|e| Error::Broken(e.to_string()))?,
            base: base.trim_end_matches('/').to_owned(),
            runtime,
        })
    }

    /// Runs one operation.
    pub(crate) async fn call<Q, A>(
        &self,
        name: &str,
        access: Access,
        request: &Q,
    ) -> Result<A, Error>
    where
        Q: Serialize + Sync,
        A: DeserializeOwned,
    {
        let body = serde_json::to_vec(request).map_err(|e| Error::Invalid(e.to_string()))?;
        let key = Uuid::new_v4();
        let mut tries = 1;
        loop {
            let mut post = self
                .http
                .post(format!("{}/store/{name}", self.base))
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
            for (name, value) in trace() {
                post = post.header(name, value);
            }
            if access == Access::Write {
                post = post
                    .header(KEY_HEADER, key.simple().to_string())
                    .header(TRY_HEADER, tries);
            }
            if let Some(position) = position::current() {
                post = post.header(position::HEADER, position.to_string());
            }
            let error = match self.send(post).await {
                Ok(answer) if answer.success => {
                    if let Some(position) = answer.position {
                        position::note(position);
                    }
                    return serde_json::from_slice(&answer.body)
                        .map_err(|e| Error::Broken(e.to_string()));
                }
                Ok(answer) => serde_json::from_slice(&answer.body).unwrap_or_else(|_| {
                    Error::Unavailable("the db-router answered something else".to_owned())
                }),
                Err(error) => error,
            };
            // A write goes by its key: sent twice, it is done once.
            if tries == TRIES || !matches!(error, Error::Unavailable(_)) {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(100 << tries)).await;
            tries += 1;
        }
    }

    async fn send(&self, post: reqwest::RequestBuilder) -> Result<Answer, Error> {
        let sent = self.runtime.spawn(async move {
            let response = post.send().await?;
            let position = response
                .headers()
                .get(position::HEADER)
                .and_then(|value| value.to_str().ok()?.parse().ok());
            Ok::<_, reqwest::Error>(Answer {
                success: response.status().is_success(),
                position,
                body: response.bytes().await?.into(),
            })
        });
        // A caller that gives up takes its request along: a db-router must not
        // hand a job to nobody.
        let mut sent = AbortOnDrop(sent);
        (&mut sent.0)
            .await
            .map_err(|e| Error::Unavailable(e.to_string()))?
            .map_err(|e| Error::Unavailable(e.to_string()))
    }
}

/// The headers that let the db-router's spans join the trace at hand.
fn trace() -> impl Iterator<Item = (&'static str, String)> {
    let headers = TraceHeaders::current();
    [
        ("traceparent", headers.traceparent),
        ("tracestate", headers.tracestate),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
}

struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
