use super::*;

fn line(u0: f32, u1: f32, v: f32) -> Item {
    let chars = ((u1 - u0) / 5.0) as u32;
    Item {
        u0,
        u1,
        v,
        size: 10.0,
        words: chars / 5,
        chars,
    }
}

fn order(items: &[Item]) -> Vec<usize> {
    blocks(items).into_iter().flatten().flatten().collect()
}

#[test]
fn columns_of_running_text_are_read_one_after_the_other() {
    let mut items = vec![line(100.0, 400.0, 50.0)];
    for row in 0..10 {
        let v = 80.0 + 12.0 * row as f32;
        items.push(line(50.0, 240.0, v));
        items.push(line(260.0, 450.0, v));
    }
    items.push(line(240.0, 260.0, 300.0));
    let mut expected = vec![0];
    expected.extend((0..10).map(|row| 1 + 2 * row));
    expected.extend((0..10).map(|row| 2 + 2 * row));
    expected.push(21);
    assert_eq!(order(&items), expected);
}

#[test]
fn columns_need_not_share_baselines() {
    let mut items = Vec::new();
    for row in 0..10 {
        items.push(line(50.0, 240.0, 80.0 + 12.0 * row as f32));
        items.push(line(260.0, 450.0, 85.0 + 12.0 * row as f32));
    }
    let expected: Vec<usize> = (0..10)
        .map(|r| 2 * r)
        .chain((0..10).map(|r| 2 * r + 1))
        .collect();
    assert_eq!(order(&items), expected);
}

#[test]
fn tables_are_read_row_by_row() {
    let mut items = Vec::new();
    for row in 0..12 {
        let v = 80.0 + 15.0 * row as f32;
        for column in 0..4 {
            items.push(line(
                50.0 + 110.0 * column as f32,
                90.0 + 110.0 * column as f32,
                v,
            ));
        }
    }
    assert_eq!(order(&items), (0..48).collect::<Vec<_>>());
}

#[test]
fn paragraphs_are_blocks() {
    let items: Vec<Item> = [80.0, 92.0, 104.0, 130.0, 142.0]
        .iter()
        .map(|v| line(50.0, 400.0, *v))
        .collect();
    let sizes: Vec<usize> = blocks(&items).iter().map(Vec::len).collect();
    assert_eq!(sizes, [3, 2]);
}

#[test]
fn no_items_no_blocks() {
    assert!(blocks(&[]).is_empty());
}

/// Cells of a row, each from where to where.
fn row(v: f32, cells: &[(f32, f32)]) -> Vec<Item> {
    cells.iter().map(|(u0, u1)| line(*u0, *u1, v)).collect()
}

/// `count` lines of text from edge to edge, from `v` down.
fn text(u0: f32, u1: f32, v: f32, count: usize) -> Vec<Item> {
    (0..count)
        .map(|k| line(u0, u1, v + 12.0 * k as f32))
        .collect()
}

/// Reads `parts`, each the items of a stretch that belongs together in reading
/// order, drawn in another order, and says which parts were read in turn.
fn parts_read(parts: &[Vec<Item>]) -> Vec<usize> {
    let mut items: Vec<(usize, Item)> = parts
        .iter()
        .enumerate()
        .flat_map(|(part, items)| items.iter().map(move |item| (part, *item)))
        .collect();
    items.sort_by(|a, b| a.1.v.total_cmp(&b.1.v).then(b.1.u0.total_cmp(&a.1.u0)));
    let only: Vec<Item> = items.iter().map(|(_, item)| *item).collect();
    let mut read: Vec<usize> = order(&only).into_iter().map(|i| items[i].0).collect();
    read.dedup();
    read
}

#[test]
fn a_centred_formula_with_its_number_stays_in_its_column() {
    let mut left = text(50.0, 240.0, 80.0, 4);
    left.extend(row(140.0, &[(50.0, 66.0), (110.0, 180.0)]));
    left.extend(text(50.0, 240.0, 158.0, 5));
    assert_eq!(parts_read(&[left, text(260.0, 450.0, 80.0, 11)]), [0, 1]);
}

