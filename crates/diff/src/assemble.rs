//! The report put together: page entries, order, numbers, groups and counts.

use std::collections::BTreeMap;

use model::{
    Change, ChangeKind, Document, FORMAT, FileRef, Page, PageCounts, PageCoverage, PageEntry,
    PageStatus, Report, Settings, Side, Spot, Summary, Transform, Warning,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    Options,
    align::PagePair,
    compare::{same_digest, warnings},
    group, register, text,
};

/// What the comparison of one page pair gave.
#[derive(Debug, Default)]
pub struct PageResult {
    /// Changes the pair owns.
    pub changes: Vec<Change>,
    /// Drawn paths were compared.
    pub drawing: bool,
    /// Pixels were compared.
    pub pixels: bool,
    /// What could not be compared.
    pub warnings: Vec<Warning>,
    /// The map of the old page onto the new one, where only pixels could tell.
    pub transform: Option<Transform>,
}

/// Which page pair a change belongs to.
pub struct Owners {
    old: FxHashMap<u32, usize>,
    new: FxHashMap<u32, usize>,
}

impl Owners {
    /// The owners of all pages.
    pub fn new(pairs: &[PagePair], old: &[&Page], new: &[&Page]) -> Self {
        let index = |side: fn(&PagePair) -> Option<usize>, pages: &[&Page]| {
            pairs
                .iter()
                .enumerate()
                .filter_map(|(at, pair)| Some((pages.get(side(pair)?)?.number, at)))
                .collect()
        };
        Self {
            old: index(|p| p.old, old),
            new: index(|p| p.new, new),
        }
    }

    /// The pair that owns `change`: that of its new place, or else of its old.
    pub fn of(&self, change: &Change) -> Option<usize> {
        match (&change.new, &change.old) {
            (Some(spot), _) => self.new.get(&spot.page).copied(),
            (None, Some(spot)) => self.old.get(&spot.page).copied(),
            (None, None) => None,
        }
    }

    /// The pair of the old place of `change`.
    pub fn old_side(&self, change: &Change) -> Option<usize> {
        self.old.get(&change.old.as_ref()?.page).copied()
    }
}

/// All there is to put together.
pub struct Parts<'a> {
    /// The old document.
    pub old: &'a Document,
    /// The new document.
    pub new: &'a Document,
    /// Its pages compared.
    pub old_pages: &'a [&'a Page],
    /// Its pages compared.
    pub new_pages: &'a [&'a Page],
    /// The page pairs.
    pub pairs: &'a [PagePair],
    /// What the words said.
    pub words: &'a text::Outcome,
    /// What each page pair gave.
    pub results: Vec<PageResult>,
    /// Changes that belong to no page.
    pub loose: Vec<Change>,
    /// What was asked.
    pub options: &'a Options,
}

/// The report.
pub fn report(parts: Parts<'_>) -> Report {
    let Parts {
        old,
        new,
        old_pages,
        new_pages,
        pairs,
        words,
        results,
        loose,
        options,
    } = parts;
    let mut all_warnings = warnings(old, old_pages, Side::Old);
    all_warnings.extend(warnings(new, new_pages, Side::New));
    let mut changes = loose;
    let mut compared: Vec<Seen> = Vec::with_capacity(results.len());
    for (pair, mut result) in pairs.iter().zip(results) {
        all_warnings.append(&mut result.warnings);
        compared.push(Seen {
            drawing: result.drawing,
            pixels: result.pixels,
            transform: result.transform,
        });
        let mut list = result.changes;
        list.retain_mut(|change| keep(change, options));
        order(&mut list, pair, old_pages, new_pages);
        changes.append(&mut list);
    }
    for (id, change) in (1u32..).zip(changes.iter_mut()) {
        change.id = id;
    }
    let groups = group::find(&mut changes);

    let touched = Touched::new(&changes);
    let same_bytes = !old.info.sha256.is_empty() && old.info.sha256 == new.info.sha256;
    let mut pages: Vec<PageEntry> = Vec::with_capacity(pairs.len());
    for (index, pair) in pairs.iter().enumerate() {
        pages.push(entry(
            index,
            pair,
            old_pages,
            new_pages,
            words,
            &touched,
            compared.get(index).copied().unwrap_or_default(),
            same_bytes,
        ));
    }
    unread_text(&pages, &mut all_warnings);
    let identical = changes.iter().all(|c| c.evidence.noise)
        && pages.iter().all(|p| p.status == PageStatus::Unchanged);
    Report {
        format: FORMAT.to_owned(),
        old: file(old),
        new: file(new),
        identical,
        summary: summary(&pages, &changes),
        pages,
        changes,
        groups,
        warnings: all_warnings,
        settings: Settings {
            version: concat!("pdf-compare ", env!("CARGO_PKG_VERSION")).to_owned(),
            only: options.only.iter().copied().collect(),
            ignore: options.ignore.names(),
            ignore_regions: options.regions.iter().map(ToString::to_string).collect(),
            pages: options.pages.to_string(),
            tolerance: options.tolerance,
            pixels: options.pixels,
        },
    }
}

