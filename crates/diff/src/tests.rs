use model::{ChangeKind, Op, PageStatus, Transform};
use proptest::prelude::*;

use crate::{Options, compare, fixture::*};

fn lines(text: &[String]) -> Vec<&str> {
    text.iter().map(String::as_str).collect()
}

#[test]
fn one_word_replaced_is_one_change() {
    let old = pages(&[&["The device shall start", "within two seconds."]]);
    let new = pages(&[&["The device must start", "within two seconds."]]);
    let report = report(&old, &new);
    assert_eq!(report.changes.len(), 1);
    let change = &report.changes[0];
    assert_eq!(change.summary, "“shall” became “must”");
    assert_eq!((change.kind, change.op), (ChangeKind::Text, Op::Replaced));
    let spot = change.old.as_ref().unwrap();
    assert_eq!((spot.page, spot.boxes.len()), (1, 1));
    assert!(!report.identical);
    assert_eq!(report.pages[0].status, PageStatus::Changed);
}

#[test]
fn a_page_written_anew_is_one_change_whatever_small_words_it_shares() {
    let sheet = |seed: u32, leading: f32| {
        let mut lines = vec!["Terms of supply between the parties".to_owned()];
        for (i, sentence) in prose(seed, 14).into_iter().enumerate() {
            let mut words: Vec<&str> = sentence.split(' ').collect();
            words.insert(2 + (i + seed as usize) % 5, "of the");
            words.insert(1, "and");
            lines.push(words.join(" "));
        }
        lines.push("Signed at Trondheim on behalf of both companies".to_owned());
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let mut page = page(1, &lines);
        // No word stands where another stood by chance.
        for word in page.words.iter_mut().filter(|w| (1..15).contains(&w.line)) {
            word.bounds.y0 += leading;
            word.bounds.y1 += leading;
        }
        document(vec![page])
    };
    let report = report(&sheet(1, 0.0), &sheet(2, 5.0));
    assert_eq!(report.changes.len(), 1, "{:#?}", report.changes);
    assert_eq!(report.changes[0].op, Op::Replaced);
}

#[test]
fn a_word_broken_elsewhere_over_two_pages_is_no_change() {
    let sheets = |first: &str, second: &str| {
        let mut document = pages(&[
            &["The device shall start within two seconds", first],
            &[second, "while the supply is rising slowly."],
        ]);
        // A page by itself does not know that its last word goes on.
        for word in &mut document.pages[0].words {
            word.hyphenated = false;
        }
        document
    };
    let old = sheets("of power being pre-", "sented to it,");
    assert!(report(&old, &sheets("of power being present-", "ed to it,")).identical);
    assert!(report(&old, &sheets("of power being presented", "to it,")).identical);
    assert_eq!(
        summaries(&old, &sheets("of power being pre-", "vented to it,")),
        ["“presented” became “prevented”"]
    );
    let told = report(&old, &sheets("of power being pre-", "vented to it,"));
    let was = told.changes[0].old.as_ref().unwrap();
    assert_eq!((was.page, was.boxes.len()), (1, 1), "{was:?}");
}

#[test]
fn reflow_and_hyphenation_are_no_change() {
    let text = prose(1, 30).join(" ");
    let words: Vec<&str> = text.split(' ').collect();
    let wrap = |width: usize, per_page: usize| {
        let lines: Vec<String> = words.chunks(width).map(|w| w.join(" ")).collect();
        let pages: Vec<model::Page> = (1u32..)
            .zip(lines.chunks(per_page))
            .map(|(n, l)| page(n, &l.iter().map(String::as_str).collect::<Vec<_>>()))
            .collect();
        document(pages)
    };
    let report = report(&wrap(9, 20), &wrap(7, 16));
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    assert!(report.identical);

    let old = pages(&[&["The configu-", "ration of the device"]]);
    let new = pages(&[&["The configuration", "of the device"]]);
    assert!(summaries(&old, &new).is_empty());
    let old = pages(&[&["a well-", "known device of note"]]);
    let new = pages(&[&["a well-known", "device of note"]]);
    assert!(
        summaries(&old, &new).is_empty(),
        "{:?}",
        summaries(&old, &new)
    );
}

