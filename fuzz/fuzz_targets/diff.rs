//! The comparison must survive whatever a parser of hostile files hands it:
//! indices out of range, numbers that are none, empty and huge pages.

#![no_main]

use diff::{Options, Rasters};
use libfuzzer_sys::fuzz_target;
use model::{
    Bookmark, Coverage, Direction, Document, DocumentInfo, Drawing, FormField, ImagePlacement,
    Link, LinkTarget, Page, Paint, Path, PathStyle, Raster, Rect, Side, TextStyle, Verb, Word,
};

/// Numbers and choices taken from the fuzzer's bytes; zeros at the end.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((&first, rest)) => {
                self.0 = rest;
                first
            }
            None => 0,
        }
    }

    fn below(&mut self, n: u8) -> usize {
        usize::from(self.byte() % n.max(1))
    }

    fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// Mostly places on a page, sometimes nonsense.
    fn number(&mut self) -> f32 {
        match self.byte() {
            255 => f32::NAN,
            254 => f32::INFINITY,
            253 => -1.0e30,
            252 => 3.0e38,
            n => f32::from(n) * 3.0 + f32::from(self.byte() & 3) * 0.25,
        }
    }

    fn rect(&mut self) -> Rect {
        let (x0, y0) = (self.number(), self.number());
        if self.byte() < 200 {
            Rect {
                x0,
                y0,
                x1: x0 + f32::from(self.byte()) / 4.0,
                y1: y0 + 10.0,
            }
        } else {
            Rect {
                x0,
                y0,
                x1: self.number(),
                y1: self.number(),
            }
        }
    }

    fn text(&mut self) -> String {
        const PARTS: [&str; 24] = [
            "the", "alpha", "beta", "10k", "12", "3.1", "-", "x-", ".", "....", "以", "太坊", "ก",
            "שלום", "(a)", "é", "\u{0}", "", "iv", "Page", "well-known", "\u{200b}", "７", "🦀",
        ];
        let mut text = PARTS[self.below(24)].to_owned();
        if self.byte() > 200 {
            text.push_str(PARTS[self.below(24)]);
        }
        text
    }

    fn word(&mut self) -> Word {
        let text = self.text();
        let edges = match self.byte() % 4 {
            0 => (0..=text.chars().count()).map(|_| self.number()).collect(),
            1 => vec![self.number()],
            _ => Vec::new(),
        };
        Word {
            text,
            bounds: self.rect(),
            edges,
            style: self.below(4) as u32,
            line: self.below(12) as u32,
            block: self.below(6) as u32,
            direction: [
                Direction::Ltr,
                Direction::Rtl,
                Direction::Up,
                Direction::Down,
                Direction::Other,
            ][self.below(5)],
            hyphenated: self.byte() > 220,
            joined: self.byte() > 200,
        }
    }

    fn drawing(&mut self) -> Drawing {
        let mut drawing = Drawing {
            styles: vec![PathStyle {
                paint: [Paint::Stroke, Paint::Fill, Paint::FillAndStroke][self.below(3)],
                color: self.flag().then(|| [self.byte(), 0, 0, 255]),
                width: self.number(),
                dash: Vec::new(),
            }],
            ..Drawing::default()
        };
        for _ in 0..self.below(10) {
            for _ in 0..self.below(5) {
                let verb = [Verb::Move, Verb::Line, Verb::Quad, Verb::Cubic, Verb::Close]
                    [self.below(5)];
                drawing.verbs.push(verb);
                for _ in 0..2 * verb.points() {
                    let number = self.number();
                    drawing.coords.push(number);
                }
            }
            let slack = if self.byte() > 230 { 7 } else { 0 };
            drawing.paths.push(Path {
                style: self.below(3) as u32,
                verbs_end: drawing.verbs.len() as u32 + slack,
                coords_end: drawing.coords.len() as u32 + slack,
                bounds: self.rect(),
                visible: self.flag().then(|| self.rect()),
            });
        }
        drawing
    }

    fn page(&mut self, number: u32) -> Page {
        let style = |bytes: &mut Self| TextStyle {
            font: bytes.text(),
            size: bytes.number(),
            color: [bytes.byte(), 0, 0, 255],
            bold: bytes.flag(),
            italic: bytes.flag(),
            invisible: bytes.byte() > 230,
        };
        let size = if self.byte() > 240 {
            [self.number(), self.number()]
        } else {
            [595.0, 842.0]
        };
        Page {
            number: if self.byte() > 250 { 0 } else { number },
            label: self.flag().then(|| self.text()),
            size,
            rotation: 0,
            styles: (0..self.below(3)).map(|_| style(self)).collect(),
            words: (0..self.below(40)).map(|_| self.word()).collect(),
            drawing: self.drawing(),
            images: (0..self.below(3))
                .map(|_| ImagePlacement {
                    bounds: self.rect(),
                    pixels: [8, 8],
                    hash: u64::from(self.byte()),
                    perceptual: self.flag().then(|| u64::from(self.byte())),
                    stencil: self.flag(),
                })
                .collect(),
            annotations: Vec::new(),
            links: (0..self.below(3))
                .map(|_| Link {
                    bounds: self.rect(),
                    target: if self.flag() {
                        LinkTarget::Page(u32::from(self.byte()))
                    } else {
                        LinkTarget::Uri(self.text())
                    },
                })
                .collect(),
            fields: (0..self.below(3))
                .map(|_| FormField {
                    name: self.text(),
                    kind: "text".to_owned(),
                    value: self.text(),
                    label: String::new(),
                    bounds: self.rect(),
                    read_only: false,
                    required: self.flag(),
                    options: Vec::new(),
                })
                .collect(),
            coverage: Coverage {
                glyphs: u32::from(self.byte()),
                unmapped_glyphs: u32::from(self.byte()),
                digest: u64::from(self.byte() & 3),
                ..Coverage::default()
            },
            failed: (self.byte() > 240).then(|| "broken".to_owned()),
            warnings: Vec::new(),
        }
    }

    fn document(&mut self) -> Document {
        let count = self.below(6) as u32;
        Document {
            name: String::new(),
            info: DocumentInfo {
                page_count: count,
                bookmarks: vec![Bookmark {
                    level: 0,
                    title: self.text(),
                    page: Some(u32::from(self.byte())),
                }],
                ..DocumentInfo::default()
            },
            pages: (1..=count).map(|number| self.page(number)).collect(),
        }
    }
}

