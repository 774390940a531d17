//! What is neither text nor drawing: metadata, bookmarks, attachments, layers,
//! page labels, annotations, links and form fields, each compared as what it
//! is.
//!
//! What only tells which program wrote the file, and when, is no change: a
//! re-saved file must compare as equal.

mod annotations;
mod fields;
mod info;
mod labels;
mod links;

use model::{Change, ChangeKind, Document, Evidence, Op, Page, Rect, Spot, Transform};
use rustc_hash::FxHashMap;

use crate::{Options, style::WordPair};

/// One pair of aligned pages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair<'a> {
    /// The old page.
    pub old: &'a Page,
    /// The new page.
    pub new: &'a Page,
    /// Maps the old page's points onto the new page.
    pub transform: &'a Transform,
}

/// Everything that changed outside text, drawings and pixels. `pairs` are the
/// aligned pages in the order of the new document, `same` the words that are
/// the same on both sides, their pages by index among those compared.
pub(crate) fn compare(
    [old, new]: [&Document; 2],
    [old_pages, new_pages]: [&[&Page]; 2],
    pairs: &[Pair<'_>],
    same: &[WordPair],
    options: &Options,
) -> Vec<Change> {
    // Old page number to new page number.
    let page_map: FxHashMap<u32, u32> = pairs
        .iter()
        .map(|pair| (pair.old.number, pair.new.number))
        .collect();
    let mut changes = Vec::new();
    if options.wants(ChangeKind::Metadata) {
        changes.extend(info::metadata(&old.info, &new.info));
        changes.extend(info::bookmarks(&old.info, &new.info));
        changes.extend(info::layers(&old.info, &new.info));
        changes.extend(labels::compare(pairs));
    }
    if options.wants(ChangeKind::Attachment) {
        changes.extend(info::attachments(&old.info, &new.info));
    }
    if options.wants(ChangeKind::Annotation) {
        for pair in pairs {
            changes.extend(annotations::compare(pair, options));
        }
    }
    if options.wants(ChangeKind::Form) {
        changes.extend(fields::compare(pairs, options));
    }
    if options.wants(ChangeKind::Link) {
        let number = |pages: &[&Page], at: u32| pages.get(at as usize).map_or(0, |p| p.number);
        let same: Vec<(links::Place, links::Place)> = same
            .iter()
            .map(|pair| {
                (
                    (number(old_pages, pair.old.page), pair.old.word),
                    (number(new_pages, pair.new.page), pair.new.word),
                )
            })
            .collect();
        changes.extend(links::compare(pairs, &page_map, &same));
    }
    changes.retain(|change| {
        let spot = change.new.as_ref().or(change.old.as_ref());
        !spot.is_some_and(|s| {
            !s.boxes.is_empty() && s.boxes.iter().all(|b| options.ignores(s.page, b))
        })
    });
    changes
}

/// A change without number or group; the operation follows from the sides
/// unless it is given.
fn change(
    kind: ChangeKind,
    op: Option<Op>,
    old: Option<Spot>,
    new: Option<Spot>,
    summary: String,
) -> Change {
    let op = op.unwrap_or(match (&old, &new) {
        (None, _) => Op::Added,
        (_, None) => Op::Removed,
        _ => Op::Replaced,
    });
    Change {
        id: 0,
        kind,
        op,
        old,
        new,
        summary,
        evidence: Evidence {
            reason: format!("the {} differs", noun(kind)),
            ..Evidence::default()
        },
        group: None,
    }
}

/// What a change of this kind is about, in words.
fn noun(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Annotation => "annotation",
        ChangeKind::Form => "form field",
        ChangeKind::Link => "link",
        ChangeKind::Attachment => "attachment",
        _ => "document information",
    }
}

/// A place that belongs to the whole document.
fn document_spot(text: impl Into<String>) -> Spot {
    Spot {
        page: 0,
        boxes: Vec::new(),
        text: text.into(),
    }
}

/// A place on a page.
fn page_spot(page: &Page, bounds: Rect, text: impl Into<String>) -> Spot {
    Spot {
        page: page.number,
        boxes: vec![bounds],
        text: text.into(),
    }
}

/// How far `new` is from where `transform` puts `old`: the largest distance of
/// an edge, points. Infinite where a coordinate is not a number.
fn displacement(old: &Rect, new: &Rect, transform: &Transform) -> f32 {
    let old = transform.apply_rect(old);
    let distance = [
        old.x0 - new.x0,
        old.y0 - new.y0,
        old.x1 - new.x1,
        old.y1 - new.y1,
    ]
    .into_iter()
    .map(f32::abs)
    .fold(0.0, f32::max);
    if distance.is_finite() && old.is_finite() && new.is_finite() {
        distance
    } else {
        f32::INFINITY
    }
}

/// `text` for a summary: one line, at most 60 characters.
fn quote(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > MOST {
        let head: String = line.chars().take(MOST - 1).collect();
        format!("“{head}…”")
    } else {
        format!("“{line}”")
    }
}

#[cfg(test)]
mod tests;
