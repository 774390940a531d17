//! What is painted on pages, with marks that say which edit a thing belongs to.
//!
//! Coordinates are points from the top-left corner of the page as displayed,
//! y downwards, as in the rest of the project.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Rect, Transform};

use crate::fonts::{Face, Shaped, font};

/// RGB, 0 to 255.
pub type Color = [u8; 3];

/// Black.
pub const BLACK: Color = [0, 0, 0];

/// Number of an edit within its case; things with the same mark changed
/// together.
pub type Mark = u32;

/// A word on a line.
#[derive(Clone, Debug)]
pub struct PlacedWord {
    /// Distance from the line's origin along the line, points.
    pub offset: f32,
    /// Its glyphs.
    pub shaped: Arc<Shaped>,
    /// The edit it belongs to.
    pub mark: Option<Mark>,
}

/// Words of one style on one line.
#[derive(Clone, Debug)]
pub struct TextLine {
    /// Font.
    pub face: Face,
    /// Size, points.
    pub size: f32,
    /// Fill colour.
    pub color: Color,
    /// Start of the baseline, points.
    pub origin: [f32; 2],
    /// Whether the line runs upwards (turned 90° counter-clockwise).
    pub upwards: bool,
    /// Words in visual order.
    pub words: Vec<PlacedWord>,
}

/// A path segment, absolute coordinates in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seg {
    /// Start a subpath.
    Move([f32; 2]),
    /// Straight line.
    Line([f32; 2]),
    /// Cubic Bézier.
    Cubic([f32; 2], [f32; 2], [f32; 2]),
    /// Close the subpath.
    Close,
}

/// How a path is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Paint {
    /// Stroke width in points and colour.
    pub stroke: Option<(f32, Color)>,
    /// Fill colour.
    pub fill: Option<Color>,
    /// Dash lengths, points.
    pub dash: Vec<f32>,
}

impl Paint {
    /// A solid stroke.
    pub fn stroke(width: f32, color: Color) -> Self {
        Self {
            stroke: Some((width, color)),
            fill: None,
            dash: Vec::new(),
        }
    }

    /// A fill without outline.
    pub fn fill(color: Color) -> Self {
        Self {
            stroke: None,
            fill: Some(color),
            dash: Vec::new(),
        }
    }

    /// The same, dashed.
    #[must_use]
    pub fn dashed(mut self, dash: &[f32]) -> Self {
        self.dash = dash.to_vec();
        self
    }
}

/// A raster picture.
#[derive(Debug, PartialEq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Three (colour) or one (grey) byte per pixel, rows from the top.
    pub data: Vec<u8>,
    /// One byte per pixel instead of three.
    pub gray: bool,
}

/// One painted thing.
#[derive(Clone, Debug)]
pub enum Item {
    /// Words.
    Text(TextLine),
    /// A path.
    Path {
        /// Geometry.
        segs: Vec<Seg>,
        /// Look.
        paint: Paint,
        /// The edit it belongs to.
        mark: Option<Mark>,
    },
    /// A picture.
    Image {
        /// Where, points.
        rect: Rect,
        /// What.
        picture: Arc<Picture>,
        /// The edit it belongs to.
        mark: Option<Mark>,
    },
}

/// Something that is not painted but belongs to a page.
#[derive(Clone, Debug, PartialEq)]
pub enum Extra {
    /// A link to an address.
    Link {
        /// Active area.
        rect: Rect,
        /// Address.
        uri: String,
    },
    /// A sticky note or highlight.
    Note {
        /// Where.
        rect: Rect,
        /// Text.
        contents: String,
        /// Highlight instead of a note.
        highlight: bool,
    },
    /// A text field.
    Field {
        /// Where.
        rect: Rect,
        /// Name.
        name: String,
        /// Value.
        value: String,
    },
    /// A check box.
    Check {
        /// Where.
        rect: Rect,
        /// Name.
        name: String,
        /// State.
        on: bool,
    },
}

