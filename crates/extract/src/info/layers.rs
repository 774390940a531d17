//! Optional content groups.

use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;
use model::Layer;

use super::object::{dicts, text};
use crate::limits;
use crate::source::Visited;

/// The layers with what the default configuration shows.
pub(crate) fn read(xref: &XRef, catalog: &Dict<'_>) -> Vec<Layer> {
    let Some(properties) = catalog.get::<Dict<'_>>(b"OCProperties") else {
        return Vec::new();
    };
    let config = properties.get::<Dict<'_>>(b"D").unwrap_or_default();
    let ids = |key: &[u8]| -> Visited<ObjectIdentifier> {
        dicts(xref, &config, key).filter_map(|(id, _)| id).collect()
    };
    let (on, off) = (ids(b"ON"), ids(b"OFF"));
    let base = text(&config, b"BaseState").is_none_or(|state| state != "OFF");
    dicts(xref, &properties, b"OCGs")
        .take(limits::NODES)
        .map(|(id, group)| {
            let listed = |set: &Visited<ObjectIdentifier>| id.is_some_and(|id| set.contains(&id));
            Layer {
                name: text(&group, b"Name").unwrap_or_default(),
                visible: if base {
                    !listed(&off)
                } else {
                    listed(&on) && !listed(&off)
                },
            }
        })
        .collect()
}
