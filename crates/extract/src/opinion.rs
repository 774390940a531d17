//! A second engine's opinion, asked where the first draws glyphs but cannot
//! tell what they mean, or fails on the page.
//!
//! It is never trusted alone: where it finds less, the first engine's words
//! stand. It reads no styles beyond the size, and no paths.

use std::sync::OnceLock;

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_syntax::page::Page as HayroPage;
use hayro::kurbo::{Affine, Point};
use model::{Coverage, Page, TextSource, TextStyle};
use pdf_extract::{Document, MediaBox, OutputDev, OutputError, Transform};

use crate::clean::{Cleaned, clean_char};
use crate::glyph::{Glyph, Glyphs, Meaning};
use crate::info::{has_form_cycle, has_parent_cycle};
use crate::reader::{unmapped_share, warning};
use crate::{Source, frame, guard, limits, words};

/// Share of glyphs without Unicode from which a second opinion is asked.
const DOUBT: f32 = 0.3;
/// Size of a file the second engine is given, bytes: it parses all of it.
const LARGEST: usize = 256 << 20;

/// The document as the second engine has it, parsed when first needed.
#[derive(Default)]
pub(crate) struct Second(OnceLock<Option<Document>>);

impl Second {
    fn document(&self, source: &Source) -> Option<&Document> {
        let parse = || {
            let bytes: &[u8] = source.pdf.data().as_ref();
            if bytes.len() > LARGEST {
                return None;
            }
            let mut document = Document::load_mem(bytes).ok()?;
            if document.is_encrypted() {
                document
                    .decrypt(source.password.as_deref().unwrap_or(""))
                    .ok()?;
            }
            Some(document)
        };
        self.0
            .get_or_init(|| guard::caught("the second engine", parse).ok().flatten())
            .as_ref()
    }
}

/// Replaces the words of `page` where the second engine understands more.
pub(crate) fn consult(source: &Source, raw: &HayroPage<'_>, page: &mut Page) {
    if page.coverage.glyphs == 0 || unmapped_share(&page.coverage) < DOUBT {
        return;
    }
    let Some(glyphs) = ask(source, raw, page.number) else {
        return;
    };
    let mapped = (page.coverage.glyphs - page.coverage.unmapped_glyphs) as usize;
    if glyphs.list.len() < 4 || glyphs.list.len() * 10 < mapped * 11 {
        return;
    }
    page.words.clear();
    take(&glyphs, page);
    let found = glyphs.list.len() as u32;
    page.coverage.unmapped_glyphs = page.coverage.glyphs.saturating_sub(found);
    page.coverage.needs_pixels = true;
}

/// Reads a page the first engine fails on; `Err` where the second finds
/// nothing either.
pub(crate) fn whole_page(source: &Source, raw: &HayroPage<'_>, page: &mut Page) -> Result<(), ()> {
    let glyphs = ask(source, raw, page.number).ok_or(())?;
    if glyphs.list.is_empty() {
        return Err(());
    }
    take(&glyphs, page);
    page.coverage = Coverage {
        glyphs: glyphs.list.len() as u32,
        text_source: TextSource::SecondOpinion,
        needs_pixels: true,
        ..Coverage::default()
    };
    Ok(())
}

fn take(glyphs: &Glyphs, page: &mut Page) {
    words::build(glyphs, page);
    page.styles.clone_from(&glyphs.styles);
    page.coverage.text_source = TextSource::SecondOpinion;
    page.warnings.push(warning(
        page.number,
        "second-opinion",
        "The text of this page was read by a second engine, without fonts and colours; positions may be less exact.",
    ));
}

fn ask(source: &Source, raw: &HayroPage<'_>, number: u32) -> Option<Glyphs> {
    // The second engine follows a form that paints itself until the stack
    // ends, and a page that is its own parent for ever.
    if has_form_cycle(raw.xref(), raw.resources()) || has_parent_cycle(raw.xref(), raw.raw()) {
        return None;
    }
    let document = source.second.document(source)?;
    let mut taker = Taker {
        glyphs: Glyphs::default(),
        to_page: raw.initial_transform(true).to_kurbo(),
        size: raw.render_dimensions(),
    };
    // What was read up to an error or a panic is still an opinion.
    let _ = guard::caught("the second engine", || {
        pdf_extract::output_doc_page(document, &mut taker, number)
    });
    Some(taker.glyphs)
}

struct Taker {
    glyphs: Glyphs,
    to_page: Affine,
    size: (f32, f32),
}

impl Taker {
    fn style(&mut self, size: f32) -> u32 {
        let size = (size * 100.0).round() / 100.0;
        let styles = &mut self.glyphs.styles;
        let index = styles.iter().position(|style| style.size == size);
        index.unwrap_or_else(|| {
            styles.push(TextStyle {
                font: String::new(),
                size,
                color: [0, 0, 0, 255],
                bold: false,
                italic: false,
                invisible: false,
            });
            styles.len() - 1
        }) as u32
    }

    fn meaning(&mut self, text: &str) -> Option<Meaning> {
        let mut out = String::new();
        let mut blank = false;
        for c in text.chars().take(16) {
            match clean_char(c) {
                Cleaned::One('\u{fffd}') | Cleaned::Nothing => {}
                Cleaned::One(c) => out.push(c),
                Cleaned::Many(many) => out.push_str(&many),
                Cleaned::Space => blank = true,
            }
        }
        let mut chars = out.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) => Some(Meaning::Char(one)),
            (Some(_), Some(_)) => {
                let start = self.glyphs.text.len() as u32;
                self.glyphs.text.push_str(&out);
                Some(Meaning::Text {
                    start,
                    len: out.len() as u32,
                })
            }
            (None, _) => blank.then_some(Meaning::Space),
        }
    }
}

impl OutputDev for Taker {
    fn begin_page(
        &mut self,
        _: u32,
        _: &MediaBox,
        _: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn output_character(
        &mut self,
        trm: &Transform,
        width: f64,
        _spacing: f64,
        font_size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        let matrix = self.to_page
            * Affine::new([trm.m11, trm.m12, trm.m21, trm.m22, trm.m31, trm.m32])
            * Affine::scale(font_size);
        let [a, b, c, d, x, y] = matrix.as_coeffs().map(|v| v as f32);
        let size = c.hypot(d);
        let advance = [a * width as f32, b * width as f32];
        let inside = x > -size && y > -size && x < self.size.0 + size && y < self.size.1 + size;
        let sound = [x, y, advance[0], advance[1]].iter().all(|v| v.is_finite());
        if !sound
            || !inside
            || !(0.01..20_000.0).contains(&size)
            || self.glyphs.list.len() >= limits::GLYPHS
        {
            return Ok(());
        }
        let Some(meaning) = self.meaning(text) else {
            return Ok(());
        };
        let writing = frame::writing(a, b, false);
        let frames = &mut self.glyphs.frames;
        let frame = frames
            .iter()
            .position(|known| *known == writing)
            .unwrap_or_else(|| {
                frames.push(writing);
                frames.len() - 1
            }) as u16;
        let style = self.style(size);
        let origin = matrix * Point::ZERO;
        self.glyphs.list.push(Glyph {
            origin: [origin.x as f32, origin.y as f32],
            advance,
            style,
            frame,
            size,
            meaning,
        });
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}
