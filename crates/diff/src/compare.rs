//! The order of work: align pages, register them, compare words over the whole
//! document, then everything else page by page, and put it together.

use std::sync::atomic::{AtomicU32, Ordering};

use model::{Change, ChangeKind, Document, Evidence, Op, Page, Rect, Report, Spot, Warning};
use rayon::prelude::*;

use crate::{
    Options, Progress, Rasters, Stage,
    align::{self, PagePair},
    assemble::{self, PageResult},
    document, drawing, evidence, image, pixels, register, text,
};

/// Compares two documents.
///
/// Deterministic: the same documents, options and rasters give the same report.
/// A page that could not be read on either side counts as changed, with a
/// warning: nobody can say that it did not change, unless both files are the
/// same bytes.
pub fn compare(
    old: &Document,
    new: &Document,
    options: &Options,
    rasters: &dyn Rasters,
    progress: &(dyn Fn(Progress) + Sync),
) -> Report {
    let old_pages = selected(old, options);
    let new_pages = selected(new, options);
    let tell = |stage, done: usize, total: usize| {
        progress(Progress {
            stage,
            done: done as u32,
            total: total as u32,
        });
    };

    tell(Stage::Align, 0, 1);
    let mut pairs = align::align(&old_pages, &new_pages);
    pairs.par_iter_mut().for_each(|pair| {
        let (Some(a), Some(b)) = (at(&old_pages, pair.old), at(&new_pages, pair.new)) else {
            return;
        };
        if !same_digest(a, b) {
            let registration = register::register(a, b, options);
            if registration.transform.0.iter().all(|v| v.is_finite()) {
                pair.transform = registration.transform;
                pair.remark = registration.remark;
            }
        }
    });
    tell(Stage::Align, 1, 1);

    tell(Stage::Text, 0, 1);
    let words = text::compare(&old_pages, &new_pages, &pairs, options);
    tell(Stage::Text, 1, 1);

    let aligned: Vec<document::Pair<'_>> = pairs
        .iter()
        .filter_map(|pair| {
            Some(document::Pair {
                old: at(&old_pages, pair.old)?,
                new: at(&new_pages, pair.new)?,
                transform: &pair.transform,
            })
        })
        .collect();
    let other = document::compare(
        [old, new],
        [&old_pages, &new_pages],
        &aligned,
        &words.same,
        options,
    );

    // Changes by the page pair that owns them; what belongs to no page of the
    // comparison stays apart.
    let owners = assemble::Owners::new(&pairs, &old_pages, &new_pages);
    let mut owned: Vec<Vec<Change>> = vec![Vec::new(); pairs.len()];
    let mut loose: Vec<Change> = Vec::new();
    for change in words.changes.iter().cloned().chain(other) {
        match owners.of(&change) {
            Some(pair) => owned[pair].push(change),
            None => loose.push(change),
        }
    }
    let visiting = visitors(&owned, &owners);

    let done = AtomicU32::new(0);
    let total = pairs.len();
    tell(Stage::Pages, 0, total);
    let mut results: Vec<PageResult> = owned
        .into_par_iter()
        .zip(visiting)
        .enumerate()
        .map(|(index, (changes, visiting))| {
            let sheet = Sheet {
                pair: &pairs[index],
                old: at(&old_pages, pairs[index].old),
                new: at(&new_pages, pairs[index].new),
                explained: words.explained.get(index),
                all: [&old_pages, &new_pages],
                flowed: words.reflowed.contains_key(&index),
            };
            let result = sheet.compare(changes, visiting, rasters, options);
            tell(
                Stage::Pages,
                done.fetch_add(1, Ordering::Relaxed) as usize + 1,
                total,
            );
            result
        })
        .collect();

    image::across(&mut results, &old_pages, &new_pages, &words.same);
    assemble::report(assemble::Parts {
        old,
        new,
        old_pages: &old_pages,
        new_pages: &new_pages,
        pairs: &pairs,
        words: &words,
        results,
        loose,
        options,
    })
}

/// Old sides of changes by the page pair they stand on, where another pair owns
/// them.
fn visitors(owned: &[Vec<Change>], owners: &assemble::Owners) -> Vec<Vec<Change>> {
    let mut visiting: Vec<Vec<Change>> = vec![Vec::new(); owned.len()];
    for (index, changes) in owned.iter().enumerate() {
        for change in changes {
            if let Some(origin) = owners.old_side(change)
                && origin != index
            {
                visiting[origin].push(Change {
                    new: None,
                    ..change.clone()
                });
            }
        }
    }
    visiting
}

/// The pages asked for.
fn selected<'a>(document: &'a Document, options: &Options) -> Vec<&'a Page> {
    document
        .pages
        .iter()
        .filter(|p| options.pages.contains(p.number))
        .collect()
}

