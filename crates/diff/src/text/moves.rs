//! Blocks that only stand elsewhere now.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{
    anchor::hash,
    cleanup::{starts_block, starts_line, weight},
    matching::Matching,
    token::{Interner, Stream},
};

/// A block of equal tokens, open on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Tokens in the old stream.
    pub old: Range<usize>,
    /// Tokens in the new stream.
    pub new: Range<usize>,
}

/// Tokens per n-gram looked up.
const GRAM: usize = 4;

/// What a move within a longer text must prove (see `Class::weight`).
const ENOUGH: f32 = 6.0;

/// What a move of a whole edit, or of whole lines, must prove.
const ENOUGH_WHOLE: f32 = 2.8;

/// Occurrences of one n-gram looked at.
const MOST: usize = 6;

/// Finds moved blocks among open tokens, longest first.
pub fn find(
    matching: &Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    interner: &Interner<'_>,
) -> Vec<Move> {
    let mut index: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    for range in open_ranges(old.tokens.len(), |i| matching.old_open(i)) {
        for at in range.start..range.end.saturating_sub(GRAM - 1) {
            let places = index.entry(hash(&old.ids[at..at + GRAM])).or_default();
            if places.len() < MOST {
                places.push(at as u32);
            }
        }
    }
    if index.is_empty() {
        return Vec::new();
    }
    let mut candidates: Vec<Move> = Vec::new();
    for range in open_ranges(new.tokens.len(), |i| matching.new_open(i)) {
        let mut at = range.start;
        while at + GRAM <= range.end {
            let mut longest: Option<Move> = None;
            for &from in index
                .get(&hash(&new.ids[at..at + GRAM]))
                .into_iter()
                .flatten()
            {
                let from = from as usize;
                let len = (0..range.end - at)
                    .take_while(|k| {
                        matching.old_open(from + k) && old.ids[from + k] == new.ids[at + k]
                    })
                    .count();
                if len >= GRAM && longest.as_ref().is_none_or(|m| len > m.old.len()) {
                    longest = Some(Move {
                        old: from..from + len,
                        new: at..at + len,
                    });
                }
            }
            at = longest.as_ref().map_or(at + 1, |m| m.new.end);
            candidates.extend(longest);
        }
    }
    candidates.retain(|m| {
        let proof = weight(&old.ids[m.old.clone()], interner);
        let whole = is_whole(old, &m.old, |i| matching.old_open(i))
            && is_whole(new, &m.new, |i| matching.new_open(i));
        proof >= if whole { ENOUGH_WHOLE } else { ENOUGH }
    });
    candidates.sort_by_key(|m| (std::cmp::Reverse(m.new.len()), m.new.start));
    let mut taken = vec![false; old.tokens.len()];
    candidates.retain(|m| {
        let free = !taken[m.old.clone()].iter().any(|&t| t);
        if free {
            taken[m.old.clone()].fill(true);
        }
        free
    });
    candidates.sort_by_key(|m| m.new.start);
    candidates
}

/// Whether a range is all of an edit, or whole lines.
fn is_whole(stream: &Stream<'_>, range: &Range<usize>, open: impl Fn(usize) -> bool) -> bool {
    let starts = |at: usize| at >= stream.tokens.len() || starts_line(stream, at);
    let begins = range.start == 0 || !open(range.start - 1) || starts(range.start);
    let ends = !open(range.end) || starts(range.end);
    begins && ends
}

/// Whether a range is whole blocks.
pub fn is_block(stream: &Stream<'_>, range: &Range<usize>) -> bool {
    starts_block(stream, range.start)
        && (range.end >= stream.tokens.len() || starts_block(stream, range.end))
}

/// Maximal ranges of tokens for which `open` holds.
pub fn open_ranges(len: usize, open: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for at in 0..len {
        if !open(at) {
            continue;
        }
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => ranges.push(at..at + 1),
        }
    }
    ranges
}
