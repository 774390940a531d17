//! Files that are broken, malicious or extreme: each ends in one clear line or
//! in a report with a warning, in bounded time and memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use common::{Folder, Run, bomb, deflate, diff, document, letter, lines, pages_with, raw, stream};

/// Tight limits, so that a test does not wait long for them.
const TIGHT: [&str; 6] = ["--page-timeout", "4", "--memory", "256", "--timeout", "60"];

/// Compares within the limits; what comes out must be a report, or one line.
#[track_caller]
fn survive(old: &Path, new: &Path, more: &[&str]) -> Run {
    let start = Instant::now();
    let run = diff(
        old,
        new,
        &[&TIGHT[..], &["--format", "json"], more].concat(),
    );
    assert!(start.elapsed() < Duration::from_secs(90), "{run:?}");
    if run.status == 2 {
        run.trouble(&[]);
    } else {
        assert_eq!(run.stderr, "");
        run.json();
    }
    run
}

/// The codes of the warnings about page `page`.
fn warnings(run: &Run, page: u32) -> Vec<String> {
    (run.json()["warnings"].as_array().unwrap().iter())
        .filter(|w| w["page"] == page)
        .map(|w| w["code"].as_str().unwrap().to_owned())
        .collect()
}

/// Pages of which `bad` is the second.
fn among_good_ones(bad: Vec<u8>, extra: Vec<u8>) -> Vec<u8> {
    let good = |text: &str| stream("", lines(&[text]).as_bytes());
    let contents = [good("First"), bad, good("Third"), good("Fourth")];
    pages_with("[0 0 612 792]", &contents, extra)
}

