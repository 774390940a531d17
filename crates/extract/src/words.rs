//! Tokens to words, in reading order.
//!
//! Everything works on positions alone, never on the order a producer drew
//! in, so that a re-saved page gives the same words in the same order.

use model::{Direction, Page, Word};

use crate::clean;
use crate::frame::Frame;
use crate::glyph::Glyphs;
use crate::layout::{self, Item};
use crate::rtl;
use crate::tokens::{Piece, Run, Token, Tokens, touch};

/// Adds the words of `glyphs` to `page`, in reading order: text that runs to
/// the right first, then every other direction.
pub(crate) fn build(glyphs: &Glyphs, page: &mut Page) {
    let mut order: Vec<u16> = (0..glyphs.frames.len() as u16).collect();
    order.sort_by_key(|i| {
        let writing = glyphs.frames[*i as usize];
        (writing.degrees != 0, writing.upright, writing.degrees)
    });
    let mut counters = Counters::default();
    for index in order {
        let mut tokens = Tokens::new(glyphs, Frame::new(glyphs.frames[index as usize]));
        let runs = tokens.runs(index);
        Writer { tokens: &tokens }.emit(&runs, page, &mut counters);
    }
}

#[derive(Default)]
struct Counters {
    line: u32,
    block: u32,
}

/// Writes the words of one way of writing.
struct Writer<'t> {
    tokens: &'t Tokens<'t>,
}

impl Writer<'_> {
    /// Orders the runs and writes their words.
    fn emit(&self, runs: &[Run], page: &mut Page, counters: &mut Counters) {
        let before = page.words.len();
        let right_to_left = self.mostly_right_to_left();
        let items: Vec<Item> = runs
            .iter()
            .map(|run| Item {
                u0: if right_to_left { -run.u1 } else { run.u0 },
                u1: if right_to_left { -run.u0 } else { run.u1 },
                v: run.v,
                size: run.size,
                words: run.tokens.len() as u32,
                chars: run.tokens.iter().map(|t| t.end - t.start).sum(),
            })
            .collect();
        for block in layout::blocks(&items) {
            let first = page.words.len();
            for line in block {
                let start = page.words.len();
                let mut tokens: Vec<Token> = line
                    .iter()
                    .flat_map(|index| runs[*index].tokens.iter().copied())
                    .collect();
                tokens.sort_by(|a, b| a.u0.total_cmp(&b.u0));
                self.line(&tokens, page, counters, right_to_left);
                if page.words.len() > start {
                    counters.line += 1;
                }
            }
            if page.words.len() > first {
                counters.block += 1;
            }
        }
        hyphens(&mut page.words[before..]);
    }

    fn mostly_right_to_left(&self) -> bool {
        if self.tokens.frame.writing.degrees != 0 {
            return false;
        }
        let (mut left, mut right) = (0, 0);
        for piece in &self.tokens.sequence {
            for c in self.tokens.glyphs.chars(self.tokens.glyph(piece)) {
                if !c.is_ascii() && rtl::is_right_to_left(c) {
                    right += 1;
                } else if c.is_alphabetic() {
                    left += 1;
                }
            }
        }
        right > left
    }

    /// Writes the words of one line.
    fn line(&self, tokens: &[Token], page: &mut Page, counters: &Counters, base_rtl: bool) {
        let any_rtl = tokens.iter().any(|token| {
            self.tokens.pieces(token).iter().any(|p| {
                self.tokens
                    .glyphs
                    .chars(self.tokens.glyph(p))
                    .any(rtl::is_right_to_left)
            })
        });
        if !any_rtl {
            let mut before: Option<&Token> = None;
            for token in tokens {
                let touching = before.is_some_and(|b| touch(b, token));
                self.token(self.tokens.pieces(token), false, touching, page, counters);
                before = Some(token);
            }
            return;
        }
        // As seen, left to right, each piece with the token it belongs to.
        let seen: Vec<(usize, Piece)> = tokens
            .iter()
            .enumerate()
            .flat_map(|(index, token)| self.tokens.pieces(token).iter().map(move |p| (index, *p)))
            .collect();
        let chars = |i: usize| self.tokens.glyphs.chars(self.tokens.glyph(&seen[i].1));
        let order = rtl::logical_order(seen.len(), chars, base_rtl);
        let mut start = 0;
        while start < order.len() {
            let token = seen[order[start].index].0;
            let level = order[start].right_to_left;
            let end = order[start..]
                .iter()
                .position(|o| seen[o.index].0 != token || o.right_to_left != level)
                .map_or(order.len(), |n| start + n);
            let joined = start > 0 && seen[order[start - 1].index].0 == token;
            let pieces: Vec<Piece> = order[start..end].iter().map(|o| seen[o.index].1).collect();
            self.token(&pieces, level, joined, page, counters);
            start = end;
        }
    }

    /// Writes one token, as several words where the style changes inside.
    fn token(
        &self,
        pieces: &[Piece],
        right_to_left: bool,
        mut joined: bool,
        page: &mut Page,
        counters: &Counters,
    ) {
        for group in
            pieces.chunk_by(|a, b| self.tokens.glyph(a).style == self.tokens.glyph(b).style)
        {
            if let Some(mut word) = self.word(group, right_to_left) {
                word.joined = joined;
                word.line = counters.line;
                word.block = counters.block;
                page.words.push(word);
                joined = true;
            }
        }
    }

    fn word(&self, pieces: &[Piece], right_to_left: bool) -> Option<Word> {
        let first = pieces.first()?;
        let glyph = self.tokens.glyph(first);
        let mut text = String::with_capacity(pieces.len());
        let mut edges = Vec::with_capacity(pieces.len() + 1);
        let (mut u0, mut u1) = (f32::INFINITY, f32::NEG_INFINITY);
        let mut end = first.u0;
        for piece in pieces {
            let u1_before = u1;
            u0 = u0.min(piece.u0);
            u1 = u1.max(piece.u1);
            let (start, stop) = if right_to_left {
                (piece.u1, piece.u0)
            } else {
                (piece.u0, piece.u1)
            };
            let glyph = self.tokens.glyph(piece);
            let count = self.tokens.glyphs.chars(glyph).count().max(1) as f32;
            for (i, c) in self.tokens.glyphs.chars(glyph).enumerate() {
                if let Some(composed) = accented(&text, c, piece, u1_before) {
                    text.pop();
                    text.push(composed);
                    continue;
                }
                let u = start + (stop - start) * i as f32 / count;
                edges.push(self.tokens.frame.edge(u, piece.v));
                text.push(c);
            }
            end = stop;
        }
        edges.push(self.tokens.frame.edge(end, first.v));
        let count = text.chars().count();
        let text = finish(text);
        if text.is_empty() {
            return None;
        }
        if text.chars().count() != count {
            edges.clear();
        }
        let direction = if right_to_left && self.tokens.frame.writing.direction == Direction::Ltr {
            Direction::Rtl
        } else {
            self.tokens.frame.writing.direction
        };
        Some(Word {
            text,
            bounds: self.tokens.frame.bounds(u0, u1, first.v, glyph.size),
            edges,
            style: glyph.style,
            line: 0,
            block: 0,
            direction,
            hyphenated: false,
            joined: false,
        })
    }
}

