//! Blocks of a drawing that stand elsewhere as they are: a circuit pushed
//! aside, a title block in another corner.
//!
//! A program writes a block in the same order wherever it stands, so that a
//! run of paths that occurs once on either side tells the block and its way.
//! Such blocks are found before anything is taken apart: on a sheet that was
//! rearranged they are most of what is left.

use std::hash::Hasher;

use model::Rect;
use rustc_hash::{FxHashMap, FxHasher};

use super::cluster::cluster;
use super::grid::Grid;
use super::look::Look;
use super::moved::{BLOCK, Move};
use super::pieces::Source;
use super::shape::shape;
use crate::cell::floor;

/// Paths of one run that is looked up.
const RUN: usize = 6;
/// Shapes moved by vectors this close moved together, points.
const SAME_VECTOR: f32 = 0.4;
/// So many paths that went the same way are no chance.
const LARGE: usize = 200;
/// Vectors tried, those of most runs first.
const MOST_VECTORS: usize = 64;

/// One path that is left to explain.
struct Shape {
    path: u32,
    /// Shape and look, wherever it stands.
    key: u64,
    bounds: Rect,
}

impl Shape {
    fn at(&self) -> [f32; 2] {
        [self.bounds.x0, self.bounds.y0]
    }
}

/// What is left of one side.
struct Side {
    shapes: Vec<Shape>,
    tiles: Grid,
    /// Which shapes belong to a block.
    used: Vec<bool>,
}

impl Side {
    fn new(source: &Source<'_>, left: &[u32], page: &Rect) -> Self {
        let shapes = shapes(source, left);
        Self {
            tiles: Grid::tiles(page, shapes.len(), |i| shapes[i].at()),
            used: vec![false; shapes.len()],
            shapes,
        }
    }

    /// Whether most of what is left at `place` belongs to its block of `own`
    /// paths. Strokes of letters find their like all over; what moved as a
    /// block leaves little else. Large blocks are no chance, whatever lies
    /// among them.
    fn alone(&self, place: &Rect, own: usize) -> bool {
        let mut other = 0;
        if own < LARGE {
            self.tiles.within(place, |i| {
                other += usize::from(!self.used[i] && place.contains(self.shapes[i].at()));
            });
        }
        own * 3 >= other
    }
}

/// The blocks of at least [`BLOCK`] of the paths left on both sides (in
/// painting order) that moved further than `least` points. Parts of a block
/// lie no further apart than about `gap`, points.
pub(super) fn find(
    sides: [&Source<'_>; 2],
    [old_left, new_left]: [&[u32]; 2],
    page: &Rect,
    gap: f32,
    least: f32,
) -> Vec<Move> {
    if old_left.len() < BLOCK || new_left.len() < BLOCK {
        return Vec::new();
    }
    let (mut old, mut new) = rayon::join(
        || Side::new(sides[0], old_left, page),
        || Side::new(sides[1], new_left, page),
    );
    let seeds = seeds(&old.shapes, &new.shapes);
    let mut moves = Vec::new();
    for vector in vectors(&seeds, &old.shapes, &new.shapes, least) {
        let pairs = along(vector, &seeds, &mut old, &mut new);
        let places = |k: usize| [old.shapes[pairs[k].0].bounds];
        for group in cluster(pairs.len(), places, gap) {
            let members: Vec<(usize, usize)> = group.iter().map(|&k| pairs[k]).collect();
            let found = block(&members, &old.shapes, &new.shapes).filter(|found| {
                old.alone(&found.old, members.len()) && new.alone(&found.new, members.len())
            });
            match found {
                Some(found) => moves.push(found),
                None => {
                    for (i, j) in members {
                        old.used[i] = false;
                        new.used[j] = false;
                    }
                }
            }
        }
    }
    moves
}

fn shapes(source: &Source<'_>, left: &[u32]) -> Vec<Shape> {
    let mut found = Vec::with_capacity(left.len());
    for &path in left {
        let Some(looks) = source.visible_looks(path as usize) else {
            continue;
        };
        let plain = |look: Option<Look>| look.is_none_or(|l| l.white());
        if plain(looks.fill) && plain(looks.stroke) {
            continue;
        }
        if let Some((key, bounds)) = shape(source, path) {
            found.push(Shape { path, key, bounds });
        }
    }
    found
}

/// Runs of shapes that occur once on either side: where they begin.
fn seeds(old: &[Shape], new: &[Shape]) -> Vec<(usize, usize)> {
    let (old_runs, new_runs) = rayon::join(|| runs(old), || runs(new));
    let mut once: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    once.reserve(new_runs.len());
    for (j, run) in new_runs.into_iter().enumerate() {
        once.entry(run).and_modify(|v| *v = None).or_insert(Some(j));
    }
    let mut seen: FxHashMap<u64, Option<usize>> = FxHashMap::default();
    for (i, run) in old_runs.into_iter().enumerate() {
        if let Some(Some(_)) = once.get(&run) {
            seen.entry(run).and_modify(|v| *v = None).or_insert(Some(i));
        }
    }
    let mut seeds: Vec<(usize, usize)> = seen
        .into_iter()
        .filter_map(|(run, i)| Some((i?, (*once.get(&run)?)?)))
        .collect();
    seeds.sort_unstable();
    seeds
}

/// Key of the run that begins at each shape: the shapes and how they lie to
/// each other.
fn runs(shapes: &[Shape]) -> Vec<u64> {
    shapes
        .windows(RUN)
        .map(|run| {
            let mut hasher = FxHasher::default();
            let [x, y] = run[0].at();
            for shape in run {
                hasher.write_u64(shape.key);
                hasher.write_i32(floor((shape.bounds.x0 - x) * 4.0 + 0.37));
                hasher.write_i32(floor((shape.bounds.y0 - y) * 4.0 + 0.37));
            }
            hasher.finish()
        })
        .collect()
}

fn vector(from: &Shape, to: &Shape) -> [f32; 2] {
    let ([x, y], [nx, ny]) = (from.at(), to.at());
    [nx - x, ny - y]
}

/// The ways most runs went, most first.
fn vectors(seeds: &[(usize, usize)], old: &[Shape], new: &[Shape], least: f32) -> Vec<[f32; 2]> {
    let mut votes: FxHashMap<(i32, i32), (u32, [f64; 2])> = FxHashMap::default();
    for &(i, j) in seeds {
        let [x, y] = vector(&old[i], &new[j]);
        let bin = [x, y].map(|v| (v / SAME_VECTOR).round() as i32);
        let (count, sum) = votes.entry((bin[0], bin[1])).or_default();
        *count += 1;
        *sum = [sum[0] + f64::from(x), sum[1] + f64::from(y)];
    }
    let mut ranked: Vec<_> = votes.into_iter().filter(|(_, v)| v.0 >= 4).collect();
    ranked.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
    ranked
        .into_iter()
        .take(MOST_VECTORS)
        .map(|(_, (count, sum))| sum.map(|v| (v / f64::from(count)) as f32))
        .filter(|[x, y]| x.hypot(*y) > least)
        .collect()
}

/// Everything that went this way in the order it was written in, from the
/// seeds onwards and backwards.
fn along(
    way: [f32; 2],
    seeds: &[(usize, usize)],
    old: &mut Side,
    new: &mut Side,
) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    let mut pair = |i: usize, j: usize| {
        let fits = !old.used[i] && !new.used[j] && went(way, &old.shapes[i], &new.shapes[j]);
        if fits {
            (old.used[i], new.used[j]) = (true, true);
            pairs.push((i, j));
        }
        fits
    };
    let [old_count, new_count] = [old.shapes.len(), new.shapes.len()];
    for &(i, j) in seeds {
        if !pair(i, j) {
            continue;
        }
        let mut next = 1;
        while i + next < old_count && j + next < new_count && pair(i + next, j + next) {
            next += 1;
        }
        let mut back = 1;
        while back <= i && back <= j && pair(i - back, j - back) {
            back += 1;
        }
    }
    if pairs.len() >= BLOCK {
        strays(way, &mut pairs, old, new);
    }
    pairs
}

