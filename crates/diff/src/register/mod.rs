//! Page registration: the map from an old page onto the new one, where the
//! page was shifted, scaled or turned as a whole.
//!
//! Candidates come from anchors both pages have once ([`anchors`]) and from
//! long lines ([`rules`]), robustly fitted ([`fit`]), and from the page sizes. Anchors can look tight and be
//! wrong, so that every candidate is scored on the ink it explains
//! ([`score`]), and standing still wins unless another is clearly better.

mod anchors;
mod fit;
mod rules;
mod score;
mod strokes;

#[cfg(test)]
mod tests;

use model::{Page, Transform};
use rustc_hash::FxHashMap;

pub(crate) use self::anchors::Anchor;
pub(crate) use self::fit::similarity;
use self::score::Ink;
use crate::Options;

/// How an old page lies on the new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registration {
    /// Maps old page coordinates onto the new page.
    pub transform: Transform,
    /// A word for people on what moved as a whole, where something did.
    pub remark: Option<String>,
}

/// Standing still is kept where it explains this much of the ink,
const GOOD: f64 = 0.985;
/// and a candidate must explain this much more.
const CLEARLY: f64 = 0.05;
/// What lies in a strip so high is one line of text, points.
const ROW: f32 = 4.0;

/// Finds the map of `old` onto `new`.
pub fn register(old: &Page, new: &Page, options: &Options) -> Registration {
    let transform = find(old, new, options);
    Registration {
        remark: remark(old, new, &transform),
        transform,
    }
}

fn find(old: &Page, new: &Page, options: &Options) -> Transform {
    if old.coverage.digest != 0
        && old.coverage.digest == new.coverage.digest
        && old.size == new.size
    {
        return Transform::IDENTITY;
    }
    if same_size(old, new) && stands(old, new) {
        return Transform::IDENTITY;
    }
    let ink = Ink::new(old, new);
    let still = ink.score(&Transform::IDENTITY);
    if still.value >= GOOD && same_size(old, new) {
        return Transform::IDENTITY;
    }
    let words = anchors::words(old, new);
    let paths = anchors::paths(old, new);
    let mut candidates: Vec<Transform> = Vec::new();
    for set in [&words, &paths] {
        candidates.extend(fit::translation(set));
        candidates.extend(fit::similarity(set));
    }
    let scaled = anchors::scaled_paths(old, new);
    candidates.extend(fit::similarity(&scaled));
    candidates.extend(fit::similarity(&rules::anchors(old, new)));
    candidates.extend(by_size(old, new));
    candidates.extend(by_image(old, new));

    let best = candidates
        .into_iter()
        .filter(sane)
        .map(|t| simplest(&t, old, options.tolerance))
        .filter(|t| !t.is_identity())
        .map(|t| (ink.score(&t), t))
        .max_by(|a, b| a.0.value.total_cmp(&b.0.value));
    let Some((score, transform)) = best else {
        return Transform::IDENTITY;
    };
    if score.value < still.value + CLEARLY * (1.0 - still.value).max(0.2) {
        return Transform::IDENTITY;
    }
    if reflow(old, new, &transform, &words, &paths) {
        return Transform::IDENTITY;
    }
    transform
}

/// Whether at least half the paths of a drawing stand exactly where they stood,
/// judged by a sample: no shift, scale or turn of a page leaves them there.
fn stands(old: &Page, new: &Page) -> bool {
    const SAMPLE: usize = 512;
    let [before, after] = [old, new].map(|page| &page.drawing.paths);
    if before.len() < SAMPLE || before.len() < 2 * old.words.len() {
        return false;
    }
    let key = |path: &model::Path| {
        let r = path.bounds;
        [r.x0, r.y0, r.x1, r.y1].map(|v| (v * 20.0 + 0.5) as i32)
    };
    let mut seen: FxHashMap<[i32; 4], bool> = before
        .iter()
        .step_by(before.len().div_ceil(SAMPLE))
        .filter(|path| path.visible.is_some())
        .map(|path| (key(path), false))
        .collect();
    for path in after {
        if let Some(seen) = seen.get_mut(&key(path)) {
            *seen = true;
        }
    }
    let count = seen.values().filter(|seen| **seen).count();
    count >= SAMPLE / 8 && 2 * count >= seen.len()
}

