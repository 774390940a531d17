//! From the page as displayed (points from the top left) to the coordinates
//! of the PDF, through crop box, rotation and `UserUnit`.

use lopdf::{Dictionary, Document, Object};
use model::Rect;

/// Parents asked for an inherited entry; page trees are shallow, cycles are
/// not.
const MOST_PARENTS: usize = 64;

/// How a page lies in its PDF.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PageSpace {
    /// What is shown of the page, PDF user space: left, bottom, right, top.
    shown: [f32; 4],
    /// Clockwise quarter turns on display.
    turns: u8,
    /// Size as displayed, in the report's points.
    size: [f32; 2],
}

impl PageSpace {
    /// Reads the boxes of `page`. `size` is the displayed size according to
    /// the report; the ratio to the crop box carries `UserUnit`, whatever the
    /// report made of it.
    pub(super) fn of(document: &Document, page: &Dictionary, size: Option<[f32; 2]>) -> Self {
        let media = rectangle(document, page, b"MediaBox").unwrap_or([0.0, 0.0, 612.0, 792.0]);
        let shown = rectangle(document, page, b"CropBox")
            .and_then(|crop| cut(crop, media))
            .unwrap_or(media);
        let degrees = inherited(document, page, b"Rotate")
            .and_then(number)
            .unwrap_or(0.0);
        let turns = ((degrees / 90.0).round() as i64).rem_euclid(4) as u8;
        let [width, height] = [shown[2] - shown[0], shown[3] - shown[1]];
        let own = if turns.is_multiple_of(2) {
            [width, height]
        } else {
            [height, width]
        };
        let size = size
            .filter(|size| size.iter().all(|v| v.is_finite() && *v > 0.1))
            .unwrap_or(own);
        Self { shown, turns, size }
    }

    /// Size as displayed, points.
    pub(super) fn size(&self) -> [f32; 2] {
        self.size
    }

    /// PDF units per displayed point.
    pub(super) fn unit(&self) -> f32 {
        let [x0, y0, x1, y1] = self.shown;
        let across = if self.turns.is_multiple_of(2) {
            x1 - x0
        } else {
            y1 - y0
        };
        across / self.size[0]
    }

    /// Where a displayed point lies in the PDF.
    pub(super) fn point(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [x0, y0, x1, y1] = self.shown;
        let (u, v) = (x / self.size[0], y / self.size[1]);
        let (width, height) = (x1 - x0, y1 - y0);
        match self.turns {
            0 => [x0 + u * width, y1 - v * height],
            1 => [x0 + v * width, y0 + u * height],
            2 => [x1 - u * width, y0 + v * height],
            _ => [x1 - v * width, y1 - u * height],
        }
    }

    /// The corners of a displayed rectangle in the PDF: top left, top right,
    /// bottom left, bottom right as displayed. That is the order in which
    /// viewers take `QuadPoints` (not the one ISO 32000 draws).
    pub(super) fn corners(&self, rect: &Rect) -> [[f32; 2]; 4] {
        [
            [rect.x0, rect.y0],
            [rect.x1, rect.y0],
            [rect.x0, rect.y1],
            [rect.x1, rect.y1],
        ]
        .map(|corner| self.point(corner))
    }

    /// The displayed rectangle in the PDF: left, bottom, right, top.
    pub(super) fn rect(&self, rect: &Rect) -> [f32; 4] {
        let [a, _, _, d] = self.corners(rect);
        [
            a[0].min(d[0]),
            a[1].min(d[1]),
            a[0].max(d[0]),
            a[1].max(d[1]),
        ]
    }

    /// The displayed rectangle cut to the page; `None` where nothing is left.
    pub(super) fn on_page(&self, rect: &Rect) -> Option<Rect> {
        if !rect.is_finite() {
            return None;
        }
        let rect = Rect::from(<[f32; 4]>::from(*rect));
        rect.intersection(&Rect::new(0.0, 0.0, self.size[0], self.size[1]))
    }
}

fn number(object: &Object) -> Option<f32> {
    object.as_float().ok().filter(|v| v.is_finite())
}

/// An entry of the page or of the nearest parent that has it.
fn inherited<'a>(document: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..MOST_PARENTS {
        if let Ok(object) = node.get(key) {
            return document.dereference(object).ok().map(|(_, object)| object);
        }
        let parent = node.get(b"Parent").ok()?;
        node = document.dereference(parent).ok()?.1.as_dict().ok()?;
    }
    None
}

fn rectangle(document: &Document, page: &Dictionary, key: &[u8]) -> Option<[f32; 4]> {
    let array = inherited(document, page, key)?.as_array().ok()?;
    let mut values = [0.0; 4];
    for (value, object) in values.iter_mut().zip(array.get(..4)?) {
        *value = number(document.dereference(object).ok()?.1)?;
    }
    let [a, b, c, d] = values;
    let ordered = [a.min(c), b.min(d), a.max(c), b.max(d)];
    (ordered[2] - ordered[0] > 0.01 && ordered[3] - ordered[1] > 0.01).then_some(ordered)
}

fn cut(a: [f32; 4], b: [f32; 4]) -> Option<[f32; 4]> {
    let cut = [
        a[0].max(b[0]),
        a[1].max(b[1]),
        a[2].min(b[2]),
        a[3].min(b[3]),
    ];
    (cut[0] < cut[2] && cut[1] < cut[3]).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space(turns: u8) -> PageSpace {
        let shown = [10.0, 20.0, 210.0, 120.0];
        let size = if turns.is_multiple_of(2) {
            [200.0, 100.0]
        } else {
            [100.0, 200.0]
        };
        PageSpace { shown, turns, size }
    }

    #[test]
    fn the_top_left_of_the_display_is_where_rotation_puts_it() {
        // Rotated clockwise, the bottom left of the page comes to the top left.
        let corners = [[10.0, 120.0], [10.0, 20.0], [210.0, 20.0], [210.0, 120.0]];
        for (turns, corner) in (0..).zip(corners) {
            assert_eq!(space(turns).point([0.0, 0.0]), corner, "{turns}");
        }
    }

    #[test]
    fn a_box_keeps_its_size_through_rotation() {
        let rect = Rect::new(5.0, 10.0, 25.0, 14.0);
        assert_eq!(space(0).rect(&rect), [15.0, 106.0, 35.0, 110.0]);
        assert_eq!(space(1).rect(&rect), [20.0, 25.0, 24.0, 45.0]);
        assert_eq!(space(2).rect(&rect), [185.0, 30.0, 205.0, 34.0]);
        assert_eq!(space(3).rect(&rect), [196.0, 95.0, 200.0, 115.0]);
    }

    #[test]
    fn user_unit_is_the_ratio_to_the_displayed_size() {
        let space = PageSpace {
            size: [400.0, 200.0],
            ..space(0)
        };
        assert_eq!(space.unit(), 0.5);
        assert_eq!(space.point([400.0, 200.0]), [210.0, 20.0]);
    }
}
