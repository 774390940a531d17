//! Straight strokes of a page, whatever paths they are written in.

use model::{Drawing, Verb};

/// Calls `each` with both ends of every straight stroke of path `index`, curves
/// counting as their chord. Ends that are no numbers are left out.
pub(super) fn each(drawing: &Drawing, index: usize, mut each: impl FnMut([f32; 2], [f32; 2])) {
    let (verbs, coords) = drawing.geometry(index);
    let mut taken = 0;
    let (mut start, mut at) = ([0.0; 2], [0.0; 2]);
    for &verb in verbs {
        let count = verb.points() * 2;
        let Some(raw) = coords.get(taken..taken + count) else {
            return;
        };
        taken += count;
        let to = match raw {
            [.., x, y] => [*x, *y],
            _ => start,
        };
        if verb == Verb::Move {
            start = to;
        } else if at != to && at.iter().chain(&to).all(|v| v.is_finite()) {
            each(at, to);
        }
        at = to;
    }
}
