//! Finding installed fonts and shaping text with them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use crate::{Error, Result};

/// The faces generated documents are set in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// Liberation Serif.
    Serif,
    /// Liberation Serif Bold.
    SerifBold,
    /// Liberation Serif Italic.
    SerifItalic,
    /// Liberation Sans.
    Sans,
    /// Liberation Sans Bold.
    SansBold,
    /// Liberation Mono.
    Mono,
    /// `DejaVu` Sans, as `KiCad` and Matplotlib use it.
    DejaVu,
    /// Noto Sans CJK, simplified Chinese: CFF outlines in a collection.
    Chinese,
    /// Noto Sans CJK, Japanese.
    Japanese,
    /// Noto Naskh Arabic.
    Arabic,
}

struct Location {
    name: &'static str,
    file: &'static str,
    index: u32,
    package: &'static str,
}

impl Face {
    /// All faces.
    pub const ALL: [Self; 10] = [
        Self::Serif,
        Self::SerifBold,
        Self::SerifItalic,
        Self::Sans,
        Self::SansBold,
        Self::Mono,
        Self::DejaVu,
        Self::Chinese,
        Self::Japanese,
        Self::Arabic,
    ];

    fn location(self) -> Location {
        let (name, file, index, package) = match self {
            Self::Serif => (
                "Liberation Serif",
                "LiberationSerif-Regular.ttf",
                0,
                "fonts-liberation",
            ),
            Self::SerifBold => (
                "Liberation Serif Bold",
                "LiberationSerif-Bold.ttf",
                0,
                "fonts-liberation",
            ),
            Self::SerifItalic => (
                "Liberation Serif Italic",
                "LiberationSerif-Italic.ttf",
                0,
                "fonts-liberation",
            ),
            Self::Sans => (
                "Liberation Sans",
                "LiberationSans-Regular.ttf",
                0,
                "fonts-liberation",
            ),
            Self::SansBold => (
                "Liberation Sans Bold",
                "LiberationSans-Bold.ttf",
                0,
                "fonts-liberation",
            ),
            Self::Mono => (
                "Liberation Mono",
                "LiberationMono-Regular.ttf",
                0,
                "fonts-liberation",
            ),
            Self::DejaVu => ("DejaVu Sans", "DejaVuSans.ttf", 0, "fonts-dejavu-core"),
            // The collection holds JP, KR, SC, TC, HK in this order.
            Self::Chinese => (
                "Noto Sans CJK SC",
                "NotoSansCJK-Regular.ttc",
                2,
                "fonts-noto-cjk",
            ),
            Self::Japanese => (
                "Noto Sans CJK JP",
                "NotoSansCJK-Regular.ttc",
                0,
                "fonts-noto-cjk",
            ),
            Self::Arabic => (
                "Noto Naskh Arabic",
                "NotoNaskhArabic-Regular.ttf",
                0,
                "fonts-noto-core",
            ),
        };
        Location {
            name,
            file,
            index,
            package,
        }
    }

    /// The bold companion; the face itself where there is none.
    #[must_use]
    pub fn bold(self) -> Self {
        match self {
            Self::Serif | Self::SerifItalic => Self::SerifBold,
            Self::Sans => Self::SansBold,
            other => other,
        }
    }

    /// The italic companion; the face itself where there is none.
    #[must_use]
    pub fn italic(self) -> Self {
        match self {
            Self::Serif | Self::SerifBold => Self::SerifItalic,
            other => other,
        }
    }
}

/// A loaded font.
pub struct Font {
    /// The file's bytes.
    pub data: Vec<u8>,
    /// Index in a collection, 0 otherwise.
    pub index: u32,
    /// `PostScript` name.
    pub name: String,
    /// Units per em.
    pub units: f32,
    /// Ascent, em.
    pub ascent: f32,
    /// Depth below the baseline, em, positive.
    pub descent: f32,
    shaped: Mutex<HashMap<String, Arc<Shaped>>>,
}

/// One glyph of a shaped word.
#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// Glyph index in the font.
    pub id: u16,
    /// How far the pen moves, em.
    pub advance: f32,
    /// What the font's own metrics say, em: kerning is the difference.
    pub nominal: f32,
    /// Horizontal offset, em.
    pub dx: f32,
    /// The characters it stands for; empty for the second and later glyphs of
    /// one character.
    pub text: String,
}

/// A word as glyphs, in visual order from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaped {
    /// The face it was shaped with.
    pub face: Face,
    /// What it says, in logical order.
    pub text: String,
    /// The glyphs.
    pub glyphs: Vec<Glyph>,
    /// Total advance, em.
    pub width: f32,
}

