//! Drawn paths compared as geometry in page space, whatever way a producer
//! splits, joins, orders or closes them.
//!
//! 1. Paths equal on both sides cancel ([`cancel`]).
//! 2. The rest is taken apart into straight pieces of ink ([`pieces`]), and a
//!    piece is explained where ink of the same look lies on the same place of
//!    the other side ([`cover`]).
//! 3. Ink that is there in another look was restyled; shapes that are the same
//!    elsewhere moved ([`moved`]), perhaps along with the text ([`flow`]).
//! 4. What then remains is gathered into regions ([`regions`]).

mod blocks;
mod cancel;
pub(crate) mod cluster;
mod coarse;
mod cover;
pub(crate) mod flow;
mod grid;
mod look;
mod moved;
mod pieces;
pub(crate) mod place;
mod regions;
mod restyled;
mod shape;

#[cfg(test)]
pub(crate) mod tests;

use model::{Change, ChangeKind, Evidence, Op, Page, Rect, Transform};
use rustc_hash::{FxHashMap, FxHashSet};

use self::cover::{Gaps, InkIndex};
use self::flow::Flow;
use self::look::Look;
use self::moved::Move;
use self::pieces::{Piece, Source};
use self::regions::{Region, spot};
use crate::Options;

/// Above this many leftover pieces regions are gathered more coarsely.
const MANY: usize = 20_000;
/// Moved blocks of so many paths are told one by one, however much a sheet was
/// reworked.
const LARGE_BLOCK: usize = 100;

/// Changes of lines and shapes between two pages; ids are given later.
pub fn compare(old: &Page, new: &Page, transform: &Transform, options: &Options) -> Vec<Change> {
    let Some(back) = transform.inverse() else {
        return Vec::new();
    };
    let [a, b, c, d, ..] = transform.0;
    let scale = (a * d - b * c).abs().sqrt() as f32;
    let pens = look::pen_scale(&old.drawing, &new.drawing, scale);
    let old_side = Source::new(old, *transform, pens, options.tolerance);
    let new_side = Source::new(new, Transform::IDENTITY, 1.0, options.tolerance);
    let (mut old_left, mut new_left) = cancel::cancel(&old_side, &new_side);
    if old_left.is_empty() && new_left.is_empty() {
        return Vec::new();
    }
    let page = Rect::new(0.0, 0.0, new.size[0], new.size[1]);
    let ignored = |side: &Source<'_>, path: u32| {
        let seen = side.visible(path as usize);
        seen.is_some_and(|r| options.ignores(new.number, &r))
    };
    let wanted = |side: &Source<'_>, left: &[u32]| -> Vec<u32> {
        let told = left.iter().copied().filter(|&path| !ignored(side, path));
        told.collect()
    };
    let blocks = blocks::find(
        [&old_side, &new_side],
        [&wanted(&old_side, &old_left), &wanted(&new_side, &new_left)],
        &page,
        2.0 * gap(new),
        options.tolerance,
    );
    let mut moved = [FxHashSet::default(), FxHashSet::default()];
    for (from, to) in blocks.iter().flat_map(|block| &block.paths) {
        moved[0].insert(*from);
        moved[1].insert(*to);
    }
    old_left.retain(|path| !moved[0].contains(path));
    new_left.retain(|path| !moved[1].contains(path));
    let ((old_ink, old_seen), (new_ink, new_seen)) = rayon::join(
        || unexplained(&old_side, &old_left, &new_side, &page),
        || unexplained(&new_side, &new_left, &old_side, &page),
    );
    let pair = Pair {
        old,
        new,
        back,
        gap: gap(new),
        options,
    };
    let mut changes = Vec::new();

    // Another look at the same place.
    let (old_restyled, mut old_ink) = split(old_ink, &old_seen);
    let (new_restyled, mut new_ink) = split(new_ink, &new_seen);
    let recolored = restyled::find(&pair, old_restyled, new_restyled);
    changes.extend(recolored.changes);
    old_ink.extend(recolored.old);
    new_ink.extend(recolored.new);

    drop_unseen(old, &old_side, &mut old_ink);
    drop_unseen(new, &new_side, &mut new_ink);
    let wanted = |p: &Piece| !options.ignores(new.number, &p.bounds());
    old_ink.retain(wanted);
    new_ink.retain(wanted);
    if old_ink.is_empty() && new_ink.is_empty() && blocks.is_empty() {
        return changes;
    }

    let flow = Flow::new(old, new, transform);
    let mut moves = blocks;
    moves.extend(moved::find(
        &old_side,
        &whole(&old_side, &old_ink),
        &new_side,
        &whole(&new_side, &new_ink),
        pair.gap,
        [&old_ink, &new_ink],
        &page,
    ));
    let apart = pair.tell(&flow, moves, old_ink, new_ink, &mut changes);
    let mut changes = coarse::coarsen(changes, old, new, transform, pair.gap);
    changes.extend(apart);
    changes
}

