//! Glyphs to words: rows by baseline, words by gaps, lines by neighbourhood.
//!
//! Everything works on positions alone, never on the order a producer drew
//! in, so that a re-saved page gives the same words in the same order.

use model::{Direction, Page, Word};

use crate::clean;
use crate::frame::Frame;
use crate::glyph::{Glyph, Glyphs, Meaning};
use crate::layout::{self, Item};
use crate::rtl;

/// Gap that separates words, in font sizes.
const WORD_GAP: f32 = 0.1;
/// Gap that separates words of different size on one baseline.
const RESIZED_GAP: f32 = 0.05;
/// How far a glyph may start before the one in front of it ends: kerning and
/// slanted letters do, labels printed over each other do more.
const OVERLAP: f32 = 0.35;
/// Gap that separates words where the file draws a space there.
const SPACED_GAP: f32 = 0.04;
/// Gap that separates ideographs, which justified lines pull apart.
const IDEOGRAPH_GAP: f32 = 0.45;
/// Gap up to which words make up one run of a line, in font sizes.
const RUN_GAP: f32 = 0.8;
/// Distance within which the same glyph drawn again is the same glyph (fake
/// bold), in font sizes.
const DOUBLE: f32 = 0.12;

/// One glyph in reading space.
#[derive(Clone, Copy)]
struct Piece {
    u0: f32,
    u1: f32,
    v: f32,
    glyph: u32,
}

/// Glyphs without a gap between them, left to right as seen.
#[derive(Clone, Copy, Debug)]
struct Token {
    u0: f32,
    u1: f32,
    v: f32,
    size: f32,
    /// Range in [`Builder::sequence`].
    start: u32,
    end: u32,
    /// Drawn space before it.
    spaced: bool,
}

/// Tokens next to each other on one baseline, later a line.
#[derive(Clone, Debug)]
struct Run {
    u0: f32,
    u1: f32,
    v: f32,
    size: f32,
    tokens: Vec<Token>,
}

struct Builder<'g> {
    glyphs: &'g Glyphs,
    frame: Frame,
    /// Glyph indices and where they are, in the order of the tokens.
    sequence: Vec<Piece>,
}

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
        let mut builder = Builder {
            glyphs,
            frame: Frame::new(glyphs.frames[index as usize]),
            sequence: Vec::with_capacity(glyphs.list.len()),
        };
        let runs = builder.runs(index);
        builder.emit(runs, page, &mut counters);
    }
}

#[derive(Default)]
struct Counters {
    line: u32,
    block: u32,
}

