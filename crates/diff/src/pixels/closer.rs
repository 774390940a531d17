//! A closer look at what seems to differ. Glyphs drawn by other hints, and
//! lines that fall on the raster in another way, differ at the size of a screen
//! and no longer at three times that.

use model::{Page, Raster, Rect, Side, Transform};

use super::field::{Field, Regions};
use crate::Rasters;

/// How much closer.
const TIMES: f32 = 3.0;
/// Below this nothing new is to be seen.
const LEAST: f32 = 1.5;
/// Most pixels looked at.
const MOST_PIXELS: f32 = 8.0e6;
/// Looked at around a place, points.
const AROUND: f32 = 4.0;
/// Marks further apart than this do not belong together, points.
const GAP: f32 = 2.0;
/// Fewer marks are a speck.
const SPECK: usize = 9;

/// Side of the cells in which a picture that was compressed anew is compared, pixels:
/// what is lost within them (JPEG's are of this size) keeps their means.
const CELL: usize = 8;
/// Means of a channel this far apart are seen,
const MEANS: u32 = 24;
/// and single pixels this far apart: compression does not turn white into black.
const INVERTED: u8 = 128;

/// Two pages and how the old one lies on the new one.
pub(super) struct Sheets<'a> {
    pub pages: [&'a Page; 2],
    /// Pictures that were stored anew, on the new page.
    pub recompressed: Vec<Rect>,
    pub map: Transform,
    /// Pixels per point of the first look, for the old and the new page.
    pub scales: [f32; 2],
}

impl Sheets<'_> {
    /// For each of the `places` of changes and each of the `regions` that no change
    /// explains (in the space of the new page), whether it still differs; `None` where
    /// no closer look can be had. In regions, what a picture lost in compression is no
    /// difference.
    pub fn differ(
        &self,
        places: &[Rect],
        regions: &[Rect],
        rasters: &dyn Rasters,
    ) -> Option<[Vec<bool>; 2]> {
        let [old, new] = self.pages;
        let page = |page: &Page| Rect::new(0.0, 0.0, page.size[0], page.size[1]);
        let both = places.iter().chain(regions).copied();
        let all = both.reduce(|a, b| a.union(&b))?;
        let all = all.inflate(AROUND).intersection(&page(new))?;
        let from = self.map.inverse()?.apply_rect(&all);
        let from = from.intersection(&page(old))?;
        // The same part of both, where they lie on each other.
        let to = if self.map.is_identity() { from } else { all };
        let times = TIMES.min((MOST_PIXELS / to.area().max(1.0)).sqrt() / self.scales[1]);
        if times.is_nan() || times < LEAST {
            return None;
        }
        let [old_scale, scale] = self.scales.map(|scale| scale * times);
        let part = |side, page: &Page, scale, region| {
            rasters
                .part(side, page.number, scale, region)
                .filter(Raster::is_whole)
        };
        let (before, after) = rayon::join(
            || part(Side::Old, old, old_scale, from),
            || part(Side::New, new, scale, to),
        );
        let corner = |r: &Rect| [f64::from(r.x0), f64::from(r.y0)];
        let ([x, y], [nx, ny]) = (corner(&from), corner(&to));
        let map = Transform::translation(x, y)
            .then(&self.map)
            .then(&Transform::translation(-nx, -ny));
        let (before, after) = (before?, after?);
        let field = Field::differences(&before, &after, old_scale, scale, &map);
        let still: Vec<Rect> = Regions::find(&field, scale, GAP)
            .into_iter()
            .filter(|region| region.solid && region.count >= SPECK)
            .map(|region| Rect {
                x0: region.bounds.x0 + to.x0,
                y0: region.bounds.y0 + to.y0,
                x1: region.bounds.x1 + to.x0,
                y1: region.bounds.y1 + to.y0,
            })
            .collect();
        // Only where the pictures lie on each other pixel by pixel.
        let level =
            self.map.is_identity() && (before.width, before.height) == (after.width, after.height);
        let lost = |place: &Rect| {
            level
                && self.recompressed.iter().any(|picture| {
                    picture.contains([place.x0, place.y0]) && picture.contains([place.x1, place.y1])
                })
                && !cells_differ(&before, &after, place, [to.x0, to.y0], scale)
        };
        let differs = |place: &Rect| still.iter().any(|r| r.overlaps(place));
        let real = |region: &Rect| differs(region) && !lost(region);
        Some([
            places.iter().map(differs).collect(),
            regions.iter().map(real).collect(),
        ])
    }
}

/// Whether two rasters of one size, whose `corner` (points) and `scale` are given,
/// differ at `place` by more than compression costs.
fn cells_differ(a: &Raster, b: &Raster, place: &Rect, corner: [f32; 2], scale: f32) -> bool {
    let (w, h) = (a.width as usize, a.height as usize);
    if w < CELL || h < CELL {
        return true;
    }
    let pixel = |v: f32, from: f32, most: usize| (((v - from) * scale).max(0.0) as usize).min(most);
    let (x0, x1) = (pixel(place.x0, corner[0], w), pixel(place.x1, corner[0], w));
    let (y0, y1) = (pixel(place.y0, corner[1], h), pixel(place.y1, corner[1], h));
    let inverted = (y0..y1).any(|y| {
        let row = (y * w + x0) * 3..(y * w + x1.max(x0)) * 3;
        let mut pairs = a.rgb[row.clone()].iter().zip(&b.rgb[row]);
        pairs.any(|(p, q)| p.abs_diff(*q) > INVERTED)
    });
    if inverted {
        return true;
    }
    let mean = |raster: &Raster, x: usize, y: usize, channel: usize| -> u32 {
        let mut sum = 0;
        for row in y..y + CELL {
            for column in x..x + CELL {
                sum += u32::from(raster.rgb[(row * w + column) * 3 + channel]);
            }
        }
        sum / (CELL * CELL) as u32
    };
    (y0 / CELL..y1.div_ceil(CELL)).any(|row| {
        (x0 / CELL..x1.div_ceil(CELL)).any(|column| {
            // The last cells reach back from the edges.
            let x = (column * CELL).min(w - CELL);
            let y = (row * CELL).min(h - CELL);
            (0..3).any(|k| mean(a, x, y, k).abs_diff(mean(b, x, y, k)) > MEANS)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stripes four pixels wide, of these two values.
    fn stripes(values: [u8; 2]) -> Raster {
        let (width, height) = (20, 20);
        let value = |i: u32| values[(i % width / 4 % 2) as usize];
        let rgb = (0..width * height).flat_map(|i| [value(i); 3]).collect();
        Raster { width, height, rgb }
    }

    #[test]
    fn compression_costs_detail_but_does_not_turn_white_into_black() {
        let differ = |a, b| {
            let place = Rect::new(0.0, 0.0, 20.0, 20.0);
            cells_differ(&stripes(a), &stripes(b), &place, [0.0, 0.0], 1.0)
        };
        assert!(!differ([128, 128], [90, 166]));
        assert!(differ([128, 128], [60, 128]));
        assert!(differ([20, 240], [240, 20]));
    }
}
