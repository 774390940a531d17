//! Where links and bookmarks lead.

use std::ops::ControlFlow;

use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Object, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;
use model::LinkTarget;
use rustc_hash::FxHashMap;

use super::object::{object_text, resolve, text};
use super::{Lookup, trees};

/// Named destinations with the page each leads to.
pub(crate) fn named(
    xref: &XRef,
    catalog: &Dict<'_>,
    pages: &FxHashMap<ObjectIdentifier, u32>,
) -> FxHashMap<Vec<u8>, u32> {
    let mut found = FxHashMap::default();
    if let Some(old) = catalog.get::<Dict<'_>>(b"Dests") {
        for (name, value) in old.entries().take(crate::limits::NODES) {
            if let Some(page) = resolve(xref, value).and_then(|v| explicit(&v, pages)) {
                found.insert(name.to_vec(), page);
            }
        }
    }
    let tree = catalog
        .get::<Dict<'_>>(b"Names")
        .and_then(|names| names.get::<Dict<'_>>(b"Dests"));
    if let Some(tree) = tree {
        trees::each(xref, tree, b"Names", |name, value| {
            if let (Object::String(name), Some(page)) = (name, explicit(&value, pages)) {
                found.insert(name.as_bytes().to_vec(), page);
            }
            ControlFlow::Continue(())
        });
    }
    found
}

/// The page an explicit destination leads to.
fn explicit(object: &Object<'_>, pages: &FxHashMap<ObjectIdentifier, u32>) -> Option<u32> {
    let array = match object {
        Object::Array(array) => array.clone(),
        Object::Dict(dict) => dict.get::<Array<'_>>(b"D")?,
        _ => return None,
    };
    match array.raw_iter().next()? {
        MaybeRef::Ref(page) => pages.get(&ObjectIdentifier::from(page)).copied(),
        // A number counts from 0. It belongs in links to other files, but is
        // seen in others too.
        MaybeRef::NotRef(Object::Number(number)) => {
            u32::try_from(number.as_i64()).ok()?.checked_add(1)
        }
        MaybeRef::NotRef(_) => None,
    }
}

/// Where a destination leads.
fn destination(object: &Object<'_>, lookup: &Lookup) -> Option<LinkTarget> {
    let name = match object {
        Object::String(name) => name.as_bytes(),
        Object::Name(name) => name,
        _ => return explicit(object, &lookup.pages).map(LinkTarget::Page),
    };
    Some(match lookup.named.get(name) {
        Some(page) => LinkTarget::Page(*page),
        None => LinkTarget::Named(object_text(object).unwrap_or_default()),
    })
}

/// Where a link annotation or an outline item leads.
pub(crate) fn target(dict: &Dict<'_>, lookup: &Lookup) -> Option<LinkTarget> {
    if let Some(dest) = dict.get::<Object<'_>>(b"Dest") {
        return destination(&dest, lookup);
    }
    let action = dict.get::<Dict<'_>>(b"A")?;
    let kind = text(&action, b"S")?;
    match kind.as_str() {
        "URI" => Some(LinkTarget::Uri(text(&action, b"URI").unwrap_or_default())),
        "GoTo" => destination(&action.get::<Object<'_>>(b"D")?, lookup),
        _ => {
            let file = text(&action, b"F").or_else(|| {
                let file = action.get::<Dict<'_>>(b"F")?;
                text(&file, b"UF").or_else(|| text(&file, b"F"))
            });
            let detail = file
                .or_else(|| text(&action, b"N"))
                .or_else(|| text(&action, b"JS"));
            Some(LinkTarget::Other(match detail {
                Some(detail) => format!("{kind} {detail}"),
                None => kind,
            }))
        }
    }
}
