//! How far a job is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How far a job is, told by whoever works on it from any thread.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// Stage, pages done, pages in all.
    at: Mutex<(String, u32, u32)>,
    stopped: AtomicBool,
}

impl Progress {
    /// Tells the stage, for people, and how many of its pages are done.
    pub fn set(&self, stage: &str, done: u32, total: u32) {
        let mut at = self.0.at.lock().unwrap_or_else(PoisonError::into_inner);
        if at.0 != stage {
            stage.clone_into(&mut at.0);
        }
        (at.1, at.2) = (done, total);
    }

    /// Whether the result is wanted no more.
    pub fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    pub(crate) fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> (String, u32, u32) {
        self.0
            .at
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
