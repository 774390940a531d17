//! Where two rendered pages differ, and the regions that makes.

use model::{Raster, Rect, Transform};

use crate::drawing::cluster::cluster;

/// How far a channel must leave the range of its neighbours, and how far
/// those reach, pixels: for pages that lie exactly on each other,
const EXACT: (u8, usize) = (40, 1);
/// and for pages of which one was resampled, which thins fine lines.
const MAPPED: (u8, usize) = (96, 2);
/// A channel that differs by more than this is seen to differ.
const VISIBLE: u8 = 24;
/// Above this many runs regions are made of coarse blocks.
const MOST_RUNS: usize = 60_000;

/// One mark per pixel of the new page.
#[derive(Clone)]
pub(super) struct Field {
    pub width: usize,
    pub height: usize,
    /// 0: same; 1: darker on the new page; 2: lighter; 3: different, but like
    /// a neighbour.
    pub marks: Vec<u8>,
}

impl Field {
    pub fn blank(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            marks: vec![0; width * height],
        }
    }

    /// Pixels of which no neighbour on the other page comes close. Comparing
    /// against the range of the 3 × 3 neighbourhood, either way, makes
    /// anti-aliasing and shifts of less than a pixel no difference.
    pub fn differences(
        old: &Raster,
        new: &Raster,
        old_scale: f32,
        scale: f32,
        map: &Transform,
    ) -> Self {
        let direct = map.is_identity() && old.width == new.width && old.height == new.height;
        let mapped;
        let old = if direct {
            old
        } else {
            mapped = resample(old, new, old_scale, scale, map);
            &mapped
        };
        let (w, h) = (new.width as usize, new.height as usize);
        let (band, reach) = if direct { EXACT } else { MAPPED };
        let mut field = Self::blank(w, h);
        for y in 0..h {
            let row = y * w * 3..(y + 1) * w * 3;
            if old.rgb[row.clone()] == new.rgb[row] {
                continue;
            }
            for x in 0..w {
                let at = (y * w + x) * 3;
                let (p, q) = (&old.rgb[at..at + 3], &new.rgb[at..at + 3]);
                let off = p.iter().zip(q).map(|(p, q)| p.abs_diff(*q)).max();
                let off = off.unwrap_or_default();
                if off <= VISIBLE {
                    continue;
                }
                if off <= band
                    || !(leaves(q, old, (x, y), band, reach) || leaves(p, new, (x, y), band, reach))
                {
                    field.marks[y * w + x] = 3;
                    continue;
                }
                let sum = |v: &[u8]| v.iter().map(|v| u32::from(*v)).sum::<u32>();
                field.marks[y * w + x] = if sum(q) < sum(p) { 1 } else { 2 };
            }
        }
        field
    }

    fn range(&self, r: &Rect, scale: f32) -> (usize, usize, usize, usize) {
        let clamp = |v: f32, most: usize| (v.max(0.0) as usize).min(most);
        (
            clamp((r.x0 * scale).floor(), self.width),
            clamp((r.y0 * scale).floor(), self.height),
            clamp((r.x1 * scale).ceil(), self.width),
            clamp((r.y1 * scale).ceil(), self.height),
        )
    }

    /// Takes back all marks inside `r` (points).
    pub fn clear(&mut self, r: &Rect, scale: f32) {
        let (x0, y0, x1, y1) = self.range(r, scale);
        if x0 < x1 {
            for y in y0..y1 {
                self.marks[y * self.width + x0..y * self.width + x1].fill(0);
            }
        }
    }

    /// Summed-area table (Crow, 1984) of the strong marks, or of all.
    pub fn sums(&self, strong: bool) -> Vec<u32> {
        let w = self.width + 1;
        let mut sums = vec![0_u32; w * (self.height + 1)];
        for y in 0..self.height {
            let mut row = 0;
            for x in 0..self.width {
                let mark = self.marks[y * self.width + x];
                row += u32::from(mark != 0 && !(strong && mark == 3));
                sums[(y + 1) * w + x + 1] = sums[y * w + x + 1] + row;
            }
        }
        sums
    }

    /// Whether more than a stray pixel is marked inside `r` (points).
    pub fn any(&self, sums: &[u32], r: &Rect, scale: f32) -> bool {
        self.count(sums, r, scale).0 >= 2
    }

    /// Share of the pixels inside `r` (points) that are marked.
    pub fn share(&self, sums: &[u32], r: &Rect, scale: f32) -> f32 {
        let (marked, all) = self.count(sums, r, scale);
        marked as f32 / all.max(1) as f32
    }

    /// Marked pixels inside `r`, and all of them.
    fn count(&self, sums: &[u32], r: &Rect, scale: f32) -> (u32, u32) {
        let (x0, y0, x1, y1) = self.range(r, scale);
        if x0 >= x1 || y0 >= y1 {
            return (0, 0);
        }
        let w = self.width + 1;
        let at = |x: usize, y: usize| sums.get(y * w + x).copied().unwrap_or_default();
        let marked = (at(x1, y1) + at(x0, y0)).saturating_sub(at(x1, y0) + at(x0, y1));
        (marked, ((x1 - x0) * (y1 - y0)) as u32)
    }
}

