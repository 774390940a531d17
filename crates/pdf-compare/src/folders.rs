//! `pdf-compare diff` on two folders: a line per file, a release gate.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use model::Report;
use serde::Serialize;

use crate::Outcome;
use crate::cli::{DiffArgs, Format};
use crate::compare::Comparer;
use crate::input;
use crate::output::Target;
use crate::trouble::{Trouble, one_line};

/// Folders deeper than this are a loop of links.
const MAX_DEPTH: usize = 64;

/// The result, as `--format json` prints it.
#[derive(Debug, Serialize)]
struct Summary {
    /// Always `pdf-compare-folders/1`.
    format: &'static str,
    old: String,
    new: String,
    /// Whether nothing differs and nothing went wrong.
    identical: bool,
    files: Vec<Entry>,
}

#[derive(Debug, Serialize)]
struct Entry {
    /// Path below both folders, with `/`.
    name: String,
    status: Status,
    /// Changes, not counting those marked as noise.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<usize>,
    /// Pages changed, inserted, deleted and moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<model::PageCounts>,
    /// What could not be compared.
    warnings: usize,
    /// What went wrong, and what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// The report, where one was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Same,
    Different,
    OnlyInOld,
    OnlyInNew,
    Trouble,
}

/// Runs the command.
pub(crate) fn run(args: &DiffArgs, comparer: &Comparer) -> Result<Outcome, Trouble> {
    let by_name = args.output.as_deref().and_then(Format::of);
    let reports = match (&args.output, args.format.or(by_name)) {
        (Some(folder), format) => Some((folder.clone(), format.unwrap_or(Format::Html))),
        (None, Some(Format::Html | Format::Pdf)) => {
            return Err(Trouble::new(
                None,
                "folders give a report per file",
                "name a folder for them with --output",
            ));
        }
        (None, _) => None,
    };
    let as_json = args.format == Some(Format::Json);
    let (old, new) = (pdfs(&args.old)?, pdfs(&args.new)?);
    if old.is_empty() && new.is_empty() {
        return Err(Trouble::new(
            Some(&args.old.display().to_string()),
            "has no PDF in it, and neither has the other folder",
            "check the names of the folders",
        ));
    }
    let mut entries = Vec::new();
    for name in old.union(&new) {
        let entry = match (old.contains(name), new.contains(name)) {
            (true, true) => pair(args, comparer, name, reports.as_ref()),
            (true, false) => Entry::new(name, Status::OnlyInOld),
            _ => Entry::new(name, Status::OnlyInNew),
        };
        if !as_json && !args.quiet {
            line(&entry)?;
        }
        entries.push(entry);
    }
    let troubles = entries
        .iter()
        .filter(|e| e.status == Status::Trouble)
        .count();
    let summary = Summary {
        format: "pdf-compare-folders/1",
        old: args.old.display().to_string(),
        new: args.new.display().to_string(),
        identical: entries.iter().all(|e| e.status == Status::Same),
        files: entries,
    };
    if as_json && !args.quiet {
        Target::Stdout.write(|out| {
            serde_json::to_writer_pretty(&mut *out, &summary)
                .map_err(io::Error::from)
                .and_then(|()| writeln!(out))
                .map_err(|e| Trouble::io("standard output", "cannot be written", e))
        })?;
    }
    if troubles > 0 {
        let total = summary.files.len();
        return Err(Trouble::new(
            None,
            format!("{troubles} of {total} files could not be compared"),
            "standard output says why for each",
        ));
    }
    Ok(if summary.identical {
        Outcome::Same
    } else {
        Outcome::Different
    })
}

