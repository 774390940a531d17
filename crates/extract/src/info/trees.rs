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

/// Whether a form `XObject` paints itself, directly or through others, or
/// forms nest so deep that following them is not safe.
pub(crate) fn has_form_cycle(resources: &Resources<'_>) -> bool {
    fn walk(resources: &Resources<'_>, path: &mut Vec<ObjectIdentifier>, left: &mut usize) -> bool {
        for name in resources.x_objects.keys() {
            let Some(form) = resources.x_objects.get::<Stream<'_>>(name.as_ref()) else {
                continue;
            };
            let Some(inner) = form.dict().get::<Dict<'_>>(b"Resources") else {
                continue;
            };
            let id = form.obj_id();
            if path.contains(&id) || path.len() > 12 || *left == 0 {
                return true;
            }
            *left -= 1;
            path.push(id);
            if walk(&Resources::new(inner), path, left) {
                return true;
            }
            path.pop();
        }
        false
    }
    walk(resources, &mut Vec::new(), &mut 2000)
}
