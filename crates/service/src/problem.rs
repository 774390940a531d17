//! Errors as clients see them: problem details, RFC 9457.

mod answer;
mod extract;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use answer::{CONTENT_TYPE, respond};
pub use extract::{configure, not_found};

/// An error as a client sees it. Nothing in it comes from inside: what went
/// wrong in here belongs into the log, under the same trace id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Body", into = "Body")]
pub struct Problem {
    /// The stable name clients switch on, the last part of `type`:
    /// `too-large` of `/problems/too-large`.
    pub kind: Cow<'static, str>,
    /// The HTTP status code.
    pub status: u16,
    /// The kind, for people; the same for every problem of that kind.
    pub title: String,
    /// What is wrong this time and what to do about it.
    pub detail: Option<String>,
    /// When to try again, in seconds; the answer's `Retry-After`.
    pub retry_after_s: Option<u64>,
    /// What else a program may want to know, as members of the body. An answer
    /// has `trace_id` here, the trace of its request (32 hexadecimal digits).
    pub extra: Map<String, Value>,
}

impl Problem {
    /// A problem of this kind. `kind` is part of the interface: never rename one.
    pub fn new(status: u16, kind: impl Into<Cow<'static, str>>, title: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            status,
            title: title.into(),
            detail: None,
            retry_after_s: None,
            extra: Map::new(),
        }
    }

    /// Says what is wrong this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Says when to try again, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Adds a member to the body.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(key.into(), value.into());
        self
    }

    /// 400: the request is wrong, `detail` says how.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(400, "bad-request", "The request is not valid").detail(detail)
    }

    /// 401: no session, or an unknown one.
    pub fn unauthorized() -> Self {
        Self::new(401, "unauthorized", "A session is needed")
    }

    /// 403: this session may not do this.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(403, "forbidden", "This is not allowed").detail(detail)
    }

    /// 404: `what` (`"document"`) does not exist, or not for this session.
    pub fn not_found(what: impl fmt::Display) -> Self {
        Self::new(404, "not-found", "Not found").detail(format!("There is no such {what}."))
    }

    /// 409: the request does not fit what is there.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(
            409,
            "conflict",
            "The request does not fit the present state",
        )
        .detail(detail)
    }

    /// 413: more than `limit_bytes` were sent.
    pub fn too_large(limit_bytes: u64) -> Self {
        Self::new(413, "too-large", "Too large")
            .detail(format!(
                "At most {} are accepted.",
                crate::settings::Bytes(limit_bytes)
            ))
            .with("limit_bytes", limit_bytes)
    }

    /// 429: too often; again in `retry_s` seconds.
    pub fn too_many_requests(retry_s: u64) -> Self {
        Self::new(429, "too-many-requests", "Too many requests").retry_after(retry_s)
    }

    /// 503: something this needs is absent or overloaded; trying again helps.
    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::new(503, "unavailable", "Not available at the moment").detail(detail)
    }

    /// 500: our fault. The log says more under the same trace id.
    pub fn internal() -> Self {
        Self::new(500, "internal", "Something went wrong on our side")
    }

    /// The problem that says no more than `status` does.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 => Self::unauthorized(),
            404 => Self::new(404, "not-found", "Not found"),
            405 => Self::new(
                405,
                "method-not-allowed",
                "This method is not supported here",
            ),
            408 => Self::new(408, "timeout", "The request took too long to arrive"),
            413 => Self::new(413, "too-large", "Too large"),
            415 => Self::new(
                415,
                "unsupported-media-type",
                "This kind of content is not accepted",
            ),
            429 => Self::new(429, "too-many-requests", "Too many requests"),
            500 => Self::internal(),
            503 => Self::new(503, "unavailable", "Not available at the moment"),
            400..500 => Self::new(status, "bad-request", "The request is not valid"),
            _ => Self::new(status, "internal", "Something went wrong on our side"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.detail {
            Some(detail) => write!(f, "{}: {detail}", self.title),
            None => f.write_str(&self.title),
        }
    }
}

impl std::error::Error for Problem {}

/// The body on the wire.
#[derive(Serialize, Deserialize)]
struct Body {
    #[serde(rename = "type", default)]
    uri: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    #[serde(flatten)]
    extra: Map<String, Value>,
}

const PREFIX: &str = "/problems/";

impl From<Problem> for Body {
    fn from(problem: Problem) -> Self {
        Self {
            uri: format!("{PREFIX}{}", problem.kind),
            title: problem.title,
            status: problem.status,
            detail: problem.detail,
            retry_after_s: problem.retry_after_s,
            extra: problem.extra,
        }
    }
}

impl From<Body> for Problem {
    fn from(body: Body) -> Self {
        let kind = match body.uri.strip_prefix(PREFIX) {
            Some(kind) => kind.to_owned(),
            None => body.uri,
        };
        Self {
            kind: kind.into(),
            status: body.status,
            title: body.title,
            detail: body.detail,
            retry_after_s: body.retry_after_s,
            extra: body.extra,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_reads_back_as_it_was_written() {
        let problem = Problem::too_large(200 << 20)
            .retry_after(3)
            .with("field", "file");
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["type"], "/problems/too-large");
        assert_eq!(json["status"], 413);
        assert_eq!(json["limit_bytes"], 200 << 20);
        assert_eq!(json["detail"], "At most 200 MiB are accepted.");
        assert!(json.get("trace_id").is_none());
        assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    }

    #[test]
    fn somebody_elses_problem_can_be_read() {
        let problem: Problem =
            serde_json::from_str(r#"{"type": "https://example.org/odd", "balance": 3}"#).unwrap();
        assert_eq!(problem.kind, "https://example.org/odd");
        assert_eq!(problem.extra["balance"], 3);
    }
}
