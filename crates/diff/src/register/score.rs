//! How much ink of the old page a map puts onto its like on the new page.
//!
//! Words are compared by what they say; lines as ink, so that it does not
//! matter in what paths they are written.

use model::{Page, Rect, Transform};
use rustc_hash::FxHashMap;

use super::strokes;
use crate::cell::floor;

/// Words looked at per page.
const WORDS: usize = 3_000;
/// Points of ink looked at per page.
const POINTS: usize = 6_000;
/// Further off than this is no match, points.
const REACH: f32 = 1.0;
/// Distance of two points of ink looked at on one stroke, points,
const STEP: f32 = 4.0;
/// and how many of them one stroke has at most.
const MOST_STEPS: f32 = 20.0;
/// Cell of the map of ink, points.
const CELL: f32 = 0.5;
/// Most cells of the map of ink.
const MOST_CELLS: f32 = 6.0e6;

/// The ink of a page pair, indexed for scoring.
pub(super) struct Ink {
    words: Vec<Word>,
    index: FxHashMap<(u64, i32, i32), Vec<Rect>>,
    points: Vec<Point>,
    strokes: Strokes,
    total: f64,
}

struct Word {
    key: u64,
    bounds: Rect,
    weight: f64,
}

/// A point on a stroke of the old page.
struct Point {
    at: [f32; 2],
    direction: u8,
    weight: f64,
}

/// What a map explains.
pub(super) struct Score {
    /// Share of the old ink, 0 to 1, matches counting less the further off
    /// they are.
    pub value: f64,
}

impl Ink {
    pub fn new(old: &Page, new: &Page) -> Self {
        let words_old = words(old, WORDS);
        let mut index: FxHashMap<(u64, i32, i32), Vec<Rect>> = FxHashMap::default();
        for word in words(new, usize::MAX) {
            let (x, y) = cell(word.bounds.center());
            index.entry((word.key, x, y)).or_default().push(word.bounds);
        }
        let points = points(old);
        let total = words_old.iter().map(|w| w.weight).sum::<f64>()
            + points.iter().map(|p| p.weight).sum::<f64>();
        Self {
            words: words_old,
            index,
            strokes: Strokes::new(new, !points.is_empty()),
            points,
            total,
        }
    }

    pub fn score(&self, t: &Transform) -> Score {
        let mut sum = 0.0;
        for word in &self.words {
            let r = t.apply_rect(&word.bounds);
            sum += word.weight * f64::from(self.closeness(word.key, &r));
        }
        for point in &self.points {
            let near = self.strokes.closeness(t.apply(point.at), point.direction);
            sum += point.weight * near;
        }
        Score {
            value: if self.total > 0.0 {
                sum / self.total
            } else {
                1.0
            },
        }
    }

    /// 1 for the same word at the same place, 0 for none within reach.
    fn closeness(&self, key: u64, r: &Rect) -> f32 {
        let [cx, cy] = r.center();
        let (x, y) = cell([cx, cy]);
        let mut best = 0.0_f32;
        for dx in -1..=1 {
            for dy in -1..=1 {
                let Some(list) = self
                    .index
                    .get(&(key, x.saturating_add(dx), y.saturating_add(dy)))
                else {
                    continue;
                };
                for other in list.iter().take(64) {
                    let [ox, oy] = other.center();
                    let away = (ox - cx).hypot(oy - cy);
                    let grown = (other.width() - r.width())
                        .abs()
                        .max((other.height() - r.height()).abs());
                    // A turned page's boxes grow a little.
                    if away < REACH && grown <= 1.0 + 0.05 * r.width().max(r.height()) {
                        best = best.max(1.0 - away * away);
                    }
                }
            }
        }
        best
    }
}

fn cell([x, y]: [f32; 2]) -> (i32, i32) {
    (floor(x / REACH), floor(y / REACH))
}

