//! The public API of a running service, as the command needs it.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::trouble::Trouble;

/// A running service, asked one thing after the other.
pub(crate) struct Api {
    http: Client,
    runtime: Runtime,
    base: String,
    token: String,
}

/// Longer than any answer may take, uploads and reports of large files included.
const DEADLINE: Duration = Duration::from_mins(10);
/// How often a job is looked at.
const LOOK: Duration = Duration::from_millis(300);

impl Api {
    /// `server` is its address, `token` one of its tokens for scripts.
    pub(crate) fn new(server: &str, token: &str) -> Result<Self, Trouble> {
        let broken = |e: &dyn std::fmt::Display| {
            Trouble::new(
                None,
                format!("cannot use the network: {e}"),
                "check the system's limits",
            )
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| broken(&e))?;
        let http = service::client::plain()
            .timeout(DEADLINE)
            .build()
            .map_err(|e| broken(&e))?;
        let base = server.trim_end_matches('/');
        if !base.starts_with("http://") && !base.starts_with("https://") {
            return Err(Trouble::new(
                Some(server),
                "is no address of a service",
                "write for example --server http://localhost:8080",
            ));
        }
        Ok(Self {
            http,
            runtime,
            base: format!("{base}/api/v1"),
            token: token.to_owned(),
        })
    }

    /// Asks for JSON.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Trouble> {
        self.json(self.request(Method::GET, path))
    }

    /// Sends JSON.
    pub(crate) fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Trouble> {
        self.json(self.request(Method::POST, path).json(body))
    }

    /// Sends a PDF.
    pub(crate) fn upload<T: DeserializeOwned>(
        &self,
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<T, Trouble> {
        let request = self
            .request(Method::POST, "/documents")
            .query(&[("name", name)])
            .header("content-type", "application/pdf")
            .body(bytes);
        self.json(request)
    }

    /// Asks for bytes.
    pub(crate) fn bytes(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        self.send(self.request(Method::GET, path).header(ACCEPT, "*/*"))
    }

    /// Waits for a job to end; `tell` hears its stage, pages done and in all.
    pub(crate) fn wait(&self, job: &str, tell: &dyn Fn(&str, u64, u64)) -> Result<(), Trouble> {
        loop {
            let job: super::Job = self.get(&format!("/jobs/{job}"))?;
            match job.state.as_str() {
                "done" => return Ok(()),
                "failed" | "cancelled" => {
                    let why = job.error.unwrap_or_else(|| format!("was {}", job.state));
                    return Err(Trouble::new(
                        None,
                        format!("the service could not do it: {why}"),
                        "see the service's page of the document",
                    ));
                }
                _ => tell(&job.stage, job.done, job.total),
            }
            std::thread::sleep(LOOK);
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.base))
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
    }

    fn json<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Trouble> {
        let bytes = self.send(request)?;
        serde_json::from_slice(&bytes).map_err(|e| {
            Trouble::new(
                Some(&self.base),
                format!("answers what this command does not understand: {e}"),
                "check that both have the same version",
            )
        })
    }

    fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, Trouble> {
        let answer = self.runtime.block_on(async {
            let response = request.send().await?;
            let status = response.status();
            Ok::<_, reqwest::Error>((status, response.bytes().await?))
        });
        let (status, bytes) = answer.map_err(|e| {
            Trouble::new(
                Some(&self.base),
                format!("does not answer: {}", e.without_url()),
                "check that the service runs, and the address after --server",
            )
        })?;
        if status.is_success() {
            return Ok(bytes.to_vec());
        }
        Err(self.refusal(status, &bytes))
    }

    /// A problem body (RFC 9457) as one line.
    fn refusal(&self, status: StatusCode, body: &[u8]) -> Trouble {
        let problem: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |key: &str| problem.get(key).and_then(Value::as_str).map(str::to_owned);
        let what = text("detail")
            .or_else(|| text("title"))
            .unwrap_or_else(|| format!("answers {status}"));
        let todo = match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                "give a token made on the service's settings page with PDF_COMPARE_TOKEN or \
                 --token-file"
            }
            StatusCode::NOT_FOUND => "see pdf-compare --server URL list",
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "try again later",
            _ => "see the service's page /api/v1/docs",
        };
        Trouble::new(Some(&self.base), what, todo)
    }
}
