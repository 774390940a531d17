//! First pass: paths that are the same on both sides go, at the price of a
//! hash; then those that are the same but for rounding.

use std::hash::{Hash, Hasher};

use model::Verb;
use rustc_hash::{FxHashMap, FxHasher};

use super::look::{Ink, Kind, Look};
use super::pieces::Source;
use crate::cell::floor;

/// Coordinates per point in the exact pass: what producers write has at most
/// two to three decimals.
const GRID: f32 = 100.0;
/// Points of equal paths lie no further apart, points.
const REACH: f32 = 0.25;

/// Paths of each side that have no equal on the other, in painting order.
pub(super) fn cancel(old: &Source<'_>, new: &Source<'_>) -> (Vec<u32>, Vec<u32>) {
    let (old_keys, new_keys) = rayon::join(|| keys(old), || keys(new));
    // Duplicates paint the same place again: one on the other side answers
    // for all of them.
    let mut found: FxHashMap<u64, bool> = new_keys.iter().map(|&(_, key)| (key, false)).collect();
    let mut old_left = Vec::new();
    for (index, key) in old_keys {
        match found.get_mut(&key) {
            Some(seen) => *seen = true,
            None => old_left.push(index),
        }
    }
    let new_left: Vec<u32> = new_keys
        .into_iter()
        .filter(|(_, key)| !found.get(key).copied().unwrap_or(false))
        .map(|(index, _)| index)
        .collect();
    nearly_equal(old, new, &old_left, &new_left)
}

/// Index and key of every visible path.
fn keys(source: &Source<'_>) -> Vec<(u32, u64)> {
    let style_keys: Vec<u64> = source
        .looks
        .iter()
        .map(|looks| {
            let mut hasher = FxHasher::default();
            hash_look(looks.fill.as_ref(), &mut hasher);
            hash_look(looks.stroke.as_ref(), &mut hasher);
            hasher.finish()
        })
        .collect();
    let identity = source.transform.is_identity();
    let mut out = Vec::with_capacity(source.drawing.paths.len());
    for (index, path) in source.drawing.paths.iter().enumerate() {
        if source.visible_looks(index).is_none() {
            continue;
        }
        let Some(visible) = source.visible(index) else {
            continue;
        };
        let mut hasher = FxHasher::default();
        let style = style_keys.get(path.style as usize).copied();
        hasher.write_u64(style.unwrap_or_default());
        for edge in [visible.x0, visible.y0, visible.x1, visible.y1] {
            hasher.write_i32(rounded(edge));
        }
        let (verbs, coords) = source.drawing.geometry(index);
        for verb in verbs {
            hasher.write_u8(*verb as u8);
        }
        for pair in coords.chunks_exact(2) {
            let [x, y] = if identity {
                [pair[0], pair[1]]
            } else {
                source.transform.apply([pair[0], pair[1]])
            };
            let (x, y) = (rounded(x * GRID), rounded(y * GRID));
            hasher.write_u64((x as u32 as u64) << 32 | y as u32 as u64);
        }
        out.push((index as u32, hasher.finish()));
    }
    out
}

/// To the nearest integer; without SSE 4.1 `round` is a call.
fn rounded(v: f32) -> i32 {
    (v + 0.5_f32.copysign(v)) as i32
}

fn hash_look(look: Option<&Look>, hasher: &mut FxHasher) {
    let Some(look) = look else {
        hasher.write_u8(0);
        return;
    };
    hasher.write_u8(if look.kind == Kind::Line { 1 } else { 2 });
    match look.ink {
        Ink::Color(color) => color.hash(hasher),
        Ink::Pattern => hasher.write_u8(3),
        Ink::Unknown => hasher.write_u8(4),
    }
    hasher.write_i32((look.width * 50.0).round() as i32);
    hasher.write_i32((look.dash.0 * 50.0).round() as i32);
    hasher.write_u32(look.dash.1);
}

/// Second pass over what is left: same verbs, every point within reach.
fn nearly_equal(
    old: &Source<'_>,
    new: &Source<'_>,
    old_left: &[u32],
    new_left: &[u32],
) -> (Vec<u32>, Vec<u32>) {
    type Cell = (i32, i32, u32);
    let place = |source: &Source<'_>, index: u32| -> Option<([f32; 2], u32)> {
        let center = source.visible(index as usize)?.center();
        let (verbs, _) = source.drawing.geometry(index as usize);
        Some((center, verbs.len() as u32))
    };
    // Of each cell the slot seen first, and for each slot the one after it.
    let mut grid: FxHashMap<Cell, usize> = FxHashMap::default();
    grid.reserve(new_left.len());
    let mut after: Vec<Option<usize>> = vec![None; new_left.len()];
    for (slot, &index) in new_left.iter().enumerate().rev() {
        if let Some(([x, y], verbs)) = place(new, index) {
            after[slot] = grid.insert((floor(x), floor(y), verbs), slot);
        }
    }
    let mut used = vec![false; new_left.len()];
    let mut left = Vec::new();
    for &index in old_left {
        let Some(([x, y], verbs)) = place(old, index) else {
            continue;
        };
        let span = |v: f32| floor(v - REACH)..=floor(v + REACH);
        let partner = span(x)
            .flat_map(|x| span(y).map(move |y| (x, y)))
            .filter_map(|(x, y)| grid.get(&(x, y, verbs)).copied())
            // A pile of equal shapes in one place is hostile or pointless: a
            // look at the first few keeps this linear.
            .flat_map(|first| std::iter::successors(Some(first), |slot| after[*slot]).take(16))
            .find(|&slot| !used[slot] && same(old, index as usize, new, new_left[slot] as usize));
        match partner {
            Some(slot) => used[slot] = true,
            None => left.push(index),
        }
    }
    let new_left = new_left
        .iter()
        .zip(used)
        .filter(|(_, used)| !used)
        .map(|(&index, _)| index)
        .collect();
    (left, new_left)
}

fn same(old: &Source<'_>, i: usize, new: &Source<'_>, j: usize) -> bool {
    let (Some(a), Some(b)) = (old.visible_looks(i), new.visible_looks(j)) else {
        return false;
    };
    let matches = |a: Option<Look>, b: Option<Look>| match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a.matches(&b),
        _ => false,
    };
    if !matches(a.fill, b.fill) || !matches(a.stroke, b.stroke) {
        return false;
    }
    let (Some(a), Some(b)) = (old.visible(i), new.visible(j)) else {
        return false;
    };
    let reach = (0.02 * a.width().hypot(a.height()) + 0.03).min(REACH);
    let near = |p: f32, q: f32| (p - q).abs() <= reach;
    if !(near(a.x0, b.x0) && near(a.y0, b.y0) && near(a.x1, b.x1) && near(a.y1, b.y1)) {
        return false;
    }
    let (verbs, coords): (&[Verb], &[f32]) = old.drawing.geometry(i);
    let (other_verbs, other) = new.drawing.geometry(j);
    verbs == other_verbs
        && coords.len() == other.len()
        && coords
            .chunks_exact(2)
            .zip(other.chunks_exact(2))
            .all(|(p, q)| {
                let [x, y] = old.transform.apply([p[0], p[1]]);
                near(x, q[0]) && near(y, q[1])
            })
}
