//! What one file may cost.

use std::time::Duration;

/// What the reading of one file may cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the worker in bytes, the file itself and the threads' stacks
    /// not counted.
    pub memory: u64,
    /// Wall-clock time for one page (extracting or rendering it).
    pub page_time: Duration,
    /// Wall-clock time for everything about the file.
    pub total_time: Duration,
    /// Threads that read pages.
    pub threads: usize,
    /// How many times a worker may be started again after it died.
    pub restarts: u32,
    /// What the pages of the file may weigh together as they cross the pipe,
    /// bytes: the parent holds all of them.
    pub content: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            memory: 1 << 30,
            page_time: Duration::from_secs(20),
            total_time: Duration::from_mins(10),
            threads: 1,
            restarts: 32,
            content: 512 << 20,
        }
    }
}

/// Stack of each engine thread, bytes. Address space only: what is not used
/// costs nothing, and deep nesting in a file fails late.
pub(crate) const STACK: usize = 64 << 20;

impl Limits {
    /// Wall-clock time for opening a file of `bytes` bytes: repairing a broken
    /// cross-reference table reads all of it.
    pub(crate) fn open_time(&self, bytes: usize) -> Duration {
        (self.page_time + Duration::from_millis(bytes as u64 / 5_000)).min(self.total_time)
    }
}