#[test]
fn punctuation_changes_are_small() {
    let old = pages(&[&["Use 10k, then solder the resistor."]]);
    let new = pages(&[&["Use 10k then solder the resistor."]]);
    assert_eq!(summaries(&old, &new), ["removed “,”"]);
}

#[test]
fn an_inserted_page_is_told_once() {
    let [a, b, c] = [1, 2, 3].map(|seed| prose(seed, 25));
    let extra = prose(9, 25);
    let old = pages(&[&lines(&a), &lines(&b), &lines(&c)]);
    let new = pages(&[&lines(&a), &lines(&extra), &lines(&b), &lines(&c)]);
    let report = report(&old, &new);
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    let statuses: Vec<_> = report
        .pages
        .iter()
        .map(|p| (p.old, p.new, p.status))
        .collect();
    assert_eq!(
        statuses,
        [
            (Some(1), Some(1), PageStatus::Unchanged),
            (None, Some(2), PageStatus::Inserted),
            (Some(2), Some(3), PageStatus::Unchanged),
            (Some(3), Some(4), PageStatus::Unchanged),
        ]
    );
    assert!(!report.identical);
}

#[test]
fn a_moved_page_is_told_once() {
    let text: Vec<Vec<String>> = (1..6).map(|seed| prose(seed, 20)).collect();
    let make = |order: [usize; 5]| {
        let texts: Vec<Vec<&str>> = order.iter().map(|&i| lines(&text[i])).collect();
        pages(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let report = report(&make([0, 1, 2, 3, 4]), &make([0, 3, 1, 2, 4]));
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    let moved: Vec<_> = report
        .pages
        .iter()
        .filter(|p| p.status == PageStatus::Moved)
        .map(|p| (p.old, p.new))
        .collect();
    assert_eq!(moved, [(Some(4), Some(2))]);
}

#[test]
fn a_moved_paragraph_is_one_move() {
    let text = prose(4, 12);
    let mut other = lines(&text);
    let moved = other.remove(2);
    other.insert(9, moved);
    let report = report(&pages(&[&lines(&text)]), &pages(&[&other]));
    assert_eq!(report.changes.len(), 1, "{:?}", report.changes);
    assert_eq!(report.changes[0].op, Op::Moved);
    assert!(
        report.changes[0]
            .new
            .as_ref()
            .unwrap()
            .text
            .starts_with(&moved[..10])
    );
}

/// Pages with a running header and a page number.
fn with_furniture(count: u32, header: &str, skip: Option<u32>) -> model::Document {
    let mut number = 0;
    let pages = (1..=count)
        .filter(|&n| Some(n) != skip)
        .map(|n| {
            number += 1;
            let text = prose(n, 20);
            let mut page = page(number, &lines(&text));
            let edge = |y: f32, text: &str, line: u32| {
                let mut extra = page_at(number, 200.0, y, &[text]);
                for word in &mut extra.words {
                    word.line = line;
                    word.block = line;
                }
                extra.words
            };
            let mut words = edge(30.0, header, 100);
            words.append(&mut page.words);
            let total = count - u32::from(skip.is_some());
            words.extend(edge(800.0, &format!("Page {number} of {total}"), 101));
            page.words = words;
            page
        })
        .collect();
    document(pages)
}

#[test]
fn a_changed_header_is_one_change_and_page_numbers_none() {
    let old = with_furniture(8, "Manual 2021", None);
    let new = with_furniture(8, "Manual 2022", None);
    let report = report(&old, &new);
    assert_eq!(report.changes.len(), 1, "{:?}", report.changes);
    assert_eq!(
        report.changes[0].summary,
        "header: “2021” became “2022” on 8 pages"
    );

    let without = with_furniture(8, "Manual 2021", Some(3));
    let report = crate::fixture::report(&old, &without);
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    assert_eq!(report.summary.pages.deleted, 1);
}

#[test]
fn furniture_cut_into_other_lines_is_no_change() {
    let old = with_furniture(8, "Manual 2021", None);
    let mut new = with_furniture(8, "Manual 2021", None);
    let last = new.pages[7].words.last_mut().unwrap();
    assert_eq!(last.text, "8");
    last.bounds = Transform::translation(60.0, 0.0).apply_rect(&last.bounds);
    last.line = 102;
    last.block = 102;
    assert_eq!(summaries(&old, &new), [""; 0]);

    // Nor is a mark that the second engine reads otherwise.
    let first = &mut new.pages[7].words[0].text;
    assert_eq!(first, "Manual");
    first.push('⃝');
    assert_eq!(summaries(&old, &new).len(), 1);
    new.pages[7].coverage.text_source = model::TextSource::SecondOpinion;
    assert_eq!(summaries(&old, &new), [""; 0]);
}

#[test]
fn a_table_of_contents_follows_its_pages() {
    let toc = |shift: u32| -> Vec<String> {
        (1..8)
            .map(|i| format!("Chapter about topic{i} ........ {}", 2 + i + shift))
            .collect()
    };
    let body: Vec<Vec<String>> = (1..9).map(|seed| prose(seed, 20)).collect();
    let make = |toc: &[String], extra: Option<&[String]>| {
        let mut texts: Vec<Vec<&str>> = vec![lines(toc)];
        texts.extend(extra.map(lines));
        texts.extend(body.iter().map(|t| lines(t)));
        pages(&texts.iter().map(Vec::as_slice).collect::<Vec<_>>())
    };
    let inserted = prose(99, 20);
    let (old, new) = (make(&toc(0), None), make(&toc(1), Some(&inserted)));
    assert!(
        summaries(&old, &new).is_empty(),
        "{:?}",
        summaries(&old, &new)
    );
    let wrong = make(&toc(4), Some(&inserted));
    assert_eq!(summaries(&old, &wrong).len(), 7);
}

#[test]
fn chinese_is_compared_by_character() {
    let old = pages(&[&["以太坊是一个去中心化的平台", "交易由矿工处理"]]);
    let new = pages(&[&["以太坊是一个去中心化的网络", "交易由矿工处理"]]);
    assert_eq!(summaries(&old, &new), ["“平台” became “网络”"]);

    // One run of characters a line is prose, not a sheet of labels.
    let text: Vec<char> = "第六条所述的保密证书自生效日期起生效操作员应当在投产后退还发票如果程序无法发布评审人必须以书面形式通知对方"
        .chars()
        .collect();
    let wrap =
        |width: usize| -> Vec<String> { text.chunks(width).map(|c| c.iter().collect()).collect() };
    let (old, new) = (pages(&[&lines(&wrap(9))]), pages(&[&lines(&wrap(8))]));
    assert!(
        summaries(&old, &new).is_empty(),
        "{:?}",
        summaries(&old, &new)
    );
}

#[test]
fn labels_are_matched_by_place_whatever_the_order() {
    let mut sheet = page(1, &[]);
    for i in 0..60u32 {
        let mut label = page_at(
            1,
            (i % 8) as f32 * 60.0 + 20.0,
            (i / 8) as f32 * 80.0 + 40.0,
            &[&format!("R{i}")],
        );
        label.words[0].line = i;
        label.words[0].block = i;
        sheet.words.extend(label.words);
    }
    let mut other = sheet.clone();
    other.words.reverse();
    for (line, word) in (0u32..).zip(&mut other.words) {
        word.line = line;
        word.block = line;
    }
    let (old, new) = (document(vec![sheet]), document(vec![other.clone()]));
    assert!(report(&old, &new).identical);
    other.words[7].text = "C99".to_owned();
    let new = document(vec![other]);
    assert_eq!(summaries(&old, &new), ["“R52” became “C99”"]);
}

#[test]
fn a_label_written_smaller_or_pushed_along_itself_is_told() {
    let mut sheet = page(1, &[]);
    for i in 0..24u32 {
        let (x, y) = ((i % 4) as f32 * 120.0 + 20.0, (i / 4) as f32 * 80.0 + 40.0);
        let mut label = page_at(1, x, y, &[&format!("SDC{i}_CMD_LINE")]);
        (label.words[0].line, label.words[0].block) = (i, i);
        sheet.words.extend(label.words);
        sheet.styles = label.styles;
    }
    let old = document(vec![sheet.clone()]);

    // Upwards, from the same start, in smaller letters: its upper end stands elsewhere.
    let upwards = |sheet: &mut model::Page, length: f32, style: u32| {
        let word = &mut sheet.words[5];
        word.direction = model::Direction::Up;
        word.style = style;
        word.bounds.x1 = word.bounds.x0 + 6.0;
        word.bounds.y0 = word.bounds.y1 - length;
    };
    let (mut from, mut to) = (sheet.clone(), sheet.clone());
    upwards(&mut from, 40.0, 0);
    let smaller = model::TextStyle {
        size: 0.7 * to.styles[0].size,
        ..to.styles[0].clone()
    };
    to.styles.push(smaller);
    upwards(&mut to, 28.0, 1);
    let told = summaries(&document(vec![from]), &document(vec![to]));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("size"), "{told:?}");

    // Five points along its own line, so that it lies over where it was.
    let mut pushed = sheet;
    let bounds = &mut pushed.words[9].bounds;
    (bounds.x0, bounds.x1) = (bounds.x0 + 5.0, bounds.x1 + 5.0);
    let told = summaries(&old, &document(vec![pushed]));
    assert_eq!(told, ["moved “SDC9_CMD_LINE” 5 pt right"]);
}

#[test]
fn blocks_of_a_sheet_laid_out_anew_moved_with_their_values() {
    // Blocks of parts, each part with a value that all parts share; the first stays.
    let sheet = |ways: [[f32; 2]; 3]| {
        let mut sheet = page(1, &[]);
        for i in 0..24u32 {
            let way = ways[i as usize / 8];
            let x = 40.0 + 50.0 * (i % 4) as f32 + way[0];
            let y = 40.0 + 50.0 * (i / 4) as f32 + way[1];
            for (line, text) in [format!("R{i}"), "10k".to_owned()].iter().enumerate() {
                let mut label = page_at(1, x, y + 12.0 * line as f32, &[text]);
                label.words[0].line = 2 * i + line as u32;
                label.words[0].block = i;
                sheet.words.extend(label.words);
            }
        }
        document(vec![sheet])
    };
    let old = sheet([[0.0; 2]; 3]);
    let new = sheet([[0.0; 2], [300.0, 10.0], [10.0, 400.0]]);
    let report = report(&old, &new);
    let told: Vec<_> = report.changes.iter().map(|c| (c.op, &c.summary)).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().all(|(op, _)| *op == model::Op::Moved),
        "{told:?}"
    );
}

