//! Shapes that are the same elsewhere, grouped by how far they went.

use model::Rect;
use rustc_hash::{FxHashMap, FxHashSet};

use super::cluster::cluster;
use super::grid::Grid;
use super::pieces::{Piece, Source};
use super::shape::shape;

/// Partners tried per shape: a page full of equal shapes stays linear.
const MOST_PARTNERS: usize = 6;
/// Vectors tried, the most popular first.
const MOST_VECTORS: usize = 120;
/// Shapes moved by vectors this close moved together, points.
const SAME_VECTOR: f32 = 0.4;

/// Shapes that moved together.
#[derive(Debug)]
pub(super) struct Move {
    /// Paths of the old and of the new page, pairwise.
    pub paths: Vec<(u32, u32)>,
    /// Where they were, in the space of the new page.
    pub old: Rect,
    /// Where they are.
    pub new: Rect,
    /// How far they went, points.
    pub vector: [f32; 2],
}

/// So many paths that go the same way together are a block.
pub(super) const BLOCK: usize = 16;

struct Pair {
    old: u32,
    new: u32,
    vector: [f32; 2],
    from: Rect,
    to: Rect,
}

/// Finds what moved among paths that are left whole on both sides.
pub(super) fn find(
    old: &Source<'_>,
    old_left: &[u32],
    new: &Source<'_>,
    new_left: &[u32],
    gap: f32,
    ink: [&[Piece]; 2],
    page: &Rect,
) -> Vec<Move> {
    let [old_marks, new_marks] = ink.map(|ink| Marks::new(ink, page));
    let mut by_key: FxHashMap<u64, Vec<(u32, Rect)>> = FxHashMap::default();
    for &j in new_left {
        if let Some((key, bounds)) = shape(new, j) {
            by_key.entry(key).or_default().push((j, bounds));
        }
    }
    let mut pairs: Vec<Pair> = Vec::with_capacity(2 * old_left.len());
    let mut votes: FxHashMap<(i32, i32), f32> = FxHashMap::default();
    let bin = |v: [f32; 2]| {
        (
            (v[0] / SAME_VECTOR).round() as i32,
            (v[1] / SAME_VECTOR).round() as i32,
        )
    };
    let mut near: Vec<(f32, u32, Rect)> = Vec::with_capacity(MOST_PARTNERS);
    for &i in old_left {
        let Some((key, from)) = shape(old, i) else {
            continue;
        };
        let Some(partners) = by_key.get(&key) else {
            continue;
        };
        nearest(&from, partners, &mut near);
        let weight = 1.0 / near.len().max(1) as f32;
        for &(_, j, to) in &near {
            let vector = [to.x0 - from.x0, to.y0 - from.y0];
            *votes.entry(bin(vector)).or_default() += weight;
            pairs.push(Pair {
                old: i,
                new: j,
                vector,
                from,
                to,
            });
        }
    }
    let popular = popular(votes);
    let mut by_bin: FxHashMap<(i32, i32), Vec<usize>> = popular
        .iter()
        .flat_map(|&bin| around(bin))
        .map(|bin| (bin, Vec::new()))
        .collect();
    for (at, pair) in pairs.iter().enumerate() {
        if let Some(list) = by_bin.get_mut(&bin(pair.vector)) {
            list.push(at);
        }
    }
    let mut used_old: FxHashSet<u32> = FxHashSet::default();
    let mut used_new: FxHashSet<u32> = FxHashSet::default();
    let mut moves = Vec::new();
    for bin in popular {
        let mut chosen: Vec<usize> = around(bin)
            .filter_map(|bin| by_bin.get(&bin))
            .flatten()
            .copied()
            .filter(|&at| !used_old.contains(&pairs[at].old) && !used_new.contains(&pairs[at].new))
            .collect();
        chosen.sort_unstable();
        let mut once_old: FxHashSet<u32> = FxHashSet::default();
        let mut once_new: FxHashSet<u32> = FxHashSet::default();
        chosen.retain(|&at| {
            !once_new.contains(&pairs[at].new)
                && once_old.insert(pairs[at].old)
                && once_new.insert(pairs[at].new)
        });
        if chosen.is_empty() {
            continue;
        }
        for group in cluster(chosen.len(), |k| [pairs[chosen[k]].from], gap * 2.0) {
            let members: Vec<&Pair> = group.iter().map(|&k| &pairs[chosen[k]]).collect();
            let Some(found) = plausible(&members) else {
                continue;
            };
            // Strokes of letters find their like all over: what moved leaves
            // nothing else changed where it was and where it is.
            let (from, to) = found.paths.iter().copied().unzip();
            if !old_marks.mostly(&found.old, &from, &used_old)
                || !new_marks.mostly(&found.new, &to, &used_new)
            {
                continue;
            }
            for (old, new) in &found.paths {
                used_old.insert(*old);
                used_new.insert(*new);
            }
            moves.push(found);
        }
    }
    moves
}