fn file(document: &Document) -> FileRef {
    FileRef {
        name: document.name.clone(),
        sha256: document.info.sha256.clone(),
        pages: document.info.page_count,
    }
}

/// Takes ignored places out of a change; false where nothing is left of it.
fn keep(change: &mut Change, options: &Options) -> bool {
    if options.regions.is_empty() {
        return true;
    }
    let Some(spot) = change.new.as_mut().or(change.old.as_mut()) else {
        return true;
    };
    if spot.boxes.is_empty() {
        return true;
    }
    let page = spot.page;
    spot.boxes.retain(|b| !options.ignores(page, b));
    !spot.boxes.is_empty()
}

/// Sorts the changes of one page pair into reading order: by the word nearest
/// to where each begins.
fn order(changes: &mut [Change], pair: &PagePair, old: &[&Page], new: &[&Page]) {
    let page = pair
        .new
        .and_then(|n| new.get(n))
        .or_else(|| pair.old.and_then(|o| old.get(o)));
    let rank = |change: &Change| -> (usize, i64, i64, ChangeKind) {
        let (spot, mapped) = match (&change.new, &change.old) {
            (Some(spot), _) => (Some(spot), false),
            (None, Some(spot)) => (Some(spot), pair.new.is_some()),
            (None, None) => (None, false),
        };
        let Some(first) = spot.and_then(|s| s.boxes.first()) else {
            return (0, 0, 0, change.kind);
        };
        let bounds = if mapped {
            pair.transform.apply_rect(first)
        } else {
            *first
        };
        let near = page.map_or(0, |p| nearest_word(p, [bounds.x0, bounds.y0]));
        (
            near,
            (bounds.y0 * 10.0) as i64,
            (bounds.x0 * 10.0) as i64,
            change.kind,
        )
    };
    changes.sort_by_cached_key(rank);
}

