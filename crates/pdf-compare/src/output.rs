//! Reports out: whole or not at all, and never over an input.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use crate::cli::Format;
use crate::input::is_dash;
use crate::trouble::Trouble;

/// Where a report goes.
pub(crate) enum Target {
    /// Standard output.
    Stdout,
    /// A file, replaced in one step when the report is complete.
    File(PathBuf),
}

/// The format asked for, or the one that the output's name asks for, or text.
pub(crate) fn format(asked: Option<Format>, output: Option<&Path>) -> Result<Format, Trouble> {
    let named = by_ending(asked, output, Format::of, ".html, .pdf, .json or .txt")?;
    Ok(named.unwrap_or(Format::Text))
}

/// The format asked for, or the one that the ending of the output's name means
/// (`known` by `endings`); none where neither says.
pub(crate) fn by_ending<T>(
    asked: Option<T>,
    output: Option<&Path>,
    known: impl Fn(&Path) -> Option<T>,
    endings: &str,
) -> Result<Option<T>, Trouble> {
    let named = asked.or_else(|| output.and_then(known));
    match output {
        Some(path) if named.is_none() && path.extension().is_some() => Err(Trouble::new(
            Some(&path.display().to_string()),
            "its ending names no format",
            format!("end it in {endings}, or choose a --format"),
        )),
        _ => Ok(named),
    }
}

impl Target {
    /// Checks, before the long work starts, that `format` may go to `output`
    /// and that this is none of `inputs`.
    pub(crate) fn new(
        output: Option<&Path>,
        format: Format,
        inputs: &[&Path],
    ) -> Result<Self, Trouble> {
        match output {
            Some(path) if !is_dash(path) => {
                let shown = path.display().to_string();
                if path.is_dir() {
                    return Err(Trouble::new(
                        Some(&shown),
                        "is a folder",
                        "name a file after --output",
                    ));
                }
                let folder = path.parent().filter(|folder| *folder != Path::new(""));
                if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                    return Err(Trouble::new(
                        Some(&shown),
                        format!("there is no folder {}", folder.display()),
                        "make it first, or name another place after --output",
                    ));
                }
                let same = |input: &&Path| {
                    fs::canonicalize(path)
                        .is_ok_and(|p| fs::canonicalize(input).is_ok_and(|i| i == p))
                };
                if inputs.iter().any(same) {
                    return Err(Trouble::new(
                        Some(&shown),
                        "is one of the files compared",
                        "name another file after --output",
                    ));
                }
                Ok(Self::File(path.to_owned()))
            }
            _ => {
                let binary = matches!(format, Format::Html | Format::Pdf);
                if binary && io::stdout().is_terminal() {
                    return Err(Trouble::new(
                        None,
                        format!(
                            "{} is nothing for a terminal",
                            format.extension().to_uppercase()
                        ),
                        "name a file with --output, or redirect standard output",
                    ));
                }
                Ok(Self::Stdout)
            }
        }
    }

    /// Writes what `fill` writes; where that fails, a file stays as it was.
    pub(crate) fn write(
        &self,
        fill: impl FnOnce(&mut dyn Write) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        match self {
            Self::Stdout => {
                let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
                fill(&mut out)?;
                out.flush()
                    .map_err(|e| Trouble::io("standard output", "cannot be written", e))
            }
            Self::File(path) => {
                let shown = path.display().to_string();
                let trouble = |e| Trouble::io(&shown, "cannot be written", e);
                // A device or pipe cannot be replaced.
                if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
                    let file = fs::OpenOptions::new().write(true).open(path);
                    let mut out = BufWriter::new(file.map_err(trouble)?);
                    fill(&mut out)?;
                    return out.flush().map_err(trouble);
                }
                // Through a link, the file it leads to is replaced.
                let target = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                let folder = match target.parent() {
                    Some(folder) if folder != Path::new("") => folder,
                    _ => Path::new("."),
                };
                let mut out =
                    BufWriter::with_capacity(1 << 16, temporary(folder).map_err(trouble)?);
                fill(&mut out)?;
                let file = out.into_inner().map_err(|e| trouble(e.into_error()))?;
                file.persist(&target).map_err(|e| trouble(e.error))?;
                Ok(())
            }
        }
    }
}

/// A new file beside the target, with the permissions any new file gets.
fn temporary(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".pdf-compare-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// What a report writer's error means here.
pub(crate) fn report_trouble(shown: &str, error: report::Error) -> Trouble {
    match error {
        report::Error::Write(e) => Trouble::io(shown, "cannot be written", e),
        other => Trouble::new(Some(shown), other.to_string(), "choose another --format"),
    }
}
