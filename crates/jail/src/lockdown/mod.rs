//! What a worker gives up before it reads its first byte.
//!
//! Limits on memory, processor time, open files and core dumps hold everywhere
//! on Unix; a worker that cannot set them refuses to run. On Linux the file
//! system is closed with Landlock and everything but computing with seccomp,
//! each where the kernel has it: a container may already forbid them, and is
//! then the wall itself.

#[cfg(target_os = "linux")]
mod linux;

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::limits::{Limits, STACK};

/// What a worker limits itself to. Crosses to the worker on its command line,
/// because it must hold before anything is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lockdown {
    /// Private writable memory, bytes.
    pub memory: u64,
    /// Processor time of all threads together, seconds.
    pub cpu_seconds: u64,
    /// Engine threads.
    pub threads: usize,
}

impl Lockdown {
    /// What a worker for a file of `file_bytes` bytes may use.
    pub(crate) fn new(limits: &Limits, file_bytes: usize) -> Self {
        let threads = limits.threads.max(1);
        // Stacks count as memory, mostly untouched, and so does the file.
        let overhead = (threads * STACK) as u64 + file_bytes as u64;
        Self {
            memory: limits.memory.saturating_add(overhead),
            // A backstop only: the parent watches the clock.
            cpu_seconds: limits
                .total_time
                .as_secs()
                .saturating_add(1)
                .saturating_mul(threads as u64),
            threads,
        }
    }

    /// As arguments of the worker.
    pub(crate) fn to_args(self) -> [String; 3] {
        [
            self.memory.to_string(),
            self.cpu_seconds.to_string(),
            self.threads.to_string(),
        ]
    }

    /// Reads what `Lockdown::to_args` wrote.
    pub fn from_args(mut args: impl Iterator<Item = String>) -> Option<Self> {
        Some(Self {
            memory: args.next()?.parse().ok()?,
            cpu_seconds: args.next()?.parse().ok()?,
            threads: args
                .next()?
                .parse()
                .ok()
                .filter(|n| (1..=1024).contains(n))?,
        })
    }

    /// Gives it all up, for the whole process and for good. Call it while there
    /// is one thread.
    pub fn apply(self) -> io::Result<()> {
        limit(Resource::Core, 0)?;
        limit(Resource::Fsize, 0)?;
        limit(Resource::Cpu, self.cpu_seconds)?;
        // DATA is what the engine really takes; AS also counts what the
        // allocator only reserves, so it is wide and catches the rest.
        limit(Resource::Data, self.memory)?;
        let reserve = (4 << 30) + (self.threads as u64) * (256 << 20);
        limit(Resource::As, self.memory.saturating_add(reserve))?;
        // The standard streams, a copy, and one for Landlock in a moment.
        limit(Resource::Nofile, 8)?;
        // Last: after it, limits cannot be changed any more.
        #[cfg(target_os = "linux")]
        linux::close_everything();
        Ok(())
    }
}

fn limit(resource: Resource, value: u64) -> io::Result<()> {
    let both = Rlimit {
        current: Some(value),
        maximum: Some(value),
    };
    match setrlimit(resource, both) {
        // Already held tighter from outside: even better.
        Err(rustix::io::Errno::PERM) => {
            let held = rustix::process::getrlimit(resource);
            if held.maximum.is_some_and(|max| max <= value) {
                return Ok(());
            }
            Err(rustix::io::Errno::PERM.into())
        }
        other => Ok(other?),
    }
}
