//! Scans compared by their strokes: dark against the local ground, and within
//! a stroke's width of where the other scan has ink.

use model::{Raster, Transform};

use super::field::Field;

/// What is darker than the mean around it by this is surely ink,
const INK: i32 = 30;
/// and by this perhaps: too faint to be ink that is missing elsewhere.
const PERHAPS: i32 = 12;
/// Half the window the mean is taken over, pixels.
const WINDOW: usize = 14;
/// Ink this close to ink of the other scan is the same ink, pixels.
const REACH: usize = 2;

/// Ink that the other scan does not have near.
pub(super) fn differences(
    old: &Raster,
    new: &Raster,
    old_scale: f32,
    scale: f32,
    map: &Transform,
) -> Field {
    let (w, h) = (new.width as usize, new.height as usize);
    let new_luma = new.luma();
    let old_luma = resample(&old.luma(), old, new, old_scale, scale, map);
    // Surely ink on one side, not even perhaps ink on the other.
    let new_ink = ink(&new_luma, w, h, INK);
    let old_ink = ink(&old_luma, w, h, INK);
    let new_near = dilate(&ink(&new_luma, w, h, PERHAPS), w, h);
    let old_near = dilate(&ink(&old_luma, w, h, PERHAPS), w, h);
    let mut field = Field::blank(w, h);
    for (at, mark) in field.marks.iter_mut().enumerate() {
        if new_ink[at] && !old_near[at] {
            *mark = 1;
        } else if old_ink[at] && !new_near[at] {
            *mark = 2;
        }
    }
    // Specks of noise are no strokes.
    let marks = field.marks.clone();
    for y in 0..h {
        for x in 0..w {
            if marks[y * w + x] != 0 {
                let mut around = 0;
                for ny in y.saturating_sub(1)..(y + 2).min(h) {
                    for nx in x.saturating_sub(1)..(x + 2).min(w) {
                        around += usize::from(marks[ny * w + nx] != 0);
                    }
                }
                if around < 4 {
                    field.marks[y * w + x] = 0;
                }
            }
        }
    }
    field
}

/// Adaptive threshold over an integral image (Bradley and Roth, 2007).
fn ink(luma: &[u8], w: usize, h: usize, darker: i32) -> Vec<bool> {
    let stride = w + 1;
    let mut sums = vec![0_u32; stride * (h + 1)];
    for y in 0..h {
        let mut row = 0_u32;
        for x in 0..w {
            row = row.wrapping_add(u32::from(luma[y * w + x]));
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1].wrapping_add(row);
        }
    }
    let mut out = vec![false; w * h];
    for y in 0..h {
        let (y0, y1) = (y.saturating_sub(WINDOW), (y + WINDOW + 1).min(h));
        for x in 0..w {
            let (x0, x1) = (x.saturating_sub(WINDOW), (x + WINDOW + 1).min(w));
            let sum = sums[y1 * stride + x1]
                .wrapping_add(sums[y0 * stride + x0])
                .wrapping_sub(sums[y0 * stride + x1])
                .wrapping_sub(sums[y1 * stride + x0]);
            let mean = (sum as usize / ((y1 - y0) * (x1 - x0))) as i32;
            let value = i32::from(luma[y * w + x]);
            // Inside large dark areas the mean is dark as well.
            out[y * w + x] = mean - value > darker || value < 60;
        }
    }
    out
}

/// Ink grown by [`REACH`], as a square, one axis after the other.
fn dilate(ink: &[bool], w: usize, h: usize) -> Vec<bool> {
    let mut across = vec![false; w * h];
    for y in 0..h {
        for x in 0..w {
            if ink[y * w + x] {
                let (x0, x1) = (x.saturating_sub(REACH), (x + REACH + 1).min(w));
                across[y * w + x0..y * w + x1].fill(true);
            }
        }
    }
    let mut out = vec![false; w * h];
    for y in 0..h {
        for ny in y.saturating_sub(REACH)..(y + REACH + 1).min(h) {
            for x in 0..w {
                out[y * w + x] |= across[ny * w + x];
            }
        }
    }
    out
}

fn resample(
    luma: &[u8],
    old: &Raster,
    new: &Raster,
    old_scale: f32,
    scale: f32,
    map: &Transform,
) -> Vec<u8> {
    let (w, h) = (new.width as usize, new.height as usize);
    let (ow, oh) = (old.width as usize, old.height as usize);
    let mut out = vec![255_u8; w * h];
    let Some(back) = map.inverse() else {
        return out;
    };
    for y in 0..h {
        for x in 0..w {
            let from = back.apply([(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale]);
            let (fx, fy) = (from[0] * old_scale - 0.5, from[1] * old_scale - 0.5);
            if !(fx >= 0.0 && fy >= 0.0) {
                continue;
            }
            let (ix, iy) = (fx as usize, fy as usize);
            if ix + 1 >= ow || iy + 1 >= oh {
                continue;
            }
            let (tx, ty) = (fx - ix as f32, fy - iy as f32);
            let v = |x: usize, y: usize| f32::from(luma[y * ow + x]);
            let top = v(ix, iy) * (1.0 - tx) + v(ix + 1, iy) * tx;
            let low = v(ix, iy + 1) * (1.0 - tx) + v(ix + 1, iy + 1) * tx;
            out[y * w + x] = (top * (1.0 - ty) + low * ty).round() as u8;
        }
    }
    out
}
