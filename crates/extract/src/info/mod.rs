//! What belongs to the document rather than to the content of its pages:
//! metadata, outline, attachments, layers, page labels; annotations, links
//! and form fields.

mod annotations;
mod attachments;
mod destinations;
mod fields;
mod labels;
mod layers;
mod metadata;
pub(crate) mod object;
mod outline;
mod trees;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, ObjectIdentifier};
use hayro::hayro_syntax::page::Page as HayroPage;
use model::{DocumentInfo, Page, Warning};
use rustc_hash::FxHashMap;

use crate::{Source, guard};

pub(crate) use trees::{has_form_cycle, has_parent_cycle};

/// What is looked up again and again, found once.
pub(crate) struct Lookup {
    /// 1-based page of each page object.
    pages: FxHashMap<ObjectIdentifier, u32>,
    /// 1-based page of each named destination.
    named: FxHashMap<Vec<u8>, u32>,
    /// Page labels by page, where there are any.
    labels: Vec<String>,
}

impl Lookup {
    pub fn new(pdf: &Pdf) -> Self {
        let pages: FxHashMap<ObjectIdentifier, u32> = (1u32..)
            .zip(pdf.pages().iter())
            .filter_map(|(number, page)| Some((page.raw().obj_id()?, number)))
            .collect();
        let catalog = catalog(pdf);
        let mut lookup = Self {
            pages,
            named: FxHashMap::default(),
            labels: Vec::new(),
        };
        // Each may be damaged; none is worth refusing the document.
        if let Ok(named) = guard::caught("named destinations", || {
            destinations::named(pdf.xref(), &catalog, &lookup.pages)
        }) {
            lookup.named = named;
        }
        if let Ok(labels) = guard::caught("page labels", || {
            labels::read(pdf.xref(), &catalog, pdf.pages().len())
        }) {
            lookup.labels = labels;
        }
        lookup
    }
}

fn catalog(pdf: &Pdf) -> Dict<'_> {
    let xref = pdf.xref();
    xref.get::<Dict<'_>>(xref.root_id()).unwrap_or_default()
}

/// Fills in what the document as a whole has.
pub(crate) fn fill(source: &Source, document: &mut DocumentInfo) {
    let pdf = &source.pdf;
    let xref = pdf.xref();
    let catalog = catalog(pdf);
    let mut failed = Vec::new();
    let mut part = |what: &'static str, work: &mut dyn FnMut()| {
        if guard::caught(what, work).is_err() {
            failed.push(what);
        }
    };
    document.encrypted = metadata::is_encrypted(pdf.data().as_ref());
    part("metadata", &mut || {
        document.metadata = metadata::read(pdf, &catalog);
    });
    part("bookmarks", &mut || {
        document.bookmarks = outline::read(xref, &catalog, &source.lookup);
    });
    part("layers", &mut || {
        document.layers = layers::read(xref, &catalog);
    });
    let mut problems = Vec::new();
    if source.sealed_attachments {
        document.encrypted = true;
        problems.push(
            "The attached files are encrypted; they are compared as they are stored.".to_owned(),
        );
    }
    // The engine takes a page that is listed more than once only once.
    let declared = catalog
        .get::<Dict<'_>>(b"Pages")
        .and_then(|pages| pages.get::<i32>(b"Count"));
    if let Some(declared) = declared.and_then(|count| u32::try_from(count).ok())
        && declared > document.page_count
    {
        problems.push(format!(
            "The document claims {declared} pages, but only {} could be found.",
            document.page_count
        ));
    }
    part("attachments", &mut || {
        document.attachments = attachments::read(pdf, &catalog, &mut problems);
    });
    let unread = failed
        .into_iter()
        .map(|what| format!("The {what} of the document could not be read."));
    document.warnings = unread
        .chain(problems)
        .map(|message| Warning {
            side: None,
            page: None,
            code: "document-incomplete".into(),
            message,
        })
        .collect();
}

/// Fills in what `page` has beside its content.
pub(crate) fn page(source: &Source, raw: &HayroPage<'_>, page: &mut Page) {
    let index = (page.number as usize).wrapping_sub(1);
    page.label = source
        .lookup
        .labels
        .get(index)
        .filter(|label| **label != page.number.to_string())
        .cloned();
    annotations::read(raw, &source.lookup, page);
}
