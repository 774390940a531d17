//! The heaviest chain of page pairs that increases on both sides.

use imara_diff::{Algorithm, Diff, Token};
use rustc_hash::FxHashMap;

use super::fingerprint::Fingerprint;

/// A page pair with what speaks for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Old page.
    pub old: usize,
    /// New page.
    pub new: usize,
    /// How much speaks for the pair.
    pub weight: f32,
}

/// A feature on more old pages than this tells none of them.
const RARE: usize = 6;

/// Pairs followed up per new page.
const PER_PAGE: usize = 8;

/// With more pages than this one feature in four is looked at.
const MANY: usize = 300;

/// Page pairs that share rare content, found through an inverted index, and
/// pairs of identical pages in their common order.
pub fn candidates(old: &[Fingerprint], new: &[Fingerprint]) -> Vec<Candidate> {
    let many = old.len().max(new.len()) > MANY;
    let features = |page: &Fingerprint| -> Vec<u64> {
        let words = page.shingles.iter().copied();
        let rest = page.images.iter().chain(if page.count < 60 {
            page.paths.as_slice()
        } else {
            &[]
        });
        words
            .chain(rest.copied())
            .filter(|f| !many || (f >> 7) % 4 == 0)
            .collect()
    };
    let mut index: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
    let mut rare = vec![0u32; old.len()];
    for (at, page) in old.iter().enumerate() {
        for feature in features(page) {
            let pages = index.entry(feature).or_default();
            if pages.len() <= RARE {
                pages.push(at as u32);
            }
        }
    }
    for pages in index.values().filter(|p| p.len() <= RARE) {
        for &page in pages {
            rare[page as usize] += 1;
        }
    }
    let mut out = identical(old, new);
    let mut votes: FxHashMap<u32, u32> = FxHashMap::default();
    for (at, page) in new.iter().enumerate() {
        votes.clear();
        let mut own = 0u32;
        for feature in features(page) {
            match index.get(&feature) {
                Some(pages) if pages.len() <= RARE => {
                    own += 1;
                    for &old in pages {
                        *votes.entry(old).or_default() += 1;
                    }
                }
                Some(_) => {}
                None => own += 1,
            }
        }
        let mut best: Vec<(u32, u32)> = votes
            .iter()
            .filter(|&(_, &count)| count >= 2 || own <= 2)
            .map(|(&old, &count)| (count, old))
            .collect();
        best.sort_unstable_by_key(|&(count, old)| (std::cmp::Reverse(count), old));
        out.extend(
            best.into_iter()
                .take(PER_PAGE)
                .map(|(count, old)| Candidate {
                    old: old as usize,
                    new: at,
                    weight: 2.0 * count as f32 / (own + rare[old as usize]).max(1) as f32,
                }),
        );
    }
    out
}

/// Identical pages in their longest common order.
fn identical(old: &[Fingerprint], new: &[Fingerprint]) -> Vec<Candidate> {
    /// Pages with next to nothing on them are found everywhere.
    const EMPTY: f32 = 0.1;
    let mut numbers: FxHashMap<u64, u32> = FxHashMap::default();
    let mut tokens = |pages: &[Fingerprint]| -> Vec<Token> {
        pages
            .iter()
            .map(|p| {
                let next = numbers.len() as u32;
                Token(*numbers.entry(p.identity).or_insert(next))
            })
            .collect()
    };
    let (a, b) = (tokens(old), tokens(new));
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &a, &b, numbers.len() as u32);
    let mut out = Vec::new();
    let (mut i, mut j) = (0usize, 0usize);
    let mut take = |i: usize, j: usize| {
        let full = !new[j].is_wordless() || new[j].paths.len() > 5 || !new[j].images.is_empty();
        out.push(Candidate {
            old: i,
            new: j,
            weight: if full { 1.5 } else { EMPTY },
        });
    };
    for hunk in diff.hunks() {
        while i < hunk.before.start as usize {
            take(i, j);
            i += 1;
            j += 1;
        }
        (i, j) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    while i < a.len() && j < b.len() {
        take(i, j);
        i += 1;
        j += 1;
    }
    out
}

/// The chain of candidates with the largest total weight, both sides strictly
/// increasing; near-linear by a Fenwick tree of prefix maxima.
pub fn heaviest(mut candidates: Vec<Candidate>, old_len: usize) -> Vec<Candidate> {
    // Within one new page the later old page first: it cannot follow itself.
    candidates.sort_by(|a, b| {
        (a.new, std::cmp::Reverse(a.old))
            .cmp(&(b.new, std::cmp::Reverse(b.old)))
            .then(b.weight.total_cmp(&a.weight))
    });
    let mut tree: Vec<(f32, usize)> = vec![(0.0, usize::MAX); old_len + 1];
    let mut before = vec![usize::MAX; candidates.len()];
    let mut best = (0.0f32, usize::MAX);
    for (at, candidate) in candidates.iter().enumerate() {
        let mut prefix = (0.0f32, usize::MAX);
        let mut i = candidate.old;
        while i > 0 {
            if tree[i].0 > prefix.0 {
                prefix = tree[i];
            }
            i &= i - 1;
        }
        before[at] = prefix.1;
        let total = prefix.0 + candidate.weight;
        if total > best.0 {
            best = (total, at);
        }
        let mut i = candidate.old + 1;
        while i <= old_len {
            if total > tree[i].0 {
                tree[i] = (total, at);
            }
            i += i & i.wrapping_neg();
        }
    }
    let mut chain = Vec::new();
    let mut at = best.1;
    while let Some(candidate) = candidates.get(at) {
        chain.push(*candidate);
        at = before[at];
    }
    chain.reverse();
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_chain_wins_over_the_longest() {
        let c = |old, new, weight| Candidate { old, new, weight };
        let chain = heaviest(
            vec![c(0, 1, 0.2), c(1, 2, 0.2), c(2, 0, 1.0), c(3, 3, 0.5)],
            4,
        );
        assert_eq!(chain, [c(2, 0, 1.0), c(3, 3, 0.5)]);
    }
}
