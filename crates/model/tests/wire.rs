//! Pages and documents cross a pipe in postcard, which has no field names: a
//! field that is sometimes left out would shift all that follow.

use model::{DocumentInfo, Page, Side, Warning};

fn warnings() -> Vec<Warning> {
    [None, Some(Side::New)]
        .map(|side| Warning {
            side,
            page: Some(7),
            code: "page-failed".into(),
            message: "cannot be read".into(),
        })
        .to_vec()
}

#[test]
fn a_page_survives_the_pipe() {
    let page = Page {
        number: 7,
        warnings: warnings(),
        ..Page::default()
    };
    let bytes = postcard::to_stdvec(&page).unwrap();
    assert_eq!(postcard::from_bytes::<Page>(&bytes).unwrap(), page);
}

#[test]
fn document_information_survives_the_pipe() {
    let info = DocumentInfo {
        page_count: 3,
        warnings: warnings(),
        ..DocumentInfo::default()
    };
    let bytes = postcard::to_stdvec(&info).unwrap();
    assert_eq!(postcard::from_bytes::<DocumentInfo>(&bytes).unwrap(), info);
}
