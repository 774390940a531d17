//! Words: what they say, where they are, in which order.

mod common;

use common::{File, show, text};
use model::{Direction, Rect, TextSource};

fn close(a: f32, b: f32) -> bool {
    (a - b).abs() < 0.1
}

#[test]
fn a_word_has_a_box_and_an_edge_for_every_character() {
    let page = File::new(&show(100.0, 700.0, 10.0, "Will")).page();
    let word = &page.words[0];
    // Helvetica: W 944, i 222, l 222 thousandths of an em.
    assert_eq!(word.text, "Will");
    assert!(
        close(word.bounds.x0, 100.0) && close(word.bounds.x1, 116.1),
        "{word:?}"
    );
    assert!(word.bounds.y0 < 95.0 && word.bounds.y1 > 100.0, "{word:?}");
    assert_eq!(word.edges.len(), 5);
    assert!(close(word.edges[1], 109.44), "{word:?}");
    let style = &page.styles[word.style as usize];
    assert_eq!((style.font.as_str(), style.size), ("Helvetica", 10.0));
    assert_eq!(page.coverage.text_source, TextSource::Glyphs);
}

#[test]
fn spaces_are_places_not_characters() {
    // One word in pieces, two words without a space, a space at no distance.
    let content = "BT /F1 10 Tf 50 700 Td [(Un)20(ited)] TJ 0 -20 Td [(two)-300(words)] TJ \
                   0 -20 Td [(on) ( ) 278 (e)] TJ ET";
    assert_eq!(text(&File::new(content).page()), "United\ntwo words\none");
}

#[test]
fn letterspaced_words_stay_whole() {
    let content = "BT /F1 10 Tf 3 Tc 50 700 Td (ABSTRACT) Tj ET";
    assert_eq!(text(&File::new(content).page()), "ABSTRACT");
}

const LEFT: [&str; 4] = [
    "The left column comes first and",
    "is as wide as half of the page",
    "so that its lines look like run",
    "ning text in a paper, all of it.",
];
const RIGHT: [&str; 4] = [
    "Then comes the right column set",
    "beside it with lines which stand",
    "at the very same height as those",
    "of the other one, which is usual.",
];

fn columns(order: &[usize]) -> String {
    let mut lines = vec![show(60.0, 750.0, 14.0, "A title over both of the columns")];
    for row in 0..4 {
        let y = 700.0 - 12.0 * row as f32;
        lines.push(show(60.0, y, 10.0, LEFT[row]));
        lines.push(show(230.0, y, 10.0, RIGHT[row]));
    }
    order.iter().map(|i| lines[*i].as_str()).collect()
}

