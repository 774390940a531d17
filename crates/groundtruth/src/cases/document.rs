//! Documents to edit.

use model::{ChangeKind, Op};

use super::Pair;
use crate::Result;
use crate::flow::{Block, Flow, Kind, Row, Setup, Word, typeset, words};
use crate::fonts::Face;
use crate::picture;
use crate::rng::Rng;
use crate::scene::{Mark, Scene};
use crate::truth::Note;
use crate::words::{Language, paragraph, title};

/// A document on both revisions with the notes about its edits.
pub struct Draft {
    /// The text.
    pub flow: Flow,
    /// The edits so far.
    pub notes: Vec<Note>,
    /// Its language.
    pub language: Language,
    /// Blocks that already carry an edit, by index.
    pub touched: Vec<usize>,
}

impl Draft {
    /// A report of `sections` sections with lists, tables and a figure.
    pub fn report(rng: &mut Rng, language: Language, sections: usize) -> Self {
        let mut setup = Setup::default();
        match language {
            Language::Chinese | Language::Japanese => {
                setup.face = if language == Language::Chinese {
                    Face::Chinese
                } else {
                    Face::Japanese
                };
                setup.heading = setup.face;
                setup.leading = 17.0;
            }
            Language::Arabic => {
                setup.face = Face::Arabic;
                setup.heading = Face::Arabic;
                setup.rtl = true;
                setup.size = 12.0;
                setup.leading = 20.0;
            }
            // Liberation covers Latin and Cyrillic.
            Language::English | Language::Russian => {}
        }
        let mut blocks = vec![Block::new(Kind::Heading(1), title(language, rng))];
        for section in 0..sections {
            blocks.push(Block::new(Kind::Heading(2), title(language, rng)));
            for _ in 0..rng.range(2, 3) {
                let count = rng.range(3, 6) as usize;
                blocks.push(Block::new(Kind::Para, paragraph(language, rng, count)));
            }
            match section % 3 {
                1 => {
                    for i in 0..4 {
                        blocks.push(Block::new(
                            Kind::Item(format!("{}.", i + 1)),
                            paragraph(language, rng, 1),
                        ));
                    }
                }
                2 if language == Language::English => blocks.push(table(rng, 6)),
                _ => {}
            }
            blocks.push(Block::new(Kind::Para, paragraph(language, rng, 4)));
        }
        let flow = Flow {
            setup: [setup.clone(), setup],
            header: words(&format!(
                "Report {} Revised 2024-03-1{}",
                rng.range(100, 999),
                rng.range(0, 9)
            )),
            footer: words("Confidential"),
            numbered: true,
            blocks,
        };
        Self {
            flow,
            notes: Vec::new(),
            language,
            touched: Vec::new(),
        }
    }

    /// Leaves out tables, which do not fit narrow columns.
    pub fn without_tables(&mut self) {
        self.flow
            .blocks
            .retain(|b| !matches!(b.kind, Kind::Table(..)));
    }

    /// Registers an edit.
    pub fn note(&mut self, kind: ChangeKind, op: Op, what: impl Into<String>) -> Mark {
        self.notes.push(Note::new(kind, op, what));
        self.notes.len() as Mark - 1
    }

    /// Sets both revisions up alike.
    pub fn set_up(&mut self, change: impl Fn(&mut Setup)) {
        self.flow.setup.iter_mut().for_each(change);
    }

    /// Typesets both revisions.
    pub fn scenes(&self) -> Result<[Scene; 2]> {
        let scene = |new| -> Result<Scene> {
            Ok(Scene {
                pages: typeset(&self.flow, new)?,
                metadata: vec![
                    ("Producer".into(), "Groundtruth".into()),
                    ("Title".into(), "Report".into()),
                ],
                attachments: Vec::new(),
            })
        };
        Ok([scene(false)?, scene(true)?])
    }

    /// The finished pair.
    pub fn pair(self) -> Result<Pair> {
        let [old, new] = self.scenes()?;
        let same_count = old.pages.len() == new.pages.len();
        let mut pair = Pair::new(old, new, self.notes);
        if !same_count {
            // Text that ran onto one page more or less is no page event, but a
            // tool that says so is not wrong either.
            pair.events = None;
        }
        Ok(pair)
    }

    /// A figure with a caption at the end of the section before `at`.
    pub fn add_figure(&mut self, rng: &mut Rng, at: usize) -> usize {
        let picture = picture::photo(rng, 240, 150);
        let kind = Kind::Figure {
            pictures: [Some(picture.clone()), Some(picture)],
            width: 240.0,
            height: 150.0,
            mark: None,
        };
        let at = at.min(self.flow.blocks.len());
        let mut caption = words(&format!("Figure {}:", rng.range(1, 9)));
        caption.extend(title(self.language, rng));
        self.flow.blocks.insert(at, Block::new(kind, caption));
        at
    }
}

/// A parts list with `count` rows.
pub fn table(rng: &mut Rng, count: usize) -> Block {
    let head = ["Item", "Description", "Quantity", "Unit price"];
    let cell = |text: &str| words(text);
    let mut rows = vec![Row {
        on: crate::flow::On::Both,
        mark: None,
        cells: head
            .iter()
            .map(|h| {
                vec![Word {
                    bold: true,
                    ..Word::new(*h)
                }]
            })
            .collect(),
    }];
    for i in 0..count {
        rows.push(Row {
            on: crate::flow::On::Both,
            mark: None,
            cells: table_row(rng, i).iter().map(|t| cell(t)).collect(),
        });
    }
    // "Unit price" is two words.
    rows[0].cells[3] = ["Unit", "price"]
        .iter()
        .map(|w| Word {
            bold: true,
            ..Word::new(*w)
        })
        .collect();
    Block::new(Kind::Table(vec![0.14, 0.46, 0.18, 0.22], rows), Vec::new())
}

/// Cells of a parts list row.
pub fn table_row(rng: &mut Rng, number: usize) -> [String; 4] {
    let thing = rng.pick(&[
        "bracket",
        "gasket",
        "hex bolt",
        "washer",
        "bearing",
        "shaft seal",
        "cover",
        "spring",
        "relay",
    ]);
    let finish = rng.pick(&[
        "zinc plated",
        "stainless",
        "anodised",
        "black",
        "polished",
        "painted",
    ]);
    [
        format!(
            "{}-{:03}",
            rng.pick(&["MK", "TR", "BX", "QL"]),
            rng.range(100, 999) as usize + number
        ),
        format!("{finish} {thing} M{}", rng.range(3, 24)),
        rng.range(2, 90).to_string(),
        format!("{}.{:02}", rng.range(1, 180), rng.range(0, 99)),
    ]
}
