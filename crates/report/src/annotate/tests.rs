//! Annotated files are read back.

use lopdf::{Document, Object, Stream, dictionary};
use model::{PageEntry, Rect};

use super::*;
use crate::sample;

/// A file of `count` A4 pages with the given page entries on every page.
fn pdf(count: u32, extra: &Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let tree = document.new_object_id();
    let kids: Vec<Object> = (0..count)
        .map(|_| {
            let content = document.add_object(Stream::new(dictionary! {}, b"0 0 m".to_vec()));
            let mut page = dictionary! {
                "Type" => "Page", "Parent" => tree, "Contents" => content,
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            };
            page.extend(extra);
            document.add_object(page).into()
        })
        .collect();
    document.objects.insert(
        tree,
        dictionary! { "Type" => "Pages", "Count" => i64::from(count), "Kids" => kids }.into(),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => tree });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn annotations(bytes: &[u8], page: u32) -> Vec<Dictionary> {
    let document = Document::load_mem(bytes).unwrap();
    let id = document.get_pages()[&page];
    document
        .get_page_annotations(id)
        .unwrap()
        .into_iter()
        .cloned()
        .collect()
}

fn string(dictionary: &Dictionary, key: &[u8]) -> String {
    lopdf::decode_text_string(dictionary.get(key).unwrap()).unwrap()
}

fn floats(dictionary: &Dictionary, key: &[u8]) -> Vec<f32> {
    let array = dictionary.get(key).unwrap().as_array().unwrap();
    array.iter().map(|v| v.as_float().unwrap()).collect()
}

#[test]
fn every_change_is_told_once() {
    let report = sample::rich();
    let original = pdf(7, &Dictionary::new());
    let bytes = annotate(&original, None, &report).unwrap();
    assert!(bytes.starts_with(&original), "the original bytes are kept");
    let all: Vec<Dictionary> = (1..=7).flat_map(|page| annotations(&bytes, page)).collect();
    let mut names: Vec<String> = all.iter().map(|a| string(a, b"NM")).collect();
    names.sort();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "names are unique");
    let told: String = all.iter().map(|a| string(a, b"Contents") + "\n").collect();
    for change in report.changes.iter().filter(|c| !c.evidence.noise) {
        let summary = crate::plain::visible(&change.summary);
        assert!(told.contains(summary.as_ref()), "{summary}");
    }
    assert!(!told.contains("looks different here"), "noise is left out");
    assert!(told.contains("Page 4 (old): deleted"));
    assert!(told.contains("Was: A. Smith"));
    assert!(told.contains("Now: שרה כהן"));
    for annotation in &all {
        assert_eq!(annotation.get(b"F").unwrap().as_i64().unwrap(), 4);
        assert_eq!(string(annotation, b"T"), "PDF Compare");
        assert!(annotation.get(b"AP").unwrap().as_dict().unwrap().has(b"N"));
        assert_eq!(floats(annotation, b"Rect").len(), 4);
    }
}

#[test]
fn kinds_have_their_shapes() {
    let bytes = annotate(&pdf(7, &Dictionary::new()), None, &sample::rich()).unwrap();
    let shapes: Vec<(String, String)> = annotations(&bytes, 3)
        .iter()
        .map(|a| {
            let shape = a.get(b"Subtype").unwrap().as_name().unwrap();
            (
                string(a, b"Subj"),
                String::from_utf8_lossy(shape).into_owned(),
            )
        })
        .collect();
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(
        shapes,
        [
            pair("Pages", "Text"),
            pair("Text", "Highlight"),
            pair("Drawing", "Square"),
            pair("Text", "Highlight"),
            pair("Text", "Caret"),
        ]
    );
}