/// Small rasters, now and then none.
struct Pixels(u8);

impl Rasters for Pixels {
    fn raster(&self, side: Side, page: u32, _scale: f32) -> Option<Raster> {
        let (width, height) = (24, 32 + u32::from(self.0 & 1));
        let seed = self.0.wrapping_add(page as u8);
        (self.0 & 6 != 6).then(|| Raster {
            width,
            height,
            rgb: (0..width * height * 3)
                .map(|i| {
                    let dark = (i % 97) as u8 == seed % 97;
                    if dark && (side == Side::New || self.0 & 8 == 0) { 0 } else { 255 }
                })
                .collect(),
        })
    }
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let mut options = Options {
        pixels: bytes.byte() > 200,
        ..Options::default()
    };
    options.ignore.case = bytes.flag();
    options.ignore.whitespace = bytes.flag();
    if bytes.flag() {
        options.regions.extend("1-3:0,0,300,200".parse().ok());
    }
    let pixels = Pixels(bytes.byte());
    let old = bytes.document();
    // Revisions share most of what they hold.
    let mut new = old.clone();
    for _ in 0..bytes.below(4) {
        let at = bytes.below(6);
        let number = at as u32 + 1;
        let page = bytes.page(number);
        if let Some(slot) = new.pages.get_mut(at) {
            *slot = page;
        } else {
            new.pages.push(page);
        }
    }
    let report = diff::compare(&old, &new, &options, &pixels, &|_| ());
    for (id, change) in (1..).zip(&report.changes) {
        assert_eq!(change.id, id);
        assert!(change.old.is_some() || change.new.is_some());
        assert!(!change.summary.is_empty());
    }
});