/// Loads `face` once per process.
pub fn font(face: Face) -> Result<Arc<Font>> {
    static LOADED: OnceLock<Mutex<HashMap<Face, Arc<Font>>>> = OnceLock::new();
    let mut loaded = LOADED
        .get_or_init(Mutex::default)
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(font) = loaded.get(&face) {
        return Ok(Arc::clone(font));
    }
    let font = Arc::new(load(face)?);
    loaded.insert(face, Arc::clone(&font));
    Ok(font)
}

/// Fails with the name of the missing package unless every face is installed.
pub fn check_all() -> Result<()> {
    Face::ALL
        .into_iter()
        .try_for_each(|face| font(face).map(drop))
}

/// Shapes one word (no spaces inside) with `HarfBuzz`'s algorithm.
pub fn shape(face: Face, text: &str) -> Result<Arc<Shaped>> {
    let font = font(face)?;
    if let Some(shaped) = lock(&font.shaped).get(text) {
        return Ok(Arc::clone(shaped));
    }
    let shaped = Arc::new(shape_uncached(&font, face, text)?);
    lock(&font.shaped).insert(text.to_owned(), Arc::clone(&shaped));
    Ok(shaped)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn shape_uncached(font: &Font, face: Face, text: &str) -> Result<Shaped> {
    let buzz =
        rustybuzz::Face::from_slice(&font.data, font.index).ok_or_else(|| Error::FontBroken {
            path: PathBuf::from(face.location().file),
            reason: "not an OpenType font".into(),
        })?;
    let mut buffer = rustybuzz::UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    // Ligatures such as "fi" are ordinary in real files; they stay on.
    let output = rustybuzz::shape(&buzz, &[], buffer);
    let infos = output.glyph_infos();
    let mut starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut seen = std::collections::HashSet::new();
    let mut glyphs = Vec::with_capacity(infos.len());
    for (info, position) in infos.iter().zip(output.glyph_positions()) {
        let start = info.cluster as usize;
        let end = starts
            .iter()
            .copied()
            .find(|s| *s > start)
            .unwrap_or(text.len());
        let id = info.glyph_id as u16;
        let nominal = buzz.glyph_hor_advance(ttf_parser::GlyphId(id)).unwrap_or(0);
        glyphs.push(Glyph {
            id,
            advance: position.x_advance as f32 / font.units,
            nominal: f32::from(nominal) / font.units,
            dx: position.x_offset as f32 / font.units,
            text: if seen.insert(start) {
                text.get(start..end).unwrap_or_default().to_owned()
            } else {
                String::new()
            },
        });
    }
    let width = glyphs.iter().map(|g| g.advance).sum();
    Ok(Shaped {
        face,
        text: text.to_owned(),
        glyphs,
        width,
    })
}

fn load(face: Face) -> Result<Font> {
    let Location {
        name,
        file,
        index,
        package,
    } = face.location();
    let path = locate(file).ok_or(Error::FontMissing {
        name,
        file,
        package,
    })?;
    let data = std::fs::read(&path).map_err(Error::io(&path))?;
    let parsed = ttf_parser::Face::parse(&data, index).map_err(|error| Error::FontBroken {
        path: path.clone(),
        reason: error.to_string(),
    })?;
    let units = f32::from(parsed.units_per_em());
    let ps_name = parsed
        .names()
        .into_iter()
        .filter(|n| n.name_id == ttf_parser::name_id::POST_SCRIPT_NAME)
        .find_map(|n| n.to_string())
        .unwrap_or_else(|| name.replace(' ', ""));
    let (ascent, descent) = (
        f32::from(parsed.ascender()) / units,
        -f32::from(parsed.descender()) / units,
    );
    Ok(Font {
        index,
        name: ps_name,
        units,
        ascent,
        descent,
        shaped: Mutex::default(),
        data,
    })
}

/// Looks for a file name below the usual font folders.
fn locate(file: &str) -> Option<PathBuf> {
    static FOUND: OnceLock<HashMap<String, PathBuf>> = OnceLock::new();
    FOUND
        .get_or_init(|| {
            let mut found = HashMap::new();
            let home = std::env::var_os("HOME").map(PathBuf::from);
            let folders = [
                Some(PathBuf::from("/usr/share/fonts")),
                Some(PathBuf::from("/usr/local/share/fonts")),
                home.as_ref().map(|h| h.join(".fonts")),
                home.as_ref().map(|h| h.join(".local/share/fonts")),
            ];
            for folder in folders.into_iter().flatten() {
                walk(&folder, 6, &mut found);
            }
            found
        })
        .get(file)
        .cloned()
}

fn walk(folder: &Path, depth: u32, found: &mut HashMap<String, PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && depth > 0 {
            walk(&path, depth - 1, found);
        } else {
            found
                .entry(entry.file_name().to_string_lossy().into_owned())
                .or_insert(path);
        }
    }
}
