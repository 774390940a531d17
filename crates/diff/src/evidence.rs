//! Evidence fused: what text, paths and pixels each say about a change.

use model::{Change, ChangeKind, Op, Page, Rect, Spot, TextSource};

use crate::pixels::{PixelOutcome, Sight};

/// Completes the evidence of the changes of one page pair, pixel changes of
/// `outcome` included, and appends those the structure does not explain.
pub fn fuse(changes: &mut Vec<Change>, outcome: &PixelOutcome) {
    for (index, change) in changes.iter_mut().enumerate() {
        let seen = outcome.seen.get(index).copied().flatten();
        judge(change, seen);
    }
    fold(changes);
    changes.extend(outcome.changes.iter().cloned());
}

/// Sets what each source says about a structural change.
fn judge(change: &mut Change, sight: Option<Sight>) {
    let seen = sight.map(|s| s == Sight::Differs);
    let (is_text, is_path) = match change.kind {
        ChangeKind::Text => (Some(true), None),
        ChangeKind::Style => (Some(false), None),
        ChangeKind::Drawing => (None, Some(true)),
        ChangeKind::Image => (None, None),
        // Comments, fields, links and properties need not show.
        _ => return,
    };
    let evidence = &mut change.evidence;
    evidence.text = evidence.text.or(is_text);
    evidence.paths = evidence.paths.or(is_path);
    evidence.pixels = evidence.pixels.or(seen);
    if evidence.noise {
        return;
    }
    let what = match change.kind {
        ChangeKind::Text => "words differ",
        ChangeKind::Style => "the look of words differs",
        ChangeKind::Drawing => "paths differ",
        _ => "images differ",
    };
    match evidence.pixels {
        Some(true) => evidence.reason = format!("{what} and it shows"),
        Some(false) if sight == Some(Sight::Recoded) => {
            "both pages show the same words, their characters have other codes"
                .clone_into(&mut evidence.reason);
            evidence.noise = true;
        }
        Some(false) => {
            "structure differs but nothing is seen".clone_into(&mut evidence.reason);
            // Paths that paint the same picture were only written another way,
            // and so were words of the same look. Words that differ unseen
            // (a text layer) are still other words.
            evidence.noise = matches!(
                change.kind,
                ChangeKind::Drawing | ChangeKind::Image | ChangeKind::Style
            );
        }
        None if evidence.reason.is_empty() => what.clone_into(&mut evidence.reason),
        None => {}
    }
}

/// Quotes, dashes and the like are told apart less exactly by the second engine: where
/// it read one page and not the other, they alone are no difference.
pub fn doubt_marks(changes: &mut [Change], old: &Page, new: &Page) {
    if !read_by_two_engines(old, new) {
        return;
    }
    let of_spot = |spot: &Option<Spot>| spot.as_ref().map(|spot| letters(&spot.text));
    for change in changes {
        let stayed = change.kind == ChangeKind::Text && change.op != Op::Moved;
        let [old, new] = [&change.old, &change.new].map(|spot| of_spot(spot).unwrap_or_default());
        if stayed && old == new {
            "the pages were read by two engines, which differ in such marks"
                .clone_into(&mut change.evidence.reason);
            change.evidence.noise = true;
        }
    }
}

/// Whether the second engine read one of the pages and not the other.
pub(crate) fn read_by_two_engines(old: &Page, new: &Page) -> bool {
    let second = |page: &Page| page.coverage.text_source == TextSource::SecondOpinion;
    second(old) != second(new)
}

/// The letters and digits of a text: what both engines read alike.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Drawing that comes with a changed word (its underline, its box) is told
/// with the word.
fn fold(changes: &mut Vec<Change>) {
    let words: Vec<(usize, Vec<Rect>, Vec<Rect>)> = changes
        .iter()
        .enumerate()
        .filter(|(_, c)| c.kind == ChangeKind::Text && c.op != Op::Moved)
        .map(|(i, c)| (i, boxes(c.old.as_ref()), boxes(c.new.as_ref())))
        .collect();
    let mut told: Vec<(usize, usize)> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        if change.kind != ChangeKind::Drawing || change.evidence.noise {
            continue;
        }
        let (old, new) = (boxes(change.old.as_ref()), boxes(change.new.as_ref()));
        let within = |parts: &[Rect], words: &[Rect]| {
            parts.iter().all(|p| {
                words.iter().any(|w| {
                    let around = w.inflate(0.25 * w.height().min(w.width()).min(8.0) + 1.0);
                    p.height() <= w.height() + 2.0
                        && p.width() <= w.width() + 4.0
                        && p.x0 >= around.x0
                        && p.x1 <= around.x1
                        && p.y0 >= around.y0
                        && p.y1 <= around.y1
                })
            })
        };
        let owner = words.iter().find(|(_, word_old, word_new)| {
            (!old.is_empty() || !new.is_empty()) && within(&old, word_old) && within(&new, word_new)
        });
        if let Some((word, _, _)) = owner {
            told.push((at, *word));
        }
    }
    for &(at, word) in &told {
        let what = changes[at].summary.clone();
        let evidence = &mut changes[word].evidence;
        evidence.paths = Some(true);
        evidence.reason = format!("{}; with it: {what}", evidence.reason);
    }
    let mut index = 0;
    changes.retain(|_| {
        let keep = !told.iter().any(|(at, _)| *at == index);
        index += 1;
        keep
    });
}

fn boxes(spot: Option<&Spot>) -> Vec<Rect> {
    spot.map(|s| s.boxes.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_engines_may_differ_in_marks_but_not_in_words() {
        let page = |text_source| Page {
            coverage: model::Coverage {
                text_source,
                ..model::Coverage::default()
            },
            ..Page::default()
        };
        let spot = |text: &str| {
            Some(Spot {
                page: 1,
                boxes: Vec::new(),
                text: text.to_owned(),
            })
        };
        let changes = [("'", "’"), ("one–two", "one two"), ("12 kΩ", "18 kΩ")]
            .map(|(old, new)| crate::text::change(spot(old), spot(new)));
        let (first, second) = (page(TextSource::Glyphs), page(TextSource::SecondOpinion));
        let noise = |old: &Page, new: &Page| {
            let mut changes = changes.clone();
            doubt_marks(&mut changes, old, new);
            changes.map(|c| c.evidence.noise)
        };
        assert_eq!(noise(&second, &first), [true, true, false]);
        assert_eq!(noise(&first, &second), [true, true, false]);
        assert_eq!(noise(&first, &first), [false; 3]);
    }
}
