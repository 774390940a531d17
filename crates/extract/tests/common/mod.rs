//! PDF files written out by hand, so that tests say exactly what is in them.

#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, reason = "only tests come here")]

use std::fmt::Write;

use extract::Source;
use model::Page;

/// A document under construction. Object 1 is the catalog, 2 the page tree,
/// 3 the first page, 4 a font (`/F1`, Helvetica), 5 its content.
pub struct File {
    objects: Vec<(u32, Vec<u8>)>,
    trailer: String,
}

impl File {
    /// One page of 600 × 800 points with this content.
    pub fn new(content: &str) -> Self {
        Self::with_page("", content)
    }

    /// One page with more entries in its dictionary.
    pub fn with_page(entries: &str, content: &str) -> Self {
        let mut file = Self {
            objects: Vec::new(),
            trailer: String::new(),
        };
        file.set(1, "<</Type/Catalog/Pages 2 0 R>>");
        file.set(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
        let resources = if entries.contains("/Resources") {
            ""
        } else {
            "/Resources<</Font<</F1 4 0 R>>>>"
        };
        file.set(
            3,
            &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]{resources}/Contents 5 0 R {entries}>>"),
        );
        file.set(
            4,
            "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        );
        file.stream(5, "", content.as_bytes());
        file
    }

    /// Sets or replaces an object.
    pub fn set(&mut self, number: u32, body: &str) -> &mut Self {
        self.put(number, body.as_bytes().to_vec())
    }

    /// Sets or replaces a stream object.
    pub fn stream(&mut self, number: u32, entries: &str, data: &[u8]) -> &mut Self {
        let mut body = format!("<</Length {} {entries}>>\nstream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.put(number, body)
    }

    /// Adds entries to the trailer.
    pub fn trailer(&mut self, entries: &str) -> &mut Self {
        self.trailer.push_str(entries);
        self
    }

    fn put(&mut self, number: u32, body: Vec<u8>) -> &mut Self {
        self.objects.retain(|(known, _)| *known != number);
        self.objects.push((number, body));
        self
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut table = String::new();
        let mut objects = self.objects.clone();
        objects.sort_by_key(|(number, _)| *number);
        let size = objects.last().map_or(0, |(number, _)| number + 1);
        for (number, body) in &objects {
            write!(table, "{number} 1\n{:010} 00000 n \n", out.len()).unwrap();
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let start = out.len();
        let trailer = &self.trailer;
        out.extend_from_slice(
            format!(
                "xref\n0 1\n0000000000 65535 f \n{table}trailer\n<</Size {size}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n"
            )
            .as_bytes(),
        );
        out
    }

    /// The file, opened.
    pub fn open(&self) -> Source {
        Source::open(self.bytes(), None).unwrap()
    }

    /// The first page.
    pub fn page(&self) -> Page {
        self.open().reader().page(1).unwrap()
    }
}

/// Shows `text` at a place, in Helvetica.
pub fn show(x: f32, y: f32, size: f32, text: &str) -> String {
    format!("BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm ({text}) Tj ET\n")
}

/// The text of a page: words by spaces, lines by line ends.
pub fn text(page: &Page) -> String {
    let mut out = String::new();
    let mut line = 0;
    for word in &page.words {
        if !out.is_empty() {
            if word.line != line {
                out.push('\n');
            } else if !word.joined {
                out.push(' ');
            }
        }
        line = word.line;
        out.push_str(&word.text);
    }
    out
}
