//! Writes the seed corpus: small documents that between them reach every
//! part of extraction.
//!
//! `cargo run --manifest-path fuzz/Cargo.toml --bin seeds`

#[path = "../crates/extract/tests/common/mod.rs"]
#[allow(dead_code)]
mod common;

use common::{File, show};

fn main() -> std::io::Result<()> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/corpus/extract");
    std::fs::create_dir_all(folder)?;
    for (name, file) in documents() {
        std::fs::write(format!("{folder}/{name}.pdf"), file.bytes())?;
    }
    Ok(())
}

fn documents() -> Vec<(&'static str, File)> {
    let mut all = Vec::new();
    let text = show(50.0, 700.0, 10.0, "Some words to di-") + &show(50.0, 688.0, 10.0, "vide here");
    all.push(("text", File::new(&text)));
    all.push((
        "rotated",
        File::with_page("/Rotate 90/CropBox[10 10 500 700]", &text),
    ));
    all.push((
        "turned",
        File::new("BT /F1 9 Tf 0 1 -1 0 90 90 Tm 2 Tc [(A)-300(B)] TJ 3 Tr (C) Tj ET"),
    ));
    all.push(("paths", File::new(
        "q 0 0 50 50 re W n 1 0 0 RG 2 w [3 1] 0 d 10 10 m 60 10 l 20 80 30 90 5 5 c h B Q 1 1 m 9 9 l S",
    )));

    let mut image = File::with_page(
        "/Resources<</XObject<</I 6 0 R/M 7 0 R>>>>",
        "q 200 0 0 100 50 300 cm /I Do Q 0 1 0 rg 9 0 0 9 0 0 cm /M Do",
    );
    image.stream(
        6,
        "/Subtype/Image/Width 4/Height 2/BitsPerComponent 8/ColorSpace/DeviceGray",
        b"abcdefgh",
    );
    image.stream(7, "/Subtype/Image/Width 8/Height 2/ImageMask true", b"ab");
    all.push(("image", image));

    let mut forms = File::with_page("/Resources<</XObject<</A 6 0 R>>>>", "/A Do");
    forms.stream(
        6,
        "/Subtype/Form/BBox[0 0 300 300]/Group<</S/Transparency>>/Resources<</XObject<</A 6 0 R>>/Font<</F1 4 0 R>>>>",
        b"BT /F1 9 Tf (x) Tj ET /A Do",
    );
    all.push(("forms", forms));

    let mut parts = File::with_page("/Annots[6 0 R 7 0 R 8 0 R]", "");
    parts.set(1, "<</Type/Catalog/Pages 2 0 R/Outlines 10 0 R/Dests<</d[3 0 R]>>/PageLabels<</Nums[0<</S/r>>]>>/OCProperties<</OCGs[14 0 R]/D<</OFF[14 0 R]>>>>/Names<</EmbeddedFiles<</Names[(k)12 0 R]>>/Dests<</Kids[<</Names[(n)[3 0 R]]>>]>>>>/Metadata 15 0 R>>");
    parts.set(6, "<</Subtype/Link/Rect[0 0 9 9]/A<</S/GoTo/D(n)>>>>");
    parts.set(
        7,
        "<</Subtype/Widget/Rect[0 0 9 9]/T(a)/Parent 9 0 R/Opt[[(a)(b)](c)]>>",
    );
    parts.set(
        8,
        "<</Subtype/FileAttachment/Rect[0 0 9 9]/FS 12 0 R/Contents(c)/C[0 1 0 0]>>",
    );
    parts.set(9, "<</T(top)/FT/Ch/V[(a)(c)]/Ff 3>>");
    parts.set(10, "<</First 11 0 R>>");
    parts.set(11, "<</Title<FEFF0041>/Dest/d/Next 11 0 R>>");
    parts.set(12, "<</UF(f.txt)/EF<</F 13 0 R>>>>");
    parts.stream(13, "", b"content");
    parts.set(14, "<</Name(Layer)>>");
    parts.stream(15, "", b"<dc:title>T</dc:title>");
    parts.set(16, "<</Title(T)/ModDate(D:20200101)>>");
    parts.trailer("/Info 16 0 R");
    all.push(("parts", parts));

    let mut type0 = File::new("BT /F1 10 Tf 50 700 Td <00010002> Tj ET");
    type0.set(
        4,
        "<</Subtype/Type0/BaseFont/X/Encoding/Identity-V/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
    );
    type0.set(
        6,
        "<</Subtype/CIDFontType2/BaseFont/X/DW 1000/W[1[500 600]]>>",
    );
    type0.stream(7, "", b"begincmap 1 begincodespacerange <0000><ffff> endcodespacerange 2 beginbfchar <0001><05D0> <0002><00660069> endbfchar endcmap");
    all.push(("type0", type0));

    let mut type3 = File::new("BT /F1 10 Tf 50 700 Td (ab) Tj ET");
    type3.set(4, "<</Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 98/Widths[5 6]/Encoding<</Differences[97/x/y]>>/CharProcs<</x 6 0 R/y 7 0 R>>>>");
    type3.stream(6, "", b"5 0 d0 0 0 5 5 re f");
    type3.stream(7, "", b"6 0 0 0 5 5 d1 BI /W 1 /H 1 /IM true ID a EI");
    all.push(("type3", type3));

    let mut shading = File::with_page(
        "/Resources<</Shading<</S 6 0 R>>/ExtGState<</G<</ca .5/BM/Multiply>>>>>>",
        "/G gs /S sh",
    );
    shading.set(6, "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 9]/Function<</FunctionType 2/Domain[0 1]/C0[0 0 0]/C1[1 1 1]/N 1>>>>");
    all.push(("shading", shading));
    all
}