fn same_size(old: &Page, new: &Page) -> bool {
    (old.size[0] - new.size[0]).abs() < 0.5 && (old.size[1] - new.size[1]).abs() < 0.5
}

/// Finite, not mirrored, turned by little, scaled by what paper sizes are.
fn sane(t: &Transform) -> bool {
    let [a, b, c, d, e, f] = t.0;
    let det = a * d - b * c;
    t.0.iter().all(|v| v.is_finite())
        && (0.04..=25.0).contains(&det)
        && b.atan2(a).abs() < 0.2
        && e.abs() < 1e5
        && f.abs() < 1e5
}

/// The simplest map that puts every corner of the page within half the
/// tolerance of where `t` puts it: standing still, then a shift.
fn simplest(t: &Transform, page: &Page, tolerance: f32) -> Transform {
    let [w, h] = page.size;
    let corners = [[0.0, 0.0], [w, 0.0], [0.0, h], [w, h]];
    let close = |other: &Transform, slack: f32| {
        corners.iter().all(|&corner| {
            let (p, q) = (t.apply(corner), other.apply(corner));
            (p[0] - q[0]).hypot(p[1] - q[1]) <= slack
        })
    };
    if close(&Transform::IDENTITY, 0.25 * tolerance) {
        return Transform::IDENTITY;
    }
    let middle = [w / 2.0, h / 2.0];
    let [x, y] = t.apply(middle);
    let shift = Transform::translation(f64::from(x - middle[0]), f64::from(y - middle[1]));
    if close(&shift, 0.5 * tolerance) {
        return shift;
    }
    *t
}

/// The page put on other paper: scaled to fit, in the middle or in a corner.
fn by_size(old: &Page, new: &Page) -> Vec<Transform> {
    let [ow, oh] = old.size.map(f64::from);
    let [nw, nh] = new.size.map(f64::from);
    if same_size(old, new) || !(ow > 0.0 && oh > 0.0 && nw > 0.0 && nh > 0.0) {
        return Vec::new();
    }
    let fit = (nw / ow).min(nh / oh);
    let mut found = Vec::new();
    for scale in [fit, 1.0] {
        let (dx, dy) = (nw - scale * ow, nh - scale * oh);
        for (e, f) in [(dx / 2.0, dy / 2.0), (0.0, 0.0), (0.0, dy), (dx, 0.0)] {
            found.push(Transform([scale, 0.0, 0.0, scale, e, f]));
        }
    }
    found
}

/// Pages that are one large image: box onto box.
fn by_image(old: &Page, new: &Page) -> Option<Transform> {
    let largest = |page: &Page| {
        let area = |i: &model::ImagePlacement| i.bounds.area();
        page.images
            .iter()
            .max_by(|a, b| area(a).total_cmp(&area(b)))
            .filter(|i| area(i) >= 0.4 * page.size[0] * page.size[1])
            .map(|i| i.bounds)
    };
    let (a, b) = (largest(old)?, largest(new)?);
    let (sx, sy) = (b.width() / a.width(), b.height() / a.height());
    let off = (sx - sy).abs() / sx;
    if off.is_nan() || off > 0.01 {
        return None;
    }
    let scale = f64::from(f32::midpoint(sx, sy));
    let ([ax, ay], [bx, by]) = (a.center(), b.center());
    Some(Transform([
        scale,
        0.0,
        0.0,
        scale,
        f64::from(bx) - scale * f64::from(ax),
        f64::from(by) - scale * f64::from(ay),
    ]))
}

