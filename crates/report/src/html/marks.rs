//! Boxes over the page images.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};
use model::{Change, ChangeKind, Op, Rect, Side};

use super::scale::page_size;
use crate::plain::visible;
use crate::view::View;

/// Boxes drawn of one change on one page; a change of more is one in which the
/// rest adds nothing to look at.
const MOST_BOXES: usize = 500;

/// Room around a box, points, so that its outline does not cover the ink.
const MARGIN: f32 = 1.5;

/// Marks by page: for each entry and side, the changes with boxes there.
pub(super) struct Marks {
    on: Vec<[Vec<usize>; 2]>,
}

impl Marks {
    pub(super) fn of(view: &View<'_>) -> Self {
        let mut on: Vec<[Vec<usize>; 2]> = Vec::new();
        on.resize_with(view.report.pages.len(), Default::default);
        for (index, change) in view.report.changes.iter().enumerate() {
            for (i, side, spot) in [(0, Side::Old, &change.old), (1, Side::New, &change.new)] {
                let Some(spot) = spot else { continue };
                if spot.boxes.is_empty() {
                    continue;
                }
                if let Some(entry) = view.entry(side, spot.page) {
                    on[entry][i].push(index);
                }
            }
        }
        Self { on }
    }

    /// Indices of the changes marked on `side` of entry `index`.
    pub(super) fn on(&self, index: usize, side: Side) -> &[usize] {
        self.on.get(index).map_or(&[], |sides| match side {
            Side::Old => sides[0].as_slice(),
            Side::New => sides[1].as_slice(),
        })
    }
}

/// The SVG laid over one page.
pub(super) fn overlay(view: &View<'_>, marks: &Marks, entry: usize, side: Side) -> Markup {
    let page = &view.report.pages[entry];
    let size = page_size(match side {
        Side::Old => page.old_size,
        Side::New => page.new_size,
    });
    let [width, height] = size;
    html! {
        svg.marks viewBox=(format!("0 0 {width} {height}")) preserveAspectRatio="none" aria-hidden="true" {
            @for &index in marks.on(entry, side) {
                (mark(view, index, side, size))
            }
            // Where the other side's additions and removals would be, shown
            // while one of them is selected.
            @for ghost in ghosts(view, marks, entry, side, size) { (ghost) }
        }
    }
}

fn mark(view: &View<'_>, index: usize, side: Side, size: [f32; 2]) -> Markup {
    let change = &view.report.changes[index];
    let (spot, other) = match side {
        Side::Old => (&change.old, &change.new),
        Side::New => (&change.new, &change.old),
    };
    let Some(spot) = spot else { return html! {} };
    let path = outline(&spot.boxes, size, MARGIN);
    let target = side == Side::New || other.is_none();
    let id = target.then(|| format!("c{}", index + 1));
    html! {
        g class=(format!("m {} {}{}", look(change.kind), op_class(change.op), noise_class(change)))
            data-c=(index + 1) id=[id] {
            title { (visible(&change.summary)) }
            path d=(PreEscaped(path)) {}
        }
    }
}

fn ghosts(view: &View<'_>, marks: &Marks, entry: usize, side: Side, size: [f32; 2]) -> Vec<Markup> {
    let page = &view.report.pages[entry];
    let (from, transform) = match side {
        Side::New => (Side::Old, Some(page.transform)),
        Side::Old => (Side::New, page.transform.inverse()),
    };
    let Some(transform) = transform.filter(|t| t.0.iter().all(|v| v.is_finite())) else {
        return Vec::new();
    };
    marks
        .on(entry, from)
        .iter()
        .filter_map(|&index| {
            let change = &view.report.changes[index];
            let spot = match (change.op, from) {
                (Op::Removed, Side::Old) => change.old.as_ref()?,
                (Op::Added, Side::New) => change.new.as_ref()?,
                _ => return None,
            };
            let mapped: Vec<Rect> = spot
                .boxes
                .iter()
                .take(MOST_BOXES)
                .map(|rect| transform.apply_rect(rect))
                .collect();
            let path = outline(&mapped, size, MARGIN);
            (!path.is_empty()).then(|| {
                html! { g.m.ghost data-c=(index + 1) { path d=(PreEscaped(path)) {} } }
            })
        })
        .collect()
}

/// The boxes, kept on the page, as one SVG path.
fn outline(boxes: &[Rect], [width, height]: [f32; 2], margin: f32) -> String {
    let mut path = String::new();
    for rect in boxes.iter().take(MOST_BOXES) {
        let Some((x0, y0, x1, y1)) = on_page(rect, [width, height], margin) else {
            continue;
        };
        let _ = write!(path, "M{x0:.1} {y0:.1}H{x1:.1}V{y1:.1}H{x0:.1}Z");
    }
    path
}

/// The box, grown by `margin` and cut to the page; `None` where nothing of it
/// is on the page.
pub(super) fn on_page(
    rect: &Rect,
    [width, height]: [f32; 2],
    margin: f32,
) -> Option<(f32, f32, f32, f32)> {
    if !rect.is_finite() {
        return None;
    }
    let rect = Rect::from(<[f32; 4]>::from(*rect)).inflate(margin);
    let page = Rect::new(0.0, 0.0, width, height);
    let cut = rect.intersection(&page)?;
    Some((cut.x0, cut.y0, cut.x1, cut.y1))
}

/// `t` for words, which are filled; `g` for what is outlined.
fn look(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Text | ChangeKind::Style | ChangeKind::Form | ChangeKind::Link => "t",
        _ => "g",
    }
}

fn noise_class(change: &Change) -> &'static str {
    if change.evidence.noise { " noise" } else { "" }
}

/// Class name of an operation.
pub(super) fn op_class(op: Op) -> &'static str {
    match op {
        Op::Added => "op-added",
        Op::Removed => "op-removed",
        Op::Replaced => "op-replaced",
        Op::Moved => "op-moved",
        Op::Restyled => "op-restyled",
    }
}
