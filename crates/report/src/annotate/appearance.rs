//! Annotation dictionaries and the appearance streams that make them look the
//! same in every viewer.

use std::collections::HashMap;
use std::fmt::Write as _;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};
use model::{Op, Rect};

use super::Added;
use super::geometry::PageSpace;
use super::plan::{Note, Shape};

/// Side of a note's sheet, points.
const SHEET: f32 = 18.0;

/// Largest width and height of a caret, points.
const CARET: f32 = 9.0;

/// Annotation flag bits (ISO 32000-2, table 167).
const PRINT: i64 = 1 << 2;

/// Boxes drawn for one annotation.
const MOST_BOXES: usize = 500;

/// Objects shared by all annotations of a document.
#[derive(Default)]
pub(super) struct Looks {
    multiply: Option<ObjectId>,
    sheets: HashMap<Op, ObjectId>,
}

/// Red is gone, blue is new, purple moved, amber looks different: as in the
/// other reports.
fn colour(op: Op) -> [f32; 3] {
    match op {
        Op::Removed => [0.77, 0.15, 0.11],
        Op::Added | Op::Replaced => [0.08, 0.40, 0.85],
        Op::Moved => [0.54, 0.18, 0.69],
        Op::Restyled => [0.66, 0.44, 0.0],
    }
}

/// The same colour as a highlighter pen: multiplied with the page, black text
/// stays black.
fn pen(op: Op) -> [f32; 3] {
    match op {
        Op::Removed => [1.0, 0.76, 0.74],
        Op::Added | Op::Replaced => [0.68, 0.85, 1.0],
        Op::Moved => [0.89, 0.77, 0.97],
        Op::Restyled => [1.0, 0.88, 0.55],
    }
}

/// The annotation for `note`; `None` where none of its boxes is on the page.
pub(super) fn annotation(
    note: &Note,
    space: &PageSpace,
    page: ObjectId,
    looks: &mut Looks,
    added: &mut Added,
) -> Option<Dictionary> {
    let mut annotation = dictionary! {
        "Type" => "Annot",
        "Contents" => text(&note.contents),
        "T" => text("PDF Compare"),
        "NM" => text(&note.name),
        "Subj" => text(&note.subject),
        "C" => numbers(colour(note.op)),
        "F" => PRINT,
        "P" => page,
    };
    let boxes: Vec<Rect> = note
        .boxes
        .iter()
        .take(MOST_BOXES)
        .filter_map(|rect| space.on_page(rect))
        .collect();
    let form = match note.shape {
        Shape::Highlight => highlight(&mut annotation, note.op, &boxes, space, looks, added)?,
        Shape::Square => square(&mut annotation, note.op, &boxes, space, added)?,
        Shape::Caret => caret(&mut annotation, note.op, &boxes, &[], space, added)?,
        Shape::FramedCaret => caret(&mut annotation, note.op, &boxes, &boxes, space, added)?,
        Shape::Sheet => sheet(&mut annotation, note, space, looks, added),
    };
    annotation.set("AP", dictionary! { "N" => form });
    Some(annotation)
}

fn highlight(
    annotation: &mut Dictionary,
    op: Op,
    boxes: &[Rect],
    space: &PageSpace,
    looks: &mut Looks,
    added: &mut Added,
) -> Option<ObjectId> {
    // A word box of no width (a lone combining mark) would be invisible.
    let boxes: Vec<Rect> = boxes.iter().map(|rect| at_least(rect, 1.0)).collect();
    let bounds = union(&boxes)?;
    annotation.set("Subtype", "Highlight");
    let quads: Vec<f32> = boxes
        .iter()
        .flat_map(|rect| space.corners(rect))
        .flatten()
        .collect();
    annotation.set("QuadPoints", numbers(quads));
    let mut content = format!("/M gs {} rg\n", spaced(pen(op)));
    for rect in &boxes {
        let [x0, y0, x1, y1] = space.rect(rect);
        let _ = writeln!(content, "{} re", spaced([x0, y0, x1 - x0, y1 - y0]));
    }
    content += "f\n";
    let multiply = *looks.multiply.get_or_insert_with(|| {
        added.add(dictionary! { "Type" => "ExtGState", "BM" => "Multiply" })
    });
    let resources = dictionary! { "ExtGState" => dictionary! { "M" => multiply } };
    let mut form = form(space.rect(&bounds), resources);
    // Without a group of its own, a viewer may blend with nothing.
    form.set("Group", dictionary! { "S" => "Transparency" });
    Some(place(annotation, space.rect(&bounds), form, content, added))
}

fn square(
    annotation: &mut Dictionary,
    op: Op,
    boxes: &[Rect],
    space: &PageSpace,
    added: &mut Added,
) -> Option<ObjectId> {
    let framed: Vec<Rect> = boxes.iter().map(|rect| rect.inflate(2.0)).collect();
    let bounds = union(&framed)?.inflate(1.0);
    let unit = space.unit();
    annotation.set("Subtype", "Square");
    annotation.set("BS", dictionary! { "W" => 1.25 * unit });
    let mut content = format!("{} RG {} w\n", spaced(colour(op)), 1.25 * unit);
    for rect in &framed {
        let [x0, y0, x1, y1] = space.rect(rect);
        let _ = writeln!(content, "{} re S", spaced([x0, y0, x1 - x0, y1 - y0]));
    }
    let form = form(space.rect(&bounds), Dictionary::new());
    Some(place(annotation, space.rect(&bounds), form, content, added))
}

