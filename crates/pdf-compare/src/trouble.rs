//! Exit status 2: one line that says what is wrong and what to do.

use std::fmt::{self, Display, Formatter};
use std::io;

use jail::{Death, Error, OpenError};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) struct Trouble {
    /// The file it is about, as the user named it.
    pub file: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub todo: String,
    #[source]
    cause: Option<io::Error>,
}

impl Trouble {
    pub(crate) fn new(
        file: Option<&str>,
        what: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Self {
            file: file.map(str::to_owned),
            what: what.into(),
            todo: todo.into(),
            cause: None,
        }
    }

    /// A file of the user's could not be read or written.
    pub(crate) fn io(file: &str, doing: &str, cause: io::Error) -> Self {
        let todo = match cause.kind() {
            io::ErrorKind::NotFound => "check the name",
            io::ErrorKind::PermissionDenied => "check its permissions",
            io::ErrorKind::StorageFull => "make room, or choose another place with --output",
            _ => "check the file and the disc it is on",
        };
        let reason = match cause.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => cause.to_string(),
        };
        Self {
            cause: Some(cause),
            ..Self::new(Some(file), format!("{doing}: {reason}"), todo)
        }
    }

    /// A worker's trouble with a file. `password` is how to give the file's
    /// password.
    pub(crate) fn file(file: &str, error: &Error, password: &str) -> Self {
        let todo = match error {
            Error::Refused(OpenError::PasswordRequired | OpenError::WrongPassword) => password,
            Error::Refused(OpenError::NotPdf(_)) => "check that it is the right file",
            Error::Refused(OpenError::Damaged(_)) => {
                "get an undamaged copy, or repair it (for example: qpdf FILE REPAIRED)"
            }
            Error::Refused(OpenError::Unsupported(_)) => "save it again with another program",
            Error::Died(Death::Memory(_)) => "raise --memory if you trust the file",
            Error::Died(Death::Time(_) | Death::Cpu) => {
                "raise --page-timeout if you trust the file"
            }
            Error::OutOfTime(_) => "raise --timeout, or choose --pages",
            Error::TooMuchContent(_) => "choose --pages",
            Error::TooManyDeaths { .. } => "the file is probably damaged; choose other --pages",
            Error::Died(_) | Error::Annotate(_) => {
                "the file is probably damaged; try to save it again with another program"
            }
            Error::Start(_) => "check the limits on processes and memory",
        };
        Self::new(Some(file), error.to_string(), todo)
    }

    /// Whether whoever read our output is gone.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        (self.cause.as_ref()).is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Without the program's name, for a line of its own kind.
    pub(crate) fn short(&self) -> String {
        // What others say of it may be a sentence.
        one_line(&format!(
            "{}; {}",
            self.what.trim_end_matches('.'),
            self.todo
        ))
    }
}

impl Display for Trouble {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("pdf-compare: ")?;
        if let Some(file) = &self.file {
            write!(f, "{}: ", one_line(file))?;
        }
        f.write_str(&self.short())
    }
}

/// Names and reasons come from outside; none may break the line or speak to the
/// terminal.
pub(crate) fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_one_line_whatever_the_names() {
        let trouble = Trouble::new(Some("a\nb\x1b[31m.pdf"), "is\r\nbroken", "mend\tit");
        let line = trouble.to_string();
        assert!(!line.contains(char::is_control), "{line:?}");
        assert!(line.starts_with("pdf-compare: a b"));
    }
}
