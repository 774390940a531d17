//! Real programs that rewrite or rasterise PDFs.

use std::path::Path;
use std::process::Command;

use crate::scene::Picture;
use crate::{Error, Result};

/// A producer that files are saved through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Resaver {
    /// qpdf: same content, other objects.
    Qpdf,
    /// Ghostscript's `pdfwrite`: interpreted and written anew.
    Ghostscript,
    /// `mutool clean`: content streams sanitised.
    Mutool,
    /// poppler through cairo: everything drawn anew.
    Cairo,
}

impl Resaver {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Qpdf, Self::Ghostscript, Self::Mutool, Self::Cairo];

    /// Saves `pdf` through the program.
    pub fn run(self, pdf: &[u8]) -> Result<Vec<u8>> {
        let folder = tempfile::tempdir().map_err(Error::io(std::env::temp_dir()))?;
        let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out.pdf"));
        std::fs::write(&from, pdf).map_err(Error::io(&from))?;
        let (program, package) = match self {
            Self::Qpdf => ("qpdf", "qpdf"),
            Self::Ghostscript => ("gs", "ghostscript"),
            Self::Mutool => ("mutool", "mupdf-tools"),
            Self::Cairo => ("pdftocairo", "poppler-utils"),
        };
        let mut command = Command::new(program);
        match self {
            Self::Qpdf => command.args([
                "--object-streams=generate",
                "--recompress-flate",
                "--deterministic-id",
            ]),
            Self::Ghostscript => command
                .args(["-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o"])
                .arg(&to),
            Self::Mutool => command.args(["clean", "-gggg", "-s", "-z"]),
            Self::Cairo => command.arg("-pdf"),
        };
        command.arg(&from);
        if self != Self::Ghostscript {
            command.arg(&to);
        }
        run(&mut command, program, package)?;
        std::fs::read(&to).map_err(Error::io(&to))
    }
}

/// Runs a command; its output on success.
pub fn run(command: &mut Command, program: &'static str, package: &'static str) -> Result<Vec<u8>> {
    let output = command.output().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            Error::ProgramMissing { program, package }
        } else {
            Error::ProgramFailed {
                program: program.to_owned(),
                reason: error.to_string(),
            }
        }
    })?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        let tail: Vec<&str> = text.lines().rev().take(3).collect();
        let reason = if tail.is_empty() {
            output.status.to_string()
        } else {
            tail.join("; ")
        };
        return Err(Error::ProgramFailed {
            program: program.to_owned(),
            reason,
        });
    }
    Ok(output.stdout)
}

/// Grey pixels of one page as poppler draws it.
pub fn rasterise(pdf: &[u8], page: u32, dpi: u32) -> Result<Picture> {
    let folder = tempfile::tempdir().map_err(Error::io(std::env::temp_dir()))?;
    let (from, to) = (folder.path().join("in.pdf"), folder.path().join("out"));
    std::fs::write(&from, pdf).map_err(Error::io(&from))?;
    let number = page.to_string();
    let mut command = Command::new("pdftoppm");
    command.args([
        "-gray",
        "-singlefile",
        "-r",
        &dpi.to_string(),
        "-f",
        &number,
        "-l",
        &number,
    ]);
    run(command.arg(&from).arg(&to), "pdftoppm", "poppler-utils")?;
    let out = to.with_extension("pgm");
    let data = std::fs::read(&out).map_err(Error::io(&out))?;
    parse_pgm(&data).ok_or_else(|| Error::ProgramFailed {
        program: "pdftoppm".into(),
        reason: "its output is no binary PGM".into(),
    })
}

/// Parses a binary PGM of 8 bits.
fn parse_pgm(data: &[u8]) -> Option<Picture> {
    let mut fields = Vec::new();
    let mut at = 0;
    while fields.len() < 4 {
        let start = at
            + data
                .get(at..)?
                .iter()
                .position(|b| !b.is_ascii_whitespace())?;
        let end = start + data[start..].iter().position(u8::is_ascii_whitespace)?;
        fields.push(std::str::from_utf8(&data[start..end]).ok()?);
        at = end;
    }
    let (width, height): (u32, u32) = (fields[1].parse().ok()?, fields[2].parse().ok()?);
    let pixels = data
        .get(at + 1..at + 1 + (width * height) as usize)?
        .to_vec();
    (fields[0] == "P5").then_some(Picture {
        width,
        height,
        data: pixels,
        gray: true,
    })
}

/// Whether a command can be found.
pub fn exists(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|paths| {
        std::env::split_paths(&paths)
            .any(|folder: std::path::PathBuf| Path::new(&folder).join(program).is_file())
    })
}
