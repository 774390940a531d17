//! What every service's program does around its work.

use std::future::Future;
use std::process::ExitCode;

use crate::Error;
use crate::shutdown::Signal;

/// Exit status for a service that could not start or go on.
const TROUBLE: u8 = 2;

/// Runs `main` on a runtime of its own, with the signal to end; an error is one
/// line on standard error and status 2.
pub fn run<F, T>(main: F) -> ExitCode
where
    F: FnOnce(Signal) -> T,
    T: Future<Output = Result<(), Error>>,
{
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Error::from)
        .and_then(|runtime| runtime.block_on(async { main(Signal::on_termination()?).await }));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(TROUBLE)
        }
    }
}

/// What tells this instance from others, for logs: the host's name (the
/// container's, there) and the process.
pub fn instance() -> String {
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    format!("{}/{}", host.trim(), std::process::id())
}