/// Whether there is anything to see inside `r` (points).
pub(super) fn inked(raster: &Raster, r: &Rect, scale: f32) -> bool {
    const CONTRAST: u8 = 48;
    let (w, h) = (raster.width as usize, raster.height as usize);
    let clamp = |v: f32, most: usize| (v.max(0.0) as usize).min(most);
    let (x0, x1) = (clamp(r.x0 * scale, w), clamp((r.x1 * scale).ceil(), w));
    let (y0, y1) = (clamp(r.y0 * scale, h), clamp((r.y1 * scale).ceil(), h));
    let (mut low, mut high) = (255_u8, 0_u8);
    for y in y0..y1 {
        for value in &raster.rgb[(y * w + x0.min(x1)) * 3..(y * w + x1) * 3] {
            low = low.min(*value);
            high = high.max(*value);
        }
    }
    high.saturating_sub(low) >= CONTRAST
}

/// Whether a pixel lies outside the range of its neighbours in `other`.
fn leaves(pixel: &[u8], other: &Raster, (x, y): (usize, usize), band: u8, reach: usize) -> bool {
    let (w, h) = (other.width as usize, other.height as usize);
    let (mut low, mut high) = ([255_u8; 3], [0_u8; 3]);
    for ny in y.saturating_sub(reach)..(y + reach + 1).min(h) {
        for nx in x.saturating_sub(reach)..(x + reach + 1).min(w) {
            let at = (ny * w + nx) * 3;
            for k in 0..3 {
                low[k] = low[k].min(other.rgb[at + k]);
                high[k] = high[k].max(other.rgb[at + k]);
            }
        }
    }
    (0..3)
        .any(|k| pixel[k] > high[k].saturating_add(band) || pixel[k] < low[k].saturating_sub(band))
}

/// `old` as it lies on the new page, bilinear; white beyond its edges.
fn resample(old: &Raster, new: &Raster, old_scale: f32, scale: f32, map: &Transform) -> Raster {
    let (w, h) = (new.width as usize, new.height as usize);
    let mut rgb = vec![255_u8; w * h * 3];
    if let Some(back) = map.inverse() {
        let (ow, oh) = (old.width as usize, old.height as usize);
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
                for k in 0..3 {
                    let v = |x: usize, y: usize| f32::from(old.rgb[(y * ow + x) * 3 + k]);
                    let top = v(ix, iy) * (1.0 - tx) + v(ix + 1, iy) * tx;
                    let low = v(ix, iy + 1) * (1.0 - tx) + v(ix + 1, iy + 1) * tx;
                    rgb[(y * w + x) * 3 + k] = (top * (1.0 - ty) + low * ty).round() as u8;
                }
            }
        }
    }
    Raster {
        width: new.width,
        height: new.height,
        rgb,
    }
}

/// Marks that belong together.
pub(super) struct Region {
    /// Box on the new page, points.
    pub bounds: Rect,
    /// Marked pixels, all, darker and lighter ones.
    pub count: usize,
    pub darker: usize,
    pub lighter: usize,
    /// Holds a full square of 2 × 2 marks: more than an edge.
    pub solid: bool,
    /// Holds a full square of 3 × 3 marks.
    pub block: bool,
}

/// Finder of regions.
pub(super) struct Regions;

impl Regions {
    /// The regions of a field, in reading order of their first runs.
    pub fn find(field: &Field, scale: f32, gap: f32) -> Vec<Region> {
        let w = field.width;
        let mut runs: Vec<(usize, usize, usize)> = Vec::new();
        for y in 0..field.height {
            let row = &field.marks[y * w..(y + 1) * w];
            let mut x = 0;
            while x < w {
                if !strong(row[x]) {
                    x += 1;
                    continue;
                }
                let start = x;
                while x < w && strong(row[x]) {
                    x += 1;
                }
                runs.push((y, start, x));
            }
        }
        let gap = if runs.len() > MOST_RUNS {
            gap * 4.0
        } else {
            gap
        };
        let bounds = |i: usize| {
            let (y, x0, x1) = runs[i];
            Rect {
                x0: x0 as f32 / scale,
                y0: y as f32 / scale,
                x1: x1 as f32 / scale,
                y1: (y + 1) as f32 / scale,
            }
        };
        cluster(runs.len(), |i| [bounds(i)], gap)
            .into_iter()
            .filter_map(|members| {
                let whole = members
                    .iter()
                    .map(|&i| bounds(i))
                    .reduce(|a, b| a.union(&b))?;
                let mut region = Region {
                    bounds: whole,
                    count: 0,
                    darker: 0,
                    lighter: 0,
                    solid: false,
                    block: false,
                };
                for &i in &members {
                    let (y, x0, x1) = runs[i];
                    for x in x0..x1 {
                        region.count += 1;
                        match field.marks[y * w + x] {
                            1 => region.darker += 1,
                            _ => region.lighter += 1,
                        }
                        region.solid |= square(field, x, y, 2);
                        region.block = region.block || square(field, x, y, 3);
                    }
                }
                Some(region)
            })
            .collect()
    }
}

fn strong(mark: u8) -> bool {
    mark == 1 || mark == 2
}

fn square(field: &Field, x: usize, y: usize, size: usize) -> bool {
    x + size <= field.width
        && y + size <= field.height
        && (y..y + size).all(|y| (x..x + size).all(|x| strong(field.marks[y * field.width + x])))
}
