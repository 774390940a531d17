//! What can go wrong while writing a report.

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The writer failed: disc full, pipe closed.
    #[error("cannot write the report: {0}")]
    Write(#[from] std::io::Error),
    /// A value could not be turned into JSON.
    #[error("cannot write the report as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The PDF to annotate is encrypted and no password was given.
    #[error("the PDF is encrypted: give its password to annotate it")]
    PasswordRequired,
    /// The password does not open the PDF to annotate.
    #[error("the password does not open the PDF to annotate")]
    WrongPassword,
    /// The PDF to annotate is too damaged to be written to; the other formats
    /// still work.
    #[error("the PDF cannot be annotated ({0}); the HTML report shows the same changes")]
    UnreadablePdf(String),
}
