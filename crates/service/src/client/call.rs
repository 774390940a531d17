//! One call to another service.

use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use tracing::{Instrument, Span, field::Empty};
use url::Url;

use super::{Client, retry};
use crate::{
    Error,
    problem::Problem,
    telemetry::{self, TraceHeaders},
};

/// How much of an error's body is read, in bytes.
const PROBLEM_LIMIT: usize = 64 << 10;

/// A call being put together. What cannot be is told when it is sent.
#[must_use = "a call does nothing until it is sent"]
#[derive(Debug)]
pub struct Call {
    client: Client,
    method: Method,
    url: Result<Url, Error>,
    headers: HeaderMap,
    body: Body,
    deadline: Duration,
    idempotent: bool,
}

#[derive(Debug)]
enum Body {
    None,
    Bytes(Bytes),
    /// Can be sent once, so such a call is tried once.
    Stream(reqwest::Body),
}

impl Call {
    pub(super) fn new(client: &Client, method: Method, url: Result<Url, Error>) -> Self {
        let idempotent = retry::is_idempotent(&method);
        Self {
            client: client.clone(),
            method,
            url,
            headers: HeaderMap::new(),
            body: Body::None,
            deadline: client.deadline,
            idempotent,
        }
    }

    /// Adds `key=value` to the query, encoded.
    pub fn query(mut self, key: &str, value: impl AsRef<str>) -> Self {
        if let Ok(url) = &mut self.url {
            url.query_pairs_mut().append_pair(key, value.as_ref());
        }
        self
    }

    /// Adds `key=value` to the query where there is a value.
    pub fn query_opt(self, key: &str, value: Option<impl AsRef<str>>) -> Self {
        match value {
            Some(value) => self.query(key, value),
            None => self,
        }
    }

