//! Things both pages have exactly once: where each lies on either.

use std::hash::{Hash, Hasher};

use model::{Page, Path, Verb};
use rustc_hash::{FxHashMap, FxHasher};

use crate::cell::floor;

/// A thing found on both pages, by its middle, points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Anchor {
    pub old: [f32; 2],
    pub new: [f32; 2],
}

/// Paths with fewer verbs than this look like many others.
const MIN_VERBS: usize = 5;

/// Words, and pairs of neighbouring words, that are unique on either page.
pub(super) fn words(old: &Page, new: &Page) -> Vec<Anchor> {
    let keyed = |page: &Page| {
        let mut seen = Seen::default();
        for (i, word) in page.words.iter().enumerate() {
            let center = word.bounds.center();
            if word.text.chars().count() > 1 {
                seen.add(key(&(&word.text, "")), center);
            }
            if let Some(next) = page.words.get(i + 1) {
                seen.add(key(&(&word.text, next.text.as_str())), center);
            }
        }
        seen
    };
    let mut found = pair(&keyed(old), &keyed(new));
    found.dedup_by(|a, b| a == b);
    found
}

/// Paths of a shape that is unique on either page, wherever it lies.
pub(super) fn paths(old: &Page, new: &Page) -> Vec<Anchor> {
    let keyed = |page: &Page| {
        collect(page, |path, verbs, coords| {
            shape_key(verbs, coords, [path.bounds.x0, path.bounds.y0], 4.0)
        })
    };
    pair(&keyed(old), &keyed(new))
}

/// Likewise, whatever size they have.
pub(super) fn scaled_paths(old: &Page, new: &Page) -> Vec<Anchor> {
    let keyed = |page: &Page| {
        collect(page, |path, verbs, coords| {
            let size = path.bounds.width().hypot(path.bounds.height());
            let grid = 60.0 / size.max(0.01);
            shape_key(verbs, coords, [path.bounds.x0, path.bounds.y0], grid)
        })
    };
    pair(&keyed(old), &keyed(new))
}

fn collect(page: &Page, shape: impl Fn(&Path, &[Verb], &[f32]) -> u64) -> Seen {
    let mut seen = Seen::default();
    for (index, path) in page.drawing.paths.iter().enumerate() {
        let (verbs, coords) = page.drawing.geometry(index);
        if path.visible.is_none() || verbs.len() < MIN_VERBS || !path.bounds.is_finite() {
            continue;
        }
        seen.add(shape(path, verbs, coords), path.bounds.center());
    }
    seen
}

fn shape_key(verbs: &[Verb], coords: &[f32], corner: [f32; 2], grid: f32) -> u64 {
    let mut hasher = FxHasher::default();
    for verb in verbs {
        hasher.write_u8(*verb as u8);
    }
    for pair in coords.chunks_exact(2) {
        hasher.write_i32(floor((pair[0] - corner[0]) * grid + 0.37));
        hasher.write_i32(floor((pair[1] - corner[1]) * grid + 0.37));
    }
    hasher.finish()
}

fn key(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Keys seen once, with their place; `None` for those seen more often.
#[derive(Default)]
struct Seen(FxHashMap<u64, Option<[f32; 2]>>);

impl Seen {
    fn add(&mut self, key: u64, place: [f32; 2]) {
        self.0
            .entry(key)
            .and_modify(|place| *place = None)
            .or_insert(Some(place));
    }
}

fn pair(old: &Seen, new: &Seen) -> Vec<Anchor> {
    let mut found: Vec<(u64, Anchor)> = old
        .0
        .iter()
        .filter_map(|(key, place)| {
            let anchor = Anchor {
                old: (*place)?,
                new: (*new.0.get(key)?)?,
            };
            let finite = anchor.old.iter().chain(&anchor.new).all(|v| v.is_finite());
            finite.then_some((*key, anchor))
        })
        .collect();
    // The map's order is no order.
    found.sort_by(|a, b| {
        let [p, q] = [a.1.old, b.1.old];
        p[1].total_cmp(&q[1])
            .then(p[0].total_cmp(&q[0]))
            .then(a.0.cmp(&b.0))
    });
    found.into_iter().map(|(_, anchor)| anchor).collect()
}
