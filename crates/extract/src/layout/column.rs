//! What tells a column of running text from one of a table or a drawing.

use super::{Item, LEADING};

/// Share of its column that a line of running text fills at least.
const FILLED: f32 = 0.62;
/// Columns of running text are wider than this, in median font sizes.
const NARROW: f32 = 9.0;
/// Columns in which formulas or lists prevail are wider than this.
const ROOMY: f32 = 15.0;

/// A part of a region beside a gutter, to judge by.
#[derive(Default)]
pub(super) struct Column {
    /// Baselines, downwards.
    rows: Vec<f32>,
    /// How far baselines of one row may differ.
    slack: f32,
    /// Width, in median font sizes.
    width: f32,
    /// Glyphs in it.
    pub chars: u32,
    /// Rows of words that fill it from edge to edge.
    lines: usize,
    /// Those right below another one, as in a paragraph.
    set: usize,
    /// Glyphs of paragraphs.
    set_chars: u32,
}

impl Column {
    /// Takes stock of `rows`, downwards, of `items`; `size` is their median
    /// font size.
    pub fn new(items: &[Item], rows: &[Vec<usize>], size: f32) -> Self {
        let members = || rows.iter().flatten().map(|i| &items[*i]);
        let left = members().map(|item| item.u0).fold(f32::INFINITY, f32::min);
        let right = members()
            .map(|item| item.u1)
            .fold(f32::NEG_INFINITY, f32::max);
        let width = (right - left).max(1.0);
        let mut column = Self {
            slack: 0.12 * size,
            width: width / size,
            ..Self::default()
        };
        // The line of words above: baseline, and glyphs not counted so far.
        let mut above: Option<(f32, u32)> = None;
        for row in rows {
            let members = || row.iter().map(|i| &items[*i]);
            let fill = members().map(|item| item.u1 - item.u0).sum::<f32>() / width;
            let words: u32 = members().map(|item| item.words).sum();
            let chars: u32 = members().map(|item| item.chars).sum();
            let v = items[row[0]].v;
            column.rows.push(v);
            column.chars += chars;
            // With words, or in a script without spaces.
            let prose = words >= 3 && chars >= 14 || chars >= 12 && chars > 8 * words;
            if fill <= FILLED || !prose {
                continue;
            }
            column.lines += 1;
            above = match above {
                Some((last, open)) if v - last <= LEADING * size => {
                    column.set += 1;
                    column.set_chars += open + chars;
                    Some((v, 0))
                }
                _ => Some((v, chars)),
            };
        }
        column
    }

    /// Running text fills its lines from edge to edge.
    ///
    /// Most rows are such lines, or else, where formulas and lists make many
    /// short rows between them, paragraphs have most of the glyphs. The latter
    /// says nothing where columns are narrow, as lists of labels in a drawing
    /// are, or in step with each other: the cells of a table are filled like
    /// that by chance.
    pub fn is_running_text(&self, in_step: bool) -> bool {
        if self.rows.len() < 3 || self.width <= NARROW {
            return false;
        }
        let most_rows = 2 * self.lines >= self.rows.len();
        let most_glyphs = 2 * self.set_chars >= self.chars && self.set >= 3;
        most_rows || most_glyphs && self.width > ROOMY && !in_step
    }

    /// Number of its rows that have a row of `other` beside them.
    fn beside(&self, other: &Self) -> usize {
        let near = |v: f32| {
            let at = other.rows.partition_point(|row| *row < v - self.slack);
            other.rows.get(at).is_some_and(|row| *row <= v + self.slack)
        };
        self.rows.iter().filter(|v| near(**v)).count()
    }
}

/// Whether most rows of neighbouring columns stand at the same heights, as in
/// a table; columns with formulas or figures fall out of step.
pub(super) fn in_step(columns: &[Column]) -> bool {
    let (mut beside, mut all) = (0, 0);
    for pair in columns.windows(2) {
        let (few, many) = if pair[0].rows.len() <= pair[1].rows.len() {
            (&pair[0], &pair[1])
        } else {
            (&pair[1], &pair[0])
        };
        beside += few.beside(many);
        all += few.rows.len();
    }
    4 * beside > 3 * all
}
