//! Document properties.

use std::collections::BTreeMap;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier, Stream};

use super::object::{decode, text};
use crate::clean::clean_text;

/// Entries read of the information dictionary.
const ENTRIES: usize = 200;
/// Bytes read of an XMP packet.
const PACKET: usize = 1 << 20;

/// Keys and values, sorted by key: the information dictionary, completed by
/// XMP where it has no entry.
pub(crate) fn read(pdf: &Pdf, catalog: &Dict<'_>) -> Vec<(String, String)> {
    let mut found = BTreeMap::new();
    if let Some(info) = information(pdf) {
        for key in info.keys().take(ENTRIES) {
            if let Some(value) = text(&info, &key).filter(|value| !value.is_empty()) {
                let key = clean_text(&String::from_utf8_lossy(&key));
                let value = if key.ends_with("Date") {
                    date(&value)
                } else {
                    value
                };
                found.insert(key, value);
            }
        }
    }
    let known = pdf.metadata();
    for (key, value) in [
        ("Title", &known.title),
        ("Author", &known.author),
        ("Subject", &known.subject),
        ("Keywords", &known.keywords),
        ("Creator", &known.creator),
        ("Producer", &known.producer),
    ] {
        if let Some(value) = value
            .as_ref()
            .map(|v| clean_text(&decode(v)))
            .filter(|v| !v.is_empty())
        {
            found.entry(key.to_owned()).or_insert(value);
        }
    }
    let packet = catalog.get::<Stream<'_>>(b"Metadata");
    if let Some(packet) = packet.and_then(|stream| stream.decoded_data().ok()) {
        let packet = String::from_utf8_lossy(&packet[..packet.len().min(PACKET)]).into_owned();
        for (key, tag) in [
            ("Title", "dc:title"),
            ("Author", "dc:creator"),
            ("Subject", "dc:description"),
            ("Keywords", "pdf:Keywords"),
            ("Creator", "xmp:CreatorTool"),
            ("Producer", "pdf:Producer"),
            ("CreationDate", "xmp:CreateDate"),
            ("ModDate", "xmp:ModifyDate"),
        ] {
            if !found.contains_key(key)
                && let Some(value) = xmp(&packet, tag)
            {
                found.insert(key.to_owned(), value);
            }
        }
    }
    found.into_iter().collect()
}

/// The information dictionary. The engine hands out the usual entries only,
/// so it is looked up by the last reference a trailer makes to it.
fn information(pdf: &Pdf) -> Option<Dict<'_>> {
    let data: &[u8] = pdf.data().as_ref();
    let rest = after_last(data, b"/Info")?;
    let rest = &rest[..rest.len().min(64)];
    let mut numbers = rest
        .split(u8::is_ascii_whitespace)
        .filter(|part| !part.is_empty())
        .map(|part| {
            std::str::from_utf8(part)
                .ok()
                .and_then(|s| s.parse::<u32>().ok())
        });
    let (number, generation) = (numbers.next()??, numbers.next()??);
    let id = ObjectIdentifier::new(number, i32::try_from(generation).ok()?);
    pdf.xref().get::<Dict<'_>>(id)
}

/// Whether a trailer names an encryption dictionary.
pub(crate) fn is_encrypted(data: &[u8]) -> bool {
    after_last(data, b"/Encrypt").is_some_and(|rest| {
        let next = rest.iter().find(|byte| !byte.is_ascii_whitespace());
        next.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'<')
    })
}

/// What follows the last `name` that is a whole name.
fn after_last<'d>(data: &'d [u8], name: &[u8]) -> Option<&'d [u8]> {
    let mut end = data.len();
    while let Some(at) = data[..end].windows(name.len()).rposition(|w| w == name) {
        let rest = &data[at + name.len()..];
        if rest
            .first()
            .is_some_and(|b| b.is_ascii_whitespace() || *b == b'<')
        {
            return Some(rest);
        }
        end = at;
    }
    None
}

/// `D:20180501103000+02'00'` as `2018-05-01T10:30:00+02:00`; anything else
/// stays as it is.
fn date(value: &str) -> String {
    let Some(rest) = value.strip_prefix("D:") else {
        return value.to_owned();
    };
    let digits: Vec<char> = rest.chars().take_while(char::is_ascii_digit).collect();
    if digits.len() < 4 || digits.len() > 14 || !digits.len().is_multiple_of(2) {
        return value.to_owned();
    }
    let mut out = String::new();
    for (index, digit) in digits.iter().enumerate() {
        match index {
            4 | 6 => out.push('-'),
            8 => out.push('T'),
            10 | 12 => out.push(':'),
            _ => {}
        }
        out.push(*digit);
    }
    let zone: String = rest.chars().skip(digits.len()).collect();
    let zone = zone.trim_end_matches('\'').replace('\'', ":");
    out + zone
        .strip_suffix(":00")
        .filter(|z| *z == "Z" || *z == "Z00")
        .map_or(&zone, |_| "Z")
}

/// The text of an XMP property, as an element or as an attribute.
fn xmp(packet: &str, tag: &str) -> Option<String> {
    let value = element(packet, tag).or_else(|| attribute(packet, tag))?;
    let value = value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&apos;", "'")
        .replace("&amp;", "&");
    let value = clean_text(&value);
    (!value.is_empty()).then_some(value)
}

fn element(packet: &str, tag: &str) -> Option<String> {
    let start = packet.find(&format!("<{tag}"))?;
    let body = &packet[start..];
    let body = &body[body.find('>')? + 1..];
    let body = &body[..body.find(&format!("</{tag}>"))?];
    // Only the text between the tags inside (rdf:Alt, rdf:li).
    let mut parts = Vec::new();
    for part in body.split('<') {
        let text = part.split_once('>').map_or(part, |(_, text)| text).trim();
        if !text.is_empty() {
            parts.push(text);
        }
    }
    Some(parts.join(", "))
}

fn attribute(packet: &str, tag: &str) -> Option<String> {
    let start = packet.find(&format!("{tag}=\""))? + tag.len() + 2;
    let value = &packet[start..];
    Some(value[..value.find('"')?].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_like_dates() {
        assert_eq!(date("D:20180501103000+02'00'"), "2018-05-01T10:30:00+02:00");
        assert_eq!(date("D:20180501103000Z"), "2018-05-01T10:30:00Z");
        assert_eq!(date("D:2018"), "2018");
        assert_eq!(date("yesterday"), "yesterday");
    }

    #[test]
    fn xmp_in_both_notations() {
        let packet = "<dc:title><rdf:Alt><rdf:li xml:lang='x'>A &amp; B</rdf:li></rdf:Alt></dc:title> \
                      <rdf:Description pdf:Producer=\"Maker 1\"/>";
        assert_eq!(xmp(packet, "dc:title").unwrap(), "A & B");
        assert_eq!(xmp(packet, "pdf:Producer").unwrap(), "Maker 1");
        assert!(xmp(packet, "dc:creator").is_none());
    }

    #[test]
    fn encryption_is_told_from_its_settings() {
        assert!(is_encrypted(b"trailer <</Encrypt 5 0 R>>"));
        assert!(!is_encrypted(b"<</EncryptMetadata false>>"));
    }
}
