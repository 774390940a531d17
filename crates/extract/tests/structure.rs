//! Everything but words: paths, images, annotations, the document itself.

mod common;

use std::fmt::Write as _;
use std::io::Write as _;

use common::{File, show};
use extract::{Error, Source};
use flate2::{Compression, write::ZlibEncoder};
use model::{LinkTarget, Paint, Rect, Verb};

#[test]
fn paths_are_told_as_displayed() {
    let page = File::new("2 0 0 2 100 100 cm 1 0 0 RG 3 w [4 2] 0 d 10 10 m 60 10 l S").page();
    let drawing = &page.drawing;
    assert_eq!(drawing.paths.len(), 1);
    let style = &drawing.styles[0];
    assert_eq!(
        (style.paint, style.color, style.width),
        (Paint::Stroke, Some([255, 0, 0, 255]), 6.0)
    );
    assert_eq!(style.dash, [8.0, 4.0]);
    let (verbs, coords) = drawing.geometry(0);
    assert_eq!(verbs, [Verb::Move, Verb::Line]);
    assert_eq!(coords, [120.0, 680.0, 220.0, 680.0]);
    assert_eq!(
        drawing.paths[0].visible,
        Some(Rect::new(117.0, 677.0, 223.0, 683.0))
    );
}

#[test]
fn clips_decide_what_is_visible_of_a_path() {
    let content = "q 100 100 50 50 re W n 90 90 100 100 re f 300 300 10 10 re f Q 0 0 10 10 re f*";
    let page = File::new(content).page();
    let visible: Vec<_> = page.drawing.paths.iter().map(|p| p.visible).collect();
    assert_eq!(
        visible,
        [
            Some(Rect::new(100.0, 650.0, 150.0, 700.0)),
            None,
            Some(Rect::new(0.0, 790.0, 10.0, 800.0))
        ]
    );
    assert_eq!(page.drawing.styles[1].paint, Paint::FillEvenOdd);
    assert!(!page.coverage.needs_pixels);
}

#[test]
fn fill_and_stroke_are_two_and_transparent_ones_none() {
    let mut file = File::with_page(
        "/Resources<</ExtGState<</G<</ca 0/CA 1>>>>>>",
        "10 10 50 50 re B /G gs 100 100 50 50 re B",
    );
    file.set(4, "null");
    let page = file.page();
    let paints: Vec<Paint> = page
        .drawing
        .paths
        .iter()
        .map(|p| page.drawing.styles[p.style as usize].paint)
        .collect();
    assert_eq!(paints, [Paint::Fill, Paint::Stroke, Paint::Stroke]);
}

#[test]
fn numbers_too_large_for_a_page_do_no_harm() {
    let huge = "9".repeat(60);
    let page = File::new(&format!("{huge} 0 m 0 {huge} l S 10 10 m 20 20 l S")).page();
    assert!(page.drawing.coords.iter().all(|c| c.is_finite()));
    assert!(!page.drawing.paths.is_empty());
}

fn image(filter: &str, data: &[u8]) -> model::ImagePlacement {
    let mut file = File::with_page(
        "/Resources<</XObject<</I 6 0 R>>>>",
        "q 200 0 0 100 50 300 cm /I Do Q",
    );
    let entries = format!(
        "/Type/XObject/Subtype/Image/Width 16/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray{filter}"
    );
    file.stream(6, &entries, data);
    file.page().images[0].clone()
}

#[test]
fn images_are_the_same_whatever_the_compression() {
    let mut pixels: Vec<u8> = (0..128).map(|i| i * 2).collect();
    let compressed = |level| {
        let mut encoder = ZlibEncoder::new(Vec::new(), level);
        encoder.write_all(&pixels).unwrap();
        encoder.finish().unwrap()
    };
    let (fast, best) = (
        compressed(Compression::none()),
        compressed(Compression::best()),
    );
    let plain = image("", &pixels);
    assert_eq!(plain.bounds, Rect::new(50.0, 400.0, 250.0, 500.0));
    assert_eq!((plain.pixels, plain.stencil), ([16, 8], false));
    assert_eq!(plain, image("/Filter/FlateDecode", &fast));
    assert_eq!(plain, image("/Filter/FlateDecode", &best));
    let hex = pixels.iter().fold(String::new(), |mut hex, byte| {
        write!(hex, "{byte:02x}").unwrap();
        hex
    });
    assert_eq!(plain, image("/Filter/ASCIIHexDecode", hex.as_bytes()));
    pixels[77] ^= 1;
    assert_ne!(plain.hash, image("", &pixels).hash);
}

