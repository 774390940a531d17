//! `diff` on two files: exit statuses, formats, every option.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, command, diff, document, letter, lines, run, two_revisions, with_input};
use std::process::Stdio;

/// The summary of every change in a JSON report.
fn changes(report: &serde_json::Value, kind: &str) -> Vec<String> {
    (report["changes"].as_array().unwrap().iter())
        .filter(|c| c["kind"] == kind)
        .map(|c| c["summary"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_same_file_is_no_difference() {
    let folder = Folder::new();
    let (old, _) = two_revisions(&folder);
    diff(&old, &old, &[]).status(0);
    diff(&old, &old, &["--quiet"]).status(0);
}

#[test]
fn a_word_and_a_line_are_two_differences() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let text = diff(&old, &new, &[]).status(1).text();
    assert!(text.contains("shall") && text.contains("must"), "{text}");
    assert!(!text.contains('\x1b'), "{text:?}");
    let report = diff(&old, &new, &["--format", "json"]).status(1).json();
    assert_eq!(report["identical"], false);
    assert_eq!(report["old"]["name"], "old.pdf");
    assert_eq!(changes(&report, "text").len(), 1, "{report:#}");
    assert_eq!(changes(&report, "drawing").len(), 1, "{report:#}");
    assert_eq!(report["summary"]["pages"]["unchanged"], 1);
}

#[test]
fn json_follows_the_schema_the_command_prints() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let schema = run(&["schema"]).status(0).json();
    let report = diff(&old, &new, &["--format", "json"]).status(1).json();
    if let Err(e) = jsonschema::validate(&schema, &report) {
        panic!("{e}: {report:#}");
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let one = diff(&old, &new, &["--format", "json", "--threads", "1"]);
    let four = diff(&old, &new, &["--format", "json", "--threads", "4"]);
    assert_eq!(one.text(), four.text());
}

#[test]
fn the_name_of_the_output_picks_the_format() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let write = |name: &str| {
        let path = folder.path(name);
        let out = diff(&old, &new, &["-o", path.to_str().unwrap()]).status(1);
        assert_eq!(out.stdout, b"");
        std::fs::read(path).unwrap()
    };
    assert!(write("r.json").starts_with(b"{"));
    let html = String::from_utf8(write("r.html")).unwrap();
    assert!(html.to_lowercase().starts_with("<!doctype html>"));
    assert!(html.contains("data:image/"), "no page images");
    assert!(String::from_utf8(write("r.txt")).unwrap().contains("must"));
    assert!(String::from_utf8(write("r")).unwrap().contains("must"));
    // Nothing else is left behind.
    let mut names: Vec<_> = std::fs::read_dir(folder.path(""))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["new.pdf", "old.pdf", "r", "r.html", "r.json", "r.txt"]
    );
}

#[test]
fn a_marked_pdf_has_an_annotation_per_change() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let marked = diff(&old, &new, &["--format", "pdf"]).status(1).stdout;
    let document = lopdf::Document::load_mem(&marked).unwrap();
    let page = document.get_pages()[&1];
    let annotations = document.get_page_annotations(page).unwrap();
    assert!(annotations.len() >= 2, "{annotations:?}");
}

#[test]
fn an_input_is_never_overwritten() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let before = std::fs::read(&new).unwrap();
    diff(&old, &new, &["-f", "text", "-o", new.to_str().unwrap()])
        .trouble(&["new.pdf", "is one of the files compared"]);
    assert_eq!(std::fs::read(&new).unwrap(), before);
    let nowhere = folder.path("no/such/folder/r.html");
    diff(&old, &new, &["-o", nowhere.to_str().unwrap()]).trouble(&["r.html", "there is no folder"]);
}

#[test]
fn one_side_may_be_standard_input() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let bytes = std::fs::read(&new).unwrap();
    let run = with_input(command().arg("diff").arg(&old).arg("-"), &bytes);
    assert_eq!(run.status, 1, "{run:?}");
    let run = with_input(command().arg("diff").arg("-").arg(&new), &bytes);
    assert_eq!(run.status, 0, "{run:?}");
    with_input(command().args(["diff", "-", "-"]), &bytes).trouble(&["standard input"]);
}

#[test]
fn kinds_can_be_chosen_and_left_out() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let report = |more: &[&str]| diff(&old, &new, &[&["-f", "json"], more].concat()).json();
    let text = report(&["--only", "text"]);
    assert_eq!(changes(&text, "text").len(), 1);
    assert_eq!(changes(&text, "drawing").len(), 0);
    let drawing = report(&["--ignore", "text,pixels"]);
    assert_eq!(changes(&drawing, "text").len(), 0);
    assert_eq!(changes(&drawing, "drawing").len(), 1);
    diff(&old, &new, &["--only", "metadata,link"]).status(0);
    diff(&old, &new, &["--only", "words"]).trouble(&["words", "drawing"]);
    diff(&old, &new, &["--ignore", "noise"]).trouble(&["noise", "page-numbers"]);
}

