//! Where the words of a page went, so that rules, bars and figures that move
//! along with reflowed text are not taken for edits of the drawing.

use model::{Page, Rect, Transform};
use rustc_hash::FxHashMap;

use crate::cell::floor;

/// Words may be this far off and still stand where they stood, points.
const STAYS: f32 = 1.0;

/// A word of one page and what became of it.
struct Track {
    bounds: Rect,
    /// How far it went, points; `None` where it has no partner.
    moved: Option<[f32; 2]>,
}

/// The words of both pages in the space of the new page.
pub(crate) struct Flow {
    old: Vec<Track>,
    new: Vec<Track>,
}

impl Flow {
    pub fn new(old: &Page, new: &Page, transform: &Transform) -> Self {
        let boxes = |page: &Page, t: &Transform| -> Vec<Rect> {
            page.words.iter().map(|w| t.apply_rect(&w.bounds)).collect()
        };
        let old_boxes = boxes(old, transform);
        let new_boxes = boxes(new, &Transform::IDENTITY);
        let mut partner: Vec<Option<usize>> = vec![None; old.words.len()];
        let mut taken = vec![false; new.words.len()];

        let mut places: FxHashMap<(&str, i32, i32), Vec<usize>> = FxHashMap::default();
        let spot = |r: &Rect| (floor(r.x0), floor(r.y0));
        for (j, word) in new.words.iter().enumerate() {
            let (x, y) = spot(&new_boxes[j]);
            places.entry((&word.text, x, y)).or_default().push(j);
        }
        for (i, word) in old.words.iter().enumerate() {
            let (x, y) = spot(&old_boxes[i]);
            let here = (-1..=1)
                .flat_map(|dx: i32| (-1..=1).map(move |dy: i32| (dx, dy)))
                .filter_map(|(dx, dy)| {
                    places.get(&(
                        word.text.as_str(),
                        x.saturating_add(dx),
                        y.saturating_add(dy),
                    ))
                })
                .flatten()
                .copied()
                .find(|&j| {
                    !taken[j]
                        && (new_boxes[j].x0 - old_boxes[i].x0).abs() <= STAYS
                        && (new_boxes[j].y0 - old_boxes[i].y0).abs() <= STAYS
                });
            if let Some(j) = here {
                partner[i] = Some(j);
                taken[j] = true;
            }
        }
        // The rest by what stands around them, as long as that is unique.
        for reach in [2_usize, 1, 0] {
            let new_keys = unique(new, reach);
            for (key, i) in unique(old, reach) {
                if partner[i].is_some() {
                    continue;
                }
                if let Some(&j) = new_keys.get(&key)
                    && !taken[j]
                {
                    partner[i] = Some(j);
                    taken[j] = true;
                }
            }
        }
        let vector = |i: usize, j: usize| {
            let ([x, y], [nx, ny]) = (old_boxes[i].center(), new_boxes[j].center());
            [nx - x, ny - y]
        };
        let mut back: Vec<Option<[f32; 2]>> = vec![None; new.words.len()];
        for (i, j) in partner.iter().enumerate() {
            if let Some(j) = *j {
                back[j] = Some(vector(i, j));
            }
        }
        Self {
            old: old_boxes
                .iter()
                .enumerate()
                .map(|(i, &bounds)| Track {
                    bounds,
                    moved: partner[i].map(|j| vector(i, j)),
                })
                .collect(),
            new: new_boxes
                .iter()
                .zip(back)
                .map(|(&bounds, moved)| Track { bounds, moved })
                .collect(),
        }
    }

    /// Boxes of words that do not stand where they stood, of the old page (in
    /// the space of the new) and of the new page.
    pub fn displaced(&self) -> impl Iterator<Item = Rect> {
        self.old
            .iter()
            .chain(&self.new)
            .filter(|t| !t.stays())
            .map(|t| t.bounds)
    }

    /// Boxes of words that are the same at the same place.
    pub fn standing(&self) -> impl Iterator<Item = Rect> {
        self.new.iter().filter(|t| t.stays()).map(|t| t.bounds)
    }

    /// Whether words around `place` went the way `vector`.
    pub fn went(&self, place: &Rect, vector: [f32; 2]) -> bool {
        for reach in [12.0, 40.0, 160.0] {
            let around = place.inflate(reach);
            let near: Vec<[f32; 2]> = self
                .old
                .iter()
                .filter(|t| t.bounds.overlaps(&around))
                .filter_map(|t| t.moved)
                .collect();
            if near.is_empty() {
                continue;
            }
            let along = near
                .iter()
                .filter(|v| (v[0] - vector[0]).hypot(v[1] - vector[1]) <= 1.5)
                .count();
            // Close by, one is enough: a rule may lie between two paragraphs.
            if along * 2 >= near.len() || (along > 0 && reach < 20.0) {
                return true;
            }
        }
        false
    }

    /// Whether something that went straight up or down did so on a page of
    /// text whose words next to it went, came or left as well.
    pub fn pushed(&self, from: &Rect, to: &Rect) -> bool {
        let sideways = (to.x0 - from.x0).abs();
        let beside = |tracks: &[Track], place: &Rect| {
            let around = place.inflate(40.0);
            tracks
                .iter()
                .any(|t| !t.stays() && t.bounds.overlaps(&around))
        };
        sideways <= 1.0 && self.old.len() >= 20 && beside(&self.old, from) && beside(&self.new, to)
    }

