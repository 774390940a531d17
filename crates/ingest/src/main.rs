//! The ingest service's program; a worker process of itself where started as
//! one.

use std::process::ExitCode;

fn main() -> ExitCode {
    engine::worker().unwrap_or_else(ingest::serve)
}
