//! The generated files are what the truth says, as an independent reader sees.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::process::Command;

use groundtruth::cases::{Case, kinds, make};
use groundtruth::truth::Class;
use model::{ChangeKind, Op, Rect, Spot};

fn case(name: &str, seed: u64) -> Case {
    let kind = kinds().into_iter().find(|k| k.name == name).unwrap();
    make(kind, seed).unwrap()
}

/// Words with boxes by page, from `pdftotext -bbox`.
fn poppler(pdf: &[u8]) -> BTreeMap<u32, Vec<(Rect, String)>> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), pdf).unwrap();
    let output = Command::new("pdftotext")
        .args(["-bbox", "-cropbox"])
        .arg(file.path())
        .arg("-")
        .output()
        .unwrap();
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).unwrap();
    let (mut page, mut words) = (0, BTreeMap::new());
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with("<page ") {
            page += 1;
        } else if line.starts_with("<word ") {
            let value = |key: &str| -> f32 {
                let start = line.find(&format!("{key}=\"")).unwrap() + key.len() + 2;
                line[start..].split('"').next().unwrap().parse().unwrap()
            };
            let rect = Rect::new(value("xMin"), value("yMin"), value("xMax"), value("yMax"));
            let content = line
                .split('>')
                .nth(1)
                .unwrap()
                .split('<')
                .next()
                .unwrap()
                .to_owned();
            words
                .entry(page)
                .or_insert_with(Vec::new)
                .push((rect, content));
        }
    }
    words
}

/// The words whose middle lies in one of the spot's boxes.
fn words_at(words: &BTreeMap<u32, Vec<(Rect, String)>>, spot: &Spot) -> Vec<String> {
    let mut found = Vec::new();
    for area in &spot.boxes {
        for (rect, word) in &words[&spot.page] {
            if area.inflate(0.5).contains(rect.center()) {
                found.push(word.clone());
            }
        }
    }
    found
}

#[test]
fn words_are_where_the_truth_says() {
    for name in [
        "word-replaced",
        "many-edits",
        "two-columns",
        "edited-page-scaled",
        "russian",
        "label-changed",
    ] {
        let case = case(name, 1);
        let (old, new) = (poppler(&case.old), poppler(&case.new));
        for truth in case
            .truths
            .truths
            .iter()
            .filter(|t| t.kind == ChangeKind::Text)
        {
            for (words, spot) in [(&old, &truth.old), (&new, &truth.new)] {
                let Some(spot) = spot else { continue };
                assert_eq!(
                    words_at(words, spot).join(" "),
                    spot.text,
                    "{name}: {truth:?}"
                );
            }
        }
    }
}

#[test]
fn rotation_and_crop_box_keep_words_in_place() {
    // poppler gives boxes of the page as displayed, as the truth does.
    for name in ["edited-pages-rotated", "edited-crop-box"] {
        let case = case(name, 2);
        let words = poppler(&case.new);
        let spot = case.truths.truths[0].new.as_ref().unwrap();
        assert_eq!(words_at(&words, spot).join(" "), spot.text, "{name}");
    }
}

#[test]
fn every_kind_makes_files_poppler_reads() {
    for kind in kinds() {
        let case = make(kind, 1).unwrap();
        for pdf in [&case.old, &case.new] {
            let file = tempfile::NamedTempFile::new().unwrap();
            std::fs::write(file.path(), pdf).unwrap();
            let output = Command::new("pdfinfo").arg(file.path()).output().unwrap();
            assert!(
                output.status.success() && output.stderr.is_empty(),
                "{}: {output:?}",
                kind.name
            );
        }
    }
}

#[test]
fn identity_kinds_have_no_truth_and_the_others_have_places() {
    for kind in kinds() {
        let case = make(kind, 2).unwrap();
        let truths = &case.truths;
        if kind.class == Class::Identity {
            assert!(truths.truths.is_empty(), "{}", kind.name);
            continue;
        }
        assert!(
            !truths.truths.is_empty() || truths.pages.as_ref().is_some_and(|p| !p.is_empty()),
            "{} says nothing",
            kind.name
        );
        for truth in &truths.truths {
            let has = |spot: &Option<Spot>| {
                spot.as_ref()
                    .is_some_and(|s| s.page == 0 || !s.boxes.is_empty())
            };
            let (old, new) = (has(&truth.old), has(&truth.new));
            let wanted = match truth.op {
                Op::Added => (false, true),
                Op::Removed => (true, false),
                _ => (true, true),
            };
            assert_eq!((old, new), wanted, "{}: {truth:?}", kind.name);
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    for name in [
        "many-edits",
        "many-drawing-edits-strokes",
        "picture-replaced",
        "chinese",
    ] {
        let (a, b) = (case(name, 5), case(name, 5));
        assert!(
            a.old == b.old && a.new == b.new && a.truths == b.truths,
            "{name}"
        );
        assert_ne!(a.old, case(name, 6).old, "{name}");
    }
}
