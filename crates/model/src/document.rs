//! A document as extraction sees it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Page, Warning};

/// One revision of a PDF, fully extracted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// File name for people, without folders.
    pub name: String,
    /// What belongs to the document as a whole.
    pub info: DocumentInfo,
    /// Pages in display order: all `info.page_count` of them, or the selection
    /// asked for. A page that could not be read is present with
    /// [`Page::failed`] set.
    pub pages: Vec<Page>,
}

/// What belongs to a document as a whole, not to one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DocumentInfo {
    /// SHA-256 of the file's bytes, lower-case hex.
    pub sha256: String,
    /// File size, bytes.
    pub bytes: u64,
    /// Number of pages.
    pub page_count: u32,
    /// Whether the file is encrypted (and could be opened).
    pub encrypted: bool,
    /// Title, author, … as `(key, value)`, sorted by key. Keys are those of the
    /// PDF information dictionary (`Title`, `Author`, `Producer`, …).
    pub metadata: Vec<(String, String)>,
    /// The outline, in order.
    pub bookmarks: Vec<Bookmark>,
    /// Embedded files.
    pub attachments: Vec<Attachment>,
    /// Optional content groups.
    pub layers: Vec<Layer>,
    /// What could not be read, or only in part.
    pub warnings: Vec<Warning>,
}

/// One entry of the outline.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Bookmark {
    /// Depth, 0 for the top level.
    pub level: u32,
    /// Text shown.
    pub title: String,
    /// 1-based page it leads to, where known.
    pub page: Option<u32>,
}

/// One embedded file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Description, where given.
    pub description: Option<String>,
    /// Size after decompression, bytes; `None` where it could not be read.
    pub bytes: Option<u64>,
    /// SHA-256 of the decompressed content, lower-case hex.
    pub sha256: Option<String>,
}

/// One optional content group ("layer").
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Layer {
    /// Name shown in a viewer.
    pub name: String,
    /// Whether it is shown by default.
    pub visible: bool,
}
