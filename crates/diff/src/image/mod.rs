//! Raster images compared by place and content.

mod across;

pub use self::across::across;

use model::{Change, ChangeKind, Evidence, ImagePlacement, Op, Page, Rect, Spot, Transform};
use rustc_hash::FxHashMap;

use crate::Options;
use crate::drawing::flow::Flow;
use crate::drawing::place;
use crate::pixels::scan;

/// Edges may stray this much and the place is still the same, points.
const STRAY: f32 = 1.5;
/// Perceptual hashes with at most this many differing bits: the same picture,
/// compressed again.
const ALIKE: u32 = 5;
/// At one place even this many: strong compression blurs more than a small
/// retouch does, so that pixels must tell them apart.
const ALIKE_HERE: u32 = 12;
/// Images looked at per page; beyond that (glyphs as stencils, strips) the
/// pixels decide.
const MOST: usize = 300;
/// Places of the same image on other pages that are looked at.
const PLACES: usize = 64;

/// Changes of raster images between two pages; ids are given later.
pub fn compare(old: &Page, new: &Page, transform: &Transform, options: &Options) -> Vec<Change> {
    if options.pixels && scan::is_scan(old) && scan::is_scan(new) {
        // Two scans of one sheet are never the same picture: what changed on
        // the sheet is for the pixels to say.
        return Vec::new();
    }
    let seen = |page: &Page| -> Vec<ImagePlacement> {
        page.images
            .iter()
            .filter(|i| i.bounds.is_finite() && i.bounds.width() > 1.0 && i.bounds.height() > 1.0)
            .cloned()
            .collect()
    };
    let (before, after) = (seen(old), seen(new));
    if before.len().max(after.len()) > MOST {
        return Vec::new();
    }
    let mut sheet = Sheet {
        old,
        new,
        placed: before
            .iter()
            .map(|i| transform.apply_rect(&i.bounds))
            .collect(),
        old_free: vec![true; before.len()],
        new_free: vec![true; after.len()],
        before,
        after,
        changes: Vec::new(),
    };
    let here = if options.pixels { ALIKE_HERE } else { ALIKE };
    // Most certain first: each step takes what it explains.
    sheet.pair(
        |a, b, at| near(at, &b.bounds) && a.hash == b.hash,
        |_, _, _| None,
    );
    sheet.pair(
        |a, b, at| near(at, &b.bounds) && alike(a, b, here),
        |_, _, _| None,
    );
    sheet.strips();
    sheet.pair(
        |_, b, at| overlap(at, &b.bounds) >= 0.9,
        |sheet, i, j| Some(sheet.replaced(i, j)),
    );
    let flow = Flow::new(old, new, transform);
    sheet.pair(
        |a, b, _| same_picture(a, b),
        |sheet, i, j| Some(sheet.moved(i, j, &flow)),
    );
    sheet.pair(
        |_, b, at| overlap(at, &b.bounds) >= 0.4,
        |sheet, i, j| Some(sheet.replaced(i, j)),
    );
    sheet.rest();
    let mut changes = sheet.changes;
    changes.retain(|c| {
        let place = match (&c.new, &c.old) {
            (Some(s), _) => s.boxes.first().copied(),
            (None, Some(s)) => s.boxes.first().map(|r| transform.apply_rect(r)),
            (None, None) => None,
        };
        place.is_none_or(|r| !options.ignores(new.number, &r))
            && !(options.ignore.moves && c.op == Op::Moved)
    });
    changes
}

/// Images of a page of one side whose text flowed onto pages of the other: they
/// came or went, unless [`across`] finds them there. What is on other pages of
/// its document at the same place (a logo in the header) did neither.
pub fn unpaired(page: [Option<&Page>; 2], all: [&[&Page]; 2], options: &Options) -> Vec<Change> {
    let own = |page: &Page, pages: &[&Page]| {
        let mut places: FxHashMap<u64, Vec<&Rect>> = FxHashMap::default();
        let others = pages.iter().filter(|other| other.number != page.number);
        for other in others.flat_map(|other| &other.images) {
            let known = places.entry(other.hash).or_default();
            if known.len() < PLACES {
                known.push(&other.bounds);
            }
        }
        let runs = |image: &ImagePlacement| {
            let known = places.get(&image.hash);
            known.is_some_and(|known| known.iter().any(|at| near(at, &image.bounds)))
        };
        Page {
            words: page.words.clone(),
            images: page.images.iter().filter(|i| !runs(i)).cloned().collect(),
            ..blank(page)
        }
    };
    let transform = Transform::IDENTITY;
    match page {
        [Some(old), None] => compare(&own(old, all[0]), &blank(old), &transform, options),
        [None, Some(new)] => compare(&blank(new), &own(new, all[1]), &transform, options),
        _ => Vec::new(),
    }
}

