//! Page labels: the numbers a viewer shows instead of positions.

use model::{Change, ChangeKind};

use super::{Pair, change, document_spot, quote};

/// Labels whose style changed (`iii` to `3`, `A-3` to `B-3`), neighbouring
/// pages as one change. Labels that only count on because a page was inserted
/// are no change.
pub(super) fn compare(pairs: &[Pair<'_>]) -> Vec<Change> {
    let mut runs: Vec<Vec<(&str, &str)>> = Vec::new();
    let mut last_differed = false;
    for pair in pairs {
        let labels = pair.old.label.as_deref().zip(pair.new.label.as_deref());
        let differing = labels.filter(|(a, b)| shape(a) != shape(b));
        match (differing, runs.last_mut()) {
            (Some(labels), Some(run)) if last_differed => run.push(labels),
            (Some(labels), _) => runs.push(vec![labels]),
            (None, _) => {}
        }
        last_differed = differing.is_some();
    }
    runs.into_iter()
        .filter_map(|run| {
            let (first, last) = (run.first()?, run.last()?);
            let range = |a: &str, b: &str| {
                if run.len() == 1 {
                    a.to_owned()
                } else {
                    format!("{a}–{b}")
                }
            };
            let (before, after) = (range(first.0, last.0), range(first.1, last.1));
            let summary = format!("page labels {} became {}", quote(&before), quote(&after));
            Some(change(
                ChangeKind::Metadata,
                None,
                Some(document_spot(before)),
                Some(document_spot(after)),
                summary,
            ))
        })
        .collect()
}

/// A label without its counting part: digits become `#`, a wholly Roman
/// label `i` or `I`.
fn shape(label: &str) -> String {
    let roman = |set: &str| !label.is_empty() && label.chars().all(|c| set.contains(c));
    if roman("ivxlcdm") {
        return "i".to_owned();
    }
    if roman("IVXLCDM") {
        return "I".to_owned();
    }
    let mut shape = String::with_capacity(label.len());
    for c in label.chars() {
        if !c.is_numeric() {
            shape.push(c);
        } else if !shape.ends_with('#') {
            shape.push('#');
        }
    }
    shape
}
