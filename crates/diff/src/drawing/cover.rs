//! Second pass: what is left is ink, and ink is explained where ink of the
//! other side lies on the same place.

use model::Rect;

use super::grid::Grid;
use super::look::Look;
use super::pieces::{Piece, Source};

/// Uncovered stretches shorter than this share of the reach are rounding.
const SPECK: f32 = 0.5;

/// Ink of one side, found by place.
pub(super) struct InkIndex {
    pieces: Vec<Piece>,
    grid: Grid,
}

/// Ink that one side does not have in the same look.
pub(super) struct Gaps {
    pub ink: Vec<Piece>,
    /// For each piece of `ink` the look in which it is there; `None` where it is
    /// missing in any look.
    pub seen_as: Vec<Option<Look>>,
    covered: Vec<(f32, f32)>,
}

impl Gaps {
    /// With room for what is missing of so many pieces.
    pub fn of(pieces: usize) -> Self {
        Self {
            ink: Vec::with_capacity(pieces),
            seen_as: Vec::with_capacity(pieces),
            covered: Vec::new(),
        }
    }
}

impl InkIndex {
    /// Ink of `source` that lies near any of `wanted`.
    pub fn near(source: &Source<'_>, wanted: &[Piece], page: &Rect) -> Self {
        let mask = Mask::new(wanted, page);
        // Most of a drawing is single strokes. Room that is not used costs nothing; to
        // grow costs a copy each time.
        let mut pieces = Vec::with_capacity(source.drawing.paths.len());
        for index in 0..source.drawing.paths.len() {
            let touched = source.visible(index).is_some_and(|r| mask.touches(&r));
            if touched {
                source.pieces(index, &mut pieces);
            }
        }
        pieces.retain(|piece| mask.touches(&piece.bounds()));
        Self {
            grid: Grid::new(page, pieces.len(), |i| (pieces[i].a, pieces[i].b)),
            pieces,
        }
    }

    /// Adds to `gaps` the stretches of `piece` that no ink of the same look
    /// covers on this side.
    pub fn missing(&self, piece: &Piece, gaps: &mut Gaps) {
        let mut covered = std::mem::take(&mut gaps.covered);
        let mut other_looks = false;
        let (whole, _) = self.spans(piece, &mut covered, |other| {
            let alike = piece.look.matches(&other.look);
            other_looks |= !alike && piece.look.kind == other.look.kind;
            alike
        });
        if !whole {
            let first = gaps.ink.len();
            stretches(piece, &mut covered, |gap| gaps.ink.push(gap));
            for at in first..gaps.ink.len() {
                let gap = gaps.ink[at];
                let look = other_looks.then(|| self.look_at(&gap, &mut covered));
                gaps.seen_as.push(look.flatten());
            }
        }
        gaps.covered = covered;
    }

    /// The look of the ink that covers `piece`, whatever look that is.
    fn look_at(&self, piece: &Piece, covered: &mut Vec<(f32, f32)>) -> Option<Look> {
        let (whole, look) = self.spans(piece, covered, |other| piece.look.kind == other.look.kind);
        let mut any = false;
        if !whole {
            stretches(piece, covered, |_| any = true);
        }
        look.filter(|_| !any)
    }

    /// Fills `covered` with the spans of `piece`, as ranges of its parameter,
    /// that lie on ink of this side that is `wanted`. True where one piece of
    /// it covers all; and the look of that, or else of the last that covers some.
    fn spans(
        &self,
        piece: &Piece,
        covered: &mut Vec<(f32, f32)>,
        mut wanted: impl FnMut(&Piece) -> bool,
    ) -> (bool, Option<Look>) {
        covered.clear();
        let around = piece.bounds().inflate(piece.reach);
        let mut whole = false;
        let mut look = None;
        self.grid.near((piece.a, piece.b), piece.reach, |i| {
            let other = &self.pieces[i];
            if !around.overlaps(&other.bounds()) || !wanted(other) {
                return true;
            }
            if let Some(span) = span_within(piece, other, piece.reach) {
                whole = span.0 <= 0.0 && span.1 >= 1.0;
                covered.push(span);
                look = Some(other.look);
            }
            !whole
        });
        (whole, look)
    }
}

