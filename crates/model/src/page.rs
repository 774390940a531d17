//! One page as extraction sees it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Drawing, Rect, Warning};

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page {
    /// 1-based position in the document.
    pub number: u32,
    /// Page label (`iv`, `A-3`), where it differs from the number.
    pub label: Option<String>,
    /// Width and height as displayed, points.
    pub size: [f32; 2],
    /// Rotation already applied to all coordinates: 0, 90, 180 or 270 degrees.
    pub rotation: u16,
    /// Distinct text styles of the page; [`Word::style`] points here.
    pub styles: Vec<TextStyle>,
    /// Words in reading order.
    pub words: Vec<Word>,
    /// Stroked and filled paths in painting order.
    pub drawing: Drawing,
    /// Raster images in painting order.
    pub images: Vec<ImagePlacement>,
    /// Comments, stamps, highlights: annotations that are neither links nor
    /// form fields.
    pub annotations: Vec<Annotation>,
    /// Links.
    pub links: Vec<Link>,
    /// Form fields that show on this page.
    pub fields: Vec<FormField>,
    /// How much of the page structure could be understood.
    pub coverage: Coverage,
    /// Why nothing could be read from this page; everything else is then empty.
    pub failed: Option<String>,
    /// What could be read only in part.
    pub warnings: Vec<Warning>,
}

/// One word: a run of characters with no space inside, on one line. In scripts
/// without spaces (Chinese, Japanese, Thai, …) a run of one style and line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Word {
    /// Cleaned text: Unicode NFC in logical order, ligatures expanded, no
    /// control characters, no soft hyphens. Never empty.
    pub text: String,
    /// Box of the glyph advances between font ascent and descent, points.
    pub bounds: Rect,
    /// x (or y, for vertical text) coordinate in points of the leading edge of
    /// each `char` of `text`, and the trailing edge of the last: one more than
    /// there are chars. Empty where unknown. Runs downwards in right-to-left
    /// text.
    pub edges: Vec<f32>,
    /// Index into [`Page::styles`].
    pub style: u32,
    /// Line number on the page, counting in reading order from 0.
    pub line: u32,
    /// Block (paragraph, cell, column piece) number on the page, counting in
    /// reading order from 0.
    pub block: u32,
    /// Way of reading.
    pub direction: Direction,
    /// The line ended in a hyphen after this word (the hyphen is kept in
    /// `text`), and the next word continues it.
    pub hyphenated: bool,
    /// No white space separates this word from the one before it on the same
    /// line (a style change inside a word, or a script without spaces).
    pub joined: bool,
}

/// Way of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// Left to right.
    #[default]
    Ltr,
    /// Right to left.
    Rtl,
    /// Bottom to top: text turned 90° counter-clockwise.
    Up,
    /// Top to bottom: text turned 90° clockwise, or vertical writing.
    Down,
    /// Upside down, or at any other angle.
    Other,
}

/// How a word looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TextStyle {
    /// `PostScript` font name without the subset prefix.
    pub font: String,
    /// Size as displayed, points.
    pub size: f32,
    /// Fill colour, RGBA.
    pub color: [u8; 4],
    /// Bold, by weight or name.
    pub bold: bool,
    /// Italic or oblique, by flags or name.
    pub italic: bool,
    /// Not painted (the text layer of a scan, for one).
    pub invisible: bool,
}

/// One raster image on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImagePlacement {
    /// Box on the page, points.
    pub bounds: Rect,
    /// Pixels, `[width, height]`.
    pub pixels: [u32; 2],
    /// Hash of the decoded pixels and of the alpha or stencil mask with its
    /// paint: equal hashes, equal pictures, whatever the compression.
    pub hash: u64,
    /// 64-bit difference hash of the luminance (Krawetz, "dHash"): few
    /// differing bits, much the same picture. `None` where decoding failed.
    pub perceptual: Option<u64>,
    /// 1-bit stencil painted in one colour.
    pub stencil: bool,
}

/// One annotation that is neither a link nor a form field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Annotation {
    /// PDF subtype: `Text`, `Highlight`, `Stamp`, `FreeText`, …
    pub subtype: String,
    /// Box on the page, points.
    pub bounds: Rect,
    /// Text of the annotation.
    pub contents: String,
    /// Who made it.
    pub author: String,
    /// Unique name (`/NM`), where given.
    pub name: String,
    /// Colour (`/C`), where given, as RGB.
    pub color: Option<[u8; 3]>,
}

/// One link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Link {
    /// Box on the page, points.
    pub bounds: Rect,
    /// Where it leads.
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LinkTarget {
    /// An address.
    Uri(String),
    /// A page of the same document, 1-based.
    Page(u32),
    /// A named destination that leads nowhere known.
    Named(String),
    /// Something else (launch, script, other file): the PDF action name.
    Other(String),
}

/// One form field widget.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormField {
    /// Fully qualified name (`address.street`).
    pub name: String,
    /// `text`, `checkbox`, `radio`, `choice`, `button`, `signature`.
    pub kind: String,
    /// Value as text; the chosen state of a check box or radio button.
    pub value: String,
    /// Text for people (`/TU`), where given.
    pub label: String,
    /// Box on the page, points.
    pub bounds: Rect,
    /// Read-only flag.
    pub read_only: bool,
    /// Required flag.
    pub required: bool,
    /// Options of a choice field.
    pub options: Vec<String>,
}

/// How much of a page's structure could be understood, so that a report can
/// say what was comparable.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Glyphs drawn.
    pub glyphs: u32,
    /// Glyphs without any Unicode meaning; they are compared as pixels only.
    pub unmapped_glyphs: u32,
    /// Where the words came from.
    pub text_source: TextSource,
    /// Page uses something the structure does not carry (soft mask, blend
    /// mode, pattern, shading, Type 3 glyphs, non-rectangular clip): pixels
    /// decide.
    pub needs_pixels: bool,
    /// Share of the page covered by raster images, 0 to 1.
    pub image_share: f32,
    /// Hash of everything painted, in order, with places rounded to 1/100
    /// point and images by content: equal digests and sizes, equal pages. 0
    /// where unknown.
    pub digest: u64,
}

/// Where the words of a page came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextSource {
    /// The page has no text.
    #[default]
    None,
    /// The page's own glyphs.
    Glyphs,
    /// The second engine, asked where the first found no Unicode.
    SecondOpinion,
    /// Optical character recognition.
    Ocr,
}