#[test]
fn a_new_look_is_one_change_per_run() {
    let old = pages(&[&["Read the safety notes before", "opening the case."]]);
    let mut new = old.clone();
    let mut bold = new.pages[0].styles[0].clone();
    bold.bold = true;
    new.pages[0].styles.push(bold);
    for word in &mut new.pages[0].words[2..4] {
        word.style = 1;
    }
    assert_eq!(summaries(&old, &new), ["“safety notes”: now bold"]);
}

#[test]
fn a_recurring_edit_is_a_group() {
    let text: Vec<String> = (0..6)
        .map(|i| format!("Resistor number{i} measures 10k in circuit{i}."))
        .collect();
    let changed: Vec<String> = text.iter().map(|l| l.replace("10k", "12k")).collect();
    let report = report(&pages(&[&lines(&text)]), &pages(&[&lines(&changed)]));
    assert_eq!(report.changes.len(), 6);
    assert_eq!(report.groups.len(), 1);
    assert_eq!(report.groups[0].summary, "“10k” became “12k” in 6 places");
}

#[test]
fn ignored_regions_hide_what_is_in_them() {
    let old = pages(&[&["First line here", "", "second line there"]]);
    let new = pages(&[&["First word here", "", "second word there"]]);
    let options = Options {
        pixels: false,
        regions: vec!["*:0,0,600,165".parse().unwrap()],
        ..Options::default()
    };
    let report = compare(&old, &new, &options, &NoRasters, &|_| ());
    assert_eq!(report.changes.len(), 1, "{:?}", report.changes);
    assert_eq!(report.settings.ignore_regions, ["*:0,0,600,165"]);
}

