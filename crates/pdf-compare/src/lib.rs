//! The command line: reads files, has them extracted in jailed workers,
//! compares them and writes reports.
//!
//! `main` is thin on purpose; everything here can be started by a test.

mod cli;
mod compare;
mod dump;
mod folders;
mod input;
pub mod memory;
mod output;
mod progress;
mod remote;
mod samples;
mod serve;
mod shell;
mod sides;
mod trouble;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use trouble::Trouble;

/// What a command found, which is its exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Nothing differs, or there was nothing to compare.
    Same,
    /// There are differences.
    Different,
}

/// Exit status for trouble, as in `diff`.
const TROUBLE: u8 = 2;

/// Runs the command with `args` (the program's name first).
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let outcome = Cli::try_parse_from(args)
        .map_err(Stop::Usage)
        .and_then(|cli| perform(cli).map_err(Stop::Trouble));
    match outcome {
        Ok(Outcome::Same) => ExitCode::SUCCESS,
        Ok(Outcome::Different) => ExitCode::from(1),
        Err(Stop::Usage(e)) if !e.use_stderr() => {
            // Help was asked for. A closed pipe is no trouble.
            let _ = e.print();
            ExitCode::SUCCESS
        }
        Err(Stop::Usage(e)) => {
            eprintln!("{}", cli::one_line(&e));
            ExitCode::from(TROUBLE)
        }
        Err(Stop::Trouble(trouble)) => {
            // The reader of a pipe had enough (`| head`): nobody wants to hear
            // of it.
            if !trouble.is_closed_pipe() {
                eprintln!("{trouble}");
            }
            ExitCode::from(TROUBLE)
        }
    }
}

enum Stop {
    Usage(clap::Error),
    Trouble(Trouble),
}

fn perform(cli: Cli) -> Result<Outcome, Trouble> {
    let api = || remote::connect(&cli.remote);
    match cli.command {
        Command::Diff(args) => compare::run(&args),
        Command::Extract(args) => dump::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Ingest { files } => remote::ingest(&api()?, &files),
        Command::List => remote::list(&api()?),
        Command::Search { query } => remote::search(&api()?, &query),
        Command::Compare(args) => remote::compare(&api()?, &args),
        Command::Samples { folder } => samples::run(&folder),
        Command::Schema => shell::schema(),
        Command::Completions { shell } => shell::completions(shell),
        Command::Man { command } => shell::man(command.as_deref()),
    }
}
