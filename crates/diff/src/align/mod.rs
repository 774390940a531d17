//! Which page became which: a global alignment with gaps over what pages are
//! recognised by, then moved pages among what is left.

mod chain;
mod fingerprint;
#[cfg(test)]
mod tests;

use model::{Page, Transform};

use crate::text::Share;
use chain::{Candidate, candidates, heaviest};
use fingerprint::{Fingerprint, of_pages};

/// A pair of pages, or a page of one side only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PagePair {
    /// Index of the old page among those compared.
    pub old: Option<usize>,
    /// Index of the new page among those compared.
    pub new: Option<usize>,
    /// The page stands elsewhere in the order.
    pub moved: bool,
    /// Maps the old page onto the new one.
    pub transform: Transform,
    /// A word for people on what moved as a whole.
    pub remark: Option<String>,
}

/// What a page pair must have in common to be one, where nothing better
/// decides.
const ALIKE: f32 = 0.12;

/// What a page must have in common with its old place to count as moved.
const MOVED: f32 = 0.5;

/// Gaps with up to this many pairs are solved exactly.
const EXACT: usize = 10_000;

/// Pairs the pages of two documents, in the order of the new one; deleted pages
/// stand where they stood.
pub fn align(old: &[&Page], new: &[&Page]) -> Vec<PagePair> {
    let (a, b) = (of_pages(old), of_pages(new));
    // Old page of each new page, and whether it moved.
    let mut from: Vec<Option<(usize, bool)>> = vec![None; b.len()];
    let mut taken = vec![false; a.len()];
    let all = candidates(&a, &b);
    let chain = heaviest(all.clone(), a.len());
    for pair in &chain {
        from[pair.new] = Some((pair.old, false));
        taken[pair.old] = true;
    }
    take_moved(&all, &a, &b, &mut from, &mut taken);
    fill_gaps(&a, &b, &mut from, &mut taken);
    in_order(&from, &taken)
}

/// Pairs pages left over that share most of their content.
fn take_moved(
    candidates: &[Candidate],
    old: &[Fingerprint],
    new: &[Fingerprint],
    from: &mut [Option<(usize, bool)>],
    taken: &mut [bool],
) {
    let mut left: Vec<Candidate> = candidates
        .iter()
        .filter(|c| from[c.new].is_none() && !taken[c.old] && !new[c.new].is_wordless())
        .map(|c| Candidate {
            weight: old[c.old].likeness(&new[c.new]),
            ..*c
        })
        .filter(|c| c.weight >= MOVED)
        .collect();
    left.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then((a.new, a.old).cmp(&(b.new, b.old)))
    });
    for candidate in left {
        if from[candidate.new].is_none() && !taken[candidate.old] {
            let crosses = from.iter().enumerate().any(|(n, f)| {
                f.is_some_and(|(o, moved)| !moved && (o < candidate.old) != (n < candidate.new))
            });
            from[candidate.new] = Some((candidate.old, crosses));
            taken[candidate.old] = true;
        }
    }
}

/// Aligns what lies between the pairs found so far.
fn fill_gaps(
    old: &[Fingerprint],
    new: &[Fingerprint],
    from: &mut [Option<(usize, bool)>],
    taken: &mut [bool],
) {
    let mut anchors: Vec<(usize, usize)> = from
        .iter()
        .enumerate()
        .filter_map(|(n, f)| f.filter(|(_, moved)| !moved).map(|(o, _)| (o, n)))
        .collect();
    anchors.push((old.len(), new.len()));
    let (mut o, mut n) = (0, 0);
    for (old_end, new_end) in anchors {
        let left_old: Vec<usize> = (o..old_end).filter(|&i| !taken[i]).collect();
        let left_new: Vec<usize> = (n..new_end).filter(|&j| from[j].is_none()).collect();
        for (i, j) in best_pairs(old, new, &left_old, &left_new) {
            from[j] = Some((i, false));
            taken[i] = true;
        }
        (o, n) = (old_end + 1, new_end + 1);
    }
}

/// The pairs of two short lists of pages, in order, that are most alike.
fn best_pairs(
    old: &[Fingerprint],
    new: &[Fingerprint],
    left_old: &[usize],
    left_new: &[usize],
) -> Vec<(usize, usize)> {
    let (rows, columns) = (left_old.len(), left_new.len());
    if rows == 0 || columns == 0 {
        return Vec::new();
    }
    // The only page of a document became the only page of the other.
    if (rows, columns) == (1, 1) && (old.len(), new.len()) == (1, 1) {
        return vec![(left_old[0], left_new[0])];
    }
    if rows.saturating_mul(columns) > EXACT {
        return left_old
            .iter()
            .copied()
            .zip(left_new.iter().copied())
            .filter(|&(i, j)| old[i].likeness(&new[j]) >= ALIKE)
            .collect();
    }
    let gain = |i: usize, j: usize| old[left_old[i]].likeness(&new[left_new[j]]) - ALIKE;
    let width = columns + 1;
    let mut best = vec![0.0f32; (rows + 1) * width];
    let mut take = vec![false; rows * columns];
    for i in (0..rows).rev() {
        for j in (0..columns).rev() {
            let at = i * width + j;
            let pair = gain(i, j);
            let with = pair + best[at + width + 1];
            let without = best[at + width].max(best[at + 1]);
            take[i * columns + j] = pair > 0.0 && with >= without;
            best[at] = if take[i * columns + j] { with } else { without };
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < rows && j < columns {
        if take[i * columns + j] {
            pairs.push((left_old[i], left_new[j]));
            i += 1;
            j += 1;
        } else if best[(i + 1) * width + j] >= best[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// All pairs in the order of the new document; deleted pages after the page
/// they followed.
fn in_order(from: &[Option<(usize, bool)>], taken: &[bool]) -> Vec<PagePair> {
    let mut pairs = Vec::with_capacity(from.len());
    let mut next_old = 0;
    let mut deleted_up_to = |pairs: &mut Vec<PagePair>, end: usize| {
        while next_old < end {
            if !taken[next_old] {
                pairs.push(PagePair {
                    old: Some(next_old),
                    ..PagePair::default()
                });
            }
            next_old += 1;
        }
    };
    for (new, pair) in from.iter().enumerate() {
        if let Some((old, false)) = pair {
            deleted_up_to(&mut pairs, *old);
        }
        pairs.push(PagePair {
            old: pair.map(|(old, _)| old),
            new: Some(new),
            moved: pair.is_some_and(|(_, moved)| moved),
            ..PagePair::default()
        });
    }
    deleted_up_to(&mut pairs, taken.len());
    pairs
}

/// Share of two pages' content that is equal, 0 to 1: of the words where there
/// are any, of everything else by shape.
pub fn similarity(old: &Page, new: &Page, words: Share) -> f32 {
    let shapes = || {
        let pages = of_pages(&[old, new]);
        match pages.as_slice() {
            [a, b] => a.likeness(b),
            _ => 0.0,
        }
    };
    if words.total < 5 {
        return shapes();
    }
    words.part()
}