#[test]
fn a_page_that_could_not_be_read_is_told() {
    let text = prose(3, 20);
    let old = pages(&[&lines(&text)]);
    let mut new = old.clone();
    new.pages[0] = model::Page {
        number: 1,
        failed: Some("broken stream".to_owned()),
        ..model::Page::default()
    };
    let report = report(&old, &new);
    assert!(!report.identical);
    assert!(report.warnings.iter().any(|w| w.code == "page-failed"));
    assert!(report.changes.is_empty(), "{:?}", report.changes);
}

#[test]
fn nonsense_is_survived() {
    let mut page = page(1, &["some words to break", "and others"]);
    page.words[0].bounds = model::Rect {
        x0: f32::NAN,
        y0: f32::INFINITY,
        x1: -1.0,
        y1: f32::NAN,
    };
    page.words[1].style = 99;
    page.words[4].bounds = model::Rect {
        x0: 3.0e38,
        y0: -3.0e38,
        x1: 3.0e38,
        y1: 3.0e38,
    };
    page.words[2].edges = vec![f32::NAN; 3];
    page.words[3].text = String::new();
    let old = document(vec![page.clone()]);
    page.words.swap(0, 2);
    page.size = [f32::NAN, 0.0];
    let new = document(vec![page]);
    let _ = report(&old, &new);
}

