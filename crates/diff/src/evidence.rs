//! Evidence fused: what text, paths and pixels each say about a change.

use model::Change;

use crate::pixels::PixelOutcome;

/// Completes the evidence of the changes of one page pair, pixel changes of
/// `outcome` included, and appends those the structure does not explain.
pub fn fuse(changes: &mut Vec<Change>, outcome: &PixelOutcome) {
    changes.extend(outcome.changes.iter().cloned());
}
