//! Rendered pages compared: the safety net, and all there is for scans.

mod closer;
mod field;
mod ink;
mod recoded;
pub(crate) mod scan;

#[cfg(test)]
mod tests;

use std::cell::LazyCell;

use model::{Change, ChangeKind, Evidence, Op, Page, Raster, Rect, Side, Spot, Transform, Warning};

use self::closer::Sheets;
use self::field::{Field, Region, Regions};
use crate::drawing::flow::Flow;
use crate::drawing::place;
use crate::{Options, Rasters, image};

/// Pixels per point wanted: about 100 dpi for born-digital pages,
const SCALE: f32 = 1.4;
/// and more for scans, whose strokes are all there is.
const SCAN_SCALE: f32 = 3.0;
/// Most pixels of one page.
const MOST_PIXELS: f32 = 5.0e6;
/// Structural changes explain pixels up to this far around them, points.
const AROUND: f32 = 2.5;

/// Letters smaller than this look alike whatever they say, even looked at closer,
/// pixels.
const LEGIBLE: f32 = 4.0;
/// Letters smaller than this are told apart by a closer look only, pixels: at seven,
/// a 5 differs from a 6 by less than two ways of drawing either.
const PLAIN: f32 = 12.0;

/// Most of a changed word's box that differs where only a closer look can tell
/// whether the word looks different at all.
const DOUBTFUL: f32 = 0.1;
/// A place narrower than this holds nothing to look at, pixels: a mark set over
/// the letter before it.
const NARROW: f32 = 2.0;

/// Most of a word's box that differs where its look did not change.
const RESTYLED: f32 = 0.005;
/// Words whose box grew or shrank both ways by more than this share were set in another size.
const RESIZED: f32 = 0.05;
/// Differences narrower than this are edges of glyphs and rules, points.
const THIN: f32 = 1.5;

/// What the pixels say of the place of a structural change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// It looks different.
    Differs,
    /// It looks the same, or there is nothing to see.
    Same,
    /// Both pages show the same words, though their characters have other
    /// codes: a producer lost or changed their meaning.
    Recoded,
}

/// What the pixels of a page pair say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PixelOutcome {
    /// What the pixels show and the structure does not explain.
    pub changes: Vec<Change>,
    /// For every structural change, in the order given, what is seen of it;
    /// empty where pixels were not compared.
    pub seen: Vec<Option<Sight>>,
    /// What could not be compared.
    pub warnings: Vec<Warning>,
    /// Whether the pixels were compared at all.
    pub compared: bool,
    /// The map found between two scans, where that is what was compared.
    pub transform: Option<Transform>,
}

/// Compares the pixels of two pages; `structural` are the changes already
/// known on this pair.
pub fn compare(
    old: &Page,
    new: &Page,
    transform: &Transform,
    rasters: &dyn Rasters,
    options: &Options,
    structural: &[Change],
) -> PixelOutcome {
    let scanned = scan::is_scan(old) && scan::is_scan(new);
    let [w, h] = new.size;
    let wanted = if scanned { SCAN_SCALE } else { SCALE };
    let scale = wanted.min((MOST_PIXELS / (w * h).max(1.0)).sqrt());
    if scale.is_nan() || scale <= 0.0 {
        return PixelOutcome::default();
    }
    let [a, b, c, d, ..] = transform.0;
    let grown = (a * d - b * c).abs().sqrt() as f32;
    let mut outcome = PixelOutcome::default();
    let mut load = |side: Side, page: &Page, scale: f32| {
        let raster = rasters
            .raster(side, page.number, scale)
            .filter(Raster::is_whole);
        if raster.is_none() {
            outcome.warnings.push(Warning {
                side: Some(side),
                page: Some(page.number),
                code: "no-pixels".to_owned(),
                message: "page could not be rendered; its pixels were not compared".to_owned(),
            });
        }
        raster
    };
    let old_raster = load(Side::Old, old, scale * grown);
    let new_raster = load(Side::New, new, scale);
    let (Some(old_raster), Some(new_raster)) = (old_raster, new_raster) else {
        return outcome;
    };
    let view = View {
        old,
        new,
        options,
        scale,
    };
    let (field, map) = if scanned {
        let map = scan::register(&old_raster, &new_raster, scale * grown, scale, transform);
        (
            ink::differences(&old_raster, &new_raster, scale * grown, scale, &map),
            map,
        )
    } else {
        (
            Field::differences(&old_raster, &new_raster, scale * grown, scale, transform),
            *transform,
        )
    };
    let Some(back) = map.inverse() else {
        return outcome;
    };
    outcome.compared = true;
    outcome.transform = scanned.then_some(map);
    let flow = (!scanned).then(|| Flow::new(old, new, &map));
    let (seen, doubtful) = view.seen(&field, flow.as_ref(), &new_raster, structural, &map);
    outcome.seen = seen;
    let mut found = view.differences(field, flow.as_ref(), structural, &map);
    if !scanned {
        let sheets = Sheets {
            pages: [old, new],
            recompressed: image::recompressed(old, new, &map),
            map,
            scales: [scale * grown, scale],
        };
        for (change, differs) in settle(&sheets, rasters, doubtful, &mut found) {
            outcome.seen[change] = Some(match structural[change].kind {
                _ if differs => Sight::Differs,
                ChangeKind::Text => Sight::Recoded,
                _ => Sight::Same,
            });
        }
    }
    outcome.changes = found
        .real
        .iter()
        .map(|region| view.change(region, &back))
        .chain(
            [found.rhythm, found.glyphs, found.faint]
                .into_iter()
                .filter_map(|boxes| view.rendering(boxes, &back)),
        )
        .collect();
    outcome
}

