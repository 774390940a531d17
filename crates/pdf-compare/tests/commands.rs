//! `extract`, folders, and what the command says about itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, diff, document, letter, lines, run};

#[test]
fn extract_shows_words_with_boxes() {
    let folder = Folder::new();
    let content = lines(&["Hello world"]) + "10 10 m 50 10 l S";
    let file = folder.file("a.pdf", document(&[&content, &lines(&["Next"])]));
    let file = file.to_str().unwrap();
    let text = run(&["extract", file]).status(0).text();
    assert_eq!(text, "Hello world\n\x0cNext\n");
    let json = run(&["extract", file, "--format", "json"]).status(0).json();
    assert_eq!(json["info"]["page_count"], 2);
    let word = &json["pages"][0]["words"][0];
    assert_eq!(word["text"], "Hello");
    let x0 = word["bounds"][0].as_f64().unwrap();
    assert!((x0 - 72.0).abs() < 1.0, "{word}");
    assert_eq!(
        json["pages"][0]["drawing"]["paths"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let one = run(&["extract", file, "--pages", "2"]).status(0).text();
    assert_eq!(one, "Next\n");
    let out = folder.path("out.json");
    run(&["extract", file, "-o", out.to_str().unwrap()]).status(0);
    assert!(std::fs::read(out).unwrap().starts_with(b"{"));
    let other = folder.path("out.xyz");
    run(&["extract", file, "-o", other.to_str().unwrap()])
        .trouble(&["out.xyz", "end it in .json or .txt"]);
    assert!(!other.exists());
    run(&["extract", file, "-f", "json", "-o", other.to_str().unwrap()]).status(0);
    assert!(std::fs::read(other).unwrap().starts_with(b"{"));
}

#[test]
fn folders_are_compared_by_name() {
    let folder = Folder::new();
    for (name, text) in [
        ("old/same.pdf", "Same"),
        ("new/same.pdf", "Same"),
        ("old/sub/edited.pdf", "Before the edit"),
        ("new/sub/edited.pdf", "After the edit"),
        ("old/gone.pdf", "Gone"),
        ("new/fresh.PDF", "Fresh"),
    ] {
        folder.file(name, letter(&[text]));
    }
    folder.file("new/notes.txt", "not looked at");
    let (old, new) = (folder.path("old"), folder.path("new"));
    let text = diff(&old, &new, &[]).status(1).text();
    let found: Vec<(&str, &str)> = text
        .lines()
        .map(|l| (l[..13].trim(), l[13..].trim()))
        .collect();
    assert_eq!(
        found,
        [
            ("only in new", "fresh.PDF"),
            ("only in old", "gone.pdf"),
            ("same", "same.pdf"),
            ("1 change", "sub/edited.pdf"),
        ]
    );
    let json = diff(&old, &new, &["--format", "json"]).status(1).json();
    assert_eq!(json["identical"], false);
    assert_eq!(json["files"][3]["status"], "different");
    assert_eq!(json["files"][3]["changes"], 1);

    let reports = folder.path("reports");
    diff(&old, &new, &["-o", reports.to_str().unwrap()]).status(1);
    assert!(reports.join("sub/edited.pdf.html").exists());
    assert!(!reports.join("same.pdf.html").exists());

    diff(&old, &old, &[]).status(0);
    diff(&old, &new, &["--format", "html"]).trouble(&["--output"]);
}

#[test]
fn an_output_that_cannot_be_is_told_before_the_work() {
    let folder = Folder::new();
    let file = folder.file("a.pdf", letter(&["One"]));
    let to = |name: &str| {
        let out = folder.path(name);
        diff(&file, &file, &["-o", out.to_str().unwrap()])
    };
    to("out.xyz").trouble(&["out.xyz", ".html, .pdf, .json or .txt"]);
    to("nowhere/out.html").trouble(&["there is no folder", "nowhere"]);
    to("out.TXT").status(0);
    to("out").status(0);
    let named = folder.path("out.xyz");
    diff(&file, &file, &["-f", "text", "-o", named.to_str().unwrap()]).status(0);
}

#[test]
fn one_bad_file_does_not_stop_a_folder() {
    let folder = Folder::new();
    folder.file("old/a.pdf", letter(&["One"]));
    folder.file("new/a.pdf", "<html>not found</html>");
    folder.file("old/b.pdf", letter(&["Two"]));
    folder.file("new/b.pdf", letter(&["Three"]));
    let run = diff(&folder.path("old"), &folder.path("new"), &[]);
    run.trouble(&["1 of 2 files"]);
    let text = run.text();
    assert!(text.contains("trouble       a.pdf: "), "{text}");
    assert!(text.contains("1 change      b.pdf"), "{text}");
}

#[test]
fn empty_folders_are_trouble() {
    let folder = Folder::new();
    folder.file("old/x.txt", "");
    folder.file("new/x.txt", "");
    diff(&folder.path("old"), &folder.path("new"), &[]).trouble(&["no PDF"]);
}

#[test]
fn the_command_explains_itself() {
    let short = run(&["--help"]).status(0).text();
    assert!(short.contains("Examples:") && short.contains("Exit status"));
    let long = run(&["diff", "--help"]).status(0).text();
    for part in [
        "--ignore-region",
        "Environment:",
        "NO_COLOR",
        "Exit status:",
        "jq",
    ] {
        assert!(long.contains(part), "no {part} in {long}");
    }
    assert!(!long.contains("worker"), "{long}");
    assert!(
        run(&["--version"])
            .status(0)
            .text()
            .starts_with("pdf-compare ")
    );
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = run(&["completions", shell]).status(0).text();
        assert!(script.contains("ignore-region"), "{shell}");
    }
    assert!(run(&["man"]).status(0).text().contains(".TH pdf-compare 1"));
    let page = run(&["man", "diff"]).status(0).text();
    assert!(page.contains("ignore\\-region"), "{page}");
    run(&["man", "nothing"]).trouble(&["nothing"]);
}

#[test]
fn a_worker_started_by_hand_explains_itself() {
    let run = run(&["worker"]);
    assert_eq!(run.status, 2);
    assert_eq!(run.stderr.lines().count(), 1);
}

#[test]
fn samples_come_with_the_program() {
    let folder = Folder::new();
    let place = folder.path("try/these");
    let text = run(&["samples", place.to_str().unwrap()]).status(0).text();
    assert_eq!(text.lines().count(), 3);
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        assert_eq!(words[..2], ["pdf-compare", "diff"]);
        run(&[words[1], words[2], words[3], "--no-pixels", "-q"]).status(1);
    }
}