#[test]
fn regions_and_pages_can_be_left_out() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let all = ["--ignore-region", "*:0,0,612,792"];
    diff(&old, &new, &all).status(0);
    // The rectangle only (top-left origin: y from 792-440 to 792-300).
    let one = ["-f", "json", "--ignore-region", "1:90,340,310,500"];
    let report = diff(&old, &new, &one).status(1).json();
    assert_eq!(changes(&report, "drawing").len(), 0);
    assert_eq!(changes(&report, "text").len(), 1);
    diff(&old, &new, &["--pages", "2"]).status(0);
    diff(&old, &new, &["--pages", "1"]).status(1);
    diff(&old, &new, &["--pages", "9-"]).trouble(&["9-", "--pages"]);
    diff(&old, &new, &["--ignore-region", "1,2,3"]).trouble(&["1,2,3"]);
}

#[test]
fn case_and_tolerance_are_options() {
    let folder = Folder::new();
    let old = folder.file("a.pdf", letter(&["Deliver within ten days"]));
    let new = folder.file("b.pdf", letter(&["DELIVER within ten days"]));
    diff(&old, &new, &["--no-pixels"]).status(1);
    diff(&old, &new, &["--no-pixels", "--ignore", "case"]).status(0);
    let old = folder.file(
        "c.pdf",
        document(&["100 100 m 300 100 l S 50 50 m 50 500 l S"]),
    );
    let new = folder.file(
        "d.pdf",
        document(&["100 104 m 300 104 l S 50 50 m 50 500 l S"]),
    );
    diff(&old, &new, &["--no-pixels"]).status(1);
    diff(&old, &new, &["--no-pixels", "--tolerance", "10"]).status(0);
    diff(&old, &new, &["--tolerance", "-1"]).trouble(&["--tolerance"]);
}

#[test]
fn colours_only_where_wanted() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    assert!(
        diff(&old, &new, &["--color", "always"])
            .text()
            .contains('\x1b')
    );
    assert!(
        !diff(&old, &new, &["--color", "never"])
            .text()
            .contains('\x1b')
    );
}

#[test]
fn quiet_writes_nothing() {
    let folder = Folder::new();
    let (old, new) = two_revisions(&folder);
    let run = diff(&old, &new, &["-q"]).status(1);
    assert_eq!(run.stdout, b"");
}

#[test]
fn a_closed_pipe_is_no_trouble() {
    let folder = Folder::new();
    let many: Vec<String> = (0..60)
        .map(|i| lines(&[&format!("Clause {i} of the agreement")]))
        .collect();
    let other: Vec<String> = (0..60)
        .map(|i| lines(&[&format!("Rule {i} in this contract")]))
        .collect();
    let pdf = |pages: &[String]| document(&pages.iter().map(String::as_str).collect::<Vec<_>>());
    let old = folder.file("a.pdf", pdf(&many));
    let new = folder.file("b.pdf", pdf(&other));
    let mut child = command()
        .args(["diff", "-f", "json"])
        .args([&old, &new])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.stderr, b"");
}

#[test]
fn trouble_is_one_line() {
    let folder = Folder::new();
    let (old, _) = two_revisions(&folder);
    diff(&old, &folder.path("gone.pdf"), &[]).trouble(&["gone.pdf", "no such file"]);
    diff(&old, &folder.path(""), &[]).trouble(&["is a folder"]);
    diff(&old, &old, &["--max-file", "1"]).status(0);
    run(&["diff", "a.pdf"]).trouble(&["NEW"]);
    run(&["diff", "a.pdf", "b.pdf", "--formt"]).trouble(&["--format"]);
    run::<&str>(&[]).trouble(&["--help"]);
}

#[test]
fn passwords_come_by_option_file_and_environment() {
    use lopdf::{EncryptionState, EncryptionVersion, Permissions};
    let folder = Folder::new();
    let plain = letter(&["Confidential terms"]);
    let mut document = lopdf::Document::load_mem(&plain).unwrap();
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &document,
        owner_password: "owner",
        user_password: "sesame",
        key_length: 128,
        permissions: Permissions::all(),
    })
    .unwrap();
    document.encrypt(&state).unwrap();
    let mut locked = Vec::new();
    document.save_to(&mut locked).unwrap();
    let old = folder.file("locked.pdf", locked);
    let new = folder.file("open.pdf", plain);
    let secret = folder.file("secret.txt", "sesame\n");

    diff(&old, &new, &[]).trouble(&["locked.pdf", "password", "--password-old"]);
    diff(&old, &new, &["--password-old", "wrong"]).trouble(&["locked.pdf", "another password"]);
    diff(&old, &new, &["--password-old", "sesame"]).status(0);
    diff(&new, &old, &["--password-new", "sesame"]).status(0);
    let file = ["--password-old-file", secret.to_str().unwrap()];
    diff(&old, &new, &file).status(0);
    let run: common::Run = command()
        .arg("diff")
        .args([&old, &new])
        .env("PDF_COMPARE_PASSWORD_OLD", "sesame")
        .output()
        .unwrap()
        .into();
    run.status(0);
}
