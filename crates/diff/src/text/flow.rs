//! How the text flowed from page to page: what is equal on each page, what only
//! moved with the text around it, and which pages came or went as a whole.

use model::{Change, Evidence, Op, Rect};
use rustc_hash::FxHashMap;

use super::{
    cleanup::starts_line,
    matching::Matching,
    moves::Move,
    spot::{Lines, part_bounds, spot},
    token::Stream,
};
use crate::{Options, align::PagePair, summary};

/// How much of a page pair's words is equal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Share {
    /// Words of both pages with a counterpart.
    pub equal: u32,
    /// Words of both pages.
    pub total: u32,
}

impl Share {
    /// The equal words among all, 0 to 1; 0 where there are none.
    pub fn part(self) -> f32 {
        self.equal as f32 / self.total.max(1) as f32
    }
}

/// Below this share of equal words an unpaired page came or went as a whole.
const CAME_WHOLE: f32 = 0.35;

/// The flow of the text.
pub struct Flow {
    /// By page pair.
    pub shares: Vec<Share>,
    /// Unpaired pages whose text is on a page of the other side, by pair.
    pub reflowed: FxHashMap<usize, usize>,
    /// Old pages that went as a whole.
    deleted: Vec<u32>,
    /// New pages that came as a whole.
    inserted: Vec<u32>,
}

/// Counts of one page.
#[derive(Default)]
struct Tally {
    equal: u32,
    total: u32,
    /// Counterparts by page of the other side.
    pages: FxHashMap<u32, u32>,
}

impl Flow {
    /// Counts what flowed where.
    pub fn new(
        matching: &Matching,
        moved: &[Move],
        old: &Stream<'_>,
        new: &Stream<'_>,
        pairs: &[PagePair],
    ) -> Self {
        let mut before: Vec<Tally> = (0..old.pages.len()).map(|_| Tally::default()).collect();
        let mut after: Vec<Tally> = (0..new.pages.len()).map(|_| Tally::default()).collect();
        for at in 0..old.tokens.len() {
            before[old.page_of(at) as usize].total += 1;
        }
        for at in 0..new.tokens.len() {
            after[new.page_of(at) as usize].total += 1;
        }
        let blocks = moved.iter().flat_map(|m| m.old.clone().zip(m.new.clone()));
        for (o, n) in matching.pairs().chain(blocks) {
            let (from, to) = (old.page_of(o), new.page_of(n));
            before[from as usize].equal += 1;
            *before[from as usize].pages.entry(to).or_default() += 1;
            after[to as usize].equal += 1;
            *after[to as usize].pages.entry(from).or_default() += 1;
        }
        let mut flow = Self {
            shares: Vec::with_capacity(pairs.len()),
            reflowed: FxHashMap::default(),
            deleted: Vec::new(),
            inserted: Vec::new(),
        };
        for (index, pair) in pairs.iter().enumerate() {
            let a = pair.old.and_then(|o| before.get(o));
            let b = pair.new.and_then(|n| after.get(n));
            let sum = |of: fn(&Tally) -> u32| a.map_or(0, of) + b.map_or(0, of);
            flow.shares.push(Share {
                equal: sum(|t| t.equal),
                total: sum(|t| t.total),
            });
            let (only, page, gone) = match (pair.old, pair.new) {
                (Some(page), None) => (a, page, &mut flow.deleted),
                (None, Some(page)) => (b, page, &mut flow.inserted),
                _ => continue,
            };
            let Some(tally) = only else { continue };
            let flowed = tally.total > 0 && tally.equal as f32 >= CAME_WHOLE * tally.total as f32;
            let main = tally
                .pages
                .iter()
                .max_by_key(|&(&page, &count)| (count, std::cmp::Reverse(page)));
            match main {
                Some((&main, _)) if flowed => {
                    flow.reflowed.insert(index, main as usize);
                }
                _ => gone.push(page as u32),
            }
        }
        flow
    }

    /// Accounts for the words of pages that came or went as a whole: the page
    /// tells it.
    pub fn settle_whole_pages(&self, matching: &mut Matching, old: &Stream<'_>, new: &Stream<'_>) {
        let marked = |pages: &[u32], count: usize| {
            let mut marks = vec![false; count];
            for &page in pages {
                if let Some(mark) = marks.get_mut(page as usize) {
                    *mark = true;
                }
            }
            marks
        };
        let deleted = marked(&self.deleted, old.pages.len());
        for at in 0..old.tokens.len() {
            if deleted[old.page_of(at) as usize] {
                matching.settle_old(at..at + 1);
            }
        }
        let inserted = marked(&self.inserted, new.pages.len());
        for at in 0..new.tokens.len() {
            if inserted[new.page_of(at) as usize] {
                matching.settle_new(at..at + 1);
            }
        }
    }
}

