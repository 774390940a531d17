//! Ink at the same place in another look.

use std::mem::take;

use model::{Change, ChangeKind, Evidence, Op};
use rustc_hash::FxHashMap;

use super::look::{Ink, Kind, Look};
use super::pieces::Piece;
use super::regions::{Region, gather, spot};
use super::{Pair, place};

/// What became of ink that has ink of another look at its place.
#[derive(Default)]
pub(super) struct Restyled {
    pub changes: Vec<Change>,
    /// Ink that only came or went on top of, or below, other ink.
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
}

/// Changes of colour, width and dashes; each piece comes with the look it has on the
/// other side. What changed in the same way is told apart from what changed in another.
pub(super) fn find(pair: &Pair<'_>, old: Vec<(Piece, Look)>, new: Vec<(Piece, Look)>) -> Restyled {
    let wanted = |(p, _): &(Piece, Look)| {
        !pair.options.ignores(pair.new.number, &p.bounds()) && p.length() > p.reach
    };
    let mut edits: Vec<[Vec<Piece>; 2]> = Vec::new();
    let mut index: FxHashMap<[Style; 2], usize> = FxHashMap::default();
    let mut put = |side: usize, piece: Piece, before: &Look, after: &Look| {
        let slot = *index
            .entry([before, after].map(Style::of))
            .or_insert_with(|| {
                edits.push(Default::default());
                edits.len() - 1
            });
        edits[slot][side].push(piece);
    };
    for (piece, after) in old.into_iter().filter(wanted) {
        put(0, piece, &piece.look, &after);
    }
    for (piece, before) in new.into_iter().filter(wanted) {
        put(1, piece, &before, &piece.look);
    }
    let mut found = Restyled::default();
    for [old, new] in edits {
        found.gather(pair, &old, &new);
    }
    // Where several looks lie on top of each other, what one side takes for the
    // counterpart need not be what the other does.
    let (old, new) = (take(&mut found.old), take(&mut found.new));
    found.gather(pair, &old, &new);
    found
}

impl Restyled {
    /// Adds what changed its look, and what has nothing in its place after all.
    fn gather(&mut self, pair: &Pair<'_>, old: &[Piece], new: &[Piece]) {
        for region in gather(old, new, pair.gap) {
            if let Some(change) = change(pair, &region) {
                self.changes.push(change);
            } else {
                self.old.extend(region.old);
                self.new.extend(region.new);
            }
        }
    }
}

/// A look, as far as one edit changes looks alike: its width in tenths of a point.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Style(Kind, Ink, i32, u32);

impl Style {
    fn of(look: &Look) -> Self {
        Self(
            look.kind,
            look.ink,
            (look.width * 10.0).round() as i32,
            look.dash.1,
        )
    }
}

fn change(pair: &Pair<'_>, region: &Region) -> Option<Change> {
    let from = Region::bounds(&region.old);
    let to = Region::bounds(&region.new);
    let (before, after) = match (region.old.first(), region.new.first()) {
        (Some(a), Some(b)) => (a.look, b.look),
        // One side only: a second look was laid over, or taken off.
        _ => return None,
    };
    let whole = from.into_iter().chain(to).reduce(|a, b| a.union(&b))?;
    Some(Change {
        id: 0,
        kind: ChangeKind::Drawing,
        op: Op::Restyled,
        old: spot(pair.old, from.into_iter().collect(), Some(&pair.back)),
        new: spot(pair.new, to.into_iter().collect(), None),
        summary: format!(
            "{} {}",
            describe(&before, &after),
            place::name(pair.new, &whole)
        ),
        evidence: Evidence {
            paths: Some(true),
            reason: "same place, other look".to_owned(),
            ..Evidence::default()
        },
        group: None,
    })
}

fn describe(before: &Look, after: &Look) -> String {
    let mut parts = Vec::new();
    if !before.same_ink(after)
        && let (Ink::Color(a), Ink::Color(b)) = (before.ink, after.ink)
    {
        parts.push(format!("colour #{} became #{}", hex(a), hex(b)));
    }
    if !before.same_width(after) {
        parts.push(format!(
            "line width {:.2} pt became {:.2} pt",
            before.width, after.width
        ));
    }
    if !before.same_dash(after) {
        parts.push(
            match (before.dash.1, after.dash.1) {
                (0, _) => "solid line became dashed",
                (_, 0) => "dashed line became solid",
                _ => "dashes changed",
            }
            .to_owned(),
        );
    }
    if parts.is_empty() {
        parts.push("look of a shape changed".to_owned());
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1) {
        text = first.to_uppercase() + &text[1..];
    }
    text
}

fn hex([r, g, b, _]: [u8; 4]) -> String {
    format!("{r:02x}{g:02x}{b:02x}")
}
