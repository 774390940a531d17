//! From open tokens to edits a person would name: each on one page per side.

use std::ops::Range;

use model::Rect;
use rustc_hash::FxHashMap;

use super::{
    cleanup::starts_block,
    matching::Matching,
    moves::open_ranges,
    spot::{text, token_bounds},
    token::{Interner, Stream},
};
use crate::align::PagePair;

/// One edit: tokens that went, tokens that came, each on one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Old tokens.
    pub old: Option<Range<usize>>,
    /// New tokens.
    pub new: Option<Range<usize>>,
}

/// What splitting and pairing needs to know.
pub struct Context<'c, 'a> {
    /// The old stream.
    pub old: &'c Stream<'a>,
    /// The new stream.
    pub new: &'c Stream<'a>,
    /// Counterparts.
    pub matching: &'c Matching,
    /// Token texts.
    pub interner: &'c Interner<'a>,
    /// Page pairs by old page index.
    pub pairs: FxHashMap<u32, &'c PagePair>,
}

/// Fragments are small enough to be cells or labels up to this many tokens.
const CELL: usize = 10;

impl Context<'_, '_> {
    /// The edits of one stretch between two equal runs.
    pub fn edits(&self, old: Range<usize>, new: Range<usize>) -> Vec<Edit> {
        let gone = fragments(self.old, old, |i| self.matching.old_open(i));
        let come = fragments(self.new, new, |i| self.matching.new_open(i));
        match (gone.as_slice(), come.as_slice()) {
            ([], _) | (_, []) => gone
                .into_iter()
                .map(|f| Edit {
                    old: Some(f),
                    new: None,
                })
                .chain(come.into_iter().map(|f| Edit {
                    old: None,
                    new: Some(f),
                }))
                .collect(),
            _ => self
                .pair(gone, come)
                .into_iter()
                .filter_map(|edit| self.trimmed(edit))
                .collect(),
        }
    }

    /// An edit without the tokens both sides begin or end with; `None` where
    /// nothing is left of it.
    fn trimmed(&self, edit: Edit) -> Option<Edit> {
        let (Some(old), Some(new)) = (&edit.old, &edit.new) else {
            return Some(edit);
        };
        // Page numbers of a table of contents have one number for all.
        if self.old.tokens.get(old.start).is_some_and(|t| t.led) {
            return Some(edit);
        }
        let (a, b) = (&self.old.ids[old.clone()], &self.new.ids[new.clone()]);
        let prefix = a.iter().zip(b).take_while(|(x, y)| x == y).count();
        let suffix = a[prefix..]
            .iter()
            .rev()
            .zip(b[prefix..].iter().rev())
            .take_while(|(x, y)| x == y)
            .count();
        let cut = |range: &Range<usize>| {
            let range = range.start + prefix..range.end - suffix;
            (!range.is_empty()).then_some(range)
        };
        let edit = Edit {
            old: cut(old),
            new: cut(new),
        };
        (edit.old.is_some() || edit.new.is_some()).then_some(edit)
    }

    /// Pairs fragments that replaced each other.
    fn pair(&self, gone: Vec<Range<usize>>, come: Vec<Range<usize>>) -> Vec<Edit> {
        let (one, other) = (cells(self.old, &gone), cells(self.new, &come));
        let (gone, come) = if one.max(other) > gone.len().max(come.len())
            && small(&gone, one)
            && small(&come, other)
        {
            (by_block(self.old, gone), by_block(self.new, come))
        } else {
            (gone, come)
        };
        let only_one = gone.len() == 1 && come.len() == 1;
        // Every sensible pair with its worth, best first; edits of one stretch
        // are few.
        let mut worth: Vec<(f32, usize, usize)> = Vec::new();
        for (i, a) in gone.iter().enumerate().take(60) {
            for (j, b) in come.iter().enumerate().take(60) {
                let alike = self.likeness(a, b);
                let place = self.overlap(a, b);
                let in_order = if i == j { 0.1 } else { 0.0 };
                let score = alike + place + in_order;
                if alike >= 0.4 || place >= 0.3 || (only_one && comparable(a.len(), b.len(), alike))
                {
                    worth.push((score, i, j));
                }
            }
        }
        worth.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut partner: Vec<Option<usize>> = vec![None; gone.len()];
        let mut taken = vec![false; come.len()];
        for (_, i, j) in worth {
            if partner[i].is_none() && !taken[j] {
                partner[i] = Some(j);
                taken[j] = true;
            }
        }
        // What is left over at the same position in the order replaced each
        // other too, as long as it is of like size.
        if gone.len() == come.len() {
            for i in 0..gone.len() {
                if partner[i].is_none()
                    && !taken[i]
                    && comparable(gone[i].len(), come[i].len(), 0.0)
                {
                    partner[i] = Some(i);
                    taken[i] = true;
                }
            }
        }
        let mut edits: Vec<Edit> = Vec::new();
        let mut rest = come
            .iter()
            .enumerate()
            .filter(|(j, _)| !taken[*j])
            .peekable();
        for (a, partner) in gone.into_iter().zip(partner) {
            while let Some(&(j, b)) = rest.peek()
                && partner.is_some_and(|p| j < p)
            {
                edits.push(Edit {
                    old: None,
                    new: Some(b.clone()),
                });
                rest.next();
            }
            edits.push(Edit {
                old: Some(a),
                new: partner.map(|j| come[j].clone()),
            });
        }
        edits.extend(rest.map(|(_, b)| Edit {
            old: None,
            new: Some(b.clone()),
        }));
        edits
    }