#[test]
fn columns_are_read_one_after_the_other_however_they_were_drawn() {
    let mut expected = vec!["A title over both of the columns"];
    expected.extend(LEFT);
    expected.extend(RIGHT);
    let expected = expected.join("\n");
    let in_rows = File::new(&columns(&[0, 1, 2, 3, 4, 5, 6, 7, 8])).page();
    assert_eq!(text(&in_rows), expected);
    let mixed = File::new(&columns(&[8, 3, 1, 6, 0, 2, 7, 5, 4])).page();
    assert_eq!(text(&mixed), expected);
    let strip = |page: &model::Page| {
        let words = page.words.iter();
        words
            .map(|w| (w.text.clone(), w.line, w.block, w.edges.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(strip(&in_rows), strip(&mixed));
}

#[test]
fn tables_are_read_row_by_row() {
    let mut content = String::new();
    for (column, cells) in [
        ["R1", "C7", "U2"],
        ["10k", "100n", "LM358"],
        ["0402", "0603", "SO8"],
    ]
    .iter()
    .enumerate()
    {
        for (row, cell) in cells.iter().enumerate() {
            let (x, y) = (60.0 + 120.0 * column as f32, 700.0 - 16.0 * row as f32);
            content.push_str(&show(x, y, 10.0, cell));
        }
    }
    let page = File::new(&content).page();
    let words: Vec<&str> = page.words.iter().map(|w| w.text.as_str()).collect();
    assert_eq!(
        words,
        [
            "R1", "10k", "0402", "C7", "100n", "0603", "U2", "LM358", "SO8"
        ]
    );
    assert!(
        page.words.windows(2).all(|w| w[0].block < w[1].block),
        "each cell is a block"
    );
}

#[test]
fn coordinates_are_of_the_page_as_displayed() {
    let content = show(100.0, 700.0, 10.0, "Here");
    let at = |entries: &str| {
        let page = File::with_page(entries, &content).page();
        (
            page.size,
            page.rotation,
            page.words[0].bounds,
            page.words[0].direction,
        )
    };
    let (size, rotation, bounds, direction) = at("/Rotate 90");
    assert_eq!(
        (size, rotation, direction),
        ([800.0, 600.0], 90, Direction::Down)
    );
    assert!(
        close(bounds.y0, 100.0) && close(bounds.x0, 698.0),
        "{bounds:?}"
    );
    let (size, _, bounds, direction) = at("/CropBox[50 100 450 750]");
    assert_eq!((size, direction), ([400.0, 650.0], Direction::Ltr));
    assert!(
        close(bounds.x0, 50.0) && close(bounds.y1, 52.0),
        "{bounds:?}"
    );
    let (_, _, bounds, direction) = at("/Rotate 180");
    assert_eq!(direction, Direction::Other);
    assert!(
        close(bounds.x1, 500.0) && close(bounds.y0, 698.0),
        "{bounds:?}"
    );
}

#[test]
fn text_that_runs_up_is_read_up() {
    let content = "BT /F1 10 Tf 0 1 -1 0 100 300 Tm (Running up) Tj ET";
    let page = File::new(content).page();
    assert_eq!(text(&page), "Running up");
    let word = &page.words[0];
    assert_eq!(word.direction, Direction::Up);
    assert!(word.edges.windows(2).all(|w| w[1] < w[0]), "{word:?}");
    assert!(close(word.edges[0], 500.0));
}

fn encoded(differences: &str, codes: &str) -> String {
    let mut file = File::new(&show(100.0, 700.0, 10.0, codes));
    file.set(
        4,
        &format!(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 1/LastChar 126\
             /Widths[{}]/Encoding<</BaseEncoding/WinAnsiEncoding/Differences[1 {differences}]>>>>",
            "500 ".repeat(126)
        ),
    );
    text(&file.page())
}

#[test]
fn ligatures_come_apart_and_soft_hyphens_go() {
    assert_eq!(
        encoded("/fi /f_f_i", "\\001nd e\\002cient"),
        "find efficient"
    );
    assert_eq!(encoded("/uni00AD /f", "soft\\001ware"), "software");
}

#[test]
fn right_to_left_text_is_delivered_as_it_is_read() {
    // shin lamed vav final-mem is read from the right, so drawn from the left
    // it is final-mem vav lamed shin.
    let mut file = File::new(&show(100.0, 700.0, 10.0, "\\004\\003\\002\\001 \\002\\003"));
    file.set(
        4,
        &format!(
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 1/LastChar 32\
             /Widths[{}]/Encoding<</BaseEncoding/WinAnsiEncoding\
             /Differences[1/uni05E9/uni05DC/uni05D5/uni05DD]>>>>",
            "500 ".repeat(32)
        ),
    );
    let page = file.page();
    assert_eq!(text(&page), "ול שלום");
    let word = &page.words[1];
    assert_eq!(word.direction, Direction::Rtl);
    assert!(word.edges.windows(2).all(|w| w[1] < w[0]), "{word:?}");
}

#[test]
fn words_divided_at_line_ends_are_marked() {
    let content = show(60.0, 700.0, 10.0, "every word that is di-")
        + &show(60.0, 688.0, 10.0, "vided goes on here, a-b")
        + &show(60.0, 676.0, 10.0, "- and 3-");
    let page = File::new(&content).page();
    let marked: Vec<&str> = page
        .words
        .iter()
        .filter(|w| w.hyphenated)
        .map(|w| w.text.as_str())
        .collect();
    assert_eq!(marked, ["di-"]);
}

#[test]
fn fake_bold_is_one_word() {
    let content = show(100.0, 700.0, 10.0, "Bolder llama")
        + &show(100.3, 700.0, 10.0, "Bolder llama")
        + "BT 2 Tr /F1 10 Tf 1 0 0 1 100 650 Tm (outlined) Tj ET";
    assert_eq!(text(&File::new(&content).page()), "Bolder llama\noutlined");
}

#[test]
fn a_change_of_style_inside_a_word_does_not_part_it() {
    let content = "BT /F1 10 Tf 50 700 Td (red) Tj 1 0 0 rg (dish) Tj /F1 6 Tf 4 Ts (2) Tj ET";
    let page = File::new(content).page();
    assert_eq!(text(&page), "reddish2");
    assert_eq!(page.words.len(), 3);
    assert_eq!(
        page.styles[page.words[1].style as usize].color,
        [255, 0, 0, 255]
    );
}

#[test]
fn text_that_is_not_seen_is_marked_or_left_out() {
    let content = "BT 3 Tr /F1 10 Tf 50 700 Td (hidden) Tj ET \
                   q 0 0 10 10 re W n BT 0 Tr /F1 10 Tf 50 650 Td (clipped) Tj ET Q \
                   BT 0 Tr /F1 10 Tf 50 600 Td (seen) Tj 0 900 Td (outside) Tj ET";
    let page = File::new(content).page();
    let words: Vec<(&str, bool)> = page
        .words
        .iter()
        .map(|w| (w.text.as_str(), page.styles[w.style as usize].invisible))
        .collect();
    assert_eq!(
        words,
        [("hidden", true), ("clipped", true), ("seen", false)]
    );
}

#[test]
fn glyphs_without_meaning_are_counted_and_told() {
    let mut file = File::new("BT /F1 10 Tf 50 700 Td <000100020003000400050006> Tj ET");
    file.set(
        4,
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
    );
    file.set(6, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>");
    let page = file.page();
    assert_eq!(
        (page.coverage.glyphs, page.coverage.unmapped_glyphs),
        (6, 6)
    );
    assert_eq!(page.coverage.text_source, TextSource::None);
    assert!(
        page.warnings.iter().any(|w| w.code == "text-unmapped"),
        "{:?}",
        page.warnings
    );
}

#[test]
fn a_composite_font_may_share_its_stand_in_with_simple_ones() {
    let mut file = File::with_page(
        "/Resources<</Font<</F1 4 0 R/F2 6 0 R/F3 7 0 R>>>>",
        "BT /F1 10 Tf 50 700 Td (AB) Tj ET BT /F2 10 Tf 50 600 Td (AB) Tj ET \
         BT /F3 10 Tf 50 500 Td <0041 6BCD> Tj ET",
    );
    for (number, name, widths) in [(4, "Alpha", "600 650"), (6, "Beta", "700 710")] {
        file.set(
            number,
            &format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar 65/LastChar 66/Widths[{widths}]/Encoding/WinAnsiEncoding>>"),
        );
    }
    file.set(
        7,
        "<</Type/Font/Subtype/Type0/BaseFont/Gamma/Encoding/UniGB-UCS2-H/DescendantFonts[8 0 R]>>",
    );
    file.set(8, "<</Type/Font/Subtype/CIDFontType2/BaseFont/Gamma/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>");
    let page = file.page();
    assert_eq!(page.coverage.text_source, TextSource::Glyphs);
    assert_eq!(text(&page), "AB\nAB\nA母");
}

/// A TrueType font of 100 empty glyphs.
fn empty_font() -> Vec<u8> {
    const GLYPHS: u16 = 100;
    let mut head = vec![0; 54];
    head[0..4].copy_from_slice(&[0, 1, 0, 0]);
    head[12..16].copy_from_slice(&0x5f0f_3cf5_u32.to_be_bytes());
    head[18..20].copy_from_slice(&1000_u16.to_be_bytes());
    let mut maxp = vec![0; 32];
    maxp[0..4].copy_from_slice(&[0, 1, 0, 0]);
    maxp[4..6].copy_from_slice(&GLYPHS.to_be_bytes());
    let mut hhea = vec![0; 36];
    hhea[0..4].copy_from_slice(&[0, 1, 0, 0]);
    hhea[34..36].copy_from_slice(&1_u16.to_be_bytes());
    let hmtx = vec![0; 4 + 2 * usize::from(GLYPHS - 1)];
    let loca = vec![0; 2 * (usize::from(GLYPHS) + 1)];
    let tables: [(&[u8; 4], Vec<u8>); 6] = [
        (b"glyf", vec![0; 4]),
        (b"head", head),
        (b"hhea", hhea),
        (b"hmtx", hmtx),
        (b"loca", loca),
        (b"maxp", maxp),
    ];
    let mut font = vec![0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0];
    let mut at = 12 + 16 * tables.len();
    for (tag, table) in &tables {
        font.extend_from_slice(*tag);
        for number in [0, at, table.len()] {
            font.extend_from_slice(&(number as u32).to_be_bytes());
        }
        at += table.len().next_multiple_of(4);
    }
    for (_, table) in &tables {
        font.extend_from_slice(table);
        font.resize(font.len().next_multiple_of(4), 0);
    }
    font
}

#[test]
fn characters_of_a_known_collection_need_no_map() {
    let page = |ordering: &str| {
        let mut file = File::new("BT /F1 10 Tf 50 700 Td <002200230024> Tj ET");
        file.set(
            4,
            "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        );
        file.set(6, &format!("<</Type/Font/Subtype/CIDFontType2/BaseFont/X/FontDescriptor 7 0 R/CIDSystemInfo<</Registry(Adobe)/Ordering({ordering})/Supplement 5>>/DW 1000>>"));
        file.set(
            7,
            "<</Type/FontDescriptor/FontName/X/Flags 4/FontFile2 8 0 R>>",
        );
        file.stream(8, "", &empty_font());
        file.page()
    };
    let known = page("GB1");
    assert_eq!(text(&known), "ABC");
    assert_eq!(known.coverage.unmapped_glyphs, 0);
    assert_eq!(page("Identity").coverage.unmapped_glyphs, 3);
}

#[test]
fn fonts_with_one_stand_in_are_told_apart_by_their_widths() {
    let mut file = File::with_page(
        "/Resources<</Font<</F1 4 0 R/F2 6 0 R>>>>",
        "BT /F1 10 Tf 50 700 Td (AB) Tj ET BT /F2 10 Tf 50 600 Td (AB) Tj ET",
    );
    for (number, name, widths) in [(4, "Alpha", "600 650"), (6, "Beta", "700 710")] {
        file.set(
            number,
            &format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}/FirstChar 65/LastChar 66/Widths[{widths}]/Encoding/WinAnsiEncoding>>"),
        );
    }
    let page = file.page();
    let fonts: Vec<&str> = page
        .words
        .iter()
        .map(|w| page.styles[w.style as usize].font.as_str())
        .collect();
    assert_eq!(fonts, ["Alpha", "Beta"]);
}

#[test]
fn a_page_that_is_its_own_parent_comes_to_an_end() {
    let mut file = File::new("BT /F1 10 Tf 50 700 Td <000100020003000400050006> Tj ET");
    file.set(
        3,
        "<</Type/Page/Parent 3 0 R/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>",
    );
    file.set(
        4,
        "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
    );
    file.set(6, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 1000>>");
    assert_eq!(file.page().coverage.unmapped_glyphs, 6);
}

#[test]
fn the_second_engine_is_not_asked_about_forms_that_paint_themselves() {
    let content = "/A Do BT /F1 10 Tf 50 700 Td <000100020003000400050006> Tj ET";
    for resources in ["/Resources<</XObject<</A 7 0 R>>>>", ""] {
        let entries = "/Resources<</Font<</F1 4 0 R>>/XObject<</A 7 0 R>>>>";
        let mut file = File::with_page(entries, content);
        file.set(
            4,
            "<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]>>",
        );
        file.set(6, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/DW 1000>>");
        file.stream(
            7,
            &format!("/Type/XObject/Subtype/Form/BBox[0 0 300 300]{resources}"),
            b"/A Do",
        );
        assert_eq!(file.page().coverage.unmapped_glyphs, 6);
    }
}

/// A composite font of glyphs one em wide with this `ToUnicode`.
fn composite(encoding: &str, map: &str, content: &str) -> model::Page {
    let mut file = File::new(content);
    file.set(
        4,
        &format!("<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/{encoding}/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>"),
    );
    file.set(6, "<</Type/Font/Subtype/CIDFontType2/BaseFont/X/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>");
    let map = format!(
        "/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <ffff> \
         endcodespacerange 9 beginbfchar {map} endbfchar endcmap"
    );
    file.stream(7, "", map.as_bytes());
    file.page()
}

#[test]
fn vertical_text_is_read_down_and_then_to_the_left() {
    let map = "<0001> <65E5> <0002> <672C> <0003> <8A9E> <0004> <6587>";
    let content = "BT /F1 20 Tf 200 700 Td <00030004> Tj 40 0 Td <00010002> Tj ET";
    let page = composite("Identity-V", map, content);
    assert_eq!(text(&page), "日本\n語文");
    assert_eq!(page.words[0].direction, Direction::Down);
    let edges = &page.words[0].edges;
    assert!(
        close(edges[0], 100.0) && close(edges[2], 140.0),
        "{edges:?}"
    );
}

#[test]
fn ligatures_with_swapped_bytes_are_put_right() {
    let map = "<0001> <0066> <0002> <66006900> <0003> <006E>";
    let page = composite(
        "Identity-H",
        map,
        "BT /F1 9 Tf 50 700 Td <000200030001> Tj ET",
    );
    assert_eq!(text(&page), "finf");
    assert_eq!(page.words[0].edges.len(), 5);
}

#[test]
fn text_in_nested_forms_is_found_where_it_shows() {
    let mut file = File::with_page(
        "/Resources<</XObject<</A 6 0 R>>>>",
        "q 1 0 0 1 100 100 cm /A Do Q",
    );
    file.stream(
        6,
        "/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Matrix[2 0 0 2 0 0]/Resources<</XObject<</B 7 0 R>>>>",
        b"q 1 0 0 1 10 10 cm /B Do Q",
    );
    file.stream(
        7,
        "/Type/XObject/Subtype/Form/BBox[0 0 100 100]/Resources<</Font<</F1 4 0 R>>>>",
        show(5.0, 5.0, 10.0, "inside").as_bytes(),
    );
    let page = file.page();
    let word = &page.words[0];
    assert_eq!(word.text, "inside");
    assert!(
        close(word.bounds.x0, 130.0) && close(word.bounds.y1, 800.0 - 130.0 + 4.0),
        "{word:?}"
    );
    assert_eq!(page.styles[word.style as usize].size, 20.0);
}

#[test]
fn boxes_stay_on_rotated_and_cropped_pages() {
    let page = File::with_page(
        "/Rotate 270/CropBox[0 0 300 400]",
        &show(10.0, 10.0, 10.0, "in"),
    )
    .page();
    let whole = Rect::new(0.0, 0.0, page.size[0], page.size[1]);
    assert_eq!(
        page.words[0].bounds.intersection(&whole),
        Some(page.words[0].bounds)
    );
}
