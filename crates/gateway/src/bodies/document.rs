//! Documents, pages, hits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Job;

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    /// Its name in addresses, 32 hex digits.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// SHA-256 of the file, hex.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Number of pages, once it is known.
    #[schema(required)]
    pub pages: Option<u32>,
    /// Title in the document's own properties.
    #[schema(required)]
    pub title: Option<String>,
    /// The series of revisions it belongs to.
    pub series: String,
    /// What became of it.
    pub state: DocumentState,
    /// Why it cannot be used, where `state` is `failed`.
    #[schema(required)]
    pub error: Option<String>,
    /// When it was uploaded, milliseconds since 1970 (UTC).
    pub created: i64,
    /// The job that reads it.
    pub job: Job,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// It is being read.
    Processing,
    /// It can be searched. Comparing and looking at pages need not wait for it.
    Ready,
    /// It cannot be read.
    Failed,
}

impl From<store::Document> for Document {
    fn from(document: store::Document) -> Self {
        Self {
            id: document.id.to_string(),
            name: document.name,
            sha256: document.sha256,
            bytes: document.bytes,
            pages: document.pages,
            title: document.title,
            series: document.series.to_string(),
            state: match document.state {
                store::DocumentState::Processing => DocumentState::Processing,
                store::DocumentState::Ready => DocumentState::Ready,
                store::DocumentState::Failed => DocumentState::Failed,
            },
            error: document.error,
            created: document.created,
            job: document.job.into(),
        }
    }
}

/// One file of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct Uploaded {
    /// The document.
    pub document: Document,
    /// The job that reads it.
    pub job: Job,
    /// Whether the same bytes were there before.
    pub known: bool,
}

impl From<store::CreatedDocument> for Uploaded {
    fn from(created: store::CreatedDocument) -> Self {
        Self {
            job: created.document.job.clone().into(),
            document: created.document.into(),
            known: created.known,
        }
    }
}

/// What came of an upload: an object for one file, a list for several.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Upload {
    /// One file was sent.
    One(Box<Uploaded>),
    /// Several files were sent, in their order.
    Several(Vec<UploadedOrNot>),
}

/// One of several files: taken, or refused.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum UploadedOrNot {
    /// Taken.
    Taken(Box<Uploaded>),
    /// Refused; the others are not concerned.
    Refused {
        /// Name of the file.
        name: String,
        /// Why it was refused.
        #[schema(value_type = super::ProblemBody)]
        problem: service::problem::Problem,
    },
}

/// What to change of a document; what is absent stays.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentChange {
    /// New name.
    #[serde(default)]
    pub name: Option<String>,
    /// The series to put it into: that of another document, or `new` for one of
    /// its own.
    #[serde(default)]
    pub series: Option<String>,
}

/// Pages of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageSizes {
    /// Width and height of every page as displayed, points, in page order;
    /// empty until the document was opened.
    pub sizes: Vec<[f32; 2]>,
}

/// Words of a page in reading order.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageWords {
    /// From 1.
    pub page: u32,
    /// Width and height as displayed, points.
    pub size: [f32; 2],
    /// The words.
    pub words: Vec<Word>,
    /// Why the page could not be read, where it could not.
    #[schema(required)]
    pub failed: Option<String>,
}

/// A word and where it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Word {
    /// The word.
    pub text: String,
    /// `[x0, y0, x1, y1]`, points from the top-left corner of the page as
    /// displayed.
    pub r#box: [f32; 4],
    /// Whether it follows the word before it without a space.
    pub joined: bool,
}

impl From<store::PageWords> for PageWords {
    fn from(page: store::PageWords) -> Self {
        let word = |word: store::PlacedWord| Word {
            text: word.text,
            r#box: word.r#box,
            joined: word.joined,
        };
        Self {
            page: page.page,
            size: page.size,
            words: page.words.into_iter().map(word).collect(),
            failed: page.failed,
        }
    }
}

/// A page that holds what was searched for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Hit {
    /// The document.
    pub document: String,
    /// Its name.
    pub name: String,
    /// The page, from 1.
    pub page: u32,
    /// Its width and height, points.
    pub size: [f32; 2],
    /// Text around the first match, matches between U+E000 and U+E001.
    pub snippet: String,
    /// Where the matches stand, at most 200: `[x0, y0, x1, y1]`, points.
    pub boxes: Vec<[f32; 4]>,
}

impl From<store::Hit> for Hit {
    fn from(hit: store::Hit) -> Self {
        Self {
            document: hit.document.to_string(),
            name: hit.name,
            page: hit.page,
            size: hit.size,
            snippet: hit.snippet,
            boxes: hit.boxes,
        }
    }
}
