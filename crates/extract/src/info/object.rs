//! Reading PDF objects without surprises.

use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;

use crate::clean::clean_text;

/// The object itself, looked up where it is a reference.
pub(crate) fn resolve<'a>(xref: &'a XRef, object: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
    match object {
        MaybeRef::Ref(reference) => xref.get(reference.into()),
        MaybeRef::NotRef(object) => Some(object),
    }
}

/// The elements of an array with the identifiers of those that are
/// references. Missing ones are skipped, not the end.
pub(crate) fn elements<'a>(
    xref: &'a XRef,
    array: &Array<'a>,
) -> impl Iterator<Item = (Option<ObjectIdentifier>, Object<'a>)> + use<'a> {
    array.raw_iter().filter_map(|item| {
        let id = item.as_obj_ref().map(ObjectIdentifier::from);
        Some((id, resolve(xref, item)?))
    })
}

/// The dictionaries among the elements of `dict[key]`.
pub(crate) fn dicts<'a>(
    xref: &'a XRef,
    dict: &Dict<'a>,
    key: &[u8],
) -> impl Iterator<Item = (Option<ObjectIdentifier>, Dict<'a>)> + use<'a> {
    dict.get::<Array<'a>>(key)
        .into_iter()
        .flat_map(move |array| elements(xref, &array))
        .filter_map(|(id, object)| match object {
            Object::Dict(dict) => Some((id, dict)),
            _ => None,
        })
}

/// `dict[key]` as cleaned text: a string, a name or a stream of text.
pub(crate) fn text(dict: &Dict<'_>, key: &[u8]) -> Option<String> {
    dict.get::<Object<'_>>(key)
        .and_then(|object| object_text(&object))
}

/// The text an object stands for.
pub(crate) fn object_text(object: &Object<'_>) -> Option<String> {
    match object {
        Object::String(string) => Some(clean_text(&decode(string.as_bytes()))),
        Object::Name(name) => Some(clean_text(&String::from_utf8_lossy(name))),
        Object::Number(number) => Some(number.as_f64().to_string()),
        Object::Boolean(value) => Some(value.to_string()),
        Object::Stream(stream) => {
            let data = stream.decoded_data().ok()?;
            Some(clean_text(&decode(&data)))
        }
        Object::Null(_) | Object::Dict(_) | Object::Array(_) => None,
    }
}

/// A text string (ISO 32000-2, 7.9.2.2): UTF-16, UTF-8 or `PDFDocEncoding`.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let bytes = &bytes[..bytes.len().min(4 * crate::limits::TEXT)];
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest.chunks_exact(2).map(|c| unit([c[0], c[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => without_language(&utf16(rest, u16::from_be_bytes)),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            // Not allowed before PDF 2.0, and common.
            Ok(text) if !text.is_ascii() => text.to_owned(),
            _ => bytes.iter().map(|byte| pdf_doc(*byte)).collect(),
        },
    }
}

/// Removes language escapes (U+001B, language, U+001B).
fn without_language(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('\u{1b}').enumerate() {
        if index % 2 == 0 {
            out.push_str(part);
        }
    }
    out
}

/// `PDFDocEncoding` (ISO 32000-2, annex D.3).
fn pdf_doc(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x18..=0x1f => LOW[usize::from(byte - 0x18)],
        0x80..=0xa0 => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_encodings_of_text_strings() {
        assert_eq!(decode(b"\xfe\xff\x00H\x20\xac"), "H€");
        assert_eq!(decode(b"\xff\xfeH\x00"), "H");
        assert_eq!(decode(b"\xef\xbb\xbf\xe2\x82\xac"), "€");
        assert_eq!(decode(b"caf\xe9 \x80 \xa0"), "café • €");
        assert_eq!(decode("déjà".as_bytes()), "déjà");
        assert_eq!(decode(b"\xfe\xff\x00\x1b\x00e\x00n\x00\x1b\x00A"), "A");
    }
}