fn nearest_word(page: &Page, [x, y]: [f32; 2]) -> usize {
    page.words
        .iter()
        .enumerate()
        .map(|(i, w)| {
            // Lines are read as a whole: height parts words more than width.
            let distance = 4.0 * (w.bounds.y0 - y).abs() + (w.bounds.x0 - x).abs();
            (distance, i)
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map_or(0, |(_, i)| i)
}

/// Pages with a change that counts, by side.
struct Touched {
    old: FxHashSet<u32>,
    new: FxHashSet<u32>,
}

impl Touched {
    fn new(changes: &[Change]) -> Self {
        let side = |of: fn(&Change) -> Option<&Spot>| {
            changes
                .iter()
                .filter(|c| !c.evidence.noise)
                .filter_map(|c| Some(of(c)?.page))
                .collect()
        };
        Self {
            old: side(|c| c.old.as_ref()),
            new: side(|c| c.new.as_ref()),
        }
    }
}

/// What was looked at on a page pair.
#[derive(Clone, Copy, Default)]
struct Seen {
    drawing: bool,
    pixels: bool,
    transform: Option<Transform>,
}

#[allow(clippy::too_many_arguments)]
fn entry(
    index: usize,
    pair: &PagePair,
    old_pages: &[&Page],
    new_pages: &[&Page],
    words: &text::Outcome,
    touched: &Touched,
    seen: Seen,
    same_bytes: bool,
) -> PageEntry {
    let old = pair.old.and_then(|o| old_pages.get(o).copied());
    let new = pair.new.and_then(|n| new_pages.get(n).copied());
    // The main page of the other side that the text of an unpaired page is on.
    let flowed = words.reflowed.get(&index).copied();
    let changed = old.is_some_and(|p| touched.old.contains(&p.number))
        || new.is_some_and(|p| touched.new.contains(&p.number));
    let failed = [old, new].into_iter().flatten().any(|p| p.failed.is_some()) && !same_bytes;
    let status = match (old, new) {
        (None, _) if flowed.is_none() => PageStatus::Inserted,
        (_, None) if flowed.is_none() => PageStatus::Deleted,
        _ if pair.moved => PageStatus::Moved,
        _ if changed || failed => PageStatus::Changed,
        _ => PageStatus::Unchanged,
    };
    let share = words.shares.get(index).copied().unwrap_or_default();
    let similarity = match (old, new) {
        (Some(a), Some(b)) if same_digest(a, b) => 1.0,
        (Some(_), Some(_)) if failed => 0.0,
        (Some(_), Some(_)) if !changed => 1.0,
        (Some(a), Some(b)) => crate::align::similarity(a, b, share),
        _ if flowed.is_some() => share.part(),
        _ => 0.0,
    };
    let by_pixels = seen
        .transform
        .zip(old.zip(new))
        .and_then(|(t, (a, b))| register::remark(a, b, &t));
    let where_to = flowed.and_then(|other| match pair.old {
        None => old_pages
            .get(other)
            .map(|o| format!("flowed here from old page {}", o.number)),
        Some(_) => new_pages
            .get(other)
            .map(|n| format!("flowed onto new page {}", n.number)),
    });
    let remark = by_pixels.or_else(|| pair.remark.clone()).or(where_to);
    PageEntry {
        old: old.map(|p| p.number),
        new: new.map(|p| p.number),
        status,
        similarity,
        old_size: old.map(|p| p.size),
        new_size: new.map(|p| p.size),
        transform: seen.transform.unwrap_or(pair.transform),
        remark,
        coverage: coverage(old, new, seen.drawing, seen.pixels),
    }
}

fn coverage(old: Option<&Page>, new: Option<&Page>, drawing: bool, pixels: bool) -> PageCoverage {
    let known = |page: Option<&Page>| {
        page.map_or(1.0, |p| {
            if p.failed.is_some() {
                0.0
            } else if p.coverage.glyphs == 0 {
                1.0
            } else {
                1.0 - p.coverage.unmapped_glyphs.min(p.coverage.glyphs) as f32
                    / p.coverage.glyphs as f32
            }
        })
    };
    let text = known(old).min(known(new));
    let source = |page: Option<&Page>| page.map(|p| p.coverage.text_source).unwrap_or_default();
    let blind = [old, new]
        .into_iter()
        .flatten()
        .any(|p| p.coverage.needs_pixels);
    let accounted = if text == 0.0 || pixels {
        if pixels { 1.0 } else { 0.0 }
    } else if blind {
        text.min(0.9)
    } else {
        text
    };
    PageCoverage {
        text,
        text_source: [source(old), source(new)],
        drawing,
        pixels,
        accounted,
    }
}

/// Pages whose text means nothing to the comparison and whose pixels were not
/// compared either must be told.
fn unread_text(pages: &[PageEntry], warnings: &mut Vec<Warning>) {
    const MOST: f32 = 0.95;
    let told: FxHashSet<u32> = warnings
        .iter()
        .filter(|w| w.code == "text-unmapped")
        .filter_map(|w| w.page)
        .collect();
    for page in pages {
        let known = [page.old, page.new]
            .into_iter()
            .flatten()
            .any(|number| told.contains(&number));
        let coverage = &page.coverage;
        if coverage.text < MOST && coverage.text > 0.0 && !coverage.pixels && !known {
            warnings.push(Warning {
                side: None,
                page: page.new.or(page.old),
                code: "text-unmapped".to_owned(),
                message: format!(
                    "only {:.0} % of the characters on this page have a known meaning; compare pixels too",
                    coverage.text * 100.0
                ),
            });
        }
    }
}

fn summary(pages: &[PageEntry], changes: &[Change]) -> Summary {
    let mut counts = PageCounts::default();
    for page in pages {
        *match page.status {
            PageStatus::Unchanged => &mut counts.unchanged,
            PageStatus::Changed => &mut counts.changed,
            PageStatus::Inserted => &mut counts.inserted,
            PageStatus::Deleted => &mut counts.deleted,
            PageStatus::Moved => &mut counts.moved,
        } += 1;
    }
    let mut kinds: BTreeMap<ChangeKind, BTreeMap<_, u32>> = ChangeKind::ALL
        .into_iter()
        .map(|kind| (kind, BTreeMap::new()))
        .collect();
    for change in changes.iter().filter(|change| !change.evidence.noise) {
        *kinds
            .entry(change.kind)
            .or_default()
            .entry(change.op)
            .or_default() += 1;
    }
    Summary {
        pages: counts,
        changes: kinds,
    }
}

#[cfg(test)]
mod tests {
    use model::{Evidence, Op};

    use super::*;

    #[test]
    fn noise_is_not_counted() {
        let change = |noise| Change {
            id: 0,
            kind: ChangeKind::Style,
            op: Op::Restyled,
            old: None,
            new: None,
            summary: String::new(),
            group: None,
            evidence: Evidence {
                noise,
                ..Evidence::default()
            },
        };
        let summary = summary(&[], &[change(true), change(false), change(true)]);
        assert_eq!(summary.changes[&ChangeKind::Style][&Op::Restyled], 1);
        assert!(summary.changes[&ChangeKind::Text].is_empty());
    }
}
