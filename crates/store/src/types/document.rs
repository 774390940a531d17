//! Documents, their pages, and search.

use serde::{Deserialize, Serialize};

use super::{DocumentId, Job, JobId, LeaseId, Millis, SeriesId, Slice, WorkspaceId};

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Its name in links.
    pub id: DocumentId,
    /// What its owner calls it (file name at first).
    pub name: String,
    /// SHA-256 of the bytes, lower-case hex; also the blob's name.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Number of pages; `None` until known.
    pub pages: Option<u32>,
    /// Title in the document's own properties, where it has one.
    pub title: Option<String>,
    /// The series of revisions it belongs to: its own where it is alone.
    pub series: SeriesId,
    /// What became of it.
    pub state: DocumentState,
    /// Why it cannot be used, for people, where `state` is failed.
    pub error: Option<String>,
    /// When it was uploaded.
    pub created: Millis,
    /// The job that reads it (the last one).
    pub job: Job,
}

/// What became of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Its job waits or runs.
    Processing,
    /// It can be searched. Comparing needs no more than the bytes.
    Ready,
    /// It cannot be read.
    Failed,
}

/// A document to be recorded; its bytes are in the blob store already.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDocument {
    /// Its name in links.
    pub id: DocumentId,
    /// Its ingest job.
    pub job: JobId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// File name without folders.
    pub name: String,
    /// SHA-256 of the bytes.
    pub sha256: String,
    /// Size of the file.
    pub bytes: u64,
    /// Series to put it into; `None` for one of its own.
    pub series: Option<SeriesId>,
    /// What the workspace may hold.
    pub quota: Quota,
    /// W3C `traceparent` of the request, for the job.
    pub trace: Option<String>,
}

/// What a workspace may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quota {
    /// Bytes of all its documents together.
    pub bytes: u64,
    /// Number of documents.
    pub documents: u32,
    /// Jobs that wait or run.
    pub jobs: u32,
}

/// A document, recorded now or before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreatedDocument {
    /// The document.
    pub document: Document,
    /// Whether the same bytes were there before.
    pub known: bool,
}

/// A document with its pages as they were read elsewhere: nothing is left to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadDocument {
    /// The document; its job is done from the start.
    pub document: NewDocument,
    /// Title in the document's properties.
    pub title: Option<String>,
    /// All its pages, in order.
    pub pages: Vec<PageWords>,
}

/// Which documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListDocuments {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which part.
    pub slice: Slice,
    /// Only those of one series.
    pub series: Option<SeriesId>,
}

/// A document to be renamed or regrouped; `None` leaves as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeDocument {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Which.
    pub id: DocumentId,
    /// New name.
    pub name: Option<String>,
    /// New series: that of another document of the workspace, or a new one.
    pub series: Option<SeriesId>,
}

/// Size of a page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageSize {
    /// Width and height as displayed, points.
    pub size: [f32; 2],
}

/// A page of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey {
    /// Whose.
    pub workspace: WorkspaceId,
    /// The document.
    pub document: DocumentId,
    /// From 1.
    pub page: u32,
}

/// Words of a page, in reading order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageWords {
    /// From 1.
    pub page: u32,
    /// Width and height as displayed, points.
    pub size: [f32; 2],
    /// The words.
    pub words: Vec<PlacedWord>,
    /// Why the page could not be read, where it could not.
    pub failed: Option<String>,
}

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlacedWord {
    /// The word.
    pub text: String,
    /// `[x0, y0, x1, y1]`, points from the top-left corner of the page as
    /// displayed.
    pub r#box: [f32; 4],
    /// Whether it follows the word before it without a space.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joined: bool,
}

/// What an ingest found out first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentInfo {
    /// The lease it works under.
    pub lease: LeaseId,
    /// The document.
    pub document: DocumentId,
    /// Title in the document's properties.
    pub title: Option<String>,
    /// Number of pages.
    pub pages: u32,
}

/// Pages to be kept, in batches; again is as good as once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PutPages {
    /// The lease it works under.
    pub lease: LeaseId,
    /// The document.
    pub document: DocumentId,
    /// The pages.
    pub pages: Vec<PageWords>,
}

/// What to search for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// Whose.
    pub workspace: WorkspaceId,
    /// Words (all must be on the page), "phrases" in double quotes, parts of
    /// part numbers.
    pub query: String,
    /// Only in one document.
    pub document: Option<DocumentId>,
    /// Which part.
    pub slice: Slice,
}

/// A page that holds what was searched for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The document.
    pub document: DocumentId,
    /// Its name.
    pub name: String,
    /// The page, from 1.
    pub page: u32,
    /// Its width and height, points.
    pub size: [f32; 2],
    /// Text around the first match, the matches between U+E000 and U+E001.
    pub snippet: String,
    /// Where the matches stand, at most 200, points.
    pub boxes: Vec<[f32; 4]>,
}
