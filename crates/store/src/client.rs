//! The store behind a db-router, over HTTP.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Access, Error};

/// Longer than the longest wait an operation asks for.
const DEADLINE: Duration = Duration::from_secs(45);

/// Asks a db-router.
#[derive(Clone, Debug)]
pub struct Client(service::client::Client);

impl Client {
    /// For the db-router at `base` (`http://db-router:8083`). Call it in the
    /// process's main runtime.
    pub fn new(base: &str) -> Result<Self, Error> {
        let client =
            service::client::Client::new(base).map_err(|e| Error::Broken(e.to_string()))?;
        Ok(Self(client.with_deadline(DEADLINE)))
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
        let mut call = self.0.post(&format!("/store/{name}")).json(request);
        // What never arrived is sent again in any case; of a write that may have
        // arrived, only its own names tell whether it did.
        if access == Access::Read {
            call = call.idempotent();
        }
        let (status, body) = call.answer().await.map_err(|e| match e {
            service::Error::Request(reason) => Error::Invalid(reason),
            e => Error::Unavailable(e.to_string()),
        })?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&body).map_err(|e| Error::Broken(e.to_string()));
        }
        Err(serde_json::from_slice(&body)
            .unwrap_or_else(|_| Error::Unavailable(format!("db-router answered {status}"))))
    }
}