/// A page that eats what it may costs one page: both revisions have it, the
/// edit on another page is found, and the page is warned about.
#[track_caller]
fn costs_one_page(content: Vec<u8>, extra: Vec<u8>) {
    let folder = Folder::new();
    let old = among_good_ones(content, extra);
    let new = replace(&old, b"Fourth", b"Fifths");
    let (old, new) = (folder.file("a.pdf", old), folder.file("b.pdf", new));
    let run = survive(&old, &new, &["--no-pixels"]);
    assert_eq!(run.status, 1, "{run:?}");
    let text = run.text();
    assert!(text.contains("Fifths"), "{text}");
    let page_one = warnings(&run, 1);
    assert!(page_one.is_empty(), "{page_one:?}");
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

#[test]
fn what_is_no_pdf_is_named() {
    let folder = Folder::new();
    let good = folder.file("good.pdf", letter(&["Good"]));
    let mut state = 7_u32;
    let random: Vec<u8> = (0..50_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .collect();
    let whole = letter(&["Good"]);
    for (name, bytes) in [
        ("empty.pdf", Vec::new()),
        ("random.pdf", random),
        ("page.pdf", b"<!doctype html><p>404 not found".to_vec()),
        ("text.pdf", b"a.pdf".to_vec()),
        ("header.pdf", b"%PDF-1.7\n".to_vec()),
        ("cut.pdf", whole[..120].to_vec()),
    ] {
        let bad = folder.file(name, bytes);
        diff(&bad, &good, &[]).trouble(&[name]);
        diff(&good, &bad, &[]).trouble(&[name]);
        diff(&bad, &bad, &["--format", "pdf"]).trouble(&[name]);
    }
}

#[test]
fn a_cut_file_is_read_as_far_as_it_goes_or_refused() {
    let folder = Folder::new();
    let pages: Vec<String> = (0..20).map(|i| lines(&[&format!("Page {i}")])).collect();
    let whole = document(&pages.iter().map(String::as_str).collect::<Vec<_>>());
    let good = folder.file("good.pdf", &whole);
    for percent in [10, 30, 60, 90, 99] {
        let cut = folder.file("cut.pdf", &whole[..whole.len() * percent / 100]);
        survive(&cut, &good, &[]);
    }
}

#[test]
fn a_bomb_in_the_page_content_costs_one_page() {
    let data = bomb(1024, b"0 0 m 1 1 l S ");
    assert!(data.len() < 200_000, "{}", data.len());
    let content = stream("/Filter[/FlateDecode/FlateDecode]", &data);
    costs_one_page(content, b"null".to_vec());
}

#[test]
fn no_difference_is_said_only_where_all_was_compared() {
    let folder = Folder::new();
    let content = || stream("", "/X Do ".repeat(1_000).as_bytes());
    let form = |tail: &str| {
        let work = "1 2 m 3 4 5 6 7 8 c 9 9 l S ".repeat(200_000) + tail;
        stream(
            "/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Filter/FlateDecode",
            &deflate(work.as_bytes()),
        )
    };
    let old = folder.file("a.pdf", among_good_ones(content(), form("")));
    let new = folder.file("b.pdf", among_good_ones(content(), form("1 1 m 9 9 l S")));
    let run = survive(&old, &new, &["--no-pixels"]);
    assert_ne!(run.status, 0, "{run:?}");
    assert_eq!(warnings(&run, 2), ["page-failed", "page-failed"]);
}

#[test]
fn a_bomb_in_an_image_costs_one_page_at_most() {
    let data = bomb(2048, &[0_u8]);
    let image = stream(
        "/Type/XObject/Subtype/Image/Width 26000/Height 26000/BitsPerComponent 8\
         /ColorSpace/DeviceRGB/Filter[/FlateDecode/FlateDecode]",
        &data,
    );
    let content = stream("", b"q 200 0 0 200 100 100 cm /X Do Q");
    costs_one_page(content.clone(), image.clone());
    // And where it is rendered.
    let folder = Folder::new();
    let bad = folder.file("a.pdf", among_good_ones(content, image));
    let good = folder.file("b.pdf", letter(&["First"]));
    survive(&bad, &good, &[]);
}

#[test]
fn a_form_that_draws_itself_costs_one_page_at_most() {
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</X 3 0 R>>>>",
        b"0 0 m 9 9 l S /X Do /X Do",
    );
    costs_one_page(stream("", b"/X Do"), form);
}

#[test]
fn forms_that_double_at_every_level_cost_one_page_at_most() {
    // 2^40 drawings from 40 objects.
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>"
            .to_vec(),
        stream("", b"/X Do"),
    ];
    for level in 0..40 {
        let next = objects.len() + 2;
        let (resources, content) = if level < 39 {
            (
                format!("/Resources<</XObject<</X {next} 0 R>>>>"),
                "/X Do /X Do",
            )
        } else {
            (String::new(), "0 0 m 9 9 l S")
        };
        let dictionary = format!("/Type/XObject/Subtype/Form/BBox[0 0 99 99]{resources}");
        objects.push(stream(&dictionary, content.as_bytes()));
    }
    let folder = Folder::new();
    let bad = folder.file("a.pdf", raw(&objects));
    let good = folder.file("b.pdf", letter(&["Good"]));
    survive(&bad, &good, &[]);
}

#[test]
fn deep_nesting_is_survived() {
    let folder = Folder::new();
    let good = folder.file("good.pdf", letter(&["Good"]));
    let deep = 200_000;
    let array = format!("{}{}", "[".repeat(deep), "]".repeat(deep));
    let saves = format!("{}{}", "q ".repeat(deep), "0 0 m 9 9 l S ".to_owned());
    let text = lines(&["Good"]);
    let in_content = format!("{text} {array} TJ");
    for (name, content) in [("array.pdf", &in_content), ("saves.pdf", &saves)] {
        survive(&folder.file(name, document(&[content])), &good, &[]);
    }
    let in_file = pages_with(
        "[0 0 612 792]",
        &[stream("", text.as_bytes())],
        array.into_bytes(),
    );
    survive(&folder.file("object.pdf", in_file), &good, &[]);
    let marks = pages_with(
        "[0 0 612 792]",
        &[stream("", text.as_bytes())],
        "<</A".repeat(deep).into_bytes(),
    );
    survive(&folder.file("dictionary.pdf", marks), &good, &[]);
}

