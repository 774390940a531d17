//! Writing the annotated file.

use lopdf::{Document, IncrementalDocument};

use super::Added;
use crate::Error;

/// Entries of a cross-reference stream's dictionary that describe that stream
/// or an older update, not the document.
const STALE: [&[u8]; 8] = [
    b"Prev",
    b"XRefStm",
    b"DecodeParms",
    b"Filter",
    b"Index",
    b"W",
    b"Length",
    b"Type",
];

/// Appends `added` to the original bytes, or writes the document anew where it
/// was encrypted or the appended file does not read back (a damaged
/// cross-reference table that was repaired on reading).
pub(super) fn save(original: &[u8], document: Document, added: &Added) -> Result<Vec<u8>, Error> {
    let pages = document.get_pages().len();
    if !document.was_encrypted()
        && let Some(bytes) = appended(original, &document, added)
        && reads_back(&bytes, pages, added)
    {
        return Ok(bytes);
    }
    let bytes = rewritten(document, added)?;
    if reads_back(&bytes, pages, added) {
        Ok(bytes)
    } else {
        Err(Error::UnreadablePdf(
            "its structure is damaged beyond extending".into(),
        ))
    }
}

fn appended(original: &[u8], document: &Document, added: &Added) -> Option<Vec<u8>> {
    let mut update = IncrementalDocument::create_from(original.to_vec(), document.clone());
    for key in STALE.iter().filter(|key| **key != b"Prev") {
        update.new_document.trailer.remove(key);
    }
    update.new_document.version.clone_from(&document.version);
    fill(&mut update.new_document, added);
    let mut bytes = Vec::with_capacity(original.len() + added.objects.len() * 400);
    update.save_to(&mut bytes).ok()?;
    bytes.push(b'\n');
    Some(bytes)
}

fn rewritten(mut document: Document, added: &Added) -> Result<Vec<u8>, Error> {
    for key in STALE {
        document.trailer.remove(key);
    }
    document.trailer.remove(b"Encrypt");
    fill(&mut document, added);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn fill(document: &mut Document, added: &Added) {
    for (id, object) in &added.objects {
        document.objects.insert(*id, object.clone());
    }
    document.max_id = document.max_id.max(added.last);
}

/// Whether the file opens, has its pages, and has what was added.
fn reads_back(bytes: &[u8], pages: usize, added: &Added) -> bool {
    Document::load_mem(bytes).is_ok_and(|document| {
        // Shared pages are counted by how many objects there are.
        document.get_pages().len() >= pages
            && added.objects.keys().all(|id| document.has_object(*id))
    })
}