/// Whether the words of a change of style take another room than they did.
fn resized(change: &Change, map: &Transform) -> bool {
    let whole = |spot: &Option<Spot>| {
        let boxes = spot.iter().flat_map(|spot| spot.boxes.iter().copied());
        boxes.reduce(|a, b| a.union(&b))
    };
    let (Some(old), Some(new)) = (whole(&change.old), whole(&change.new)) else {
        return false;
    };
    let old = map.apply_rect(&old);
    let apart = |a: f32, b: f32| (a - b).abs() > RESIZED * a.max(b);
    apart(old.width(), new.width()) && apart(old.height(), new.height())
}

/// A change, by its index, of which only a closer look at its places can tell.
type Doubt = (usize, Vec<Rect>);

/// Looks closer at what is in doubt: which changes differ there, and takes from the
/// real differences what does not. Empty where no closer look can be had.
fn settle(
    sheets: &Sheets<'_>,
    rasters: &dyn Rasters,
    doubtful: Vec<Doubt>,
    found: &mut Differences,
) -> Vec<(usize, bool)> {
    let places: Vec<Rect> = doubtful
        .iter()
        .flat_map(|(_, places)| places.iter().copied())
        .collect();
    let regions: Vec<Rect> = found.real.iter().map(|region| region.bounds).collect();
    let Some([places, regions]) = sheets.differ(&places, &regions, rasters) else {
        return Vec::new();
    };
    let mut of_changes = places.into_iter();
    let settled = doubtful
        .into_iter()
        .map(|(change, places)| {
            let of_change: Vec<bool> = of_changes.by_ref().take(places.len()).collect();
            (change, of_change.contains(&true))
        })
        .collect();
    let mut real = regions.into_iter();
    let faint = &mut found.faint;
    found.real.retain(|region| {
        let real = real.next().unwrap_or(true);
        if !real {
            faint.push(region.bounds);
        }
        real
    });
    settled
}

/// Where the pixels differ and the structure does not say why.
#[derive(Default)]
struct Differences {
    /// What a person would see.
    real: Vec<Region>,
    /// Dashes that begin at another point.
    rhythm: Vec<Rect>,
    /// Words that are surely the same, drawn in another way.
    glyphs: Vec<Rect>,
    /// What nobody would see.
    faint: Vec<Rect>,
}

/// Places of the dashed level and upright lines of a page: producers begin
/// their dashes at another point, and lines that really changed are told by
/// the drawing.
fn dashed(page: &Page) -> Vec<Rect> {
    let mut places = Vec::new();
    let drawing = &page.drawing;
    for (index, path) in drawing.paths.iter().enumerate() {
        let Some(style) = drawing.styles.get(path.style as usize) else {
            continue;
        };
        if style.dash.is_empty() {
            continue;
        }
        let reach = 0.5 * style.width + 1.0;
        let (_, coords) = drawing.geometry(index);
        for ends in coords.chunks_exact(2).collect::<Vec<_>>().windows(2) {
            let (a, b) = (ends[0], ends[1]);
            if (a[0] - b[0]).abs().min((a[1] - b[1]).abs()) > 0.5 {
                continue;
            }
            let line = Rect {
                x0: a[0].min(b[0]),
                y0: a[1].min(b[1]),
                x1: a[0].max(b[0]),
                y1: a[1].max(b[1]),
            };
            places.push(line.inflate(reach));
        }
    }
    places
}

