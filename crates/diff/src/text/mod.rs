//! The words of two documents compared as one stream in reading order, so that
//! reflow, new page breaks and hyphenation are no change.

mod anchor;
mod cleanup;
mod edits;
mod flow;
mod furniture;
mod labels;
mod matching;
mod moves;
mod place;
mod running;
mod spelling;
mod spot;
mod token;

use std::ops::Range;

use model::{Change, ChangeKind, Evidence, Op, Page, Rect, Spot};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::{
    Options,
    align::PagePair,
    style::{self, WordPair},
    summary,
};
use edits::{Context, Edit};
use flow::Flow;
use matching::Matching;
use token::{Interner, Stream};

pub use flow::Share;
pub use spot::Lines;
pub use token::WordAt;

/// What the comparison of the words found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Text and style changes; ids are given later.
    pub changes: Vec<Change>,
    /// Per page pair, boxes (old, new) of what looks different without being a
    /// change: reflowed words, page numbers, furniture told elsewhere.
    pub explained: Vec<[Vec<Rect>; 2]>,
    /// How much of the words of each page pair is equal.
    pub shares: Vec<Share>,
    /// Unpaired pages whose text is on a page of the other side: the index of
    /// the pair and of the other side's page.
    pub reflowed: FxHashMap<usize, usize>,
    /// Words of the running text that are the same on both sides.
    pub same: Vec<WordPair>,
}

/// Compares the words of all pages. `pairs` carry the registration of each pair.
pub fn compare(old: &[&Page], new: &[&Page], pairs: &[PagePair], options: &Options) -> Outcome {
    let [old_furniture, new_furniture] = furniture::find(old, new);
    let ignored = Ignored::new(old, new, pairs, options);
    let unread = Unread::new(old, new, pairs);
    let labels = labels::compare(
        [(old, &old_furniture), (new, &new_furniture)],
        pairs,
        &ignored,
        &unread,
        options,
    );

    let mut interner = Interner::new(options.ignore.case);
    let old_stream = Stream::new(
        old,
        pairs.iter().filter_map(|p| p.old),
        |page, word| {
            !old_furniture.has(page, word)
                && !labels.old_pages.contains(&page)
                && !unread.old.contains(&page)
                && !ignored.old_word(page, word)
        },
        &mut interner,
    );
    let new_stream = Stream::new(
        new,
        pairs.iter().filter_map(|p| p.new),
        |page, word| {
            !new_furniture.has(page, word)
                && !labels.new_pages.contains(&page)
                && !unread.new.contains(&page)
                && !ignored.new_word(page, word)
        },
        &mut interner,
    );
    let printed = [&old_furniture.printed(), &new_furniture.printed()];
    let mut matched = Matched::new(&old_stream, &new_stream, &interner, pairs, printed, options);
    let flow = Flow::new(
        &matched.matching,
        &matched.moved,
        &old_stream,
        &new_stream,
        pairs,
    );
    flow.settle_whole_pages(&mut matched.matching, &old_stream, &new_stream);
    let mut outcome = Outcome {
        changes: Vec::new(),
        explained: flow::explained(&matched.matching, &old_stream, &new_stream, pairs, options),
        shares: flow.shares,
        reflowed: flow.reflowed,
        same: word_pairs(&matched.matching, &old_stream, &new_stream),
    };

    if options.wants(ChangeKind::Style) {
        let mut words: Vec<WordPair> = labels.same;
        words.extend(&outcome.same);
        outcome
            .changes
            .extend(style::compare(old, new, pairs, &words));
    }
    let running = running::compare((old, &old_furniture), (new, &new_furniture), pairs, options);
    if options.wants(ChangeKind::Text) {
        let edits = matched.changes(&old_stream, &new_stream, &interner, pairs, options);
        outcome.changes.extend(edits);
        outcome.changes.extend(labels.changes);
        outcome.changes.extend(running.changes);
    }
    for (pair, share) in labels.shares {
        if let Some(slot) = outcome.shares.get_mut(pair) {
            *slot = share;
        }
    }
    for (pair, [a, b]) in running.boxes {
        if let Some(slot) = outcome.explained.get_mut(pair) {
            slot[0].extend(a);
            slot[1].extend(b);
        }
    }
    outcome
}

