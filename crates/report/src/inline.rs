//! Which words of a changed passage differ: for showing a long passage in
//! which little changed.

use std::ops::Range;

use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation;

/// Passages longer than this (bytes) are shown whole: nobody reads a word diff
/// of a book, and the report must stay quick on hostile input.
const MAX_BYTES: usize = 64 * 1024;

/// A run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// In both.
    Same(&'a str),
    /// In the old text only.
    Old(&'a str),
    /// In the new text only.
    New(&'a str),
}

/// The word diff of two passages (Unicode word boundaries, UAX #29; histogram
/// diff). A lone space between two differing words counts as differing, which
/// reads better than crumbs.
pub(crate) fn pieces<'a>(old: &'a str, new: &'a str) -> Vec<Piece<'a>> {
    if old.is_empty() || new.is_empty() || old.len().max(new.len()) > MAX_BYTES {
        return [Piece::Old(old), Piece::New(new)]
            .into_iter()
            .filter(|piece| !piece.text().is_empty())
            .collect();
    }
    let old_words: Vec<(usize, &str)> = old.split_word_bound_indices().collect();
    let new_words: Vec<(usize, &str)> = new.split_word_bound_indices().collect();
    let mut input = InternedInput::default();
    input.update_before(old_words.iter().map(|(_, word)| *word));
    input.update_after(new_words.iter().map(|(_, word)| *word));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);

    let slice = |text: &'a str, words: &[(usize, &str)], range: Range<u32>| -> &'a str {
        let at = |index: u32| words.get(index as usize).map_or(text.len(), |(at, _)| *at);
        text.get(at(range.start)..at(range.end)).unwrap_or_default()
    };
    let mut hunks: Vec<(Range<u32>, Range<u32>)> = Vec::new();
    for hunk in diff.hunks() {
        if let Some((before, after)) = hunks.last_mut()
            && slice(old, &old_words, before.end..hunk.before.start)
                .trim()
                .is_empty()
        {
            before.end = hunk.before.end;
            after.end = hunk.after.end;
            continue;
        }
        hunks.push((hunk.before, hunk.after));
    }

    let mut out = Vec::with_capacity(hunks.len() * 3 + 1);
    let mut done = 0;
    for (before, after) in hunks {
        out.push(Piece::Same(slice(old, &old_words, done..before.start)));
        done = before.end;
        out.push(Piece::Old(slice(old, &old_words, before)));
        out.push(Piece::New(slice(new, &new_words, after)));
    }
    out.push(Piece::Same(slice(
        old,
        &old_words,
        done..old_words.len() as u32,
    )));
    out.retain(|piece| !piece.text().is_empty());
    out
}

/// Share of the two passages that is the same, 0 to 1, by bytes.
pub(crate) fn same_share(pieces: &[Piece<'_>]) -> f32 {
    let (mut same, mut all) = (0, 0);
    for piece in pieces {
        let len = piece.text().len();
        match piece {
            Piece::Same(_) => {
                same += 2 * len;
                all += 2 * len;
            }
            _ => all += len,
        }
    }
    same as f32 / all.max(1) as f32
}

impl<'a> Piece<'a> {
    /// The words.
    pub(crate) fn text(&self) -> &'a str {
        match self {
            Self::Same(text) | Self::Old(text) | Self::New(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_changed_word_differs() {
        assert_eq!(
            pieces("it shall be so", "it must be so"),
            [
                Piece::Same("it "),
                Piece::Old("shall"),
                Piece::New("must"),
                Piece::Same(" be so"),
            ]
        );
    }

    #[test]
    fn neighbours_are_joined_across_a_space() {
        assert_eq!(
            pieces("a b c d", "a x y d"),
            [
                Piece::Same("a "),
                Piece::Old("b c"),
                Piece::New("x y"),
                Piece::Same(" d"),
            ]
        );
    }

    #[test]
    fn nothing_and_everything() {
        assert_eq!(pieces("", "new"), [Piece::New("new")]);
        assert_eq!(pieces("", ""), []);
        assert_eq!(pieces("same", "same"), [Piece::Same("same")]);
    }

    #[test]
    fn pieces_rebuild_both_sides() {
        let (old, new) = ("线路 R12 为 10k。 end", "线路 R13 为 12k，end!");
        let mut sides = [String::new(), String::new()];
        for piece in pieces(old, new) {
            match piece {
                Piece::Same(_) => {}
                Piece::Old(text) => sides[0].push_str(text),
                Piece::New(text) => sides[1].push_str(text),
            }
            if let Piece::Same(text) = piece {
                sides[0].push_str(text);
                sides[1].push_str(text);
            }
        }
        assert_eq!(sides, [old, new]);
    }
}