/// The last letter of `text` with the accent `c`, where `c` is one and stands
/// over it.
fn accented(text: &str, c: char, piece: &Piece, end: f32) -> Option<char> {
    if c.is_ascii_alphanumeric() {
        return None;
    }
    let mark = clean::accent(c)?;
    let over = f32::midpoint(piece.u0, piece.u1) <= end + 0.05 * (end - piece.u0).abs();
    let base = match text.chars().next_back()? {
        'ı' => 'i',
        'ȷ' => 'j',
        other => other,
    };
    let composed = unicode_normalization::char::compose(base, mark);
    composed.filter(|_| over)
}

/// Normal form, and soft hyphens only where they show: at the end.
fn finish(text: String) -> String {
    if text.is_ascii() {
        return text;
    }
    let mut text = clean::nfc(text);
    if text.contains('\u{ad}') {
        let shows = text.ends_with('\u{ad}') && text.chars().count() > 1;
        text.retain(|c| c != '\u{ad}');
        if shows {
            text.push('-');
        }
    }
    text
}

/// Marks words that end a line in a hyphen and go on in the next.
fn hyphens(words: &mut [Word]) {
    for index in 1..words.len() {
        let (before, after) = words.split_at_mut(index);
        let (Some(word), Some(next)) = (before.last_mut(), after.first()) else {
            continue;
        };
        if next.line == word.line {
            continue;
        }
        let letter_before = word
            .text
            .chars()
            .rev()
            .nth(1)
            .is_some_and(char::is_alphabetic);
        let same_block = next.block == word.block;
        // Into the next column or page region only what cannot start a
        // sentence or a label.
        let goes_on = |c: char| c.is_lowercase() || same_block && c.is_alphabetic();
        word.hyphenated = word.text.ends_with('-')
            && letter_before
            && next.text.chars().next().is_some_and(goes_on);
    }
}