#[test]
fn removals_are_mapped_onto_the_new_page() {
    let bytes = annotate(&pdf(7, &Dictionary::new()), None, &sample::rich()).unwrap();
    let carets: Vec<Dictionary> = annotations(&bytes, 3)
        .into_iter()
        .filter(|a| a.get(b"Subtype").unwrap().as_name().unwrap() == b"Caret")
        .collect();
    // The old box ends 690 from the top, 3 pt further down on the new page; a
    // third of the caret reaches into it.
    let rect = floats(&carets[0], b"Rect");
    assert!(
        (rect[3] - (842.0 - 693.0 + 2.7 + 1.0)).abs() < 0.1,
        "{rect:?}"
    );
}

#[test]
fn rotation_and_crop_box_are_undone() {
    let extra = dictionary! {
        "Rotate" => 90,
        "CropBox" => vec![100.into(), 200.into(), 500.into(), 800.into()],
    };
    let mut report = sample::many(1, 1);
    report.pages[0] = PageEntry {
        new_size: Some([600.0, 400.0]),
        ..report.pages[0].clone()
    };
    report.changes[0].new.as_mut().unwrap().boxes = vec![Rect::new(50.0, 30.0, 90.0, 40.0)];
    let bytes = annotate(&pdf(1, &extra), None, &report).unwrap();
    let highlight = &annotations(&bytes, 1)[0];
    assert_eq!(floats(highlight, b"Rect"), [130.0, 250.0, 140.0, 290.0]);
    assert_eq!(
        floats(highlight, b"QuadPoints"),
        [130.0, 250.0, 130.0, 290.0, 140.0, 250.0, 140.0, 290.0]
    );
}

#[test]
fn annotations_of_the_page_stay() {
    let extra = dictionary! {
        "Annots" => vec![dictionary! { "Subtype" => "Link", "Rect" => vec![0.into(); 4] }.into()],
    };
    let bytes = annotate(&pdf(1, &extra), None, &sample::many(1, 1)).unwrap();
    let document = Document::load_mem(&bytes).unwrap();
    let page = document.get_dictionary(document.get_pages()[&1]).unwrap();
    assert_eq!(page.get(b"Annots").unwrap().as_array().unwrap().len(), 2);
}

#[test]
fn encrypted_files_need_their_password() {
    let mut document = Document::load_mem(&pdf(1, &Dictionary::new())).unwrap();
    let id = Object::String(b"0123456789abcdef".to_vec(), lopdf::StringFormat::Literal);
    document.trailer.set("ID", vec![id.clone(), id]);
    let version = lopdf::EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "user",
        key_length: 128,
        permissions: lopdf::Permissions::all(),
    };
    let state = lopdf::EncryptionState::try_from(version).unwrap();
    document.encrypt(&state).unwrap();
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    let report = sample::many(1, 1);
    assert!(matches!(
        annotate(&bytes, None, &report),
        Err(Error::PasswordRequired)
    ));
    assert!(matches!(
        annotate(&bytes, Some("wrong"), &report),
        Err(Error::WrongPassword)
    ));
    let open = annotate(&bytes, Some("user"), &report).unwrap();
    assert!(!Document::load_mem(&open).unwrap().is_encrypted());
    assert_eq!(annotations(&open, 1).len(), 1);
}

#[test]
fn a_file_with_other_pages_than_compared_is_refused() {
    let result = annotate(&pdf(2, &Dictionary::new()), None, &sample::many(1, 1));
    assert!(matches!(result, Err(Error::UnreadablePdf(_))));
}

#[test]
fn nonsense_is_refused_or_survived() {
    let report = sample::rich();
    for bytes in [&b""[..], b"%PDF-1.7\n", b"not a pdf at all"] {
        assert!(annotate(bytes, None, &report).is_err());
    }
    let original = pdf(7, &Dictionary::new());
    for cut in (0..original.len()).step_by(37) {
        let _ = annotate(&original[..cut], None, &report);
    }
    let bytes = annotate(&original, None, &sample::hostile()).unwrap();
    assert!(Document::load_mem(&bytes).is_ok());
}
