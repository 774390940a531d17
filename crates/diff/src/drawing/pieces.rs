//! Paths taken apart into straight pieces of ink, so that it no longer matters
//! how a producer split, joined, ordered or closed them.

use model::{Drawing, Page, Rect, Transform, Verb};

use super::look::{Look, StyleLooks, looks};

/// Curves are replaced by chords no further from them than this, points.
const FLATNESS: f32 = 0.02;
/// Most chords for one curve.
const MAX_CHORDS: usize = 24;
/// A filled rectangle is seen as a line up to this width, points,
const LINE_WIDTH: f32 = 3.0;
/// … if it is at least this many times as long.
const LINE_ASPECT: f32 = 3.0;

/// One straight piece of ink in the space of the new page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub a: [f32; 2],
    pub b: [f32; 2],
    pub look: Look,
    /// Path it belongs to.
    pub path: u32,
    /// How far another piece may lie away and still be this one, points. Small
    /// shapes get less: half a point is a lot inside a small letter.
    pub reach: f32,
}

impl Piece {
    pub fn bounds(&self) -> Rect {
        Rect::new(self.a[0], self.a[1], self.b[0], self.b[1])
    }

    pub fn length(&self) -> f32 {
        // On a page nothing is so long that the square overflows; `hypot` is a
        // call.
        let [dx, dy] = [self.b[0] - self.a[0], self.b[1] - self.a[1]];
        (dx * dx + dy * dy).sqrt()
    }

    /// What it covers on paper, points.
    pub fn inked(&self) -> Rect {
        self.bounds().inflate(self.look.width / 2.0)
    }
}

/// One side of the comparison, ready to be taken apart path by path.
pub(super) struct Source<'a> {
    pub drawing: &'a Drawing,
    pub transform: Transform,
    pub looks: Vec<StyleLooks>,
    /// Whether the transform changes nothing.
    still: bool,
    /// The page itself, in the space of the new page.
    frame: Rect,
    tolerance: f32,
}

impl<'a> Source<'a> {
    /// `page` under `transform`, its lines scaled by `pens`.
    pub fn new(page: &'a Page, transform: Transform, pens: f32, tolerance: f32) -> Self {
        Self {
            drawing: &page.drawing,
            transform,
            looks: looks(&page.drawing, pens),
            still: transform.is_identity(),
            frame: transform.apply_rect(&Rect::new(0.0, 0.0, page.size[0], page.size[1])),
            tolerance: tolerance.max(0.05),
        }
    }

    /// Looks of path `index`; `None` where nothing of it is seen.
    pub fn visible_looks(&self, index: usize) -> Option<StyleLooks> {
        let path = self.drawing.paths.get(index)?;
        path.visible?;
        let looks = *self.looks.get(path.style as usize)?;
        (looks.fill.is_some() || looks.stroke.is_some()).then_some(looks)
    }

    /// Box of path `index` in the space of its own page, points.
    pub fn bounds(&self, index: usize) -> Rect {
        let path = self.drawing.paths.get(index);
        path.map_or(Rect::new(f32::NAN, 0.0, 0.0, 0.0), |p| p.bounds)
    }

    /// Box of what is visible of path `index`, in the space of the new page.
    pub fn visible(&self, index: usize) -> Option<Rect> {
        let mut visible = self.drawing.paths.get(index)?.visible?;
        if !self.still {
            visible = self.transform.apply_rect(&visible);
        }
        if !visible.is_finite() {
            return None;
        }
        visible.intersection(&self.frame)
    }

    /// Appends the pieces of path `index`.
    pub fn pieces(&self, index: usize, out: &mut Vec<Piece>) {
        let Some(looks) = self.visible_looks(index) else {
            return;
        };
        let Some(window) = self.visible(index) else {
            return;
        };
        let (verbs, coords) = self.drawing.geometry(index);
        // Most of a drawing is single strokes.
        if let ([Verb::Move, Verb::Line], &[x0, y0, x1, y1]) = (verbs, coords) {
            let points = [[x0, y0], [x1, y1]].map(|p| self.transform.apply(p));
            if points.iter().flatten().all(|v| v.is_finite()) {
                self.subpath(&points, false, index as u32, looks, &window, out);
            }
            return;
        }
        let mut points: Vec<[f32; 2]> = Vec::with_capacity(verbs.len() + 1);
        let mut taken = 0;
        let mut closed = false;
        let mut emit = |points: &mut Vec<[f32; 2]>, closed: bool| {
            if points.iter().flatten().all(|v| v.is_finite()) {
                self.subpath(points, closed, index as u32, looks, &window, out);
            }
            points.clear();
        };
        let mut start = [0.0; 2];
        for &verb in verbs {
            let count = verb.points() * 2;
            let Some(raw) = coords.get(taken..taken + count) else {
                break;
            };
            taken += count;
            let point = |i: usize| {
                self.transform.apply([
                    raw.get(2 * i).copied().unwrap_or(f32::NAN),
                    raw.get(2 * i + 1).copied().unwrap_or(f32::NAN),
                ])
            };
            if verb == Verb::Move || (closed && verb != Verb::Close) {
                emit(&mut points, closed);
                closed = false;
                if verb != Verb::Move {
                    points.push(start);
                }
            }
            match verb {
                Verb::Move => {
                    start = point(0);
                    points.push(start);
                }
                Verb::Line => points.push(point(0)),
                Verb::Quad => {
                    let from = points.last().copied().unwrap_or_else(|| point(0));
                    let (c, to) = (point(0), point(1));
                    let third = |p: [f32; 2], q: [f32; 2]| {
                        [p[0] + (q[0] - p[0]) / 1.5, p[1] + (q[1] - p[1]) / 1.5]
                    };
                    flatten(from, third(from, c), third(to, c), to, &mut points);
                }
                Verb::Cubic => {
                    let from = points.last().copied().unwrap_or_else(|| point(0));
                    flatten(from, point(0), point(1), point(2), &mut points);
                }
                Verb::Close => closed = true,
            }
        }
        emit(&mut points, closed);
    }