/// Calls `gap` with the stretches of `piece` outside the spans `covered`.
fn stretches(piece: &Piece, covered: &mut [(f32, f32)], mut gap: impl FnMut(Piece)) {
    covered.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let speck = SPECK * piece.reach;
    let length = piece.length();
    let mut at = 0.0_f32;
    for &(from, to) in covered.iter().chain(&[(1.0, 1.0)]) {
        let open = (from.min(1.0) - at) * length;
        if open > speck || (open >= 0.0 && at == 0.0 && from >= 1.0) {
            gap(part(piece, at, from.min(1.0)));
        }
        at = at.max(to);
        if at >= 1.0 {
            break;
        }
    }
}

fn part(piece: &Piece, from: f32, to: f32) -> Piece {
    let at = |t: f32| [0, 1].map(|k| piece.a[k] + t * (piece.b[k] - piece.a[k]));
    Piece {
        a: at(from),
        b: at(to),
        ..*piece
    }
}

/// The stretch of `piece`, as a range of its parameter, that lies within
/// `reach` of `other`. The points within reach of a segment are convex, so the
/// stretch is one.
fn span_within(piece: &Piece, other: &Piece, reach: f32) -> Option<(f32, f32)> {
    let d = [piece.b[0] - piece.a[0], piece.b[1] - piece.a[1]];
    let mut span: Option<(f32, f32)> = None;
    let mut add = |found: Option<(f32, f32)>| {
        if let Some((from, to)) = found {
            span = Some(span.map_or((from, to), |s| (s.0.min(from), s.1.max(to))));
        }
    };
    let u = [other.b[0] - other.a[0], other.b[1] - other.a[1]];
    let length = u[0].hypot(u[1]);
    if length > 0.0 {
        let u = [u[0] / length, u[1] / length];
        let rel = [piece.a[0] - other.a[0], piece.a[1] - other.a[1]];
        let along = linear(
            rel[0] * u[0] + rel[1] * u[1],
            d[0] * u[0] + d[1] * u[1],
            0.0,
            length,
        );
        let across = linear(
            rel[1] * u[0] - rel[0] * u[1],
            d[1] * u[0] - d[0] * u[1],
            -reach,
            reach,
        );
        if let (Some(p), Some(q)) = (along, across) {
            let (from, to) = (p.0.max(q.0), p.1.min(q.1));
            if from <= to {
                add(Some((from, to)));
            }
        }
    }
    add(disc(piece.a, d, other.a, reach));
    add(disc(piece.a, d, other.b, reach));
    span.map(|(from, to)| (from.max(0.0), to.min(1.0)))
        .filter(|(from, to)| from <= to)
}

/// Where `start + t * step` lies in `low..=high`, for t in 0 to 1.
fn linear(start: f32, step: f32, low: f32, high: f32) -> Option<(f32, f32)> {
    if step.abs() < 1e-9 {
        return (start >= low && start <= high).then_some((0.0, 1.0));
    }
    let (p, q) = ((low - start) / step, (high - start) / step);
    let (from, to) = (p.min(q).max(0.0), p.max(q).min(1.0));
    (from <= to).then_some((from, to))
}

/// Where `a + t * d` lies within `reach` of `center`, for t in 0 to 1.
fn disc(a: [f32; 2], d: [f32; 2], center: [f32; 2], reach: f32) -> Option<(f32, f32)> {
    let rel = [a[0] - center[0], a[1] - center[1]];
    let qa = d[0] * d[0] + d[1] * d[1];
    let qb = rel[0] * d[0] + rel[1] * d[1];
    let qc = rel[0] * rel[0] + rel[1] * rel[1] - reach * reach;
    if qa < 1e-12 {
        return (qc <= 0.0).then_some((0.0, 1.0));
    }
    let root = qb * qb - qa * qc;
    if root < 0.0 {
        return None;
    }
    let root = root.sqrt();
    let (from, to) = (((-qb - root) / qa).max(0.0), ((-qb + root) / qa).min(1.0));
    (from <= to).then_some((from, to))
}

