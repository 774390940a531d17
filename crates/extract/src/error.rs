//! What can go wrong, said so that the reader knows what to do.

/// Why a document, a page or an image of a page is not to be had. Each
/// message is one line for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No bytes at all.
    #[error("the file is empty; it was probably not written or transferred completely")]
    Empty,
    /// The bytes are something else.
    #[error("not a PDF: {0}")]
    NotPdf(String),
    /// A PDF, but damaged beyond reading.
    #[error("the PDF is damaged and cannot be read: {0}")]
    Broken(String),
    /// Encrypted, and no password was given.
    #[error("the PDF is protected; give its password (--password-old or --password-new)")]
    PasswordRequired,
    /// Encrypted, and the password given does not open it.
    #[error("the password given does not open the PDF; check it, letter case included")]
    WrongPassword,
    /// Encrypted in a way that is not supported.
    #[error("the PDF is encrypted in a way that cannot be read; save it again without protection")]
    Encryption,
    /// No such page.
    #[error("there is no page {number}; the document has {count}")]
    NoSuchPage {
        /// 1-based page asked for.
        number: u32,
        /// Pages the document has.
        count: u32,
    },
    /// More than this program takes on.
    #[error("too large: {0}")]
    TooLarge(String),
}
