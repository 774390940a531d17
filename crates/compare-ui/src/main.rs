//! The compare-ui service's program; a worker process of itself where started
//! as one.

use std::process::ExitCode;

fn main() -> ExitCode {
    engine::worker().unwrap_or_else(compare_ui::serve)
}
