//! Name and number trees, and other walks that must end.

use std::ops::ControlFlow;

use hayro::hayro_syntax::object::{Array, Dict, Object, ObjectIdentifier, Stream};
use hayro::hayro_syntax::page::Resources;
use hayro::hayro_syntax::xref::XRef;

use super::object::{dicts, elements};
use crate::limits;
use crate::source::Visited;

/// Calls `visit` with each key and value of a name or number tree (ISO
/// 32000-2, 7.9.6 and 7.9.7), `pairs` being the key of the leaves' arrays.
pub(crate) fn each<'a>(
    xref: &'a XRef,
    root: Dict<'a>,
    pairs: &[u8],
    mut visit: impl FnMut(Object<'a>, Object<'a>) -> ControlFlow<()>,
) {
    let mut seen = Visited::default();
    let mut stack = vec![(root, 0)];
    let mut left = limits::NODES;
    while let Some((node, depth)) = stack.pop() {
        if let Some(array) = node.get::<Array<'a>>(pairs) {
            let mut key = None;
            for (_, object) in elements(xref, &array) {
                match key.take() {
                    None => key = Some(object),
                    Some(name) => {
                        left = left.saturating_sub(1);
                        if left == 0 || visit(name, object).is_break() {
                            return;
                        }
                    }
                }
            }
        }
        if depth < limits::DEPTH {
            let mut kids: Vec<_> = dicts(xref, &node, b"Kids")
                .filter(|(id, _)| id.is_none_or(|id| seen.insert(id)))
                .take(left)
                .map(|(_, kid)| (kid, depth + 1))
                .collect();
            left = left.saturating_sub(kids.len());
            kids.reverse();
            stack.append(&mut kids);
        }
    }
}

/// Whether a form `XObject` may paint itself, directly or through others, or
/// forms nest so deep that following them is not safe. References are followed
/// one by one, since the engine itself stops at a cycle and then looks as if
/// there were none.
pub(crate) fn has_form_cycle(xref: &XRef, resources: &Resources<'_>) -> bool {
    fn walk(
        xref: &XRef,
        forms: &Dict<'_>,
        path: &mut Vec<ObjectIdentifier>,
        left: &mut usize,
    ) -> bool {
        for name in forms.keys() {
            let Some(id) = forms.get_ref(name.as_ref()).map(ObjectIdentifier::from) else {
                continue;
            };
            let Some(form) = xref.get::<Stream<'_>>(id) else {
                continue;
            };
            if super::object::text(form.dict(), b"Subtype").is_none_or(|kind| kind != "Form") {
                continue;
            }
            // Without resources of its own it has those of what paints it,
            // itself among them.
            let Some(inner) = form.dict().get::<Dict<'_>>(b"Resources") else {
                return true;
            };
            if path.contains(&id) || path.len() > 12 || *left == 0 {
                return true;
            }
            *left -= 1;
            let Some(inner) = inner.get::<Dict<'_>>(b"XObject") else {
                continue;
            };
            path.push(id);
            if walk(xref, &inner, path, left) {
                return true;
            }
            path.pop();
        }
        false
    }
    walk(xref, &resources.x_objects, &mut Vec::new(), &mut 2000)
}

/// Whether the `Parent` entries of a page do not lead to a root. References
/// are followed one by one, since the engine itself stops at a cycle and then
/// looks as if there were none.
pub(crate) fn has_parent_cycle(xref: &XRef, page: &Dict<'_>) -> bool {
    let mut parent = page.get_ref(b"Parent");
    for _ in 0..limits::DEPTH {
        let Some(id) = parent else {
            return false;
        };
        parent = xref
            .get::<Dict<'_>>(ObjectIdentifier::from(id))
            .and_then(|node| node.get_ref(b"Parent"));
    }
    true
}
