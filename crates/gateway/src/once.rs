//! A request with an `Idempotency-Key` runs once, however often it is sent.

use std::future::Future;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde_json::Value;
use service::problem::Problem;
use store::{ClaimKey, KeptAnswer, KeyClaim, KeyId, SettleKey, WorkspaceId};

use crate::access::hash;
use crate::{App, Error};

/// A request without an answer for so long is taken for lost.
const STALE: Duration = Duration::from_mins(1);
/// Longest key.
const MAX_KEY: usize = 255;

/// What a request is answered.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub body: Value,
    /// Whether this was answered before.
    replayed: bool,
}

impl Answer {
    /// 202: taken, and a job does the rest.
    pub(crate) fn accepted(body: &impl Serialize) -> Result<Self, Error> {
        Self::new(StatusCode::ACCEPTED, body)
    }

    /// 201: made.
    pub(crate) fn created(body: &impl Serialize) -> Result<Self, Error> {
        Self::new(StatusCode::CREATED, body)
    }

    /// 200: done.
    pub(crate) fn done(body: &impl Serialize) -> Result<Self, Error> {
        Self::new(StatusCode::OK, body)
    }

    fn new(status: StatusCode, body: &impl Serialize) -> Result<Self, Error> {
        Ok(Self {
            status,
            body: serde_json::to_value(body).map_err(|e| Error::Broken(e.to_string()))?,
            replayed: false,
        })
    }

    pub(crate) fn respond(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        if self.replayed {
            response.insert_header(("idempotency-replayed", "true"));
        }
        response.json(self.body)
    }

    fn kept(&self) -> KeptAnswer {
        KeptAnswer {
            status: self.status.as_u16(),
            body: self.body.to_string(),
        }
    }
}

impl TryFrom<KeptAnswer> for Answer {
    type Error = Error;

    fn try_from(kept: KeptAnswer) -> Result<Self, Error> {
        let broken = |e: &dyn std::error::Error| Error::Broken(format!("a kept answer: {e}"));
        Ok(Self {
            status: StatusCode::from_u16(kept.status).map_err(|e| broken(&e))?,
            body: serde_json::from_str(&kept.body).map_err(|e| broken(&e))?,
            replayed: true,
        })
    }
}

/// Runs `work` unless the request's key was used before; then answers what was
/// answered then. `body` is what was sent, in any form that tells it from
/// other bodies. Failures are not kept: the next try runs again.
pub(crate) async fn once<F>(
    app: &App,
    request: &HttpRequest,
    workspace: WorkspaceId,
    body: &impl Serialize,
    work: F,
) -> Result<Answer, Error>
where
    F: Future<Output = Result<Answer, Error>>,
{
    let Some(key) = key(request)? else {
        return work.await;
    };
    let id = KeyId { workspace, key };
    let what = (request.method().as_str(), request.uri().to_string(), body);
    let what = serde_json::to_vec(&what).map_err(|e| Error::Broken(e.to_string()))?;
    let claim = ClaimKey {
        id: id.clone(),
        request: hash(&what),
        stale_ms: STALE.as_millis() as i64,
    };
    match app.store.claim_key(claim).await? {
        KeyClaim::Fresh => {}
        KeyClaim::Done(kept) => return kept.try_into(),
        KeyClaim::Running => {
            return Err(
                Problem::new(409, "in-progress", "This request is being served")
                    .detail("A request with the same Idempotency-Key is under way.")
                    .retry_after(1)
                    .into(),
            );
        }
        KeyClaim::Mismatch => {
            return Err(Problem::new(422, "key-reused", "The key was used before")
                .detail("Another request was sent with this Idempotency-Key; take a new one.")
                .into());
        }
    }
    match work.await {
        Ok(answer) => {
            let answer_kept = answer.kept();
            let settle = SettleKey {
                id,
                answer: answer_kept,
            };
            // Done is done: without it a repetition does the same again, which
            // the names of things make harmless.
            if let Err(error) = app.store.settle_key(settle).await {
                tracing::warn!(%error, "an answer was not kept");
            }
            Ok(answer)
        }
        Err(failure) => {
            if let Err(error) = app.store.release_key(id).await {
                tracing::warn!(%error, "a key was not given back");
            }
            Err(failure)
        }
    }
}

fn key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(key) if !key.is_empty() && key.len() <= MAX_KEY => Ok(Some(key.to_owned())),
        _ => Err(Problem::bad_request(
            "An Idempotency-Key is 1 to 255 visible ASCII characters.",
        )),
    }
}
