//! Registration of scans: coarse shift of the whole page, then tiles matched
//! one by one, and the map most of them agree on.

use model::{Page, Raster, Transform};

use crate::register::{Anchor, similarity};

/// Pixels per point of the coarse and of the fine search.
const COARSE: f32 = 0.2;
const FINE: f32 = 0.8;
/// Search range of the coarse search, coarse pixels: 60 pt each way.
const COARSE_RANGE: i32 = 12;
/// Search range of a tile around the coarse shift, fine pixels.
const FINE_RANGE: i32 = 9;
/// Tile side, fine pixels.
const TILE: usize = 44;
/// Tiles less alike than this (correlation) have no say.
const ALIKE: f32 = 0.55;

/// Whether a page is an image and nothing else one could compare.
pub(crate) fn is_scan(page: &Page) -> bool {
    let visible_text = page
        .words
        .iter()
        .filter(|w| {
            page.styles
                .get(w.style as usize)
                .is_none_or(|style| !style.invisible)
        })
        .count();
    let read_by_machine = matches!(page.coverage.text_source, model::TextSource::Ocr);
    page.coverage.image_share >= 0.5
        && (visible_text < 4 || read_by_machine)
        && page.drawing.paths.len() < 20
}

/// Darkness of a page at a low resolution.
struct Grey {
    w: usize,
    h: usize,
    ink: Vec<f32>,
}

impl Grey {
    /// `raster` (at `from` pixels per point) averaged down to `to` pixels per
    /// point.
    fn new(raster: &Raster, from: f32, to: f32) -> Self {
        let luma = raster.luma();
        let (rw, rh) = (raster.width as usize, raster.height as usize);
        let ratio = (from / to).max(1.0);
        let w = ((rw as f32 / ratio) as usize).max(1);
        let h = ((rh as f32 / ratio) as usize).max(1);
        let mut sums = vec![(0_u32, 0_u32); w * h];
        for y in 0..rh {
            let ty = ((y as f32 / ratio) as usize).min(h - 1);
            for x in 0..rw {
                let tx = ((x as f32 / ratio) as usize).min(w - 1);
                let cell = &mut sums[ty * w + tx];
                cell.0 += 255 - u32::from(luma[y * rw + x]);
                cell.1 += 1;
            }
        }
        Self {
            w,
            h,
            ink: sums
                .into_iter()
                .map(|(sum, count)| sum as f32 / count.max(1) as f32)
                .collect(),
        }
    }

    fn at(&self, x: i32, y: i32) -> f32 {
        if x < 0 || y < 0 || x as usize >= self.w || y as usize >= self.h {
            return 0.0;
        }
        self.ink[y as usize * self.w + x as usize]
    }
}

/// The map of the old scan onto the new one, `first` where nothing better is
/// found.
pub(super) fn register(
    old: &Raster,
    new: &Raster,
    old_scale: f32,
    scale: f32,
    first: &Transform,
) -> Transform {
    // Both are rendered so that `first` scales one to the other: what is left
    // is a shift and a small turn.
    let grown = old_scale / scale;
    let coarse = (
        Grey::new(old, old_scale, COARSE * grown),
        Grey::new(new, scale, COARSE),
    );
    let Some(shift) = whole_shift(&coarse.0, &coarse.1) else {
        return *first;
    };
    let fine = (
        Grey::new(old, old_scale, FINE * grown),
        Grey::new(new, scale, FINE),
    );
    let step = FINE / COARSE;
    let around = [0, 1].map(|k| (shift[k] as f32 * step).round() as i32);
    let mut anchors = Vec::new();
    for y in (0..fine.0.h.saturating_sub(TILE)).step_by(TILE) {
        for x in (0..fine.0.w.saturating_sub(TILE)).step_by(TILE) {
            if let Some([dx, dy]) = tile_shift(&fine.0, &fine.1, x, y, around) {
                let half = TILE as f32 / 2.0;
                let middle = [x as f32 + half, y as f32 + half];
                anchors.push(Anchor {
                    old: middle.map(|v| v / (FINE * grown)),
                    new: [(middle[0] + dx) / FINE, (middle[1] + dy) / FINE],
                });
            }
        }
    }
    similarity(&anchors)
        .filter(|t| {
            let [a, b, ..] = t.0;
            let size = a.hypot(b) * f64::from(grown);
            (0.9..=1.1).contains(&size) && b.atan2(a).abs() < 0.1
        })
        .unwrap_or(*first)
}

