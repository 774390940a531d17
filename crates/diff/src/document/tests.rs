use model::{
    Annotation, Attachment, Bookmark, ChangeKind, Direction, Document, DocumentInfo, FormField,
    Layer, Link, LinkTarget, Op, Page, Rect, Transform, Word,
};

use super::{Pair, compare};
use crate::Options;

fn page(number: u32) -> Page {
    Page {
        number,
        size: [600.0, 800.0],
        ..Page::default()
    }
}

fn document(pages: Vec<Page>) -> Document {
    Document {
        info: DocumentInfo {
            page_count: pages.len() as u32,
            ..DocumentInfo::default()
        },
        pages,
        ..Document::default()
    }
}

/// Page n with page n.
fn changes(old: &Document, new: &Document) -> Vec<model::Change> {
    let pairs: Vec<Pair<'_>> = old
        .pages
        .iter()
        .zip(&new.pages)
        .map(|(old, new)| Pair {
            old,
            new,
            transform: &Transform::IDENTITY,
        })
        .collect();
    let pages = [old, new].map(|d| d.pages.iter().collect::<Vec<&Page>>());
    compare(
        [old, new],
        [&pages[0], &pages[1]],
        &pairs,
        &[],
        &Options::default(),
    )
}

fn summaries(old: &Document, new: &Document) -> Vec<String> {
    changes(old, new).into_iter().map(|c| c.summary).collect()
}

fn word(text: &str, x: f32, y: f32) -> Word {
    Word {
        text: text.to_owned(),
        bounds: Rect::new(x, y, x + 40.0, y + 10.0),
        edges: Vec::new(),
        style: 0,
        line: 0,
        block: 0,
        direction: Direction::Ltr,
        hyphenated: false,
        joined: false,
    }
}

fn field(name: &str, value: &str, y: f32) -> FormField {
    FormField {
        name: name.to_owned(),
        kind: "text".to_owned(),
        value: value.to_owned(),
        label: String::new(),
        bounds: Rect::new(100.0, y, 200.0, y + 12.0),
        read_only: false,
        required: false,
        options: Vec::new(),
    }
}

fn uri(y: f32, to: &str) -> Link {
    Link {
        bounds: Rect::new(50.0, y, 140.0, y + 10.0),
        target: LinkTarget::Uri(to.to_owned()),
    }
}

#[test]
fn resaving_program_is_no_change_but_the_title_is() {
    let (mut old, mut new) = (document(vec![page(1)]), document(vec![page(1)]));
    let entry = |k: &str, v: &str| (k.to_owned(), v.to_owned());
    old.info.metadata = vec![
        entry("Producer", "a"),
        entry("Title", "Rev A"),
        entry("ModDate", "1"),
    ];
    new.info.metadata = vec![
        entry("Producer", "b"),
        entry("Title", "Rev B"),
        entry("Author", ""),
    ];
    assert_eq!(summaries(&old, &new), ["Title: “Rev A” became “Rev B”"]);
}

#[test]
fn a_run_of_new_bookmarks_is_one_change() {
    let mark = |title: &str| Bookmark {
        level: 0,
        title: title.to_owned(),
        page: None,
    };
    let (mut old, mut new) = (document(vec![page(1)]), document(vec![page(1)]));
    old.info.bookmarks = vec![mark("One"), mark("Four")];
    new.info.bookmarks = vec![mark("One"), mark("Two"), mark("Three"), mark("Four")];
    let found = changes(&old, &new);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].op, Op::Added);
    assert_eq!(found[0].new.as_ref().unwrap().text, "Two\nThree");
}

#[test]
fn attachments_are_matched_by_name_and_content() {
    let file = |name: &str, sha: &str| Attachment {
        name: name.to_owned(),
        description: None,
        bytes: Some(3),
        sha256: Some(sha.to_owned()),
    };
    let (mut old, mut new) = (document(vec![page(1)]), document(vec![page(1)]));
    old.info.attachments = vec![
        file("same", "1"),
        file("edited", "2"),
        file("before", "3"),
        file("gone", "4"),
    ];
    new.info.attachments = vec![
        file("same", "1"),
        file("edited", "9"),
        file("after", "3"),
        file("fresh", "5"),
    ];
    let ops: Vec<(Op, String)> = changes(&old, &new)
        .into_iter()
        .map(|c| (c.op, c.summary))
        .collect();
    assert_eq!(
        ops,
        [
            (
                Op::Replaced,
                "attachment “before” renamed to “after”".to_owned()
            ),
            (
                Op::Replaced,
                "content of attachment “edited” changed (3 bytes → 3 bytes)".to_owned()
            ),
            (Op::Removed, "attachment “gone” removed".to_owned()),
            (Op::Added, "attachment “fresh” added".to_owned()),
        ]
    );
}

#[test]
fn a_hidden_layer_is_told() {
    let layer = |visible| Layer {
        name: "Dimensions".to_owned(),
        visible,
    };
    let (mut old, mut new) = (document(vec![page(1)]), document(vec![page(1)]));
    old.info.layers = vec![layer(true)];
    new.info.layers = vec![layer(false)];
    assert_eq!(
        summaries(&old, &new),
        ["layer “Dimensions”: shown became hidden"]
    );
}

