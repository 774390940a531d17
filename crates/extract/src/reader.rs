//! Pages of a document, one reader per thread.

use hayro::RenderCache;
use hayro::hayro_interpret::{
    Context, InterpreterCache, RenderContent, TransformExt, interpret_page,
};
use hayro::hayro_syntax::page::{Page as HayroPage, Rotation};
use hayro::kurbo::Rect as KRect;
use model::{Coverage, Page, Raster, Rect, TextSource, Warning};

use crate::device::Recorder;
use crate::font::FontBook;
use crate::{Error, Source, guard, info, opinion, render, words};

/// Reads pages; holds the caches of one thread.
pub struct Reader<'s> {
    source: &'s Source,
    interpreter: InterpreterCache<'s>,
    render: RenderCache<'s>,
    fonts: std::cell::RefCell<FontBook<'s>>,
}

impl<'s> Reader<'s> {
    pub(crate) fn new(source: &'s Source) -> Self {
        Self {
            source,
            interpreter: InterpreterCache::new(),
            render: RenderCache::new(),
            fonts: std::cell::RefCell::new(FontBook::new(source.settings.clone())),
        }
    }

    fn find(&self, number: u32) -> Result<&'s HayroPage<'s>, Error> {
        let index = (number as usize).checked_sub(1);
        let missing = Error::NoSuchPage {
            number,
            count: self.source.page_count(),
        };
        index
            .and_then(|index| self.source.pdf.pages().get(index))
            .ok_or(missing)
    }

    /// Reads page `number` (1-based): words in reading order, paths, images,
    /// annotations, links and form fields.
    pub fn page(&self, number: u32) -> Result<Page, Error> {
        let raw = self.find(number)?;
        let what = format!("page {number}");
        let mut page = Page {
            number,
            ..Page::default()
        };
        let painted = guard::caught(&what, || self.content(raw, &mut page));
        if let Err(error) = painted {
            // The second engine may still read what the first fell over.
            let blank = Page {
                number,
                size: page.size,
                rotation: page.rotation,
                ..Page::default()
            };
            page = blank;
            opinion::whole_page(self.source, raw, &mut page).map_err(|()| error)?;
        }
        let rest = guard::caught(&what, || info::page(self.source, raw, &mut page));
        if rest.is_err() {
            page.warnings.push(warning(
                number,
                "annotations-failed",
                "The annotations of this page could not be read.",
            ));
        }
        Ok(page)
    }

    fn content(&self, raw: &'s HayroPage<'s>, page: &mut Page) {
        let (width, height) = raw.render_dimensions();
        page.size = [width, height];
        page.rotation = match raw.rotation() {
            Rotation::None => 0,
            Rotation::Horizontal => 90,
            Rotation::Flipped => 180,
            Rotation::FlippedHorizontal => 270,
        };
        let mut settings = self.source.settings.clone();
        // Annotations are told apart from the page's content, and form values
        // must not be reported as text once more.
        settings.render_content = RenderContent::PAGE;
        let mut context = Context::new(
            raw.initial_transform(true).to_kurbo(),
            KRect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            &self.interpreter,
            raw.xref(),
            settings,
        );
        let mut fonts = self.fonts.borrow_mut();
        let mut recorder = Recorder::new(raw, page.size, &mut fonts, &self.source.images);
        interpret_page(raw, &mut context, &mut recorder);
        recorder.settle_guesses();
        let digest = recorder.digest();
        page.coverage = Coverage {
            glyphs: recorder.drawn,
            unmapped_glyphs: recorder.unmapped,
            text_source: if recorder.drawn > recorder.unmapped {
                TextSource::Glyphs
            } else {
                TextSource::None
            },
            needs_pixels: recorder.needs_pixels,
            image_share: (recorder.image_area / (width * height)).clamp(0.0, 1.0),
            digest,
        };
        if recorder.truncated || recorder.canvas.truncated {
            page.warnings.push(warning(
                page.number,
                "page-truncated",
                "The page holds more than can be taken in; the rest of it is compared as pixels only.",
            ));
            page.coverage.needs_pixels = true;
        }
        if recorder.large_images > 0 {
            page.warnings.push(warning(
                page.number,
                "image-too-large",
                "An image of this page is too large to decode; it is not compared by content.",
            ));
        }
        page.images = recorder.images;
        page.drawing = recorder.canvas.drawing;
        words::build(&recorder.glyphs, page);
        page.styles = recorder.glyphs.styles;
        opinion::consult(self.source, raw, page);
        if unmapped_share(&page.coverage) > 0.3
            && page.coverage.text_source != TextSource::SecondOpinion
        {
            page.warnings.push(warning(
                page.number,
                "text-unmapped",
                "Much of the text has no Unicode meaning in the file; it is compared as pixels only.",
            ));
            page.coverage.needs_pixels = true;
        }
    }

    /// Renders page `number` (1-based) on white at `scale` pixels per point,
    /// annotations included: all of it, or the part inside `region` (points
    /// from the top-left corner of the page as displayed).
    pub fn render(&self, number: u32, scale: f32, region: Option<Rect>) -> Result<Raster, Error> {
        let raw = self.find(number)?;
        let what = format!("rendering page {number}");
        guard::caught(&what, || {
            render::page(raw, &self.render, &self.source.settings, scale, region)
        })?
    }
}

/// Share of the glyphs without Unicode.
pub(crate) fn unmapped_share(coverage: &Coverage) -> f32 {
    coverage.unmapped_glyphs as f32 / coverage.glyphs.max(1) as f32
}

/// A warning about one page.
pub(crate) fn warning(page: u32, code: &str, message: &str) -> Warning {
    Warning {
        side: None,
        page: Some(page),
        code: code.to_owned(),
        message: message.to_owned(),
    }
}
