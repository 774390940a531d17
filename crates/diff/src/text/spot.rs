//! Where a range of tokens lies on its page, and how it reads.

use std::ops::Range;

use model::{Direction, Rect, Spot, Word};

use super::token::{Stream, goes_on, is_unspaced};

/// The place of tokens `range`, all on one page: one box per line. A word broken over
/// pages reads whole, and has its place on the first.
pub fn spot(stream: &Stream<'_>, range: Range<usize>) -> Spot {
    let mut lines = Lines::default();
    let mut text = String::new();
    let mut before: Option<&Word> = None;
    let page = stream.page_of(range.start);
    for_each_part(stream, range, |on, word, from, to| {
        if on == page {
            lines.add(word, part_bounds(word, from, to));
        }
        append(&mut text, before, word, from, to);
        before = Some(word);
    });
    Spot {
        page: stream.pages.get(page as usize).map_or(0, |p| p.number),
        boxes: lines.boxes,
        text,
    }
}

/// Text of tokens `range`, as it reads.
pub fn text(stream: &Stream<'_>, range: Range<usize>) -> String {
    let mut out = String::new();
    let mut before: Option<&Word> = None;
    for_each_part(stream, range, |_, word, from, to| {
        append(&mut out, before, word, from, to);
        before = Some(word);
    });
    out
}

/// Box of one token; of its first word's part where it spans a line break.
pub fn token_bounds(stream: &Stream<'_>, index: usize) -> Option<Rect> {
    let token = stream.tokens.get(index)?;
    let word = stream.word(token.first)?;
    let to = if token.first == token.last {
        token.to as usize
    } else {
        word.text.len()
    };
    Some(part_bounds(word, token.from as usize, to))
}

/// Calls `each(page, word, from, to)` for every word of the tokens, with the index of
/// its page and the bytes of it that belong to the range.
fn for_each_part<'a>(
    stream: &Stream<'a>,
    range: Range<usize>,
    mut each: impl FnMut(u32, &'a Word, usize, usize),
) {
    let Some(tokens) = stream.tokens.get(range) else {
        return;
    };
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return;
    };
    for index in first.first..=last.last {
        let Some(word) = stream.word(index) else {
            continue;
        };
        let from = if index == first.first {
            first.from as usize
        } else {
            0
        };
        let to = if index == last.last {
            last.to as usize
        } else {
            word.text.len()
        };
        each(stream.words[index as usize].page, word, from, to);
    }
}

fn append(out: &mut String, before: Option<&Word>, word: &Word, from: usize, to: usize) {
    let Some(part) = word.text.get(from..to.max(from)) else {
        return;
    };
    if let Some(before) = before {
        let apart = before.line != word.line || before.block != word.block;
        if before.hyphenated || apart && goes_on(before, word) {
            if out.ends_with(['-', '\u{2010}', '\u{2011}']) {
                out.pop();
            }
        } else {
            let unspaced = |c: Option<char>| c.is_some_and(is_unspaced);
            let close = word.joined && !apart
                || (unspaced(out.chars().next_back()) && unspaced(part.chars().next()) && apart);
            if !close {
                out.push(' ');
            }
        }
    }
    out.push_str(part);
}

/// The box of bytes `from..to` of a word.
pub fn part_bounds(word: &Word, from: usize, to: usize) -> Rect {
    if from == 0 && to >= word.text.len() {
        return word.bounds;
    }
    let chars = |end: usize| {
        word.text
            .char_indices()
            .take_while(|&(i, _)| i < end)
            .count()
    };
    let total = word.text.chars().count();
    let (first, last) = (chars(from), chars(to));
    let vertical = matches!(word.direction, Direction::Up | Direction::Down);
    let (near, far) = if vertical {
        (word.bounds.y0, word.bounds.y1)
    } else {
        (word.bounds.x0, word.bounds.x1)
    };
    let edge = |index: usize| {
        let known = if word.edges.len() == total + 1 {
            word.edges.get(index).copied().filter(|e| e.is_finite())
        } else {
            None
        };
        let share = index as f32 / total.max(1) as f32;
        known.unwrap_or(match word.direction {
            Direction::Rtl | Direction::Up => far - (far - near) * share,
            _ => near + (far - near) * share,
        })
    };
    let (a, b) = (edge(first), edge(last));
    if vertical {
        Rect::new(word.bounds.x0, a, word.bounds.x1, b)
    } else {
        Rect::new(a, word.bounds.y0, b, word.bounds.y1)
    }
}

/// Boxes merged per line.
#[derive(Default)]
pub struct Lines {
    /// The boxes so far.
    pub boxes: Vec<Rect>,
    last: Option<(u32, u32)>,
}

impl Lines {
    /// Adds the box of (part of) a word.
    pub fn add(&mut self, word: &Word, bounds: Rect) {
        if !bounds.is_finite() {
            return;
        }
        let line = (word.block, word.line);
        if self.last == Some(line)
            && let Some(open) = self.boxes.last_mut()
            && near(open, &bounds)
        {
            *open = open.union(&bounds);
            return;
        }
        self.last = Some(line);
        self.boxes.push(bounds);
    }
}

/// Whether two boxes of one line are near enough to be drawn as one.
fn near(a: &Rect, b: &Rect) -> bool {
    let reach = 3.0
        * a.height()
            .min(a.width())
            .max(b.height().min(b.width()))
            .max(2.0);
    a.inflate(reach).overlaps(b)
}
