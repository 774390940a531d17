//! What a tool reports, in the minimal form every adapter can produce. The
//! report of PDF Compare itself has this form already.

use model::{ChangeKind, Op, PageStatus, Spot};
use serde::{Deserialize, Serialize};

/// Changes and page events of one comparison.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeList {
    /// The changes.
    pub changes: Vec<Reported>,
    /// What became of the pages; unchanged pages may be left out.
    #[serde(default)]
    pub pages: Vec<ReportedPage>,
    /// Why the tool gave no result.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// One reported change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// What changed.
    pub kind: ChangeKind,
    /// How; `null` where the tool does not say.
    #[serde(default)]
    pub op: Option<Op>,
    /// Where it was.
    #[serde(default)]
    pub old: Option<Spot>,
    /// Where it is.
    #[serde(default)]
    pub new: Option<Spot>,
    /// One line for people.
    #[serde(default)]
    pub summary: String,
    /// Whether the tool itself calls it noise.
    #[serde(default)]
    pub evidence: ReportedEvidence,
    /// Group of equal edits the tool put it in.
    #[serde(default)]
    pub group: Option<u32>,
}

/// The part of the evidence that counts here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedEvidence {
    /// Rendering or encoding rather than an edit: not counted as a report.
    #[serde(default)]
    pub noise: bool,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedPage {
    /// 1-based old page.
    pub old: Option<u32>,
    /// 1-based new page.
    pub new: Option<u32>,
    /// Status.
    pub status: PageStatus,
}
