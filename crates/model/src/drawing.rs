//! Stroked and filled paths of one page, in flat arrays: a schematic has tens
//! of thousands of them, and they cross a pipe.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Rect;

/// All paths of a page in painting order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Drawing {
    /// Distinct styles; [`Path::style`] points here.
    pub styles: Vec<PathStyle>,
    /// The paths.
    pub paths: Vec<Path>,
    /// Verbs of all paths, one after the other.
    pub verbs: Vec<Verb>,
    /// Coordinates of all paths, x and y alternating, points in page space:
    /// what is seen, after every transform.
    pub coords: Vec<f32>,
}

/// One painted path.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Path {
    /// Index into [`Drawing::styles`].
    pub style: u32,
    /// End of this path's verbs in [`Drawing::verbs`]; it starts where the
    /// path before it ends.
    pub verbs_end: u32,
    /// End of this path's coordinates in [`Drawing::coords`]; likewise.
    pub coords_end: u32,
    /// Box of the geometry (control points, without line width), points.
    pub bounds: Rect,
    /// What of it is visible: `bounds` cut by the clip's box, grown by half
    /// the line width. `None` where nothing is visible.
    pub visible: Option<Rect>,
}

/// How a path is painted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PathStyle {
    /// Stroke, fill or both.
    pub paint: Paint,
    /// Colour, RGBA; of the fill where both are painted. `None` for a pattern
    /// or shading.
    pub color: Option<[u8; 4]>,
    /// Line width as displayed, points; 0 for fills.
    pub width: f32,
    /// Dash lengths as displayed, points; empty for solid lines.
    pub dash: Vec<f32>,
}

/// Stroke, fill or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Paint {
    /// Outline only.
    Stroke,
    /// Non-zero winding fill.
    Fill,
    /// Even-odd fill.
    FillEvenOdd,
    /// Fill and outline.
    FillAndStroke,
}

/// One path segment; the number of coordinates it takes is its point count
/// times two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Start a subpath: one point.
    Move,
    /// Straight line: one point.
    Line,
    /// Quadratic Bézier: two points.
    Quad,
    /// Cubic Bézier: three points.
    Cubic,
    /// Back to the subpath's start: no point.
    Close,
}

impl Verb {
    /// Points this verb takes.
    #[inline]
    pub fn points(self) -> usize {
        match self {
            Self::Close => 0,
            Self::Move | Self::Line => 1,
            Self::Quad => 2,
            Self::Cubic => 3,
        }
    }
}

impl PathStyle {
    /// What a path whose geometry has these `bounds` covers on paper, points.
    #[inline]
    pub fn inked(&self, bounds: &Rect) -> Rect {
        bounds.inflate((self.width / 2.0).max(0.0))
    }
}

impl Drawing {
    /// The verbs and coordinates (x, y alternating) of path `index`.
    ///
    /// Out-of-range ends, which only corrupt data has, give empty slices.
    #[inline]
    pub fn geometry(&self, index: usize) -> (&[Verb], &[f32]) {
        let (verbs_start, coords_start) = index
            .checked_sub(1)
            .and_then(|previous| self.paths.get(previous))
            .map_or((0, 0), |p| (p.verbs_end as usize, p.coords_end as usize));
        let Some(path) = self.paths.get(index) else {
            return (&[], &[]);
        };
        (
            self.verbs
                .get(verbs_start..path.verbs_end as usize)
                .unwrap_or_default(),
            self.coords
                .get(coords_start..path.coords_end as usize)
                .unwrap_or_default(),
        )
    }
}
