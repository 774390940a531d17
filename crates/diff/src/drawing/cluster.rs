//! Things that lie close together, found in linear time on a grid.

use model::Rect;
use rustc_hash::FxHashMap;

/// A box marks at most this many cells per axis; larger ones mark their
/// corners and middle.
const MOST_CELLS: i64 = 24;

/// Disjoint sets with path halving (Tarjan, 1975).
pub(crate) struct Sets(Vec<usize>);

impl Sets {
    pub fn new(len: usize) -> Self {
        Self((0..len).collect())
    }

    pub fn find(&mut self, mut i: usize) -> usize {
        while self.0[i] != i {
            self.0[i] = self.0[self.0[i]];
            i = self.0[i];
        }
        i
    }

    /// The lower root wins, so that the result does not depend on the order.
    pub fn join(&mut self, i: usize, j: usize) {
        let (i, j) = (self.find(i), self.find(j));
        self.0[i.max(j)] = i.min(j);
    }
}

/// Groups of things no further apart than about `gap` points, each a list of
/// indices in rising order, in the order of their first members. `boxes` gives
/// the boxes of each of the `count` things.
pub(crate) fn cluster<B: IntoIterator<Item = Rect>>(
    count: usize,
    boxes: impl Fn(usize) -> B,
    gap: f32,
) -> Vec<Vec<usize>> {
    let gap = gap.max(0.1);
    // `floor` without SSE 4.1 is a call; a cast is not.
    let cell = |v: f32| {
        let v = (v / gap).clamp(-1e8, 1e8);
        let towards_zero = v as i64;
        towards_zero - i64::from(towards_zero as f32 > v)
    };
    let mut sets = Sets::new(count);
    let mut cells: FxHashMap<(i64, i64), usize> = FxHashMap::default();
    cells.reserve(count);
    for i in 0..count {
        for r in boxes(i).into_iter().filter(Rect::is_finite) {
            let (x0, y0, x1, y1) = (cell(r.x0), cell(r.y0), cell(r.x1), cell(r.y1));
            let mut mark = |x: i64, y: i64| {
                let owner = *cells.entry((x, y)).or_insert(i);
                sets.join(owner, i);
            };
            if x1 - x0 <= MOST_CELLS && y1 - y0 <= MOST_CELLS {
                for y in y0..=y1 {
                    for x in x0..=x1 {
                        mark(x, y);
                    }
                }
            } else {
                for (x, y) in [(x0, y0), (x1, y0), (x0, y1), (x1, y1)] {
                    mark(x, y);
                }
            }
        }
    }
    // In any order: the sets come out the same.
    for (&(x, y), &owner) in &cells {
        for (dx, dy) in [(1, 0), (0, 1), (1, 1), (1, -1)] {
            if let Some(&other) = cells.get(&(x + dx, y + dy)) {
                sets.join(owner, other);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut slot: FxHashMap<usize, usize> = FxHashMap::default();
    for i in 0..count {
        let root = sets.find(i);
        let at = *slot.entry(root).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(i);
    }
    groups
}
