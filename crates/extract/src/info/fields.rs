//! Form fields, from their widgets upwards (ISO 32000-2, 12.7).

use hayro::hayro_syntax::object::{Array, Dict, Object};
use hayro::hayro_syntax::xref::XRef;
use model::{FormField, Rect};

use super::object::{elements, object_text, text};
use crate::limits;

/// Field flags (tables 227, 229, 230 and 233).
const READ_ONLY: u32 = 1;
const REQUIRED: u32 = 1 << 1;
const RADIO: u32 = 1 << 15;
const PUSH_BUTTON: u32 = 1 << 16;

/// The field a widget shows.
pub(crate) fn read(xref: &XRef, widget: &Dict<'_>, bounds: Rect) -> Option<FormField> {
    let chain = ancestors(widget);
    let names: Vec<String> = chain
        .iter()
        .rev()
        .filter_map(|dict| text(dict, b"T"))
        .filter(|name| !name.is_empty())
        .collect();
    let inherited = |key: &[u8]| chain.iter().find_map(|dict| dict.get::<Object<'_>>(key));
    let flags = match inherited(b"Ff") {
        Some(Object::Number(flags)) => flags.as_i64() as u32,
        _ => 0,
    };
    let kind = inherited(b"FT").and_then(|kind| object_text(&kind));
    let kind = match kind.as_deref() {
        Some("Tx") => "text",
        Some("Ch") => "choice",
        Some("Sig") => "signature",
        Some("Btn") if flags & PUSH_BUTTON != 0 => "button",
        Some("Btn") if flags & RADIO != 0 => "radio",
        Some("Btn") => "checkbox",
        _ if names.is_empty() => return None,
        _ => "text",
    };
    let value = inherited(b"V");
    let value = match kind {
        "checkbox" | "radio" => text(widget, b"AS")
            .or_else(|| value.as_ref().and_then(object_text))
            .unwrap_or_else(|| "Off".into()),
        "button" => String::new(),
        "signature" => value.map(|v| signature(&v)).unwrap_or_default(),
        _ => value.map(|v| value_text(xref, &v)).unwrap_or_default(),
    };
    let options = match inherited(b"Opt") {
        Some(Object::Array(options)) if kind == "choice" => options_of(xref, &options),
        _ => Vec::new(),
    };
    Some(FormField {
        name: names.join("."),
        kind: kind.to_owned(),
        value,
        label: chain
            .iter()
            .find_map(|dict| text(dict, b"TU"))
            .unwrap_or_default(),
        bounds,
        read_only: flags & READ_ONLY != 0,
        required: flags & REQUIRED != 0,
        options,
    })
}

/// The widget and the fields above it.
fn ancestors<'a>(widget: &Dict<'a>) -> Vec<Dict<'a>> {
    let mut chain = vec![widget.clone()];
    while let Some(parent) = chain
        .last()
        .and_then(|dict| dict.get::<Dict<'a>>(b"Parent"))
    {
        let known = |dict: &Dict<'_>| dict.obj_id() == parent.obj_id();
        if chain.len() > limits::DEPTH || chain.iter().any(known) {
            break;
        }
        chain.push(parent);
    }
    chain
}

fn value_text(xref: &XRef, value: &Object<'_>) -> String {
    match value {
        Object::Array(values) => {
            let values: Vec<String> = elements(xref, values)
                .filter_map(|(_, value)| object_text(&value))
                .take(1000)
                .collect();
            values.join(", ")
        }
        _ => object_text(value).unwrap_or_default(),
    }
}

fn signature(value: &Object<'_>) -> String {
    let Object::Dict(signature) = value else {
        return String::new();
    };
    let name = text(signature, b"Name").filter(|name| !name.is_empty());
    let date = text(signature, b"M").filter(|date| !date.is_empty());
    match (name, date) {
        (Some(name), Some(date)) => format!("signed by {name} on {date}"),
        (Some(name), None) => format!("signed by {name}"),
        (None, Some(date)) => format!("signed on {date}"),
        (None, None) => "signed".into(),
    }
}

/// What a choice offers, as shown.
fn options_of(xref: &XRef, options: &Array<'_>) -> Vec<String> {
    elements(xref, options)
        .take(10_000)
        .filter_map(|(_, option)| match option {
            Object::Array(pair) => {
                let shown = elements(xref, &pair).nth(1);
                shown.and_then(|(_, shown)| object_text(&shown))
            }
            option => object_text(&option),
        })
        .collect()
}