/// What the makers of changes need to know about the two pages.
struct Pair<'a> {
    old: &'a Page,
    new: &'a Page,
    back: Transform,
    gap: f32,
    options: &'a Options,
}

impl Pair<'_> {
    /// Moves and what is left as changes; gives back what is one thing as it
    /// is, blocks that moved and what only went along with the text.
    fn tell(
        &self,
        flow: &Flow,
        moves: Vec<Move>,
        mut old_ink: Vec<Piece>,
        mut new_ink: Vec<Piece>,
        changes: &mut Vec<Change>,
    ) -> Vec<Change> {
        let mut apart = Vec::new();
        let (old, new) = (self.old, self.new);
        let page = Rect::new(0.0, 0.0, new.size[0], new.size[1]);
        // On a page of text; around a drawing's labels lines are content.
        let paths = old.drawing.paths.len().max(new.drawing.paths.len());
        let texty = paths < old.words.len().max(new.words.len());
        let mut carried = Carried::default();
        let mut gone: FxHashSet<u32> = FxHashSet::default();
        let mut come: FxHashSet<u32> = FxHashSet::default();
        for found in moves {
            let far = found.vector[0].hypot(found.vector[1]);
            gone.extend(found.paths.iter().map(|p| p.0));
            come.extend(found.paths.iter().map(|p| p.1));
            if far <= self.options.tolerance {
                continue;
            }
            if flow.went(&found.old, found.vector) || texty && flow.pushed(&found.old, &found.new) {
                carried.add(Some(found.old), Some(found.new), found.paths.len());
            } else if !self.options.ignore.moves {
                let block = found.paths.len() >= LARGE_BLOCK;
                let told = if block { &mut apart } else { &mut *changes };
                told.push(self.moved(&found));
            }
        }
        old_ink.retain(|p| !gone.contains(&p.path));
        new_ink.retain(|p| !come.contains(&p.path));

        let reflowed = texty && flow.reflowed();
        let mut gap = self.gap;
        if old_ink.len() + new_ink.len() > MANY {
            gap *= 3.0;
        }
        let mut regions = regions::gather(&old_ink, &new_ink, gap);
        regions = regions
            .into_iter()
            .flat_map(|region| region.split(&page, gap))
            .collect();
        for region in regions {
            let (from, to) = (Region::bounds(&region.old), Region::bounds(&region.new));
            let follows = || {
                flow.carries(from.as_ref(), to.as_ref())
                    || from.iter().chain(&to).all(|ink| flow.remeasured(ink))
            };
            if reflowed && region.furniture() && follows() {
                let paths: FxHashSet<u32> = region
                    .old
                    .iter()
                    .chain(&region.new)
                    .map(|p| p.path)
                    .collect();
                carried.add(from, to, paths.len());
            } else {
                changes.extend(region.change(self.old, self.new, &self.back));
            }
        }
        apart.extend(carried.change(self));
        apart
    }

    fn moved(&self, found: &Move) -> Change {
        let noun = match found.paths.len() {
            1 => "Shape".to_owned(),
            n => format!("{n} shapes"),
        };
        Change {
            id: 0,
            kind: ChangeKind::Drawing,
            op: Op::Moved,
            old: spot(self.old, vec![found.old], Some(&self.back)),
            new: spot(self.new, vec![found.new], None),
            summary: format!(
                "{noun} moved {} {}",
                place::shift(found.vector),
                place::name(self.new, &found.new)
            ),
            evidence: Evidence {
                paths: Some(true),
                reason: "the same paths elsewhere".to_owned(),
                ..Evidence::default()
            },
            group: None,
        }
    }
}

/// What moved along with reflowed text: told once per page, as noise.
#[derive(Default)]
struct Carried {
    old: Vec<Rect>,
    new: Vec<Rect>,
    paths: usize,
}

impl Carried {
    fn add(&mut self, old: Option<Rect>, new: Option<Rect>, paths: usize) {
        self.old.extend(old);
        self.new.extend(new);
        self.paths += paths;
    }

