//! Cases of scanned pages: one grey picture per page.

use std::sync::Arc;

use model::{ChangeKind, Rect, Transform};

use super::document::Draft;
use super::{Kind, Pair, kind};
use crate::Result;
use crate::pdf::{Producer, write};
use crate::programs::rasterise;
use crate::rng::Rng;
use crate::scene::{Item, Page, Picture, Scene};
use crate::truth::Class::{Identity, Scan};
use crate::words::Language;

const DPI: u32 = 110;

/// Scans every page: turned by `degrees`, shifted, with grain.
fn scan(scene: &Scene, rng: &mut Rng, degrees: f32, shift: [f32; 2]) -> Result<Scene> {
    let pdf = write(scene, Producer::default())?;
    let mut pages = Vec::new();
    for (index, page) in scene.pages.iter().enumerate() {
        let sharp = rasterise(&pdf, index as u32 + 1, DPI)?;
        let [w, h] = page.size;
        let (sin, cos) = degrees.to_radians().sin_cos();
        let transform = Transform(
            [
                cos,
                sin,
                -sin,
                cos,
                w / 2.0 * (1.0 - cos) + h / 2.0 * sin + shift[0],
                h / 2.0 * (1.0 - cos) - w / 2.0 * sin + shift[1],
            ]
            .map(f64::from),
        );
        let mut out = Page::new(page.size);
        let picture = Arc::new(resample(&sharp, &transform, rng));
        out.items.push(Item::Image {
            rect: Rect::new(0.0, 0.0, w, h),
            picture,
            mark: None,
        });
        // Words stay as invisible marks: boxes of the truth, never painted.
        for item in &page.items {
            if let Item::Text(line) = item {
                let mut ghost = line.clone();
                ghost.words.retain(|w| w.mark.is_some());
                out.ghosts
                    .extend(Item::Text(ghost).marked_boxes(&transform));
            }
        }
        pages.push(out);
    }
    Ok(Scene {
        pages,
        ..Scene::default()
    })
}

/// Pixels after `transform` (points), bilinear, with grain.
fn resample(source: &Picture, transform: &Transform, rng: &mut Rng) -> Picture {
    let inverse = transform.inverse().unwrap_or_default();
    let per_point = DPI as f32 / 72.0;
    let (w, h) = (source.width as i64, source.height as i64);
    let at = |x: i64, y: i64| -> f32 {
        if x < 0 || y < 0 || x >= w || y >= h {
            255.0
        } else {
            f32::from(source.data[(y * w + x) as usize])
        }
    };
    let mut data = Vec::with_capacity(source.data.len());
    for y in 0..h {
        for x in 0..w {
            let [sx, sy] =
                inverse.apply([(x as f32 + 0.5) / per_point, (y as f32 + 0.5) / per_point]);
            let (sx, sy) = (sx * per_point - 0.5, sy * per_point - 0.5);
            let (ix, iy) = (sx.floor(), sy.floor());
            let (fx, fy) = (sx - ix, sy - iy);
            let (ix, iy) = (ix as i64, iy as i64);
            let top = at(ix, iy) * (1.0 - fx) + at(ix + 1, iy) * fx;
            let bottom = at(ix, iy + 1) * (1.0 - fx) + at(ix + 1, iy + 1) * fx;
            let bits = rng.bits();
            // Sum of three: nearly normal, a few levels wide.
            let grain = ((bits & 7) + ((bits >> 8) & 7) + ((bits >> 16) & 7)) as f32 - 10.5;
            let value = (top * (1.0 - fy) + bottom * fy) * 0.94 + 8.0 + grain;
            // Scanners write few levels; this also keeps files small.
            data.push((value.clamp(0.0, 255.0) / 8.0).round().min(31.0) as u8 * 8);
        }
    }
    Picture {
        width: source.width,
        height: source.height,
        data,
        gray: true,
    }
}

fn scanned(rng: &mut Rng, edit: fn(&mut Draft, &mut Rng)) -> Result<Pair> {
    let mut draft = Draft::report(rng, Language::English, 1);
    draft.set_up(|s| s.size = 11.0);
    edit(&mut draft, rng);
    let mut pair = draft.pair()?;
    for note in &mut pair.notes {
        note.accepts = vec![ChangeKind::Pixels, ChangeKind::Image];
    }
    pair.old = scan(&pair.old, rng, 0.0, [0.0, 0.0])?;
    let (degrees, shift) = (
        rng.unit() * 0.8 - 0.4,
        [rng.unit() * 6.0 - 3.0, rng.unit() * 6.0 - 3.0],
    );
    pair.new = scan(&pair.new, rng, degrees, shift)?;
    Ok(pair)
}

/// Kinds about scans.
pub const KINDS: &[Kind] = &[
    // A number of the same width keeps the rest of the page in place, as when
    // a page is corrected, printed and scanned again.
    kind(Scan, "scan-number-changed", |r| {
        scanned(r, Draft::change_number)
    }),
    kind(Scan, "scan-paragraph-added", |r| {
        scanned(r, Draft::append_paragraph)
    }),
    kind(Identity, "scan-again", |r| scanned(r, |_, _| {})),
];
