//! What needs the PDF engine, asked of ingest: pictures of pages and reports
//! in the formats that are made from pages.

mod http;

use std::fmt;
use std::pin::Pin;
use std::str::FromStr;

use async_trait::async_trait;
use bytes::Bytes;
use futures::Stream;
use serde::{Deserialize, Serialize};

pub use http::HttpEngine;

/// The PDF engine as the gateway needs it: ingest over HTTP
/// ([`HttpEngine`]), or called directly where all services share a
/// process. Access has been checked before it is asked.
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Draws a page, or a part of it.
    async fn render(&self, request: RenderRequest) -> Result<Image, EngineError>;

    /// Makes a report in another format.
    async fn export(&self, request: ExportRequest) -> Result<Export, EngineError>;
}

/// A page to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderRequest {
    /// SHA-256 of the document's bytes, lower-case hex; the blob's name.
    pub sha256: String,
    /// From 1.
    pub page: u32,
    /// Pixels per point.
    pub scale: f32,
    /// `[x0, y0, x1, y1]`, points from the top-left corner of the page as
    /// displayed; `None` for the whole page.
    pub region: Option<[f32; 4]>,
}

/// A picture of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The encoded picture.
    pub bytes: Bytes,
    /// `image/webp` or `image/png`.
    pub content_type: String,
}

/// A report to be made in another format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportRequest {
    /// What to make.
    pub format: ExportFormat,
    /// From what; the body of the request over HTTP.
    pub source: ExportSource,
}

/// What an export is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSource {
    /// Name of the report's blob.
    pub report_blob: String,
    /// Name of the old document's blob.
    pub old_sha256: String,
    /// Name of the new document's blob.
    pub new_sha256: String,
    /// Only the changes with these ids; all of them where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_changes: Option<Vec<u32>>,
}

/// A format of a report that is made from the documents' pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// One file with everything in it.
    Html,
    /// The new document with the changes marked on it.
    Pdf,
    /// Plain text.
    Txt,
}

impl ExportFormat {
    /// As in addresses: `html`, `pdf`, `txt`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Txt => "txt",
        }
    }

    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for ExportFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        [Self::Html, Self::Pdf, Self::Txt]
            .into_iter()
            .find(|f| f.name() == text)
            .ok_or(UnknownFormat)
    }
}

/// No such [`ExportFormat`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formats are html, pdf and txt")]
pub struct UnknownFormat;

/// Bytes as they are made.
pub type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, EngineError>> + Send>>;

/// A report in another format.
pub struct Export {
    /// Its media type.
    pub content_type: String,
    /// Its bytes.
    pub body: ByteStream,
}

/// Why nothing came of it. Over HTTP a problem with the status given here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// 404: no such thing; what, as in “There is no such page.”
    #[error("not found: {0}")]
    NotFound(String),
    /// 422: the page or document cannot be read; why, for people.
    #[error("{0}")]
    Unreadable(String),
    /// 503: busy or not there; worth another try soon.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// 500: a defect; for the log only.
    #[error("broken: {0}")]
    Broken(String),
}
