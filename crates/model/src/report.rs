//! The result of a comparison: the body of `--format json` and of the API.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Rect, TextSource, Transform};

/// Value of [`Report::format`].
pub const FORMAT: &str = "pdf-compare-report/1";

/// Everything that changed between two revisions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// Always [`FORMAT`].
    pub format: String,
    /// The old revision.
    pub old: FileRef,
    /// The new revision.
    pub new: FileRef,
    /// True where `changes` is empty and every page is unchanged.
    pub identical: bool,
    /// Counts.
    pub summary: Summary,
    /// Page pairs in the order of the new document, deleted pages standing
    /// where they stood.
    pub pages: Vec<PageEntry>,
    /// The changes, in reading order of the new document.
    pub changes: Vec<Change>,
    /// The same edit at several places, as one thing to review.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// What could not be compared, or only in part.
    pub warnings: Vec<Warning>,
    /// What the comparison was asked to do.
    pub settings: Settings,
}

/// One of the two files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileRef {
    /// File name without folders.
    pub name: String,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// Number of pages.
    pub pages: u32,
}

/// Counts of pages and changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Pages by status.
    pub pages: PageCounts,
    /// Changes by kind, then by operation, noise left out. All kinds are present.
    pub changes: BTreeMap<ChangeKind, ChangeCounts>,
}

/// Pages by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PageCounts {
    /// No change on them.
    pub unchanged: u32,
    /// At least one change.
    pub changed: u32,
    /// Only in the new document.
    pub inserted: u32,
    /// Only in the old document.
    pub deleted: u32,
    /// Elsewhere in the order (with or without changes of their own).
    pub moved: u32,
}

/// Number of changes by operation; operations that did not occur are absent.
pub type ChangeCounts = BTreeMap<Op, u32>;

/// One page pair, or a page of one side only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageEntry {
    /// 1-based old page, each in one entry only; `null` where the new page was
    /// inserted, or its text only flowed there from other pages.
    pub old: Option<u32>,
    /// 1-based new page, each in one entry only; `null` where the old page was
    /// deleted, or its text only flowed from there onto other pages.
    pub new: Option<u32>,
    /// What became of the page.
    pub status: PageStatus,
    /// 0 to 1: share of the content that is equal.
    pub similarity: f32,
    /// Width and height of the old page as displayed, points.
    pub old_size: Option<[f32; 2]>,
    /// Width and height of the new page as displayed, points.
    pub new_size: Option<[f32; 2]>,
    /// Maps old page coordinates onto the new page; identity where nothing
    /// moved as a whole.
    pub transform: Transform,
    /// A word for people on a whole-page difference that is not a change
    /// (“shifted 3.0 pt down”, “scaled to 98 %”), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// How much of the page could be compared, and by what means.
    pub coverage: PageCoverage,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PageStatus {
    /// Same place in the order, or its text on other pages; no change.
    Unchanged,
    /// Likewise, with changes.
    Changed,
    /// Only in the new document.
    Inserted,
    /// Only in the old document.
    Deleted,
    /// At another place in the order.
    Moved,
}

/// How much of a page pair could be compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageCoverage {
    /// Share of the glyphs whose meaning is known, the lower of the two pages,
    /// 0 to 1; 1 where there is no text.
    pub text: f32,
    /// Where the words of the old and of the new page came from.
    pub text_source: [TextSource; 2],
    /// Whether the drawn paths were compared.
    pub drawing: bool,
    /// Whether the pixels were compared.
    pub pixels: bool,
    /// Share of the old and new ink or objects that was matched or reported,
    /// 0 to 1; what is missing to 1 was ignored on request or not comparable.
    pub accounted: f32,
}

/// One thing a person would name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// 1-based, in report order.
    pub id: u32,
    /// What changed.
    pub kind: ChangeKind,
    /// How it changed.
    pub op: Op,
    /// Where it was; `null` for an addition.
    pub old: Option<Spot>,
    /// Where it is; `null` for a removal.
    pub new: Option<Spot>,
    /// One line for people.
    pub summary: String,
    /// What each source of evidence says.
    #[serde(default)]
    pub evidence: Evidence,
    /// The group it belongs to, where the same edit occurs elsewhere too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
}

