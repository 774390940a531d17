//! The new revision with PDF annotations on every change, readable in any
//! viewer (ISO 32000-2, 12.5).

mod appearance;
mod geometry;
mod plan;
mod save;

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, LoadOptions, Object, ObjectId};
use model::Report;

use crate::Error;
use appearance::Looks;
use geometry::PageSpace;
use plan::Note;

/// The new revision (`new_pdf`, opened with `password` where it is encrypted)
/// with an annotation on every change that is not noise: highlights on words,
/// squares around drawing and images, carets where something was removed,
/// notes for pages and for the document as a whole.
///
/// The original bytes are kept and the annotations appended (an incremental
/// update), so that signatures of the original stay verifiable; an encrypted
/// file is written anew, without encryption.
///
/// # Errors
/// [`Error::PasswordRequired`], [`Error::WrongPassword`] and, for a file whose
/// structure cannot be extended, [`Error::UnreadablePdf`].
pub fn annotate(new_pdf: &[u8], password: Option<&str>, report: &Report) -> Result<Vec<u8>, Error> {
    let document = load(new_pdf, password)?;
    let pages: BTreeMap<u32, ObjectId> = document.get_pages();
    if pages.is_empty() {
        return Err(Error::UnreadablePdf("no page found in it".into()));
    }
    // Page trees of broken files are read in different ways: better no
    // annotation than one on the wrong page.
    if pages.len() as u64 != u64::from(report.new.pages) {
        return Err(Error::UnreadablePdf(format!(
            "{} of its {} pages can be written to",
            pages.len(),
            report.new.pages
        )));
    }
    let notes = plan::notes(report, pages.len() as u32);
    let mut added = Added::new(document.max_id);
    let mut looks = Looks::default();
    let mut by_page: BTreeMap<u32, Vec<Note>> = BTreeMap::new();
    for note in notes {
        by_page.entry(note.page).or_default().push(note);
    }
    for (number, notes) in by_page {
        let Some(&id) = pages.get(&number) else {
            continue;
        };
        // One page object may stand for several pages.
        let page = match added.objects.get(&id) {
            Some(changed) => changed.as_dict(),
            None => document.get_dictionary(id),
        };
        let Ok(mut page) = page.cloned() else {
            continue;
        };
        let size = report
            .pages
            .iter()
            .find(|entry| entry.new == Some(number))
            .and_then(|entry| entry.new_size);
        let space = PageSpace::of(&document, &page, size);
        let mut list = existing(&document, &page);
        for note in &notes {
            if let Some(annotation) =
                appearance::annotation(note, &space, id, &mut looks, &mut added)
            {
                list.push(Object::Reference(added.add(annotation)));
            }
        }
        page.set("Annots", Object::Array(list));
        added.objects.insert(id, Object::Dictionary(page));
    }
    save::save(new_pdf, document, &added)
}

/// Objects to write: changed pages under their old ids, new ones after the
/// last id in use.
pub(crate) struct Added {
    objects: BTreeMap<ObjectId, Object>,
    last: u32,
}

impl Added {
    fn new(last: u32) -> Self {
        Self {
            objects: BTreeMap::new(),
            last,
        }
    }

    fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        self.last = self.last.saturating_add(1);
        let id = (self.last, 0);
        self.objects.insert(id, object.into());
        id
    }
}

fn load(bytes: &[u8], password: Option<&str>) -> Result<Document, Error> {
    let unreadable = |error: lopdf::Error| Error::UnreadablePdf(error.to_string());
    let document = match Document::load_mem(bytes) {
        Ok(document) => document,
        Err(lopdf::Error::InvalidPassword) => return locked(bytes, password),
        Err(error) => return Err(unreadable(error)),
    };
    if document.is_encrypted() {
        return locked(bytes, password);
    }
    Ok(document)
}

/// An encrypted file that no empty password opens.
fn locked(bytes: &[u8], password: Option<&str>) -> Result<Document, Error> {
    let password = password.ok_or(Error::PasswordRequired)?;
    match Document::load_mem_with_options(bytes, LoadOptions::with_password(password)) {
        Ok(document) if !document.is_encrypted() => Ok(document),
        Ok(_) | Err(lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_)) => {
            Err(Error::WrongPassword)
        }
        Err(error) => Err(Error::UnreadablePdf(error.to_string())),
    }
}

/// The annotations the page has; kept, in their order.
fn existing(document: &Document, page: &Dictionary) -> Vec<Object> {
    page.get(b"Annots")
        .and_then(|annots| document.dereference(annots))
        .and_then(|(_, annots)| annots.as_array())
        .cloned()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
