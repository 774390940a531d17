//! Embedded files.

use std::ops::ControlFlow;

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Dict, Object, ObjectIdentifier, Stream};
use model::Attachment;
use sha2::{Digest, Sha256};

use super::object::{dicts, object_text, text};
use super::trees;
use crate::limits;
use crate::source::{Visited, hex};

/// All embedded files: of the document, then of file annotations. What
/// cannot be read is said in `problems`.
pub(crate) fn read(pdf: &Pdf, catalog: &Dict<'_>, problems: &mut Vec<String>) -> Vec<Attachment> {
    let xref = pdf.xref();
    let mut found = Vec::new();
    let mut seen: Visited<ObjectIdentifier> = Visited::default();
    let mut budget = limits::ATTACHMENT;
    let tree = catalog
        .get::<Dict<'_>>(b"Names")
        .and_then(|names| names.get::<Dict<'_>>(b"EmbeddedFiles"));
    if let Some(tree) = tree {
        trees::each(xref, tree, b"Names", |key, value| {
            if let Object::Dict(file) = value {
                let key = object_text(&key).unwrap_or_default();
                found.extend(attachment(&file, &key, &mut seen, &mut budget, problems));
            }
            ControlFlow::Continue(())
        });
    }
    let mut left = limits::NODES;
    for page in pdf.pages().iter() {
        if left == 0 {
            break;
        }
        if !page.raw().contains_key(b"Annots") {
            continue;
        }
        for (_, annotation) in
            dicts(xref, page.raw(), b"Annots").take(left.min(limits::ANNOTATIONS))
        {
            left = left.saturating_sub(1);
            if let Some(file) = annotation.get::<Dict<'_>>(b"FS") {
                found.extend(attachment(&file, "", &mut seen, &mut budget, problems));
            }
        }
    }
    found
}

fn attachment(
    file: &Dict<'_>,
    key: &str,
    seen: &mut Visited<ObjectIdentifier>,
    budget: &mut usize,
    problems: &mut Vec<String>,
) -> Option<Attachment> {
    let content = file.get::<Dict<'_>>(b"EF").and_then(|files| {
        let mut keys = [&b"UF"[..], b"F", b"Unix", b"Mac", b"DOS"].into_iter();
        keys.find_map(|key| files.get::<Stream<'_>>(key))
    });
    let content = content?;
    if !seen.insert(content.obj_id()) {
        return None;
    }
    let name = text(file, b"UF")
        .or_else(|| text(file, b"F"))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| key.to_owned());
    let mut attachment = Attachment {
        description: text(file, b"Desc").filter(|d| !d.is_empty()),
        name,
        bytes: None,
        sha256: None,
    };
    let said = content.dict().get::<Dict<'_>>(b"Params");
    let said = said.and_then(|p| p.get::<i32>(b"Size")).unwrap_or(0);
    if usize::try_from(said).is_ok_and(|said| said > *budget) || *budget == 0 {
        problems.push(format!(
            "The attached file “{}” is too large to be compared by content.",
            attachment.name
        ));
        return Some(attachment);
    }
    match content.decoded_data() {
        Ok(data) => {
            *budget = budget.saturating_sub(data.len());
            attachment.bytes = Some(data.len() as u64);
            attachment.sha256 = Some(hex(&Sha256::digest(&data)));
        }
        Err(_) => problems.push(format!(
            "The attached file “{}” cannot be decoded.",
            attachment.name
        )),
    }
    Some(attachment)
}
