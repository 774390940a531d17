//! Things that lie close together, found in linear time on a grid.

use model::Rect;
use rustc_hash::FxHashMap;

use crate::cell::floor;

/// A box marks at most this many cells per axis; larger ones mark their
/// corners.
const MOST_CELLS: i32 = 24;
/// Cells for each thing up to which all of them are kept, in rows.
const DENSE: usize = 64;

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
    let mut sets = Sets::new(count);
    let mut places: Vec<(usize, [i32; 4])> = Vec::with_capacity(count);
    for i in 0..count {
        let finite = boxes(i).into_iter().filter(Rect::is_finite);
        places.extend(finite.map(|r| (i, cells(&r, gap))));
    }
    let all = places.iter().map(|place| place.1).reduce(|a, b| {
        let [low, high] = [i32::min, i32::max];
        [
            low(a[0], b[0]),
            low(a[1], b[1]),
            high(a[2], b[2]),
            high(a[3], b[3]),
        ]
    });
    let mut owners = Owners::new(all.unwrap_or_default(), count);
    // Cells that have an owner.
    let mut owned: Vec<(i32, i32)> = Vec::with_capacity(count);
    for (i, [x0, y0, x1, y1]) in places {
        let mut mark = |x: i32, y: i32| {
            if let Some(owner) = owners.of(x, y) {
                sets.join(owner, i);
            } else {
                owners.set(x, y, i);
                owned.push((x, y));
            }
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
    for (x, y) in owned {
        let Some(owner) = owners.of(x, y) else {
            continue;
        };
        for (dx, dy) in [(1, 0), (0, 1), (1, 1), (1, -1)] {
            if let Some(other) = owners.of(x + dx, y + dy) {
                sets.join(owner, other);
            }
        }
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut slots: Vec<Option<u32>> = vec![None; count];
    for i in 0..count {
        let slot = *slots[sets.find(i)].get_or_insert_with(|| {
            groups.push(Vec::new());
            (groups.len() - 1) as u32
        });
        groups[slot as usize].push(i);
    }
    groups
}

/// Columns and rows of the first and the last cell of a box.
fn cells(r: &Rect, gap: f32) -> [i32; 4] {
    [r.x0, r.y0, r.x1, r.y1].map(|v| floor((v / gap).clamp(-1e8, 1e8)))
}

/// Which thing came first to each cell.
enum Owners {
    /// Where they lie close together: row by row, one more than the thing.
    Dense {
        corner: [i32; 2],
        columns: usize,
        rows: usize,
        first: Vec<u32>,
    },
    Sparse(FxHashMap<(i32, i32), usize>),
}

impl Owners {
    /// For `count` things in these cells.
    fn new([x0, y0, x1, y1]: [i32; 4], count: usize) -> Self {
        let [columns, rows] = [x1 - x0, y1 - y0].map(|n| n as usize + 1);
        if columns.saturating_mul(rows) <= DENSE * count + 1024 {
            Self::Dense {
                corner: [x0, y0],
                columns,
                rows,
                first: vec![0; columns * rows],
            }
        } else {
            let mut map = FxHashMap::default();
            map.reserve(count);
            Self::Sparse(map)
        }
    }

    fn of(&self, x: i32, y: i32) -> Option<usize> {
        match self {
            Self::Dense {
                corner,
                columns,
                rows,
                first,
            } => {
                // What lies before the corner becomes huge.
                let (x, y) = ((x - corner[0]) as usize, (y - corner[1]) as usize);
                if x >= *columns || y >= *rows {
                    return None;
                }
                (first[y * columns + x] as usize).checked_sub(1)
            }
            Self::Sparse(map) => map.get(&(x, y)).copied(),
        }
    }

    fn set(&mut self, x: i32, y: i32, thing: usize) {
        match self {
            Self::Dense {
                corner,
                columns,
                first,
                ..
            } => {
                let (x, y) = ((x - corner[0]) as usize, (y - corner[1]) as usize);
                first[y * *columns + x] = thing as u32 + 1;
            }
            Self::Sparse(map) => {
                map.insert((x, y), thing);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Groups by trying each with each.
    fn slowly(boxes: &[Rect], gap: f32) -> Vec<Vec<usize>> {
        let cells: Vec<[i32; 4]> = boxes
            .iter()
            .map(|r| [r.x0, r.y0, r.x1, r.y1].map(|v| (v / gap).floor() as i32))
            .collect();
        let mut sets = Sets::new(boxes.len());
        for (i, a) in cells.iter().enumerate() {
            for (j, b) in cells.iter().enumerate() {
                let near = |k: usize| a[k] <= b[k + 2] + 1 && b[k] <= a[k + 2] + 1;
                if near(0) && near(1) {
                    sets.join(i, j);
                }
            }
        }
        let mut groups: Vec<(usize, Vec<usize>)> = Vec::new();
        for i in 0..boxes.len() {
            let root = sets.find(i);
            match groups.iter_mut().find(|(known, _)| *known == root) {
                Some((_, members)) => members.push(i),
                None => groups.push((root, vec![i])),
            }
        }
        groups.into_iter().map(|(_, members)| members).collect()
    }

    proptest! {
        #[test]
        fn what_is_near_is_together(
            spots in proptest::collection::vec((0.0..1.0_f32, 0.0..1.0_f32, 0.0..9.0_f32), 0..40),
            // Close together, and far apart.
            size in prop::sample::select(vec![60.0_f32, 90_000.0]),
        ) {
            let boxes: Vec<Rect> = spots
                .iter()
                .map(|&(x, y, side)| {
                    let (x, y) = ((x - 0.5) * size, y * size);
                    Rect::new(x, y, x + side, y + side / 2.0)
                })
                .collect();
            prop_assert_eq!(cluster(boxes.len(), |i| [boxes[i]], 3.0), slowly(&boxes, 3.0));
        }
    }
}
