//! The drawing device that takes down what a page paints instead of painting
//! it.

use std::hash::Hasher;
use std::rc::Rc;

use hayro::hayro_interpret::font::{Glyph as HayroGlyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect as KRect, Shape};
use model::{ImagePlacement, Rect, TextStyle};
use rustc_hash::{FxHashMap, FxHasher};

use crate::clean::{Cleaned, clean_char};
use crate::font::{self, FontBook, FontInfo};
use crate::frame;
use crate::glyph::{Glyph, Glyphs, Meaning};
use crate::paint::Canvas;
use crate::source::ImageStore;
use crate::{color, image, limits};

/// A font at a size in a colour.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct StyleKey {
    font: *const FontInfo<'static>,
    /// Hundredths of a point.
    size: i32,
    color: [u8; 4],
    invisible: bool,
}

/// Takes down one page.
pub(crate) struct Recorder<'r, 'a> {
    pub glyphs: Glyphs,
    pub canvas: Canvas,
    pub images: Vec<ImagePlacement>,
    /// Glyphs drawn, white space not counted.
    pub drawn: u32,
    /// Of these, glyphs without Unicode.
    pub unmapped: u32,
    pub needs_pixels: bool,
    /// Whether glyphs or images were left out for their number.
    pub truncated: bool,
    /// Images too large to decode.
    pub large_images: u32,
    /// Area of the images on the page, square points.
    pub image_area: f32,
    digest: FxHasher,
    page: &'r Page<'a>,
    visible: Rect,
    clips: Vec<Option<Rect>>,
    opacities: Vec<f32>,
    fonts: &'r mut FontBook<'a>,
    store: &'r ImageStore,
    styles: FxHashMap<StyleKey, u32>,
    /// Keeps the fonts alive whose addresses are keys of `styles`.
    held: Vec<Rc<FontInfo<'a>>>,
    last_font: Option<(u128, Rc<FontInfo<'a>>)>,
    depth: u32,
    /// Glyphs whose meaning was guessed from their codes.
    guesses: Vec<u32>,
}

/// Ghostscript writes the characters of a ligature with their bytes swapped
/// (`fi` becomes U+6600 U+6900); no glyph means these ideographs together.
fn unswapped(text: String) -> String {
    let swapped = |c| matches!(c, '\u{6600}' | '\u{6900}' | '\u{6c00}');
    if !text.starts_with('\u{6600}') || !text.chars().all(swapped) {
        return text;
    }
    let swap = |c| char::from_u32(u32::from(c) >> 8);
    text.chars().filter_map(swap).collect()
}

/// What a Type 3 glyph without a name may mean: bitmap fonts made by dvips
/// keep the codes of TeX's text encodings, which are ASCII with the ligatures
/// at 11 to 15 (OT1) or 27 to 31 (T1).
fn guess(code: u32) -> Option<BfString> {
    const LIGATURES: [&str; 5] = ["ff", "fi", "fl", "ffi", "ffl"];
    match code {
        11..=15 => Some(BfString::String(LIGATURES[code as usize - 11].into())),
        27..=31 => Some(BfString::String(LIGATURES[code as usize - 27].into())),
        // Where ASCII has an accent and a straight quote, both have these.
        0x27 => Some(BfString::Char('’')),
        0x60 => Some(BfString::Char('‘')),
        0x21..=0x7e => char::from_u32(code).map(BfString::Char),
        _ => None,
    }
}

impl<'r, 'a> Recorder<'r, 'a> {
    pub fn new(
        page: &'r Page<'a>,
        size: [f32; 2],
        fonts: &'r mut FontBook<'a>,
        store: &'r ImageStore,
    ) -> Self {
        Self {
            glyphs: Glyphs::default(),
            canvas: Canvas::default(),
            images: Vec::new(),
            drawn: 0,
            unmapped: 0,
            needs_pixels: false,
            truncated: false,
            large_images: 0,
            image_area: 0.0,
            digest: FxHasher::default(),
            page,
            visible: Rect::new(0.0, 0.0, size[0], size[1]),
            clips: Vec::new(),
            opacities: Vec::new(),
            fonts,
            store,
            styles: FxHashMap::default(),
            held: Vec::new(),
            last_font: None,
            depth: 0,
            guesses: Vec::new(),
        }
    }