/// Two streams told apart.
struct Matched {
    matching: Matching,
    /// Stretches in which they differ.
    hunks: Vec<(Range<usize>, Range<usize>)>,
    /// Parts of them that stand elsewhere.
    moved: Vec<moves::Move>,
}

impl Matched {
    /// Finds out which token became which.
    fn new(
        old: &Stream<'_>,
        new: &Stream<'_>,
        interner: &Interner<'_>,
        pairs: &[PagePair],
        printed: [&FxHashMap<i64, usize>; 2],
        options: &Options,
    ) -> Self {
        let mut runs = anchor::equal_runs(&old.ids, &new.ids, interner.len(), |id| {
            interner.class(id).weight()
        });
        cleanup::drop_coincidences(&mut runs, old, new, interner);
        cleanup::slide(&mut runs, old, new);

        let mut matching = Matching::new(&runs, old.tokens.len(), new.tokens.len());
        let mut hunks = hunks(&runs, old.tokens.len(), new.tokens.len());
        for (a, b) in &hunks {
            if spelling::same(old, a, new, b, options) {
                matching.settle_old(a.clone());
                matching.settle_new(b.clone());
            }
        }
        let mut renumbered = if options.ignore.page_numbers {
            Vec::new()
        } else {
            renumbered(&matching, old, new, printed, pairs)
        };
        place::cancel(&mut matching, old, new, pairs, interner);
        let moved = moves::find(&matching, old, new, interner);
        for m in &moved {
            let m = moves::with_marks(m, &matching, old, new, interner);
            matching.settle_old(m.old);
            matching.settle_new(m.new);
        }
        for (a, b) in &renumbered {
            matching.part(a.start, b.start);
        }
        hunks.append(&mut renumbered);
        Self {
            matching,
            hunks,
            moved,
        }
    }

    /// The edits and moves as changes.
    fn changes(
        self,
        old: &Stream<'_>,
        new: &Stream<'_>,
        interner: &Interner<'_>,
        pairs: &[PagePair],
        options: &Options,
    ) -> Vec<Change> {
        let context = Context {
            old,
            new,
            matching: &self.matching,
            interner,
            pairs: pairs
                .iter()
                .filter_map(|p| Some((p.old? as u32, p)))
                .collect(),
        };
        let mut changes: Vec<Change> = self
            .hunks
            .into_iter()
            .flat_map(|(a, b)| context.edits(a, b))
            .map(|edit| edit_change(&edit, old, new))
            .collect();
        if !options.ignore.moves {
            for block in &moves::merged(self.moved, old, new) {
                changes.extend(flow::moved_changes(block, old, new, pairs));
            }
        }
        changes
    }
}

/// Page numbers of a table of contents that name another page now, as
/// stretches of their own.
fn renumbered(
    matching: &Matching,
    old: &Stream<'_>,
    new: &Stream<'_>,
    printed: [&FxHashMap<i64, usize>; 2],
    pairs: &[PagePair],
) -> Vec<(Range<usize>, Range<usize>)> {
    matching
        .pairs()
        .filter(|&(o, _)| old.tokens.get(o).is_some_and(|t| t.led))
        .filter(|&(o, n)| match (old.value(o), new.value(n)) {
            (Some(from), Some(to)) => !spelling::same_page(from, to, printed, pairs),
            _ => false,
        })
        .map(|(o, n)| (o..o + 1, n..n + 1))
        .collect()
}

/// The stretches between equal runs.
fn hunks(
    runs: &[anchor::Run],
    old_len: usize,
    new_len: usize,
) -> Vec<(Range<usize>, Range<usize>)> {
    let mut out = Vec::new();
    let (mut o, mut n) = (0, 0);
    for run in runs {
        if run.old > o || run.new > n {
            out.push((o..run.old, n..run.new));
        }
        (o, n) = (run.old_end(), run.new_end());
    }
    if old_len > o || new_len > n {
        out.push((o..old_len, n..new_len));
    }
    out
}

