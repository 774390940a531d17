//! Metadata, bookmarks, layers and attachments.

use std::collections::BTreeMap;

use imara_diff::{Algorithm, Diff, InternedInput};
use model::{Attachment, Bookmark, Change, ChangeKind, DocumentInfo};

use super::{change, document_spot, quote};

/// Keys that tell which program wrote the file and when, not what it says.
fn is_producer_key(key: &str) -> bool {
    matches!(
        key,
        "Producer"
            | "Creator"
            | "CreationDate"
            | "ModDate"
            | "MetadataDate"
            | "Trapped"
            | "SourceModified"
    ) || key.starts_with("PTEX")
        || key.starts_with("GTS_")
        || key.starts_with("AAPL:")
}

/// Whether a value says nothing: some programs write a title where there was
/// none.
fn is_placeholder(value: &str) -> bool {
    value.is_empty() || value.eq_ignore_ascii_case("untitled")
}

/// Title, author, subject, keywords and the like.
pub(super) fn metadata(old: &DocumentInfo, new: &DocumentInfo) -> Vec<Change> {
    let entries = |info: &DocumentInfo| -> BTreeMap<String, String> {
        info.metadata
            .iter()
            .filter(|(key, value)| !is_producer_key(key) && !is_placeholder(value.trim()))
            .map(|(key, value)| (key.clone(), value.trim().to_owned()))
            .collect()
    };
    let (old, new) = (entries(old), entries(new));
    let keys: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter_map(|key| {
            let (before, after) = (old.get(key), new.get(key));
            let summary = match (before, after) {
                (Some(a), Some(b)) if a == b => return None,
                (Some(a), Some(b)) => format!("{key}: {} became {}", quote(a), quote(b)),
                (None, Some(b)) => format!("{key} {} added", quote(b)),
                (Some(a), None) => format!("{key} {} removed", quote(a)),
                (None, None) => return None,
            };
            Some(change(
                ChangeKind::Metadata,
                None,
                before.map(document_spot),
                after.map(document_spot),
                summary,
            ))
        })
        .collect()
}

/// The outline, compared as a sequence of titles. Target pages are left out:
/// they follow their headings when text reflows.
pub(super) fn bookmarks(old: &DocumentInfo, new: &DocumentInfo) -> Vec<Change> {
    let key = |b: &Bookmark| (b.level, b.title.trim().to_owned());
    let mut input = InternedInput::default();
    input.update_before(old.bookmarks.iter().map(key));
    input.update_after(new.bookmarks.iter().map(key));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);
    diff.hunks()
        .map(|hunk| {
            let titles = |list: &[Bookmark], range: std::ops::Range<u32>| {
                let slice = list
                    .get(range.start as usize..range.end as usize)
                    .unwrap_or_default();
                let lines: Vec<&str> = slice.iter().map(|b| b.title.trim()).collect();
                (lines.len(), lines.join("\n"))
            };
            let (removed, before) = titles(&old.bookmarks, hunk.before);
            let (added, after) = titles(&new.bookmarks, hunk.after);
            let many = |n: usize, text: &str| match n {
                1 => format!("bookmark {}", quote(text)),
                n => format!("{n} bookmarks ({})", quote(text)),
            };
            let summary = match (removed, added) {
                (0, n) => format!("{} added", many(n, &after)),
                (n, 0) => format!("{} removed", many(n, &before)),
                (n, m) => format!("{} became {}", many(n, &before), many(m, &after)),
            };
            change(
                ChangeKind::Metadata,
                None,
                (removed > 0).then(|| document_spot(before)),
                (added > 0).then(|| document_spot(after)),
                summary,
            )
        })
        .collect()
}

/// Layers by name; a changed default visibility counts.
pub(super) fn layers(old: &DocumentInfo, new: &DocumentInfo) -> Vec<Change> {
    let index = |info: &DocumentInfo| -> BTreeMap<String, bool> {
        info.layers
            .iter()
            .map(|l| (l.name.clone(), l.visible))
            .collect()
    };
    let (old, new) = (index(old), index(new));
    let state = |visible: bool| if visible { "shown" } else { "hidden" };
    let names: std::collections::BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let (before, after) = (old.get(name).copied(), new.get(name).copied());
            let summary = match (before, after) {
                (Some(a), Some(b)) if a == b => return None,
                (Some(a), Some(b)) => {
                    format!("layer {}: {} became {}", quote(name), state(a), state(b))
                }
                (None, _) => format!("layer {} added", quote(name)),
                (_, None) => format!("layer {} removed", quote(name)),
            };
            let spot = |visible: bool| document_spot(format!("{name} ({})", state(visible)));
            Some(change(
                ChangeKind::Metadata,
                None,
                before.map(spot),
                after.map(spot),
                summary,
            ))
        })
        .collect()
}

/// Attachments by name and content; the same content under another name is a
/// renaming.
pub(super) fn attachments(old: &DocumentInfo, new: &DocumentInfo) -> Vec<Change> {
    let mut before: Vec<&Attachment> = old.attachments.iter().collect();
    let mut after: Vec<&Attachment> = new.attachments.iter().collect();
    take_pairs(&mut before, &mut after, |a, b| {
        a.name == b.name && a.sha256.is_some() && a.sha256 == b.sha256
    });
    let renamed = take_pairs(&mut before, &mut after, |a, b| {
        a.sha256.is_some() && a.sha256 == b.sha256
    });
    let edited = take_pairs(&mut before, &mut after, |a, b| a.name == b.name);
    let make = |a: Option<&Attachment>, b: Option<&Attachment>, summary: String| {
        change(
            ChangeKind::Attachment,
            None,
            a.map(|a| document_spot(&a.name)),
            b.map(|b| document_spot(&b.name)),
            summary,
        )
    };
    let mut changes = Vec::new();
    for (a, b) in renamed {
        let summary = format!(
            "attachment {} renamed to {}",
            quote(&a.name),
            quote(&b.name)
        );
        changes.push(make(Some(a), Some(b), summary));
    }
    for (a, b) in edited {
        // Two attachments that could not be read say nothing about each other
        // but their size.
        if a.sha256.is_none() && b.sha256.is_none() && a.bytes == b.bytes {
            continue;
        }
        let size = |x: &Attachment| {
            x.bytes
                .map_or_else(|| "size unknown".to_owned(), |n| format!("{n} bytes"))
        };
        let summary = format!(
            "content of attachment {} changed ({} → {})",
            quote(&a.name),
            size(a),
            size(b)
        );
        changes.push(make(Some(a), Some(b), summary));
    }
    for a in before {
        changes.push(make(
            Some(a),
            None,
            format!("attachment {} removed", quote(&a.name)),
        ));
    }
    for b in after {
        changes.push(make(
            None,
            Some(b),
            format!("attachment {} added", quote(&b.name)),
        ));
    }
    changes
}

/// Takes out of both lists, in order, the pairs for which `fits` holds.
pub(super) fn take_pairs<'a, 'b, A, B>(
    before: &mut Vec<&'a A>,
    after: &mut Vec<&'b B>,
    fits: impl Fn(&A, &B) -> bool,
) -> Vec<(&'a A, &'b B)> {
    let mut pairs = Vec::new();
    before.retain(|a| {
        let Some(at) = after.iter().position(|b| fits(a, b)) else {
            return true;
        };
        pairs.push((*a, after.remove(at)));
        false
    });
    pairs
}
