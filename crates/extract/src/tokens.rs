//! Rows by baseline, tokens by gaps, runs by neighbourhood: what stands
//! together on a page, from positions alone.

use crate::clean;
use crate::frame::Frame;
use crate::glyph::{Glyph, Glyphs, Meaning};

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

/// No token, no glyph.
const NONE: u32 = u32::MAX;

/// One glyph in reading space.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    pub u0: f32,
    pub u1: f32,
    pub v: f32,
    pub glyph: u32,
}

/// Glyphs without a gap between them, left to right as seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub u0: f32,
    pub u1: f32,
    pub v: f32,
    pub size: f32,
    /// Range in [`Tokens::sequence`].
    pub start: u32,
    pub end: u32,
    /// Drawn space before it.
    pub spaced: bool,
}

/// Tokens next to each other on one baseline, later a line.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub u0: f32,
    pub u1: f32,
    pub v: f32,
    pub size: f32,
    pub tokens: Vec<Token>,
}

/// Finds the tokens of one way of writing.
pub(crate) struct Tokens<'g> {
    pub glyphs: &'g Glyphs,
    pub frame: Frame,
    /// The glyphs of the tokens, token by token.
    pub sequence: Vec<Piece>,
}

impl<'g> Tokens<'g> {
    pub fn new(glyphs: &'g Glyphs, frame: Frame) -> Self {
        Self {
            glyphs,
            frame,
            sequence: Vec::with_capacity(glyphs.list.len()),
        }
    }

    /// The glyphs of a token, left to right as seen.
    pub fn pieces(&self, token: &Token) -> &[Piece] {
        &self.sequence[token.start as usize..token.end as usize]
    }

    pub fn glyph(&self, piece: &Piece) -> &Glyph {
        &self.glyphs.list[piece.glyph as usize]
    }

    /// Runs of tokens on common baselines, for the glyphs of one frame.
    pub fn runs(&mut self, frame: u16) -> Vec<Run> {
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
            if bases.get(index).is_some_and(|base| *base != NONE)
                || self.doubled(row, index, &owner)
            {
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
        for (mark, base) in bases.into_iter().enumerate() {
            if base != NONE {
                owner[mark] = owner[base as usize];
            }
        }
        self.place(row, &owner, &mut tokens);
        self.unspread(&tokens)
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
            let mark = |p: &Piece| first_char(glyphs, p).is_some_and(clean::is_mark);
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

    /// For each glyph of the row the one it is drawn over as an accent, or
    /// [`NONE`]; empty where there are no accents.
    fn accents(&self, row: &[Piece]) -> Vec<u32> {
        let accent = |i: usize| first_char(self.glyphs, &row[i]).is_some_and(clean::is_mark);
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
                found.resize(row.len(), NONE);
                found[index] = base as u32;
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
                owner[i] != NONE
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
    fn unspread(&self, tokens: &[Token]) -> Vec<Token> {
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
}

fn first_char(glyphs: &Glyphs, piece: &Piece) -> Option<char> {
    glyphs.chars(&glyphs.list[piece.glyph as usize]).next()
}

/// Whether no space separates two neighbours on a line.
pub(crate) fn touch(a: &Token, b: &Token) -> bool {
    let gap = b.u0 - a.u1;
    !b.spaced && gap < WORD_GAP * a.size.max(b.size)
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
    let mut nearest = vec![f32::INFINITY; runs.len()];
    for (index, candidate) in runs.iter().enumerate() {
        let reach = 0.5 * candidate.size;
        let before = runs[..index].iter().enumerate().rev();
        let before = before.take_while(|(_, run)| candidate.v - run.v <= reach);
        let after = runs.iter().enumerate().skip(index + 1);
        let after = after.take_while(|(_, run)| run.v - candidate.v <= reach);
        for (other, run) in before.chain(after) {
            let away = distance(run, candidate);
            if away < nearest[other] && belongs(run, other, candidate, index) {
                nearest[other] = away;
                host[other] = Some(index);
            }
        }
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
    // A letter raised into the one before it (LaTeX) is not on top of it.
    let allowed = if smaller && dv <= 0.3 * host.size && run.tokens.len() == 1 {
        0.75
    } else {
        0.4
    };
    host.tokens.iter().all(|token| {
        let shared = run.u1.min(token.u1) - run.u0.max(token.u0);
        shared <= allowed * (run.u1 - run.u0).min(token.u1 - token.u0)
    })
}

/// Characters of scripts that are written without spaces.
fn is_ideograph(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{2fdf}' | '\u{3000}'..='\u{30ff}' | '\u{3100}'..='\u{318f}'
        | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3134f}')
}
