//! Short segments found by place: the page in equal cells, each with a list
//! of what crosses it. Built in two passes over flat arrays, which for tens of
//! thousands of strokes is several times cheaper than a tree.

use model::Rect;

/// Cells along the longer side of the page, at first, to find single strokes.
const CELLS: f32 = 384.0;
/// Likewise, to go through whole areas.
const TILES: f32 = 32.0;
/// Entries per segment, on average, above which larger cells are taken.
const MOST_ENTRIES: usize = 12;
/// Rounding, points.
const SLACK: f32 = 0.01;

/// Both ends of a segment, points.
pub(super) type Segment = ([f32; 2], [f32; 2]);

/// An index of segments by place.
pub(super) struct Grid {
    cells: Cells,
    /// Where each cell's entries begin.
    starts: Vec<u32>,
    /// Segments by number.
    entries: Vec<u32>,
}

/// The cells of a page.
#[derive(Clone, Copy)]
struct Cells {
    corner: [f32; 2],
    per_point: f32,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// Indexes segments `0..count`.
    pub fn new(page: &Rect, count: usize, segment: impl Fn(usize) -> Segment) -> Self {
        Self::with_cells(CELLS, page, count, segment)
    }

    /// Indexes points `0..count` by large tiles.
    pub fn tiles(page: &Rect, count: usize, point: impl Fn(usize) -> [f32; 2]) -> Self {
        Self::with_cells(TILES, page, count, |i| (point(i), point(i)))
    }

    fn with_cells(
        mut side: f32,
        page: &Rect,
        count: usize,
        segment: impl Fn(usize) -> Segment,
    ) -> Self {
        let (cells, mut starts) = loop {
            let cells = Cells::new(page, side);
            let mut counts = vec![0_u32; cells.columns * cells.rows + 1];
            let mut total = 0;
            for i in 0..count {
                cells.along(segment(i), SLACK, |cell| {
                    counts[cell] += 1;
                    total += 1;
                });
            }
            // Long slanted strokes cross hundreds of cells each.
            if total <= MOST_ENTRIES * count + 4096 || side < 2.0 {
                break (cells, counts);
            }
            side /= 4.0;
        };
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        let mut entries = vec![0; end as usize];
        // From the last to the first, so that each list is in rising order.
        for i in (0..count).rev() {
            cells.along(segment(i), SLACK, |cell| {
                starts[cell] -= 1;
                entries[starts[cell] as usize] = i as u32;
            });
        }
        Self {
            cells,
            starts,
            entries,
        }
    }

    /// Calls `each` with whatever may lie within `reach` points of `segment`,
    /// perhaps several times, until it answers false.
    pub fn near(&self, segment: Segment, reach: f32, mut each: impl FnMut(usize) -> bool) {
        let mut on = true;
        self.cells.along(segment, reach + SLACK, |cell| {
            if on {
                on = self.cell(cell).iter().all(|&i| each(i as usize));
            }
        });
    }

    /// Calls `each` with whatever may lie in `place`, perhaps several times.
    pub fn within(&self, place: &Rect, mut each: impl FnMut(usize)) {
        let [x0, y0] = self.cells.of([place.x0, place.y0]);
        let [x1, y1] = self.cells.of([place.x1, place.y1]);
        for y in y0..=y1 {
            for x in x0..=x1 {
                for &i in self.cell(y * self.cells.columns + x) {
                    each(i as usize);
                }
            }
        }
    }

    /// The cells that lie within `reach` of any of `points`, in rising order.
    pub fn around(&self, points: impl Iterator<Item = [f32; 2]>, reach: f32) -> Vec<usize> {
        let mut set = vec![false; self.starts.len()];
        for point in points {
            self.cells
                .along((point, point), reach, |cell| set[cell] = true);
        }
        (0..set.len()).filter(|&cell| set[cell]).collect()
    }

    /// What lies in a cell, in rising order.
    pub fn cell(&self, cell: usize) -> &[u32] {
        let (from, to) = (self.starts[cell] as usize, self.starts[cell + 1] as usize);
        &self.entries[from..to]
    }
}

impl Cells {
    fn new(page: &Rect, side: f32) -> Self {
        let longer = page.width().max(page.height()).max(1.0);
        let per_point = side / longer;
        let count = |size: f32| ((size * per_point).ceil() as usize).clamp(1, side as usize + 1);
        Self {
            corner: [page.x0, page.y0],
            per_point,
            columns: count(page.width()),
            rows: count(page.height()),
        }
    }