/// Boxes, on the new page, of pictures that were stored anew and look the same.
pub fn recompressed(old: &Page, new: &Page, transform: &Transform) -> Vec<Rect> {
    let before: Vec<(&ImagePlacement, Rect)> = old
        .images
        .iter()
        .take(MOST)
        .map(|a| (a, transform.apply_rect(&a.bounds)))
        .collect();
    let anew = |b: &&ImagePlacement| {
        before
            .iter()
            .any(|(a, at)| a.hash != b.hash && near(at, &b.bounds) && alike(a, b, ALIKE_HERE))
    };
    new.images
        .iter()
        .take(MOST)
        .filter(anew)
        .map(|b| b.bounds)
        .collect()
}

/// A page of the same number and size with nothing on it.
fn blank(page: &Page) -> Page {
    Page {
        number: page.number,
        size: page.size,
        ..Page::default()
    }
}

fn near(a: &Rect, b: &Rect) -> bool {
    [a.x0 - b.x0, a.y0 - b.y0, a.x1 - b.x1, a.y1 - b.y1]
        .iter()
        .all(|d| d.abs() <= STRAY)
}

fn alike(a: &ImagePlacement, b: &ImagePlacement, most: u32) -> bool {
    match (a.perceptual, b.perceptual) {
        (Some(p), Some(q)) => (p ^ q).count_ones() <= most,
        _ => false,
    }
}

/// Whether two images at different places are the same: of equal bytes, or they
/// look alike and not like any plain area.
fn same_picture(a: &ImagePlacement, b: &ImagePlacement) -> bool {
    a.hash == b.hash || alike(a, b, ALIKE) && a.perceptual.is_some_and(|h| h.count_ones() > 8)
}

/// Shared area over joint area.
fn overlap(a: &Rect, b: &Rect) -> f32 {
    let shared = a.intersection(b).map_or(0.0, |r| r.area());
    shared / (a.area() + b.area() - shared).max(1e-3)
}

struct Sheet<'a> {
    old: &'a Page,
    new: &'a Page,
    before: Vec<ImagePlacement>,
    after: Vec<ImagePlacement>,
    /// Old boxes in the space of the new page.
    placed: Vec<Rect>,
    old_free: Vec<bool>,
    new_free: Vec<bool>,
    changes: Vec<Change>,
}

impl Sheet<'_> {
    /// Pairs what `fits`, the nearest first.
    fn pair(
        &mut self,
        fits: impl Fn(&ImagePlacement, &ImagePlacement, &Rect) -> bool,
        tell: impl Fn(&Self, usize, usize) -> Option<Change>,
    ) {
        for i in 0..self.before.len() {
            if !self.old_free[i] {
                continue;
            }
            let [x, y] = self.placed[i].center();
            let partner = (0..self.after.len())
                .filter(|&j| self.new_free[j])
                .filter(|&j| fits(&self.before[i], &self.after[j], &self.placed[i]))
                .map(|j| {
                    let [u, v] = self.after[j].bounds.center();
                    ((u - x).hypot(v - y), j)
                })
                .min_by(|a, b| a.0.total_cmp(&b.0));
            if let Some((_, j)) = partner {
                self.old_free[i] = false;
                self.new_free[j] = false;
                let change = tell(self, i, j);
                self.changes.extend(change);
            }
        }
    }

    /// An image that another producer cut into strips covers the same area
    /// with more pieces: whether the picture changed is for the pixels.
    fn strips(&mut self) {
        for i in 0..self.before.len() {
            let whole = self.placed[i];
            let parts = inside(&self.after, &self.new_free, &whole, |p| p.bounds);
            if self.old_free[i] && covers(&parts, &whole, |j| self.after[j].bounds) {
                self.old_free[i] = false;
                for j in parts {
                    self.new_free[j] = false;
                }
            }
        }
        for j in 0..self.after.len() {
            let whole = self.after[j].bounds;
            let indices: Vec<usize> = (0..self.placed.len()).collect();
            let parts = inside(&indices, &self.old_free, &whole, |&i| self.placed[i]);
            if self.new_free[j] && covers(&parts, &whole, |i| self.placed[i]) {
                self.new_free[j] = false;
                for i in parts {
                    self.old_free[i] = false;
                }
            }
        }
    }

    fn replaced(&self, i: usize, j: usize) -> Change {
        let at = self.after[j].bounds;
        self.change(
            Op::Replaced,
            Some(i),
            Some(j),
            format!("Image replaced {}", place::name(self.new, &at)),
            "images differ",
        )
    }

    fn moved(&self, i: usize, j: usize, flow: &Flow) -> Change {
        let (from, to) = (self.placed[i], self.after[j].bounds);
        let grown = (from.width() - to.width())
            .abs()
            .max((from.height() - to.height()).abs());
        let ([x, y], [u, v]) = (from.center(), to.center());
        let vector = [u - x, v - y];
        let what = if grown > STRAY {
            format!(
                "Image resized from {:.0} × {:.0} to {:.0} × {:.0} pt",
                from.width(),
                from.height(),
                to.width(),
                to.height()
            )
        } else {
            format!("Image moved {}", place::shift(vector))
        };
        let mut change = self.change(
            Op::Moved,
            Some(i),
            Some(j),
            format!("{what} {}", place::name(self.new, &to)),
            "the same image elsewhere",
        );
        let along =
            flow.went(&from, vector) || flow.pushed(&from, &to) || flow.realigned(&from, &to);
        if grown <= STRAY && along && !flow.passed(&from, &to) {
            change.evidence.noise = true;
            "the image follows the words around it: layout".clone_into(&mut change.evidence.reason);
        }
        change
    }

    fn rest(&mut self) {
        for i in 0..self.before.len() {
            if self.old_free[i] {
                let at = self.before[i].bounds;
                let summary = format!("Image removed {}", place::name(self.old, &at));
                let change = self.change(
                    Op::Removed,
                    Some(i),
                    None,
                    summary,
                    "image only in the old page",
                );
                self.changes.push(change);
            }
        }
        for j in 0..self.after.len() {
            if self.new_free[j] {
                let at = self.after[j].bounds;
                let summary = format!("Image added {}", place::name(self.new, &at));
                let change = self.change(
                    Op::Added,
                    None,
                    Some(j),
                    summary,
                    "image only in the new page",
                );
                self.changes.push(change);
            }
        }
    }

    fn change(
        &self,
        op: Op,
        old: Option<usize>,
        new: Option<usize>,
        summary: String,
        reason: &str,
    ) -> Change {
        let spot = |page: &Page, r: Rect| Spot {
            page: page.number,
            boxes: vec![r],
            text: String::new(),
        };
        Change {
            id: 0,
            kind: ChangeKind::Image,
            op,
            old: old.map(|i| spot(self.old, self.before[i].bounds)),
            new: new.map(|j| spot(self.new, self.after[j].bounds)),
            summary,
            evidence: Evidence {
                reason: reason.to_owned(),
                ..Evidence::default()
            },
            group: None,
        }
    }
}

