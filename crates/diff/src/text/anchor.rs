//! The stream difference: equal runs of two token streams.
//!
//! Runs of tokens that occur exactly once in each stream are anchors (patience
//! diff, Bram Cohen, on n-grams instead of lines): the longest increasing chain
//! of them cuts the streams into small gaps, each compared by itself. Cost is
//! near-linear in the streams' length, and a coincidence of common words far
//! from its place cannot pull the comparison off track.

use imara_diff::{Algorithm, Diff, Token as Interned};
use rustc_hash::FxHashMap;

/// `len` equal tokens, at `old` in the old stream and at `new` in the new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First token in the old stream.
    pub old: usize,
    /// First token in the new stream.
    pub new: usize,
    /// Number of tokens.
    pub len: usize,
}

impl Run {
    /// End in the old stream.
    pub fn old_end(&self) -> usize {
        self.old + self.len
    }

    /// End in the new stream.
    pub fn new_end(&self) -> usize {
        self.new + self.len
    }
}

/// Tokens per n-gram: long enough to be unique in most prose, short enough to
/// stand between two edits of one sentence.
const GRAM: usize = 5;

/// Gaps with up to this many pairs of tokens are solved exactly.
const EXACT: usize = 40_000;

/// The equal runs of two streams, in order, not touching each other on both
/// sides. `weight` says how much an equal token proves; `tokens` is one more
/// than the largest number.
pub fn equal_runs(
    old: &[u32],
    new: &[u32],
    tokens: usize,
    weight: impl Fn(u32) -> f32 + Sync,
) -> Vec<Run> {
    let prefix = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let suffix = old[prefix..]
        .iter()
        .rev()
        .zip(new[prefix..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);

    let mut runs = Runs::default();
    runs.push(Run {
        old: 0,
        new: 0,
        len: prefix,
    });
    let chain = chain(&old[prefix..old_end], &new[prefix..new_end]);
    let (mut o, mut n) = (prefix, prefix);
    for (old_at, new_at) in chain {
        let (mut a, mut b) = (old_at + prefix, new_at + prefix);
        if a < o || b < n {
            // Part of a run an earlier anchor already grew over.
            continue;
        }
        let (anchor_old, anchor_new) = (a, b);
        while a > o && b > n && old[a - 1] == new[b - 1] {
            a -= 1;
            b -= 1;
        }
        gap(&mut runs, (old, o, a), (new, n, b), tokens, &weight);
        let grown = old[anchor_old..old_end]
            .iter()
            .zip(&new[anchor_new..new_end])
            .take_while(|(a, b)| a == b)
            .count();
        runs.push(Run {
            old: a,
            new: b,
            len: anchor_old - a + grown,
        });
        (o, n) = (anchor_old + grown, anchor_new + grown);
    }
    gap(
        &mut runs,
        (old, o, old_end),
        (new, n, new_end),
        tokens,
        &weight,
    );
    runs.push(Run {
        old: old_end,
        new: new_end,
        len: suffix,
    });
    runs.0
}

/// Equal runs in order; adjoining ones are merged.
#[derive(Default)]
struct Runs(Vec<Run>);

impl Runs {
    fn push(&mut self, run: Run) {
        if run.len == 0 {
            return;
        }
        if let Some(last) = self.0.last_mut()
            && last.old_end() == run.old
            && last.new_end() == run.new
        {
            last.len += run.len;
            return;
        }
        self.0.push(run);
    }
}

/// Positions of n-grams that occur once on both sides, as the longest chain
/// that increases on both.
fn chain(old: &[u32], new: &[u32]) -> Vec<(usize, usize)> {
    let unique_old = unique_grams(old);
    let unique_new = unique_grams(new);
    let mut common: Vec<(usize, usize)> = unique_new
        .iter()
        .filter_map(|(hash, &new_at)| {
            let &old_at = unique_old.get(hash)?;
            (old_at != REPEATED && new_at != REPEATED).then_some((old_at as usize, new_at as usize))
        })
        .filter(|&(a, b)| old[a..a + GRAM] == new[b..b + GRAM])
        .collect();
    common.sort_unstable_by_key(|&(_, new_at)| new_at);
    longest_increasing(&common)
}

const REPEATED: u32 = u32::MAX;

fn unique_grams(tokens: &[u32]) -> FxHashMap<u64, u32> {
    let mut grams = FxHashMap::with_capacity_and_hasher(tokens.len(), rustc_hash::FxBuildHasher);
    for (at, gram) in tokens.windows(GRAM).enumerate() {
        grams
            .entry(hash(gram))
            .and_modify(|seen| *seen = REPEATED)
            .or_insert(at as u32);
    }
    grams
}

/// A hash of a token sequence (multiply–rotate, as `FxHash`).
pub fn hash(tokens: &[u32]) -> u64 {
    tokens.iter().fold(0x9E37_79B9_7F4A_7C15, |h: u64, &t| {
        (h.rotate_left(23) ^ u64::from(t)).wrapping_mul(0x517C_C1B7_2722_0A95)
    })
}

/// The longest subsequence whose first components increase strictly
/// (Fredman 1975); the second components already do.
fn longest_increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before = vec![usize::MAX; pairs.len()];
    for (i, &(value, _)) in pairs.iter().enumerate() {
        let at = tails.partition_point(|&t| pairs[t].0 < value);
        if at > 0 {
            before[i] = tails[at - 1];
        }
        if at == tails.len() {
            tails.push(i);
        } else {
            tails[at] = i;
        }
    }
    let mut chain = Vec::with_capacity(tails.len());
    let mut at = tails.last().copied().unwrap_or(usize::MAX);
    while let Some(&pair) = pairs.get(at) {
        chain.push(pair);
        at = before[at];
    }
    chain.reverse();
    chain
}