    /// Takes back the guesses of a page if they do not read like a language:
    /// about as many vowels among the letters, and mostly letters.
    pub fn settle_guesses(&mut self) {
        let (mut letters, mut vowels) = (0, 0);
        for index in &self.guesses {
            for c in self.glyphs.chars(&self.glyphs.list[*index as usize]) {
                letters += usize::from(c.is_ascii_alphabetic());
                vowels += usize::from("aeiouAEIOU".contains(c));
            }
        }
        let count = self.guesses.len();
        let plausible =
            letters * 10 >= count * 6 && (2..=5).contains(&(vowels * 10 / letters.max(1)));
        if count == 0 || plausible {
            return;
        }
        let mut index = 0;
        let guesses = std::mem::take(&mut self.guesses);
        self.glyphs.list.retain(|_| {
            index += 1;
            guesses.binary_search(&(index - 1)).is_err()
        });
        self.unmapped += count as u32;
    }

    /// Hash of everything painted so far, in order.
    pub fn digest(&self) -> u64 {
        self.digest.finish()
    }

    /// What can be seen of the page under the clips in force.
    fn clip(&self) -> Option<Rect> {
        self.clips.last().copied().unwrap_or(Some(self.visible))
    }

    fn opacity(&self) -> f32 {
        self.opacities.last().copied().unwrap_or(1.0)
    }

    fn push_clip(&mut self, rect: Rect) {
        let clip = self.clip().and_then(|clip| clip.intersection(&rect));
        self.clips.push(clip);
    }

    /// Takes hundredths of a point into the digest.
    fn note(&mut self, values: &[f32]) {
        for value in values {
            // To the nearest; without SSE 4.1 `round` is a call.
            let value = value * 100.0;
            self.digest
                .write_i32((value + 0.5_f32.copysign(value)) as i32);
        }
    }

    fn props(&mut self, props: &DrawProps<'a>) -> Option<[u8; 4]> {
        let color = color::rgba(&props.paint, self.opacity());
        self.needs_pixels |=
            color.is_none() || props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal;
        color
    }

    fn note_path(&mut self) {
        let Some(path) = self.canvas.drawing.paths.last() else {
            return;
        };
        let bounds = path.bounds;
        let style = &self.canvas.drawing.styles[path.style as usize];
        self.digest.write_u8(style.paint as u8);
        self.digest.write(&style.color.unwrap_or_default());
        let index = self.canvas.drawing.paths.len() - 1;
        let (verbs, _) = self.canvas.drawing.geometry(index);
        self.digest.write_usize(verbs.len());
        self.note(&[bounds.x0, bounds.y0, bounds.x1, bounds.y1]);
    }

    fn font_of(&mut self, glyph: &HayroGlyph<'a>) -> Rc<FontInfo<'a>> {
        let HayroGlyph::Outline(outline) = glyph else {
            return self.fonts.type3();
        };
        let key = font::key(&outline.identifier());
        if let Some((last, info)) = &self.last_font
            && *last == key
        {
            return Rc::clone(info);
        }
        let info = self.fonts.font(key, outline, self.page);
        self.last_font = Some((key, Rc::clone(&info)));
        info
    }

    fn style(
        &mut self,
        font: &Rc<FontInfo<'a>>,
        size: f32,
        color: [u8; 4],
        invisible: bool,
    ) -> u32 {
        let key = StyleKey {
            font: Rc::as_ptr(font).cast(),
            size: (size * 100.0).round() as i32,
            color,
            invisible,
        };
        let (styles, held) = (&mut self.glyphs.styles, &mut self.held);
        *self.styles.entry(key).or_insert_with(|| {
            held.push(Rc::clone(font));
            styles.push(TextStyle {
                font: font.name.clone(),
                size: (size * 100.0).round() / 100.0,
                color,
                bold: font.bold,
                italic: font.italic,
                invisible,
            });
            (styles.len() - 1) as u32
        })
    }

    fn frame(&mut self, advance: Point, upright: bool) -> u16 {
        let writing = frame::writing(advance.x as f32, advance.y as f32, upright);
        let frames = &mut self.glyphs.frames;
        let index = frames.iter().position(|known| *known == writing);
        index.unwrap_or_else(|| {
            frames.push(writing);
            frames.len() - 1
        }) as u16
    }

    fn meaning(&mut self, unicode: Option<BfString>) -> Option<Meaning> {
        let cleaned = match unicode? {
            BfString::Char(c) => {
                if c == '\u{fffd}' {
                    return None;
                }
                clean_char(c)
            }
            BfString::String(text) => {
                let text = unswapped(text);
                let mut out = String::with_capacity(text.len());
                for c in text.chars().take(64) {
                    match clean_char(c) {
                        Cleaned::One(c) => out.push(c),
                        Cleaned::Many(s) => out.push_str(&s),
                        Cleaned::Space | Cleaned::Nothing => {}
                    }
                }
                if out.is_empty() {
                    let blank = text.chars().all(|c| clean_char(c) == Cleaned::Space);
                    if blank {
                        Cleaned::Space
                    } else {
                        Cleaned::Nothing
                    }
                } else {
                    Cleaned::Many(out)
                }
            }
        };
        match cleaned {
            Cleaned::One(c) => Some(Meaning::Char(c)),
            Cleaned::Many(s) => {
                let start = self.glyphs.text.len() as u32;
                self.glyphs.text.push_str(&s);
                let len = s.len() as u32;
                Some(Meaning::Text { start, len })
            }
            Cleaned::Space => Some(Meaning::Space),
            Cleaned::Nothing => None,
        }
    }
}

/// The rectangle a path is, where it is an upright one.
fn as_rect(path: &BezPath) -> Option<KRect> {
    let mut points = [Point::ZERO; 5];
    let mut count = 0;
    for element in path.elements() {
        match element {
            PathEl::MoveTo(p) | PathEl::LineTo(p) => {
                *points.get_mut(count)? = *p;
                count += 1;
            }
            PathEl::ClosePath => {}
            PathEl::QuadTo(..) | PathEl::CurveTo(..) => return None,
        }
    }
    let near = |a: f64, b: f64| (a - b).abs() < 0.05;
    let upright = |a: Point, b: Point| near(a.x, b.x) || near(a.y, b.y);
    let corners = &points[..count.min(4)];
    (count >= 4
        && corners.windows(2).all(|w| upright(w[0], w[1]))
        && upright(corners[3], corners[0]))
    .then(|| path.control_box())
}

fn to_rect(rect: &KRect) -> Rect {
    Rect::new(
        rect.x0 as f32,
        rect.y0 as f32,
        rect.x1 as f32,
        rect.y1 as f32,
    )
}

impl<'a> Device<'a> for Recorder<'_, 'a> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, mode: &DrawMode) {
        let color = self.props(&props);
        if color.is_some_and(|c| c[3] == 0) {
            return;
        }
        let clip = self.clip();
        if self
            .canvas
            .path(path, props.transform, mode, color, clip)
            .is_some()
        {
            self.note_path();
        }
    }

