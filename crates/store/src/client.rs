//! The store behind a db-router, over HTTP.

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Access, Error};

/// Longer than the longest wait an operation asks for.
const DEADLINE: Duration = Duration::from_secs(45);
/// Tries of a read, or of anything that did not reach the db-router.
const TRIES: u32 = 4;

/// Asks a db-router.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

impl Client {
    /// For the db-router at `base` (`http://db-router:8083`).
    pub fn new(base: &str) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .timeout(DEADLINE)
            .connect_timeout(Duration::from_secs(2))
            .build()
            .map_err(|e| Error::Broken(e.to_string()))?;
        Ok(Self {
            http,
            base: base.trim_end_matches('/').to_owned(),
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
        let url = format!("{}/store/{name}", self.base);
        let mut tries = 0;
        loop {
            tries += 1;
            let answer = self
                .http
                .post(&url)
                .header("content-type", "application/json")
                .body(body.clone())
                .send()
                .await;
            let response = match answer {
                Ok(response) => response,
                Err(e) => {
                    // What never arrived can be sent again; of a write that may
                    // have arrived, only its own names tell whether it did.
                    if tries < TRIES && (e.is_connect() || access == Access::Read) {
                        tokio::time::sleep(Duration::from_millis(100 << tries)).await;
                        continue;
                    }
                    return Err(Error::Unavailable(e.to_string()));
                }
            };
            let status = response.status();
            let bytes = response
                .bytes()
                .await
                .map_err(|e| Error::Unavailable(e.to_string()))?;
            if status.is_success() {
                return serde_json::from_slice(&bytes).map_err(|e| Error::Broken(e.to_string()));
            }
            let error = serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| Error::Unavailable(format!("db-router answered {status}")));
            if tries < TRIES && matches!(error, Error::Unavailable(_)) && access == Access::Read {
                tokio::time::sleep(Duration::from_millis(100 << tries)).await;
                continue;
            }
            return Err(error);
        }
    }
}
