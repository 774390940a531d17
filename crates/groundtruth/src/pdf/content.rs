//! Content streams.

use std::sync::Arc;

use pdf_writer::{Content, Finish, Name, Str};

use super::fonts::{Fonts, resource};
use super::{Pictures, Producer, flipped, page_matrix};
use crate::Result;
use crate::fonts::{font, shape};
use crate::scene::{Color, Item, Page, Paint, Picture, Seg, TextLine};

/// Pictures of a page in painting order.
pub fn pictures(page: &Page) -> impl Iterator<Item = &Arc<Picture>> {
    page.items.iter().filter_map(|item| match item {
        Item::Image { picture, .. } => Some(picture),
        _ => None,
    })
}

/// Whether the page paints this very picture.
pub fn shows(page: &Page, picture: &Arc<Picture>) -> bool {
    pictures(page).any(|p| Arc::ptr_eq(p, picture))
}

fn rgb([r, g, b]: Color) -> [f32; 3] {
    [r, g, b].map(|v| f32::from(v) / 255.0)
}

/// The content stream of a page.
pub fn page(
    page: &Page,
    producer: Producer,
    fonts: &Fonts,
    pictures: &Pictures,
) -> Result<Vec<u8>> {
    let mut out = Content::new();
    let matrix = page_matrix(page);
    if matrix != [1.0, 0.0, 0.0, 1.0, 0.0, 0.0] {
        out.transform(matrix);
    }
    if !page.transform.is_identity() {
        out.transform(flipped(&page.transform, page.size[1]));
    }
    let height = page.size[1];
    for item in &page.items {
        match item {
            Item::Text(line) => text(&mut out, line, height, producer, fonts)?,
            Item::Path { segs, paint, .. } => path(&mut out, segs, paint, height),
            Item::Image { rect, picture, .. } => {
                let number = pictures
                    .iter()
                    .find(|p| Arc::ptr_eq(&p.0, picture))
                    .map_or(0, |p| p.2);
                out.save_state();
                out.transform([
                    rect.width(),
                    0.0,
                    0.0,
                    rect.height(),
                    rect.x0,
                    height - rect.y1,
                ]);
                out.x_object(Name(format!("Im{number}").as_bytes()));
                out.restore_state();
            }
        }
    }
    Ok(out.finish().into_vec())
}

fn path(out: &mut Content, segs: &[Seg], paint: &Paint, height: f32) {
    out.save_state();
    if let Some((width, color)) = paint.stroke {
        let [r, g, b] = rgb(color);
        out.set_line_width(width).set_stroke_rgb(r, g, b);
        out.set_line_cap(pdf_writer::types::LineCapStyle::RoundCap);
        out.set_line_join(pdf_writer::types::LineJoinStyle::RoundJoin);
        if !paint.dash.is_empty() {
            out.set_dash_pattern(paint.dash.iter().copied(), 0.0);
        }
    }
    if let Some(color) = paint.fill {
        let [r, g, b] = rgb(color);
        out.set_fill_rgb(r, g, b);
    }
    let y = |p: [f32; 2]| height - p[1];
    for seg in segs {
        match *seg {
            Seg::Move(p) => out.move_to(p[0], y(p)),
            Seg::Line(p) => out.line_to(p[0], y(p)),
            Seg::Cubic(p, q, r) => out.cubic_to(p[0], y(p), q[0], y(q), r[0], y(r)),
            Seg::Close => out.close_path(),
        };
    }
    match (paint.stroke.is_some(), paint.fill.is_some()) {
        (true, true) => out.fill_nonzero_and_stroke(),
        (true, false) => out.stroke(),
        (false, true) => out.fill_nonzero(),
        (false, false) => out.end_path(),
    };
    out.restore_state();
}

fn text(
    out: &mut Content,
    line: &TextLine,
    height: f32,
    producer: Producer,
    fonts: &Fonts,
) -> Result<()> {
    let (Some(entry), false) = (fonts.get(&line.face), line.words.is_empty()) else {
        return Ok(());
    };
    let number = fonts
        .keys()
        .position(|face| *face == line.face)
        .unwrap_or(0);
    let units = font(line.face)?.units;
    let space = shape(line.face, " ")?;
    let [r, g, b] = rgb(line.color);
    out.set_fill_rgb(r, g, b);
    out.begin_text();
    out.set_font(Name(resource(number).as_bytes()), line.size);
    let [x, y] = [line.origin[0], height - line.origin[1]];
    let first = line.words[0].offset;
    if line.upwards {
        out.set_text_matrix([0.0, 1.0, -1.0, 0.0, x, y + first]);
    } else {
        out.set_text_matrix([1.0, 0.0, 0.0, 1.0, x + first, y]);
    }
    let mut shown = out.show_positioned();
    let mut items = shown.items();
    // Where the viewer's pen is and where it should be, em from the line's start.
    let mut pen = first / line.size;
    let mut codes: Vec<u8> = Vec::new();
    for (i, word) in line.words.iter().enumerate() {
        let mut at = word.offset / line.size;
        if i > 0 && producer.space_glyphs && at - pen > 0.1 {
            for glyph in &space.glyphs {
                codes.extend(entry.code(glyph.id).to_be_bytes());
                pen += glyph.nominal;
            }
        }
        for glyph in &word.shaped.glyphs {
            let gap = at + glyph.dx - pen;
            // A unit of the font is the finest a producer would correct.
            if gap.abs() > 0.6 / units {
                if !codes.is_empty() {
                    items.show(Str(&codes));
                    codes.clear();
                }
                items.adjust((-gap * 100_000.0).round() / 100.0);
                pen += gap;
            }
            codes.extend(entry.code(glyph.id).to_be_bytes());
            pen += glyph.nominal;
            at += glyph.advance;
        }
    }
    if !codes.is_empty() {
        items.show(Str(&codes));
    }
    items.finish();
    shown.finish();
    out.end_text();
    Ok(())
}