/// A column in which formulas prevail: numbers, sides and signs of them make
/// more rows than the words between do.
fn formulas(u: f32, v: f32) -> Vec<Item> {
    let mut column = text(u, u + 230.0, v, 4);
    for k in 0..12 {
        let v = v + 55.0 + 14.5 * k as f32;
        column.extend(row(v, &[(u, u + 16.0)]));
        column.extend(row(v + 2.0, &[(u + 60.0, u + 75.0), (u + 90.0, u + 97.0)]));
        column.extend(row(v + 5.0, &[(u + 115.0, u + 125.0)]));
    }
    column.extend(text(u, u + 230.0, v + 240.0, 5));
    column
}

#[test]
fn columns_full_of_formulas_are_columns() {
    let parts = [formulas(50.0, 80.0), formulas(300.0, 87.0)];
    assert_eq!(parts_read(&parts), [0, 1]);
    let parts = [formulas(50.0, 80.0), text(300.0, 530.0, 83.0, 24)];
    assert_eq!(parts_read(&parts), [0, 1]);
}

#[test]
fn a_formula_too_long_for_its_column_does_not_close_the_gutter() {
    let mut left = formulas(50.0, 80.0);
    left.push(line(120.0, 292.0, 311.0));
    let right = text(300.0, 530.0, 83.0, 24);
    assert_eq!(parts_read(&[left, right]), [0, 1]);
}

#[test]
fn a_heading_or_caption_over_both_columns_parts_them() {
    let parts = [
        text(50.0, 240.0, 80.0, 8),
        text(260.0, 450.0, 80.0, 8),
        vec![line(90.0, 410.0, 190.0)],
        text(50.0, 240.0, 210.0, 8),
        text(260.0, 450.0, 210.0, 8),
    ];
    assert_eq!(parts_read(&parts), [0, 1, 2, 3, 4]);
}

#[test]
fn a_table_over_both_columns_is_read_row_by_row() {
    // Its second gap is as if made for a gutter.
    let cells = [
        (60.0, 100.0),
        (170.0, 210.0),
        (280.0, 320.0),
        (390.0, 430.0),
    ];
    let rows: Vec<Vec<Item>> = (0..5)
        .map(|k| row(190.0 + 14.0 * k as f32, &cells))
        .collect();
    let mut parts = vec![text(50.0, 240.0, 80.0, 8), text(260.0, 450.0, 80.0, 8)];
    parts.extend(rows.clone());
    parts.push(text(50.0, 240.0, 280.0, 8));
    parts.push(text(260.0, 450.0, 280.0, 8));
    assert_eq!(parts_read(&parts), (0..9).collect::<Vec<_>>());
    // Above the columns as well as between them.
    let mut parts = rows;
    parts.push(text(50.0, 240.0, 280.0, 8));
    parts.push(text(260.0, 450.0, 280.0, 8));
    assert_eq!(parts_read(&parts), (0..7).collect::<Vec<_>>());
}

#[test]
fn a_list_of_terms_in_a_page_of_one_column_is_read_term_by_term() {
    let mut parts = vec![text(50.0, 450.0, 80.0, 6)];
    for k in 0..8 {
        let v = 170.0 + 28.0 * k as f32;
        let mut term = row(v, &[(50.0, 90.0), (160.0, 450.0)]);
        term.extend(row(v + 12.0, &[(160.0, 160.0 + 30.0 * (k + 1) as f32)]));
        parts.push(term);
    }
    parts.push(text(50.0, 450.0, 410.0, 6));
    assert_eq!(parts_read(&parts), (0..10).collect::<Vec<_>>());
}

#[test]
fn a_running_header_is_read_first_and_a_footer_last() {
    let parts = [
        row(50.0, &[(50.0, 150.0), (300.0, 450.0)]),
        text(50.0, 240.0, 80.0, 8),
        text(260.0, 450.0, 80.0, 8),
        row(200.0, &[(50.0, 150.0), (300.0, 450.0)]),
    ];
    assert_eq!(parts_read(&parts), [0, 1, 2, 3]);
}