#[test]
fn an_image_turned_over_is_another_picture() {
    let draw = |matrix: &str| {
        let mut file = File::with_page(
            "/Resources<</XObject<</I 6 0 R>>>>",
            &format!("q {matrix} cm /I Do Q"),
        );
        file.stream(
            6,
            "/Type/XObject/Subtype/Image/Width 2/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray",
            &[0, 255],
        );
        file.page().images[0].clone()
    };
    let (upright, over) = (draw("100 0 0 50 50 300"), draw("-100 0 0 50 150 300"));
    assert_eq!(upright.bounds, over.bounds);
    assert_ne!(upright.hash, over.hash);
}

#[test]
fn fields_have_qualified_names_and_inherited_values() {
    let mut file = File::with_page("/Annots[6 0 R 7 0 R 8 0 R]", "");
    file.set(
        6,
        "<</Subtype/Widget/Rect[10 10 100 30]/T(street)/Parent 9 0 R/TU(Your street)/Ff 3>>",
    );
    file.set(
        7,
        "<</Subtype/Widget/Rect[10 40 20 50]/FT/Btn/T(agree)/AS/Yes>>",
    );
    file.set(
        8,
        "<</Subtype/Widget/Rect[10 60 90 70]/FT/Ch/T(pick)/V(b)/Opt[[(a)(Apple)](b)]>>",
    );
    file.set(9, "<</T(address)/FT/Tx/V(Elm Road)/Parent 9 0 R>>");
    let page = file.page();
    let street = &page.fields[0];
    assert_eq!(
        (street.name.as_str(), street.kind.as_str()),
        ("address.street", "text")
    );
    assert_eq!(
        (street.value.as_str(), street.label.as_str()),
        ("Elm Road", "Your street")
    );
    assert!(street.read_only && street.required);
    assert_eq!(street.bounds, Rect::new(10.0, 770.0, 100.0, 790.0));
    assert_eq!(
        (page.fields[1].kind.as_str(), page.fields[1].value.as_str()),
        ("checkbox", "Yes")
    );
    assert_eq!(page.fields[2].options, ["Apple", "b"]);
    assert!(page.words.is_empty() && page.annotations.is_empty());
}

#[test]
fn links_and_bookmarks_know_their_page() {
    let mut file = File::with_page("/Annots[6 0 R 7 0 R 8 0 R 13 0 R 99 0 R 12 0 R]", "");
    file.set(
        1,
        "<</Type/Catalog/Pages 2 0 R/Outlines 10 0 R/Dests<</chap[3 0 R/Fit]>>>>",
    );
    file.set(
        6,
        "<</Subtype/Link/Rect[0 0 10 10]/A<</S/URI/URI(https://example.org/)>>>>",
    );
    file.set(7, "<</Subtype/Link/Rect[0 0 10 10]/Dest/chap>>");
    file.set(
        8,
        "<</Subtype/Link/Rect[0 0 10 10]/A<</S/GoTo/D(nowhere)>>>>",
    );
    file.set(
        13,
        "<</Subtype/Link/Rect[0 0 10 10]/A<</S/Launch/F(other.pdf)>>>>",
    );
    file.set(10, "<</First 11 0 R>>");
    file.set(
        11,
        "<</Title(Chapter)/Dest[3 0 R/Fit]/Next 11 0 R/First 14 0 R>>",
    );
    file.set(14, "<</Title<FEFF00C4>/A<</S/GoTo/D/chap>>>>");
    file.set(
        12,
        "<</Subtype/Text/Rect[5 5 15 15]/Contents(See me)/T(Ann)/NM(n1)/C[1 0 0]>>",
    );
    let source = file.open();
    let page = source.reader().page(1).unwrap();
    let targets: Vec<&LinkTarget> = page.links.iter().map(|l| &l.target).collect();
    assert_eq!(
        targets,
        [
            &LinkTarget::Uri("https://example.org/".into()),
            &LinkTarget::Page(1),
            &LinkTarget::Named("nowhere".into()),
            &LinkTarget::Other("Launch other.pdf".into())
        ]
    );
    let note = &page.annotations[0];
    assert_eq!(
        (note.contents.as_str(), note.author.as_str(), note.color),
        ("See me", "Ann", Some([255, 0, 0]))
    );
    let marks: Vec<_> = source
        .info()
        .bookmarks
        .into_iter()
        .map(|b| (b.level, b.title, b.page))
        .collect();
    assert_eq!(
        marks,
        [(0, "Chapter".into(), Some(1)), (1, "Ä".into(), Some(1))]
    );
}