/// A caret at the start of what stood in `boxes`, as large as the words there,
/// and dashes around `framed`.
fn caret(
    annotation: &mut Dictionary,
    op: Op,
    boxes: &[Rect],
    framed: &[Rect],
    space: &PageSpace,
    added: &mut Added,
) -> Option<ObjectId> {
    let first = boxes.first()?;
    let unit = space.unit();
    let side = first.height().clamp(CARET / 3.0, CARET);
    let foot = Rect::new(
        first.x0 - side / 2.0,
        first.y1 - side * 0.3,
        first.x0 + side / 2.0,
        first.y1 + side * 0.7,
    );
    let bounds = union(framed)
        .map_or(foot, |all| all.union(&foot))
        .inflate(1.0);
    annotation.set("Subtype", "Caret");
    let mut content = format!(
        "{colour} rg {colour} RG {} w [{} {}] 0 d\n",
        0.6 * unit,
        2.0 * unit,
        2.0 * unit,
        colour = spaced(colour(op)),
    );
    for rect in framed {
        let [x0, y0, x1, y1] = space.rect(rect);
        let _ = writeln!(content, "{} re S", spaced([x0, y0, x1 - x0, y1 - y0]));
    }
    let [left, top, right] = [
        [foot.x0, foot.y1],
        [f32::midpoint(foot.x0, foot.x1), foot.y0],
        [foot.x1, foot.y1],
    ]
    .map(|corner| spaced(space.point(corner)));
    let _ = writeln!(content, "{left} m {top} l {right} l h f");
    let form = form(space.rect(&bounds), Dictionary::new());
    Some(place(annotation, space.rect(&bounds), form, content, added))
}

fn sheet(
    annotation: &mut Dictionary,
    note: &Note,
    space: &PageSpace,
    looks: &mut Looks,
    added: &mut Added,
) -> ObjectId {
    let [width, height] = space.size();
    // Down the left edge, then on to the right; never off the page.
    let rows = ((height / (SHEET * 1.25)) as usize).max(1);
    let (column, row) = (note.place / rows, note.place % rows);
    let x = (4.0 + column as f32 * SHEET * 1.25).clamp(0.0, (width - SHEET).max(0.0));
    let y = (4.0 + row as f32 * SHEET * 1.25).clamp(0.0, (height - SHEET).max(0.0));
    let rect = space.rect(&Rect::new(x, y, x + SHEET, y + SHEET));
    annotation.set("Subtype", "Text");
    annotation.set("Name", "Note");
    annotation.set("Open", false);
    annotation.set("Rect", numbers(rect));
    *looks.sheets.entry(note.op).or_insert_with(|| {
        let content = format!(
            "{} rg 0.3 w 0.2 G 1 1 16 16 re B 1 w 1 G 4 12.5 m 14 12.5 l S 4 9 m 14 9 l S 4 5.5 m 11 5.5 l S\n",
            spaced(colour(note.op))
        );
        let form = form([0.0, 0.0, SHEET, SHEET], Dictionary::new());
        added.add(Stream::new(form, content.into_bytes()))
    })
}

fn form(bounds: [f32; 4], resources: Dictionary) -> Dictionary {
    dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => numbers(bounds),
        "Resources" => resources,
    }
}

/// An appearance drawn in the page's own coordinates.
fn place(
    annotation: &mut Dictionary,
    bounds: [f32; 4],
    form: Dictionary,
    content: String,
    added: &mut Added,
) -> ObjectId {
    annotation.set("Rect", numbers(bounds));
    added.add(Stream::new(form, content.into_bytes()))
}

fn union(boxes: &[Rect]) -> Option<Rect> {
    boxes.iter().copied().reduce(|a, b| a.union(&b))
}

fn at_least(rect: &Rect, side: f32) -> Rect {
    let grow = ((side - rect.width().min(rect.height())) / 2.0).max(0.0);
    rect.inflate(grow)
}

fn numbers(values: impl IntoIterator<Item = f32>) -> Object {
    Object::Array(
        values
            .into_iter()
            .map(|v| Object::Real((v * 100.0).round() / 100.0))
            .collect(),
    )
}

fn spaced(values: impl IntoIterator<Item = f32>) -> String {
    let all: Vec<String> = values.into_iter().map(|v| format!("{v:.2}")).collect();
    all.join(" ")
}

/// A text string (ISO 32000-2, 7.9.2.2): ASCII as it is, everything else as
/// UTF-16 with a byte order mark.
fn text(text: &str) -> Object {
    if text.is_ascii() {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let bytes = [0xFE, 0xFF]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}