/// A coarse map of where something is left to explain.
struct Mask {
    page: Rect,
    per_point: f32,
    rows: usize,
    /// A bit for each column, [`Mask::WORDS`] words a row.
    set: Vec<u64>,
}

impl Mask {
    const WORDS: usize = 4;
    const CELLS: usize = 64 * Self::WORDS;

    fn new(wanted: &[Piece], page: &Rect) -> Self {
        let side = page.width().max(page.height()).max(1.0);
        let per_point = Self::CELLS as f32 / side;
        let rows = ((page.height() * per_point).ceil() as usize).clamp(1, Self::CELLS);
        let mut mask = Self {
            page: *page,
            per_point,
            rows,
            set: vec![0; Self::WORDS * rows],
        };
        for piece in wanted {
            let (x0, y0, x1, y1) = mask.range(&piece.bounds().inflate(1.0));
            for y in y0..=y1 {
                for word in x0 / 64..=x1 / 64 {
                    mask.set[Self::WORDS * y + word] |= Self::bits(word, x0, x1);
                }
            }
        }
        mask
    }

    /// The bits of columns `x0` to `x1` that are in a word.
    fn bits(word: usize, x0: usize, x1: usize) -> u64 {
        let from = x0.saturating_sub(64 * word).min(63);
        let to = (x1 - 64 * word).min(63);
        (u64::MAX << from) & (u64::MAX >> (63 - to))
    }

    fn range(&self, r: &Rect) -> (usize, usize, usize, usize) {
        let at = |v: f32, most: usize| ((v * self.per_point) as usize).min(most - 1);
        (
            at(r.x0 - self.page.x0, Self::CELLS),
            at(r.y0 - self.page.y0, self.rows),
            at(r.x1 - self.page.x0, Self::CELLS),
            at(r.y1 - self.page.y0, self.rows),
        )
    }

    fn touches(&self, r: &Rect) -> bool {
        let (x0, y0, x1, y1) = self.range(r);
        (x0 / 64..=x1 / 64).any(|word| {
            let bits = Self::bits(word, x0, x1);
            (y0..=y1).any(|y| self.set[Self::WORDS * y + word] & bits != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::look::{Ink, Kind};
    use super::*;

    #[test]
    fn what_lies_by_wanted_ink_is_touched() {
        let page = Rect::new(0.0, 0.0, 512.0, 256.0);
        let wanted = |a: [f32; 2], b: [f32; 2]| Piece {
            a,
            b,
            look: Look {
                kind: Kind::Line,
                ink: Ink::Unknown,
                width: 1.0,
                dash: (0.0, 0),
            },
            path: 0,
            reach: 0.5,
        };
        // Across the border of two words; and past the edges of the page.
        for (a, b) in [
            ([100.0, 50.0], [300.0, 60.0]),
            ([-90.0, 10.0], [900.0, 10.0]),
        ] {
            let mask = Mask::new(&[wanted(a, b)], &page);
            for x in [
                0.0, 60.0, 94.0, 99.2, 126.0, 128.5, 255.0, 300.5, 306.0, 340.0, 511.0,
            ] {
                let spot = Rect::new(x, a[1], x + 0.5, a[1] + 1.0);
                let near = x + 0.5 >= a[0] - 1.0 && x <= b[0] + 1.0;
                assert_eq!(mask.touches(&spot), near, "{x}");
                assert!(!mask.touches(&Rect::new(x, 120.0, x, 121.0)));
            }
        }
    }
}
