//! Text on drawings: as text, as strokes or as outlines.

use std::sync::Arc;

use ttf_parser::OutlineBuilder;

use crate::Result;
use crate::fonts::{Face, font, shape};
use crate::scene::{BLACK, Item, Paint, PlacedWord, Seg, TextLine};

/// How text is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lettering {
    /// Real text in an embedded font.
    Font,
    /// Single-line strokes, as plotters and `KiCad` draw it.
    Strokes,
    /// Filled glyph outlines.
    Outlines,
}

/// Strokes of each character on a grid 4 wide and 6 high, baseline at 0:
/// points as two digits (x, y), strokes separated by commas.
const GLYPHS: &[(char, &str)] = &[
    ('A', "00 26 40,12 32"),
    ('B', "00 06 36 45 44 33 03,33 42 41 30 00"),
    ('C', "45 36 16 05 01 10 30 41"),
    ('D', "00 06 26 44 42 20 00"),
    ('E', "40 00 06 46,03 33"),
    ('F', "00 06 46,03 33"),
    ('G', "45 36 16 05 01 10 30 41 43 23"),
    ('H', "00 06,40 46,03 43"),
    ('I', "10 30,20 26,16 36"),
    ('J', "46 41 30 10 01"),
    ('K', "00 06,46 03 40"),
    ('L', "06 00 40"),
    ('M', "00 06 23 46 40"),
    ('N', "00 06 40 46"),
    ('O', "10 01 05 16 36 45 41 30 10"),
    ('P', "00 06 36 45 44 33 03"),
    ('Q', "10 01 05 16 36 45 41 30 10,22 40"),
    ('R', "00 06 36 45 44 33 03,23 40"),
    ('S', "45 36 16 05 04 13 33 42 41 30 10 01"),
    ('T', "06 46,26 20"),
    ('U', "06 01 10 30 41 46"),
    ('V', "06 20 46"),
    ('W', "06 10 23 30 46"),
    ('X', "00 46,06 40"),
    ('Y', "06 23 46,23 20"),
    ('Z', "06 46 00 40"),
    ('0', "10 01 05 16 36 45 41 30 10,01 45"),
    ('1', "15 26 20,10 30"),
    ('2', "05 16 36 45 44 00 40"),
    ('3', "05 16 36 45 44 33 13,33 42 41 30 10 01"),
    ('4', "30 36 02 42"),
    ('5', "46 06 03 33 42 41 30 10 01"),
    ('6', "45 36 16 05 01 10 30 41 42 33 03"),
    ('7', "06 46 10"),
    ('8', "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33"),
    ('9', "43 13 04 05 16 36 45 41 30 10 01"),
    ('-', "13 33"),
    ('.', "20 21"),
    (',', "21 10"),
    (':', "21 22,24 25"),
    ('/', "00 46"),
    ('+', "13 33,22 24"),
    ('_', "00 40"),
    ('=', "12 32,14 34"),
    ('(', "36 15 11 30"),
    (')', "16 35 31 10"),
];

/// Draws `text` with its baseline starting at `at`, `size` points high,
/// running to the right or upwards.
pub fn draw(
    lettering: Lettering,
    text: &str,
    at: [f32; 2],
    size: f32,
    upwards: bool,
) -> Result<Vec<Item>> {
    // From the line's own axes (along, above the baseline) to the page.
    let place = move |along: f32, above: f32| {
        if upwards {
            [at[0] - above, at[1] - along]
        } else {
            [at[0] + along, at[1] - above]
        }
    };
    match lettering {
        Lettering::Font => as_text(text, at, size, upwards),
        Lettering::Strokes => Ok(as_strokes(text, size, &place)),
        Lettering::Outlines => as_outlines(text, size, &place),
    }
}

fn as_text(text: &str, at: [f32; 2], size: f32, upwards: bool) -> Result<Vec<Item>> {
    let face = Face::DejaVu;
    let space = shape(face, " ")?.width;
    let mut pen = 0.0;
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let shaped = shape(face, word)?;
        let advance = (shaped.width + space) * size;
        words.push(PlacedWord {
            offset: pen,
            shaped: Arc::clone(&shaped),
            mark: None,
        });
        pen += advance;
    }
    Ok(vec![Item::Text(TextLine {
        face,
        size,
        color: BLACK,
        origin: at,
        upwards,
        words,
    })])
}

fn as_strokes(text: &str, size: f32, place: &impl Fn(f32, f32) -> [f32; 2]) -> Vec<Item> {
    // Capitals are as high as a font's of the same size.
    let unit = size * 0.72 / 6.0;
    let mut items = Vec::new();
    for (i, c) in text.to_uppercase().chars().enumerate() {
        let Some((_, strokes)) = GLYPHS.iter().find(|(glyph, _)| *glyph == c) else {
            continue;
        };
        for stroke in strokes.split(',') {
            let points: Vec<[f32; 2]> = stroke
                .split(' ')
                .filter_map(|p| {
                    let mut digits = p.chars().filter_map(|d| d.to_digit(10));
                    let (x, y) = (digits.next()? as f32, digits.next()? as f32);
                    Some(place((i as f32 * 5.6 + x) * unit, y * unit))
                })
                .collect();
            items.push(Item::Path {
                segs: super::polyline(&points),
                paint: Paint::stroke(size * 0.08, BLACK),
                mark: None,
            });
        }
    }
    items
}

struct Outline<'a, P> {
    segs: Vec<Seg>,
    pen: [f32; 2],
    scale: f32,
    along: f32,
    place: &'a P,
}

impl<P: Fn(f32, f32) -> [f32; 2]> Outline<'_, P> {
    fn at(&self, x: f32, y: f32) -> [f32; 2] {
        (self.place)(self.along + x * self.scale, y * self.scale)
    }
}

impl<P: Fn(f32, f32) -> [f32; 2]> OutlineBuilder for Outline<'_, P> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen = [x, y];
        self.segs.push(Seg::Move(self.at(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.pen = [x, y];
        self.segs.push(Seg::Line(self.at(x, y)));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        // PDF has no quadratic curves: raise the degree.
        let [px, py] = self.pen;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        let (a, b) = ([third(px, cx), third(py, cy)], [third(x, cx), third(y, cy)]);
        self.curve_to(a[0], a[1], b[0], b[1], x, y);
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.pen = [x, y];
        self.segs
            .push(Seg::Cubic(self.at(ax, ay), self.at(bx, by), self.at(x, y)));
    }

    fn close(&mut self) {
        self.segs.push(Seg::Close);
    }
}

fn as_outlines(text: &str, size: f32, place: &impl Fn(f32, f32) -> [f32; 2]) -> Result<Vec<Item>> {
    let source = font(Face::Sans)?;
    let Ok(parsed) = ttf_parser::Face::parse(&source.data, source.index) else {
        return Ok(Vec::new());
    };
    let mut along = 0.0;
    let mut items = Vec::new();
    for c in text.chars() {
        let glyph = parsed.glyph_index(c).unwrap_or_default();
        let scale = size / source.units;
        let mut outline = Outline {
            segs: Vec::new(),
            pen: [0.0, 0.0],
            scale,
            along,
            place,
        };
        if parsed.outline_glyph(glyph, &mut outline).is_some() {
            items.push(Item::Path {
                segs: outline.segs,
                paint: Paint::fill(BLACK),
                mark: None,
            });
        }
        along += f32::from(parsed.glyph_hor_advance(glyph).unwrap_or(0)) * scale;
    }
    Ok(items)
}
