use model::{Rect, Word};

use super::*;

fn page(words: &[(&str, f32, f32)]) -> Page {
    Page {
        number: 1,
        size: [595.0, 842.0],
        words: words
            .iter()
            .enumerate()
            .map(|(i, &(text, x, y))| Word {
                text: text.to_owned(),
                bounds: Rect::new(x, y, x + 6.0 * text.len() as f32, y + 11.0),
                edges: Vec::new(),
                style: 0,
                line: i as u32,
                block: 0,
                direction: model::Direction::Ltr,
                hyphenated: false,
                joined: false,
            })
            .collect(),
        ..Page::default()
    }
}

/// `count` distinct words in lines from `top` on.
fn text(count: usize, top: f32) -> Vec<(String, f32, f32)> {
    (0..count)
        .map(|i| {
            (
                format!("word{i}"),
                60.0 + 70.0 * (i % 6) as f32,
                top + 14.0 * (i / 6) as f32,
            )
        })
        .collect()
}

fn build(words: &[(String, f32, f32)], map: &Transform) -> Page {
    let placed: Vec<(&str, f32, f32)> = words
        .iter()
        .map(|(t, x, y)| {
            let [x, y] = map.apply([*x, *y]);
            (t.as_str(), x, y)
        })
        .collect();
    page(&placed)
}

#[test]
fn whole_page_shift_is_found_and_said() {
    let words = text(120, 60.0);
    let old = build(&words, &Transform::IDENTITY);
    let new = build(&words, &Transform::translation(3.0, 2.0));
    let found = register(&old, &new, &Options::default());
    assert!((found.transform.0[4] - 3.0).abs() < 0.05, "{found:?}");
    assert_eq!(
        found.remark.as_deref(),
        Some("shifted 3.0 pt right, 2.0 pt down")
    );
}

#[test]
fn scale_and_turn_are_found() {
    let words = text(120, 60.0);
    let old = build(&words, &Transform::IDENTITY);
    let (sin, cos) = 0.4_f64.to_radians().sin_cos();
    let map = Transform([0.98 * cos, 0.98 * sin, -0.98 * sin, 0.98 * cos, 4.0, 5.0]);
    let mut new = build(&words, &map);
    for word in &mut new.words {
        // Boxes scale about their own corner, too.
        word.bounds.x1 = word.bounds.x0 + 0.98 * word.bounds.width();
        word.bounds.y1 = word.bounds.y0 + 0.98 * word.bounds.height();
    }
    let found = register(&old, &new, &Options::default());
    let remark = found.remark.unwrap_or_default();
    assert!(
        remark.contains("scaled to 98 %") && remark.contains("rotated 0.4°"),
        "{remark}"
    );
}

#[test]
fn an_inserted_paragraph_moves_no_page() {
    let header = [
        ("Manual".to_owned(), 60.0, 20.0),
        ("Revision".to_owned(), 400.0, 20.0),
    ];
    let old: Vec<_> = header.iter().cloned().chain(text(120, 60.0)).collect();
    let inserted = (0..6).map(|i| (format!("fresh{i}"), 60.0 + 70.0 * i as f32, 60.0));
    let new: Vec<_> = header
        .iter()
        .cloned()
        .chain(inserted)
        .chain(text(120, 74.0))
        .collect();
    let found = register(
        &build(&old, &Transform::IDENTITY),
        &build(&new, &Transform::IDENTITY),
        &Options::default(),
    );
    assert!(found.transform.is_identity(), "{found:?}");
}

#[test]
fn an_inserted_line_without_header_moves_no_page() {
    let old = text(120, 60.0);
    let inserted = (0..6).map(|i| (format!("fresh{i}"), 60.0 + 70.0 * i as f32, 60.0));
    let new: Vec<_> = inserted.chain(text(120, 74.0)).collect();
    let found = register(
        &build(&old, &Transform::IDENTITY),
        &build(&new, &Transform::IDENTITY),
        &Options::default(),
    );
    assert!(found.transform.is_identity(), "{found:?}");
}

#[test]
fn a_centred_line_that_grew_moves_no_page() {
    let cover = |line: f32, last: &str| {
        let mut words = vec![("OLIMAGE", 186.0, 297.0), ("GUIDE", 222.0, 352.0)];
        let names = ["Linux", "for", "Olimex", "Allwinner", "and", "boards", last];
        words.extend((0..7).map(|i| (names[i], line + 55.0 * i as f32, 462.0)));
        page(&words)
    };
    let (old, new) = (cover(123.4, "STM32"), cover(118.2, "STM32P1"));
    let found = register(&old, &new, &Options::default());
    assert_eq!(found, Registration::default());
}

#[test]
fn other_paper_is_said() {
    let words = text(60, 60.0);
    let old = build(&words, &Transform::IDENTITY);
    let mut new = build(&words, &Transform([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]));
    new.size = [1190.0, 1684.0];
    for word in &mut new.words {
        word.bounds.x1 = word.bounds.x0 + 2.0 * word.bounds.width();
        word.bounds.y1 = word.bounds.y0 + 2.0 * word.bounds.height();
    }
    let found = register(&old, &new, &Options::default());
    assert!((found.transform.0[0] - 2.0).abs() < 0.01, "{found:?}");
    assert!(found.remark.unwrap_or_default().contains("scaled to 200 %"));
}

/// A frame with bars, as whole lines or cut up, turned around and reordered.
fn sheet(cut: bool, map: &Transform) -> Page {
    let mut lines: Vec<([f32; 2], [f32; 2])> = Vec::new();
    for i in 0..12 {
        let v = 40.0 + 31.0 * i as f32;
        let long = 120.0 + 17.0 * ((i * 7) % 12) as f32;
        lines.push(([40.0, v], [40.0 + long, v]));
        lines.push(([v, 60.0], [v, 60.0 + long]));
    }
    if cut {
        lines = lines
            .into_iter()
            .rev()
            .flat_map(|(a, b)| {
                let m = [0, 1].map(|k| a[k] + 0.4 * (b[k] - a[k]));
                [(b, m), (a, m)]
            })
            .collect();
    }
    let mut pen = crate::drawing::tests::Pen::new();
    for (a, b) in lines {
        pen.line(map.apply(a), map.apply(b));
    }
    pen.0
}

#[test]
fn a_sheet_written_another_way_is_still_registered() {
    let map = Transform([0.9, 0.0, 0.0, 0.9, 21.0, 12.0]);
    let old = sheet(false, &Transform::IDENTITY);
    let found = register(&old, &sheet(true, &map), &Options::default());
    for (got, want) in found.transform.0.iter().zip(map.0) {
        assert!((got - want).abs() < 0.05, "{found:?}");
    }
}
