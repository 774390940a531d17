//! Coloured, wrapped lines.

use std::io::Write;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::TextOptions;
use crate::Error;

/// How a run of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Paint {
    Plain,
    Strong,
    Faint,
    Old,
    New,
    Warning,
}

impl Paint {
    /// Select Graphic Rendition parameters (ECMA-48, 8.3.117).
    fn sgr(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Faint => Some("2"),
            Self::Old => Some("31"),
            Self::New => Some("32"),
            Self::Warning => Some("33"),
        }
    }
}

/// Narrower terminals scroll sideways rather than break every word.
const MIN_WIDTH: usize = 40;

/// Writes painted text, wrapped to the terminal.
pub(super) struct Writer<'a> {
    out: &'a mut dyn Write,
    color: bool,
    width: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(out: &'a mut dyn Write, options: &TextOptions) -> Self {
        Self {
            out,
            color: options.color,
            width: options.width.max(MIN_WIDTH),
        }
    }

    /// Columns of a line.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// `text` as it is, no wrapping.
    pub(super) fn painted(&mut self, paint: Paint, text: &str) -> Result<(), Error> {
        match paint.sgr().filter(|_| self.color && !text.is_empty()) {
            Some(sgr) => write!(self.out, "\u{1b}[{sgr}m{text}\u{1b}[0m")?,
            None => self.out.write_all(text.as_bytes())?,
        }
        Ok(())
    }

    pub(super) fn newline(&mut self) -> Result<(), Error> {
        Ok(self.out.write_all(b"\n")?)
    }

    pub(super) fn flush(&mut self) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }

    /// Runs of text, a space between them, as a paragraph: `first` before the
    /// first line, `indent` before the others, broken where Unicode allows
    /// words to end; a word longer than a line is broken anywhere.
    pub(super) fn wrapped(
        &mut self,
        first: &str,
        indent: &str,
        runs: &[(Paint, &str)],
    ) -> Result<(), Error> {
        let spaced: Vec<(Paint, &str)> = runs
            .iter()
            .enumerate()
            .flat_map(|(i, run)| {
                let gap = (i > 0).then_some((Paint::Plain, " "));
                gap.into_iter().chain([*run])
            })
            .collect();
        self.flowing(first, indent, Paint::Plain, &spaced)
    }

    /// Like [`Self::wrapped`], without the spaces, and `first` and `indent`
    /// painted.
    pub(super) fn flowing(
        &mut self,
        first: &str,
        indent: &str,
        margin: Paint,
        runs: &[(Paint, &str)],
    ) -> Result<(), Error> {
        self.painted(margin, first)?;
        let room = self.width.saturating_sub(indent.width()).max(8);
        let mut used = 0;
        // The first line's own margin may be wider than the others'.
        let mut limit = self.width.saturating_sub(first.width()).max(8);
        for (paint, text) in runs {
            // Collected so that each line of a run is painted at once.
            let mut line = String::new();
            for token in text.split_word_bounds() {
                let width = token.width();
                let space = token.trim().is_empty();
                if used + width > limit && (used > 0 || space) {
                    self.painted(*paint, line.trim_end())?;
                    line.clear();
                    self.newline()?;
                    self.painted(margin, indent)?;
                    (used, limit) = (0, room);
                }
                if space && used == 0 {
                    continue;
                }
                if width <= limit {
                    line.push_str(token);
                    used += width;
                    continue;
                }
                for grapheme in token.graphemes(true) {
                    let width = grapheme.width();
                    if used + width > limit && used > 0 {
                        self.painted(*paint, &line)?;
                        line.clear();
                        self.newline()?;
                        self.painted(margin, indent)?;
                        (used, limit) = (0, room);
                    }
                    line.push_str(grapheme);
                    used += width;
                }
            }
            self.painted(*paint, &line)?;
        }
        self.newline()
    }
}
