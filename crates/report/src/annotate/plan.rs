//! Which annotation goes where, in displayed coordinates.

use std::fmt::Write as _;

use model::{Change, ChangeKind, Op, PageStatus, Rect, Report, Side, Spot};

use crate::plain::{clip, visible};
use crate::view::{View, kind_label, page_event, page_label, texts};

/// Characters of a passage told in an annotation: viewers show a small window.
const PASSAGE: usize = 3000;

/// Lines of one note about several things.
const MOST_LINES: usize = 200;

/// What an annotation looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Words marked as with a pen.
    Highlight,
    /// A frame.
    Square,
    /// The place where words stood.
    Caret,
    /// The place where something drawn stood: a caret and its outline.
    FramedCaret,
    /// A sheet of paper in the corner.
    Sheet,
}

/// One annotation to be.
#[derive(Clone, Debug)]
pub(super) struct Note {
    /// 1-based page of the new document.
    pub(super) page: u32,
    pub(super) shape: Shape,
    pub(super) op: Op,
    /// Boxes as displayed, points; a [`Shape::Sheet`] has none and lies at the
    /// top left.
    pub(super) boxes: Vec<Rect>,
    /// Unique in the document.
    pub(super) name: String,
    pub(super) subject: String,
    pub(super) contents: String,
    /// How many sheets lie before this one on its page.
    pub(super) place: usize,
}

/// All annotations for a document of `page_count` pages, by report order.
pub(super) fn notes(report: &Report, page_count: u32) -> Vec<Note> {
    let view = View::of(report);
    let mut notes = Vec::new();
    let mut lost = Vec::new();
    for (index, change) in report.changes.iter().enumerate() {
        if change.evidence.noise {
            continue;
        }
        match change_note(&view, index, change) {
            Some(note) if (1..=page_count).contains(&note.page) => notes.push(note),
            _ => lost.push(index),
        }
    }
    let mut sheets = page_sheets(&view, &mut lost, page_count);
    if !lost.is_empty() {
        sheets.insert(0, document_sheet(report, &lost));
    }
    let mut on_page = std::collections::HashMap::new();
    for sheet in &mut sheets {
        let place = on_page.entry(sheet.page).or_insert(0);
        sheet.place = *place;
        *place += 1;
    }
    sheets.append(&mut notes);
    sheets
}

fn change_note(view: &View<'_>, index: usize, change: &Change) -> Option<Note> {
    let (page, boxes, gone) = match (&change.new, &change.old) {
        (Some(new), _) if new.page > 0 && !new.boxes.is_empty() => {
            (new.page, new.boxes.clone(), false)
        }
        (new, Some(old)) if old.page > 0 => was_at(view, old, new.is_none())?,
        _ => return None,
    };
    let shape = match change.kind {
        // Other words usually stand there now: an outline would mark those.
        ChangeKind::Text | ChangeKind::Style | ChangeKind::Link if gone => Shape::Caret,
        _ if gone => Shape::FramedCaret,
        ChangeKind::Text | ChangeKind::Style | ChangeKind::Link => Shape::Highlight,
        _ => Shape::Square,
    };
    Some(Note {
        page,
        shape,
        op: change.op,
        boxes,
        // The index, not the id: ids of a broken report may repeat.
        name: format!("pdf-compare-{}", index + 1),
        subject: kind_label(change.kind).into(),
        contents: contents(change),
        place: 0,
    })
}

/// The place on the new page where `old` was; `None` where its page is gone.
fn was_at(view: &View<'_>, old: &Spot, gone: bool) -> Option<(u32, Vec<Rect>, bool)> {
    let entry = &view.report.pages[view.entry(Side::Old, old.page)?];
    let boxes = old
        .boxes
        .iter()
        .filter(|rect| rect.is_finite())
        .map(|rect| entry.transform.apply_rect(rect))
        .collect::<Vec<_>>();
    (!boxes.is_empty()).then_some((entry.new?, boxes, gone))
}

/// Summary, then what was and what is.
fn contents(change: &Change) -> String {
    let (old, new) = texts(change);
    let mut out = visible(&change.summary).into_owned();
    let mut tell = |label: &str, text: &str| {
        if !text.is_empty() {
            let (shown, more) = clip(text, PASSAGE);
            let dots = if more > 0 { " …" } else { "" };
            let _ = write!(out, "\n{label}: {}{dots}", visible(shown));
        }
    };
    if old == new {
        tell("Text", new);
    } else {
        tell("Was", old);
        tell("Now", new);
    }
    if change.evidence.pixels == Some(false) {
        out += "\n(not visible)";
    }
    out
}

/// Notes on inserted, deleted and moved pages. Changes told on a deleted page
/// move from `lost` into its note.
fn page_sheets(view: &View<'_>, lost: &mut Vec<usize>, page_count: u32) -> Vec<Note> {
    let mut sheets = Vec::new();
    let mut before = None;
    let first = view.report.pages.iter().find_map(|entry| entry.new);
    for (index, entry) in view.report.pages.iter().enumerate() {
        before = entry.new.or(before);
        let Some(event) = page_event(entry) else {
            continue;
        };
        // A deleted page is told on the page before its place, or on the
        // first.
        let page = before.or(first).unwrap_or(1).clamp(1, page_count);
        let op = match entry.status {
            PageStatus::Inserted => Op::Added,
            PageStatus::Deleted => Op::Removed,
            _ => Op::Moved,
        };
        let mut contents = format!("{}: {event}", page_label(entry));
        if let Some(remark) = &entry.remark {
            let _ = write!(contents, " ({})", visible(remark));
        }
        if entry.status == PageStatus::Deleted {
            contents += if before.is_some() {
                "\nIt stood after this page."
            } else {
                "\nIt stood before this page."
            };
            let told: Vec<usize> = view.told[index]
                .iter()
                .copied()
                .filter(|change| lost.contains(change))
                .take(MOST_LINES)
                .collect();
            for change in &told {
                let _ = write!(
                    contents,
                    "\n{}",
                    visible(&view.report.changes[*change].summary)
                );
            }
            lost.retain(|change| !told.contains(change));
        }
        sheets.push(Note {
            page,
            shape: Shape::Sheet,
            op,
            boxes: Vec::new(),
            name: format!("pdf-compare-page-{}", index + 1),
            subject: "Pages".into(),
            contents,
            place: 0,
        });
    }
    sheets
}

/// What no page shows, on the first.
fn document_sheet(report: &Report, lost: &[usize]) -> Note {
    let mut contents = String::from("Changes that no page shows:");
    for index in lost.iter().take(MOST_LINES) {
        let change = &report.changes[*index];
        let told = self::contents(change).replace('\n', "\n    ");
        let _ = write!(contents, "\n{}: {told}", kind_label(change.kind));
    }
    if lost.len() > MOST_LINES {
        let _ = write!(contents, "\nand {} more", lost.len() - MOST_LINES);
    }
    Note {
        page: 1,
        shape: Shape::Sheet,
        op: Op::Replaced,
        boxes: Vec::new(),
        name: "pdf-compare-document".into(),
        subject: "Document".into(),
        contents,
        place: 0,
    }
}
