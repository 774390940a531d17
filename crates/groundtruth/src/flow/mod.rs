//! A document as text that flows: the source both revisions are typeset from.
//!
//! Old and new revision live in one source. A word or block knows on which
//! side it exists and which edit it belongs to, so that laying out each side
//! gives the truth about where the edit shows.

mod layout;
mod lines;

use std::sync::Arc;

pub use layout::typeset;

use crate::fonts::Face;
use crate::scene::{BLACK, Color, Mark, Picture};

/// On which revision something exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum On {
    /// Both.
    #[default]
    Both,
    /// The old one only.
    Old,
    /// The new one only.
    New,
}

impl On {
    /// Whether it exists on the new (`true`) or old revision.
    pub fn is_on(self, new: bool) -> bool {
        match self {
            Self::Both => true,
            Self::Old => !new,
            Self::New => new,
        }
    }
}

/// A word and what sets it apart from its paragraph.
#[derive(Clone, Debug, Default)]
pub struct Word {
    /// Characters, punctuation included.
    pub text: String,
    /// Revision.
    pub on: On,
    /// Edit it belongs to.
    pub mark: Option<Mark>,
    /// No space before it (scripts without spaces).
    pub glued: bool,
    /// Sentence of the paragraph, from 0.
    pub sentence: u32,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
    /// Colour other than black.
    pub color: Option<Color>,
    /// Size relative to the paragraph; 0 means 1.
    pub scale: f32,
    /// Face other than the paragraph's.
    pub face: Option<Face>,
}

impl Word {
    /// A plain word.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// The same on one revision only, belonging to `mark`.
    #[must_use]
    pub fn marked(&self, on: On, mark: Mark) -> Self {
        Self {
            on,
            mark: Some(mark),
            ..self.clone()
        }
    }
}

/// Splits plain text into words.
pub fn words(text: &str) -> Vec<Word> {
    text.split_whitespace().map(Word::new).collect()
}

/// What a block is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A heading of level 1 to 3.
    Heading(u8),
    /// A paragraph.
    Para,
    /// A list item with its bullet or number.
    Item(String),
    /// A table: column shares (sum 1) and rows of cells.
    Table(Vec<f32>, Vec<Row>),
    /// A picture (old, new) with its width and height in points; the block's
    /// words are the caption.
    Figure {
        /// What each revision shows.
        pictures: [Option<Arc<Picture>>; 2],
        /// Width, points.
        width: f32,
        /// Height, points.
        height: f32,
        /// Edit the picture belongs to.
        mark: Option<Mark>,
    },
    /// The next block starts a page.
    PageBreak,
}

/// A table row.
#[derive(Clone, Debug)]
pub struct Row {
    /// Revision.
    pub on: On,
    /// Edit the row as a whole belongs to.
    pub mark: Option<Mark>,
    /// Words of each cell.
    pub cells: Vec<Vec<Word>>,
}

/// One block of the flow.
#[derive(Clone, Debug)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Revision.
    pub on: On,
    /// Its words.
    pub words: Vec<Word>,
}

impl Block {
    /// A block on both revisions.
    pub fn new(kind: Kind, words: Vec<Word>) -> Self {
        Self {
            kind,
            on: On::Both,
            words,
        }
    }

    /// The same on one revision only, all of it belonging to `mark`.
    #[must_use]
    pub fn marked(&self, on: On, mark: Mark) -> Self {
        let mut block = self.clone();
        block.on = on;
        for word in &mut block.words {
            word.mark = Some(mark);
        }
        if let Kind::Figure { mark: figure, .. } = &mut block.kind {
            *figure = Some(mark);
        }
        block
    }
}

/// How the pages of one revision are set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Paper, points.
    pub paper: [f32; 2],
    /// Margins: left, top, right, bottom, points.
    pub margins: [f32; 4],
    /// Columns.
    pub columns: usize,
    /// Body face.
    pub face: Face,
    /// Heading face.
    pub heading: Face,
    /// Body size, points.
    pub size: f32,
    /// Baseline distance, points.
    pub leading: f32,
    /// Stretch lines to the column's width.
    pub justify: bool,
    /// Break long words at line ends.
    pub hyphenate: bool,
    /// Lines run from right to left.
    pub rtl: bool,
    /// Colour of the body.
    pub color: Color,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            paper: [595.0, 842.0],
            margins: [72.0, 84.0, 72.0, 84.0],
            columns: 1,
            face: Face::Serif,
            heading: Face::SansBold,
            size: 10.5,
            leading: 14.0,
            justify: true,
            hyphenate: false,
            rtl: false,
            color: BLACK,
        }
    }
}

/// A document on both revisions.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    /// Set-up of the old and new revision.
    pub setup: [Setup; 2],
    /// Running header.
    pub header: Vec<Word>,
    /// Running footer, before the page number.
    pub footer: Vec<Word>,
    /// Whether the footer ends in “Page n of m”.
    pub numbered: bool,
    /// The text.
    pub blocks: Vec<Block>,
}
