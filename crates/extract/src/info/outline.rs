//! Bookmarks.

use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro::hayro_syntax::xref::XRef;
use model::{Bookmark, LinkTarget};

use super::object::text;
use super::{Lookup, destinations};
use crate::limits;
use crate::source::Visited;

/// The outline, in order.
pub(crate) fn read(xref: &XRef, catalog: &Dict<'_>, lookup: &Lookup) -> Vec<Bookmark> {
    let mut bookmarks = Vec::new();
    let Some(root) = catalog.get::<Dict<'_>>(b"Outlines") else {
        return bookmarks;
    };
    let mut seen = Visited::default();
    let next = |dict: &Dict<'_>, key: &[u8]| dict.get_ref(key).map(ObjectIdentifier::from);
    let mut stack: Vec<(ObjectIdentifier, u32)> = next(&root, b"First")
        .into_iter()
        .map(|id| (id, 0))
        .collect();
    while let Some((id, level)) = stack.pop() {
        if !seen.insert(id) || bookmarks.len() >= limits::NODES {
            continue;
        }
        let Some(item) = xref.get::<Dict<'_>>(id) else {
            continue;
        };
        let page = match destinations::target(&item, lookup) {
            Some(LinkTarget::Page(page)) => Some(page),
            _ => None,
        };
        bookmarks.push(Bookmark {
            level,
            title: text(&item, b"Title").unwrap_or_default(),
            page,
        });
        stack.extend(next(&item, b"Next").map(|id| (id, level)));
        if (level as usize) < limits::DEPTH {
            stack.extend(next(&item, b"First").map(|id| (id, level + 1)));
        }
    }
    bookmarks
}
