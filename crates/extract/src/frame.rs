//! Frames: the page turned so that text of one direction runs to the right
//! and its lines follow downwards.

use model::{Direction, Rect};

use crate::glyph::Writing;

/// How far above the baseline a glyph's box reaches, in font sizes. One
/// value for all fonts: producers disagree on the ascent they write down, and
/// a re-saved page must give the same boxes.
const ASCENT: f32 = 0.8;
/// How far below, likewise.
const DESCENT: f32 = 0.2;

/// Turns page space into reading space: `u` along the baseline, `v` from line
/// to line. Both in points.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    cos: f32,
    sin: f32,
    /// Way of writing in this frame.
    pub writing: Writing,
}

impl Frame {
    pub fn new(writing: Writing) -> Self {
        let (cos, sin) = match writing.degrees {
            0 => (1.0, 0.0),
            90 => (0.0, 1.0),
            -90 => (0.0, -1.0),
            180 => (-1.0, 0.0),
            other => {
                let angle = f32::from(other).to_radians();
                (angle.cos(), angle.sin())
            }
        };
        Self { cos, sin, writing }
    }

    /// Page point to `[u, v]`.
    pub fn enter(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        [x * self.cos + y * self.sin, y * self.cos - x * self.sin]
    }

    /// `[u, v]` to page point.
    pub fn leave(&self, [u, v]: [f32; 2]) -> [f32; 2] {
        [u * self.cos - v * self.sin, u * self.sin + v * self.cos]
    }

    /// Box on the page of text from `u0` to `u1` on baseline `v`.
    pub fn bounds(&self, u0: f32, u1: f32, v: f32, size: f32) -> Rect {
        let (above, below) = if self.writing.upright {
            (1.0, 0.0)
        } else {
            (ASCENT, DESCENT)
        };
        let (top, bottom) = (v - above * size, v + below * size);
        let corners = [[u0, top], [u1, top], [u0, bottom], [u1, bottom]];
        let [a, b, c, d] = corners.map(|corner| {
            let [x, y] = self.leave(corner);
            Rect::new(x, y, x, y)
        });
        a.union(&b).union(&c).union(&d)
    }

    /// The coordinate of the page an edge at `u` (on baseline `v`) is told in:
    /// y for text that runs up or down, x otherwise.
    pub fn edge(&self, u: f32, v: f32) -> f32 {
        let [x, y] = self.leave([u, v]);
        match self.writing.direction {
            Direction::Up | Direction::Down => y,
            Direction::Ltr | Direction::Rtl | Direction::Other => x,
        }
    }
}

/// Way of writing of text whose baseline runs along `(dx, dy)` in page space.
///
/// Angles near the four main ones count as these, since the words of a
/// skewed scan differ by a degree or two and still make up one text.
pub(crate) fn writing(dx: f32, dy: f32, upright: bool) -> Writing {
    const NEAR: f32 = 6.0;
    if upright {
        return Writing {
            direction: Direction::Down,
            degrees: 90,
            upright: true,
        };
    }
    let degrees = dy.atan2(dx).to_degrees();
    let near = |target: f32| (degrees - target).abs() <= NEAR;
    let (direction, degrees) = if near(0.0) {
        (Direction::Ltr, 0)
    } else if near(90.0) {
        (Direction::Down, 90)
    } else if near(-90.0) {
        (Direction::Up, -90)
    } else if near(180.0) || near(-180.0) {
        (Direction::Other, 180)
    } else {
        (Direction::Other, ((degrees / 5.0).round() * 5.0) as i16)
    };
    Writing {
        direction,
        degrees,
        upright: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_undoes_entering() {
        for (dx, dy) in [(1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (-1.0, 0.0), (1.0, 1.0)] {
            let frame = Frame::new(writing(dx, dy, false));
            let [x, y] = frame.leave(frame.enter([30.0, 70.0]));
            assert!((x - 30.0).abs() < 1e-3 && (y - 70.0).abs() < 1e-3);
            let [u0, v0] = frame.enter([0.0, 0.0]);
            let [u1, v1] = frame.enter([dx, dy]);
            assert!(u1 > u0 && (v1 - v0).abs() < 1e-3, "text runs along u");
        }
    }
}
