//! `groundtruth`: makes cases, runs tools on them and scores what they report.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use groundtruth::score::{Scored, Tool, failures, markdown, run_all, stored, terminal};
use groundtruth::{Error, Result, cases, samples};

/// Documents and drawings with known edits, and the score of tools on them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make every case (old.pdf, new.pdf, truth.json) in a folder.
    Generate {
        /// Folder to make them in.
        folder: PathBuf,
        /// Cases per kind.
        #[arg(long, default_value_t = 3)]
        seeds: u64,
        /// Only cases whose id contains this.
        #[arg(long, default_value = "")]
        filter: String,
    },
    /// Run a tool on every case and print its score.
    Score {
        /// Folder of the cases.
        folder: PathBuf,
        /// Which tool.
        #[arg(long, value_enum, default_value = "pdf-compare")]
        tool: ToolName,
        /// The `pdf-compare` binary, or the Python that has `pdf-diff`.
        #[arg(long)]
        program: Option<PathBuf>,
        /// Only cases whose id contains this.
        #[arg(long, default_value = "")]
        filter: String,
    },
    /// Print the scores of earlier runs, and write them as a document.
    Table {
        /// Folder of the cases.
        folder: PathBuf,
        /// Tools, in this order.
        #[arg(long, value_enum, default_value = "pdf-compare")]
        tool: Vec<ToolName>,
        /// File to write (docs/accuracy.md).
        #[arg(long)]
        markdown: Option<PathBuf>,
    },
    /// Show missed truths and false reports of the cases whose id contains CASE.
    Explain {
        /// Folder of the cases.
        folder: PathBuf,
        /// Part of a case id; empty for all.
        #[arg(default_value = "")]
        case: String,
        /// Which tool.
        #[arg(long, value_enum, default_value = "pdf-compare")]
        tool: ToolName,
    },
    /// Write the sample pairs.
    Samples {
        /// Folder to write them to.
        folder: PathBuf,
    },
    /// Write a pair of long documents for measuring.
    Long {
        /// Folder to write old.pdf and new.pdf to.
        folder: PathBuf,
        /// Pages, about.
        #[arg(long, default_value_t = 250)]
        pages: usize,
    },
    /// List the kinds of cases.
    Kinds,
}

#[derive(Clone, Copy, ValueEnum)]
enum ToolName {
    PdfCompare,
    PdfDiff,
}

impl ToolName {
    fn tool(self, program: Option<PathBuf>) -> Tool {
        match self {
            Self::PdfCompare => {
                Tool::PdfCompare(program.unwrap_or_else(|| "target/release/pdf-compare".into()))
            }
            Self::PdfDiff => {
                Tool::PdfDiff(program.unwrap_or_else(|| "target/pdf-diff/bin/python".into()))
            }
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("groundtruth: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Generate {
            folder,
            seeds,
            filter,
        } => {
            let ids = cases::generate(&folder, seeds, &filter)?;
            eprintln!("{} cases in {}", ids.len(), folder.display());
        }
        Command::Score {
            folder,
            tool,
            program,
            filter,
        } => {
            let tool = tool.tool(program);
            run_all(&tool, &folder, &filter)?;
            print!("{}", terminal(&scores(tool.name(), &folder, &filter)?));
        }
        Command::Table {
            folder,
            tool,
            markdown: file,
        } => {
            let mut tools = Vec::new();
            for name in tool {
                let name = name.tool(None).name();
                let scored = scores(name, &folder, "")?;
                print!("{name}\n{}\n", terminal(&scored));
                tools.push((name.to_owned(), scored));
            }
            if let Some(file) = file {
                std::fs::write(&file, markdown(&tools)).map_err(Error::io(&file))?;
            }
        }
        Command::Explain { folder, case, tool } => {
            for (scored, list) in stored(tool.tool(None).name(), &folder, &case)? {
                let text = failures(&scored.truths, &list);
                if !text.is_empty() {
                    print!(
                        "{} [{}]\n{text}",
                        scored.truths.id,
                        scored.truths.class.name()
                    );
                }
            }
        }
        Command::Samples { folder } => {
            for file in samples::write_samples(&folder)? {
                eprintln!("{}", file.display());
            }
        }
        Command::Long { folder, pages } => {
            samples::write_long(&folder, pages)?;
        }
        Command::Kinds => {
            for kind in cases::kinds() {
                println!("{:<10} {}", kind.class.name(), kind.name);
            }
        }
    }
    Ok(())
}

fn scores(name: &str, folder: &Path, filter: &str) -> Result<Vec<Scored>> {
    Ok(stored(name, folder, filter)?
        .into_iter()
        .map(|(scored, _)| scored)
        .collect())
}