/// Words by their text, evenly thinned out to about `most`.
fn words(page: &Page, most: usize) -> Vec<Word> {
    let step = page.words.len().div_ceil(most.max(1)).max(1);
    page.words
        .iter()
        .step_by(step)
        .filter(|word| word.bounds.is_finite())
        .map(|word| Word {
            key: word.text.bytes().fold(0xcbf2_9ce4_8422_2325, |key, byte| {
                (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            }),
            bounds: word.bounds,
            weight: f64::from(word.bounds.width().clamp(1.0, 80.0)),
        })
        .collect()
}

/// Calls `each` with every stroke of paths that are seen and smaller than the
/// page: white grounds and clips as large as the page lie anywhere.
fn visible_strokes(page: &Page, mut each: impl FnMut([f32; 2], [f32; 2])) {
    for (index, path) in page.drawing.paths.iter().enumerate() {
        let filled = path.bounds.area() > 0.8 * page.size[0] * page.size[1]
            && page
                .drawing
                .styles
                .get(path.style as usize)
                .is_some_and(|s| s.paint != model::Paint::Stroke);
        if path.visible.is_some() && path.bounds.is_finite() && !filled {
            strokes::each(&page.drawing, index, &mut each);
        }
    }
}

/// Points on the strokes of a page, evenly thinned out.
fn points(page: &Page) -> Vec<Point> {
    let length = |a: [f32; 2], b: [f32; 2]| {
        let d = [b[0] - a[0], b[1] - a[1]];
        (d[0] * d[0] + d[1] * d[1]).sqrt()
    };
    let count = |length: f32| (length / STEP).ceil().clamp(1.0, MOST_STEPS);
    let mut all = 0;
    visible_strokes(page, |a, b| all += count(length(a, b)) as usize);
    let step = all.div_ceil(POINTS).max(1);
    let mut found = Vec::with_capacity(all / step + 1);
    // Points to leave out before the next one.
    let mut skip = 0;
    visible_strokes(page, |a, b| {
        let length = length(a, b);
        let count = count(length);
        let mut i = skip;
        while i < count as usize {
            let t = (i as f32 + 0.5) / count;
            found.push(Point {
                at: [0, 1].map(|k| a[k] + t * (b[k] - a[k])),
                direction: direction(a, b),
                weight: f64::from((length / count).clamp(0.5, STEP)),
            });
            i += step;
        }
        skip = i - count as usize;
    });
    found
}

/// One bit for level, upright, rising and falling strokes.
fn direction(a: [f32; 2], b: [f32; 2]) -> u8 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    if dy.abs() <= 0.4 * dx.abs() {
        1
    } else if dx.abs() <= 0.4 * dy.abs() {
        2
    } else if (dx > 0.0) == (dy > 0.0) {
        4
    } else {
        8
    }
}

/// A map of the new page: which cells strokes of which direction cross.
struct Strokes {
    cell: f32,
    columns: usize,
    rows: usize,
    set: Vec<u8>,
}

impl Strokes {
    fn new(page: &Page, wanted: bool) -> Self {
        let [width, height] = page
            .size
            .map(|v| if v.is_finite() { v.max(1.0) } else { 1.0 });
        let cell = CELL.max((width * height / MOST_CELLS).sqrt());
        let columns = (width / cell).ceil().clamp(1.0, 20_000.0) as usize;
        let rows = (height / cell).ceil().clamp(1.0, 20_000.0) as usize;
        let mut map = Self {
            cell,
            columns,
            rows,
            set: Vec::new(),
        };
        if !wanted || columns * rows > 2 * MOST_CELLS as usize {
            return map;
        }
        map.set = vec![0; columns * rows];
        visible_strokes(page, |a, b| {
            let bit = direction(a, b);
            let most = (b[0] - a[0]).abs().max((b[1] - a[1]).abs());
            let count = (most / cell).ceil().clamp(1.0, 50_000.0);
            for i in 0..=count as usize {
                let t = i as f32 / count;
                let at = [0, 1].map(|k| a[k] + t * (b[k] - a[k]));
                if let Some(slot) = map.slot(at) {
                    map.set[slot] |= bit;
                }
            }
        });
        map
    }

    fn slot(&self, [x, y]: [f32; 2]) -> Option<usize> {
        let (x, y) = (x / self.cell, y / self.cell);
        let inside = x >= 0.0 && y >= 0.0 && x < self.columns as f32 && y < self.rows as f32;
        inside.then(|| y as usize * self.columns + x as usize)
    }

    /// 1 where a stroke of this direction crosses, less beside one, 0 where
    /// none is near.
    fn closeness(&self, [x, y]: [f32; 2], direction: u8) -> f64 {
        let crossed = |dx: f32, dy: f32| {
            let at = [x + dx * self.cell, y + dy * self.cell];
            let slot = self.slot(at);
            slot.and_then(|slot| self.set.get(slot))
                .is_some_and(|bits| bits & direction != 0)
        };
        if crossed(0.0, 0.0) {
            return 1.0;
        }
        // A quarter of a cell may lie beyond a border.
        if [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.0, -0.3)]
            .iter()
            .any(|&(dx, dy)| crossed(dx, dy))
        {
            return 1.0;
        }
        let beside = (-1..=1)
            .flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)))
            .any(|(dx, dy)| crossed(dx as f32, dy as f32));
        if beside { 0.5 } else { 0.0 }
    }
}
