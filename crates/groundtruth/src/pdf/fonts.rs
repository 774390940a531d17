//! Embedding of subset fonts: Type 0 fonts with `Identity-H` and a
//! `ToUnicode` map (ISO 32000-2, 9.7 and 9.10.3).

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str};
use subsetter::GlyphRemapper;

use super::{Ids, Producer, deflate, write_stream};
use crate::fonts::{Face, font, shape};
use crate::scene::{Item, Page, Scene};
use crate::{Error, Result};

const SYSTEM: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// One font of a file.
pub struct Entry {
    /// Font, descendant, descriptor, program, `ToUnicode`.
    pub ids: [Ref; 5],
    remapper: GlyphRemapper,
    /// Glyph → characters it stands for.
    meaning: BTreeMap<u16, String>,
    /// Glyph → advance, em.
    widths: BTreeMap<u16, f32>,
}

/// Fonts of a file by face.
pub type Fonts = BTreeMap<Face, Entry>;

impl Entry {
    /// The two-byte code of a glyph of the original font.
    pub fn code(&self, glyph: u16) -> u16 {
        self.remapper.get(glyph).unwrap_or(0)
    }
}

/// Name of font `number` (from 0) among the resources.
pub fn resource(number: usize) -> String {
    format!("F{}", number + 1)
}

/// Faces a page uses.
pub fn used_on(page: &Page) -> BTreeSet<Face> {
    page.items
        .iter()
        .filter_map(|item| match item {
            Item::Text(line) => Some(line.face),
            _ => None,
        })
        .collect()
}

/// Gathers every glyph of the scene.
pub fn collect(scene: &Scene, ids: &mut Ids) -> Result<Fonts> {
    let mut fonts = Fonts::new();
    for item in scene.pages.iter().flat_map(|page| &page.items) {
        let Item::Text(line) = item else { continue };
        let entry = fonts.entry(line.face).or_insert_with(|| Entry {
            ids: std::array::from_fn(|_| ids.next()),
            remapper: GlyphRemapper::new(),
            meaning: BTreeMap::new(),
            widths: BTreeMap::new(),
        });
        let space = shape(line.face, " ")?;
        for glyph in line
            .words
            .iter()
            .flat_map(|w| &w.shaped.glyphs)
            .chain(&space.glyphs)
        {
            entry.remapper.remap(glyph.id);
            entry.widths.insert(glyph.id, glyph.nominal);
            let meaning = entry.meaning.entry(glyph.id).or_default();
            if meaning.is_empty() {
                meaning.clone_from(&glyph.text);
            }
        }
    }
    Ok(fonts)
}

/// Writes the fonts.
pub fn write(fonts: &Fonts, producer: Producer, pdf: &mut Pdf) -> Result<()> {
    fonts
        .iter()
        .try_for_each(|(face, entry)| write_one(*face, entry, producer, pdf))
}

fn write_one(face: Face, entry: &Entry, producer: Producer, pdf: &mut Pdf) -> Result<()> {
    let source = font(face)?;
    let broken = |reason: String| Error::FontBroken {
        path: PathBuf::from(&source.name),
        reason,
    };
    let subset = subsetter::subset(&source.data, source.index, &entry.remapper)
        .map_err(|error| broken(format!("{error:?}")))?;
    let parsed = ttf_parser::Face::parse(&source.data, source.index)
        .map_err(|error| broken(error.to_string()))?;
    let cff = ttf_parser::RawFace::parse(&subset, 0)
        .ok()
        .and_then(|raw| raw.table(ttf_parser::Tag::from_bytes(b"CFF ")))
        .map(<[u8]>::to_vec);

    let [font_id, cid_id, descriptor_id, file_id, cmap_id] = entry.ids;
    let name = format!("{}+{}", tag(&subset), source.name);
    let base = if cff.is_some() {
        format!("{name}-Identity-H")
    } else {
        name.clone()
    };
    pdf.type0_font(font_id)
        .base_font(Name(base.as_bytes()))
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid_id)
        .to_unicode(cmap_id);

    let mut cid = pdf.cid_font(cid_id);
    cid.subtype(if cff.is_some() {
        CidFontType::Type0
    } else {
        CidFontType::Type2
    });
    cid.base_font(Name(name.as_bytes()))
        .system_info(SYSTEM)
        .font_descriptor(descriptor_id)
        .default_width(0.0);
    if cff.is_none() {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let widths = entry
        .remapper
        .remapped_gids()
        .map(|gid| entry.widths.get(&gid).copied().unwrap_or(0.0) * 1000.0);
    cid.widths().consecutive(0, widths);
    cid.finish();

    let em = |v: i16| f32::from(v) * 1000.0 / source.units;
    let bbox = parsed.global_bounding_box();
    let mut flags = FontFlags::SYMBOLIC;
    flags.set(FontFlags::SERIF, source.name.contains("Serif"));
    flags.set(FontFlags::FIXED_PITCH, parsed.is_monospaced());
    flags.set(FontFlags::ITALIC, parsed.is_italic());
    let mut descriptor = pdf.font_descriptor(descriptor_id);
    descriptor
        .name(Name(name.as_bytes()))
        .flags(flags)
        .bbox(Rect::new(
            em(bbox.x_min),
            em(bbox.y_min),
            em(bbox.x_max),
            em(bbox.y_max),
        ))
        .italic_angle(parsed.italic_angle())
        .ascent(source.ascent * 1000.0)
        .descent(-source.descent * 1000.0)
        .cap_height(em(parsed.capital_height().unwrap_or(700)))
        .stem_v(if parsed.is_bold() { 140.0 } else { 80.0 });
    if cff.is_some() {
        descriptor.font_file3(file_id);
    } else {
        descriptor.font_file2(file_id);
    }
    descriptor.finish();
    if let Some(cff) = cff {
        let data = deflate(&cff);
        let mut stream = pdf.stream(file_id, &data);
        stream.filter(Filter::FlateDecode);
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        write_stream(pdf, file_id, &subset, true);
    }

    let mut cmap = UnicodeCmap::new(Name(b"Custom"), SYSTEM);
    for (gid, text) in &entry.meaning {
        if !text.is_empty() {
            cmap.pair_with_multiple(entry.code(*gid), text.chars());
        }
    }
    write_stream(pdf, cmap_id, &cmap.finish(), producer.compress);
    Ok(())
}

/// Six letters that differ between subsets, as ISO 32000-2, 9.9.2 asks.
fn tag(subset: &[u8]) -> String {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(subset);
    hash.iter()
        .take(6)
        .map(|byte| char::from(b'A' + byte % 26))
        .collect()
}
