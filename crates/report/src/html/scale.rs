//! How many pixels each page gets, so that changed pages can be read and the
//! file can be mailed.

use model::{PageStatus, Side};

use crate::view::View;

/// 130 dpi, in pixels per point: small print reads well.
const BEST: f32 = 130.0 / 72.0;

/// 72 dpi: below this words cannot be read, so the file grows instead.
const LEAST: f32 = 1.0;

/// Thumbnail of an unchanged page, pixels per point.
const THUMBNAIL: f32 = 0.3;

/// Longest side of a thumbnail, pixels.
const THUMBNAIL_SIDE: f32 = 360.0;

/// Longest side of an image: an A0 drawing still reads at 86 dpi.
const LONGEST_SIDE: f32 = 4000.0;

/// Pixels all full images may have together: about 12 MB of text pages at the
/// 0.05 bytes a pixel that an encoded one takes.
const PIXEL_BUDGET: f64 = 240e6;

/// Unchanged pages that get a thumbnail; more would be a wall of paper.
const MOST_THUMBNAILS: usize = 200;

/// How an entry of the report is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// Both pages, readable.
    Full,
    /// A thumbnail of the new page.
    Thumbnail,
    /// Its number only.
    Named,
}

/// What is shown of each entry, and at which scale.
pub(super) struct Plan {
    shown: Vec<Shown>,
    scale: f32,
}

impl Plan {
    /// Full images for pages with anything to point at, small ones for others.
    pub(super) fn of(view: &View<'_>) -> Self {
        let report = view.report;
        let mut marked = vec![false; report.pages.len()];
        for change in &report.changes {
            for (side, spot) in [(Side::Old, &change.old), (Side::New, &change.new)] {
                if let Some(entry) = spot.as_ref().and_then(|s| view.entry(side, s.page)) {
                    marked[entry] = true;
                }
            }
        }
        let mut thumbnails = 0;
        let mut area = 0.0;
        let shown = report
            .pages
            .iter()
            .zip(marked)
            .map(|(entry, marked)| {
                if entry.status != PageStatus::Unchanged || marked {
                    for size in [entry.old_size, entry.new_size].into_iter().flatten() {
                        let [width, height] = page_size(Some(size));
                        area += f64::from(width) * f64::from(height);
                    }
                    Shown::Full
                } else if thumbnails < MOST_THUMBNAILS {
                    thumbnails += 1;
                    Shown::Thumbnail
                } else {
                    Shown::Named
                }
            })
            .collect();
        let affordable = (PIXEL_BUDGET / area.max(1.0)).sqrt() as f32;
        Self {
            shown,
            scale: affordable.clamp(LEAST, BEST),
        }
    }

    /// How entry `index` is shown.
    pub(super) fn shown(&self, index: usize) -> Shown {
        self.shown.get(index).copied().unwrap_or(Shown::Named)
    }

    /// Pixels per point for a page of `size` points of entry `index`.
    pub(super) fn scale(&self, index: usize, size: Option<[f32; 2]>) -> f32 {
        let [width, height] = page_size(size);
        let longest = width.max(height);
        match self.shown(index) {
            Shown::Full => self.scale.min(LONGEST_SIDE / longest),
            _ => THUMBNAIL.min(THUMBNAIL_SIDE / longest),
        }
    }
}

/// The size as given, in points, or A4 where it is missing or nonsense. PDF
/// pages span 3 to 14,400 units, times a `UserUnit` that is rarely above 10.
pub(super) fn page_size(size: Option<[f32; 2]>) -> [f32; 2] {
    size.filter(|size| size.iter().all(|v| (1.0..=200_000.0).contains(v)))
        .unwrap_or([595.0, 842.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn few_pages_are_sharp_and_many_still_readable() {
        let few = sample::many(10, 2);
        let many = sample::many(3000, 100);
        let (few, many) = (View::of(&few), View::of(&many));
        let a4 = Some([595.0, 842.0]);
        assert_eq!(Plan::of(&few).scale(0, a4), BEST);
        let scale = Plan::of(&many).scale(0, a4) * 72.0;
        assert!((105.0..130.0).contains(&scale), "{scale} dpi");
    }

    #[test]
    fn large_sheets_are_capped() {
        let report = sample::many(1, 1);
        let view = View::of(&report);
        let a0 = Plan::of(&view).scale(0, Some([2384.0, 3370.0]));
        assert!((3370.0 * a0 - 4000.0).abs() < 1.0);
    }

    #[test]
    fn nonsense_sizes_become_a4() {
        for size in [
            None,
            Some([f32::NAN, 5.0]),
            Some([-3.0, 10.0]),
            Some([1e30, 1.0]),
        ] {
            assert_eq!(page_size(size), [595.0, 842.0]);
        }
    }
}
