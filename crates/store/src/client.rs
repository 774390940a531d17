//! The store behind a db-router, over HTTP.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderName;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::position::{self, Position};
use crate::{Access, Error};

/// Longer than the longest wait an operation asks for.
const DEADLINE: Duration = Duration::from_secs(45);

/// Header that names a write: sent twice with the same name, it is done once.
pub const KEY_HEADER: &str = "x-store-key";

/// Asks a db-router. Clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: service::client::Client,
    /// After the last write of this process: for callers that keep no position
    /// of their own.
    latest: Arc<Mutex<Option<Position>>>,
}

impl Client {
    /// For the db-router at `base` (`http://db-router:8083`). Call it in the
    /// process's main runtime.
    pub fn new(base: &str) -> Result<Self, Error> {
        let client =
            service::client::Client::new(base).map_err(|e| Error::Broken(e.to_string()))?;
        Ok(Self {
            http: client.with_deadline(DEADLINE),
            latest: Arc::default(),
        })
    }

    fn latest(&self) -> MutexGuard<'_, Option<Position>> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs one operation; what got no answer is asked again.
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
        let path = format!("/store/{name}");
        let mut call = self.http.post(&path).json(request).idempotent();
        if access == Access::Write {
            let key = Uuid::new_v4().simple().to_string();
            call = call.header(HeaderName::from_static(KEY_HEADER), &key);
        }
        let seen = position::current().or_else(|| *self.latest());
        if let Some(position) = seen {
            let header = HeaderName::from_static(position::HEADER);
            call = call.header(header, &position.to_string());
        }
        let (status, headers, body) = call.answer().await.map_err(|e| match e {
            service::Error::Request(reason) => Error::Invalid(reason),
            e => Error::Unavailable(e.to_string()),
        })?;
        if (200..300).contains(&status) {
            let reached = headers
                .get(position::HEADER)
                .and_then(|value| value.to_str().ok()?.parse().ok());
            if let Some(reached) = reached {
                position::note(reached);
                let mut latest = self.latest();
                *latest = latest.max(Some(reached));
            }
            return serde_json::from_slice(&body).map_err(|e| Error::Broken(e.to_string()));
        }
        Err(serde_json::from_slice(&body)
            .unwrap_or_else(|_| Error::Unavailable(format!("db-router answered {status}"))))
    }
}
