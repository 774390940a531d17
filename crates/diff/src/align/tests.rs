//! What becomes of pages, seen in whole reports.

use model::{Document, ImagePlacement, Op, PageStatus, Rect, Report};
use proptest::prelude::*;

use crate::fixture::*;

/// Pages of paragraphs, each given by its number.
fn typeset(pages: &[Vec<u32>]) -> Document {
    let typeset = (1u32..).zip(pages).map(|(number, paragraphs)| {
        let lines: Vec<String> = paragraphs.iter().flat_map(|&seed| prose(seed, 4)).collect();
        page(
            number,
            &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        )
    });
    document(typeset.collect())
}

fn with_image(document: &mut Document, page: usize, hash: u64) {
    document.pages[page].images.push(ImagePlacement {
        bounds: Rect::new(100.0, 600.0, 400.0, 800.0),
        pixels: [300, 200],
        hash,
        perceptual: None,
        stencil: false,
    });
}

/// Old and new numbers of the entries, and what became of the pages.
fn entries(report: &Report) -> Vec<(Option<u32>, Option<u32>, PageStatus)> {
    let entries = report.pages.iter();
    entries.map(|p| (p.old, p.new, p.status)).collect()
}

/// Three pages whose text fits on two.
fn run_together() -> [Document; 2] {
    [
        typeset(&[vec![1, 2], vec![3, 4, 5], vec![6, 7]]),
        typeset(&[vec![1, 2], vec![3, 4, 5, 6, 7]]),
    ]
}

#[test]
fn a_page_whose_text_flowed_onto_another_is_in_no_second_pair() {
    let [old, new] = run_together();
    let report = report(&old, &new);
    assert!(report.identical, "{:?}", report.changes);
    assert_eq!(
        entries(&report),
        [
            (Some(1), Some(1), PageStatus::Unchanged),
            (Some(2), Some(2), PageStatus::Unchanged),
            (Some(3), None, PageStatus::Unchanged),
        ]
    );
    let last = &report.pages[2];
    assert_eq!(last.similarity, 1.0);
    assert_eq!(last.remark.as_deref(), Some("flowed onto new page 2"));
}

#[test]
fn an_image_that_flowed_along_with_its_page_is_no_change() {
    let [mut old, mut new] = run_together();
    with_image(&mut old, 2, 7);
    with_image(&mut new, 1, 7);
    for report in [report(&old, &new), report(&new, &old)] {
        assert!(report.identical, "{:?}", report.changes);
        assert_eq!(report.changes.len(), 1);
        assert_eq!(report.changes[0].op, Op::Moved);
    }
}

#[test]
fn an_image_gone_from_a_page_that_flowed_is_told() {
    let [mut old, new] = run_together();
    with_image(&mut old, 2, 7);
    let report = report(&old, &new);
    assert_eq!(report.changes.len(), 1, "{:?}", report.changes);
    assert_eq!(report.changes[0].summary.split(' ').nth(1), Some("removed"));
    assert_eq!(entries(&report)[2], (Some(3), None, PageStatus::Changed));
}

#[test]
fn a_logo_on_every_page_did_not_go_with_the_page() {
    let [mut old, mut new] = run_together();
    for document in [&mut old, &mut new] {
        for page in 0..document.pages.len() {
            with_image(document, page, 7);
        }
    }
    assert!(report(&old, &new).changes.is_empty());
    assert!(report(&new, &old).changes.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_page_is_in_one_entry(
        old in prop::collection::vec(prop::collection::vec(1u32..9, 0..5), 0..9),
        new in prop::collection::vec(prop::collection::vec(1u32..9, 0..5), 0..9),
    ) {
        let (old, new) = (typeset(&old), typeset(&new));
        let report = report(&old, &new);
        let mut olds: Vec<u32> = report.pages.iter().filter_map(|p| p.old).collect();
        olds.sort_unstable();
        prop_assert_eq!(olds, (1..=old.pages.len() as u32).collect::<Vec<_>>());
        let news: Vec<u32> = report.pages.iter().filter_map(|p| p.new).collect();
        prop_assert_eq!(news, (1..=new.pages.len() as u32).collect::<Vec<_>>());
        prop_assert!(report.pages.iter().all(|p| p.old.or(p.new).is_some()));
        let counts = report.summary.pages;
        let all = [counts.unchanged, counts.changed, counts.inserted, counts.deleted, counts.moved];
        prop_assert_eq!(all.iter().sum::<u32>() as usize, report.pages.len());
    }
}