    fn subpath(
        &self,
        points: &[[f32; 2]],
        closed: bool,
        path: u32,
        looks: StyleLooks,
        window: &Rect,
        out: &mut Vec<Piece>,
    ) {
        let Some(bounds) = Rect::around(points.iter().copied()) else {
            return;
        };
        let (width, height) = (bounds.width(), bounds.height());
        let size = (width * width + height * height).sqrt();
        let reach = (0.05 * size + 0.05).min(self.tolerance);
        let cut =
            !(window.contains([bounds.x0, bounds.y0]) && window.contains([bounds.x1, bounds.y1]));
        let mut push = |a: [f32; 2], b: [f32; 2], look: Look| {
            let ends = if cut {
                clip(a, b, window)
            } else {
                Some((a, b))
            };
            if let Some((a, b)) = ends {
                out.push(Piece {
                    a,
                    b,
                    look,
                    path,
                    reach,
                });
            }
        };
        let ring = || {
            let next = points.iter().skip(1).chain(points.first());
            points.iter().zip(next)
        };
        if let Some(look) = looks.fill {
            if let Some((a, b, width)) = thin_rectangle(points) {
                if width > 0.0 {
                    push(a, b, look.as_line(width));
                }
            } else if points.len() > 2 {
                for (&a, &b) in ring().filter(|(a, b)| a != b) {
                    push(a, b, look);
                }
            }
        }
        if let Some(look) = looks.stroke {
            if let [only] = points {
                if closed {
                    push(*only, *only, look);
                }
                return;
            }
            let count = if closed {
                points.len()
            } else {
                points.len() - 1
            };
            let dot = size == 0.0;
            for (&a, &b) in ring().take(count).filter(|(a, b)| a != b || dot) {
                push(a, b, look);
                if dot {
                    break;
                }
            }
        }
    }
}

/// Appends chords of a cubic Bézier, without its start. The number of chords
/// follows from the second differences of the control polygon.
fn flatten(p0: [f32; 2], p1: [f32; 2], p2: [f32; 2], p3: [f32; 2], out: &mut Vec<[f32; 2]>) {
    let bend = |a: [f32; 2], b: [f32; 2], c: [f32; 2]| {
        (a[0] - 2.0 * b[0] + c[0]).hypot(a[1] - 2.0 * b[1] + c[1])
    };
    let deviation = bend(p0, p1, p2).max(bend(p1, p2, p3)) * 0.75;
    let chords = ((deviation / FLATNESS).sqrt().ceil() as usize).clamp(1, MAX_CHORDS);
    for i in 1..chords {
        let t = i as f32 / chords as f32;
        let u = 1.0 - t;
        let (w0, w1, w2, w3) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
        out.push([0, 1].map(|k| w0 * p0[k] + w1 * p1[k] + w2 * p2[k] + w3 * p3[k]));
    }
    out.push(p3);
}

/// Centre line and width of a filled rectangle that reads as a line.
fn thin_rectangle(points: &[[f32; 2]]) -> Option<([f32; 2], [f32; 2], f32)> {
    let corners = match points {
        [a, b, c, d] => [a, b, c, d],
        [a, b, c, d, e] if a == e => [a, b, c, d],
        _ => return None,
    };
    let [a, b, c, d] = corners.map(|p| *p);
    let off = |p: f32, q: f32, r: f32, s: f32| (p + r - q - s).abs() > 0.02;
    if off(a[0], b[0], c[0], d[0]) || off(a[1], b[1], c[1], d[1]) {
        return None;
    }
    let (u, v) = ([b[0] - a[0], b[1] - a[1]], [d[0] - a[0], d[1] - a[1]]);
    let (lu, lv) = (u[0].hypot(u[1]), v[0].hypot(v[1]));
    if (u[0] * v[0] + u[1] * v[1]).abs() > 0.02 * lu * lv + 1e-6 {
        return None;
    }
    let (width, length) = (lu.min(lv), lu.max(lv));
    if width > LINE_WIDTH || length < LINE_ASPECT * width {
        return None;
    }
    let middle = |p: [f32; 2], q: [f32; 2]| [f32::midpoint(p[0], q[0]), f32::midpoint(p[1], q[1])];
    Some(if lu < lv {
        (middle(a, b), middle(c, d), width)
    } else {
        (middle(a, d), middle(b, c), width)
    })
}

/// The part of a segment inside `window` (Liang and Barsky, 1984).
fn clip(a: [f32; 2], b: [f32; 2], window: &Rect) -> Option<([f32; 2], [f32; 2])> {
    let d = [b[0] - a[0], b[1] - a[1]];
    let (mut t0, mut t1) = (0.0_f32, 1.0_f32);
    let low = [window.x0, window.y0];
    let high = [window.x1, window.y1];
    for k in 0..2 {
        if d[k] == 0.0 {
            if a[k] < low[k] || a[k] > high[k] {
                return None;
            }
        } else {
            let (p, q) = ((low[k] - a[k]) / d[k], (high[k] - a[k]) / d[k]);
            t0 = t0.max(p.min(q));
            t1 = t1.min(p.max(q));
        }
    }
    let at = |t: f32| [a[0] + t * d[0], a[1] + t * d[1]];
    (t0 <= t1).then(|| (at(t0), at(t1)))
}
