//! Paths as painted, flattened into a [`Drawing`].

use hayro::hayro_interpret::{DrawMode, FillRule, StrokeProps};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect as KRect};
use model::{Drawing, Paint, Path, PathStyle, Rect, Verb};
use rustc_hash::FxHashMap;

use crate::limits;

type StyleKey = (u8, Option<[u8; 4]>, u32, Vec<u32>);

/// Collects the paths of one page.
#[derive(Default)]
pub(crate) struct Canvas {
    /// What was collected.
    pub drawing: Drawing,
    /// Whether a limit was met and paths were left out.
    pub truncated: bool,
    /// Paths without usable coordinates.
    pub dropped: usize,
    styles: FxHashMap<StyleKey, u32>,
    /// The solid style painted last: drawings repeat one for thousands of
    /// paths.
    last: Option<(Paint, Option<[u8; 4]>, f32, u32)>,
}

/// Mean scale of a transform.
pub(crate) fn scale_of(transform: &Affine) -> f32 {
    transform.determinant().abs().sqrt() as f32
}

/// Displayed thousandths of a point. Without SSE 4.1 `round` is a call.
fn rounded(value: f32) -> f32 {
    let value = value * 1000.0;
    ((value + 0.5_f32.copysign(value)) as i64) as f32 / 1000.0
}

impl Canvas {
    /// Adds a path; `color` is `None` for patterns, `clip` what can be seen
    /// of the page at all at this moment.
    pub fn path(
        &mut self,
        path: &BezPath,
        transform: Affine,
        mode: &DrawMode,
        color: Option<[u8; 4]>,
        clip: Option<Rect>,
    ) -> Option<&Path> {
        self.add(transform, mode, color, clip, |pen| {
            for element in path.elements() {
                match *element {
                    PathEl::MoveTo(p) => pen.put(Verb::Move, &[p]),
                    PathEl::LineTo(p) => pen.put(Verb::Line, &[p]),
                    PathEl::QuadTo(a, p) => pen.put(Verb::Quad, &[a, p]),
                    PathEl::CurveTo(a, b, p) => pen.put(Verb::Cubic, &[a, b, p]),
                    PathEl::ClosePath => pen.put(Verb::Close, &[]),
                }
            }
        })
    }

    /// Adds a rectangle, likewise.
    pub fn rect(
        &mut self,
        rect: &KRect,
        transform: Affine,
        mode: &DrawMode,
        color: Option<[u8; 4]>,
        clip: Option<Rect>,
    ) -> Option<&Path> {
        self.add(transform, mode, color, clip, |pen| {
            pen.put(Verb::Move, &[Point::new(rect.x0, rect.y0)]);
            pen.put(Verb::Line, &[Point::new(rect.x1, rect.y0)]);
            pen.put(Verb::Line, &[Point::new(rect.x1, rect.y1)]);
            pen.put(Verb::Line, &[Point::new(rect.x0, rect.y1)]);
            pen.put(Verb::Close, &[]);
        })
    }

    fn add(
        &mut self,
        transform: Affine,
        mode: &DrawMode,
        color: Option<[u8; 4]>,
        clip: Option<Rect>,
        draw: impl FnOnce(&mut Pen<'_>),
    ) -> Option<&Path> {
        if self.drawing.paths.len() >= limits::PATHS || self.drawing.coords.len() >= limits::COORDS
        {
            self.truncated = true;
            return None;
        }
        let (paint, stroke) = match mode {
            DrawMode::Fill(FillRule::NonZero) => (Paint::Fill, None),
            DrawMode::Fill(FillRule::EvenOdd) => (Paint::FillEvenOdd, None),
            DrawMode::Stroke(stroke) => (Paint::Stroke, Some(stroke)),
            DrawMode::FillAndStroke(_, stroke) => (Paint::FillAndStroke, Some(stroke)),
            DrawMode::Invisible => return None,
        };
        let (verbs, coords) = (self.drawing.verbs.len(), self.drawing.coords.len());
        let mut pen = Pen {
            drawing: &mut self.drawing,
            transform,
            low: [f32::INFINITY; 2],
            high: [f32::NEG_INFINITY; 2],
            finite: true,
        };
        draw(&mut pen);
        let ([x0, y0], [x1, y1], finite) = (pen.low, pen.high, pen.finite);
        // One point alone paints nothing a comparison could name.
        if !finite || self.drawing.coords.len() < coords + 4 {
            self.dropped += usize::from(!finite);
            self.drawing.verbs.truncate(verbs);
            self.drawing.coords.truncate(coords);
            return None;
        }
        let bounds = Rect { x0, y0, x1, y1 };
        let scale = scale_of(&transform);
        let width = stroke.map_or(0.0, |s| rounded(s.line_width * scale));
        let style = self.style(paint, color, width, stroke, scale);
        let grown = self.drawing.styles[style as usize].inked(&bounds);
        let visible = clip.and_then(|clip| grown.intersection(&clip));
        self.drawing.paths.push(Path {
            style,
            verbs_end: self.drawing.verbs.len() as u32,
            coords_end: self.drawing.coords.len() as u32,
            bounds,
            visible,
        });
        self.drawing.paths.last()
    }

    fn style(
        &mut self,
        paint: Paint,
        color: Option<[u8; 4]>,
        width: f32,
        stroke: Option<&StrokeProps>,
        scale: f32,
    ) -> u32 {
        let dashes = stroke.map_or(&[][..], |s| &s.dash_array[..]);
        let solid = dashes.iter().all(|d| *d <= 0.011);
        if let Some((last_paint, last_color, last_width, index)) = self.last
            && solid
            && (last_paint, last_color, last_width) == (paint, color, width)
        {
            return index;
        }
        let dash: Vec<f32> = dashes
            .iter()
            .filter(|_| !solid)
            .map(|d| rounded(d * scale))
            .collect();
        let key = (
            paint as u8,
            color,
            width.to_bits(),
            dash.iter().map(|d| d.to_bits()).collect(),
        );
        let styles = &mut self.drawing.styles;
        let index = *self.styles.entry(key).or_insert_with(|| {
            styles.push(PathStyle {
                paint,
                color,
                width,
                dash,
            });
            (styles.len() - 1) as u32
        });
        self.last = solid.then_some((paint, color, width, index));
        index
    }
}

struct Pen<'c> {
    drawing: &'c mut Drawing,
    transform: Affine,
    low: [f32; 2],
    high: [f32; 2],
    finite: bool,
}

impl Pen<'_> {
    fn put(&mut self, verb: Verb, points: &[Point]) {
        self.drawing.verbs.push(verb);
        for point in points {
            let p = self.transform * *point;
            let (x, y) = (p.x as f32, p.y as f32);
            self.finite &= x.is_finite() && y.is_finite();
            self.low = [self.low[0].min(x), self.low[1].min(y)];
            self.high = [self.high[0].max(x), self.high[1].max(y)];
            self.drawing.coords.extend([x, y]);
        }
    }
}