/// The shift under which most ink falls on ink.
fn whole_shift(old: &Grey, new: &Grey) -> Option<[i32; 2]> {
    let mut best: Option<(f32, [i32; 2])> = None;
    for dy in -COARSE_RANGE..=COARSE_RANGE {
        for dx in -COARSE_RANGE..=COARSE_RANGE {
            let score = correlation(old, new, (0, 0), (old.w, old.h), [dx, dy]);
            // Standing still wins a tie.
            let score = score - 1e-4 * (dx.abs() + dy.abs()) as f32;
            if best.is_none_or(|(most, _)| score > most) {
                best = Some((score, [dx, dy]));
            }
        }
    }
    best.map(|(_, shift)| shift)
}

/// How far a tile went, to a fraction of a pixel; `None` where it cannot tell.
fn tile_shift(old: &Grey, new: &Grey, x: usize, y: usize, around: [i32; 2]) -> Option<[f32; 2]> {
    let inked = (y..y + TILE)
        .flat_map(|y| old.ink[y * old.w + x..y * old.w + x + TILE].iter())
        .filter(|v| **v > 40.0)
        .count();
    if inked < 20 {
        return None;
    }
    let score = |dx: i32, dy: i32| {
        correlation(
            old,
            new,
            (x, y),
            (TILE, TILE),
            [around[0] + dx, around[1] + dy],
        )
    };
    let mut best = (f32::NEG_INFINITY, 0, 0);
    for dy in -FINE_RANGE..=FINE_RANGE {
        for dx in -FINE_RANGE..=FINE_RANGE {
            let value = score(dx, dy);
            if value > best.0 {
                best = (value, dx, dy);
            }
        }
    }
    let (value, dx, dy) = best;
    if value < ALIKE || dx.abs() == FINE_RANGE || dy.abs() == FINE_RANGE {
        return None;
    }
    // The top of the parabola through the peak and its neighbours.
    let top = |before: f32, after: f32| {
        let bend = before - 2.0 * value + after;
        if bend < -1e-6 {
            (0.5 * (before - after) / bend).clamp(-0.5, 0.5)
        } else {
            0.0
        }
    };
    Some([
        (around[0] + dx) as f32 + top(score(dx - 1, dy), score(dx + 1, dy)),
        (around[1] + dy) as f32 + top(score(dx, dy - 1), score(dx, dy + 1)),
    ])
}

/// Normalised cross-correlation of a window of `old` with `new` moved by
/// `shift`.
fn correlation(
    old: &Grey,
    new: &Grey,
    (x0, y0): (usize, usize),
    (w, h): (usize, usize),
    shift: [i32; 2],
) -> f32 {
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0, 0.0, 0.0, 0.0, 0.0_f32);
    for y in y0..(y0 + h).min(old.h) {
        for x in x0..(x0 + w).min(old.w) {
            let a = old.ink[y * old.w + x];
            let b = new.at(x as i32 + shift[0], y as i32 + shift[1]);
            sa += a;
            sb += b;
            saa += a * a;
            sbb += b * b;
            sab += a * b;
        }
    }
    let n = (w * h) as f32;
    let spread = (saa - sa * sa / n) * (sbb - sb * sb / n);
    if spread <= 1e-3 {
        return 0.0;
    }
    (sab - sa * sb / n) / spread.sqrt()
}
