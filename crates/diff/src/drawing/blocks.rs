//! Blocks of a drawing that stand elsewhere as they are: a circuit pushed
//! aside, a title block in another corner.
//!
//! A program writes a block in the same order wherever it stands, so that a
//! run of paths that occurs once on either side tells the block and its way.
//! Such blocks are found before anything is taken apart: on a sheet that was
//! rearranged they are most of what is left.

use std::hash::Hasher;

use model::Rect;
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::cluster::cluster;
use super::moved::{BLOCK, Move};
use super::pieces::Source;

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

/// The blocks of at least [`BLOCK`] of the paths left on both sides (in
/// painting order) that moved further than `least` points. Parts of a block
/// lie no further apart than about `gap`, points.
pub(super) fn find(
    old: &Source<'_>,
    old_left: &[u32],
    new: &Source<'_>,
    new_left: &[u32],
    gap: f32,
    least: f32,
) -> Vec<Move> {
    if old_left.len() < BLOCK || new_left.len() < BLOCK {
        return Vec::new();
    }
    let (old, new) = rayon::join(|| shapes(old, old_left), || shapes(new, new_left));
    let seeds = seeds(&old, &new);
    let mut partner: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = vec![false; new.len()];
    let mut moves = Vec::new();
    for vector in vectors(&seeds, &old, &new, least) {
        let pairs = along(vector, &seeds, &old, &new, &mut partner, &mut taken);
        let places = |k: usize| [old[pairs[k].0].bounds];
        for group in cluster(pairs.len(), places, gap) {
            let members: Vec<(usize, usize)> = group.iter().map(|&k| pairs[k]).collect();
            let found = block(&members, &old, &new).filter(|found| {
                alone(&found.old, members.len(), &old, |i| partner[i].is_none())
                    && alone(&found.new, members.len(), &new, |j| !taken[j])
            });
            match found {
                Some(found) => moves.push(found),
                None => {
                    for (i, j) in members {
                        partner[i] = None;
                        taken[j] = false;
                    }
                }
            }
        }
    }
    moves
}

/// Whether most of what is left at `place` belongs to its block of `own`
/// paths. Strokes of letters find their like all over; what moved as a block
/// leaves little else. Large blocks are no chance, whatever lies among them.
fn alone(place: &Rect, own: usize, shapes: &[Shape], free: impl Fn(usize) -> bool) -> bool {
    if own >= LARGE {
        return true;
    }
    let other = shapes
        .iter()
        .enumerate()
        .filter(|(i, shape)| free(*i) && place.contains(shape.bounds.center()))
        .count();
    own * 3 >= other
}