    fn draw_rect(&mut self, rect: &KRect, props: DrawProps<'a>, mode: &DrawMode) {
        let color = self.props(&props);
        if color.is_some_and(|c| c[3] == 0) {
            return;
        }
        let clip = self.clip();
        if self
            .canvas
            .rect(rect, props.transform, mode, color, clip)
            .is_some()
        {
            self.note_path();
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        let rect = as_rect(&clip_path.path);
        self.needs_pixels |= rect.is_none();
        self.push_clip(to_rect(
            &rect.unwrap_or_else(|| clip_path.path.bounding_box()),
        ));
    }

    fn push_clip_rect(&mut self, rect: &KRect) {
        self.push_clip(to_rect(rect));
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(
        &mut self,
        opacity: f32,
        mask: Option<SoftMask<'a>>,
        blend_mode: BlendMode,
    ) {
        self.needs_pixels |= mask.is_some() || blend_mode != BlendMode::Normal;
        self.opacities.push(self.opacity() * opacity);
    }

    fn pop_transparency_group(&mut self) {
        self.opacities.pop();
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let Some(first) = run.glyphs().first() else {
            return;
        };
        if self.glyphs.list.len() + run.glyphs().len() > limits::GLYPHS {
            self.truncated = true;
            return;
        }
        let color = self.props(&props).unwrap_or([0, 0, 0, 255]);
        let hidden = matches!(mode, DrawMode::Invisible) || color[3] == 0;
        let clip = self.clip();
        let vertical = run.writing_mode() == WritingMode::Vertical;
        let font = self.font_of(first);
        let codes = run.glyphs().iter().filter_map(|glyph| match &**glyph {
            HayroGlyph::Outline(glyph) => Some((glyph.char_code(), glyph.advance_width()?)),
            HayroGlyph::Type3(_) => None,
        });
        let worn = font.worn(&codes).unwrap_or_else(|| self.fonts.nameless());
        let mut style = None;
        for positioned in run.glyphs() {
            let transform = props.transform * positioned.transform();
            let [a, b, c, d, e, f] = transform.as_coeffs();
            let size = ((c * c + d * d).sqrt() * 1000.0) as f32;
            let origin = [e as f32, f as f32];
            let sound = (0.01..20_000.0).contains(&size) && origin.iter().all(|v| v.is_finite());
            if !sound {
                continue;
            }
            let (code, width, type3) = match &**positioned {
                HayroGlyph::Outline(glyph) => (glyph.char_code(), glyph.advance_width(), false),
                HayroGlyph::Type3(glyph) => (glyph.char_code(), glyph.advance_width(), true),
            };
            let mut meaning = self.meaning(positioned.as_unicode());
            if meaning.is_none()
                && !type3
                && let Some((key, _)) = self.last_font
            {
                let unicode = self.fonts.meaning(key, code, self.page);
                meaning = self.meaning(unicode);
            }
            self.needs_pixels |= type3;
            let guessed = meaning.is_none() && type3;
            if guessed {
                meaning = guess(code).and_then(|text| self.meaning(Some(text)));
            }
            if meaning != Some(Meaning::Space) {
                self.drawn += 1;
            }
            let Some(meaning) = meaning else {
                self.unmapped += 1;
                if let HayroGlyph::Type3(glyph) = &**positioned
                    && !hidden
                    && self.depth < 3
                {
                    self.depth += 1;
                    glyph.interpret(self, props.transform, positioned.transform(), &props.paint);
                    self.depth -= 1;
                }
                continue;
            };
            let advance = if vertical {
                [0.0, size]
            } else {
                let width = width.unwrap_or(500.0);
                let width = f64::from(width / font.stretch(code, width).max(0.05));
                [(a * width) as f32, (b * width) as f32]
            };
            let (start, reach, near) = placed(origin, advance, size, vertical);
            if !near.overlaps(&self.visible) || reach > 100.0 * size {
                continue;
            }
            let invisible = hidden || !clip.is_some_and(|clip| near.overlaps(&clip));
            let key = (size.to_bits(), invisible);
            let style = match style {
                Some((known, index)) if known == key => index,
                _ => {
                    let index = self.style(&worn, size, color, invisible);
                    style = Some((key, index));
                    index
                }
            };
            let frame = self.frame(Point::new(a, b), vertical);
            self.digest.write_u32(code);
            self.digest.write_u32(style);
            self.note(&origin);
            if guessed {
                self.guesses.push(self.glyphs.list.len() as u32);
            }
            self.glyphs.list.push(Glyph {
                origin: start,
                advance,
                style,
                frame,
                size,
                meaning,
            });
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if self.depth > 0 {
            // A glyph made of pixels; pixels tell it.
            return;
        }
        if self.images.len() >= limits::IMAGES {
            self.truncated = true;
            return;
        }
        self.needs_pixels |= props.soft_mask.is_some() || props.blend_mode != BlendMode::Normal;
        let pixels = [image.width(), image.height()];
        let frame = KRect::new(0.0, 0.0, f64::from(pixels[0]), f64::from(pixels[1]));
        let bounds = to_rect(&props.transform.transform_rect_bbox(frame));
        let Some(bounds) = self.clip().and_then(|clip| bounds.intersection(&clip)) else {
            return;
        };
        if !bounds.is_finite() {
            return;
        }
        let key = image.cache_key();
        let content = self.store.get_or_insert(key, || image::content(&image));
        self.large_images += u32::from(content.too_large);
        let (mut hash, perceptual) = (content.hash, content.perceptual);
        let stencil = matches!(image, Image::Stencil(_));
        if stencil {
            hash = image::stencil_hash(hash, image::stencil_paint(&image, self.opacity()));
        }
        hash = oriented(hash, &props.transform);
        self.image_area += bounds.area();
        self.digest.write_u64(hash);
        self.note(&[bounds.x0, bounds.y0, bounds.x1, bounds.y1]);
        self.images.push(ImagePlacement {
            bounds,
            pixels,
            hash,
            perceptual,
            stencil,
        });
    }
}

/// A picture turned or mirrored is another picture.
fn oriented(hash: u64, transform: &Affine) -> u64 {
    let [a, b, c, d, ..] = transform.as_coeffs();
    let turned = b.abs() + c.abs() > a.abs() + d.abs();
    let signs = if turned {
        [b < 0.0, c < 0.0]
    } else {
        [a < 0.0, d < 0.0]
    };
    let way = u64::from(turned) << 2 | u64::from(signs[0]) << 1 | u64::from(signs[1]);
    hash ^ way.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Where a glyph starts, how far it reaches along its line, and a box that its ink stays
/// within, all in points of the page: of its origin, its advance and its size.
fn placed(origin: [f32; 2], advance: [f32; 2], size: f32, vertical: bool) -> ([f32; 2], f32, Rect) {
    let (start, reach) = if vertical {
        // From the horizontal origin to the top of the em box
        // (ISO 32000-2, 9.7.4.3: default vertical origin at 880).
        ([origin[0], origin[1] - 0.88 * size], size)
    } else {
        (origin, advance[0].hypot(advance[1]))
    };
    let near = Rect::new(
        start[0].min(start[0] + advance[0]) - 0.2 * size,
        start[1].min(start[1] + advance[1]) - 0.8 * size,
        start[0].max(start[0] + advance[0]) + 0.2 * size,
        start[1].max(start[1] + advance[1]) + 0.8 * size,
    );
    (start, reach, near)
}
