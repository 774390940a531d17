//! A server that runs.

use std::{io, net::SocketAddr};

use actix_web::dev;
use tokio::task::JoinHandle;

use crate::shutdown::Signal;

/// A server that runs. It goes on when this is dropped, until its signal is given.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    signal: Signal,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    pub(super) fn new(address: SocketAddr, server: dev::Server, signal: Signal) -> Self {
        let handle = server.handle();
        let given = signal.clone();
        let task = tokio::spawn(async move {
            tokio::pin!(server);
            tokio::select! {
                ended = &mut server => return ended,
                () = given.given() => {}
            }
            // Completed by driving the server itself, below.
            let stop = handle.stop(true);
            let ended = server.await;
            stop.await;
            ended
        });
        Self {
            address,
            signal,
            task,
        }
    }

    /// Where it listens, with the port it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://host:port` of it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it: what is under way is finished first.
    pub async fn stop(self) -> io::Result<()> {
        self.signal.give();
        self.wait().await
    }

    /// Waits until it has ended by its signal.
    pub async fn wait(self) -> io::Result<()> {
        self.task.await.map_err(io::Error::other)?
    }
}