    /// Whether something changed places with words of its column: what only
    /// goes along with the text keeps its place among the words.
    pub fn passed(&self, from: &Rect, to: &Rect) -> bool {
        const FEW: usize = 3;
        let beside = |a: &Rect, b: &Rect| a.x0 <= b.x1 && b.x0 <= a.x1;
        let (mut passed, mut kept) = (0_usize, 0_usize);
        for track in &self.old {
            let Some([dx, dy]) = track.moved else {
                continue;
            };
            let was = track.bounds;
            let is = Rect {
                x0: was.x0 + dx,
                y0: was.y0 + dy,
                x1: was.x1 + dx,
                y1: was.y1 + dy,
            };
            if !beside(&was, from) || !beside(&is, to) {
                continue;
            }
            let above = |word: &Rect, it: &Rect| word.center()[1] < it.center()[1];
            if above(&was, from) == above(&is, to) {
                kept += 1;
            } else {
                passed += 1;
            }
        }
        passed > FEW && passed * 20 > kept
    }

    /// Whether something keeps its place across text that was set to another
    /// width: in the middle, or at either margin.
    pub fn realigned(&self, from: &Rect, to: &Rect) -> bool {
        let Some([a, b]) = self.measures() else {
            return false;
        };
        let near = |p: f32, q: f32| (p - q).abs() <= 3.0;
        near(
            from.center()[0] - a.center()[0],
            to.center()[0] - b.center()[0],
        ) || near(from.x0 - a.x0, to.x0 - b.x0)
            || near(from.x1 - a.x1, to.x1 - b.x1)
    }

    /// Whether ink lies wholly between a margin of the old text and the same
    /// margin of the new, where text was set to another width: a rule across
    /// the page, or the edge of a table, only follows the measure.
    pub fn remeasured(&self, ink: &Rect) -> bool {
        // Ragged lines end short of the margin.
        const RAGGED: f32 = 14.0;
        let Some([a, b]) = self.measures() else {
            return false;
        };
        [(a.x0, b.x0), (a.x1, b.x1)].into_iter().any(|(p, q)| {
            (p - q).abs() > RAGGED / 2.0
                && ink.x0 >= p.min(q) - RAGGED
                && ink.x1 <= p.max(q) + RAGGED
        })
    }

    /// The spans of the old and of the new words, where a good part of the
    /// words went elsewhere: only then was the text set anew.
    fn measures(&self) -> Option<[Rect; 2]> {
        let gone = self.old.iter().filter(|t| !t.stays()).count();
        if self.old.len() < 20 || gone * 4 < self.old.len() {
            return None;
        }
        let span = |tracks: &[Track]| tracks.iter().map(|t| t.bounds).reduce(|a, b| a.union(&b));
        Some([span(&self.old)?, span(&self.new)?])
    }

    /// Whether most words around a place that changed on either side went
    /// elsewhere: what lies there then belongs to them.
    pub fn carries(&self, old: Option<&Rect>, new: Option<&Rect>) -> bool {
        let share = |tracks: &[Track], place: Option<&Rect>| -> (usize, usize) {
            let Some(place) = place else { return (0, 0) };
            let around = place.inflate(14.0);
            let near = tracks.iter().filter(|t| t.bounds.overlaps(&around));
            near.fold((0, 0), |(gone, all), t| {
                (gone + usize::from(!t.stays()), all + 1)
            })
        };
        let (gone_old, all_old) = share(&self.old, old);
        let (gone_new, all_new) = share(&self.new, new);
        let (gone, all) = (gone_old + gone_new, all_old + all_new);
        all > 0 && gone * 10 >= all * 6
    }

    /// Whether any words moved, came or went: only then can anything have
    /// gone along.
    pub fn reflowed(&self) -> bool {
        let gone = |tracks: &[Track]| tracks.iter().filter(|t| !t.stays()).count();
        gone(&self.old) + gone(&self.new) >= 3
    }
}

impl Track {
    fn stays(&self) -> bool {
        self.moved
            .is_some_and(|[x, y]| x.abs() <= STAYS && y.abs() <= STAYS)
    }
}

/// Index of every word that is unique on its page together with `reach` words
/// on either side.
fn unique(page: &Page, reach: usize) -> FxHashMap<Vec<&str>, usize> {
    let mut seen: FxHashMap<Vec<&str>, Option<usize>> = FxHashMap::default();
    for i in 0..page.words.len() {
        let from = i.saturating_sub(reach);
        let to = (i + reach + 1).min(page.words.len());
        if to - from < 2 * reach + 1 {
            continue;
        }
        let key: Vec<&str> = page.words[from..to]
            .iter()
            .map(|w| w.text.as_str())
            .collect();
        if reach == 0 && key[0].chars().count() < 2 {
            continue;
        }
        seen.entry(key).and_modify(|v| *v = None).or_insert(Some(i));
    }
    seen.into_iter()
        .filter_map(|(key, index)| index.map(|i| (key, i)))
        .collect()
}