/// Whether the map is that of a text that was pushed on by what was inserted
/// above it, not that of a page that moved as a whole: then something stands
/// still (a header, a frame), or what does not fit lies at one end.
fn reflow(old: &Page, new: &Page, t: &Transform, words: &[Anchor], paths: &[Anchor]) -> bool {
    let near = |t: &Transform, a: &Anchor, slack: f32| {
        let p = t.apply(a.old);
        (p[0] - a.new[0]).hypot(p[1] - a.new[1]) <= slack
    };
    let count = |set: &[Anchor]| {
        set.iter().fold((0_usize, 0_usize), |(still, gone), a| {
            let (s, g) = (near(&Transform::IDENTITY, a, 0.4), near(t, a, 1.0));
            (still + usize::from(s && !g), gone + usize::from(g && !s))
        })
    };
    let (word_still, word_gone) = count(words);
    let (path_still, path_gone) = count(paths);
    // A centred line that grew or shrank is no page that moved.
    let rows = words
        .iter()
        .chain(paths)
        .filter(|a| near(t, a, 1.0) && !near(&Transform::IDENTITY, a, 0.4))
        .map(|a| a.new[1])
        .fold((f32::INFINITY, f32::NEG_INFINITY), |(top, low), v| {
            (top.min(v), low.max(v))
        });
    if word_still + path_still > 0 && rows.1 - rows.0 < ROW {
        return true;
    }
    let [a, b, _, _, e, _] = t.0;
    let vertical = (a - 1.0).abs() < 1e-3 && b.abs() < 1e-3 && e.abs() < 0.5;
    let count = old.words.len().max(new.words.len());
    let paths = old.drawing.paths.len().max(new.drawing.paths.len());
    if count > 40 && paths < count && same_size(old, new) && !vertical {
        let agree = words.iter().filter(|a| near(t, a, 1.0)).count();
        // Text set anew may be shifted as a whole, but no edit scales it: words
        // that agree on a scale need not be nearly all.
        let enough = if (a.hypot(b) - 1.0).abs() < 1e-3 {
            9
        } else {
            5
        };
        return word_still * 500 > word_gone || agree * 10 < words.len() * enough;
    }
    if count > 40 && paths < 4 * count && vertical {
        if word_still * 500 > word_gone || path_still * 20 > path_gone.max(1) {
            return true;
        }
        // The shift must hold for nearly all that both pages have, and the
        // first and last lines of the page must have gone along.
        let agree = words.iter().filter(|a| near(t, a, 1.0)).count();
        return agree * 10 < words.len() * 9 || !ends_agree(old, new, t);
    }
    word_still * 20 > word_gone + path_gone && word_still > 2
        || path_still * 5 > path_gone + word_gone && path_still > 2
}

/// Whether the topmost and the lowest words of the old page lie, mapped, where
/// those of the new page are.
fn ends_agree(old: &Page, new: &Page, t: &Transform) -> bool {
    let ends = |page: &Page, t: &Transform| {
        let boxes = page.words.iter().map(|w| t.apply_rect(&w.bounds));
        boxes.fold((f32::INFINITY, f32::NEG_INFINITY), |(top, low), r| {
            (top.min(r.y0), low.max(r.y1))
        })
    };
    let (a, b) = (ends(old, t), ends(new, &Transform::IDENTITY));
    (a.0 - b.0).abs() <= 3.0 && (a.1 - b.1).abs() <= 3.0
}

/// “shifted 3.0 pt right, 2.0 pt down”, “scaled to 98 %”, “rotated 0.4°”.
pub(crate) fn remark(old: &Page, new: &Page, t: &Transform) -> Option<String> {
    let [a, b, ..] = t.0;
    let scale = a.hypot(b);
    let angle = b.atan2(a).to_degrees();
    let mut parts = Vec::new();
    if !same_size(old, new) {
        let [ow, oh] = old.size;
        let [nw, nh] = new.size;
        parts.push(format!(
            "resized from {ow:.0} × {oh:.0} to {nw:.0} × {nh:.0} pt"
        ));
    }
    if (scale - 1.0).abs() >= 0.0005 {
        let percent = scale * 100.0;
        parts.push(if (percent - percent.round()).abs() < 0.05 {
            format!("scaled to {percent:.0} %")
        } else {
            format!("scaled to {percent:.1} %")
        });
    }
    if angle.abs() >= 0.01 {
        parts.push(format!(
            "rotated {:.1}°",
            angle.abs().max(0.1).copysign(angle)
        ));
    }
    let from = [old.size[0] / 2.0, old.size[1] / 2.0];
    let [x, y] = t.apply(from);
    // On other paper a shift means something from the top-left corner only.
    let vector = if same_size(old, new) {
        [x - from[0], y - from[1]]
    } else if parts.len() == 1 {
        t.apply([0.0, 0.0])
    } else {
        [0.0, 0.0]
    };
    let shift = crate::drawing::place::shift(vector);
    if !shift.is_empty() {
        parts.push(format!("shifted {shift}"));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}