#[test]
fn page_trees_that_loop_or_lie_are_survived() {
    let folder = Folder::new();
    let good = folder.file("good.pdf", letter(&["Good"]));
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>".to_vec();
    for (i, tree) in [
        "<</Type/Pages/Count 1/Kids[2 0 R]>>",
        "<</Type/Pages/Count 9/Kids[3 0 R 2 0 R 3 0 R 1 0 R]>>",
        "<</Type/Pages/Count 4000000000/Kids[3 0 R]>>",
        "<</Type/Pages/Count -1/Kids[3 0 R 99 0 R]>>",
        "<</Type/Pages/Count 0/Kids[]>>",
    ]
    .iter()
    .enumerate()
    {
        let bytes = raw(&[
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            tree.as_bytes().to_vec(),
            page.clone(),
        ]);
        survive(&folder.file(&format!("{i}.pdf"), bytes), &good, &[]);
    }
}

#[test]
fn strange_page_sizes_are_survived() {
    let folder = Folder::new();
    let content = stream("", (lines(&["Text"]) + "0 0 99 99 re S").as_bytes());
    for (i, media_box) in [
        "[0 0 14400 14400]",
        "[0 0 14400 14400]/UserUnit 100",
        "[0 0 0 0]",
        "[0 0 612 0]",
        "[612 792 0 0]",
        "[0 0 1e30 1e30]",
        "[-1e9 -1e9 1e9 1e9]",
        "[0 0 nan inf]",
        "[0 0 0.001 0.001]",
        "[]",
    ]
    .iter()
    .enumerate()
    {
        let bytes = pages_with(media_box, std::slice::from_ref(&content), b"null".to_vec());
        let file = folder.file(&format!("{i}.pdf"), bytes);
        let good = folder.file("good.pdf", letter(&["Text"]));
        let run = survive(&file, &file, &[]);
        assert!(run.status != 1, "{media_box} differs from itself: {run:?}");
        survive(&file, &good, &[]);
        let html = folder.path("r.html");
        let more = [&TIGHT[..], &["-o", html.to_str().unwrap()]].concat();
        let run = diff(&good, &file, &more);
        assert!(run.status < 2 || run.stderr.lines().count() == 1, "{run:?}");
    }
}

#[test]
fn endless_drawing_costs_one_page() {
    // Big but honest: a million curves a hundred times over.
    let form = stream(
        "/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Filter/FlateDecode",
        &deflate("1 2 m 3 4 5 6 7 8 c 9 9 l S ".repeat(200_000).as_bytes()),
    );
    costs_one_page(stream("", "/X Do ".repeat(1_000).as_bytes()), form);
}

#[test]
fn ten_thousand_pages_are_compared() {
    let folder = Folder::new();
    let build = |odd: usize| {
        let contents: Vec<Vec<u8>> = (0..10_000)
            .map(|i| {
                let text = format!(
                    "Sheet {i} of the register{}",
                    if i == odd { " revised" } else { "" }
                );
                stream("", lines(&[&text]).as_bytes())
            })
            .collect();
        pages_with("[0 0 612 792]", &contents, b"null".to_vec())
    };
    let old = folder.file("a.pdf", build(usize::MAX));
    let new = folder.file("b.pdf", build(7_000));
    let run = diff(&old, &new, &["--no-pixels", "--format", "json"]).status(1);
    let report = run.json();
    assert_eq!(report["summary"]["pages"]["unchanged"], 9_999);
    assert_eq!(report["changes"].as_array().unwrap().len(), 1);
    assert_eq!(report["changes"][0]["new"]["page"], 7_001);
}

#[test]
fn names_and_texts_cannot_speak_to_the_terminal() {
    let folder = Folder::new();
    let old = folder.file("a\x1b[31m.pdf", letter(&["Plain"]));
    let new = folder.file("b\n.pdf", letter(&["Plain \\033[2J\\007 text"]));
    let run = diff(&old, &new, &["--color", "never"]).status(1);
    assert!(!run.text().contains(['\x1b', '\x07']), "{run:?}");
    let gone = folder.path("c\x1b[31m\n.pdf");
    diff(&old, &gone, &[]).trouble(&[]);
}

#[test]
fn many_bad_pages_end_in_one_line() {
    let folder = Folder::new();
    let mut bad = String::new();
    for _ in 0..50_000 {
        write!(bad, "[").unwrap();
    }
    let contents: Vec<String> = (0..60).map(|_| bad.clone()).collect();
    let bytes = document(&contents.iter().map(String::as_str).collect::<Vec<_>>());
    let file = folder.file("bad.pdf", bytes);
    survive(&file, &file, &[]);
}
