//! Page furniture: running headers, footers and page numbers, told from the
//! body because they repeat at the same place, or count with the pages.

use model::{Page, Rect, TextSource};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::evidence::letters;

/// Share of the pages (of all, or of one side of a double-sided layout) on
/// which a line must repeat.
const SHARE: f32 = 0.6;

/// Share of the page height, at the top and at the bottom, where furniture is
/// looked for.
const ZONE: f32 = 0.15;

/// Lines within this many points of each other are at the same place.
const BIN: f32 = 4.0;

/// With fewer pages a number that counts with them may be chance; the rest of
/// its line must repeat.
const FEW: usize = 4;

/// Stands for the page's own number in [`Line::text`].
const NUMBER: char = '\u{1}';

/// Stands for the number of pages.
const TOTAL: char = '\u{2}';

/// The furniture of one document.
#[derive(Debug, Default)]
pub struct Furniture {
    /// Its lines, page by page.
    pub lines: Vec<Line>,
    /// Per page, per word: whether the word belongs to it.
    words: Vec<Vec<bool>>,
}

impl Furniture {
    /// Whether a word of the page at index `page` is furniture.
    pub fn has(&self, page: usize, word: usize) -> bool {
        self.words
            .get(page)
            .and_then(|words| words.get(word))
            .copied()
            .unwrap_or(false)
    }

    /// Page indices by the numbers printed on the pages.
    pub fn printed(&self) -> FxHashMap<i64, usize> {
        self.lines
            .iter()
            .filter_map(|line| Some((line.number?, line.page)))
            .collect()
    }
}

/// One line of furniture on one page.
#[derive(Clone, Debug)]
pub struct Line {
    /// Index of the page.
    pub page: usize,
    /// Indices of its words on the page.
    pub words: Vec<usize>,
    /// Its words, the page's number replaced by a sign of its own.
    pub text: String,
    /// Box, points.
    pub bounds: Rect,
    /// At the top of the page, or else at the bottom.
    pub top: bool,
    /// Holds the page's number, as printed.
    pub number: Option<i64>,
}

impl Line {
    /// Height of its letters, so that a title and a heading of the same words
    /// are told apart.
    fn height(&self) -> i32 {
        self.bounds.height().round().clamp(0.0, 1.0e6) as i32
    }

    /// Distance from the page edge it keeps to, in bins.
    fn bin(&self, height: f32) -> i32 {
        let distance = if self.top {
            self.bounds.center()[1]
        } else {
            height - self.bounds.center()[1]
        };
        // Hostile coordinates must not overflow what is counted from here.
        (distance / BIN).round().clamp(-1.0e6, 1.0e6) as i32
    }
}

/// The furniture of two documents; what one shows to be furniture is furniture
/// in the other.
pub fn find(old: &[&Page], new: &[&Page]) -> [Furniture; 2] {
    let mut candidates = [candidates(old), candidates(new)];
    let mut chosen: [Vec<bool>; 2] = [Vec::new(), Vec::new()];
    for (side, pages) in [old, new].into_iter().enumerate() {
        mask_numbers(&mut candidates[side], pages);
        chosen[side] = repeated(&candidates[side], pages);
    }
    // Where a text is furniture: a heading of the same words may begin a page.
    let mut places: FxHashMap<String, Vec<(bool, i32, i32)>> = FxHashMap::default();
    for (side, pages) in [old, new].into_iter().enumerate() {
        for (line, _) in candidates[side]
            .iter()
            .zip(&chosen[side])
            .filter(|(_, chosen)| **chosen)
        {
            let bin = line.bin(pages[line.page].size[1]);
            let place = (line.top, bin, line.height());
            let known = places.entry(line.text.clone()).or_default();
            if !known.contains(&place) {
                known.push(place);
            }
        }
    }
    // The second engine reads marks otherwise.
    let mut by_letters: FxHashMap<String, Vec<(bool, i32, i32)>> = FxHashMap::default();
    for (text, known) in &places {
        let alike = by_letters.entry(letters(text)).or_default();
        alike.extend_from_slice(known);
    }
    let mut out = [Furniture::default(), Furniture::default()];
    for (side, pages) in [old, new].into_iter().enumerate() {
        out[side].words = pages.iter().map(|p| vec![false; p.words.len()]).collect();
        for (line, chosen) in candidates[side].drain(..).zip(&chosen[side]) {
            let bin = line.bin(pages[line.page].size[1]);
            let here = |known: &Vec<(bool, i32, i32)>| {
                known.iter().any(|&(top, at, height)| {
                    top == line.top && at.abs_diff(bin) <= 2 && height.abs_diff(line.height()) <= 1
                })
            };
            let second = pages[line.page].coverage.text_source == TextSource::SecondOpinion;
            let elsewhere = || {
                places.get(&line.text).is_some_and(here)
                    || second && by_letters.get(&letters(&line.text)).is_some_and(here)
            };
            if !chosen && !elsewhere() {
                continue;
            }
            for &word in &line.words {
                if let Some(flag) = out[side].words[line.page].get_mut(word) {
                    *flag = true;
                }
            }
            out[side].lines.push(line);
        }
    }
    out
}