/// Whether the pixels of two pages can say what the structure does not. Where
/// the text flowed elsewhere (`reflowed`) nothing lies where it lay, and pages
/// of words and paths alone are better compared by those.
pub fn worthwhile(old: &Page, new: &Page, transform: &Transform, reflowed: bool) -> bool {
    let words_and_paths = readable(old, new) && old.images.is_empty() && new.images.is_empty();
    !(reflowed && words_and_paths) || recoded::rewritten(old, new, transform)
}

/// Whether all text of both pages is known as words.
fn readable(old: &Page, new: &Page) -> bool {
    let known = |page: &Page| {
        page.coverage.unmapped_glyphs == 0
            && !matches!(page.coverage.text_source, model::TextSource::Ocr)
            && !page.styles.iter().any(|s| s.invisible)
    };
    known(old) && known(new)
}

struct View<'a> {
    old: &'a Page,
    new: &'a Page,
    options: &'a Options,
    scale: f32,
}

impl View<'_> {
    /// Boxes of a change on this pair, in the space of the new page.
    fn places<'c>(&self, change: &'c Change, map: &Transform) -> impl Iterator<Item = Rect> + 'c {
        let spot = |spot: Option<&'c Spot>, page: u32| {
            spot.filter(|s| s.page == page)
                .map(|s| s.boxes.as_slice())
                .unwrap_or_default()
        };
        let map = *map;
        let old = spot(change.old.as_ref(), self.old.number);
        let new = spot(change.new.as_ref(), self.new.number);
        old.iter()
            .map(move |r| map.apply_rect(r))
            .chain(new.iter().copied())
    }

    /// What is seen of each change, and the changes (with their places) of which only
    /// a closer look can tell. `flow` is that of the words, where there are any.
    fn seen(
        &self,
        field: &Field,
        flow: Option<&Flow>,
        raster: &Raster,
        structural: &[Change],
        map: &Transform,
    ) -> (Vec<Option<Sight>>, Vec<Doubt>) {
        let (sums, strong) = (field.sums(false), field.sums(true));
        // What differs beside the words that stand where they stood.
        let beside = LazyCell::new(|| {
            let mut field = field.clone();
            for r in flow.iter().flat_map(|flow| flow.standing()) {
                field.clear(&r.inflate(1.0), self.scale);
            }
            field.sums(false)
        });
        let recoding = recoded::Recoding::new(self.old, self.new, map);
        let mut seen = Vec::with_capacity(structural.len());
        let mut doubtful = Vec::new();
        for (index, change) in structural.iter().enumerate() {
            let places: Vec<Rect> = self.places(change, map).collect();
            if places.is_empty() {
                seen.push(None);
                continue;
            }
            let differs = places
                .iter()
                .any(|r| field.any(&sums, &r.inflate(1.0), self.scale));
            let most = |share: f32| {
                places
                    .iter()
                    .all(|r| field.share(&strong, r, self.scale) <= share)
            };
            // Of words across the page the height of letters, of words up the page
            // their width.
            let letters = places
                .iter()
                .map(|r| self.holding(r))
                .map(|r| r.height().min(r.width()) * self.scale)
                .fold(f32::INFINITY, f32::min);
            let inked = || {
                places
                    .iter()
                    .all(|r| field::inked(raster, &self.holding(r), self.scale))
            };
            let reread = !differs
                && (recoding.reread(change, &places) || recoding.reread_hidden(change, &places));
            if change.kind == ChangeKind::Text
                && !(reread || differs)
                && letters < LEGIBLE
                && inked()
            {
                seen.push(None);
                continue;
            }
            let slack = recoding
                .slack(change, &places)
                .filter(|_| letters >= LEGIBLE && inked());
            let plain = letters >= PLAIN || recoding.rewritten;
            let recoded = reread
                || slack.is_some_and(|slack| plain && (slack > 0.0 || !differs) && most(slack));
            // Words drawn by other hints differ a little, and so does what stands among them.
            let among_words = || {
                let new_or_gone = matches!(change.op, Op::Added | Op::Removed);
                let shows = |r: &Rect| field.any(&beside, &r.inflate(1.0), self.scale);
                change.kind == ChangeKind::Drawing
                    && new_or_gone
                    && differs
                    && most(DOUBTFUL)
                    && !places.iter().any(shows)
            };
            if slack.is_some() && !recoded && most(DOUBTFUL) || among_words() {
                doubtful.push((index, places.clone()));
            }
            // A font rewritten by another producer may be flagged bold
            // without looking so.
            let flagged =
                change.kind == ChangeKind::Style && !resized(change, map) && most(RESTYLED);
            seen.push(Some(if recoded {
                Sight::Recoded
            } else if differs && !flagged {
                Sight::Differs
            } else {
                Sight::Same
            }));
        }
        (seen, doubtful)
    }

    /// A place as wide as what stands there.
    fn holding(&self, r: &Rect) -> Rect {
        if r.width() * self.scale >= NARROW {
            return *r;
        }
        let around = r.height() / 4.0;
        Rect {
            x0: r.x0 - around,
            x1: r.x1 + around,
            ..*r
        }
    }

    /// Where the pixels differ and `structural` does not say why; `flow` is that of the
    /// words, and `None` for scans.
    fn differences(
        &self,
        mut field: Field,
        flow: Option<&Flow>,
        structural: &[Change],
        map: &Transform,
    ) -> Differences {
        let scanned = flow.is_none();
        for change in structural {
            for r in self.places(change, map) {
                field.clear(&r.inflate(AROUND), self.scale);
            }
        }
        let mut found = Differences::default();
        let mut restless = false;
        if let Some(flow) = flow {
            for r in flow.displaced() {
                field.clear(&r.inflate(AROUND), self.scale);
            }
            let mut glyphs: Vec<Rect> = Vec::new();
            let mut standing = 0_usize;
            let sums = field.sums(true);
            for r in flow.standing() {
                standing += 1;
                if field.any(&sums, &r, self.scale) {
                    glyphs.push(r);
                }
            }
            for r in dashed(self.new) {
                if field.any(&sums, &r, self.scale) {
                    field.clear(&r, self.scale);
                    found.rhythm.push(r);
                }
            }
            // Where words that are surely the same are drawn in another way all
            // over the page, so are the glyphs nobody can read.
            restless = standing >= 10 && glyphs.len() * 4 >= standing;
            if restless || readable(self.old, self.new) {
                for r in &glyphs {
                    field.clear(&r.inflate(1.0), self.scale);
                }
                found.glyphs = glyphs;
            }
        }
        let gap = if scanned { 7.0 } else { 5.0 };
        let opaque = scanned
            || self.old.coverage.needs_pixels
            || self.new.coverage.needs_pixels
            || !(restless || readable(self.old, self.new));
        for region in Regions::find(&field, self.scale, gap) {
            let whole = region.bounds;
            if self.options.ignores(self.new.number, &whole) {
                continue;
            }
            let real = if scanned {
                region.count >= 14 && region.solid
            } else if opaque {
                region.count >= 3
                    && (region.solid || region.count >= 8)
                    && whole.width().min(whole.height()) >= THIN
            } else {
                region.block
            };
            if real {
                found.real.push(region);
            } else if !scanned && region.count >= 3 {
                found.faint.push(whole);
            }
        }
        found
    }

    fn change(&self, region: &Region, back: &Transform) -> Change {
        let whole = region.bounds;
        let op = match (
            region.darker * 10 > region.count,
            region.lighter * 10 > region.count,
        ) {
            (true, false) => Op::Added,
            (false, true) => Op::Removed,
            _ => Op::Replaced,
        };
        let verb = match op {
            Op::Added => "Drawing added",
            Op::Removed => "Drawing removed",
            _ => "Picture changed",
        };
        let spot = |page: &Page, r: Rect| Spot {
            page: page.number,
            boxes: vec![r],
            text: String::new(),
        };
        Change {
            id: 0,
            kind: ChangeKind::Pixels,
            op,
            old: (op != Op::Added).then(|| spot(self.old, back.apply_rect(&whole))),
            new: (op != Op::Removed).then(|| spot(self.new, whole)),
            summary: format!("{verb} {}", place::name(self.new, &whole)),
            evidence: Evidence {
                pixels: Some(true),
                reason: "seen in the rendered page only".to_owned(),
                ..Evidence::default()
            },
            group: None,
        }
    }

    /// Places where the pixels differ though the structure is equal, told
    /// once per page.
    fn rendering(&self, boxes: Vec<Rect>, back: &Transform) -> Option<Change> {
        let count = boxes.len();
        let whole = boxes.iter().copied().reduce(|a, b| a.union(&b))?;
        let boxes = if count > 40 { vec![whole] } else { boxes };
        let places = if count == 1 { "place" } else { "places" };
        Some(Change {
            id: 0,
            kind: ChangeKind::Pixels,
            op: Op::Replaced,
            old: Some(Spot {
                page: self.old.number,
                boxes: boxes.iter().map(|r| back.apply_rect(r)).collect(),
                text: String::new(),
            }),
            new: Some(Spot {
                page: self.new.number,
                boxes,
                text: String::new(),
            }),
            summary: format!("Rendered a little differently at {count} {places}"),
            evidence: Evidence {
                text: Some(false),
                paths: Some(false),
                pixels: Some(true),
                reason: "pixels differ, text and paths equal: rendering".to_owned(),
                noise: true,
            },
            group: None,
        })
    }
}
