//! The documented form of a case (`docs/groundtruth-format.md`).

use std::collections::BTreeMap;

use model::{ChangeKind, Op, PageStatus, Rect, Spot};
use serde::{Deserialize, Serialize};

use crate::scene::{Mark, Place, Scene};

/// Value of [`Truths::format`].
pub const FORMAT: &str = "pdf-compare-groundtruth/1";

/// Content of `truth.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truths {
    /// Always [`FORMAT`].
    pub format: String,
    /// Name of the case: kind and seed.
    pub id: String,
    /// Kind of the case (`word-replaced`).
    pub kind: String,
    /// Class the kind is counted in.
    pub class: Class,
    /// Seed the case was made from.
    pub seed: u64,
    /// The edits.
    pub truths: Vec<Truth>,
    /// Inserted, deleted and moved pages; `null` where page counts differ for
    /// another reason (reflow) and page events are not scored.
    pub pages: Option<Vec<PageEvent>>,
}

/// Classes of kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Words.
    Text,
    /// Look of words.
    Style,
    /// Lines, symbols, labels of drawings.
    Drawing,
    /// Pictures.
    Image,
    /// Whole pages.
    Page,
    /// Links, fields, annotations, properties, attachments.
    Object,
    /// Pages that are one picture.
    Scan,
    /// Nothing changed.
    Identity,
}

impl Class {
    /// All classes in table order.
    pub const ALL: [Self; 8] = [
        Self::Text,
        Self::Style,
        Self::Drawing,
        Self::Image,
        Self::Page,
        Self::Object,
        Self::Scan,
        Self::Identity,
    ];

    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Style => "style",
            Self::Drawing => "drawing",
            Self::Image => "image",
            Self::Page => "page",
            Self::Object => "object",
            Self::Scan => "scan",
            Self::Identity => "identity",
        }
    }
}

/// One edit, as a person would name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// 1-based within the case.
    pub id: u32,
    /// What changed.
    pub kind: ChangeKind,
    /// How.
    pub op: Op,
    /// For people.
    pub what: String,
    /// Where it was; `null` for an addition.
    pub old: Option<Spot>,
    /// Where it is; `null` for a removal.
    pub new: Option<Spot>,
    /// Further places of the same edit (a running header, a paragraph across a
    /// page end).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Sides>,
    /// Number shared by truths that are one systematic edit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// Further kinds of change that name this edit correctly.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accepts: Vec<ChangeKind>,
}

/// A place on either side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sides {
    /// In the old revision.
    pub old: Option<Spot>,
    /// In the new revision.
    pub new: Option<Spot>,
}

/// What became of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageEvent {
    /// 1-based old page; `null` where inserted.
    pub old: Option<u32>,
    /// 1-based new page; `null` where deleted.
    pub new: Option<u32>,
    /// `inserted`, `deleted` or `moved`; `unchanged` and `changed` pages are
    /// not listed.
    pub status: PageStatus,
}

/// What a case author says about the edit with the mark of the same index.
#[derive(Clone, Debug)]
pub struct Note {
    /// What changed.
    pub kind: ChangeKind,
    /// How.
    pub op: Op,
    /// For people.
    pub what: String,
    /// Systematic edit it belongs to.
    pub group: Option<u32>,
    /// Further fitting kinds.
    pub accepts: Vec<ChangeKind>,
}

impl Note {
    /// A note about one edit.
    pub fn new(kind: ChangeKind, op: Op, what: impl Into<String>) -> Self {
        Self {
            kind,
            op,
            what: what.into(),
            group: None,
            accepts: Vec::new(),
        }
    }
}

/// Boxes closer than this belong to one thing on a drawing, points.
const NEAR: f32 = 4.0;

/// Joins boxes that are near each other unless that would take in much empty
/// paper (the two legs of a bent wire stay apart).
fn merge_near(boxes: &[Rect]) -> Vec<Rect> {
    let grown = |r: &Rect| r.inflate(NEAR).area();
    let mut out: Vec<Rect> = Vec::new();
    for rect in boxes {
        let mut current = *rect;
        let joins = |a: &Rect, b: &Rect| {
            a.inflate(NEAR).overlaps(b) && grown(&a.union(b)) <= 1.5 * (grown(a) + grown(b))
        };
        while let Some(i) = out.iter().position(|r| joins(r, &current)) {
            current = current.union(&out.swap_remove(i));
        }
        out.push(current);
    }
    out
}

/// What the layout of both sides says about the noted edits.
pub fn collect(old: &Scene, new: &Scene, notes: &[Note]) -> Vec<Truth> {
    let (old, new) = (old.places(), new.places());
    let none = BTreeMap::new();
    let mut truths = Vec::new();
    for (mark, note) in notes.iter().enumerate() {
        let mark = mark as Mark;
        let spots = |places: &BTreeMap<Mark, BTreeMap<u32, Place>>| -> Vec<Spot> {
            places
                .get(&mark)
                .unwrap_or(&none)
                .iter()
                .map(|(page, place)| Spot {
                    page: *page,
                    boxes: if matches!(note.kind, ChangeKind::Text | ChangeKind::Style) {
                        place.boxes.clone()
                    } else {
                        merge_near(&place.boxes)
                    },
                    text: place.text.clone(),
                })
                .collect()
        };
        let (mut before, mut after) = (spots(&old).into_iter(), spots(&new).into_iter());
        let mut sides = Vec::new();
        loop {
            let pair = Sides {
                old: before.next(),
                new: after.next(),
            };
            if pair.old.is_none() && pair.new.is_none() {
                break;
            }
            sides.push(pair);
        }
        let document = matches!(note.kind, ChangeKind::Metadata | ChangeKind::Attachment);
        let first = if sides.is_empty() {
            let spot = document.then(Spot::default);
            Sides {
                old: spot.clone(),
                new: spot,
            }
        } else {
            sides.remove(0)
        };
        truths.push(Truth {
            id: mark + 1,
            kind: note.kind,
            op: note.op,
            what: note.what.clone(),
            old: first.old,
            new: first.new,
            also: sides,
            group: note.group,
            accepts: note.accepts.clone(),
        });
    }
    truths
}
