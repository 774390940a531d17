//! Other ways to write the same drawing.

use crate::rng::Rng;
use crate::scene::{Item, Page, Seg};

/// Splits, reverses and reorders stroked paths as another exporter would,
/// without changing what is seen.
pub fn restructure(page: &mut Page, rng: &mut Rng) {
    let mut items = Vec::new();
    for item in page.items.drain(..) {
        match item {
            // Splitting dashed lines would move their dashes, and a filled
            // outline needs to stay whole.
            Item::Path { segs, paint, mark } if paint.fill.is_none() && paint.dash.is_empty() => {
                for piece in split(&segs) {
                    let piece = if rng.chance(0.5) {
                        reversed(&piece)
                    } else {
                        piece
                    };
                    items.push(Item::Path {
                        segs: piece,
                        paint: paint.clone(),
                        mark,
                    });
                }
            }
            other => items.push(other),
        }
    }
    // Thin strokes over each other look the same in any order only within one
    // colour; the sheets hardly overlap colours, so sorting by colour does.
    items.sort_by_key(|item| match item {
        Item::Path { paint, .. } => (0, paint.stroke.map(|s| s.1)),
        _ => (1, None),
    });
    let mut start = 0;
    while start < items.len() {
        let end = (start + 40).min(items.len());
        rng.shuffle(&mut items[start..end]);
        start = end;
    }
    page.items = items;
}

/// Each segment as a path of its own.
fn split(segs: &[Seg]) -> Vec<Vec<Seg>> {
    let mut pieces = Vec::new();
    let (mut first, mut pen) = ([0.0; 2], [0.0; 2]);
    for seg in segs {
        match *seg {
            Seg::Move(p) => (first, pen) = (p, p),
            Seg::Line(p) => {
                pieces.push(vec![Seg::Move(pen), Seg::Line(p)]);
                pen = p;
            }
            Seg::Cubic(a, b, p) => {
                pieces.push(vec![Seg::Move(pen), Seg::Cubic(a, b, p)]);
                pen = p;
            }
            Seg::Close => {
                if pen != first {
                    pieces.push(vec![Seg::Move(pen), Seg::Line(first)]);
                }
                pen = first;
            }
        }
    }
    pieces
}

/// A one-segment path drawn from its other end.
fn reversed(piece: &[Seg]) -> Vec<Seg> {
    match piece {
        [Seg::Move(from), Seg::Line(to)] => vec![Seg::Move(*to), Seg::Line(*from)],
        [Seg::Move(from), Seg::Cubic(a, b, to)] => vec![Seg::Move(*to), Seg::Cubic(*b, *a, *from)],
        other => other.to_vec(),
    }
}
