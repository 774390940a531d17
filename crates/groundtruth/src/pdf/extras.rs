//! Links, annotations and form fields.

use pdf_writer::types::{ActionType, AnnotationFlags, AnnotationIcon, AnnotationType, FieldType};
use pdf_writer::writers::Catalog;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{Ids, user_rect};
use crate::scene::{Extra, Page};

/// What the catalog must know about the fields of all pages.
#[derive(Default)]
pub struct Forms {
    fields: Vec<Ref>,
    helvetica: Option<Ref>,
}

impl Forms {
    /// Writes the `AcroForm` where there are fields.
    pub fn write_into(&self, catalog: &mut Catalog<'_>) {
        let Some(helvetica) = self.helvetica else {
            return;
        };
        let mut form = catalog.form();
        form.fields(self.fields.iter().copied());
        form.default_appearance(Str(b"/Helv 10 Tf 0 g"));
        form.default_resources()
            .fonts()
            .pair(Name(b"Helv"), helvetica);
    }

    fn font(&mut self, ids: &mut Ids, pdf: &mut Pdf) -> Ref {
        *self.helvetica.get_or_insert_with(|| {
            let id = ids.next();
            pdf.type1_font(id)
                .base_font(Name(b"Helvetica"))
                .encoding_predefined(Name(b"WinAnsiEncoding"));
            id
        })
    }
}

/// Writes the extras of a page and returns their references.
pub fn write(page: &Page, ids: &mut Ids, pdf: &mut Pdf, forms: &mut Forms) -> Vec<Ref> {
    let mut out = Vec::new();
    for (extra, _) in &page.extras {
        let id = ids.next();
        let rect = user_rect(page, &extra.rect());
        match extra {
            Extra::Link { uri, .. } => link(pdf, id, rect, uri),
            Extra::Note {
                contents,
                highlight,
                ..
            } => note(pdf, ids, id, rect, contents, *highlight),
            Extra::Field { name, value, .. } => {
                let font = forms.font(ids, pdf);
                forms.fields.push(id);
                field(pdf, ids, id, rect, font, (name, value));
            }
            Extra::Check { name, on, .. } => {
                forms.font(ids, pdf);
                forms.fields.push(id);
                check(pdf, ids, id, rect, name, *on);
            }
        }
        out.push(id);
    }
    out
}

fn link(pdf: &mut Pdf, id: Ref, rect: Rect, uri: &str) {
    let mut annotation = pdf.annotation(id);
    annotation
        .subtype(AnnotationType::Link)
        .rect(rect)
        .border(0.0, 0.0, 0.0, None);
    annotation
        .action()
        .action_type(ActionType::Uri)
        .uri(Str(uri.as_bytes()));
}

fn note(pdf: &mut Pdf, ids: &mut Ids, id: Ref, rect: Rect, contents: &str, highlight: bool) {
    let look = ids.next();
    let mut annotation = pdf.annotation(id);
    annotation
        .rect(rect)
        .contents(TextStr(contents))
        .author(TextStr("Reviewer"));
    annotation
        .flags(AnnotationFlags::PRINT)
        .color_rgb(1.0, 0.85, 0.2);
    if highlight {
        annotation.subtype(AnnotationType::Highlight);
        annotation.quad_points([
            rect.x1, rect.y2, rect.x2, rect.y2, rect.x1, rect.y1, rect.x2, rect.y1,
        ]);
    } else {
        annotation
            .subtype(AnnotationType::Text)
            .icon(AnnotationIcon::Note);
    }
    annotation.appearance().normal().stream(look);
    annotation.finish();
    let (w, h) = (rect.x2 - rect.x1, rect.y2 - rect.y1);
    let mut content = Content::new();
    content
        .set_fill_rgb(1.0, 0.85, 0.2)
        .set_stroke_rgb(0.4, 0.3, 0.0);
    if highlight {
        // Under the words it would be hidden by nothing, so it is a bar below them.
        content.rect(0.0, 0.0, w, h * 0.12).fill_nonzero();
    } else {
        content
            .rect(0.5, 0.5, w - 1.0, h - 1.0)
            .fill_nonzero_and_stroke();
    }
    form_object(pdf, look, (w, h), content, None);
}

fn field(
    pdf: &mut Pdf,
    ids: &mut Ids,
    id: Ref,
    rect: Rect,
    font: Ref,
    (name, value): (&str, &str),
) {
    let look = ids.next();
    let mut field = pdf.form_field(id);
    field
        .partial_name(TextStr(name))
        .field_type(FieldType::Text);
    field
        .text_value(TextStr(value))
        .vartext_default_appearance(Str(b"/Helv 10 Tf 0 g"));
    let mut annotation = field.into_annotation();
    annotation.rect(rect).flags(AnnotationFlags::PRINT);
    annotation.appearance().normal().stream(look);
    annotation.finish();
    let (w, h) = (rect.x2 - rect.x1, rect.y2 - rect.y1);
    let mut content = Content::new();
    content
        .begin_text()
        .set_font(Name(b"Helv"), 10.0)
        .next_line(2.0, (h - 7.0) / 2.0);
    content.show(Str(value.as_bytes())).end_text();
    form_object(pdf, look, (w, h), content, Some(font));
}

fn check(pdf: &mut Pdf, ids: &mut Ids, id: Ref, rect: Rect, name: &str, on: bool) {
    let (on_look, off_look) = (ids.next(), ids.next());
    let state = if on { Name(b"Yes") } else { Name(b"Off") };
    let mut field = pdf.form_field(id);
    field
        .partial_name(TextStr(name))
        .field_type(FieldType::Button);
    field.pair(Name(b"V"), state);
    let mut annotation = field.into_annotation();
    annotation
        .rect(rect)
        .flags(AnnotationFlags::PRINT)
        .appearance_state(state);
    annotation
        .appearance()
        .normal()
        .streams()
        .pairs([(Name(b"Yes"), on_look), (Name(b"Off"), off_look)]);
    annotation.finish();
    let (w, h) = (rect.x2 - rect.x1, rect.y2 - rect.y1);
    for (look, crossed) in [(on_look, true), (off_look, false)] {
        let mut content = Content::new();
        content
            .set_line_width(0.8)
            .rect(0.5, 0.5, w - 1.0, h - 1.0)
            .stroke();
        if crossed {
            content
                .move_to(2.0, 2.0)
                .line_to(w - 2.0, h - 2.0)
                .move_to(2.0, h - 2.0)
                .line_to(w - 2.0, 2.0)
                .stroke();
        }
        form_object(pdf, look, (w, h), content, None);
    }
}

fn form_object(pdf: &mut Pdf, id: Ref, (w, h): (f32, f32), content: Content, font: Option<Ref>) {
    let data = content.finish();
    let mut form = pdf.form_xobject(id, &data);
    form.bbox(Rect::new(0.0, 0.0, w, h));
    if let Some(font) = font {
        form.resources().fonts().pair(Name(b"Helv"), font);
    }
}
