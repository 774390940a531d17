//! Rectangles and affine transforms in page space.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An axis-aligned rectangle `[x0, y0, x1, y1]` in PDF points from the page's
/// top-left corner, with `x0 <= x1` and `y0 <= y1`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "[f32; 4]", into = "[f32; 4]")]
#[schemars(with = "[f32; 4]")]
pub struct Rect {
    /// Left edge, points.
    pub x0: f32,
    /// Top edge, points.
    pub y0: f32,
    /// Right edge, points.
    pub x1: f32,
    /// Bottom edge, points.
    pub y1: f32,
}

impl Rect {
    /// The rectangle spanned by two opposite corners, in any order.
    #[inline]
    pub fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        }
    }

    /// The smallest rectangle around `points`; `None` where there are none.
    pub fn around(points: impl IntoIterator<Item = [f32; 2]>) -> Option<Self> {
        points
            .into_iter()
            .map(|[x, y]| Self::new(x, y, x, y))
            .reduce(|a, b| a.union(&b))
    }

    /// Width in points.
    pub fn width(&self) -> f32 {
        self.x1 - self.x0
    }

    /// Height in points.
    pub fn height(&self) -> f32 {
        self.y1 - self.y0
    }

    /// Area in square points.
    pub fn area(&self) -> f32 {
        self.width() * self.height()
    }

    /// The middle, `[x, y]` in points.
    #[inline]
    pub fn center(&self) -> [f32; 2] {
        [
            f32::midpoint(self.x0, self.x1),
            f32::midpoint(self.y0, self.y1),
        ]
    }

    /// The smallest rectangle that holds both.
    #[must_use]
    #[inline]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    /// The part both share; `None` where they do not touch. Touching edges
    /// give a rectangle without area.
    #[inline]
    pub fn intersection(&self, other: &Self) -> Option<Self> {
        let x0 = self.x0.max(other.x0);
        let y0 = self.y0.max(other.y0);
        let x1 = self.x1.min(other.x1);
        let y1 = self.y1.min(other.y1);
        (x0 <= x1 && y0 <= y1).then_some(Self { x0, y0, x1, y1 })
    }

    /// Whether the two share a point, edges included.
    #[inline]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x0 <= other.x1 && other.x0 <= self.x1 && self.y0 <= other.y1 && other.y0 <= self.y1
    }

    /// Whether the point lies inside or on an edge.
    #[inline]
    pub fn contains(&self, [x, y]: [f32; 2]) -> bool {
        x >= self.x0 && x <= self.x1 && y >= self.y0 && y <= self.y1
    }

    /// Grown by `margin` points on every side; a negative margin shrinks, down
    /// to the centre at most.
    #[must_use]
    #[inline]
    pub fn inflate(&self, margin: f32) -> Self {
        let dx = margin.max(-self.width() / 2.0);
        let dy = margin.max(-self.height() / 2.0);
        Self {
            x0: self.x0 - dx,
            y0: self.y0 - dy,
            x1: self.x1 + dx,
            y1: self.y1 + dy,
        }
    }

    /// Whether all four edges are finite numbers.
    #[inline]
    pub fn is_finite(&self) -> bool {
        [self.x0, self.y0, self.x1, self.y1]
            .iter()
            .all(|v| v.is_finite())
    }
}

impl From<[f32; 4]> for Rect {
    fn from([x0, y0, x1, y1]: [f32; 4]) -> Self {
        Self::new(x0, y0, x1, y1)
    }
}

impl From<Rect> for [f32; 4] {
    fn from(rect: Rect) -> Self {
        [rect.x0, rect.y0, rect.x1, rect.y1]
    }
}

/// An affine map `[a, b, c, d, e, f]`, in PDF order:
/// `x' = a·x + c·y + e`, `y' = b·x + d·y + f` (ISO 32000-2, 8.3.3).
///
/// In a report it maps points of the old page onto the new page.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Transform(pub [f64; 6]);

impl Default for Transform {
    fn default() -> Self {
        Self::IDENTITY
    }
}

impl Transform {
    /// Moves nothing.
    pub const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// A shift by `(dx, dy)` points.
    pub fn translation(dx: f64, dy: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, dx, dy])
    }

    /// Whether the map leaves every point where it was.
    #[inline]
    pub fn is_identity(&self) -> bool {
        *self == Self::IDENTITY
    }

    /// Where `[x, y]` (points) goes.
    #[inline]
    pub fn apply(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [a, b, c, d, e, f] = self.0;
        let (x, y) = (f64::from(x), f64::from(y));
        [(a * x + c * y + e) as f32, (b * x + d * y + f) as f32]
    }

    /// The smallest upright rectangle around the mapped corners.
    #[inline]
    pub fn apply_rect(&self, r: &Rect) -> Rect {
        if self.is_identity() {
            return *r;
        }
        let [p, q, s, t] = [[r.x0, r.y0], [r.x1, r.y0], [r.x0, r.y1], [r.x1, r.y1]]
            .map(|corner| self.apply(corner));
        Rect {
            x0: p[0].min(q[0]).min(s[0]).min(t[0]),
            y0: p[1].min(q[1]).min(s[1]).min(t[1]),
            x1: p[0].max(q[0]).max(s[0]).max(t[0]),
            y1: p[1].max(q[1]).max(s[1]).max(t[1]),
        }
    }

    /// `self` first, then `next`.
    #[must_use]
    pub fn then(&self, next: &Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [na, nb, nc, nd, ne, nf] = next.0;
        Self([
            na * a + nc * b,
            nb * a + nd * b,
            na * c + nc * d,
            nb * c + nd * d,
            na * e + nc * f + ne,
            nb * e + nd * f + nf,
        ])
    }

    /// The map that undoes this one; `None` where it squashes the plane.
    pub fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.0;
        let det = a * d - b * c;
        if det.abs() < 1e-12 || !det.is_finite() {
            return None;
        }
        Some(Self([
            d / det,
            -b / det,
            -c / det,
            a / det,
            (c * f - d * e) / det,
            (b * e - a * f) / det,
        ]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_undoes() {
        let t = Transform([0.9, 0.1, -0.1, 0.9, 12.0, -7.0]);
        let back = t.then(&t.inverse().unwrap());
        for (got, want) in back.0.iter().zip(Transform::IDENTITY.0) {
            assert!((got - want).abs() < 1e-9, "{back:?}");
        }
    }

    #[test]
    fn rotation_maps_rect_to_its_bounds() {
        let quarter = Transform([0.0, 1.0, -1.0, 0.0, 100.0, 0.0]);
        let r = quarter.apply_rect(&Rect::new(10.0, 20.0, 30.0, 25.0));
        assert_eq!(r, Rect::new(75.0, 10.0, 80.0, 30.0));
    }

    #[test]
    fn shrinking_stops_at_the_centre() {
        let r = Rect::new(0.0, 0.0, 4.0, 2.0).inflate(-10.0);
        assert_eq!(r, Rect::new(2.0, 1.0, 2.0, 1.0));
    }

    #[test]
    fn rect_is_four_numbers_in_json() {
        let json = serde_json::to_string(&Rect::new(1.0, 2.0, 3.0, 4.5)).unwrap();
        assert_eq!(json, "[1.0,2.0,3.0,4.5]");
    }
}