    fn change(self, pair: &Pair<'_>) -> Option<Change> {
        let lines = match self.paths {
            0 => return None,
            1 => "1 line or shape".to_owned(),
            n => format!("{n} lines and shapes"),
        };
        Some(Change {
            id: 0,
            kind: ChangeKind::Drawing,
            op: Op::Moved,
            old: spot(pair.old, self.old, Some(&pair.back)),
            new: spot(pair.new, self.new, None),
            summary: format!("{lines} went along with the text"),
            evidence: Evidence {
                text: None,
                paths: Some(true),
                pixels: None,
                reason: "rules and shapes follow the words around them: layout".to_owned(),
                noise: true,
            },
            group: None,
        })
    }
}

/// How close two leftovers are one thing, points: about a label's height on
/// the page's own scale.
fn gap(page: &Page) -> f32 {
    let [width, height] = page.size;
    let diagonal = width.hypot(height);
    let by_page = if diagonal.is_finite() {
        0.007 * diagonal
    } else {
        7.0
    };
    by_page.clamp(5.0, 18.0)
}

/// Ink of the paths `left` that `other` does not have in the same look, and
/// for each stretch the look in which it does, if any.
fn unexplained(
    side: &Source<'_>,
    left: &[u32],
    other: &Source<'_>,
    page: &Rect,
) -> (Vec<Piece>, Vec<Option<Look>>) {
    let mut pieces = Vec::with_capacity(left.len());
    for &index in left {
        side.pieces(index as usize, &mut pieces);
    }
    if pieces.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let index = InkIndex::near(other, &pieces, page);
    let mut gaps = Gaps::of(pieces.len());
    for piece in &pieces {
        index.missing(piece, &mut gaps);
    }
    (gaps.ink, gaps.seen_as)
}

/// Ink that is there in another look, with that look, and ink that is not there at
/// all. Where part of a path is missing, the rest merely crosses ink of another look.
fn split(ink: Vec<Piece>, seen_as: &[Option<Look>]) -> (Vec<(Piece, Look)>, Vec<Piece>) {
    let broken: FxHashSet<u32> = ink
        .iter()
        .zip(seen_as)
        .filter(|(_, look)| look.is_none())
        .map(|(piece, _)| piece.path)
        .collect();
    let mut restyled = Vec::new();
    let mut missing = Vec::new();
    for (piece, look) in ink.into_iter().zip(seen_as) {
        match look {
            Some(look) if !broken.contains(&piece.path) => restyled.push((piece, *look)),
            _ => missing.push(piece),
        }
    }
    (restyled, missing)
}

/// Paths that are missing on the other side as a whole, or nearly so, and lone
/// lines of which any part is.
fn whole(side: &Source<'_>, ink: &[Piece]) -> Vec<u32> {
    let mut missing: FxHashMap<u32, f32> = FxHashMap::default();
    for piece in ink {
        *missing.entry(piece.path).or_default() += piece.length() + 0.01;
    }
    let mut paths: Vec<u32> = missing.keys().copied().collect();
    paths.sort_unstable();
    let mut pieces = Vec::new();
    paths.retain(|&path| {
        pieces.clear();
        side.pieces(path as usize, &mut pieces);
        let all: f32 = pieces.iter().map(|p| p.length() + 0.01).sum();
        // A lone line that slid along itself still lies over where it was.
        pieces.len() == 1 || missing.get(&path).is_some_and(|m| *m >= 0.4 * all)
    });
    paths
}

/// Drops white ink with nothing under it: nobody sees white on white.
fn drop_unseen(page: &Page, side: &Source<'_>, ink: &mut Vec<Piece>) {
    if !ink.iter().any(|p| p.look.white()) {
        return;
    }
    let mut marks: Vec<Rect> = page.images.iter().map(|i| i.bounds).collect();
    marks.extend(page.words.iter().map(|w| w.bounds));
    for r in &mut marks {
        *r = side.transform.apply_rect(r);
    }
    let mut colored: Vec<(u32, Rect)> = marks.into_iter().map(|r| (0, r)).collect();
    for index in 0..side.drawing.paths.len() {
        let white = side.visible_looks(index).is_none_or(|looks| {
            looks.fill.is_none_or(|l| l.white()) && looks.stroke.is_none_or(|l| l.white())
        });
        if !white && let Some(bounds) = side.visible(index) {
            colored.push((index as u32, bounds));
        }
    }
    // White paths are few; a page with a flood of them keeps them all.
    if ink.iter().filter(|p| p.look.white()).count() > 2_000 {
        return;
    }
    ink.retain(|p| {
        !p.look.white()
            || side.visible(p.path as usize).is_some_and(|seen| {
                colored
                    .iter()
                    .any(|(index, r)| *index < p.path && r.overlaps(&seen))
            })
    });
}