#[test]
fn labels_that_only_count_on_are_no_change() {
    let labelled = |labels: &[&str]| {
        document(
            labels
                .iter()
                .zip(1..)
                .map(|(label, number)| Page {
                    label: Some((*label).to_owned()),
                    ..page(number)
                })
                .collect(),
        )
    };
    assert!(summaries(&labelled(&["iii", "9"]), &labelled(&["iv", "12"])).is_empty());
    assert_eq!(
        summaries(&labelled(&["A-1", "A-2"]), &labelled(&["B-1", "B-2"])),
        ["page labels “A-1–A-2” became “B-1–B-2”"]
    );
}

#[test]
fn annotations_edited_moved_and_added() {
    let note = |name: &str, contents: &str, x: f32| Annotation {
        subtype: "Text".to_owned(),
        bounds: Rect::new(x, 10.0, x + 20.0, 30.0),
        contents: contents.to_owned(),
        author: String::new(),
        name: name.to_owned(),
        color: None,
    };
    let (mut old, mut new) = (page(1), page(1));
    old.annotations = vec![
        note("a", "check", 10.0),
        note("b", "same", 50.0),
        note("c", "go", 90.0),
    ];
    new.annotations = vec![
        note("a", "checked", 10.0),
        note("b", "same", 250.0),
        note("", "new", 400.0),
    ];
    let found = summaries(&document(vec![old]), &document(vec![new]));
    assert_eq!(
        found,
        [
            "note “check” became “checked”",
            "note “same” moved",
            "note “go” removed",
            "note “new” added"
        ]
    );
}

#[test]
fn fields_are_told_by_value_then_name() {
    let (mut old, mut new) = (page(1), page(1));
    old.fields = vec![
        field("city", "", 10.0),
        field("zip", "1", 40.0),
        field("a", "", 70.0),
        field("x", "", 100.0),
    ];
    new.fields = vec![
        field("zip", "2", 40.0),
        field("city", "Ulm", 10.0),
        field("b", "", 70.0),
        field("y", "", 300.0),
    ];
    let found = summaries(&document(vec![old]), &document(vec![new]));
    assert_eq!(
        found,
        [
            "field “city” filled in: “Ulm”",
            "field “zip”: “1” became “2”",
            "field “a” renamed to “b”",
            "text field “x” removed",
            "text field “y” added"
        ]
    );
}

#[test]
fn radio_buttons_that_share_a_name_stay_apart() {
    let mut one = page(1);
    one.fields = vec![field("sex", "f", 10.0), field("sex", "f", 40.0)];
    assert!(summaries(&document(vec![one.clone()]), &document(vec![one])).is_empty());
}

#[test]
fn a_link_on_the_same_words_with_another_target() {
    let (mut old, mut new) = (page(1), page(1));
    old.words = vec![word("manual", 60.0, 100.0)];
    new.words = vec![word("manual", 60.0, 300.0)];
    old.links = vec![uri(100.0, "https://example.org/1")];
    new.links = vec![uri(300.0, "https://example.org/2")];
    let found = changes(&document(vec![old]), &document(vec![new]));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, ChangeKind::Link);
    assert_eq!(
        found[0].summary,
        "link on “manual”: “https://example.org/1” became “https://example.org/2”"
    );
}

#[test]
fn a_link_that_came_with_its_words_is_left_to_the_text() {
    let (mut old, mut new) = (page(1), page(1));
    old.words = vec![word("kept", 60.0, 100.0)];
    new.words = vec![word("kept", 60.0, 100.0), word("fresh", 60.0, 120.0)];
    new.links = vec![uri(120.0, "https://example.org")];
    assert!(summaries(&document(vec![old.clone()]), &document(vec![new.clone()])).is_empty());
    new.links.push(uri(100.0, "https://example.org/kept"));
    assert_eq!(
        summaries(&document(vec![old]), &document(vec![new])),
        ["link on “kept” to “https://example.org/kept” added"]
    );
}

#[test]
fn page_targets_follow_the_alignment() {
    let to = |target: u32| Link {
        bounds: Rect::new(50.0, 10.0, 140.0, 20.0),
        target: LinkTarget::Page(target),
    };
    let pages = |targets: [u32; 5]| {
        document(
            targets
                .iter()
                .zip(1..)
                .map(|(&t, number)| Page {
                    links: vec![to(t)],
                    ..page(number)
                })
                .collect(),
        )
    };
    // One page further is reflow, three pages are another target.
    let found = summaries(&pages([1, 2, 3, 4, 5]), &pages([1, 3, 3, 4, 2]));
    assert_eq!(found, ["link: “page 5” became “page 2”"]);
}

#[test]
fn nonsense_coordinates_do_no_harm() {
    let (mut old, mut new) = (page(1), page(1));
    old.fields = vec![field("a", "", f32::NAN), field("b", "", f32::INFINITY)];
    new.fields = vec![field("c", "", f32::NAN), field("b", "", 0.0)];
    old.links = vec![uri(f32::NAN, "x")];
    assert!(!summaries(&document(vec![old]), &document(vec![new])).is_empty());
}