    /// How alike two fragments read, 0 to 1.
    fn likeness(&self, old: &Range<usize>, new: &Range<usize>) -> f32 {
        const CHARACTERS: usize = 300;
        let (a, b) = (text(self.old, old.clone()), text(self.new, new.clone()));
        if a.len() <= CHARACTERS && b.len() <= CHARACTERS {
            return alike(&a, &b);
        }
        let mut counts: FxHashMap<u32, i32> = FxHashMap::default();
        for &id in &self.old.ids[old.clone()] {
            *counts.entry(id).or_default() += 1;
        }
        let (mut common, mut total) = (0.0, 0.0);
        for &id in &self.old.ids[old.clone()] {
            total += self.interner.class(id).weight();
        }
        for &id in &self.new.ids[new.clone()] {
            let weight = self.interner.class(id).weight();
            total += weight;
            if let Some(count) = counts.get_mut(&id)
                && *count > 0
            {
                *count -= 1;
                common += 2.0 * weight;
            }
        }
        if total > 0.0 { common / total } else { 0.0 }
    }

    /// How much two fragments stand at the same place of paired pages, 0 to 1.
    fn overlap(&self, old: &Range<usize>, new: &Range<usize>) -> f32 {
        let Some(pair) = self.pairs.get(&self.old.page_of(old.start)) else {
            return 0.0;
        };
        if pair.new != Some(self.new.page_of(new.start) as usize) {
            return 0.0;
        }
        let (Some(a), Some(b)) = (bounds(self.old, old), bounds(self.new, new)) else {
            return 0.0;
        };
        let a = pair.transform.apply_rect(&a);
        // One column of a table whose rows moved.
        let column = if (a.x0 - b.x0).abs() < 2.0 || (a.x1 - b.x1).abs() < 2.0 {
            0.3
        } else {
            0.0
        };
        let Some(common) = a.intersection(&b) else {
            return column;
        };
        let least = a.area().min(b.area());
        if least > 0.0 {
            (common.area() / least).min(1.0).max(column)
        } else {
            column
        }
    }
}

/// Share of equal characters of two short texts, 0 to 1.
pub fn alike(a: &str, b: &str) -> f32 {
    let equal: usize = dissimilar::diff(a, b)
        .iter()
        .map(|chunk| match chunk {
            // One letter in common is chance.
            dissimilar::Chunk::Equal(text) if text.len() > 1 => text.len(),
            _ => 0,
        })
        .sum();
    2.0 * equal as f32 / (a.len() + b.len()).max(1) as f32
}

/// Whether two fragments without much in common still read as one replacing
/// the other.
fn comparable(old: usize, new: usize, alike: f32) -> bool {
    let (less, more) = (old.min(new), old.max(new));
    more <= 12 || more <= 4 * less || alike > 0.3
}

/// The box around a range of tokens.
fn bounds(stream: &Stream<'_>, range: &Range<usize>) -> Option<Rect> {
    range
        .clone()
        .take(400)
        .filter_map(|i| token_bounds(stream, i))
        .reduce(|a, b| a.union(&b))
        .filter(Rect::is_finite)
}

/// Open tokens of `range`, cut where pages change. Single common tokens that
/// found a counterpart inside an edit do not cut it.
fn fragments(
    stream: &Stream<'_>,
    range: Range<usize>,
    open: impl Fn(usize) -> bool,
) -> Vec<Range<usize>> {
    let start = range.start;
    let mut out: Vec<Range<usize>> = Vec::new();
    for piece in open_ranges(range.len(), |i| open(start + i)) {
        let mut from = piece.start + start;
        let to = piece.end + start;
        for at in from + 1..to {
            if stream.page_of(at) != stream.page_of(at - 1) {
                out.push(from..at);
                from = at;
            }
        }
        out.push(from..to);
    }
    out
}

/// In how many blocks the fragments are.
fn cells(stream: &Stream<'_>, fragments: &[Range<usize>]) -> usize {
    fragments
        .iter()
        .map(|f| {
            1 + (f.start + 1..f.end)
                .filter(|&i| starts_block(stream, i))
                .count()
        })
        .sum()
}

/// Whether the blocks are cells or labels rather than prose.
fn small(fragments: &[Range<usize>], blocks: usize) -> bool {
    let tokens: usize = fragments.iter().map(ExactSizeIterator::len).sum();
    tokens <= blocks * CELL
}

/// Fragments cut where blocks begin.
fn by_block(stream: &Stream<'_>, fragments: Vec<Range<usize>>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    for fragment in fragments {
        let mut from = fragment.start;
        for at in fragment.start + 1..fragment.end {
            if starts_block(stream, at) {
                out.push(from..at);
                from = at;
            }
        }
        out.push(from..fragment.end);
    }
    out
}