/// Per page pair, boxes of equal words that are not where the page's
/// registration puts them.
pub fn explained(
    matching: &Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    pairs: &[PagePair],
    options: &Options,
) -> Vec<[Vec<Rect>; 2]> {
    let reach = options.tolerance.max(0.0) + 0.5;
    let mut by_old = vec![None; old.pages.len()];
    let mut by_new = vec![None; new.pages.len()];
    for (index, pair) in pairs.iter().enumerate() {
        if let Some(slot) = pair.old.and_then(|o| by_old.get_mut(o)) {
            *slot = Some(index);
        }
        if let Some(slot) = pair.new.and_then(|n| by_new.get_mut(n)) {
            *slot = Some(index);
        }
    }
    let mut lines: Vec<[Lines; 2]> = pairs.iter().map(|_| Default::default()).collect();
    for at in 0..new.tokens.len() {
        let Some(from) = matching.old_of(at) else {
            continue;
        };
        let (Some(a), Some(b)) = (old.word_of(from), new.word_of(at)) else {
            continue;
        };
        let (old_pair, new_pair) = (
            by_old[old.page_of(from) as usize],
            by_new[new.page_of(at) as usize],
        );
        let here = old_pair == new_pair
            && old_pair.and_then(|i: usize| pairs.get(i)).is_some_and(|p| {
                let expected = p.transform.apply_rect(&a.bounds);
                (expected.x0 - b.bounds.x0).abs() <= reach
                    && (expected.y0 - b.bounds.y0).abs() <= reach
            });
        if here {
            continue;
        }
        if let Some(slot) = old_pair.and_then(|i| lines.get_mut(i)) {
            slot[0].add(a, part_bounds(a, 0, a.text.len()));
        }
        if let Some(slot) = new_pair.and_then(|i| lines.get_mut(i)) {
            slot[1].add(b, part_bounds(b, 0, b.text.len()));
        }
    }
    lines
        .into_iter()
        .map(|sides| sides.map(|side| side.boxes))
        .collect()
}

/// The change a moved block is; none where it only floated with the page break
/// (a foot note or a caption that the text around it flowed past).
pub fn moved_changes(
    block: &Move,
    old: &Stream<'_>,
    new: &Stream<'_>,
    pairs: &[PagePair],
) -> Option<Change> {
    let from = spot(old, clip(old, &block.old));
    let to = spot(new, clip(new, &block.new));
    let (Some(a), Some(b)) = (from.boxes.first().copied(), to.boxes.first().copied()) else {
        return None;
    };
    let (old_page, new_page) = (old.page_of(block.old.start), new.page_of(block.new.start));
    let pair = pairs.iter().find(|p| p.old == Some(old_page as usize));
    let here = pair.filter(|p| p.new == Some(new_page as usize));
    let whole = starts_line(old, block.old.start) && starts_line(new, block.new.start);
    if let Some(pair) = here {
        let expected = pair.transform.apply_rect(&a);
        let near = (expected.x0 - b.x0).abs() < 3.0 && (expected.y0 - b.y0).abs() < 3.0;
        if near {
            return None;
        }
    }
    if whole && at_edge(old, block.old.start, &a) && at_edge(new, block.new.start, &b) {
        let near = pair
            .and_then(|p| p.new)
            .is_some_and(|n| n.abs_diff(new_page as usize) <= 1);
        if near {
            return None;
        }
    }
    let summary = summary::moved(&to.text, (from.page, a.center()), (to.page, b.center()));
    Some(Change {
        id: 0,
        kind: model::ChangeKind::Text,
        op: Op::Moved,
        old: Some(from),
        new: Some(to),
        summary,
        evidence: Evidence {
            text: Some(true),
            reason: "the same words stand elsewhere in the order".to_owned(),
            ..Evidence::default()
        },
        group: None,
    })
}

/// The part of a block on its first page.
fn clip(stream: &Stream<'_>, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    let page = stream.page_of(range.start);
    let end = range
        .clone()
        .find(|&i| stream.page_of(i) != page)
        .unwrap_or(range.end);
    range.start..end
}

/// Whether a block stands in the lowest quarter of its page, where foot notes
/// are, or begins it, where floats are set.
fn at_edge(stream: &Stream<'_>, at: usize, bounds: &Rect) -> bool {
    let Some(page) = stream.pages.get(stream.page_of(at) as usize) else {
        return false;
    };
    bounds.center()[1] > 0.75 * page.size[1] || bounds.center()[1] < 0.2 * page.size[1]
}