impl Builder<'_> {
    fn glyph(&self, piece: &Piece) -> &Glyph {
        &self.glyphs.list[piece.glyph as usize]
    }

    /// Runs of tokens on common baselines.
    fn runs(&mut self, frame: u16) -> Vec<Run> {
        let mut pieces: Vec<Piece> = (0u32..)
            .zip(&self.glyphs.list)
            .filter(|(_, glyph)| glyph.frame == frame)
            .map(|(index, glyph)| {
                let [u, v] = self.frame.enter(glyph.origin);
                let end = [
                    glyph.origin[0] + glyph.advance[0],
                    glyph.origin[1] + glyph.advance[1],
                ];
                let [end, _] = self.frame.enter(end);
                Piece {
                    u0: u.min(end),
                    u1: u.max(end),
                    v,
                    glyph: index,
                }
            })
            .collect();
        pieces.sort_unstable_by(|a, b| a.v.total_cmp(&b.v).then(a.glyph.cmp(&b.glyph)));
        let mut runs = Vec::new();
        let mut start = 0;
        while start < pieces.len() {
            let end = self.row_end(&pieces, start);
            let row = &mut pieces[start..end];
            row.sort_unstable_by(|a, b| a.u0.total_cmp(&b.u0).then(a.glyph.cmp(&b.glyph)));
            let tokens = self.tokens(row);
            split_runs(tokens, &mut runs);
            start = end;
        }
        attach(runs)
    }

    /// Where the row that starts at `start` ends: at the first step in `v`
    /// that rounding does not explain.
    fn row_end(&self, pieces: &[Piece], start: usize) -> usize {
        let first = &pieces[start];
        let mut last = first;
        for (index, piece) in pieces.iter().enumerate().skip(start + 1) {
            let size = self.glyph(piece).size.min(self.glyph(last).size);
            if piece.v - last.v > 0.03 * size || piece.v - first.v > 0.25 * size {
                return index;
            }
            last = piece;
        }
        pieces.len()
    }

    /// Cuts a row, sorted along the baseline, into tokens.
    ///
    /// Labels of a drawing overlap, so a glyph goes on the token it fits best
    /// of the last few.
    fn tokens(&mut self, row: &[Piece]) -> Vec<Token> {
        const NONE: u32 = u32::MAX;
        let bases = self.accents(row);
        let mut tokens: Vec<Token> = Vec::new();
        let mut last: Vec<u32> = Vec::new();
        let mut owner = vec![NONE; row.len()];
        let mut space: Option<f32> = None;
        for (index, piece) in row.iter().enumerate() {
            let glyph = *self.glyph(piece);
            if glyph.meaning == Meaning::Space {
                space = Some(piece.u0);
                continue;
            }
            if bases.iter().any(|(mark, _)| *mark == index) || self.doubled(row, index, &owner) {
                continue;
            }
            let spaced = |token: &Token| space.is_some_and(|u| u > token.u1 - 0.3 * token.size);
            let recent = tokens.len().saturating_sub(4);
            let best = tokens[recent..]
                .iter()
                .enumerate()
                .filter_map(|(i, token)| {
                    let previous = self.glyph(&row[last[recent + i] as usize]);
                    let gap = piece.u0 - token.u1;
                    let size = previous.size.max(glyph.size);
                    let limit = if spaced(token) {
                        SPACED_GAP
                    } else if self.ideographs(previous, &glyph) {
                        IDEOGRAPH_GAP
                    } else if (previous.size - glyph.size).abs() > 0.08 * size {
                        RESIZED_GAP
                    } else {
                        WORD_GAP
                    };
                    let fits = gap <= limit * size && gap > -OVERLAP * size;
                    fits.then_some((
                        recent + i,
                        gap.abs() + f32::from(previous.style != glyph.style),
                    ))
                })
                .min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((at, _)) = best {
                let token = &mut tokens[at];
                token.u1 = token.u1.max(piece.u1);
                token.size = token.size.max(glyph.size);
                owner[index] = at as u32;
                last[at] = index as u32;
            } else {
                owner[index] = tokens.len() as u32;
                last.push(index as u32);
                tokens.push(Token {
                    u0: piece.u0,
                    u1: piece.u1,
                    v: piece.v,
                    size: glyph.size,
                    start: 0,
                    end: 0,
                    spaced: tokens.last().is_some_and(spaced),
                });
            }
        }
        for (mark, base) in bases {
            owner[mark] = owner[base];
        }
        self.place(row, &owner, &mut tokens);
        self.unspread(tokens)
    }

    /// Writes the pieces of a row to the sequence, token by token.
    fn place(&mut self, row: &[Piece], owner: &[u32], tokens: &mut [Token]) {
        for at in owner {
            if let Some(token) = tokens.get_mut(*at as usize) {
                token.end += 1;
            }
        }
        let mut start = self.sequence.len() as u32;
        for token in tokens.iter_mut() {
            token.start = start;
            start += token.end;
            token.end = token.start;
        }
        let blank = Piece {
            u0: 0.0,
            u1: 0.0,
            v: 0.0,
            glyph: 0,
        };
        self.sequence.resize(start as usize, blank);
        for (piece, at) in row.iter().zip(owner) {
            if let Some(token) = tokens.get_mut(*at as usize) {
                self.sequence[token.end as usize] = *piece;
                token.end += 1;
            }
        }
        for token in tokens {
            let pieces = &mut self.sequence[token.start as usize..token.end as usize];
            let glyphs = self.glyphs;
            let mark =
                |p: &Piece| first_char(glyphs, p).is_some_and(|c| clean::accent(c).is_some());
            // An accent drawn before its letter is written after it.
            for index in 1..pieces.len() {
                let (accent, letter) = (pieces[index - 1], pieces[index]);
                let middle = f32::midpoint(accent.u0, accent.u1);
                if mark(&accent) && !mark(&letter) && middle >= letter.u0 - 0.05 * token.size {
                    pieces.swap(index - 1, index);
                }
            }
        }
    }

    /// Accents drawn over another glyph of the row, with that glyph.
    fn accents(&self, row: &[Piece]) -> Vec<(usize, usize)> {
        let accent =
            |i: usize| first_char(self.glyphs, &row[i]).is_some_and(|c| clean::accent(c).is_some());
        let mut found = Vec::new();
        for (index, piece) in row.iter().enumerate() {
            if first_char(self.glyphs, piece).is_none_or(|c| c.is_ascii_alphanumeric())
                || !accent(index)
            {
                continue;
            }
            let middle = f32::midpoint(piece.u0, piece.u1);
            let slack = 0.05 * self.glyph(piece).size;
            let from = index.saturating_sub(2);
            let base = (from..row.len().min(index + 3)).find(|i| {
                let other = &row[*i];
                *i != index
                    && !accent(*i)
                    && self.glyph(other).meaning != Meaning::Space
                    && middle >= other.u0 - slack
                    && middle <= other.u1 + slack
            });
            if let Some(base) = base {
                found.push((index, base));
            }
        }
        found
    }

    /// Whether an earlier glyph of the row already shows the one at `index`.
    fn doubled(&self, row: &[Piece], index: usize, owner: &[u32]) -> bool {
        let piece = &row[index];
        let glyph = self.glyph(piece);
        let reach = (DOUBLE * glyph.size).min(0.6 * (piece.u1 - piece.u0));
        (0..index)
            .rev()
            .take(12)
            .take_while(|i| piece.u0 - row[*i].u0 <= reach)
            .any(|i| {
                let other = self.glyph(&row[i]);
                owner[i] != u32::MAX
                    && (other.size - glyph.size).abs() < 0.1 * glyph.size
                    && self.glyphs.chars(other).eq(self.glyphs.chars(glyph))
            })
    }

    fn ideographs(&self, a: &Glyph, b: &Glyph) -> bool {
        let is = |glyph: &Glyph| self.glyphs.chars(glyph).all(is_ideograph);
        is(a) && is(b)
    }

    /// Puts letterspaced words together again: four or more single letters in
    /// a row at about the same distance, with no space drawn between them.
    fn unspread(&self, tokens: Vec<Token>) -> Vec<Token> {
        let single = |token: &Token| {
            token.end - token.start == 1
                && self
                    .glyphs
                    .chars(self.glyph(&self.sequence[token.start as usize]))
                    .all(char::is_alphabetic)
        };
        let near = |a: &Token, b: &Token| {
            !b.spaced && b.u0 - a.u1 < 0.8 * a.size && (a.size - b.size).abs() < 0.05 * a.size
        };
        let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
        let mut start = 0;
        while start < tokens.len() {
            let mut end = start + 1;
            while end < tokens.len()
                && single(&tokens[end - 1])
                && single(&tokens[end])
                && near(&tokens[end - 1], &tokens[end])
            {
                end += 1;
            }
            let group = &tokens[start..end];
            if group.len() < 4 {
                out.extend(group);
                start = end;
                continue;
            }
            let gap = |pair: &[Token]| pair[1].u0 - pair[0].u1;
            let least = group.windows(2).map(gap).fold(f32::INFINITY, f32::min);
            out.push(group[0]);
            for pair in group.windows(2) {
                match out.last_mut() {
                    Some(word) if gap(pair) <= least + 0.12 * pair[1].size => {
                        word.end = pair[1].end;
                        word.u1 = pair[1].u1;
                    }
                    _ => out.push(pair[1]),
                }
            }
            start = end;
        }
        out
    }

    /// Orders the runs and writes their words.
    fn emit(&self, runs: Vec<Run>, page: &mut Page, counters: &mut Counters) {
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
        if self.frame.writing.degrees != 0 {
            return false;
        }
        let (mut left, mut right) = (0, 0);
        for piece in &self.sequence {
            for c in self.glyphs.chars(self.glyph(piece)) {
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
            self.pieces(token)
                .iter()
                .any(|p| self.glyphs.chars(self.glyph(p)).any(rtl::is_right_to_left))
        });
        if !any_rtl {
            let mut before: Option<&Token> = None;
            for token in tokens {
                let touching = before.is_some_and(|b| touch(b, token));
                self.token(self.pieces(token), false, touching, page, counters);
                before = Some(token);
            }
            return;
        }
        // As seen, left to right, each piece with the token it belongs to.
        let seen: Vec<(usize, Piece)> = tokens
            .iter()
            .enumerate()
            .flat_map(|(index, token)| self.pieces(token).iter().map(move |p| (index, *p)))
            .collect();
        let chars = |i: usize| self.glyphs.chars(self.glyph(&seen[i].1));
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

    fn pieces(&self, token: &Token) -> &[Piece] {
        &self.sequence[token.start as usize..token.end as usize]
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
        for group in pieces.chunk_by(|a, b| self.glyph(a).style == self.glyph(b).style) {
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
        let glyph = self.glyph(first);
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
            let glyph = self.glyph(piece);
            let count = self.glyphs.chars(glyph).count().max(1) as f32;
            for (i, c) in self.glyphs.chars(glyph).enumerate() {
                if let Some(composed) = accented(&text, c, piece, u1_before) {
                    text.pop();
                    text.push(composed);
                    continue;
                }
                let u = start + (stop - start) * i as f32 / count;
                edges.push(self.frame.edge(u, piece.v));
                text.push(c);
            }
            end = stop;
        }
        edges.push(self.frame.edge(end, first.v));
        let count = text.chars().count();
        let text = finish(text);
        if text.is_empty() {
            return None;
        }
        if text.chars().count() != count {
            edges.clear();
        }
        let direction = if right_to_left && self.frame.writing.direction == Direction::Ltr {
            Direction::Rtl
        } else {
            self.frame.writing.direction
        };
        Some(Word {
            text,
            bounds: self.frame.bounds(u0, u1, first.v, glyph.size),
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

fn first_char(glyphs: &Glyphs, piece: &Piece) -> Option<char> {
    glyphs.chars(&glyphs.list[piece.glyph as usize]).next()
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

/// Whether no space separates two neighbours on a line.
fn touch(a: &Token, b: &Token) -> bool {
    let gap = b.u0 - a.u1;
    !b.spaced && gap < WORD_GAP * a.size.max(b.size)
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

/// Cuts the tokens of a row into runs.
fn split_runs(tokens: Vec<Token>, runs: &mut Vec<Run>) {
    let mut open = false;
    for token in tokens {
        if let Some(run) = runs.last_mut()
            && open
            && token.u0 - run.u1 <= RUN_GAP * run.size.max(token.size)
        {
            run.u1 = run.u1.max(token.u1);
            run.size = run.size.max(token.size);
            run.tokens.push(token);
            continue;
        }
        open = true;
        runs.push(Run {
            u0: token.u0,
            u1: token.u1,
            v: token.v,
            size: token.size,
            tokens: vec![token],
        });
    }
}

/// Attaches superscripts, subscripts and words a little off the baseline to
/// the line they belong to. `runs` are sorted by `v`.
fn attach(mut runs: Vec<Run>) -> Vec<Run> {
    let mut host: Vec<Option<usize>> = vec![None; runs.len()];
    let largest = runs.iter().map(|r| r.size).fold(0.0, f32::max);
    for index in 0..runs.len() {
        let run = &runs[index];
        let reach = 0.5 * largest;
        let before = runs[..index].iter().enumerate().rev();
        let before = before.take_while(|(_, other)| run.v - other.v <= reach);
        let after = runs.iter().enumerate().skip(index + 1);
        let after = after.take_while(|(_, other)| other.v - run.v <= reach);
        host[index] = before
            .chain(after)
            .filter(|(other, candidate)| belongs(run, index, candidate, *other))
            .min_by(|(_, a), (_, b)| distance(run, a).total_cmp(&distance(run, b)))
            .map(|(other, _)| other);
    }
    for index in 0..runs.len() {
        let Some(mut root) = host[index] else {
            continue;
        };
        // Hosts are larger or earlier, so chains end.
        for _ in 0..8 {
            match host[root] {
                Some(next) if next != index => root = next,
                _ => break,
            }
        }
        if host[root].is_some() || root == index {
            continue;
        }
        let tokens = std::mem::take(&mut runs[index].tokens);
        let (u0, u1) = (runs[index].u0, runs[index].u1);
        let target = &mut runs[root];
        target.u0 = target.u0.min(u0);
        target.u1 = target.u1.max(u1);
        target.tokens.extend(tokens);
    }
    runs.retain(|run| !run.tokens.is_empty());
    runs
}

fn distance(run: &Run, host: &Run) -> f32 {
    let gap = (run.u0 - host.u1).max(host.u0 - run.u1).max(0.0);
    gap + (run.v - host.v).abs()
}

/// Whether `run` is a part of the line `host` set a little higher or lower.
fn belongs(run: &Run, index: usize, host: &Run, host_index: usize) -> bool {
    let dv = (run.v - host.v).abs();
    let smaller = run.size < 0.92 * host.size;
    let jitter = dv <= 0.28 * run.size.min(host.size)
        && (host.size - run.size).abs() < 0.35 * host.size
        && (host.u1 - host.u0, host_index) > (run.u1 - run.u0, index);
    if !(jitter || smaller && dv <= 0.5 * host.size) {
        return false;
    }
    let near = 0.35 * host.size;
    if run.u0 > host.u1 + near || run.u1 < host.u0 - near {
        return false;
    }
    // Not where the line already has something.
    host.tokens.iter().all(|token| {
        let shared = run.u1.min(token.u1) - run.u0.max(token.u0);
        shared <= 0.4 * (run.u1 - run.u0).min(token.u1 - token.u0)
    })
}

/// Characters of scripts that are written without spaces.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3100}'..='\u{318f}'
        | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3134f}')
}
