//! How a piece of ink looks, reduced to what two producers agree on.

use model::{Drawing, Paint, Path, PathStyle};

/// Channels may differ by this much: colour spaces are converted differently.
const COLOR_SLACK: u8 = 10;

/// What a piece is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// A stroked line, or a filled rectangle as thin as one.
    Line,
    /// The border of a filled shape.
    Edge,
}

/// Colour of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Ink {
    /// One colour, RGBA.
    Color([u8; 4]),
    /// A pattern or shading.
    Pattern,
    /// The model does not say (the stroke of a path both filled and stroked).
    Unknown,
}

/// How a piece of ink looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub kind: Kind,
    pub ink: Ink,
    /// Line width, points; 0 for edges.
    pub width: f32,
    /// Sum and number of the dash lengths; zeros for solid lines.
    pub dash: (f32, u32),
}

impl Look {
    /// Whether both look the same to a reader.
    pub fn matches(&self, other: &Self) -> bool {
        self.kind == other.kind
            && self.same_ink(other)
            && self.same_width(other)
            && self.same_dash(other)
    }

    pub fn same_ink(&self, other: &Self) -> bool {
        match (self.ink, other.ink) {
            (Ink::Unknown, _) | (_, Ink::Unknown) | (Ink::Pattern, Ink::Pattern) => true,
            (Ink::Color(a), Ink::Color(b)) => {
                a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= COLOR_SLACK)
            }
            _ => false,
        }
    }

    pub fn same_width(&self, other: &Self) -> bool {
        let (a, b) = (self.width.max(0.1), other.width.max(0.1));
        (a - b).abs() <= (0.15 * a.max(b)).max(0.12)
    }

    pub fn same_dash(&self, other: &Self) -> bool {
        self.dash.1 == other.dash.1
            && (self.dash.0 - other.dash.0).abs() <= 0.1 + 0.05 * self.dash.0.max(other.dash.0)
    }

    /// White to the eye on a white ground.
    pub fn white(&self) -> bool {
        matches!(self.ink, Ink::Color([r, g, b, _]) if r.min(g).min(b) >= 250)
    }

    /// A thin filled rectangle seen as the line it looks like.
    pub fn as_line(self, width: f32) -> Self {
        Self {
            kind: Kind::Line,
            width,
            ..self
        }
    }
}

/// The looks of one path style: of its fill and of its stroke.
#[derive(Clone, Copy, Debug)]
pub(super) struct StyleLooks {
    pub fill: Option<Look>,
    pub stroke: Option<Look>,
}

/// By how much lines of `old` grew or shrank on the way to `new`, where all else did by
/// `scale`: by that, or not at all, as where a program prints smaller with the same pens.
/// What makes more of the paths keep their widths.
pub(super) fn pen_scale(old: &Drawing, new: &Drawing, scale: f32) -> f32 {
    // As far as no eye can tell.
    if (scale - 1.0).abs() < 0.05 {
        return scale;
    }
    let mut widths: Vec<f32> = new.styles.iter().map(|style| style.width).collect();
    widths.sort_unstable_by(f32::total_cmp);
    let fits = |width: f32| {
        let at = widths.partition_point(|w| *w < 0.95 * width);
        width > 0.0 && widths.get(at).is_some_and(|w| *w <= 1.05 * width)
    };
    let kept = |by: f32| {
        let styles: Vec<bool> = old
            .styles
            .iter()
            .map(|style| fits(style.width * by))
            .collect();
        let fitting = |path: &&Path| styles.get(path.style as usize) == Some(&true);
        old.paths.iter().filter(fitting).count()
    };
    if kept(1.0) > kept(scale) { 1.0 } else { scale }
}

/// The looks of every style of a page whose lines were scaled by `scale`.
pub(super) fn looks(drawing: &Drawing, scale: f32) -> Vec<StyleLooks> {
    drawing
        .styles
        .iter()
        .map(|style| style_looks(style, scale))
        .collect()
}

fn style_looks(style: &PathStyle, scale: f32) -> StyleLooks {
    let ink = style.color.map_or(Ink::Pattern, Ink::Color);
    let seen = !matches!(ink, Ink::Color([_, _, _, 0]));
    let width = if style.width.is_finite() {
        (style.width * scale).max(0.0)
    } else {
        0.0
    };
    let period: f32 = style.dash.iter().sum::<f32>() * scale;
    let dash = if period.is_finite() && period > 0.0 {
        (period, style.dash.len() as u32)
    } else {
        (0.0, 0)
    };
    let fill = Look {
        kind: Kind::Edge,
        ink,
        width: 0.0,
        dash: (0.0, 0),
    };
    let stroke = Look {
        kind: Kind::Line,
        ink,
        width,
        dash,
    };
    let (fill, stroke) = match style.paint {
        Paint::Stroke => (None, Some(stroke)),
        Paint::Fill | Paint::FillEvenOdd => (Some(fill), None),
        Paint::FillAndStroke => (
            Some(fill),
            Some(Look {
                ink: Ink::Unknown,
                ..stroke
            }),
        ),
    };
    StyleLooks {
        fill: fill.filter(|_| seen),
        stroke: stroke.filter(|look| seen || look.ink == Ink::Unknown),
    }
}
