//! A PDF, read, rendered and compared through jailed workers: what the command
//! and the services share.
//!
//! Every program that uses this crate is its own worker: `main` hands over to
//! [`worker`] before it does anything else.

mod document;
mod pair;
mod pdf;

use std::process::ExitCode;

pub use document::{Error, Opener, Source};
pub use pair::{NoRasters, Pair};
pub use pdf::PdfEngine;

/// How many pages a document may have in a service, unless told otherwise.
pub const MOST_PAGES: u32 = 20_000;

/// What one file may cost in a service: `memory` bytes, where `files` files are
/// open at the same time. Threads are shared out between them.
pub fn limits(memory: u64, files: usize) -> jail::Limits {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    jail::Limits {
        memory,
        threads: threads.div_ceil(files.max(1)),
        ..jail::Limits::default()
    }
}

/// Runs this process as a worker where it was started as one; `None` where it
/// was not. To be called first thing in `main`: a worker starts for every file,
/// and gives up its rights before it sees the first byte.
pub fn worker() -> Option<ExitCode> {
    let mut args = std::env::args_os().skip(1);
    args.next()
        .is_some_and(|first| first == jail::worker::ARGUMENT)
        .then(|| {
            let rest = args.map(|a| a.to_string_lossy().into_owned());
            jail::worker::run::<PdfEngine>(rest)
        })
}
