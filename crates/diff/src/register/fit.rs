//! Robust fits to anchors of which many may be wrong.

use model::Transform;
use rustc_hash::FxHashMap;

use super::anchors::Anchor;
use crate::cell::floor;

/// Anchors this close to where a map puts them agree with it, points.
const AGREE: f64 = 0.8;
/// Random pairs tried: enough to hit one good pair in 99.9 % of the cases when
/// a quarter of the anchors is right.
const TRIES: u32 = 110;

/// The shift most anchors agree on: the fullest cell of a histogram, refined
/// by the median of its neighbourhood.
pub(super) fn translation(anchors: &[Anchor]) -> Option<Transform> {
    let vectors: Vec<[f32; 2]> = anchors
        .iter()
        .map(|a| [a.new[0] - a.old[0], a.new[1] - a.old[1]])
        .collect();
    let mut votes: FxHashMap<(i32, i32), u32> = FxHashMap::default();
    for v in &vectors {
        // Half-overlapping cells: a cluster on a border is not split.
        let (x, y) = (floor(v[0] * 2.0), floor(v[1] * 2.0));
        for (dx, dy) in [(0, 0), (-1, 0), (0, -1), (-1, -1)] {
            *votes
                .entry((x.saturating_add(dx), y.saturating_add(dy)))
                .or_default() += 1;
        }
    }
    let (&(x, y), &count) = votes
        .iter()
        .max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)))?;
    if count < 2 {
        return None;
    }
    let low = [x as f32 / 2.0, y as f32 / 2.0];
    let inside = |v: &&[f32; 2]| (0..2).all(|k| v[k] >= low[k] && v[k] <= low[k] + 1.0);
    let median = |k: usize| {
        let mut values: Vec<f32> = vectors.iter().filter(inside).map(|v| v[k]).collect();
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied()
    };
    Some(Transform::translation(
        f64::from(median(0)?),
        f64::from(median(1)?),
    ))
}

/// The shift, scale and turn most anchors agree on: random pairs propose
/// (Fischler and Bolles, 1981), the best is refined by least squares over all
/// anchors that agree (Umeyama, 1991, without mirroring).
pub(crate) fn similarity(anchors: &[Anchor]) -> Option<Transform> {
    let count = anchors.len();
    if count < 3 {
        return None;
    }
    let mut random = Lcg(0x9e37_79b9_7f4a_7c15);
    let mut best: Option<(usize, Transform)> = None;
    for _ in 0..TRIES {
        let (i, j) = (random.below(count), random.below(count));
        let Some(t) = through(&anchors[i], &anchors[j]) else {
            continue;
        };
        let agreeing = anchors.iter().filter(|a| agrees(&t, a, AGREE)).count();
        if best.as_ref().is_none_or(|(most, _)| agreeing > *most) {
            best = Some((agreeing, t));
        }
    }
    let (mut agreeing, mut transform) = best?;
    for _ in 0..4 {
        let inliers: Vec<&Anchor> = anchors
            .iter()
            .filter(|a| agrees(&transform, a, AGREE))
            .collect();
        let Some(refined) = least_squares(&inliers) else {
            break;
        };
        let now = anchors
            .iter()
            .filter(|a| agrees(&refined, a, AGREE))
            .count();
        if now < agreeing {
            break;
        }
        (agreeing, transform) = (now, refined);
    }
    (agreeing >= 3).then_some(transform)
}

fn agrees(t: &Transform, a: &Anchor, slack: f64) -> bool {
    let p = t.apply(a.old);
    f64::from(p[0] - a.new[0]).hypot(f64::from(p[1] - a.new[1])) <= slack
}

/// The similarity that takes two anchors where they belong.
fn through(p: &Anchor, q: &Anchor) -> Option<Transform> {
    let u = [0, 1].map(|k| f64::from(q.old[k]) - f64::from(p.old[k]));
    let v = [0, 1].map(|k| f64::from(q.new[k]) - f64::from(p.new[k]));
    let square = u[0] * u[0] + u[1] * u[1];
    // Too close together to tell an angle.
    if square < 40.0 * 40.0 {
        return None;
    }
    let a = (u[0] * v[0] + u[1] * v[1]) / square;
    let b = (u[0] * v[1] - u[1] * v[0]) / square;
    Some(anchored(a, b, p.old.map(f64::from), p.new.map(f64::from)))
}

fn least_squares(anchors: &[&Anchor]) -> Option<Transform> {
    let n = anchors.len() as f64;
    if anchors.len() < 3 {
        return None;
    }
    let mean = |pick: fn(&Anchor) -> [f32; 2]| {
        [0, 1].map(|k| anchors.iter().map(|a| f64::from(pick(a)[k])).sum::<f64>() / n)
    };
    let (from, to) = (mean(|a| a.old), mean(|a| a.new));
    let (mut dot, mut cross, mut square) = (0.0, 0.0, 0.0);
    for anchor in anchors {
        let u = [0, 1].map(|k| f64::from(anchor.old[k]) - from[k]);
        let v = [0, 1].map(|k| f64::from(anchor.new[k]) - to[k]);
        dot += u[0] * v[0] + u[1] * v[1];
        cross += u[0] * v[1] - u[1] * v[0];
        square += u[0] * u[0] + u[1] * u[1];
    }
    (square > 1e-6).then(|| anchored(dot / square, cross / square, from, to))
}

/// The turn and scale `(a, b)` that takes `from` to `to`.
fn anchored(a: f64, b: f64, from: [f64; 2], to: [f64; 2]) -> Transform {
    Transform([
        a,
        b,
        -b,
        a,
        to[0] - (a * from[0] - b * from[1]),
        to[1] - (b * from[0] + a * from[1]),
    ])
}

/// Knuth's 64-bit linear congruential generator: the same draw every time.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}
