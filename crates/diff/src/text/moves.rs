//! Blocks that only stand elsewhere now.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{
    anchor::hash,
    cleanup::{starts_line, weight},
    matching::Matching,
    token::{Class, Interner, Stream},
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
const MOST: usize = 16;

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
    let mut taken = vec![false; old.tokens.len()];
    let mut covered = vec![false; new.tokens.len()];
    let mut moves: Vec<Move> = Vec::new();
    // Long blocks first: a short one must not take a piece out of them.
    for least in [24, GRAM] {
        for range in open_ranges(new.tokens.len(), |i| matching.new_open(i)) {
            let mut at = range.start;
            while at + GRAM <= range.end {
                if covered[at] {
                    at += 1;
                    continue;
                }
                let places = index.get(&hash(&new.ids[at..at + GRAM]));
                let longest = places
                    .into_iter()
                    .flatten()
                    .map(|&from| {
                        let from = from as usize;
                        let len = (0..range.end - at)
                            .take_while(|k| {
                                !covered[at + k]
                                    && matching.old_open(from + k)
                                    && !taken[from + k]
                                    && old.ids[from + k] == new.ids[at + k]
                            })
                            .count();
                        Move {
                            old: from..from + len,
                            new: at..at + len,
                        }
                    })
                    .filter(|m| m.old.len() >= least && proves(m, matching, old, new, interner))
                    .max_by_key(|m| (m.old.len(), std::cmp::Reverse(m.old.start.abs_diff(at))));
                match longest {
                    Some(found) => {
                        taken[found.old.clone()].fill(true);
                        covered[found.new.clone()].fill(true);
                        at = found.new.end;
                        moves.push(found);
                    }
                    None => at += 1,
                }
            }
        }
    }
    moves.sort_by_key(|m| m.new.start);
    moves
}

/// Marks left over at the ends of a moved block (its bullet, its full stop) went
/// with it.
pub fn with_marks(
    block: &Move,
    matching: &Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    interner: &Interner<'_>,
) -> Move {
    let marks = |stream: &Stream<'_>, range: &Range<usize>, open: &dyn Fn(usize) -> bool| {
        const MOST: usize = 2;
        let is_mark = |at: usize| {
            open(at)
                && stream
                    .ids
                    .get(at)
                    .is_some_and(|&id| interner.class(id) == Class::Mark)
        };
        let before = (1..=MOST.min(range.start))
            .take_while(|k| is_mark(range.start - k))
            .count();
        let after = (0..MOST).take_while(|k| is_mark(range.end + k)).count();
        range.start - before..range.end + after
    };
    Move {
        old: marks(old, &block.old, &|at| matching.old_open(at)),
        new: marks(new, &block.new, &|at| matching.new_open(at)),
    }
}

/// Whether an equal block is enough to speak of a move.
fn proves(
    m: &Move,
    matching: &Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    interner: &Interner<'_>,
) -> bool {
    let proof = weight(&old.ids[m.old.clone()], interner);
    if proof >= ENOUGH {
        return true;
    }
    proof >= ENOUGH_WHOLE
        && is_whole(old, &m.old, |i| matching.old_open(i))
        && is_whole(new, &m.new, |i| matching.new_open(i))
}

/// Moves that go on where the one before them ended are one: what is between
/// them was edited as well.
pub fn merged(moves: Vec<Move>, old: &Stream<'_>, new: &Stream<'_>) -> Vec<Move> {
    /// Edited tokens between two parts of one block.
    const BETWEEN: usize = 12;
    let mut out: Vec<Move> = Vec::new();
    for next in moves {
        if let Some(last) = out.last_mut()
            && next.old.start >= last.old.end
            && next.new.start >= last.new.end
            && next.old.start - last.old.end <= BETWEEN
            && next.new.start - last.new.end <= BETWEEN
            && old.page_of(last.old.start) == old.page_of(next.old.start)
            && new.page_of(last.new.start) == new.page_of(next.new.start)
        {
            last.old.end = next.old.end;
            last.new.end = next.new.end;
            continue;
        }
        out.push(next);
    }
    out
}

/// Whether a range is all of an edit, or whole lines.
fn is_whole(stream: &Stream<'_>, range: &Range<usize>, open: impl Fn(usize) -> bool) -> bool {
    let starts = |at: usize| at >= stream.tokens.len() || starts_line(stream, at);
    let begins = range.start == 0 || !open(range.start - 1) || starts(range.start);
    let ends = !open(range.end) || starts(range.end);
    begins && ends
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