fn at<'a>(pages: &[&'a Page], index: Option<usize>) -> Option<&'a Page> {
    pages.get(index?).copied()
}

/// Whether two pages are painted alike, stroke for stroke.
pub fn same_digest(a: &Page, b: &Page) -> bool {
    a.coverage.digest != 0
        && a.coverage.digest == b.coverage.digest
        && a.size == b.size
        && a.failed.is_none()
        && b.failed.is_none()
}

/// One page pair with what the words said about it.
struct Sheet<'a> {
    pair: &'a PagePair,
    old: Option<&'a Page>,
    new: Option<&'a Page>,
    explained: Option<&'a [Vec<Rect>; 2]>,
    /// The pages of both sides.
    all: [&'a [&'a Page]; 2],
    /// The page is of one side only, and its text on others of the other side.
    flowed: bool,
}

impl Sheet<'_> {
    fn compare(
        &self,
        mut changes: Vec<Change>,
        visiting: Vec<Change>,
        rasters: &dyn Rasters,
        options: &Options,
    ) -> PageResult {
        let (Some(old), Some(new)) = (self.old, self.new) else {
            if self.flowed && options.wants(ChangeKind::Image) {
                changes.extend(image::unpaired([self.old, self.new], self.all, options));
            }
            return PageResult {
                changes,
                ..PageResult::default()
            };
        };
        if old.failed.is_some() || new.failed.is_some() {
            return PageResult {
                changes,
                ..PageResult::default()
            };
        }
        if same_digest(old, new) {
            return PageResult {
                changes,
                drawing: true,
                pixels: options.pixels,
                ..PageResult::default()
            };
        }
        let transform = &self.pair.transform;
        if options.wants(ChangeKind::Drawing) {
            changes.extend(drawing::compare(old, new, transform, options));
        }
        if options.wants(ChangeKind::Image) {
            changes.extend(image::compare(old, new, transform, options));
        }
        let mut outcome = pixels::PixelOutcome::default();
        if options.pixels && pixels::worthwhile(old, new, transform, self.reflowed(new)) {
            let mut structural = changes.clone();
            structural.extend(visiting);
            structural.extend(self.explanation(old, new));
            outcome = pixels::compare(old, new, transform, rasters, options, &structural);
            if !options.wants(ChangeKind::Pixels) {
                outcome.changes.clear();
            }
        }
        evidence::fuse(&mut changes, &outcome);
        evidence::doubt_marks(&mut changes, old, new);
        PageResult {
            changes,
            drawing: options.wants(ChangeKind::Drawing),
            pixels: outcome.compared,
            warnings: outcome.warnings,
            transform: outcome.transform,
        }
    }

    /// What looks different without being a change, in the form pixels take.
    fn explanation(&self, old: &Page, new: &Page) -> Option<Change> {
        let [a, b] = self.explained?;
        if a.is_empty() && b.is_empty() {
            return None;
        }
        let spot = |page: &Page, boxes: &[Rect]| Spot {
            page: page.number,
            boxes: boxes.to_vec(),
            text: String::new(),
        };
        Some(Change {
            id: 0,
            kind: ChangeKind::Text,
            op: Op::Moved,
            old: Some(spot(old, a)),
            new: Some(spot(new, b)),
            summary: String::new(),
            evidence: Evidence::default(),
            group: None,
        })
    }

    /// Whether much of the text flowed elsewhere.
    fn reflowed(&self, new: &Page) -> bool {
        const MOST: f32 = 0.25;
        let Some([_, boxes]) = self.explained else {
            return false;
        };
        let area = |rects: &mut dyn Iterator<Item = f32>| rects.sum::<f32>();
        let strayed = area(&mut boxes.iter().map(Rect::area));
        let all = area(&mut new.words.iter().map(|w| w.bounds.area()));
        strayed > MOST * all
    }
}

/// Warnings of one side, each naming it.
pub fn warnings(document: &Document, pages: &[&Page], side: model::Side) -> Vec<Warning> {
    let of_file = document.info.warnings.iter().cloned().map(|w| Warning {
        side: Some(side),
        ..w
    });
    let of_pages = pages.iter().flat_map(|page| {
        let failed = page.failed.as_ref().map(|reason| Warning {
            side: Some(side),
            page: Some(page.number),
            code: "page-failed".to_owned(),
            message: format!("page could not be read and was not compared: {reason}"),
        });
        let partly = page.warnings.iter().cloned().map(|w| Warning {
            side: Some(side),
            page: w.page.or(Some(page.number)),
            ..w
        });
        let told = page.warnings.iter().any(|w| w.code == "page-failed");
        failed.filter(|_| !told).into_iter().chain(partly)
    });
    of_file.chain(of_pages).collect()
}
