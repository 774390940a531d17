//! The `pdf-compare` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    engine::worker().unwrap_or_else(|| {
        pdf_compare::memory::settle();
        pdf_compare::run(std::env::args_os())
    })
}
