//! How much ink of the old page a map puts onto its like on the new page.

use model::{Page, Rect, Transform};
use rustc_hash::FxHashMap;

/// Words and paths looked at per page.
const SAMPLE: usize = 3_000;
/// Further off than this is no match, points.
const REACH: f32 = 1.0;

/// The ink of a page pair, indexed for scoring.
pub(super) struct Ink {
    old: Vec<Item>,
    new: FxHashMap<(u64, i32, i32), Vec<Rect>>,
    total: f64,
}

struct Item {
    key: u64,
    bounds: Rect,
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
        let old = items(old, SAMPLE);
        let mut index: FxHashMap<(u64, i32, i32), Vec<Rect>> = FxHashMap::default();
        for item in items(new, usize::MAX) {
            let (x, y) = cell(item.bounds.center());
            index.entry((item.key, x, y)).or_default().push(item.bounds);
        }
        Self {
            total: old.iter().map(|i| i.weight).sum(),
            old,
            new: index,
        }
    }

    pub fn score(&self, t: &Transform) -> Score {
        let mut sum = 0.0;
        for item in &self.old {
            let r = t.apply_rect(&item.bounds);
            sum += item.weight * f64::from(self.closeness(item.key, &r));
        }
        Score {
            value: if self.total > 0.0 {
                sum / self.total
            } else {
                1.0
            },
        }
    }

    /// 1 for the same thing at the same place, 0 for none within reach.
    fn closeness(&self, key: u64, r: &Rect) -> f32 {
        let [cx, cy] = r.center();
        let (x, y) = cell([cx, cy]);
        let mut best = 0.0_f32;
        for dx in -1..=1 {
            for dy in -1..=1 {
                let Some(list) = self
                    .new
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
    ((x / REACH).floor() as i32, (y / REACH).floor() as i32)
}

/// Words by their text, paths by their number of verbs, evenly thinned out to
/// about `most` of each.
fn items(page: &Page, most: usize) -> Vec<Item> {
    let thin = |len: usize| len.div_ceil(most.max(1)).max(1);
    let mut out = Vec::new();
    for word in page.words.iter().step_by(thin(page.words.len())) {
        let mut key = 0xcbf2_9ce4_8422_2325_u64;
        for byte in word.text.bytes() {
            key = (key ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if word.bounds.is_finite() {
            out.push(Item {
                key,
                bounds: word.bounds,
                weight: f64::from(word.bounds.width().clamp(1.0, 80.0)),
            });
        }
    }
    let drawing = &page.drawing;
    let step = thin(drawing.paths.len());
    for (index, path) in drawing.paths.iter().enumerate().step_by(step) {
        if path.visible.is_none() || !path.bounds.is_finite() {
            continue;
        }
        // White grounds and clips as large as the page lie anywhere.
        let r = path.bounds;
        if r.area() > 0.8 * page.size[0] * page.size[1] {
            continue;
        }
        out.push(Item {
            key: drawing.geometry(index).0.len() as u64,
            bounds: r,
            weight: f64::from(r.width().hypot(r.height()).clamp(0.5, 80.0)),
        });
    }
    out
}