impl Extra {
    /// Its area on the page, points.
    pub fn rect(&self) -> Rect {
        match self {
            Self::Link { rect, .. }
            | Self::Note { rect, .. }
            | Self::Field { rect, .. }
            | Self::Check { rect, .. } => *rect,
        }
    }
}

/// One page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Width and height as displayed, points.
    pub size: [f32; 2],
    /// `/Rotate` of the page; content is turned so that it shows upright.
    pub rotate: u16,
    /// Distance of the crop box from the media box's corner, points.
    pub crop: [f32; 2],
    /// Applied to all content: another exporter's shift, scale or skew.
    pub transform: Transform,
    /// What is painted, in order.
    pub items: Vec<Item>,
    /// Places of edits that are not painted as things of their own (words in a
    /// scan): mark, box as displayed, text.
    pub ghosts: Vec<(Mark, Rect, String)>,
    /// Links, fields, annotations with the edit they belong to. They are not
    /// subject to `transform`.
    pub extras: Vec<(Extra, Option<Mark>)>,
}

impl Page {
    /// An empty page.
    pub fn new(size: [f32; 2]) -> Self {
        Self {
            size,
            rotate: 0,
            crop: [0.0, 0.0],
            transform: Transform::IDENTITY,
            items: Vec::new(),
            ghosts: Vec::new(),
            extras: Vec::new(),
        }
    }
}

/// One file.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// Pages in order.
    pub pages: Vec<Page>,
    /// `(key, value)` of the information dictionary.
    pub metadata: Vec<(String, String)>,
    /// `(name, content)` of embedded files.
    pub attachments: Vec<(String, Vec<u8>)>,
}

/// Where the things of one mark are on one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// Boxes, points.
    pub boxes: Vec<Rect>,
    /// The words there, joined by spaces.
    pub text: String,
}

impl Scene {
    /// The boxes of every mark, by 1-based page, as displayed.
    pub fn places(&self) -> BTreeMap<Mark, BTreeMap<u32, Place>> {
        let mut places: BTreeMap<Mark, BTreeMap<u32, Place>> = BTreeMap::new();
        for (index, page) in self.pages.iter().enumerate() {
            let mut put = |mark: Mark, rect: Rect, text: &str| {
                let place = places
                    .entry(mark)
                    .or_default()
                    .entry(index as u32 + 1)
                    .or_default();
                place.boxes.push(rect);
                if !text.is_empty() {
                    if !place.text.is_empty() {
                        place.text.push(' ');
                    }
                    place.text.push_str(text);
                }
            };
            for item in &page.items {
                for (mark, rect, text) in item.marked() {
                    put(mark, page.transform.apply_rect(&rect), &text);
                }
            }
            for (mark, rect, text) in &page.ghosts {
                put(*mark, *rect, text);
            }
            for (extra, mark) in &page.extras {
                if let Some(mark) = mark {
                    let value = match extra {
                        Extra::Link { uri, .. } => uri.clone(),
                        Extra::Note { contents, .. } => contents.clone(),
                        Extra::Field { value, .. } => value.clone(),
                        Extra::Check { on, .. } => on.to_string(),
                    };
                    put(*mark, extra.rect(), &value);
                }
            }
        }
        places
    }
}

impl TextLine {
    /// Box of the words from `from` to `to` (points along the line), between
    /// the font's ascent and descent.
    fn area(&self, from: f32, to: f32) -> Rect {
        let (ascent, descent) = font(self.face).map_or((0.9, 0.2), |f| (f.ascent, f.descent));
        let [x, y] = self.origin;
        if self.upwards {
            Rect::new(
                x - ascent * self.size,
                y - to,
                x + descent * self.size,
                y - from,
            )
        } else {
            Rect::new(
                x + from,
                y - ascent * self.size,
                x + to,
                y + descent * self.size,
            )
        }
    }

