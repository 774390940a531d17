//! The sample pairs shipped with the project, and long pairs for measuring.

use std::path::{Path, PathBuf};

use crate::cases::{Draft, schematic_sample};
use crate::flow::{Flow, Kind, Setup, words};
use crate::fonts::Face;
use crate::pdf::{Producer, write};
use crate::rng::Rng;
use crate::scene::Scene;
use crate::words::Language;
use crate::{Error, Result};

/// One sample: its name and the bytes of the old and new revision.
pub struct Sample {
    /// `contract`, `paper` or `schematic`.
    pub name: &'static str,
    /// Old revision.
    pub old: Vec<u8>,
    /// New revision.
    pub new: Vec<u8>,
}

/// The samples; the same bytes on every machine with the same fonts.
pub fn samples() -> Result<Vec<Sample>> {
    let mut out = Vec::new();
    for (name, [mut old, mut new]) in [
        ("contract", contract()?),
        ("paper", paper()?),
        (
            "schematic",
            schematic_sample(&mut Rng::new(7, "schematic-sample"))?,
        ),
    ] {
        for scene in [&mut old, &mut new] {
            scene.metadata = vec![("Title".into(), format!("Sample {name}"))];
        }
        let bytes = |scene: &Scene| write(scene, Producer::default());
        out.push(Sample {
            name,
            old: bytes(&old)?,
            new: bytes(&new)?,
        });
    }
    Ok(out)
}

/// Whether two files embed the very same font subsets: their names carry a
/// hash of the font program.
pub fn same_fonts(a: &[u8], b: &[u8]) -> bool {
    let names = |pdf: &[u8]| -> Vec<Vec<u8>> {
        let mut names: Vec<Vec<u8>> = pdf
            .windows(b"/FontName ".len())
            .enumerate()
            .filter(|(_, w)| w == b"/FontName ")
            .map(|(at, _)| pdf[at..].iter().take(18).copied().collect())
            .collect();
        names.sort();
        names
    };
    names(a) == names(b)
}

/// A supply agreement of three pages.
fn contract() -> Result<[Scene; 2]> {
    let mut rng = Rng::new(3, "contract-sample");
    let mut draft = Draft::report(&mut rng, Language::English, 6);
    name(
        &mut draft.flow,
        "Supply Agreement",
        "Supply Agreement No. 2024-118 – Revised 2024-03-12",
        "Confidential –",
    );
    headings(
        &mut draft.flow,
        &[
            "Definitions",
            "Delivery",
            "Payment",
            "Warranty",
            "Liability",
            "Termination",
        ],
    );
    draft.change_number(&mut rng);
    draft.replace_this_word("shall", "must");
    draft.add_sentence(&mut rng);
    draft.delete_sentence(&mut rng);
    draft.move_paragraph(&mut rng);
    draft.change_cell(&mut rng);
    draft.change_header_date(&mut rng);
    draft.scenes()
}

/// A two-column paper with a figure.
fn paper() -> Result<[Scene; 2]> {
    let mut rng = Rng::new(5, "paper-sample");
    let mut draft = Draft::report(&mut rng, Language::English, 6);
    name(
        &mut draft.flow,
        "On the Coverage of Repeated Trials",
        "Journal of Ordinary Measurements, vol. 12",
        "",
    );
    headings(
        &mut draft.flow,
        &[
            "Introduction",
            "Related work",
            "Methods",
            "Results",
            "Discussion",
            "Conclusion",
        ],
    );
    draft.without_tables();
    draft.set_up(|s| {
        *s = Setup {
            columns: 2,
            hyphenate: true,
            size: 9.5,
            leading: 12.0,
            heading: Face::SerifBold,
            margins: [56.0, 76.0, 56.0, 76.0],
            ..s.clone()
        };
    });
    draft.add_changed_chart(&mut rng, 4);
    draft.replace_this_word("reaches", "exceeds");
    draft.change_number(&mut rng);
    draft.delete_paragraph(&mut rng);
    draft.restyle(&mut rng, 3, "set in italics", |w| w.italic = true);
    draft.scenes()
}

fn name(flow: &mut Flow, title: &str, header: &str, footer: &str) {
    flow.blocks[0].words = words(title);
    flow.header = words(header);
    flow.footer = words(footer);
}

fn headings(flow: &mut Flow, titles: &[&str]) {
    let sections = flow
        .blocks
        .iter_mut()
        .filter(|b| matches!(b.kind, Kind::Heading(2)));
    for (block, title) in sections.zip(titles) {
        block.words = words(title);
    }
}

/// Writes every sample as `NAME-a.pdf` and `NAME-b.pdf`; the paths.
pub fn write_samples(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut out = Vec::new();
    for sample in samples()? {
        for (letter, bytes) in [('a', &sample.old), ('b', &sample.new)] {
            out.push(put(
                folder,
                &format!("{}-{letter}.pdf", sample.name),
                bytes,
            )?);
        }
    }
    Ok(out)
}

/// Writes `old.pdf` and `new.pdf` of about `pages` pages with an edit on about
/// every tenth page.
pub fn write_long(folder: &Path, pages: usize) -> Result<()> {
    let mut rng = Rng::new(1, "long");
    // A section with its list or table fills a little under half a page.
    let mut draft = Draft::report(&mut rng, Language::English, pages * 21 / 10);
    for _ in 0..pages / 30 {
        draft.replace_word(&mut rng);
        draft.delete_word(&mut rng);
        draft.change_number(&mut rng);
    }
    let [old, new] = draft.scenes()?;
    put(folder, "old.pdf", &write(&old, Producer::default())?)?;
    put(folder, "new.pdf", &write(&new, Producer::default())?)?;
    Ok(())
}

fn put(folder: &Path, file: &str, bytes: &[u8]) -> Result<PathBuf> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let path = folder.join(file);
    std::fs::write(&path, bytes).map_err(Error::io(&path))?;
    Ok(path)
}
