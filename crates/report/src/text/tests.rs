//! Snapshots of the text report, and what must never be in it.

use super::*;
use crate::sample;

fn shown(report: &Report, options: TextOptions) -> String {
    let mut out = Vec::new();
    text(report, &mut out, &options).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_kind_of_change_reads_well() {
    insta::assert_snapshot!(shown(&sample::rich(), TextOptions::default()));
}

#[test]
fn colours_are_added_to_the_same_words() {
    let plain = shown(&sample::rich(), TextOptions::default());
    let coloured = shown(
        &sample::rich(),
        TextOptions {
            color: true,
            width: 80,
        },
    );
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        stripped.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
    assert!(coloured.contains("\u{1b}[31m"));
}

#[test]
fn equal_files_are_one_line_of_verdict() {
    insta::assert_snapshot!(shown(&sample::identical(), TextOptions::default()));
}

#[test]
fn lines_keep_to_the_width() {
    use unicode_width::UnicodeWidthStr;
    for width in [0, 40, 60, 100] {
        let shown = shown(
            &sample::rich(),
            TextOptions {
                color: false,
                width,
            },
        );
        let limit = width.max(40);
        for line in shown.lines().filter(|line| !line.contains("sha256")) {
            assert!(line.width() <= limit, "{} > {limit}: {line}", line.width());
        }
    }
}

#[test]
fn nothing_from_the_document_acts_on_the_terminal() {
    for report in [sample::rich(), sample::hostile()] {
        let shown = shown(&report, TextOptions::default());
        assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
        assert!(!shown.contains('\u{202e}'));
    }
}

#[test]
fn thousands_of_changes_are_written() {
    let shown = shown(&sample::many(3000, 100), TextOptions::default());
    assert!(shown.contains("3,000 changes."));
    assert!(shown.contains("Changed pages  1–100"));
    assert!(shown.lines().count() < 3500);
}
