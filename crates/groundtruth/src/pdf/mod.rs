//! Writing a scene as a PDF, in the manner of one of several producers.

mod content;
mod extras;
mod fonts;

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Transform;
use pdf_writer::{Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

use crate::Result;
use crate::scene::{Page, Picture, Scene};

/// Habits in which producers differ without changing what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "habits that are independent of each other"
)]
pub struct Producer {
    /// Compress streams.
    pub compress: bool,
    /// Write spaces as glyphs (word processors) instead of gaps (TeX).
    pub space_glyphs: bool,
    /// Write objects from the last page to the first.
    pub backwards: bool,
    /// Write a cross-reference stream instead of a table.
    pub xref_stream: bool,
}

impl Default for Producer {
    fn default() -> Self {
        Self {
            compress: true,
            space_glyphs: true,
            backwards: false,
            xref_stream: false,
        }
    }
}

/// Hands out object numbers.
struct Ids(i32);

impl Ids {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// Zlib data at the usual level. One fixed compressor: through `flate2` the
/// bytes would depend on the backend other crates of a build ask for.
fn deflate(data: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(data, 6)
}

/// What goes before a page's content so that it shows upright inside its crop
/// box, in PDF's own coordinates (y upwards).
fn page_matrix(page: &Page) -> [f32; 6] {
    let [w, h] = page.size;
    let [ox, oy] = page.crop;
    let [a, b, c, d, e, f] = match page.rotate {
        90 => [0.0, 1.0, -1.0, 0.0, h, 0.0],
        180 => [-1.0, 0.0, 0.0, -1.0, w, h],
        270 => [0.0, -1.0, 1.0, 0.0, 0.0, w],
        _ => [1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    };
    [a, b, c, d, e + ox, f + oy]
}

/// The page's own transform (y downwards) as PDF sees it (y upwards).
fn flipped(transform: &Transform, height: f32) -> [f32; 6] {
    let [a, b, c, d, e, f] = transform.0;
    let h = f64::from(height);
    [a, -b, -c, d, e + c * h, h - d * h - f].map(|v| v as f32)
}

/// A rectangle of the displayed page in the coordinates annotations use.
fn user_rect(page: &Page, r: &model::Rect) -> Rect {
    let [a, b, c, d, e, f] = page_matrix(page);
    let map = |x: f32, y: f32| {
        let y = page.size[1] - y;
        (a * x + c * y + e, b * x + d * y + f)
    };
    let (p, q) = (map(r.x0, r.y0), map(r.x1, r.y1));
    Rect::new(p.0.min(q.0), p.1.min(q.1), p.0.max(q.0), p.1.max(q.1))
}

/// The bytes of `scene` as `producer` writes them. The same input gives the
/// same bytes.
pub fn write(scene: &Scene, producer: Producer) -> Result<Vec<u8>> {
    let mut ids = Ids(0);
    let catalog = ids.next();
    let tree = ids.next();
    let info = ids.next();
    let mut pdf = Pdf::new();

    let fonts = fonts::collect(scene, &mut ids)?;
    let pictures = collect_pictures(scene, &mut ids);
    let pages: Vec<(Ref, Ref)> = scene
        .pages
        .iter()
        .map(|_| (ids.next(), ids.next()))
        .collect();
    let mut forms = extras::Forms::default();

    let mut order: Vec<usize> = (0..scene.pages.len()).collect();
    if producer.backwards {
        order.reverse();
        fonts::write(&fonts, producer, &mut pdf)?;
    }
    for index in order {
        let page = &scene.pages[index];
        let (page_ref, content_ref) = pages[index];
        let annotations = extras::write(page, &mut ids, &mut pdf, &mut forms);
        let data = content::page(page, producer, &fonts, &pictures)?;
        write_stream(&mut pdf, content_ref, &data, producer.compress);

        let [w, h] = if page.rotate % 180 == 90 {
            [page.size[1], page.size[0]]
        } else {
            page.size
        };
        let [ox, oy] = page.crop;
        let mut out = pdf.page(page_ref);
        out.parent(tree).contents(content_ref);
        out.media_box(Rect::new(0.0, 0.0, w + 2.0 * ox, h + 2.0 * oy));
        if page.crop != [0.0, 0.0] {
            out.crop_box(Rect::new(ox, oy, ox + w, oy + h));
        }
        if page.rotate != 0 {
            out.rotate(i32::from(page.rotate));
        }
        if !annotations.is_empty() {
            out.annotations(annotations);
        }
        let mut resources = out.resources();
        let used = fonts::used_on(page);
        let mut dict = resources.fonts();
        for (number, face) in fonts.keys().enumerate() {
            if used.contains(face) {
                dict.pair(Name(fonts::resource(number).as_bytes()), fonts[face].ids[0]);
            }
        }
        dict.finish();
        let mut dict = resources.x_objects();
        for (picture, id, number) in &pictures {
            if content::shows(page, picture) {
                dict.pair(Name(format!("Im{number}").as_bytes()), *id);
            }
        }
        dict.finish();
    }
    if !producer.backwards {
        fonts::write(&fonts, producer, &mut pdf)?;
    }
    write_pictures(&pictures, &mut pdf);
    pdf.pages(tree)
        .kids(pages.iter().map(|p| p.0))
        .count(pages.len() as i32);
    let files = write_attachments(scene, &mut ids, &mut pdf);
    let mut out = pdf.catalog(catalog);
    out.pages(tree);
    forms.write_into(&mut out);
    if !files.is_empty() {
        let mut names = out.names();
        let mut embedded = names.embedded_files();
        let mut entries = embedded.names();
        for (name, id) in &files {
            entries.insert(Str(name.as_bytes()), *id);
        }
    }
    out.finish();
    let mut dict = pdf.document_info(info);
    for (key, value) in &scene.metadata {
        dict.pair(Name(key.as_bytes()), TextStr(value));
    }
    dict.finish();
    Ok(if producer.xref_stream {
        let id = ids.next();
        pdf.finish_with_xref_stream(id)
    } else {
        pdf.finish()
    })
}

fn write_stream(pdf: &mut Pdf, id: Ref, data: &[u8], compress: bool) {
    if compress {
        pdf.stream(id, &deflate(data)).filter(Filter::FlateDecode);
    } else {
        pdf.stream(id, data);
    }
}

type Pictures = Vec<(Arc<Picture>, Ref, usize)>;

fn collect_pictures(scene: &Scene, ids: &mut Ids) -> Pictures {
    let mut seen: BTreeSet<*const Picture> = BTreeSet::new();
    let mut pictures = Vec::new();
    for picture in scene.pages.iter().flat_map(content::pictures) {
        if seen.insert(Arc::as_ptr(picture)) {
            pictures.push((Arc::clone(picture), ids.next(), pictures.len() + 1));
        }
    }
    pictures
}

fn write_pictures(pictures: &Pictures, pdf: &mut Pdf) {
    for (picture, id, _) in pictures {
        let data = deflate(&picture.data);
        let mut image = pdf.image_xobject(*id, &data);
        image.filter(Filter::FlateDecode);
        image
            .width(picture.width as i32)
            .height(picture.height as i32)
            .bits_per_component(8);
        if picture.gray {
            image.color_space().device_gray();
        } else {
            image.color_space().device_rgb();
        }
    }
}

fn write_attachments(scene: &Scene, ids: &mut Ids, pdf: &mut Pdf) -> Vec<(String, Ref)> {
    let mut out = Vec::new();
    for (name, content) in &scene.attachments {
        let (file, spec) = (ids.next(), ids.next());
        let mut embedded = pdf.embedded_file(file, content);
        embedded.params().size(content.len() as i32);
        embedded.finish();
        let mut dict = pdf.file_spec(spec);
        dict.path(Str(name.as_bytes()))
            .unic_file(TextStr(name))
            .embedded_file(file);
        dict.finish();
        out.push((name.clone(), spec));
    }
    out.sort();
    out
}
