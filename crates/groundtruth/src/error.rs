//! What can go wrong while making or scoring cases.

use std::path::PathBuf;

/// Why a case could not be made or scored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A font file that generated documents need is not installed.
    #[error(
        "font {name} was not found: install the Debian package {package} (looked for {file} below /usr/share/fonts, /usr/local/share/fonts and ~/.fonts)"
    )]
    FontMissing {
        /// Human name of the face.
        name: &'static str,
        /// File looked for.
        file: &'static str,
        /// Debian package that ships it.
        package: &'static str,
    },
    /// A font file is there but cannot be read as a font.
    #[error("font file {} cannot be used: {reason}", path.display())]
    FontBroken {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A program that a case needs is not installed.
    #[error("{program} was not found: install the Debian package {package}")]
    ProgramMissing {
        /// Name of the command.
        program: &'static str,
        /// Debian package that ships it.
        package: &'static str,
    },
    /// A program ran and failed.
    #[error("{program} failed: {reason}")]
    ProgramFailed {
        /// Name of the command.
        program: String,
        /// Last lines of its standard error, or the exit status.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A truth file or change list is not in the documented form.
    #[error("{}: {source}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// Something asked for does not exist.
    #[error("{0}")]
    NotFound(String),
}

impl Error {
    /// An [`Error::Io`] about `path`.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    /// An [`Error::Format`] about `path`.
    pub fn format(path: impl Into<PathBuf>) -> impl FnOnce(serde_json::Error) -> Self {
        let path = path.into();
        move |source| Self::Format { path, source }
    }
}

/// Shorthand of this crate.
pub type Result<T> = std::result::Result<T, Error>;
