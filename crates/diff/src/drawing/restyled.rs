//! Ink at the same place in another look.

use model::{Change, ChangeKind, Evidence, Op};

use super::look::{Ink, Look};
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

/// Changes of colour, width and dashes.
pub(super) fn find(pair: &Pair<'_>, old: Vec<Piece>, new: Vec<Piece>) -> Restyled {
    let wanted =
        |p: &Piece| !pair.options.ignores(pair.new.number, &p.bounds()) && p.length() > p.reach;
    let old: Vec<Piece> = old.into_iter().filter(wanted).collect();
    let new: Vec<Piece> = new.into_iter().filter(wanted).collect();
    let mut found = Restyled::default();
    for region in gather(&old, &new, pair.gap) {
        if let Some(change) = change(pair, &region) {
            found.changes.push(change);
        } else {
            found.old.extend(region.old);
            found.new.extend(region.new);
        }
    }
    found
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