fn went(way: [f32; 2], from: &Shape, to: &Shape) -> bool {
    let [x, y] = vector(from, to);
    from.key == to.key && (x - way[0]).abs() <= SAME_VECTOR && (y - way[1]).abs() <= SAME_VECTOR
}

/// Adds to `pairs` what lies around them and went the same way, but was
/// written apart.
fn strays(way: [f32; 2], pairs: &mut Vec<(usize, usize)>, old: &mut Side, new: &mut Side) {
    const AROUND: f32 = 16.0;
    let before = || pairs.iter().map(|&(i, _)| old.shapes[i].at());
    let after = || pairs.iter().map(|&(_, j)| new.shapes[j].at());
    let (from, to) = (
        old.tiles.around(before(), AROUND),
        new.tiles.around(after(), AROUND),
    );
    let mut free: FxHashMap<(u64, i32, i32), Vec<usize>> = FxHashMap::default();
    for &j in to.iter().flat_map(|&tile| new.tiles.cell(tile)) {
        let (j, shape) = (j as usize, &new.shapes[j as usize]);
        if !new.used[j] {
            let [x, y] = shape.at().map(floor);
            free.entry((shape.key, x, y)).or_default().push(j);
        }
    }
    for &i in from.iter().flat_map(|&tile| old.tiles.cell(tile)) {
        let (i, shape) = (i as usize, &old.shapes[i as usize]);
        if old.used[i] {
            continue;
        }
        let [x, y] = shape.at();
        let to = [x + way[0], y + way[1]];
        let hit = [-0.5, 0.5]
            .into_iter()
            .flat_map(|dx| [-0.5, 0.5].map(|dy| [to[0] + dx, to[1] + dy].map(floor)))
            .filter_map(|[x, y]| free.get(&(shape.key, x, y)))
            .flat_map(|list| list.iter().take(16).copied())
            .find(|&j| !new.used[j] && went(way, shape, &new.shapes[j]));
        if let Some(j) = hit {
            (old.used[i], new.used[j]) = (true, true);
            pairs.push((i, j));
        }
    }
}

/// The move of a block, where enough belongs to it.
fn block(members: &[(usize, usize)], old: &[Shape], new: &[Shape]) -> Option<Move> {
    if members.len() < BLOCK {
        return None;
    }
    let union = |a: Rect, b: Rect| a.union(&b);
    let n = members.len() as f32;
    let way = |k: usize| {
        members
            .iter()
            .map(|&(i, j)| vector(&old[i], &new[j])[k])
            .sum::<f32>()
    };
    Some(Move {
        paths: members
            .iter()
            .map(|&(i, j)| (old[i].path, new[j].path))
            .collect(),
        old: members.iter().map(|m| old[m.0].bounds).reduce(union)?,
        new: members.iter().map(|m| new[m.1].bounds).reduce(union)?,
        vector: [way(0) / n, way(1) / n],
    })
}
