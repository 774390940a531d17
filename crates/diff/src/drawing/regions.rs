//! Leftover ink gathered into the regions a person would circle.

use model::{Change, ChangeKind, Evidence, Op, Page, Rect, Spot, Transform};
use rustc_hash::FxHashSet;

use super::cluster::cluster;
use super::look::Kind;
use super::pieces::Piece;
use super::place;

/// Boxes given for one side of one change.
pub(super) const MOST_BOXES: usize = 12;

/// Leftover ink that belongs together, in the space of the new page.
pub(super) struct Region {
    pub old: Vec<Piece>,
    pub new: Vec<Piece>,
}

/// Gathers ink of both sides. `gap` is the distance, in points, up to which
/// two pieces are one thing; pieces much longer than that reach out with
/// their ends only, or one wire would tie a whole sheet together.
pub(super) fn gather(old: &[Piece], new: &[Piece], gap: f32) -> Vec<Region> {
    let boxes = |i: usize| {
        let piece = old.get(i).unwrap_or_else(|| &new[i - old.len()]);
        if piece.length() > 12.0 * gap {
            let end = |[x, y]: [f32; 2]| Some(Rect::new(x, y, x, y));
            [end(piece.a), end(piece.b)].into_iter().flatten()
        } else {
            [Some(piece.bounds()), None].into_iter().flatten()
        }
    };
    cluster(old.len() + new.len(), boxes, gap)
        .into_iter()
        .map(|members| {
            let (first, second) = members.split_at(members.partition_point(|&i| i < old.len()));
            Region {
                old: first.iter().map(|&i| old[i]).collect(),
                new: second.iter().map(|&i| new[i - old.len()]).collect(),
            }
        })
        .collect()
}

impl Region {
    /// Smaller regions where this one covers much of the page only because
    /// one change touches the next; where all of it hangs together, one for
    /// each sixteenth of the page.
    pub fn split(self, page: &Rect, gap: f32) -> Vec<Self> {
        let whole = Self::bounds(&self.old)
            .into_iter()
            .chain(Self::bounds(&self.new))
            .reduce(|a, b| a.union(&b));
        let large = whole.is_some_and(|r| r.area() > 0.2 * page.area());
        if !large || self.old.len() + self.new.len() < 400 {
            return vec![self];
        }
        if gap < 1.5 {
            return self.tiled(page);
        }
        gather(&self.old, &self.new, gap * 0.5)
            .into_iter()
            .flat_map(|part| part.split(page, gap * 0.5))
            .collect()
    }

    /// The ink of each sixteenth of the page apart.
    fn tiled(self, page: &Rect) -> Vec<Self> {
        const SIDE: usize = 4;
        let tile = |piece: &Piece| {
            let [x, y] = piece.bounds().center();
            let part = |v: f32, from: f32, size: f32| {
                ((SIDE as f32 * (v - from) / size.max(1.0)) as usize).min(SIDE - 1)
            };
            part(y, page.y0, page.height()) * SIDE + part(x, page.x0, page.width())
        };
        let mut tiles: Vec<Self> = (0..SIDE * SIDE)
            .map(|_| Self {
                old: Vec::new(),
                new: Vec::new(),
            })
            .collect();
        for piece in self.old {
            tiles[tile(&piece)].old.push(piece);
        }
        for piece in self.new {
            tiles[tile(&piece)].new.push(piece);
        }
        tiles.retain(|t| !t.old.is_empty() || !t.new.is_empty());
        tiles
    }

    pub fn bounds(pieces: &[Piece]) -> Option<Rect> {
        pieces.iter().map(Piece::inked).reduce(|a, b| a.union(&b))
    }

    /// Rules, bars and frames only: what text brings along.
    pub fn furniture(&self) -> bool {
        self.old.iter().chain(&self.new).all(|p| {
            let [dx, dy] = [p.b[0] - p.a[0], p.b[1] - p.a[1]].map(f32::abs);
            dx.min(dy) <= 0.1
        })
    }

