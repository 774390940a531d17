//! Which font a glyph run is set in. The engine hands out outlines; names of
//! Type 1 fonts are found by what their font program hashes to.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{GlyphIdentifier, OutlineGlyph};
use hayro::hayro_syntax::object::dict::keys::{
    BASE_FONT, FONT_DESC, FONT_FILE, FONT_FILE2, FONT_FILE3, RESOURCES, SUBTYPE, TYPE0, TYPE3,
};
use hayro::hayro_syntax::object::{Dict, Name, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro_font::{Font, FontCache, FontGlyph};
use rustc_hash::{FxHashMap, FxHashSet};
use siphasher::sip128::{Hasher128, SipHasher13};

/// Form `XObjects` looked into for fonts, per page.
const FORMS: usize = 500;
/// Depth of form `XObjects` looked into.
const DEPTH: usize = 6;

/// What a style needs to know of a font.
pub(crate) struct FontInfo<'a> {
    /// `PostScript` name without subset prefix.
    pub name: String,
    pub bold: bool,
    pub italic: bool,
    /// Fonts of the document that are not embedded and are drawn with this
    /// program instead.
    stand_ins: Vec<Font<'a>>,
}

impl FontInfo<'_> {
    fn new(name: &str, bold: bool, italic: bool) -> Self {
        let name = without_subset_prefix(name).to_owned();
        let lower = name.to_ascii_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
        Self {
            bold: bold || says(&["bold", "black", "heavy", "semibold", "demi"]) || tex_bold(&lower),
            italic: italic || says(&["italic", "oblique"]) || tex_italic(&lower),
            name,
            stand_ins: Vec::new(),
        }
    }

    /// By how much the engine stretches the glyph to fill the width a font
    /// that is not embedded asks for.
    pub fn stretch(&self, code: u32, advance: f32) -> f32 {
        self.stand_ins
            .iter()
            .find(|font| (font.code_advance(code).x as f32 - advance).abs() < 0.5)
            .map_or(1.0, |font| {
                font.glyph_stretch(font.map_code(code), code) as f32
            })
    }
}

/// Computer Modern and Latin Modern name their cuts by letters.
fn tex_bold(lower: &str) -> bool {
    ["cmb", "cmssbx", "sfbx"]
        .iter()
        .any(|prefix| lower.starts_with(prefix))
}

fn tex_italic(lower: &str) -> bool {
    [
        "cmti", "cmmi", "cmsl", "cmbxti", "cmmib", "cmitt", "sfti", "sfsl",
    ]
    .iter()
    .any(|prefix| lower.starts_with(prefix))
}

/// `ABCDEF+Name` is a subset of `Name`.
fn without_subset_prefix(name: &str) -> &str {
    match name.split_once('+') {
        Some((prefix, rest))
            if prefix.len() == 6 && prefix.bytes().all(|b| b.is_ascii_uppercase()) =>
        {
            rest
        }
        _ => name,
    }
}

/// All fonts met so far, by font program.
pub(crate) struct FontBook<'a> {
    known: FxHashMap<u128, Rc<FontInfo<'a>>>,
    seen: FxHashSet<u128>,
    cache: FontCache<'a>,
    settings: InterpreterSettings,
    type3: Rc<FontInfo<'a>>,
}

impl<'a> FontBook<'a> {
    pub fn new(settings: InterpreterSettings) -> Self {
        Self {
            known: FxHashMap::default(),
            seen: FxHashSet::default(),
            cache: FontCache::new(),
            settings,
            type3: Rc::new(FontInfo::new("Type3", false, false)),
        }
    }

