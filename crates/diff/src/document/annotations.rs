//! Comments, stamps and highlights of a page pair.

use model::{Annotation, Change, ChangeKind, Op};

use super::info::take_pairs;
use super::{Pair, change, displacement, page_spot, quote};
use crate::Options;

/// Most annotations compared on one page; the matching is quadratic.
const MOST: usize = 2_000;

/// Matched by unique name, then by content, then by place.
pub(super) fn compare(pair: &Pair<'_>, options: &Options) -> Vec<Change> {
    let mut before: Vec<&Annotation> = pair.old.annotations.iter().take(MOST).collect();
    let mut after: Vec<&Annotation> = pair.new.annotations.iter().take(MOST).collect();
    let reach = options.tolerance.max(0.0) + 0.5;
    let same_content =
        |a: &Annotation, b: &Annotation| a.subtype == b.subtype && a.contents == b.contents;
    let near = |a: &Annotation, b: &Annotation| {
        displacement(&a.bounds, &b.bounds, pair.transform) <= reach
    };

    let mut matched = take_pairs(&mut before, &mut after, |a, b| {
        !a.name.is_empty() && a.name == b.name && a.subtype == b.subtype
    });
    matched.extend(take_pairs(&mut before, &mut after, |a, b| {
        same_content(a, b) && near(a, b)
    }));
    matched.extend(take_pairs(&mut before, &mut after, |a, b| {
        same_content(a, b) && !a.contents.is_empty()
    }));
    matched.extend(take_pairs(&mut before, &mut after, |a, b| {
        a.subtype == b.subtype && near(a, b)
    }));

    let mut changes = Vec::new();
    for (a, b) in matched {
        let name = subtype(b);
        let found = if a.contents != b.contents {
            Some((
                Op::Replaced,
                format!(
                    "{name} {} became {}",
                    quote(&a.contents),
                    quote(&b.contents)
                ),
            ))
        } else if a.color != b.color {
            Some((
                Op::Restyled,
                format!("{name} {}: colour changed", quote(&b.contents)),
            ))
        } else if !near(a, b) {
            Some((Op::Moved, format!("{name} {} moved", quote(&b.contents))))
        } else {
            None
        };
        if let Some((op, summary)) = found {
            changes.push(change(
                ChangeKind::Annotation,
                Some(op),
                Some(page_spot(pair.old, a.bounds, &a.contents)),
                Some(page_spot(pair.new, b.bounds, &b.contents)),
                summary,
            ));
        }
    }
    for a in before {
        changes.push(change(
            ChangeKind::Annotation,
            None,
            Some(page_spot(pair.old, a.bounds, &a.contents)),
            None,
            one_sided(a, "removed"),
        ));
    }
    for b in after {
        changes.push(change(
            ChangeKind::Annotation,
            None,
            None,
            Some(page_spot(pair.new, b.bounds, &b.contents)),
            one_sided(b, "added"),
        ));
    }
    changes
}

fn one_sided(annotation: &Annotation, what: &str) -> String {
    let name = subtype(annotation);
    if annotation.contents.is_empty() {
        format!("{name} {what}")
    } else {
        format!("{name} {} {what}", quote(&annotation.contents))
    }
}

/// The PDF subtype as people say it.
fn subtype(annotation: &Annotation) -> String {
    match annotation.subtype.as_str() {
        "Text" => "note".to_owned(),
        "FreeText" => "text box".to_owned(),
        "StrikeOut" => "strike-out".to_owned(),
        "FileAttachment" => "attached file".to_owned(),
        "" => "annotation".to_owned(),
        other => other.to_lowercase(),
    }
}