/// Compares what lies between two anchors: `(stream, from, to)` on each side.
fn gap(
    runs: &mut Runs,
    (old, old_from, old_to): (&[u32], usize, usize),
    (new, new_from, new_to): (&[u32], usize, usize),
    tokens: usize,
    weight: &impl Fn(u32) -> f32,
) {
    let (a, b) = (&old[old_from..old_to], &new[new_from..new_to]);
    if a.is_empty() || b.is_empty() {
        return;
    }
    let mut push = |old: usize, new: usize, len: usize| {
        runs.push(Run {
            old: old_from + old,
            new: new_from + new,
            len,
        });
    };
    if a.len() * b.len() <= EXACT {
        for (i, j) in heaviest_common(a, b, weight) {
            push(i, j, 1);
        }
        return;
    }
    let a: Vec<Interned> = a.iter().map(|&t| Interned(t)).collect();
    let b: Vec<Interned> = b.iter().map(|&t| Interned(t)).collect();
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Histogram, &a, &b, tokens as u32);
    let (mut i, mut j) = (0, 0);
    for hunk in diff.hunks() {
        push(i, j, hunk.before.start as usize - i);
        (i, j) = (hunk.before.end as usize, hunk.after.end as usize);
    }
    push(i, j, a.len() - i);
}

/// The heaviest common subsequence, where equal neighbours count extra: of two
/// equally long answers the one in fewer pieces wins.
fn heaviest_common(a: &[u32], b: &[u32], weight: &impl Fn(u32) -> f32) -> Vec<(usize, usize)> {
    const NEIGHBOUR: f32 = 0.3;
    let columns = b.len() + 1;
    // Best score from (i, j) to the end, and the same where (i, j) itself is
    // matched.
    let mut best = vec![0.0f32; (a.len() + 1) * columns];
    let mut matched = vec![f32::NEG_INFINITY; (a.len() + 1) * columns];
    for i in (0..a.len()).rev() {
        let worth = weight(a[i]);
        for j in (0..b.len()).rev() {
            let at = i * columns + j;
            let next = at + columns + 1;
            if a[i] == b[j] {
                matched[at] = worth + best[next].max(matched[next] + NEIGHBOUR);
            }
            best[at] = matched[at].max(best[at + columns]).max(best[at + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut joined = false;
    while i < a.len() && j < b.len() {
        let at = i * columns + j;
        let take = if joined {
            matched[at] + NEIGHBOUR >= best[at]
        } else {
            matched[at] >= best[at]
        };
        if take {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
            joined = true;
        } else {
            joined = false;
            if best[at + columns] >= best[at + 1] {
                i += 1;
            } else {
                j += 1;
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(old: &[u32], new: &[u32], runs: &[Run]) {
        let (mut o, mut n) = (0, 0);
        for run in runs {
            assert!(run.len > 0 && run.old >= o && run.new >= n);
            assert_eq!(old[run.old..run.old_end()], new[run.new..run.new_end()]);
            (o, n) = (run.old_end(), run.new_end());
        }
        assert!(o <= old.len() && n <= new.len());
    }

    #[test]
    fn one_word_changed_leaves_two_runs() {
        let old: Vec<u32> = (0..50).collect();
        let mut new = old.clone();
        new[20] = 99;
        let runs = equal_runs(&old, &new, 100, |_| 1.0);
        assert_eq!(runs.len(), 2);
        assert_eq!((runs[1].old, runs[1].new, runs[1].len), (21, 21, 29));
    }

    #[test]
    fn a_thousand_equal_tokens_are_not_searched() {
        let old = vec![1; 100_000];
        let mut new = old.clone();
        new.push(2);
        let runs = equal_runs(&old, &new, 3, |_| 1.0);
        assert_eq!(
            runs,
            [Run {
                old: 0,
                new: 0,
                len: 100_000
            }]
        );
    }

    proptest! {
        #[test]
        fn runs_are_common_and_in_order(
            old in prop::collection::vec(0u32..12, 0..400),
            new in prop::collection::vec(0u32..12, 0..400),
        ) {
            check(&old, &new, &equal_runs(&old, &new, 12, |_| 1.0));
        }

        #[test]
        fn equal_streams_are_one_run(tokens in prop::collection::vec(0u32..9, 1..300)) {
            let runs = equal_runs(&tokens, &tokens, 9, |_| 1.0);
            prop_assert_eq!(runs, vec![Run { old: 0, new: 0, len: tokens.len() }]);
        }
    }
}