    /// Column and row of a point; what lies off the page belongs to its border.
    fn of(&self, [x, y]: [f32; 2]) -> [usize; 2] {
        let at = |v: f32, corner: f32| ((v - corner) * self.per_point) as usize;
        [
            at(x, self.corner[0]).min(self.columns - 1),
            at(y, self.corner[1]).min(self.rows - 1),
        ]
    }

    /// Calls `each` with every cell that lies within `reach` of a segment.
    fn along(&self, (a, b): Segment, reach: f32, mut each: impl FnMut(usize)) {
        let (top, low) = if a[1] <= b[1] { (a, b) } else { (b, a) };
        let [_, first] = self.of([top[0], top[1] - reach]);
        let [_, last] = self.of([low[0], low[1] + reach]);
        let (left, right) = (a[0].min(b[0]), a[0].max(b[0]));
        let height = low[1] - top[1];
        let slope = (low[0] - top[0]) / height;
        for row in first..=last {
            let (mut from, mut to) = (left, right);
            if first < last && height > 0.0 && left < right {
                // The part of the segment in this row.
                let edge = |row: usize| self.corner[1] + row as f32 / self.per_point;
                let x = |y: f32| top[0] + (y.clamp(top[1], low[1]) - top[1]) * slope;
                let above = if row == 0 { top[1] } else { edge(row) - reach };
                let below = if row + 1 == self.rows {
                    low[1]
                } else {
                    edge(row + 1) + reach
                };
                let (p, q) = (x(above), x(below));
                (from, to) = (p.min(q), p.max(q));
            }
            let [x0, _] = self.of([from - reach, 0.0]);
            let [x1, _] = self.of([to + reach, 0.0]);
            for column in x0..=x1 {
                each(row * self.columns + column);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn distance(p: [f32; 2], (a, b): Segment) -> f32 {
        let d = [b[0] - a[0], b[1] - a[1]];
        let square = d[0] * d[0] + d[1] * d[1];
        let along = (p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1];
        let t = if square > 0.0 {
            (along / square).clamp(0.0, 1.0)
        } else {
            0.0
        };
        (a[0] + t * d[0] - p[0]).hypot(a[1] + t * d[1] - p[1])
    }

    fn segments() -> impl Strategy<Value = Vec<Segment>> {
        let point = (-20.0..220.0_f32, -20.0..320.0_f32);
        let one = (point, -80.0..80.0_f32, -80.0..80.0_f32)
            .prop_map(|((x, y), dx, dy)| ([x, y], [x + dx, y + dy]));
        proptest::collection::vec(one, 1..40)
    }

    proptest! {
        #[test]
        fn whatever_is_near_is_found(all in segments(), probe in segments(), reach in 0.0..2.0_f32) {
            let page = Rect::new(0.0, 0.0, 200.0, 300.0);
            let grid = Grid::new(&page, all.len(), |i| all[i]);
            for asked in probe {
                let mut found = vec![false; all.len()];
                grid.near(asked, reach, |i| { found[i] = true; true });
                for (i, other) in all.iter().enumerate() {
                    let near = (0..=20).any(|k| {
                        let t = k as f32 / 20.0;
                        let p = [0, 1].map(|n| other.0[n] + t * (other.1[n] - other.0[n]));
                        distance(p, asked) <= reach
                    });
                    prop_assert!(!near || found[i], "{asked:?} misses {other:?}");
                }
            }
        }
    }

    #[test]
    fn a_flood_of_slanted_lines_takes_larger_cells() {
        let page = Rect::new(0.0, 0.0, 1000.0, 1000.0);
        let grid = Grid::new(&page, 20_000, |i| {
            ([i as f32 % 100.0, 0.0], [1000.0 - i as f32 % 90.0, 1000.0])
        });
        assert!(grid.entries.len() <= MOST_ENTRIES * 20_000 + 4096);
    }

    #[test]
    fn a_place_holds_its_points() {
        let page = Rect::new(0.0, 0.0, 100.0, 100.0);
        let grid = Grid::new(&page, 100, |i| ([i as f32 + 0.5; 2], [i as f32 + 0.5; 2]));
        let place = Rect::new(10.0, 10.0, 20.0, 20.0);
        let mut found = Vec::new();
        grid.within(&place, |i| found.push(i));
        assert!((10..20).all(|i| found.contains(&i)));
        assert!(found.len() < 20);
    }
}