/// Free items that lie inside `whole`.
fn inside<T>(items: &[T], free: &[bool], whole: &Rect, bounds: impl Fn(&T) -> Rect) -> Vec<usize> {
    let around = whole.inflate(STRAY);
    (0..items.len())
        .filter(|&k| free[k])
        .filter(|&k| {
            let r = bounds(&items[k]);
            around.contains([r.x0, r.y0]) && around.contains([r.x1, r.y1])
        })
        .collect()
}

fn covers(parts: &[usize], whole: &Rect, bounds: impl Fn(usize) -> Rect) -> bool {
    let area: f32 = parts.iter().map(|&k| bounds(k).area()).sum();
    parts.len() >= 2 && area >= 0.93 * whole.area()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(bounds: Rect, hash: u64, perceptual: u64) -> ImagePlacement {
        ImagePlacement {
            bounds,
            pixels: [100, 100],
            hash,
            perceptual: Some(perceptual),
            stencil: false,
        }
    }

    fn page(images: Vec<ImagePlacement>) -> Page {
        Page {
            number: 1,
            size: [600.0, 800.0],
            images,
            ..Page::default()
        }
    }

    fn ops(old: Vec<ImagePlacement>, new: Vec<ImagePlacement>) -> Vec<Op> {
        compare(
            &page(old),
            &page(new),
            &Transform::IDENTITY,
            &Options::default(),
        )
        .iter()
        .map(|c| c.op)
        .collect()
    }

    const HERE: Rect = Rect {
        x0: 50.0,
        y0: 50.0,
        x1: 150.0,
        y1: 150.0,
    };
    const THERE: Rect = Rect {
        x0: 50.0,
        y0: 250.0,
        x1: 150.0,
        y1: 350.0,
    };
    const PICTURE: u64 = 0xf0f0_1234_aaaa_5555;

    #[test]
    fn compressed_again_is_no_change() {
        assert_eq!(
            ops(
                vec![image(HERE, 1, PICTURE)],
                vec![image(HERE, 2, PICTURE ^ 3)]
            ),
            []
        );
    }

    #[test]
    fn another_picture_is_replaced() {
        assert_eq!(
            ops(
                vec![image(HERE, 1, PICTURE)],
                vec![image(HERE, 2, !PICTURE)]
            ),
            [Op::Replaced]
        );
    }

    #[test]
    fn the_same_picture_elsewhere_moved() {
        assert_eq!(
            ops(
                vec![image(HERE, 1, PICTURE)],
                vec![image(THERE, 1, PICTURE)]
            ),
            [Op::Moved]
        );
    }

    #[test]
    fn gone_and_come() {
        assert_eq!(
            ops(
                vec![image(HERE, 1, PICTURE)],
                vec![image(THERE, 2, !PICTURE)]
            ),
            [Op::Removed, Op::Added]
        );
    }

    #[test]
    fn cut_into_strips_is_no_change() {
        let strips = (0..4)
            .map(|i| {
                let y = 50.0 + 25.0 * i as f32;
                image(Rect::new(50.0, y, 150.0, y + 25.0), 10 + i, 7 * i)
            })
            .collect();
        assert_eq!(ops(vec![image(HERE, 1, PICTURE)], strips), []);
    }
}