    /// Boxes of the marked words; neighbours of one mark share a box.
    fn marked(&self) -> Vec<(Mark, Rect, String)> {
        let mut out: Vec<(Mark, f32, f32, Vec<&str>)> = Vec::new();
        let mut previous = None;
        for word in &self.words {
            let (from, to) = (word.offset, word.offset + word.shaped.width * self.size);
            if let Some(mark) = word.mark {
                match out.last_mut() {
                    Some(run) if previous == Some(mark) => {
                        run.1 = run.1.min(from);
                        run.2 = run.2.max(to);
                        run.3.push(&word.shaped.text);
                    }
                    _ => out.push((mark, from, to, vec![&word.shaped.text])),
                }
            }
            previous = word.mark;
        }
        out.into_iter()
            .map(|(mark, from, to, mut texts)| {
                if self.face == Face::Arabic {
                    texts.reverse();
                }
                let glue = if matches!(self.face, Face::Chinese | Face::Japanese) {
                    ""
                } else {
                    " "
                };
                (mark, self.area(from, to), texts.join(glue))
            })
            .collect()
    }
}

impl Item {
    fn marked(&self) -> Vec<(Mark, Rect, String)> {
        match self {
            Self::Text(line) => line.marked(),
            Self::Path { segs, mark, paint } => {
                let half = paint.stroke.as_ref().map_or(0.0, |s| s.0 / 2.0);
                let Some(mark) = *mark else { return Vec::new() };
                strokes(segs, paint)
                    .into_iter()
                    .map(|rect| (mark, rect.inflate(half), String::new()))
                    .collect()
            }
            Self::Image { rect, mark, .. } => mark
                .map(|mark| (mark, *rect, String::new()))
                .into_iter()
                .collect(),
        }
    }

    /// Mark, box after `transform` and text of what belongs to an edit.
    pub fn marked_boxes(&self, transform: &Transform) -> Vec<(Mark, Rect, String)> {
        self.marked()
            .into_iter()
            .map(|(mark, rect, text)| (mark, transform.apply_rect(&rect), text))
            .collect()
    }

    /// Moves the thing by `(dx, dy)` points.
    pub fn shift(&mut self, dx: f32, dy: f32) {
        let by = |p: &mut [f32; 2]| {
            p[0] += dx;
            p[1] += dy;
        };
        match self {
            Self::Text(line) => by(&mut line.origin),
            Self::Path { segs, .. } => {
                for seg in segs {
                    match seg {
                        Seg::Move(p) | Seg::Line(p) => by(p),
                        Seg::Cubic(p, q, r) => {
                            by(p);
                            by(q);
                            by(r);
                        }
                        Seg::Close => {}
                    }
                }
            }
            Self::Image { rect, .. } => {
                *rect = Rect::new(rect.x0 + dx, rect.y0 + dy, rect.x1 + dx, rect.y1 + dy);
            }
        }
    }

    /// Gives every part of the thing this mark.
    pub fn set_mark(&mut self, to: Option<Mark>) {
        match self {
            Self::Text(line) => {
                for word in &mut line.words {
                    word.mark = to;
                }
            }
            Self::Path { mark, .. } | Self::Image { mark, .. } => *mark = to,
        }
    }
}

/// Boxes of a path: one per straight line of an open stroke, because the box
/// around a bent wire is mostly empty paper; one box around anything else.
fn strokes(segs: &[Seg], paint: &Paint) -> Vec<Rect> {
    let open = paint.fill.is_none()
        && segs
            .iter()
            .all(|s| matches!(s, Seg::Move(_) | Seg::Line(_)));
    if !open {
        return bounds(segs).into_iter().collect();
    }
    segs.windows(2)
        .filter_map(|pair| match pair {
            [Seg::Move(a) | Seg::Line(a), Seg::Line(b)] => Some(Rect::new(a[0], a[1], b[0], b[1])),
            _ => None,
        })
        .collect()
}

/// Box of a path's points.
pub fn bounds(segs: &[Seg]) -> Option<Rect> {
    Rect::around(segs.iter().flat_map(|seg| match seg {
        Seg::Move(p) | Seg::Line(p) => vec![*p],
        // Control points would overstate an arc's box; its ends and middle do not.
        Seg::Cubic(a, b, c) => vec![[f32::midpoint(a[0], b[0]), f32::midpoint(a[1], b[1])], *c],
        Seg::Close => vec![],
    }))
}
