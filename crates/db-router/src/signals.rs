//! Wakes those who wait: for a job to claim, or for a change.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use store::WorkspaceId;
use tokio::sync::Notify;

use crate::sql::Signal;

/// Who waits in this process.
#[derive(Debug, Default)]
pub struct Signals {
    queued: Arc<Notify>,
    changed: Mutex<HashMap<WorkspaceId, Weak<Notify>>>,
}

impl Signals {
    /// Wakes whom it concerns.
    pub(crate) fn send(&self, signal: Signal) {
        match signal {
            Signal::Queued(_) => self.queued.notify_waiters(),
            Signal::Changed(workspace) => {
                let waiting = self
                    .changed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .get(&workspace)
                    .and_then(Weak::upgrade);
                if let Some(waiting) = waiting {
                    waiting.notify_waiters();
                }
            }
        }
    }

    /// Wakes everybody.
    pub(crate) fn send_all(&self) {
        self.queued.notify_waiters();
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        for waiting in changed.values().filter_map(Weak::upgrade) {
            waiting.notify_waiters();
        }
    }

    /// Told when any job can be claimed.
    pub(crate) fn queue(&self) -> Arc<Notify> {
        Arc::clone(&self.queued)
    }

    /// Told when something of a workspace changes.
    pub(crate) fn workspace(&self, workspace: WorkspaceId) -> Arc<Notify> {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = changed.get(&workspace).and_then(Weak::upgrade) {
            return waiting;
        }
        // Now and then, forget those for whom nobody waits any more.
        if changed.len() >= 64 && changed.len().is_power_of_two() {
            changed.retain(|_, waiting| waiting.strong_count() > 0);
        }
        let waiting = Arc::new(Notify::new());
        changed.insert(workspace, Arc::downgrade(&waiting));
        waiting
    }
}
