//! What can go wrong around a worker.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The worker process could not be started.
    #[error("cannot start a worker process: {0}")]
    Start(#[source] std::io::Error),
    /// The engine refused the file.
    #[error(transparent)]
    Refused(#[from] OpenError),
    /// The worker died while it opened the file (or marked it).
    #[error("{0}")]
    Died(Death),
    /// All the time for this file is used up.
    #[error("took longer than {} s", .0.as_secs())]
    OutOfTime(Duration),
    /// Workers died again and again.
    #[error("{deaths} pages or more cannot be read, the last of them page {page}: it {death}")]
    TooManyDeaths {
        /// How many workers died.
        deaths: u32,
        /// The page the last one died on, from 1.
        page: u32,
        /// How it died.
        death: Death,
    },
    /// The pages together are too much to hold.
    #[error("has more than {} MiB of text and drawing", .0 >> 20)]
    TooMuchContent(u64),
    /// The engine could not write the marked PDF.
    #[error("{0}")]
    Annotate(String),
}

/// Why the engine refused a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum OpenError {
    /// Encrypted, and no password was given.
    #[error("is protected with a password")]
    PasswordRequired,
    /// Encrypted, and the password does not open it.
    #[error("is protected with another password than the one given")]
    WrongPassword,
    /// Not a PDF at all; what it looks like instead, where known.
    #[error("is not a PDF{}", .0.as_ref().map(|k| format!(" ({k})")).unwrap_or_default())]
    NotPdf(Option<String>),
    /// A PDF, but broken beyond reading.
    #[error("is damaged ({0})")]
    Damaged(String),
    /// Uses something the engine does not have.
    #[error("{0}")]
    Unsupported(String),
}

/// How a worker ended before its time. Reads on from “page 3 …”.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Death {
    /// An allocation failed at the limit (bytes).
    #[error("needs more than {} MiB of memory", .0 >> 20)]
    Memory(u64),
    /// The stack overflowed.
    #[error("is nested too deeply")]
    Stack,
    /// One page took longer than it may.
    #[error("takes longer than {} s", .0.as_secs_f32())]
    Time(Duration),
    /// The processor time of the whole worker was used up.
    #[error("uses up the processor time allowed")]
    Cpu,
    /// It was killed or crashed with this signal.
    #[error("crashes the PDF engine (signal {0})")]
    Signal(i32),
    /// It ended by itself with this status.
    #[error("stops the PDF engine (status {0})")]
    Exit(i32),
    /// It sent something that makes no sense.
    #[error("confuses the PDF engine ({0})")]
    Nonsense(String),
}

impl Death {
    /// The cause in one word, for metrics.
    pub(crate) fn cause(&self) -> &'static str {
        match self {
            Self::Memory(_) | Self::Stack => "memory",
            Self::Time(_) => "time",
            Self::Cpu => "cpu",
            Self::Signal(_) => "crash",
            Self::Exit(_) => "exit",
            Self::Nonsense(_) => "nonsense",
        }
    }
}
