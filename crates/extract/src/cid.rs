//! What the codes of composite fonts mean where the file does not say: the
//! characters of the East Asian collections are numbered once for all
//! (ISO 32000-2, 9.10.2).

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily};
use hayro::hayro_syntax::object::dict::keys::{
    CIDSYSTEMINFO, DESCENDANT_FONTS, ENCODING, ORDERING, REGISTRY,
};
use hayro::hayro_syntax::object::{Array, Dict, Name, Stream, String as PdfString};

/// The way from the codes of a font to characters.
pub(crate) struct Collection {
    /// Codes to the numbers of the collection.
    encoding: CMap,
    /// Numbers to characters.
    unicode: CMap,
}

impl Collection {
    /// That of a composite font; `None` where its characters are numbered in a
    /// way of its own.
    pub fn of(font: &Dict<'_>, settings: &InterpreterSettings) -> Option<Self> {
        let resolve = |name: CMapName<'_>| (settings.cmap_resolver)(name);
        let encoding = if let Some(name) = font.get::<Name<'_>>(ENCODING) {
            match CMapName::from_bytes(&name) {
                CMapName::IdentityH => CMap::identity_h(),
                CMapName::IdentityV => CMap::identity_v(),
                known => CMap::parse(resolve(known)?, resolve)?,
            }
        } else {
            let stream = font.get::<Stream<'_>>(ENCODING)?;
            CMap::parse(&stream.decoded_data().ok()?, resolve)?
        };
        let descendant = font
            .get::<Array<'_>>(DESCENDANT_FONTS)?
            .iter::<Dict<'_>>()
            .next()?;
        let info = descendant.get::<Dict<'_>>(CIDSYSTEMINFO)?;
        let registry = info.get::<PdfString<'_>>(REGISTRY)?;
        let ordering = info.get::<PdfString<'_>>(ORDERING)?;
        let family = CidFamily::from_registry_ordering(&registry, &ordering);
        let unicode = CMap::parse(resolve(family.ucs2_cmap()?)?, resolve)?;
        Some(Self { encoding, unicode })
    }

    /// What a code stands for.
    pub fn meaning(&self, code: u32) -> Option<BfString> {
        let number = (1..=4).find_map(|bytes| self.encoding.lookup_cid_code(code, bytes))?;
        self.unicode.lookup_bf_string(number)
    }
}
