//! Annotations, links and form fields of a page.

use hayro::hayro_interpret::TransformExt;
use hayro::hayro_interpret::util::RectExt;
use hayro::hayro_syntax::object::{Array, Dict, Object, Rect as PdfRect};
use hayro::hayro_syntax::page::Page as HayroPage;
use model::{Annotation, Link, LinkTarget, Page, Rect};

use super::object::{dicts, elements, text};
use super::{Lookup, destinations, fields};
use crate::limits;
use crate::reader::warning;

/// Adds the annotations of `raw` to `page`.
pub(crate) fn read(raw: &HayroPage<'_>, lookup: &Lookup, page: &mut Page) {
    let xref = raw.xref();
    let transform = raw.initial_transform(true).to_kurbo();
    let mut count = 0;
    for (_, dict) in dicts(xref, raw.raw(), b"Annots") {
        count += 1;
        if count > limits::ANNOTATIONS {
            page.warnings.push(warning(
                page.number,
                "page-truncated",
                "The page has more annotations than can be taken in.",
            ));
            return;
        }
        let Some(rect) = dict.get::<PdfRect>(b"Rect") else {
            continue;
        };
        let bounds = transform.transform_rect_bbox(rect.to_kurbo());
        let bounds = Rect::new(
            bounds.x0 as f32,
            bounds.y0 as f32,
            bounds.x1 as f32,
            bounds.y1 as f32,
        );
        if !bounds.is_finite() {
            continue;
        }
        let subtype = text(&dict, b"Subtype").unwrap_or_default();
        match subtype.as_str() {
            "Link" => page.links.push(Link {
                bounds,
                target: destinations::target(&dict, lookup)
                    .unwrap_or_else(|| LinkTarget::Other(String::new())),
            }),
            "Widget" => page.fields.extend(fields::read(xref, &dict, bounds)),
            // The window of another annotation, not one of its own.
            "Popup" => {}
            _ => page.annotations.push(Annotation {
                bounds,
                contents: contents(&dict),
                author: text(&dict, b"T").unwrap_or_default(),
                name: text(&dict, b"NM").unwrap_or_default(),
                color: color(raw, &dict),
                subtype,
            }),
        }
    }
}

fn contents(dict: &Dict<'_>) -> String {
    let plain = text(dict, b"Contents").filter(|text| !text.is_empty());
    plain
        .or_else(|| Some(without_tags(&text(dict, b"RC")?)))
        .unwrap_or_default()
}

/// The text of a rich text string.
fn without_tags(rich: &str) -> String {
    let mut out = String::new();
    for part in rich.split('<') {
        out.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        out.push(' ');
    }
    crate::clean::clean_text(&out)
}

/// `/C`: grey, RGB or CMYK by the number of components.
fn color(raw: &HayroPage<'_>, dict: &Dict<'_>) -> Option<[u8; 3]> {
    let array = dict.get::<Array<'_>>(b"C")?;
    let values: Vec<f32> = elements(raw.xref(), &array)
        .filter_map(|(_, object)| match object {
            Object::Number(number) => Some(number.as_f32().clamp(0.0, 1.0)),
            _ => None,
        })
        .take(5)
        .collect();
    let byte = |value: f32| (value * 255.0).round() as u8;
    match values[..] {
        [grey] => Some([byte(grey); 3]),
        [r, g, b] => Some([r, g, b].map(byte)),
        [c, m, y, k] => Some([c, m, y].map(|ink| byte((1.0 - ink) * (1.0 - k)))),
        _ => None,
    }
}