    /// Fonts whose glyphs are little drawings have no name worth comparing.
    pub fn type3(&self) -> Rc<FontInfo<'a>> {
        Rc::clone(&self.type3)
    }

    /// The font with program `key`, of which `glyph` is one.
    pub fn font(&mut self, key: u128, glyph: &OutlineGlyph, page: &Page<'a>) -> Rc<FontInfo<'a>> {
        if let Some(info) = self.known.get(&key) {
            return Rc::clone(info);
        }
        if let Some(data) = glyph.font_data()
            && let Some(name) = data.postscript_name
        {
            let bold = data.weight.is_some_and(|weight| weight >= 600);
            let info = FontInfo::new(&name, bold, data.is_italic);
            self.known.insert(key, Rc::new(info));
        } else {
            self.scan(page.resources(), DEPTH, &mut FORMS.clone());
        }
        let unknown = || Rc::new(FontInfo::new("", false, false));
        Rc::clone(self.known.entry(key).or_insert_with(unknown))
    }

    fn scan(&mut self, resources: &Resources<'a>, depth: usize, forms: &mut usize) {
        for name in resources.fonts.keys() {
            if let Some(font) = resources.fonts.get::<Dict<'a>>(name.as_ref()) {
                self.learn(&font);
            }
        }
        if depth == 0 {
            return;
        }
        for name in resources.x_objects.keys() {
            let Some(form) = resources.x_objects.get::<Stream<'a>>(name.as_ref()) else {
                continue;
            };
            if *forms == 0 || !self.seen.insert(fingerprint(form.dict().data())) {
                continue;
            }
            if let Some(inner) = form.dict().get::<Dict<'a>>(RESOURCES) {
                *forms -= 1;
                self.scan(&Resources::new(inner), depth - 1, forms);
            }
        }
    }

    fn learn(&mut self, dict: &Dict<'a>) {
        if !self.seen.insert(fingerprint(dict.data())) {
            return;
        }
        let subtype = dict.get::<Name<'_>>(SUBTYPE);
        if subtype.is_some_and(|s| *s == *TYPE0 || *s == *TYPE3) {
            return;
        }
        let name = dict.get::<Name<'_>>(BASE_FONT);
        let name = name.as_ref().map_or("", |name| name.as_str());
        let descriptor = dict.get::<Dict<'_>>(FONT_DESC).unwrap_or_default();
        if descriptor.contains_key(FONT_FILE2) {
            return;
        }
        let program = descriptor
            .get::<Stream<'_>>(FONT_FILE3)
            .or_else(|| descriptor.get::<Stream<'_>>(FONT_FILE));
        let flags = descriptor.get::<u32>(b"Flags").unwrap_or(0);
        let mut info = FontInfo::new(name, flags & 1 << 18 != 0, flags & 1 << 6 != 0);
        if let Some(program) = program {
            if let Ok(data) = program.decoded_data() {
                self.known
                    .entry(program_key(&data))
                    .or_insert_with(|| Rc::new(info));
            }
            return;
        }
        let resolver = &self.settings.font_resolver;
        let Some(font) = self
            .cache
            .font(dict, resolver, &self.settings.cmap_resolver)
        else {
            return;
        };
        let FontGlyph::Outline(glyph) = font.glyph(font.map_code(65), 65) else {
            return;
        };
        let key = key(&glyph.identifier());
        if let Some(known) = self.known.get_mut(&key).and_then(Rc::get_mut) {
            known.stand_ins.push(font);
        } else {
            info.stand_ins.push(font);
            self.known.entry(key).or_insert_with(|| Rc::new(info));
        }
    }
}

/// The font program's content hash, as the engine computes it.
fn program_key(data: &[u8]) -> u128 {
    let mut state = SipHasher13::new();
    (data, 0u32).hash(&mut state);
    state.finish128().as_u128()
}

fn fingerprint(data: &[u8]) -> u128 {
    let mut state = SipHasher13::new();
    data.hash(&mut state);
    state.finish128().as_u128()
}

/// Key of the font program a glyph comes from: the engine hashes it as one
/// 128-bit number, which this reads out.
pub(crate) fn key(identifier: &GlyphIdentifier) -> u128 {
    struct First(Option<u128>);
    impl Hasher for First {
        fn write(&mut self, _: &[u8]) {}
        fn write_u128(&mut self, i: u128) {
            self.0.get_or_insert(i);
        }
        fn finish(&self) -> u64 {
            0
        }
    }
    let mut first = First(None);
    identifier.hash(&mut first);
    first.0.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subset_prefixes_go() {
        assert_eq!(without_subset_prefix("ABCDEF+Times-Roman"), "Times-Roman");
        assert_eq!(without_subset_prefix("C+"), "C+");
    }

    #[test]
    fn names_tell_weight_and_slant() {
        let bold = FontInfo::new("XYZABC+CMBX10", false, false);
        assert!(bold.bold && !bold.italic && bold.name == "CMBX10");
        assert!(FontInfo::new("CMTI10", false, false).italic);
        assert!(FontInfo::new("Arial-BoldItalicMT", false, false).bold);
        assert!(!FontInfo::new("Helvetica", false, false).bold);
    }
}
