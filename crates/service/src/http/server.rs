//! Building and starting the server.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    App, HttpServer,
    web::{self, ServiceConfig},
};

use super::{
    Observe, Running,
    operations::{self, Operations, Ready},
};
use crate::{problem, shutdown::Signal};

/// Longer than nginx keeps an idle connection to us (60 s), so that nginx never
/// sends a request into a connection that is being closed.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// How long requests under way may take after the signal to end, in seconds.
const SHUTDOWN_S: u64 = 20;
/// Bodies held in memory, in bytes; uploads are streamed and limited on their own.
const BODY_LIMIT: usize = 2 << 20;
/// Connections that one worker serves at a time.
const CONNECTIONS: usize = 4096;

/// Where a server listens.
#[derive(Debug)]
pub enum Listen {
    /// Host and port; port 0 takes a free one.
    Address(String),
    /// A socket that listens already.
    Socket(TcpListener),
}

impl From<&str> for Listen {
    fn from(address: &str) -> Self {
        Self::Address(address.to_owned())
    }
}

impl From<String> for Listen {
    fn from(address: String) -> Self {
        Self::Address(address)
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self::Address(address.to_string())
    }
}

impl From<TcpListener> for Listen {
    fn from(socket: TcpListener) -> Self {
        Self::Socket(socket)
    }
}

/// A server about to start.
pub struct Server {
    name: &'static str,
    listen: Listen,
    ready: Ready,
    workers: Option<usize>,
    body_limit_bytes: usize,
    shutdown_s: u64,
    begins_traces: bool,
}

impl Server {
    /// The server of the service `name` (the label `service` of its metrics).
    pub fn new(name: &'static str, listen: impl Into<Listen>) -> Self {
        Self {
            name,
            listen: listen.into(),
            ready: Arc::new(|| Box::pin(std::future::ready(Ok(())))),
            workers: None,
            body_limit_bytes: BODY_LIMIT,
            shutdown_s: SHUTDOWN_S,
            begins_traces: true,
        }
    }

    /// What `/ready` asks: whether everything this service needs answers. The
    /// error says what does not, in words for the operator.
    #[must_use]
    pub fn ready(mut self, check: Ready) -> Self {
        self.ready = check;
        self
    }

    /// Threads that serve requests; as many as there are processors if not set.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// Largest body read into memory, in bytes.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit_bytes = bytes;
        self
    }

    /// How long requests under way may take after the signal to end, in seconds.
    #[must_use]
    pub fn shutdown_timeout(mut self, seconds: u64) -> Self {
        self.shutdown_s = seconds;
        self
    }

    /// Goes on with the traces of its callers and begins none: for a service that
    /// is asked again and again by workers who wait.
    #[must_use]
    pub fn begins_no_traces(mut self) -> Self {
        self.begins_traces = false;
        self
    }

    /// Starts it on the present tokio runtime. `configure` adds the service's
    /// routes, once per worker thread. It ends when `shutdown` is given: it stops
    /// accepting, finishes what is under way, then closes. Long answers (event
    /// streams) should end themselves on `web::Data<Signal>`.
    pub fn start<F>(self, configure: F, shutdown: &Signal) -> io::Result<Running>
    where
        F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
    {
        let signal = shutdown.child();
        let operations = web::Data::new(Operations {
            ready: self.ready,
            ending: signal.clone(),
        });
        let ending = web::Data::new(signal.clone());
        let (name, body_limit) = (self.name, self.body_limit_bytes);
        let observe = Observe::new(name).begins_traces(self.begins_traces);
        let mut server = HttpServer::new(move || {
            App::new()
                .app_data(ending.clone())
                .app_data(operations.clone())
                .configure(|config| problem::configure(config, body_limit))
                .configure(operations::routes)
                .configure(configure.clone())
                .default_service(web::to(problem::not_found))
                .wrap(observe.clone())
        })
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        // A client that went away is not worked for any longer.
        .h1_allow_half_closed(false)
        .max_connections(CONNECTIONS)
        .shutdown_timeout(self.shutdown_s)
        .disable_signals();
        if let Some(workers) = self.workers {
            server = server.workers(workers);
        }
        let server = match self.listen {
            Listen::Address(address) => server.bind(address)?,
            Listen::Socket(socket) => server.listen(socket)?,
        };
        let address = server
            .addrs()
            .first()
            .copied()
            .ok_or_else(|| io::Error::from(io::ErrorKind::AddrNotAvailable))?;
        tracing::info!(service = name, %address, "listening");
        Ok(Running::new(address, server.run(), signal))
    }
}

/// Starts a server that is ready as soon as it listens; see [`Server`].
pub fn server<F>(
    name: &'static str,
    listen: impl Into<Listen>,
    configure: F,
    shutdown: &Signal,
) -> io::Result<Running>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    Server::new(name, listen).start(configure, shutdown)
}