/// All lines in the top and bottom zones, page by page.
fn candidates(pages: &[&Page]) -> Vec<Line> {
    let mut lines = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        let height = page.size[1];
        let zone = height * ZONE;
        let mut open: Option<(u32, Line)> = None;
        for (at, word) in page.words.iter().enumerate() {
            let y = word.bounds.center()[1];
            let top = y < zone;
            if !(top || y > height - zone) || !word.bounds.is_finite() {
                continue;
            }
            match &mut open {
                Some((number, line)) if *number == word.line && line.top == top => {
                    line.words.push(at);
                    if !word.joined {
                        line.text.push(' ');
                    }
                    line.text.push_str(&word.text);
                    line.bounds = line.bounds.union(&word.bounds);
                }
                _ => {
                    lines.extend(open.take().map(|(_, line)| line));
                    open = Some((
                        word.line,
                        Line {
                            page: index,
                            words: vec![at],
                            text: word.text.clone(),
                            bounds: word.bounds,
                            top,
                            number: None,
                        },
                    ));
                }
            }
        }
        lines.extend(open.take().map(|(_, line)| line));
    }
    lines
}

/// Finds the numbers that count with the pages and masks them.
fn mask_numbers(lines: &mut [Line], pages: &[&Page]) {
    let number_of = |line: &Line| i64::from(pages[line.page].number);
    let height_of = |line: &Line| pages[line.page].size[1];
    let mut votes: FxHashMap<(bool, i32, i64), u32> = FxHashMap::default();
    for line in lines.iter() {
        for value in integers(&line.text) {
            let delta = value - number_of(line);
            *votes
                .entry((line.top, line.bin(height_of(line)), delta))
                .or_default() += 1;
        }
    }
    // A number that counts with this many pages is no accident.
    let needed = (pages.len() / 4).clamp(2, 5) as u32;
    let total = pages.last().map_or(0, |p| i64::from(p.number));
    for line in lines.iter_mut() {
        let bin = line.bin(height_of(line));
        let number = number_of(line);
        let counts = |value: i64| {
            (-1..=1)
                .map(|by| {
                    votes
                        .get(&(line.top, bin + by, value - number))
                        .copied()
                        .unwrap_or(0)
                })
                .sum::<u32>()
                >= needed
        };
        if !integers(&line.text).any(counts) {
            continue;
        }
        let last = line.text.split(' ').count() - 1;
        // “12 Manual”, “Manual 12”, “Page 12 of 44”: a number in the midst of a
        // sentence is none.
        let at_edge = |i: usize| i == 0 || i == last || last <= 5;
        let mut masked = String::with_capacity(line.text.len());
        let mut printed = None;
        for (i, part) in line.text.split(' ').enumerate() {
            if i > 0 {
                masked.push(' ');
            }
            match integer(part) {
                Some(value) if printed.is_none() && at_edge(i) && counts(value) => {
                    printed = Some(value);
                    masked.push_str(&replace_number(part, NUMBER));
                }
                Some(value) if printed.is_some() && value == total => {
                    masked.push_str(&replace_number(part, TOTAL));
                }
                _ => masked.push_str(part),
            }
        }
        line.text = masked;
        line.number = printed;
    }
}

/// Which lines repeat, or hold the page's number.
fn repeated(lines: &[Line], pages: &[&Page]) -> Vec<bool> {
    let mut sides = [0u32; 2];
    for page in pages {
        sides[page.number as usize % 2] += 1;
    }
    // Pages on which a text stands at a place, by odd and even pages.
    let mut counts: FxHashMap<(bool, i32, i32, &str), [u32; 2]> = FxHashMap::default();
    let mut seen: FxHashSet<(usize, bool, i32, &str)> = FxHashSet::default();
    for line in lines {
        let bin = line.bin(pages[line.page].size[1]);
        if seen.insert((line.page, line.top, bin, &line.text)) {
            counts
                .entry((line.top, bin, line.height(), &line.text))
                .or_default()[pages[line.page].number as usize % 2] += 1;
        }
    }
    lines
        .iter()
        .map(|line| {
            let bin = line.bin(pages[line.page].size[1]);
            let mut count = [0u32; 2];
            for by in -1..=1 {
                if let Some(c) =
                    counts.get(&(line.top, bin + by, line.height(), line.text.as_str()))
                {
                    count = [count[0] + c[0], count[1] + c[1]];
                }
            }
            let both = count[0] + count[1];
            let enough = |count: u32, of: u32| count >= 2 && count as f32 >= SHARE * of as f32;
            (line.number.is_some() && (pages.len() >= FEW || both >= 2))
                || enough(both, sides[0] + sides[1])
                || (both >= 3 && (enough(count[0], sides[0]) || enough(count[1], sides[1])))
        })
        .collect()
}

fn integers(text: &str) -> impl Iterator<Item = i64> {
    text.split(' ').filter_map(integer)
}

/// The number a word is, apart from brackets, dashes and bars around it.
fn integer(word: &str) -> Option<i64> {
    let digits = word.trim_matches(|c: char| !c.is_alphanumeric());
    if !digits.is_empty() && digits.len() <= 6 && digits.bytes().all(|b| b.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        super::token::roman(digits)
    }
}

fn replace_number(word: &str, sign: char) -> String {
    let digits = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.replacen(digits, sign.encode_utf8(&mut [0; 4]), 1)
}
