//! Form fields, matched over the whole document by name.

use model::{Change, ChangeKind, FormField, Op, Page, Transform};
use rustc_hash::FxHashMap;

use super::{Pair, change, displacement, page_spot, quote};
use crate::Options;

/// One widget with the page it shows on.
#[derive(Clone, Copy)]
struct Widget<'a> {
    field: &'a FormField,
    page: &'a Page,
}

/// So many fields that make up the whole form of a page are told as one.
const FORM: usize = 5;

/// So many fields are told as one in any case.
const MANY: usize = 20;

/// Tells fields that came or went together on one page as one change: a form
/// that was made or flattened, or a second set of fields.
fn collapse(changes: Vec<Change>, pairs: &[Pair<'_>]) -> Vec<Change> {
    let fields: FxHashMap<(Op, u32), usize> = pairs
        .iter()
        .flat_map(|p| {
            [
                ((Op::Removed, p.old.number), p.old.fields.len()),
                ((Op::Added, p.new.number), p.new.fields.len()),
            ]
        })
        .collect();
    let key = |change: &Change| -> Option<(Op, u32)> {
        match (&change.old, &change.new) {
            (Some(spot), None) => Some((Op::Removed, spot.page)),
            (None, Some(spot)) => Some((Op::Added, spot.page)),
            _ => None,
        }
    };
    let mut counts: FxHashMap<(Op, u32), usize> = FxHashMap::default();
    for key in changes.iter().filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    let whole = |key: &(Op, u32)| {
        let count = counts.get(key).copied().unwrap_or(0);
        count >= MANY || (count >= FORM && fields.get(key) == Some(&count))
    };
    let mut first: FxHashMap<(Op, u32), usize> = FxHashMap::default();
    let mut out: Vec<Change> = Vec::new();
    for mut change in changes {
        let Some(key) = key(&change).filter(whole) else {
            out.push(change);
            continue;
        };
        if let Some(&at) = first.get(&key) {
            let boxes = |spot: Option<model::Spot>| spot.map(|s| s.boxes).unwrap_or_default();
            let more = [boxes(change.old), boxes(change.new)].concat();
            let kept: &mut Change = &mut out[at];
            if let Some(spot) = kept.old.as_mut().or(kept.new.as_mut()) {
                spot.boxes.extend(more);
            }
            continue;
        }
        first.insert(key, out.len());
        let count = counts.get(&key).copied().unwrap_or(0);
        let all = fields.get(&key) == Some(&count);
        let all = if all { "all " } else { "" };
        change.summary = format!("{all}{count} form fields of the page {}", key.0.name());
        out.push(change);
    }
    out
}

/// Values, options, flags and places of all fields. A field that stands where
/// a field of another name stood was renamed.
pub(super) fn compare(pairs: &[Pair<'_>], options: &Options) -> Vec<Change> {
    let transforms: FxHashMap<(u32, u32), &Transform> = pairs
        .iter()
        .map(|p| ((p.old.number, p.new.number), p.transform))
        .collect();
    let mut after = index(pairs.iter().map(|p| p.new));
    let mut changes = Vec::new();
    let mut unmatched = Vec::new();
    for (key, widget) in ordered(pairs.iter().map(|p| p.old)) {
        match after.remove(&key) {
            Some(other) => {
                let transform = transforms.get(&(widget.page.number, other.page.number));
                changes.extend(edited(widget, other, transform.copied(), options));
            }
            None => unmatched.push(widget),
        }
    }
    let mut left: Vec<Widget<'_>> = ordered(pairs.iter().map(|p| p.new))
        .into_iter()
        .filter_map(|(key, _)| after.remove(&key))
        .collect();

    // Renamed: another name in the same place.
    let reach = options.tolerance.max(0.0) + 2.0;
    let mut by_place: FxHashMap<(u32, i32, i32), Vec<usize>> = FxHashMap::default();
    for (at, widget) in left.iter().enumerate() {
        let [x, y] = widget.field.bounds.center();
        by_place
            .entry((widget.page.number, cell(x), cell(y)))
            .or_default()
            .push(at);
    }
    let mut taken = vec![false; left.len()];
    let new_numbers: FxHashMap<u32, (u32, &Transform)> = pairs
        .iter()
        .map(|p| (p.old.number, (p.new.number, p.transform)))
        .collect();
    for widget in unmatched {
        let renamed = new_numbers
            .get(&widget.page.number)
            .and_then(|(number, transform)| {
                let [x, y] = transform.apply_rect(&widget.field.bounds).center();
                let (cx, cy) = (cell(x), cell(y));
                (-1..=1)
                    .flat_map(|dx| (-1..=1).map(move |dy| (dx, dy)))
                    .filter_map(|(dx, dy)| {
                        by_place.get(&(*number, cx.saturating_add(dx), cy.saturating_add(dy)))
                    })
                    .flatten()
                    .copied()
                    .find(|&at| {
                        !taken[at]
                            && left[at].field.kind == widget.field.kind
                            && displacement(&widget.field.bounds, &left[at].field.bounds, transform)
                                <= reach
                    })
            });
        if let Some(at) = renamed {
            taken[at] = true;
            let other = left[at];
            changes.push(both(
                Op::Replaced,
                widget,
                other,
                format!(
                    "field {} renamed to {}",
                    quote(&widget.field.name),
                    quote(&other.field.name)
                ),
            ));
        } else {
            let summary = format!(
                "{} field {} removed",
                widget.field.kind,
                title(widget.field)
            );
            changes.push(change(
                ChangeKind::Form,
                None,
                Some(spot(widget)),
                None,
                summary,
            ));
        }
    }
    let mut keep = taken.iter().map(|taken| !taken);
    left.retain(|_| keep.next().unwrap_or(true));
    for widget in left {
        let summary = format!("{} field {} added", widget.field.kind, title(widget.field));
        changes.push(change(
            ChangeKind::Form,
            None,
            None,
            Some(spot(widget)),
            summary,
        ));
    }
    collapse(changes, pairs)
}

/// Name and running number of a widget: the buttons of a radio group share
/// their name.
type Key<'a> = (&'a str, u32);

fn ordered<'a>(pages: impl Iterator<Item = &'a Page>) -> Vec<(Key<'a>, Widget<'a>)> {
    let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
    let mut list = Vec::new();
    for page in pages {
        for field in &page.fields {
            let count = seen.entry(&field.name).or_default();
            *count += 1;
            list.push(((field.name.as_str(), *count), Widget { field, page }));
        }
    }
    list
}

