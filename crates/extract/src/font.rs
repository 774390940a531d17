//! Which font a glyph run is set in. The engine hands out outlines; names of
//! Type 1 fonts are found by what their font program hashes to.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{GlyphIdentifier, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_syntax::object::dict::keys::{
    BASE_FONT, DESCENDANT_FONTS, FONT_DESC, FONT_FILE, FONT_FILE2, FONT_FILE3, RESOURCES, SUBTYPE,
    TYPE0, TYPE3,
};
use hayro::hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro::hayro_syntax::page::{Page, Resources};
use hayro_font::{Font, FontCache, FontGlyph};
use rustc_hash::{FxHashMap, FxHashSet};
use siphasher::sip128::{Hasher128, SipHasher13};

use crate::cid::Collection;

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
    absent: Vec<Absent<'a>>,
}

/// A font that is not embedded.
struct Absent<'a> {
    font: Font<'a>,
    info: Rc<FontInfo<'a>>,
}

impl Absent<'_> {
    /// Whether a code of this advance may be of this font, which is a simple one:
    /// a composite font may be drawn with the same program.
    fn has(&self, code: u32, advance: f32) -> bool {
        u8::try_from(code).is_ok() && (self.font.code_advance(code).x as f32 - advance).abs() < 0.5
    }
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
            absent: Vec::new(),
        }
    }

    /// The font that codes with these advances are set in, where one program
    /// stands in for several: `None` where that cannot be told.
    pub fn worn(
        self: &Rc<Self>,
        codes: &(impl Iterator<Item = (u32, f32)> + Clone),
    ) -> Option<Rc<Self>> {
        if self.absent.len() < 2 {
            return Some(Rc::clone(self));
        }
        let mut fitting = self.absent.iter().filter(|absent| {
            let mut codes = codes.clone();
            codes.all(|(code, advance)| absent.has(code, advance))
        });
        let first = fitting.next()?;
        let alike = |other: &Absent<'_>| other.info.name == first.info.name;
        fitting.all(alike).then(|| Rc::clone(&first.info))
    }

    /// By how much the engine stretches the glyph to fill the width a font
    /// that is not embedded asks for.
    pub fn stretch(&self, code: u32, advance: f32) -> f32 {
        let absent = self.absent.iter().find(|absent| absent.has(code, advance));
        absent.map_or(1.0, |Absent { font, .. }| {
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
    nameless: Rc<FontInfo<'a>>,
    /// Font programs whose codes had no meaning, with what the collection of
    /// their characters says.
    collections: FxHashMap<u128, Option<Collection>>,
}

impl<'a> FontBook<'a> {
    pub fn new(settings: InterpreterSettings) -> Self {
        Self {
            known: FxHashMap::default(),
            seen: FxHashSet::default(),
            cache: FontCache::new(),
            settings,
            type3: Rc::new(FontInfo::new("Type3", false, false)),
            nameless: Rc::new(FontInfo::new("", false, false)),
            collections: FxHashMap::default(),
        }
    }

    /// For text of which nobody can say what it is set in.
    pub fn nameless(&self) -> Rc<FontInfo<'a>> {
        Rc::clone(&self.nameless)
    }

    /// What a code of the font with program `key` means where the file does not
    /// say.
    pub fn meaning(&mut self, key: u128, code: u32, page: &Page<'a>) -> Option<BfString> {
        let settings = &self.settings;
        self.collections
            .entry(key)
            .or_insert_with(|| {
                let mut found = None;
                let mut seen = FxHashSet::default();
                each_font(
                    page.resources(),
                    DEPTH,
                    &mut FORMS.clone(),
                    &mut seen,
                    &mut |font| {
                        if found.is_none() && composite_key(font) == Some(key) {
                            found = Collection::of(font, settings);
                        }
                    },
                );
                found
            })
            .as_ref()?
            .meaning(code)
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
            self.scan(page.resources());
        }
        let unknown = || Rc::new(FontInfo::new("", false, false));
        Rc::clone(self.known.entry(key).or_insert_with(unknown))
    }

    fn scan(&mut self, resources: &Resources<'a>) {
        let mut seen = std::mem::take(&mut self.seen);
        each_font(
            resources,
            DEPTH,
            &mut FORMS.clone(),
            &mut seen,
            &mut |font| {
                self.learn(font);
            },
        );
        self.seen = seen;
    }

    fn learn(&mut self, dict: &Dict<'a>) {
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
        let absent = Absent {
            font,
            info: Rc::new(FontInfo::new(name, info.bold, info.italic)),
        };
        if let Some(known) = self.known.get_mut(&key).and_then(Rc::get_mut) {
            known.absent.push(absent);
        } else {
            info.absent.push(absent);
            self.known.entry(key).or_insert_with(|| Rc::new(info));
        }
    }
}

/// Calls `each` with every font of a page and of the forms on it whose
/// dictionary was not `seen` before.
fn each_font<'a>(
    resources: &Resources<'a>,
    depth: usize,
    forms: &mut usize,
    seen: &mut FxHashSet<u128>,
    each: &mut impl FnMut(&Dict<'a>),
) {
    for name in resources.fonts.keys() {
        if let Some(font) = resources.fonts.get::<Dict<'a>>(name.as_ref())
            && seen.insert(fingerprint(font.data()))
        {
            each(&font);
        }
    }
    if depth == 0 {
        return;
    }
    for name in resources.x_objects.keys() {
        let Some(form) = resources.x_objects.get::<Stream<'a>>(name.as_ref()) else {
            continue;
        };
        if *forms == 0 || !seen.insert(fingerprint(form.dict().data())) {
            continue;
        }
        if let Some(inner) = form.dict().get::<Dict<'a>>(RESOURCES) {
            *forms -= 1;
            each_font(&Resources::new(inner), depth - 1, forms, seen, each);
        }
    }
}

/// The key of the program of a composite font that is embedded.
fn composite_key(font: &Dict<'_>) -> Option<u128> {
    let descendants = font.get::<Array<'_>>(DESCENDANT_FONTS)?;
    let descendant = descendants.iter::<Dict<'_>>().next()?;
    let descriptor = descendant.get::<Dict<'_>>(FONT_DESC)?;
    let program = [FONT_FILE3, FONT_FILE2, FONT_FILE]
        .into_iter()
        .find_map(|kind| descriptor.get::<Stream<'_>>(kind))?;
    Some(program_key(&program.decoded_data().ok()?))
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
