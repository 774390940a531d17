//! The command line, defined once: help, completions and man pages follow.

mod diff;
mod limits;
mod remote;
mod serve;

use std::path::{Path, PathBuf};

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use diff::{Color, DiffArgs, Format};
pub(crate) use limits::LimitArgs;
pub(crate) use remote::{RemoteArgs, RemoteCompareArgs};
pub(crate) use serve::ServeArgs;

const ABOUT: &str = "Shows exactly what changed between two revisions of a PDF";

const AFTER: &str = "\
Examples:
  pdf-compare diff old.pdf new.pdf               what changed, on the terminal
  pdf-compare diff old.pdf new.pdf -o diff.html  both revisions side by side
  pdf-compare diff released/ built/              two folders, a line per file
  pdf-compare serve                              the web service, on this machine

Exit status: 0 no difference, 1 differences, 2 trouble.
`pdf-compare diff --help` explains every option.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "pdf-compare", version, about = ABOUT, after_help = AFTER)]
#[command(max_term_width = 100, subcommand_required = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub remote: RemoteArgs,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compare two PDFs, or two folders of PDFs
    #[command(after_help = diff::AFTER_SHORT, after_long_help = diff::AFTER)]
    Diff(Box<DiffArgs>),
    /// Run the web service: upload, compare, look, search, in a browser
    #[command(after_help = serve::AFTER)]
    Serve(Box<ServeArgs>),
    /// Send PDFs to a running service (--server)
    Ingest {
        /// The PDFs; - is standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// List the documents of a running service (--server)
    List,
    /// Search the documents of a running service (--server); status 1 if nothing is found
    Search {
        /// Words, "phrases" in double quotes, parts of part numbers
        query: String,
    },
    /// Compare two documents of a running service (--server)
    Compare(RemoteCompareArgs),
    /// Show what the engine sees in a PDF: words with boxes, paths, images
    Extract(ExtractArgs),
    /// Write sample pairs to try the command on
    Samples {
        /// Folder to write them to
        #[arg(value_name = "DIR", default_value = "samples")]
        folder: PathBuf,
    },
    /// Print the JSON Schema of the report (`diff --format json`)
    Schema,
    /// Print a completion script for a shell
    ///
    /// For example: pdf-compare completions bash > /etc/bash_completion.d/pdf-compare
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    ///
    /// For example: pdf-compare man > pdf-compare.1; pdf-compare man diff > pdf-compare-diff.1
    Man {
        /// Command the page is about; without it, pdf-compare as a whole
        #[arg(value_name = "COMMAND")]
        command: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExtractArgs {
    /// The PDF; - is standard input
    pub file: PathBuf,
    /// json: everything, with boxes in points from the top-left corner;
    /// text: words in reading order [default: by the ending of FILE, else text]
    #[arg(short, long, value_enum)]
    pub format: Option<ExtractFormat>,
    /// Write to FILE instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Pages to extract, for example 1-3,7 or 20-
    #[arg(
        long,
        value_name = "PAGES",
        default_value = "",
        hide_default_value = true
    )]
    pub pages: ::diff::PageSet,
    /// Password of the file
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "PDF_COMPARE_PASSWORD",
        hide_env_values = true
    )]
    pub password: Option<String>,
    /// File whose first line is the password
    #[arg(long, value_name = "FILE", conflicts_with = "password")]
    pub password_file: Option<PathBuf>,
    #[command(flatten)]
    pub limits: LimitArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExtractFormat {
    Text,
    Json,
}

impl ExtractFormat {
    /// The format that the ending of a file's name asks for.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match Format::of(path)? {
            Format::Text => Some(Self::Text),
            Format::Json => Some(Self::Json),
            Format::Html | Format::Pdf => None,
        }
    }
}

/// A usage error as one line that says what to do.
pub(crate) fn one_line(error: &clap::Error) -> String {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return "pdf-compare: no command given; try: pdf-compare diff OLD NEW, or pdf-compare --help"
            .to_owned();
    }
    let text = error.render().to_string();
    // clap separates the message from tips and usage with empty lines.
    let mut paragraphs = text.split("\n\n");
    let words = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let message = words(paragraphs.next().unwrap_or_default());
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    let tip = paragraphs
        .map(words)
        .find_map(|p| p.strip_prefix("tip: ").map(str::to_owned))
        .unwrap_or_else(|| "see pdf-compare --help".to_owned());
    format!("pdf-compare: {message}; {tip}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn usage_errors_are_one_line() {
        let cases: [(&[&str], &str); 5] = [
            (&[], "no command"),
            (&["diff"], "<OLD> <NEW>"),
            (&["diff", "a", "b", "--formt", "x"], "--format"),
            (&["diff", "a", "b", "--format", "docx"], "docx"),
            (&["diff", "a", "b", "--pages", "9-1"], "no list of pages"),
        ];
        for (args, want) in cases {
            let args = [&["pdf-compare"], args].concat();
            let line = one_line(&Cli::try_parse_from(args).unwrap_err());
            assert!(line.starts_with("pdf-compare: "), "{line}");
            assert!(line.contains(want), "{line}");
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