/// Words whose tokens found each other, in the order of the new stream.
fn word_pairs(matching: &Matching, old: &Stream<'_>, new: &Stream<'_>) -> Vec<WordPair> {
    let mut out: Vec<WordPair> = Vec::new();
    for (o, n) in matching.pairs() {
        let (Some(a), Some(b)) = (old.tokens.get(o), new.tokens.get(n)) else {
            continue;
        };
        let (Some(&old), Some(&new)) = (
            old.words.get(a.first as usize),
            new.words.get(b.first as usize),
        ) else {
            continue;
        };
        if out
            .last()
            .is_none_or(|last| last.new != new || last.old != old)
        {
            out.push(WordPair { old, new });
        }
    }
    out
}

fn edit_change(edit: &Edit, old: &Stream<'_>, new: &Stream<'_>) -> Change {
    let old = edit.old.clone().map(|range| spot::spot(old, range));
    let new = edit.new.clone().map(|range| spot::spot(new, range));
    change(old, new)
}

/// A text change from its places.
pub(crate) fn change(old: Option<Spot>, new: Option<Spot>) -> Change {
    let op = match (&old, &new) {
        (None, _) => Op::Added,
        (_, None) => Op::Removed,
        _ => Op::Replaced,
    };
    Change {
        id: 0,
        kind: ChangeKind::Text,
        op,
        summary: summary::text(
            op,
            old.as_ref().map(|s| s.text.as_str()),
            new.as_ref().map(|s| s.text.as_str()),
        ),
        old,
        new,
        evidence: Evidence {
            text: Some(true),
            reason: "words differ".to_owned(),
            ..Evidence::default()
        },
        group: None,
    }
}

/// Pages that failed, or whose characters often have no known meaning, with the pages they are
/// paired with: comparing half-read text would report what only could not be
/// read. Their pixels are compared, and the report says so.
struct Unread {
    old: FxHashSet<usize>,
    new: FxHashSet<usize>,
}

impl Unread {
    fn new(old: &[&Page], new: &[&Page], pairs: &[PagePair]) -> Self {
        let unread = |page: Option<&&Page>| {
            page.is_some_and(|p| {
                p.failed.is_some()
                    || (p.coverage.glyphs > 20
                        && p.coverage.unmapped_glyphs > p.coverage.glyphs / 4)
            })
        };
        let mut out = Self {
            old: FxHashSet::default(),
            new: FxHashSet::default(),
        };
        for pair in pairs {
            if unread(pair.old.and_then(|o| old.get(o)))
                || unread(pair.new.and_then(|n| new.get(n)))
            {
                out.old.extend(pair.old);
                out.new.extend(pair.new);
            }
        }
        out
    }

    fn has(&self, pair: &PagePair) -> bool {
        pair.new.is_some_and(|n| self.new.contains(&n))
    }
}

/// Words in regions the user asked to leave out.
struct Ignored<'a> {
    old: &'a [&'a Page],
    new: &'a [&'a Page],
    options: &'a Options,
    /// Page pair of each old page.
    pairs: FxHashMap<usize, &'a PagePair>,
}

impl<'a> Ignored<'a> {
    fn new(
        old: &'a [&'a Page],
        new: &'a [&'a Page],
        pairs: &'a [PagePair],
        options: &'a Options,
    ) -> Self {
        let pairs = if options.regions.is_empty() {
            FxHashMap::default()
        } else {
            pairs.iter().filter_map(|p| Some((p.old?, p))).collect()
        };
        Self {
            old,
            new,
            options,
            pairs,
        }
    }

    fn old_word(&self, page: usize, word: usize) -> bool {
        if self.options.regions.is_empty() {
            return false;
        }
        let Some(old) = self.old.get(page) else {
            return false;
        };
        let Some(word) = old.words.get(word) else {
            return false;
        };
        let pair = self.pairs.get(&page);
        match pair.and_then(|p| Some((self.new.get(p.new?)?.number, p.transform))) {
            Some((number, transform)) => self
                .options
                .ignores(number, &transform.apply_rect(&word.bounds)),
            None => self.options.ignores(old.number, &word.bounds),
        }
    }

    fn new_word(&self, page: usize, word: usize) -> bool {
        !self.options.regions.is_empty()
            && self.new.get(page).is_some_and(|p| {
                p.words
                    .get(word)
                    .is_some_and(|w| self.options.ignores(p.number, &w.bounds))
            })
    }
}
