//! What the command says about itself: schema, completions, manual.

use std::io;

use clap::CommandFactory;

use crate::Outcome;
use crate::cli::Cli;
use crate::output::Target;
use crate::trouble::Trouble;

fn print(bytes: &[u8]) -> Result<Outcome, Trouble> {
    Target::Stdout.write(|out| {
        out.write_all(bytes)
            .map_err(|e| Trouble::io("standard output", "cannot be written", e))
    })?;
    Ok(Outcome::Same)
}

/// `pdf-compare schema`.
pub(crate) fn schema() -> Result<Outcome, Trouble> {
    print(format!("{:#}\n", report::schema()).as_bytes())
}

/// `pdf-compare completions`.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<Outcome, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "pdf-compare", &mut script);
    print(&script)
}

/// `pdf-compare man`.
pub(crate) fn man(command: Option<&str>) -> Result<Outcome, Trouble> {
    let mut cli = Cli::command();
    // Gives subcommands their full names (pdf-compare-diff).
    cli.build();
    let page = match command {
        None => cli,
        Some(name) => cli.find_subcommand(name).cloned().ok_or_else(|| {
            Trouble::new(
                None,
                format!("there is no command “{name}”"),
                "see pdf-compare --help",
            )
        })?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|e: io::Error| Trouble::io("standard output", "cannot be written", e))?;
    print(&text)
}