fn shapes(source: &Source<'_>, left: &[u32]) -> Vec<Shape> {
    let mut found = Vec::with_capacity(left.len());
    for &path in left {
        let Some(looks) = source.visible_looks(path as usize) else {
            continue;
        };
        let plain = |look: Option<super::look::Look>| look.is_none_or(|l| l.white());
        let bounds = source.transform.apply_rect(&source.bounds(path as usize));
        if !bounds.is_finite() || plain(looks.fill) && plain(looks.stroke) {
            continue;
        }
        let (verbs, coords) = source.drawing.geometry(path as usize);
        let mut hasher = FxHasher::default();
        hasher.write_u8(u8::from(looks.fill.is_some()));
        for verb in verbs {
            hasher.write_u8(*verb as u8);
        }
        for pair in coords.chunks_exact(2) {
            let [x, y] = source.transform.apply([pair[0], pair[1]]);
            // Offset by a third of a cell: differences are often multiples
            // of it.
            let x = ((x - bounds.x0) * 5.0 + 0.33) as i32;
            let y = ((y - bounds.y0) * 5.0 + 0.33) as i32;
            hasher.write_u64((x as u32 as u64) << 32 | y as u32 as u64);
        }
        found.push(Shape {
            path,
            key: hasher.finish(),
            bounds,
        });
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
                hasher.write_i32(((shape.bounds.x0 - x) * 4.0 + 0.37).floor() as i32);
                hasher.write_i32(((shape.bounds.y0 - y) * 4.0 + 0.37).floor() as i32);
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
fn vectors(
    seeds: &[(usize, usize)],
    old: &[Shape],
    new: &[Shape],
    least: f32,
) -> Vec<[f32; 2]> {
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
    old: &[Shape],
    new: &[Shape],
    partner: &mut [Option<usize>],
    taken: &mut [bool],
) -> Vec<(usize, usize)> {
    let went = |i: usize, j: usize| {
        let [x, y] = vector(&old[i], &new[j]);
        old[i].key == new[j].key
            && (x - way[0]).abs() <= SAME_VECTOR
            && (y - way[1]).abs() <= SAME_VECTOR
    };
    let mut pairs = Vec::new();
    let mut pair = |i: usize, j: usize| {
        let fits = partner[i].is_none() && !taken[j] && went(i, j);
        if fits {
            partner[i] = Some(j);
            taken[j] = true;
            pairs.push((i, j));
        }
        fits
    };
    for &(i, j) in seeds {
        if !pair(i, j) {
            continue;
        }
        let mut next = 1;
        while i + next < old.len() && j + next < new.len() && pair(i + next, j + next) {
            next += 1;
        }
        let mut back = 1;
        while back <= i && back <= j && pair(i - back, j - back) {
            back += 1;
        }
    }
    if pairs.len() >= BLOCK {
        pairs.extend(strays(way, &pairs, old, new, partner, taken));
    }
    pairs
}

/// What lies among `pairs` and went the same way, but was written apart.
fn strays(
    way: [f32; 2],
    pairs: &[(usize, usize)],
    old: &[Shape],
    new: &[Shape],
    partner: &mut [Option<usize>],
    taken: &mut [bool],
) -> Vec<(usize, usize)> {
    let around = |at: [f32; 2]| at.map(|v| (v / 16.0).floor() as i32);
    let mut cells: FxHashSet<[i32; 2]> = FxHashSet::default();
    for &(i, _) in pairs {
        let [x, y] = around(old[i].at());
        for dx in -1..=1 {
            for dy in -1..=1 {
                cells.insert([x.saturating_add(dx), y.saturating_add(dy)]);
            }
        }
    }
    let Some(all) = Rect::around(pairs.iter().map(|&(i, _)| old[i].at())) else {
        return Vec::new();
    };
    let all = all.inflate(32.0);
    let near = |at: [f32; 2]| all.contains(at) && cells.contains(&around(at));
    let place = |key: u64, [x, y]: [i32; 2]| (key, x, y);
    let grid = |at: [f32; 2]| at.map(|v| v.floor() as i32);
    let mut free: FxHashMap<(u64, i32, i32), Vec<usize>> = FxHashMap::default();
    for (j, shape) in new.iter().enumerate() {
        let [x, y] = shape.at();
        if !taken[j] && near([x - way[0], y - way[1]]) {
            free.entry(place(shape.key, grid([x, y]))).or_default().push(j);
        }
    }
    let mut found = Vec::new();
    for (i, shape) in old.iter().enumerate() {
        let [x, y] = shape.at();
        if partner[i].is_some() || !near([x, y]) {
            continue;
        }
        let to = [x + way[0], y + way[1]];
        let fits = |j: &usize| {
            let at = new[*j].at();
            !taken[*j] && (0..2).all(|k| (at[k] - to[k]).abs() <= SAME_VECTOR)
        };
        let hit = [-0.5, 0.5]
            .into_iter()
            .flat_map(|dx| [-0.5, 0.5].map(|dy| [to[0] + dx, to[1] + dy]))
            .filter_map(|at| free.get(&place(shape.key, grid(at))))
            .find_map(|list| list.iter().take(16).copied().find(|j| fits(j)));
        if let Some(j) = hit {
            partner[i] = Some(j);
            taken[j] = true;
            found.push((i, j));
        }
    }
    found
}

/// The move of a block, where enough belongs to it.
fn block(members: &[(usize, usize)], old: &[Shape], new: &[Shape]) -> Option<Move> {
    if members.len() < BLOCK {
        return None;
    }
    let union = |a: Rect, b: Rect| a.union(&b);
    let n = members.len() as f32;
    let way = |k: usize| members.iter().map(|&(i, j)| vector(&old[i], &new[j])[k]).sum::<f32>();
    Some(Move {
        paths: members.iter().map(|&(i, j)| (old[i].path, new[j].path)).collect(),
        old: members.iter().map(|m| old[m.0].bounds).reduce(union)?,
        new: members.iter().map(|m| new[m.1].bounds).reduce(union)?,
        vector: [way(0) / n, way(1) / n],
    })
}