/// Documents of a few pages of a few words: repeated, so that everything
/// matches everything.
fn arbitrary_document() -> impl Strategy<Value = model::Document> {
    let word = prop::sample::select(vec![
        "alpha", "beta", "the", "10k", "x-", "以太", "(note)", "...", "5", "gamma.",
    ]);
    let line = prop::collection::vec(word, 1..8).prop_map(|w| w.join(" "));
    let page_lines = prop::collection::vec(line, 0..12);
    prop::collection::vec(page_lines, 0..5).prop_map(|pages| {
        document(
            (1u32..)
                .zip(&pages)
                .map(|(n, text)| page(n, &lines(text)))
                .collect(),
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_document_equals_itself(document in arbitrary_document()) {
        let report = report(&document, &document);
        prop_assert!(report.identical, "{:?}", report.changes);
        prop_assert!(report.changes.is_empty());
    }

    #[test]
    fn reports_are_well_formed(old in arbitrary_document(), new in arbitrary_document()) {
        let report = report(&old, &new);
        for (id, change) in (1u32..).zip(&report.changes) {
            prop_assert_eq!(change.id, id);
            prop_assert!(change.old.is_some() || change.new.is_some());
            prop_assert!(change.old.is_some() || change.op == Op::Added);
            prop_assert!(change.new.is_some() || change.op == Op::Removed);
            for (spot, document) in [(&change.old, &old), (&change.new, &new)] {
                if let Some(spot) = spot {
                    prop_assert!(spot.page as usize <= document.pages.len());
                    prop_assert!(!change.summary.is_empty());
                }
            }
        }
        prop_assert!(report.pages.iter().all(|p| p.transform == Transform::IDENTITY || p.transform.0.iter().all(|v| v.is_finite())));
    }

    #[test]
    fn what_was_added_was_removed_the_other_way(
        at in 0usize..12,
        word in "[a-z]{4,9}",
    ) {
        let text = prose(7, 12);
        let mut other = text.clone();
        other[at].insert_str(0, &format!("{word} "));
        let (old, new) = (pages(&[&lines(&text)]), pages(&[&lines(&other)]));
        let there = report(&old, &new);
        let back = report(&new, &old);
        prop_assert_eq!(there.changes.len(), 1);
        prop_assert_eq!(back.changes.len(), 1);
        prop_assert_eq!(there.changes[0].op, Op::Added);
        prop_assert_eq!(back.changes[0].op, Op::Removed);
        prop_assert_eq!(&there.changes[0].new.as_ref().unwrap().boxes, &back.changes[0].old.as_ref().unwrap().boxes);
    }
}
