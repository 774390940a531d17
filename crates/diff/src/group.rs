//! The same edit at several places, as one thing to review.

use model::{Change, ChangeKind, Group, Op};
use rustc_hash::FxHashMap;

/// An edit at this many places is offered as a group.
const PLACES: usize = 3;

/// Longer texts do not recur by a systematic edit.
const LONGEST: usize = 200;

/// Finds the groups among numbered changes and marks their members.
pub fn find(changes: &mut [Change]) -> Vec<Group> {
    let mut order: Vec<(String, Vec<usize>)> = Vec::new();
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    for (at, change) in changes.iter().enumerate() {
        let Some(key) = key(change) else { continue };
        let slot = *index.entry(key.clone()).or_insert_with(|| {
            order.push((key, Vec::new()));
            order.len() - 1
        });
        order[slot].1.push(at);
    }
    let mut groups = Vec::new();
    for (_, members) in order {
        if members.len() < PLACES {
            continue;
        }
        let id = groups.len() as u32 + 1;
        let Some(first) = members.first().and_then(|&i| changes.get(i)) else {
            continue;
        };
        let summary = format!("{} in {} places", edit(first), members.len());
        let mut ids = Vec::with_capacity(members.len());
        for at in members {
            changes[at].group = Some(id);
            ids.push(changes[at].id);
        }
        groups.push(Group {
            id,
            summary,
            changes: ids,
        });
    }
    groups
}

/// What section numbers that count on have in common.
const RENUMBERED: &str = "numbering";

/// Whether a text is the number of a section, figure or formula: `3.14.2`,
/// `(17)`.
fn is_numbering(text: &str) -> bool {
    let inner = text.trim_matches(['(', ')', '[', ']', '.', ':', ',']);
    let bracketed = text.starts_with(['(', '[']) || text.ends_with([')', ']']);
    inner.starts_with(|c: char| c.is_alphanumeric())
        && (inner.contains('.') || bracketed)
        && inner.split('.').all(|part| {
            !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit())
        })
}

/// What changes of one group have in common; noise is in none.
fn key(change: &Change) -> Option<String> {
    if change.evidence.noise {
        return None;
    }
    let text =
        |side: &Option<model::Spot>| side.as_ref().map_or("", |s| s.text.as_str()).to_owned();
    let what = match change.kind {
        ChangeKind::Text => {
            let (old, new) = (text(&change.old), text(&change.new));
            if old.len() > LONGEST || new.len() > LONGEST {
                return None;
            }
            if change.op == Op::Moved {
                // Many labels that went the same way.
                let (_, way) = change.summary.rsplit_once('”')?;
                way.to_owned()
            } else if is_numbering(&old) && is_numbering(&new) {
                RENUMBERED.to_owned()
            } else {
                format!("{old}\u{0}{new}")
            }
        }
        ChangeKind::Style => {
            let (_, delta) = change.summary.split_once("”: ")?;
            delta.to_owned()
        }
        // A region that changed is like no other.
        ChangeKind::Drawing if change.op == Op::Replaced => return None,
        // Of whatever shape.
        ChangeKind::Drawing if change.op == Op::Restyled => {
            without_place(&change.summary).to_owned()
        }
        // The same shape at many places.
        ChangeKind::Drawing => format!("{}\u{0}{:?}", without_place(&change.summary), size(change)),
        ChangeKind::Image => change.summary.clone(),
        // The same place on many pages.
        ChangeKind::Pixels => format!("{:?}", place(change)),
        ChangeKind::Link => links(change)?.to_owned(),
        ChangeKind::Metadata if change.summary.contains("bookmark") => "bookmarks".to_owned(),
        _ => return None,
    };
    Some(format!(
        "{}\u{0}{}\u{0}{what}",
        change.kind.name(),
        change.op.name()
    ))
}

/// What a link leads to, as people name it, where many may change alike.
fn links(change: &Change) -> Option<&'static str> {
    let text = &change.new.as_ref().or(change.old.as_ref())?.text;
    Some(if text.starts_with("page ") {
        "links within the document"
    } else if text.starts_with("JavaScript ") {
        "links that run a script"
    } else {
        return None;
    })
}

/// The summary of a drawing change without its place.
pub(crate) fn without_place(summary: &str) -> &str {
    [" near ", " at the ", " in the middle"]
        .iter()
        .filter_map(|place| summary.find(place))
        .min()
        .map_or(summary, |end| &summary[..end])
}

/// Width and height of what changed, in half points.
fn size(change: &Change) -> Option<[i32; 2]> {
    let spot = change.new.as_ref().or(change.old.as_ref())?;
    match spot.boxes.as_slice() {
        [only] => Some([only.width(), only.height()].map(|v| (2.0 * v).round() as i32)),
        _ => None,
    }
}

/// Where on its page something changed, in cells of four points.
fn place(change: &Change) -> Option<[i32; 4]> {
    let spot = change.new.as_ref().or(change.old.as_ref())?;
    let r = spot.boxes.first()?;
    Some([r.x0, r.y0, r.x1, r.y1].map(|v| (v / 4.0).round() as i32))
}

/// The edit without its place.
fn edit(change: &Change) -> String {
    let text = |side: &Option<model::Spot>| side.as_ref().is_some_and(|s| is_numbering(&s.text));
    if change.kind == ChangeKind::Text && text(&change.old) && text(&change.new) {
        return format!("renumbered ({})", change.summary);
    }
    let done = match change.op {
        Op::Added => "added",
        Op::Removed => "removed",
        _ => "changed",
    };
    match (change.kind, change.op) {
        (ChangeKind::Link, _) => format!("{} {done}", links(change).unwrap_or("links")),
        (ChangeKind::Metadata, _) => format!("bookmarks {done}"),
        (ChangeKind::Drawing, _) => without_place(&change.summary).to_owned(),
        (ChangeKind::Style, _) => change
            .summary
            .split_once("”: ")
            .map_or_else(|| change.summary.clone(), |(_, delta)| delta.to_owned()),
        (ChangeKind::Text, Op::Moved) => change
            .summary
            .rsplit_once('”')
            .map_or_else(|| change.summary.clone(), |(_, way)| format!("moved{way}")),
        _ => change.summary.clone(),
    }
}