#[test]
fn labels_layers_attachments_and_metadata() {
    let mut file = File::new("");
    file.set(
        1,
        "<</Type/Catalog/Pages 2 0 R/PageLabels<</Nums[0<</S/r/St 4>>]>>\
         /OCProperties<</OCGs[6 0 R 7 0 R]/D<</OFF[7 0 R]>>>>\
         /Names<</EmbeddedFiles<</Names[(k)8 0 R]>>>>/Metadata 11 0 R>>",
    );
    file.set(6, "<</Type/OCG/Name(Notes)>>");
    file.set(7, "<</Type/OCG/Name(Grid)>>");
    file.set(
        8,
        "<</Type/Filespec/UF(data.csv)/Desc(Numbers)/EF<</F 9 0 R>>>>",
    );
    file.stream(9, "/Type/EmbeddedFile", b"1,2,3");
    file.set(
        10,
        "<</Title(The title)/CreationDate(D:20200102030405Z)/Project(X7)>>",
    );
    file.stream(
        11,
        "/Type/Metadata/Subtype/XML",
        b"<pdf:Producer>Maker</pdf:Producer>",
    );
    file.trailer("/Info 10 0 R");
    let source = file.open();
    let info = source.info();
    assert_eq!(
        source.reader().page(1).unwrap().label.as_deref(),
        Some("iv")
    );
    let layers: Vec<_> = info
        .layers
        .iter()
        .map(|l| (l.name.as_str(), l.visible))
        .collect();
    assert_eq!(layers, [("Notes", true), ("Grid", false)]);
    let file = &info.attachments[0];
    assert_eq!(
        (file.name.as_str(), file.bytes, file.description.as_deref()),
        ("data.csv", Some(5), Some("Numbers"))
    );
    assert_eq!(file.sha256.as_deref().map(str::len), Some(64));
    let metadata: Vec<_> = info
        .metadata
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    assert_eq!(
        metadata,
        [
            ("CreationDate", "2020-01-02T03:04:05Z"),
            ("Producer", "Maker"),
            ("Project", "X7"),
            ("Title", "The title")
        ]
    );
    assert!(!info.encrypted && info.page_count == 1);
}

#[test]
fn protected_files_ask_for_their_password() {
    let mut file = File::new("");
    let key = "<".to_owned() + &"5a".repeat(32) + ">";
    file.set(
        6,
        &format!("<</Filter/Standard/V 1/R 2/O{key}/U{key}/P -4>>"),
    );
    file.trailer("/Encrypt 6 0 R/ID[<00><00>]");
    let open = |password| Source::open(file.bytes(), password).err();
    assert_eq!(open(None), Some(Error::PasswordRequired));
    assert_eq!(open(Some("guess")), Some(Error::WrongPassword));
}

#[test]
fn rendering_shows_what_is_there_and_refuses_what_is_too_large() {
    let file = File::new("1 0 0 rg 0 700 100 100 re f");
    let source = file.open();
    let reader = source.reader();
    let raster = reader.render(1, 0.5, None).unwrap();
    assert_eq!(
        (raster.width, raster.height, raster.rgb.len()),
        (300, 400, 300 * 400 * 3)
    );
    assert_eq!(raster.rgb[..3], [255, 0, 0]);
    assert_eq!(raster.rgb[raster.rgb.len() - 3..], [255, 255, 255]);
    let part = reader
        .render(1, 2.0, Some(Rect::new(90.0, 90.0, 110.0, 110.0)))
        .unwrap();
    assert_eq!((part.width, part.height), (40, 40));
    assert_eq!(part.rgb[..3], [255, 0, 0]);
    assert_eq!(part.rgb[part.rgb.len() - 3..], [255, 255, 255]);
    assert!(matches!(
        reader.render(1, 200.0, None),
        Err(Error::TooLarge(_))
    ));
    let huge = File::with_page("/MediaBox[0 0 200000 200000]", "");
    assert!(matches!(
        huge.open().reader().render(1, 0.01, None),
        Err(Error::TooLarge(_))
    ));
}

#[test]
fn missing_pages_are_said_to_be_missing() {
    let source = File::new("").open();
    let missing = Error::NoSuchPage {
        number: 2,
        count: 1,
    };
    assert_eq!(source.reader().page(2).unwrap_err(), missing);
    assert!(matches!(
        source.reader().render(0, 1.0, None),
        Err(Error::NoSuchPage { .. })
    ));
}

#[test]
fn the_digest_sees_every_change_that_shows() {
    let digest = |content: &str| File::new(content).page().coverage.digest;
    let base = digest(&show(50.0, 700.0, 10.0, "same"));
    assert_eq!(base, digest(&show(50.001, 700.0, 10.0, "same")));
    assert_ne!(base, digest(&show(50.0, 700.0, 10.0, "sane")));
    assert_ne!(base, digest(&show(50.5, 700.0, 10.0, "same")));
    assert_ne!(
        base,
        digest(&(show(50.0, 700.0, 10.0, "same") + "0 0 m 9 9 l S"))
    );
}

#[test]
fn forms_that_paint_themselves_come_to_an_end() {
    let mut file = File::with_page("/Resources<</XObject<</A 6 0 R>>>>", "/A Do");
    file.stream(
        6,
        "/Type/XObject/Subtype/Form/BBox[0 0 300 300]/Resources<</XObject<</A 6 0 R>>>>",
        b"0 0 m 10 10 l S /A Do",
    );
    assert!(!file.page().drawing.paths.is_empty());
}
