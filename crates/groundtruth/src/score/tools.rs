//! Running a tool over all cases.

use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

use super::changes::ChangeList;
use super::matching::score;
use super::table::Scored;
use crate::truth::Truths;
use crate::{Error, Result};

/// Calls `pdf-diff`'s own functions (its command only draws pictures) and
/// prints one change per hunk and page.
const PDF_DIFF: &str = include_str!("pdf_diff.py");

/// A tool that can be scored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// This project: the path of the `pdf-compare` binary.
    PdfCompare(PathBuf),
    /// `pdf-diff` from the Python Package Index: the path of a Python that has it installed.
    PdfDiff(PathBuf),
}

impl Tool {
    /// Name, also of the stored change lists.
    pub fn name(&self) -> &'static str {
        match self {
            Self::PdfCompare(_) => "pdf-compare",
            Self::PdfDiff(_) => "pdf-diff",
        }
    }

    fn run(&self, old: &Path, new: &Path) -> ChangeList {
        let mut command = match self {
            Self::PdfCompare(program) => {
                let mut command = Command::new(program);
                command.args(["diff", "--format", "json"]);
                command
            }
            Self::PdfDiff(python) => {
                let mut command = Command::new(python);
                command.args(["-c", PDF_DIFF]);
                command
            }
        };
        let output = match command.arg(old).arg(new).output() {
            Ok(output) => output,
            Err(error) => return failed(format!("{}: {error}", self.name())),
        };
        // 1 says that there are differences.
        if !matches!(output.status.code(), Some(0 | 1)) || output.stdout.is_empty() {
            let text = String::from_utf8_lossy(&output.stderr);
            return failed(text.lines().last().unwrap_or("no output").to_owned());
        }
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| failed(error.to_string()))
    }
}

fn failed(reason: String) -> ChangeList {
    ChangeList {
        failed: Some(reason),
        ..ChangeList::default()
    }
}

/// Case folders below `folder`, sorted.
fn folders(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(Error::io(folder))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("truth.json").is_file())
        .collect();
    out.sort();
    Ok(out)
}

/// Reads the truth of a case folder.
pub fn truths(folder: &Path) -> Result<Truths> {
    read(&folder.join("truth.json"))
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T> {
    let bytes = std::fs::read(path).map_err(Error::io(path))?;
    serde_json::from_slice(&bytes).map_err(Error::format(path))
}

/// Runs `tool` on every case below `folder` whose id contains `filter`, and
/// stores its change list beside the files.
pub fn run_all(tool: &Tool, folder: &Path, filter: &str) -> Result<()> {
    folders(folder)?
        .par_iter()
        .filter(|case| {
            case.file_name()
                .is_some_and(|n| n.to_string_lossy().contains(filter))
        })
        .try_for_each(|case| {
            let list = tool.run(&case.join("old.pdf"), &case.join("new.pdf"));
            let path = case.join(format!("{}.json", tool.name()));
            let json = serde_json::to_vec_pretty(&list).map_err(Error::format(&path))?;
            std::fs::write(&path, json).map_err(Error::io(&path))
        })
}

/// Scores the stored change lists of the tool called `name`.
pub fn stored(name: &str, folder: &Path, filter: &str) -> Result<Vec<(Scored, ChangeList)>> {
    let mut out = Vec::new();
    for case in folders(folder)? {
        let path = case.join(format!("{name}.json"));
        if !path.is_file()
            || !case
                .file_name()
                .is_some_and(|n| n.to_string_lossy().contains(filter))
        {
            continue;
        }
        let truths = truths(&case)?;
        let list: ChangeList = read(&path)?;
        let score = score(&truths, &list);
        out.push((
            Scored {
                truths,
                score,
                failed: list.failed.clone(),
            },
            list,
        ));
    }
    if out.is_empty() {
        return Err(Error::NotFound(format!(
            "no results of {name} in {}: run `groundtruth score` first",
            folder.display()
        )));
    }
    Ok(out)
}
