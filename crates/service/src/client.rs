//! Calls to other services: with deadlines, retries, trace and problems.
//!
//! Every request runs on the runtime in which the [`Client`] was made, whichever
//! thread awaits it. A connection belongs to the runtime that opened it; if an
//! actix worker opened it into the shared pool and the worker ended, the next user
//! of that connection would fail.

mod call;
mod retry;

use std::time::Duration;

use reqwest::Method;
use tokio::runtime::Handle;
use url::Url;

pub use call::Call;

use crate::Error;

/// How long a call may take in all, unless it says otherwise.
const DEADLINE: Duration = Duration::from_secs(30);
/// How long opening a connection may take.
const CONNECT: Duration = Duration::from_secs(3);
/// Less than the servers' keep-alive, so that none closes a connection in use.
const IDLE: Duration = Duration::from_secs(45);

/// What every HTTP client of ours begins with, for programs that need no more than
/// that: who asks, TLS, and no following of redirections.
pub fn plain() -> reqwest::ClientBuilder {
    crate::tls::install_provider();
    reqwest::Client::builder()
        .user_agent(concat!("pdf-compare/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
}

/// Calls one service. Clones share their connections.
#[derive(Debug, Clone)]
pub struct Client {
    base: Url,
    http: reqwest::Client,
    runtime: Handle,
    deadline: Duration,
}

impl Client {
    /// A client of the service at `base` (`http://db-router:8083`). Call it in the
    /// process's main runtime, before the server starts.
    pub fn new(base: &str) -> Result<Self, Error> {
        let runtime = Handle::try_current()
            .map_err(|_| Error::Request("a client is made within the main runtime".to_owned()))?;
        Self::on(runtime, base)
    }

    /// A client whose requests run on `runtime`.
    pub fn on(runtime: Handle, base: &str) -> Result<Self, Error> {
        let mut base = Url::parse(base)
            .map_err(|error| Error::Setting(format!("“{base}” is no address: {error}")))?;
        if base.cannot_be_a_base() || !matches!(base.scheme(), "http" | "https") {
            return Err(Error::Setting(format!(
                "“{base}” is no http:// or https:// address"
            )));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        let mut builder = plain().connect_timeout(CONNECT).pool_idle_timeout(IDLE);
        if base.scheme() == "http" {
            // Services talk directly; without roots to load, plain HTTP works in
            // an image that has none.
            builder = builder.no_proxy().tls_certs_only([]);
        }
        let http = builder
            .build()
            .map_err(|error| Error::Setting(error.to_string()))?;
        Ok(Self {
            base,
            http,
            runtime,
            deadline: DEADLINE,
        })
    }

    /// The same client with another deadline for calls that set none.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// The address of the service.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// A call that reads.
    pub fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// A call that makes or does something; not repeated unless
    /// [`Call::idempotent`], but for connections that never opened.
    pub fn post(&self, path: &str) -> Call {
        self.call(Method::POST, path)
    }

    /// A call that puts something in place.
    pub fn put(&self, path: &str) -> Call {
        self.call(Method::PUT, path)
    }

    /// A call that removes something.
    pub fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    /// A call of any method. `path` is below the client's address, with or without
    /// a slash in front; it is sent as it is, so encode what users gave
    /// ([`Call::query`] does it for queries).
    pub fn call(&self, method: Method, path: &str) -> Call {
        let url = self
            .base
            .join(path.trim_start_matches('/'))
            .map_err(|error| Error::Request(format!("“{path}” is no path: {error}")));
        Call::new(self, method, url)
    }

    /// Scheme, host and port, for errors and spans.
    fn target(&self) -> String {
        self.base.origin().ascii_serialization()
    }
}
