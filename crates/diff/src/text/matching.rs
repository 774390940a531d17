//! Which token became which.

use std::ops::Range;

use super::anchor::Run;

/// No counterpart yet.
const OPEN: u32 = u32::MAX;

/// Accounted for without a counterpart in the order (moved, or only spelt
/// apart).
const SETTLED: u32 = u32::MAX - 1;

/// Counterparts of the tokens of both streams.
#[derive(Debug, Default)]
pub struct Matching {
    to_new: Vec<u32>,
    to_old: Vec<u32>,
}

impl Matching {
    /// The counterparts that equal runs give.
    pub fn new(runs: &[Run], old_len: usize, new_len: usize) -> Self {
        let mut matching = Self {
            to_new: vec![OPEN; old_len],
            to_old: vec![OPEN; new_len],
        };
        for run in runs {
            for k in 0..run.len {
                matching.join(run.old + k, run.new + k);
            }
        }
        matching
    }

    /// Makes two tokens counterparts.
    pub fn join(&mut self, old: usize, new: usize) {
        if let (Some(a), Some(b)) = (self.to_new.get_mut(old), self.to_old.get_mut(new)) {
            *a = new as u32;
            *b = old as u32;
        }
    }

    /// Undoes [`Matching::join`].
    pub fn part(&mut self, old: usize, new: usize) {
        if self.new_of(old) == Some(new) {
            self.to_new[old] = OPEN;
            self.to_old[new] = OPEN;
        }
    }

    /// Accounts for old tokens.
    pub fn settle_old(&mut self, range: Range<usize>) {
        settle(&mut self.to_new, range);
    }

    /// Accounts for new tokens.
    pub fn settle_new(&mut self, range: Range<usize>) {
        settle(&mut self.to_old, range);
    }

    /// Whether an old token is unaccounted for.
    pub fn old_open(&self, at: usize) -> bool {
        self.to_new.get(at) == Some(&OPEN)
    }

    /// Whether a new token is unaccounted for.
    pub fn new_open(&self, at: usize) -> bool {
        self.to_old.get(at) == Some(&OPEN)
    }

    /// Counterpart of an old token.
    pub fn new_of(&self, at: usize) -> Option<usize> {
        known(&self.to_new, at)
    }

    /// Counterpart of a new token.
    pub fn old_of(&self, at: usize) -> Option<usize> {
        known(&self.to_old, at)
    }

    /// All counterparts `(old, new)` in the order of the new stream.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        (0..self.to_old.len()).filter_map(|new| Some((self.old_of(new)?, new)))
    }
}

fn settle(side: &mut [u32], range: Range<usize>) {
    for token in side.get_mut(range).unwrap_or_default() {
        if *token == OPEN {
            *token = SETTLED;
        }
    }
}

fn known(side: &[u32], at: usize) -> Option<usize> {
    side.get(at)
        .copied()
        .filter(|&t| t < SETTLED)
        .map(|t| t as usize)
}
