//! Words told equal by their place where the reading order failed: tables,
//! forms and labels are read in another order after the smallest edit.

use model::Rect;
use rustc_hash::FxHashMap;

use super::{
    matching::Matching,
    spot::token_bounds,
    token::{Class, Interner, Stream},
};
use crate::align::PagePair;

/// How far, in points, a word may be from where its page (or its surroundings)
/// went and still be the same word.
const REACH: f32 = 2.5;

/// Even a comma this near, in points, to where it was is the same comma.
const EXACT: f32 = 0.6;

/// Joins open tokens of equal text that stand at the same place of paired
/// pages: where the page's registration puts them, or where the matched words
/// around them went.
pub fn cancel(
    matching: &mut Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    pairs: &[PagePair],
    interner: &Interner<'_>,
) {
    let mut open_new: FxHashMap<(u32, u32), Vec<(usize, Rect)>> = FxHashMap::default();
    for at in 0..new.tokens.len() {
        if matching.new_open(at)
            && let Some(bounds) = token_bounds(new, at)
        {
            open_new
                .entry((new.page_of(at), new.ids[at]))
                .or_default()
                .push((at, bounds));
        }
    }
    if open_new.is_empty() {
        return;
    }
    let drift = Drift::new(matching, old, new, pairs);
    let by_old: FxHashMap<u32, &PagePair> = pairs
        .iter()
        .filter_map(|p| Some((p.old? as u32, p)))
        .collect();
    let mut found: Vec<(usize, usize, f32)> = Vec::new();
    for at in 0..old.tokens.len() {
        if !matching.old_open(at) {
            continue;
        }
        let page = old.page_of(at);
        let (Some(pair), Some(bounds)) = (by_old.get(&page), token_bounds(old, at)) else {
            continue;
        };
        let Some(new_page) = pair.new else { continue };
        let Some(candidates) = open_new.get_mut(&(new_page as u32, old.ids[at])) else {
            continue;
        };
        let here = pair.transform.apply_rect(&bounds).center();
        let [dx, dy] = drift.at(page, here);
        let there = [here[0] + dx, here[1] + dy];
        let distance = |to: [f32; 2]| {
            let by = |from: [f32; 2]| (from[0] - to[0]).abs().max((from[1] - to[1]).abs());
            by(here).min(by(there))
        };
        let best = candidates
            .iter()
            .enumerate()
            .map(|(i, (_, b))| (distance(b.center()), i))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((distance, i)) = best
            && distance <= REACH
        {
            found.push((at, candidates.swap_remove(i).0, distance));
        }
    }
    // A single common word or mark at the same place may be chance; it counts
    // where its neighbour was found too.
    for i in 0..found.len() {
        let (at, to, distance) = found[i];
        let proves = distance <= EXACT
            || matches!(interner.class(old.ids[at]), Class::Word | Class::Character);
        let beside = |j: Option<usize>| {
            j.and_then(|j| found.get(j))
                .is_some_and(|&(a, b, _)| a.abs_diff(at) == 1 && b.abs_diff(to) == 1)
        };
        let touches = (at > 0 && matching.new_of(at - 1).is_some_and(|n| n + 1 == to))
            || matching.new_of(at + 1) == Some(to + 1);
        if proves || touches || beside(i.checked_sub(1)) || beside(Some(i + 1)) {
            matching.join(at, to);
        }
    }
}

/// Registered place of an old word and its way to the new one, points.
type Way = ([f32; 2], [f32; 2]);

/// How far matched words strayed from their registered place, page by page.
struct Drift {
    pages: FxHashMap<u32, Vec<Way>>,
}

impl Drift {
    fn new(matching: &Matching, old: &Stream<'_>, new: &Stream<'_>, pairs: &[PagePair]) -> Self {
        let paired: FxHashMap<(u32, u32), &PagePair> = pairs
            .iter()
            .filter_map(|p| Some(((p.old? as u32, p.new? as u32), p)))
            .collect();
        let mut pages: FxHashMap<u32, Vec<Way>> = FxHashMap::default();
        for (o, n) in matching.pairs() {
            let page = old.page_of(o);
            let Some(pair) = paired.get(&(page, new.page_of(n))) else {
                continue;
            };
            let (Some(a), Some(b)) = (old.word_of(o), new.word_of(n)) else {
                continue;
            };
            let from = pair.transform.apply_rect(&a.bounds).center();
            let to = b.bounds.center();
            let by = [to[0] - from[0], to[1] - from[1]];
            if by.iter().all(|v| v.is_finite()) {
                pages.entry(page).or_default().push((from, by));
            }
        }
        for list in pages.values_mut() {
            list.sort_by(|a, b| a.0[1].total_cmp(&b.0[1]));
        }
        Self { pages }
    }

    /// The way of the matched word nearest to `place` on old page `page`.
    fn at(&self, page: u32, place: [f32; 2]) -> [f32; 2] {
        const AROUND: usize = 12;
        let Some(list) = self.pages.get(&page) else {
            return [0.0, 0.0];
        };
        let middle = list.partition_point(|(p, _)| p[1] < place[1]);
        let from = middle.saturating_sub(AROUND);
        let to = (middle + AROUND).min(list.len());
        list[from..to]
            .iter()
            .min_by(|a, b| {
                let far = |p: &[f32; 2]| (p[0] - place[0]).abs() * 0.2 + (p[1] - place[1]).abs();
                far(&a.0).total_cmp(&far(&b.0))
            })
            .map_or([0.0, 0.0], |&(_, by)| by)
    }
}
