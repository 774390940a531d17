//! Small documents built by hand, for tests.

use model::{Document, DocumentInfo, Page, Rect, TextStyle, Word};

use crate::{Options, Rasters, compare};

/// No pixels.
pub struct NoRasters;

impl Rasters for NoRasters {
    fn raster(&self, _: model::Side, _: u32, _: f32) -> Option<model::Raster> {
        None
    }
}

/// Points between lines.
pub const LEADING: f32 = 14.0;

/// A page of lines at `left`, `top`, words seven points per character wide; an
/// empty line begins a new block.
pub fn page_at(number: u32, left: f32, top: f32, lines: &[&str]) -> Page {
    let mut page = Page {
        number,
        size: [595.0, 842.0],
        styles: vec![TextStyle {
            font: "Serif".to_owned(),
            size: 11.0,
            color: [0, 0, 0, 255],
            bold: false,
            italic: false,
            invisible: false,
        }],
        ..Page::default()
    };
    let (mut block, mut y) = (0, top);
    for (line, text) in (0u32..).zip(lines) {
        if text.is_empty() {
            block += 1;
        }
        let mut x = left;
        for part in text.split_whitespace() {
            let width = 7.0 * part.chars().count() as f32;
            page.words.push(Word {
                text: part.to_owned(),
                bounds: Rect::new(x, y, x + width, y + 11.0),
                edges: Vec::new(),
                style: 0,
                line,
                block,
                direction: model::Direction::Ltr,
                hyphenated: part.len() > 1 && part.ends_with('-'),
                joined: false,
            });
            x += width + 4.0;
        }
        y += LEADING;
    }
    page
}

/// A page of lines from the top margin, outside the zone of running headers.
pub fn page(number: u32, lines: &[&str]) -> Page {
    page_at(number, 72.0, 150.0, lines)
}

/// A document of pages.
pub fn document(pages: Vec<Page>) -> Document {
    Document {
        name: "test.pdf".to_owned(),
        info: DocumentInfo {
            page_count: pages.len() as u32,
            ..DocumentInfo::default()
        },
        pages,
    }
}

/// A document of one-page texts.
pub fn pages(texts: &[&[&str]]) -> Document {
    document(
        (1u32..)
            .zip(texts)
            .map(|(number, lines)| page(number, lines))
            .collect(),
    )
}

/// The report without pixels.
pub fn report(old: &Document, new: &Document) -> model::Report {
    let options = Options {
        pixels: false,
        ..Options::default()
    };
    compare(old, new, &options, &NoRasters, &|_| ())
}

/// Summaries of all changes.
pub fn summaries(old: &Document, new: &Document) -> Vec<String> {
    report(old, new)
        .changes
        .into_iter()
        .map(|c| c.summary)
        .collect()
}

/// `count` different sentences of pseudo-words, from `seed`.
pub fn prose(seed: u32, count: usize) -> Vec<String> {
    let mut state = u64::from(seed) * 0x9E37_79B9 + 1;
    let mut next = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) as usize
    };
    let syllables = [
        "ka", "lo", "mi", "ter", "san", "dor", "ul", "ve", "pra", "chi", "ben", "or",
    ];
    (0..count)
        .map(|_| {
            (0..9)
                .map(|_| {
                    (0..2 + next() % 3)
                        .map(|_| syllables[next() % syllables.len()])
                        .collect::<String>()
                })
                .collect::<Vec<_>>()
                .join(" ")
                + "."
        })
        .collect()
}