/// Compares one file of both folders.
fn pair(
    args: &DiffArgs,
    comparer: &Comparer,
    name: &Path,
    reports: Option<&(PathBuf, Format)>,
) -> Entry {
    let compared = (|| {
        let limit = args.limits.max_file();
        let old = input::read(&args.old.join(name), limit)?;
        let new = input::read(&args.new.join(name), limit)?;
        // In a release most files are the same bytes; nothing can be learned
        // from reading those.
        if old.bytes == new.bytes {
            return Ok(Entry::new(name, Status::Same));
        }
        let keep = reports.is_some_and(|(_, format)| *format == Format::Html);
        let compared = comparer.compare(old, new, keep)?;
        let mut entry = Entry::compared(name, &compared.report);
        if let Some((folder, format)) = reports
            && entry.status != Status::Same
        {
            let path = report_path(folder, name, *format)?;
            let inputs = [args.old.join(name), args.new.join(name)];
            let inputs: Vec<&Path> = inputs.iter().map(PathBuf::as_path).collect();
            let target = Target::new(Some(&path), *format, &inputs)?;
            comparer.write(&compared, *format, &target)?;
            entry.report = Some(path);
        }
        Ok(entry)
    })();
    compared.unwrap_or_else(|trouble: Trouble| Entry {
        trouble: Some(match &trouble.file {
            Some(file) => format!("{}: {}", one_line(file), trouble.short()),
            None => trouble.short(),
        }),
        ..Entry::new(name, Status::Trouble)
    })
}

/// Where the report about `name` goes; makes the folder.
fn report_path(folder: &Path, name: &Path, format: Format) -> Result<PathBuf, Trouble> {
    let mut file = folder.join(name).into_os_string();
    file.push(".");
    file.push(format.extension());
    let path = PathBuf::from(file);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .map_err(|e| Trouble::io(&parent.display().to_string(), "cannot be made", e))?;
    }
    Ok(path)
}

impl Entry {
    fn new(name: &Path, status: Status) -> Self {
        Self {
            name: name.to_string_lossy().into_owned(),
            status,
            changes: None,
            pages: None,
            warnings: 0,
            trouble: None,
            report: None,
        }
    }

    fn compared(name: &Path, report: &Report) -> Self {
        let status = if report.identical {
            Status::Same
        } else {
            Status::Different
        };
        Self {
            changes: Some(report.changes.iter().filter(|c| !c.evidence.noise).count()),
            pages: Some(report.summary.pages),
            warnings: report.warnings.len(),
            ..Self::new(name, status)
        }
    }
}

fn line(entry: &Entry) -> Result<(), Trouble> {
    let what = match entry.status {
        Status::Same => "same".to_owned(),
        Status::OnlyInOld => "only in old".to_owned(),
        Status::OnlyInNew => "only in new".to_owned(),
        Status::Trouble => "trouble".to_owned(),
        Status::Different => match entry.changes.unwrap_or_default() {
            0 => "pages differ".to_owned(),
            1 => "1 change".to_owned(),
            n => format!("{n} changes"),
        },
    };
    let mut text = format!("{what:<13} {}", one_line(&entry.name));
    if let Some(trouble) = &entry.trouble {
        text = format!("{text}: {trouble}");
    }
    if entry.warnings > 0 {
        text = format!("{text} ({} warnings)", entry.warnings);
    }
    writeln!(io::stdout(), "{text}")
        .map_err(|e| Trouble::io("standard output", "cannot be written", e))
}

/// All PDFs below `root`, by their path below it.
fn pdfs(root: &Path) -> Result<BTreeSet<PathBuf>, Trouble> {
    let mut found = BTreeSet::new();
    let mut folders = vec![(PathBuf::new(), 0)];
    while let Some((below, depth)) = folders.pop() {
        let folder = root.join(&below);
        let trouble = |e| Trouble::io(&folder.display().to_string(), "cannot be listed", e);
        for entry in fs::read_dir(&folder).map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            let name = below.join(entry.file_name());
            // Follows links; one that leads nowhere is passed over.
            let Ok(metadata) = fs::metadata(entry.path()) else {
                continue;
            };
            let is_pdf = name
                .extension()
                .is_some_and(|e| e.eq_ignore_ascii_case("pdf"));
            if metadata.is_dir() && depth < MAX_DEPTH {
                folders.push((name, depth + 1));
            } else if metadata.is_file() && is_pdf {
                found.insert(name);
            }
        }
    }
    Ok(found)
}