    /// Sets a header.
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        match HeaderValue::from_str(value) {
            Ok(value) => {
                self.headers.insert(name, value);
            }
            Err(_) => {
                self.url = Err(Error::Request(format!(
                    "the header {name} has no valid value"
                )));
            }
        }
        self
    }

    /// Sends `value` as JSON.
    pub fn json(mut self, value: &impl Serialize) -> Self {
        match serde_json::to_vec(value) {
            Ok(body) => {
                self.headers
                    .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
                self.body = Body::Bytes(body.into());
            }
            Err(error) => self.url = Err(Error::Request(error.to_string())),
        }
        self
    }

    /// Sends these bytes.
    pub fn bytes(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Body::Bytes(body.into());
        self
    }

    /// Streams the body. It can be sent once, so the call is not retried.
    pub fn stream(mut self, body: impl Into<reqwest::Body>) -> Self {
        self.body = Body::Stream(body.into());
        self
    }

    /// How long the call may take in all: attempts, pauses, and the body read by
    /// [`Call::receive`] and its like.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Says that doing it twice is doing it once, whatever the method: the call
    /// may be retried after it was sent.
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Sends it and reads the answer as JSON.
    pub async fn receive<T: DeserializeOwned>(self) -> Result<T, Error> {
        let target = self.client.target();
        let body = self.receive_bytes().await?;
        serde_json::from_slice(&body).map_err(|error| Error::Unexpected {
            target,
            reason: error.to_string(),
        })
    }

    /// Sends it and reads the answer as JSON, where 404 means that there is none.
    pub async fn receive_opt<T: DeserializeOwned>(self) -> Result<Option<T>, Error> {
        match self.receive().await {
            Ok(value) => Ok(Some(value)),
            Err(Error::Problem(problem)) if problem.status == 404 => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Sends it and reads the answer's bytes.
    pub async fn receive_bytes(self) -> Result<Bytes, Error> {
        let (target, deadline) = (self.client.target(), self.deadline);
        let response = self.send().await?;
        response
            .bytes()
            .await
            .map_err(|error| failed(error, target, deadline))
    }

    /// Sends it and gives status, headers and body, whatever they are: for services
    /// whose errors are not problems.
    pub async fn answer(self) -> Result<(u16, HeaderMap, Bytes), Error> {
        let (target, deadline) = (self.client.target(), self.deadline);
        let mut response = self.dispatch().await?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = response
            .bytes()
            .await
            .map_err(|error| failed(error, target, deadline))?;
        Ok((status, headers, body))
    }

    /// Sends it and gives the answer, whose body may be streamed within the
    /// deadline. An answer of 400 and above is an error.
    pub async fn send(self) -> Result<Response, Error> {
        let answer = self.dispatch().await?;
        let status = answer.status();
        if status.is_client_error() || status.is_server_error() {
            return Err(problem(answer, status).await.into());
        }
        Ok(answer)
    }

    async fn dispatch(self) -> Result<Response, Error> {
        let url = self.url?;
        // The trace is read here: the runtime's threads know nothing of it.
        let trace = TraceHeaders::current();
        // A call that nobody records is part of the work that makes it.
        let span = if telemetry::is_recorded() {
            call_span(&self.method, &self.client.target(), &url)
        } else {
            Span::current()
        };
        let ready = Ready {
            client: self.client,
            method: self.method,
            url,
            headers: self.headers,
            deadline: self.deadline,
            idempotent: self.idempotent,
        };
        let runtime = ready.client.runtime.clone();
        let work = ready.attempts(self.body, trace).instrument(span);
        let mut task = Abort(runtime.spawn(work));
        (&mut task.0)
            .await
            .map_err(|error| Error::Request(error.to_string()))?
    }
}

fn call_span(method: &Method, target: &str, url: &Url) -> Span {
    tracing::info_span!(
        "call",
        otel.name = format!("{method} {target}"),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = %method,
        server.address = url.host_str(),
        url.path = url.path(),
        http.response.status_code = Empty,
    )
}

/// Ends the request when whoever awaits it goes away.
struct Abort<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Abort<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A call with a valid address.
struct Ready {
    client: Client,
    method: Method,
    url: Url,
    headers: HeaderMap,
    deadline: Duration,
    idempotent: bool,
}

impl Ready {
    async fn attempts(mut self, body: Body, trace: TraceHeaders) -> Result<Response, Error> {
        self.add_trace(&trace);
        let until = Instant::now() + self.deadline;
        let (mut stream, bytes) = match body {
            Body::None => (None, None),
            Body::Bytes(bytes) => (None, Some(bytes)),
            Body::Stream(stream) => (Some(stream), None),
        };
        let once = stream.is_some();
        let mut attempt = 0;
        loop {
            let body = stream.take().or_else(|| bytes.clone().map(Into::into));
            let outcome = self.attempt(body, until).await;
            let wait = self.wait_before_next(&outcome, attempt);
            match wait {
                Some(wait)
                    if !once && attempt + 1 < retry::ATTEMPTS && Instant::now() + wait < until =>
                {
                    tracing::debug!(attempt, wait_ms = wait.as_millis() as u64, "trying again");
                    tokio::time::sleep(wait).await;
                    attempt += 1;
                }
                _ => return self.conclude(outcome),
            }
        }
    }

    /// The span of the call is the parent of what the other service does, where
    /// spans are recorded; else what came in is passed on.
    fn add_trace(&mut self, outer: &TraceHeaders) {
        let inner = TraceHeaders::current();
        let trace = if inner.traceparent.is_some() {
            &inner
        } else {
            outer
        };
        for (name, value) in [
            ("traceparent", &trace.traceparent),
            ("tracestate", &trace.tracestate),
        ] {
            if let Some(value) = value
                .as_deref()
                .and_then(|value| HeaderValue::from_str(value).ok())
            {
                self.headers.insert(HeaderName::from_static(name), value);
            }
        }
    }

    async fn attempt(
        &self,
        body: Option<reqwest::Body>,
        until: Instant,
    ) -> reqwest::Result<Response> {
        let mut request = self
            .client
            .http
            .request(self.method.clone(), self.url.clone())
            .headers(self.headers.clone())
            .timeout(until.saturating_duration_since(Instant::now()));
        if let Some(body) = body {
            request = request.body(body);
        }
        request.send().await
    }

    /// How long to wait before the next attempt; `None` if this one counts.
    fn wait_before_next(
        &self,
        outcome: &reqwest::Result<Response>,
        attempt: u32,
    ) -> Option<Duration> {
        let pause = retry::pause(attempt);
        match outcome {
            Ok(answer) if retry::is_transient(answer.status()) && self.idempotent => {
                Some(retry::retry_after(answer).map_or(pause, |asked| asked.max(pause)))
            }
            Ok(_) => None,
            // The request never left: trying again is safe whatever it is.
            Err(error) if error.is_connect() => Some(pause),
            Err(error) if error.is_timeout() || error.is_builder() => None,
            Err(_) => self.idempotent.then_some(pause),
        }
    }

    fn conclude(self, outcome: reqwest::Result<Response>) -> Result<Response, Error> {
        // Without a span of its own the call has nothing to add to that of its caller.
        let span = if telemetry::is_recorded() {
            Span::current()
        } else {
            Span::none()
        };
        let failed_there = match &outcome {
            Ok(answer) => {
                span.record("http.response.status_code", answer.status().as_u16());
                answer.status().is_server_error()
            }
            Err(_) => true,
        };
        if failed_there {
            span.record("otel.status_code", "ERROR");
        }
        outcome.map_err(|error| failed(error, self.client.target(), self.deadline))
    }
}

/// The problem an answer tells; one made of its status if it tells none.
async fn problem(answer: Response, status: StatusCode) -> Problem {
    let retry_after_s = retry::retry_after(&answer).map(|wait| wait.as_secs());
    let told = match answer.content_length() {
        Some(length) if length > PROBLEM_LIMIT as u64 => None,
        _ => answer.bytes().await.ok(),
    };
    let mut problem = told
        .filter(|body| body.len() <= PROBLEM_LIMIT)
        .and_then(|body| serde_json::from_slice::<Problem>(&body).ok())
        .filter(|problem| problem.status == status.as_u16())
        .unwrap_or_else(|| Problem::of_status(status.as_u16()));
    problem.retry_after_s = problem.retry_after_s.or(retry_after_s);
    problem
}

fn failed(error: reqwest::Error, target: String, deadline: Duration) -> Error {
    // A connection that did not open in its own, shorter time is no late answer.
    if error.is_timeout() && !error.is_connect() {
        Error::Deadline {
            target,
            after_ms: deadline.as_millis() as u64,
        }
    } else if error.is_decode() || error.is_body() {
        Error::Unexpected {
            target,
            reason: error.without_url().to_string(),
        }
    } else {
        Error::Unreachable {
            target,
            source: error.without_url(),
        }
    }
}
