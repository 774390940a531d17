//! The signal to end: by SIGTERM, SIGINT, or the program itself.

use std::{future::Future, io};

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells every part of a process that it should end. Clones are the same signal.
#[derive(Debug, Clone, Default)]
pub struct Signal(CancellationToken);

impl Signal {
    /// A signal that only the program gives: for tests and parts of a process.
    pub fn new() -> Self {
        Self::default()
    }

    /// A signal that SIGTERM and SIGINT (Ctrl-C) give. Call it in a runtime that
    /// lives as long as the process.
    pub fn on_termination() -> io::Result<Self> {
        let shutdown = Self::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let given = shutdown.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => tracing::info!("ending on SIGTERM"),
                _ = interrupt.recv() => tracing::info!("ending on SIGINT"),
                () = given.0.cancelled() => {}
            }
            given.give();
        });
        Ok(shutdown)
    }

    /// Gives the signal. Giving it again changes nothing.
    pub fn give(&self) {
        self.0.cancel();
    }

    /// Whether the signal was given.
    pub fn is_given(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Ends when the signal is given; at once if it was.
    pub async fn given(&self) {
        self.0.cancelled().await;
    }

    /// A signal for a part: given with this one, or alone.
    #[must_use]
    pub fn child(&self) -> Self {
        Self(self.0.child_token())
    }

    /// Runs `work` until it ends or the signal is given, `None` then. The work is
    /// dropped where it stands.
    pub async fn unless_given<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.0.run_until_cancelled(work).await
    }

    /// The token within, for libraries that take one.
    pub fn token(&self) -> &CancellationToken {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_child_ends_with_its_parent_but_not_the_other_way_round() {
        let parent = Signal::new();
        let child = parent.child();
        child.give();
        assert!(!parent.is_given());

        let child = parent.child();
        parent.give();
        assert!(child.is_given());
        child.given().await;
    }

    #[tokio::test]
    async fn work_is_dropped_when_the_signal_is_given() {
        let signal = Signal::new();
        assert_eq!(signal.unless_given(async { 1 }).await, Some(1));
        signal.give();
        assert_eq!(
            signal.unless_given(std::future::pending::<()>()).await,
            None
        );
    }
}
