//! One glyph as drawn, in page space.

use model::Direction;

/// What a glyph says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// One character.
    Char(char),
    /// Several characters: a range of [`Glyphs::text`].
    Text { start: u32, len: u32 },
    /// White space; it only separates.
    Space,
}

/// One glyph as drawn, in page space (points from the top-left corner).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glyph {
    /// Origin on the baseline.
    pub origin: [f32; 2],
    /// From the origin to where the next glyph would start without any
    /// spacing.
    pub advance: [f32; 2],
    /// Index into [`Glyphs::styles`].
    pub style: u32,
    /// Index into [`Glyphs::frames`]: way of writing.
    pub frame: u16,
    /// Font size as displayed.
    pub size: f32,
    /// What it says.
    pub meaning: Meaning,
}

/// All glyphs of a page with what they share.
#[derive(Debug, Default)]
pub(crate) struct Glyphs {
    /// The glyphs in painting order.
    pub list: Vec<Glyph>,
    /// Text of glyphs that stand for several characters.
    pub text: String,
    /// Distinct styles.
    pub styles: Vec<model::TextStyle>,
    /// Distinct ways of writing.
    pub frames: Vec<Writing>,
}

/// A way of writing: all glyphs of one are laid out together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Writing {
    /// Direction told to the outside (before right-to-left is known).
    pub direction: Direction,
    /// Angle of the baseline in degrees, clockwise as displayed.
    pub degrees: i16,
    /// Glyphs stand upright, one below the other, around the baseline.
    pub upright: bool,
}

impl Glyphs {
    /// The characters of `glyph`; white space gives none.
    pub fn chars(&self, glyph: &Glyph) -> impl Iterator<Item = char> + Clone + '_ {
        let (one, many) = match glyph.meaning {
            Meaning::Char(c) => (Some(c), ""),
            Meaning::Text { start, len } => (
                None,
                self.text
                    .get(start as usize..(start + len) as usize)
                    .unwrap_or_default(),
            ),
            Meaning::Space => (None, ""),
        };
        one.into_iter().chain(many.chars())
    }
}