fn index<'a>(pages: impl Iterator<Item = &'a Page>) -> FxHashMap<Key<'a>, Widget<'a>> {
    ordered(pages).into_iter().collect()
}

/// What happened to one field; the most telling difference wins.
fn edited(
    a: Widget<'_>,
    b: Widget<'_>,
    transform: Option<&Transform>,
    options: &Options,
) -> Option<Change> {
    let (old, new) = (a.field, b.field);
    if old.value != new.value {
        let summary = match (old.value.is_empty(), new.value.is_empty()) {
            (true, _) => format!("field {} filled in: {}", title(new), quote(&new.value)),
            (_, true) => format!("field {} emptied, was {}", title(new), quote(&old.value)),
            _ => format!(
                "field {}: {} became {}",
                title(new),
                quote(&old.value),
                quote(&new.value)
            ),
        };
        return Some(both(Op::Replaced, a, b, summary));
    }
    if old.kind != new.kind {
        let summary = format!("field {}: {} became {}", title(new), old.kind, new.kind);
        return Some(both(Op::Replaced, a, b, summary));
    }
    if old.options != new.options {
        let summary = format!("choices of field {} changed", title(new));
        return Some(both(Op::Replaced, a, b, summary));
    }
    if (old.read_only, old.required) != (new.read_only, new.required) {
        let flag = |on: bool, yes: &'static str, no: &'static str| if on { yes } else { no };
        let summary = if old.read_only == new.read_only {
            format!(
                "field {} is {} required",
                title(new),
                flag(new.required, "now", "no longer")
            )
        } else {
            format!(
                "field {} is {} read-only",
                title(new),
                flag(new.read_only, "now", "no longer")
            )
        };
        return Some(both(Op::Restyled, a, b, summary));
    }
    if old.label != new.label {
        let summary = format!(
            "field {}: label {} became {}",
            quote(&new.name),
            quote(&old.label),
            quote(&new.label)
        );
        return Some(both(Op::Replaced, a, b, summary));
    }
    // A field on a page that is not paired with its old page moved with the text.
    let distance = transform.map_or(0.0, |t| displacement(&old.bounds, &new.bounds, t));
    if distance > options.tolerance.max(0.0) + 2.0 {
        let summary = format!("field {} moved or resized", title(new));
        return Some(both(Op::Moved, a, b, summary));
    }
    None
}

fn both(op: Op, a: Widget<'_>, b: Widget<'_>, summary: String) -> Change {
    change(
        ChangeKind::Form,
        Some(op),
        Some(spot(a)),
        Some(spot(b)),
        summary,
    )
}

fn spot(widget: Widget<'_>) -> model::Spot {
    page_spot(widget.page, widget.field.bounds, &widget.field.value)
}

/// The field as people know it.
fn title(field: &FormField) -> String {
    quote(if field.label.is_empty() {
        &field.name
    } else {
        &field.label
    })
}

/// Grid cell of 8 points.
fn cell(v: f32) -> i32 {
    (v / 8.0).floor() as i32
}