/// The vectors most shapes went by, the most popular first.
fn popular(votes: FxHashMap<(i32, i32), f32>) -> Vec<(i32, i32)> {
    let mut ranked: Vec<((i32, i32), f32)> = votes.into_iter().collect();
    let distance = |b: (i32, i32)| i64::from(b.0).pow(2) + i64::from(b.1).pow(2);
    let order = |a: &((i32, i32), f32), b: &((i32, i32), f32)| {
        b.1.total_cmp(&a.1)
            .then(distance(a.0).cmp(&distance(b.0)))
            .then(a.0.cmp(&b.0))
    };
    if ranked.len() > MOST_VECTORS {
        ranked.select_nth_unstable_by(MOST_VECTORS, order);
        ranked.truncate(MOST_VECTORS);
    }
    ranked.sort_by(order);
    ranked.into_iter().map(|(bin, _)| bin).collect()
}

/// A cell of vectors and its neighbours.
fn around((x, y): (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
    (-1..=1).flat_map(move |dx| {
        (-1..=1).map(move |dy| (i32::saturating_add(x, dx), i32::saturating_add(y, dy)))
    })
}

/// The nearest few of `partners` with the squares of their distances, without
/// sorting a hostile pile for every shape.
fn nearest(from: &Rect, partners: &[(u32, Rect)], near: &mut Vec<(f32, u32, Rect)>) {
    near.clear();
    for &(j, to) in partners.iter().take(48) {
        let (dx, dy) = (to.x0 - from.x0, to.y0 - from.y0);
        let far = dx * dx + dy * dy;
        let full = near.len() == MOST_PARTNERS;
        if full && near.last().is_some_and(|last| far >= last.0) {
            continue;
        }
        let at = near.partition_point(|other| other.0 <= far);
        near.truncate(MOST_PARTNERS - 1);
        near.insert(at, (far, j, to));
    }
}

/// Leftover ink by place, to see what else is there.
struct Marks {
    /// Middle and path of each piece.
    marks: Vec<([f32; 2], u32)>,
    grid: Grid,
}

impl Marks {
    fn new(ink: &[Piece], page: &Rect) -> Self {
        let finite = ink.iter().filter(|p| p.bounds().is_finite());
        let marks: Vec<_> = finite.map(|p| (p.bounds().center(), p.path)).collect();
        Self {
            grid: Grid::new(page, marks.len(), |i| (marks[i].0, marks[i].0)),
            marks,
        }
    }

    /// Whether most of what is left inside `place` belongs to `paths`, what is
    /// already `used` by other moves aside. Blocks of many paths may lie among
    /// other changes.
    fn mostly(&self, place: &Rect, paths: &FxHashSet<u32>, used: &FxHashSet<u32>) -> bool {
        let r = place.inflate(1.0);
        let (mut own, mut other) = (0_usize, 0_usize);
        self.grid.within(&r, |i| {
            let (at, path) = &self.marks[i];
            if !r.contains(*at) {
                return;
            }
            if paths.contains(path) {
                own += 1;
            } else if !used.contains(path) {
                other += 1;
            }
        });
        if paths.len() >= BLOCK {
            3 * own >= other
        } else {
            own >= 3 * other
        }
    }
}

/// A group as a move, if a person would believe it: a lone small shape that
/// reappears far away is another shape of the same kind.
fn plausible(members: &[&Pair]) -> Option<Move> {
    let old = members.iter().map(|p| p.from).reduce(|a, b| a.union(&b))?;
    let new = members.iter().map(|p| p.to).reduce(|a, b| a.union(&b))?;
    let n = members.len() as f32;
    let vector = [0, 1].map(|k| members.iter().map(|p| p.vector[k]).sum::<f32>() / n);
    let far = vector[0].hypot(vector[1]);
    let size = old.width().hypot(old.height());
    let limit = match members.len() {
        1 => 12.0 + 0.5 * size,
        2..5 => 12.0 + 1.5 * size,
        _ => 40.0 + 6.0 * size,
    };
    (far <= limit).then(|| Move {
        paths: members.iter().map(|p| (p.old, p.new)).collect(),
        old,
        new,
        vector,
    })
}
