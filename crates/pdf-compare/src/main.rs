//! The `pdf-compare` command.

use std::process::ExitCode;

use pdf_compare::PdfEngine;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    // A worker starts for every file: before anything else, and without the
    // cost of the command line.
    if args
        .next()
        .is_some_and(|first| first == jail::worker::ARGUMENT)
    {
        let rest = args.map(|a| a.to_string_lossy().into_owned());
        return jail::worker::run::<PdfEngine>(rest);
    }
    pdf_compare::run(std::env::args_os())
}