    /// As a change; `None` where nothing is left that could be seen.
    pub fn change(&self, old: &Page, new: &Page, back: &Transform) -> Option<Change> {
        let whole = Self::bounds(&self.old)
            .into_iter()
            .chain(Self::bounds(&self.new))
            .reduce(|a, b| a.union(&b))?;
        let op = match (self.old.is_empty(), self.new.is_empty()) {
            (false, false) => Op::Replaced,
            (false, true) => Op::Removed,
            _ => Op::Added,
        };
        let summary = match op {
            Op::Added => format!("{} added {}", tally(&self.new), place::name(new, &whole)),
            Op::Removed => format!(
                "{} removed {}",
                tally(&self.old),
                place::name(old, &back.apply_rect(&whole))
            ),
            _ => {
                let (old, now) = (tally(&self.old), tally(&self.new));
                let place = place::name(new, &whole);
                if old == now {
                    format!("{now} changed {place}")
                } else {
                    format!("Drawing changed {place}: {old} became {now}")
                }
            }
        };
        Some(Change {
            id: 0,
            kind: ChangeKind::Drawing,
            op,
            old: spot(old, boxes(&self.old), Some(back)),
            new: spot(new, boxes(&self.new), None),
            summary,
            evidence: Evidence {
                paths: Some(true),
                reason: "paths differ".to_owned(),
                ..Evidence::default()
            },
            group: None,
        })
    }
}

/// A spot on `page`, mapped `back` where the boxes are in the space of the
/// other page.
pub(super) fn spot(page: &Page, boxes: Vec<Rect>, back: Option<&Transform>) -> Option<Spot> {
    if boxes.is_empty() {
        return None;
    }
    let boxes = match back {
        Some(t) => boxes.iter().map(|r| t.apply_rect(r)).collect(),
        None => boxes,
    };
    Some(Spot {
        page: page.number,
        boxes,
        text: String::new(),
    })
}

/// Boxes of some pieces: one for all, or several where one would be mostly
/// empty (a wire around a corner).
fn boxes(pieces: &[Piece]) -> Vec<Rect> {
    let Some(whole) = Region::bounds(pieces) else {
        return Vec::new();
    };
    if whole.width().min(whole.height()) <= 40.0 {
        return vec![whole];
    }
    // Long pieces stand alone, the rest is clustered more tightly.
    let mut found: Vec<Rect> = Vec::new();
    let (long, short): (Vec<usize>, Vec<usize>) =
        (0..pieces.len()).partition(|&i| pieces[i].length() > 40.0);
    let mut add = |r: Rect| {
        if let Some(same) = found.iter_mut().find(|f| {
            f.inflate(2.0).overlaps(&r) && {
                let joined = f.union(&r);
                joined.area() <= 1.3 * (f.area() + r.area()) + 200.0
            }
        }) {
            *same = same.union(&r);
        } else if found.len() <= MOST_BOXES {
            found.push(r);
        }
    };
    for &i in &long {
        add(pieces[i].inked());
    }
    // As fine as the number of boxes allows.
    let groups = [4.0, 10.0, 25.0]
        .into_iter()
        .map(|gap| cluster(short.len(), |k| [pieces[short[k]].inked()], gap))
        .find(|groups| groups.len() <= MOST_BOXES)
        .unwrap_or_default();
    if groups.is_empty() && !short.is_empty() {
        return vec![whole];
    }
    for group in groups {
        let around = group
            .iter()
            .map(|&k| pieces[short[k]].inked())
            .reduce(|a, b| a.union(&b));
        if let Some(r) = around {
            add(r);
        }
    }
    if found.len() > MOST_BOXES {
        return vec![whole];
    }
    found
}

/// “1 line”, “12 lines”, “3 shapes”.
fn tally(pieces: &[Piece]) -> String {
    let paths: FxHashSet<u32> = pieces.iter().map(|p| p.path).collect();
    let lines = pieces.iter().all(|p| p.look.kind == Kind::Line);
    let (one, many) = if lines {
        ("line", "lines")
    } else {
        ("shape", "shapes")
    };
    match paths.len() {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}