/// A place on one page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Spot {
    /// 1-based page; 0 for what belongs to the whole document (metadata,
    /// attachments), which has no boxes.
    pub page: u32,
    /// Boxes in points from the top-left corner of the page.
    pub boxes: Vec<Rect>,
    /// The text there, or the value (form field, metadata); empty for what has
    /// none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// What changed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// Words.
    Text,
    /// Look of words: font, size, colour.
    Style,
    /// Lines and filled shapes.
    Drawing,
    /// Raster images.
    Image,
    /// Seen in the rendered page only.
    Pixels,
    /// Comments, stamps, highlights.
    Annotation,
    /// Form fields and their values.
    Form,
    /// Links.
    Link,
    /// Document properties, bookmarks, layers, page labels.
    Metadata,
    /// Embedded files.
    Attachment,
}

impl ChangeKind {
    /// All kinds, in report order.
    pub const ALL: [Self; 10] = [
        Self::Text,
        Self::Style,
        Self::Drawing,
        Self::Image,
        Self::Pixels,
        Self::Annotation,
        Self::Form,
        Self::Link,
        Self::Metadata,
        Self::Attachment,
    ];

    /// Lower-case name, as in JSON and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Style => "style",
            Self::Drawing => "drawing",
            Self::Image => "image",
            Self::Pixels => "pixels",
            Self::Annotation => "annotation",
            Self::Form => "form",
            Self::Link => "link",
            Self::Metadata => "metadata",
            Self::Attachment => "attachment",
        }
    }
}

/// How it changed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// Only in the new document.
    Added,
    /// Only in the old document.
    Removed,
    /// One content became another.
    Replaced,
    /// Same content, elsewhere.
    Moved,
    /// Same content, other look.
    Restyled,
}

impl Op {
    /// Lower-case name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Moved => "moved",
            Self::Restyled => "restyled",
        }
    }
}

/// Why a change is reported: what text, paths and pixels each say. `null`
/// means that this source was not asked or cannot tell.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Whether the words differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<bool>,
    /// Whether the paths differ.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub paths: Option<bool>,
    /// Whether the pixels differ; `false` marks an invisible change.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub pixels: Option<bool>,
    /// The reason in words (“words differ and it shows”, “structure differs
    /// but nothing is seen”, “pixels differ, paths equal: rendering”).
    pub reason: String,
    /// True where the evidence points to rendering or encoding rather than to
    /// an edit; such a change does not count towards `identical`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noise: bool,
}

/// The same edit at several places.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// 1-based.
    pub id: u32,
    /// One line for people: the edit and how often it occurs.
    pub summary: String,
    /// Ids of the changes.
    pub changes: Vec<u32>,
}

/// Something the reader must know about what was not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    /// Which of the two files; `null` for both or neither. Never left out:
    /// warnings of a page cross a pipe in a format without field names.
    #[serde(default)]
    pub side: Option<Side>,
    /// 1-based page of that file, where one page is meant.
    pub page: Option<u32>,
    /// Stable, kebab-case: `page-failed`, `text-unmapped`, `ocr-used`,
    /// `second-opinion`, `page-too-large`, `no-pixels`, …
    pub code: String,
    /// For people: what it means and what to do.
    pub message: String,
}

/// One of the two files.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The old revision.
    Old,
    /// The new revision.
    New,
}

/// What the comparison was asked to do: with the same input, program and
/// settings the report is the same, byte for byte.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Settings {
    /// Program and version that made the report.
    pub version: String,
    /// Kinds compared; empty means all.
    pub only: Vec<ChangeKind>,
    /// What was ignored: kinds and `headers`, `page-numbers`, `whitespace`, `case`, `moves`.
    pub ignore: Vec<String>,
    /// Regions ignored, as given: `PAGES:X0,Y0,X1,Y1`.
    pub ignore_regions: Vec<String>,
    /// Pages compared, as given (`1-3,7`); empty means all.
    pub pages: String,
    /// How far geometry may stray, points.
    pub tolerance: f32,
    /// Whether pixels were compared.
    pub pixels: bool,
}
