//! Words as a stream of comparable tokens.
//!
//! A token is a word without its punctuation, one punctuation mark, or one
//! character of a script without spaces (Unicode Standard Annex #29 word
//! boundaries). Pieces of one word (a style change inside it, a hyphen at the
//! line's end) are glued first, so layout never shows in the stream.

use std::borrow::Cow;

use model::{Page, Word};
use rustc_hash::FxHashMap;
use unicode_segmentation::UnicodeSegmentation;

/// One token: where it lies in [`Stream::words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First word it takes part of.
    pub first: u32,
    /// Last word it takes part of.
    pub last: u32,
    /// Byte in the first word where it starts.
    pub from: u32,
    /// Byte in the last word where it ends.
    pub to: u32,
    /// Follows the dots that lead to a page number.
    pub led: bool,
}

/// One word of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordAt {
    /// Index of the page among the pages compared.
    pub page: u32,
    /// Index into [`Page::words`].
    pub word: u32,
}

/// What a token is made of: how much its equality proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Punctuation or a symbol.
    Mark,
    /// A short or very common word.
    Common,
    /// One character of a script without spaces.
    Character,
    /// Any other word or number.
    Word,
}

impl Class {
    /// How much an equal token of this class proves; a word is 1.
    pub fn weight(self) -> f32 {
        match self {
            Self::Mark => 0.1,
            Self::Common => 0.4,
            Self::Character => 0.5,
            Self::Word => 1.0,
        }
    }
}

/// Token texts of both documents, numbered.
#[derive(Default)]
pub struct Interner<'a> {
    numbers: FxHashMap<Cow<'a, str>, u32>,
    classes: Vec<Class>,
    fold_case: bool,
}

impl<'a> Interner<'a> {
    /// An empty table; `fold_case` makes upper and lower case equal.
    pub fn new(fold_case: bool) -> Self {
        Self {
            fold_case,
            ..Self::default()
        }
    }

    /// The number of `text`.
    pub fn number(&mut self, text: Cow<'a, str>) -> u32 {
        let text = if self.fold_case {
            Cow::Owned(text.to_lowercase())
        } else {
            text
        };
        if let Some(&number) = self.numbers.get(&text) {
            return number;
        }
        let number = self.classes.len() as u32;
        self.classes.push(class(&text));
        self.numbers.insert(text, number);
        number
    }

    /// What token `number` is made of.
    pub fn class(&self, number: u32) -> Class {
        self.classes
            .get(number as usize)
            .copied()
            .unwrap_or(Class::Mark)
    }

    /// How many different tokens there are.
    pub fn len(&self) -> usize {
        self.classes.len()
    }
}

/// Words that join sentences without meaning much by themselves, in the
/// languages documents are most often written in.
const COMMON: [&str; 44] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "der", "des", "die", "du", "el", "et",
    "for", "from", "has", "if", "in", "is", "it", "la", "las", "le", "les", "los", "not", "of",
    "on", "or", "that", "the", "then", "this", "to", "und", "was", "we", "will", "with", "в", "и",
    "на",
];

fn class(text: &str) -> Class {
    let mut chars = text.chars();
    let Some(first) = chars.next() else {
        return Class::Mark;
    };
    if is_unspaced(first) {
        return Class::Character;
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Class::Mark;
    }
    if (chars.next().is_none() && !first.is_numeric())
        || COMMON.binary_search(&text.to_lowercase().as_str()).is_ok()
    {
        return Class::Common;
    }
    Class::Word
}

/// Whether `c` belongs to a script written without spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c as u32,
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x2E80..=0x2FDF
        | 0x3001..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0xFF01..=0xFFEF | 0x2_0000..=0x3_FFFF)
}

/// The tokens of one document in reading order.
#[derive(Default)]
pub struct Stream<'a> {
    /// Pages compared.
    pub pages: Vec<&'a Page>,
    /// Words in stream order.
    pub words: Vec<WordAt>,
    /// Tokens in stream order.
    pub tokens: Vec<Token>,
    /// Number of each token's text; as long as `tokens`.
    pub ids: Vec<u32>,
}

impl<'a> Stream<'a> {
    /// The stream of `pages`, taken in `order` (indices into `pages`), of those
    /// words for which `keep(page index, word index)`.
    pub fn new(
        pages: &[&'a Page],
        order: impl IntoIterator<Item = usize>,
        keep: impl Fn(usize, usize) -> bool,
        interner: &mut Interner<'a>,
    ) -> Self {
        let mut stream = Self {
            pages: pages.to_vec(),
            ..Self::default()
        };
        for index in order {
            let Some(page) = pages.get(index) else {
                continue;
            };
            let mut words: Vec<usize> = (0..page.words.len())
                .filter(|&word| keep(index, word))
                .collect();
            if words_per_line(page).is_some_and(|n| n < CELLS_PER_LINE) {
                by_rows(page, &mut words);
            }
            stream.words.extend(words.into_iter().map(|word| WordAt {
                page: index as u32,
                word: word as u32,
            }));
        }
        stream.tokenise(interner);
        stream.mark_contents(interner);
        stream
    }

    /// Gives all page numbers of a table of contents one and the same number:
    /// they are compared through the page alignment. On a page with several
    /// numbers after leading dots, every number that ends a line is one.
    fn mark_contents(&mut self, interner: &mut Interner<'a>) {
        const ENOUGH: u32 = 4;
        let mut led = vec![0u32; self.pages.len()];
        for at in 0..self.tokens.len() {
            if self.tokens[at].led && self.value(at).is_some() {
                led[self.page_of(at) as usize] += 1;
            }
        }
        if led.iter().all(|&n| n == 0) {
            return;
        }
        let number = interner.number(Cow::Borrowed(PAGE_NUMBER));
        for at in 0..self.tokens.len() {
            let contents = led[self.page_of(at) as usize] >= ENOUGH;
            let ends_line = || {
                let line = |i: usize| self.word_of(i).map(|w| (w.line, w.block));
                line(at + 1) != line(at) && at > 0 && line(at - 1) == line(at)
            };
            if self.value(at).is_some() && (self.tokens[at].led || (contents && ends_line())) {
                self.tokens[at].led = true;
                self.ids[at] = number;
            } else {
                self.tokens[at].led = false;
            }
        }
    }

    /// The number token `at` is, Roman or decimal.
    pub fn value(&self, at: usize) -> Option<i64> {
        let token = self.tokens.get(at).filter(|t| t.first == t.last)?;
        let text = self
            .word(token.first)?
            .text
            .get(token.from as usize..token.to as usize)?;
        if text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit()) {
            text.parse().ok()
        } else {
            roman(text)
        }
    }

    /// The word at `index` of the stream.
    pub fn word(&self, index: u32) -> Option<&'a Word> {
        let at = self.words.get(index as usize)?;
        self.pages
            .get(at.page as usize)?
            .words
            .get(at.word as usize)
    }

    /// Index of the page token `index` starts on.
    pub fn page_of(&self, index: usize) -> u32 {
        self.tokens
            .get(index)
            .and_then(|t| self.words.get(t.first as usize))
            .map_or(0, |w| w.page)
    }

    /// The word token `index` starts in.
    pub fn word_of(&self, index: usize) -> Option<&'a Word> {
        self.word(self.tokens.get(index)?.first)
    }

    fn tokenise(&mut self, interner: &mut Interner<'a>) {
        let mut glue = Glue::default();
        let mut led = false;
        let mut next = 0u32;
        while let Some(word) = self.word(next) {
            let start = next;
            next += 1;
            if self.is_leader(start) {
                led = true;
                continue;
            }
            if self.continues(start) {
                glue.clear();
                glue.push(
                    start,
                    word,
                    word.hyphenated || self.broken_over_pages(start),
                );
                while self.continues(next - 1) {
                    let Some(word) = self.word(next) else { break };
                    glue.push(next, word, word.hyphenated || self.broken_over_pages(next));
                    next += 1;
                }
                led = self.split_glued(&glue, led, interner);
            } else {
                led = self.split_plain(start, word, led, interner);
            }
        }
    }

    /// Whether the word after `index` is a piece of the same word.
    fn continues(&self, index: u32) -> bool {
        let Some(word) = self.word(index) else {
            return false;
        };
        let Some(next) = self.word(index + 1) else {
            return false;
        };
        let (here, there) = (self.words[index as usize], self.words[index as usize + 1]);
        let follows = here.page == there.page && here.word + 1 == there.word;
        if word.hyphenated {
            return word.text.chars().count() > 1 && (follows || here.page != there.page);
        }
        next.joined && follows || self.broken_over_pages(index)
    }

    /// Whether the word is the last of its page and goes on on the next, which no page can
    /// tell by itself.
    fn broken_over_pages(&self, index: u32) -> bool {
        let (Some(word), Some(next)) = (self.word(index), self.word(index + 1)) else {
            return false;
        };
        self.words[index as usize].page != self.words[index as usize + 1].page
            && goes_on(word, next)
    }

    /// Whether the word is nothing but dots that lead to a page number: many in
    /// one word, or beside another such word of the line.
    fn is_leader(&self, index: u32) -> bool {
        let dots = |index: u32| {
            self.word(index)
                .filter(|w| w.text.chars().all(|c| matches!(c, '.' | '·' | '…' | '‥')))
                .map(|w| (w.line, w.block))
        };
        let Some(line) = dots(index) else {
            return false;
        };
        let apart = |index: u32| self.word(index).is_some_and(|w| !w.joined);
        self.word(index).is_some_and(|w| w.text.len() > 3)
            || (apart(index) && index.checked_sub(1).and_then(dots) == Some(line))
            || (apart(index + 1) && dots(index + 1) == Some(line))
    }

    fn split_plain(
        &mut self,
        index: u32,
        word: &'a Word,
        mut led: bool,
        interner: &mut Interner<'a>,
    ) -> bool {
        let text: &'a str = &word.text;
        segments(text, |from, to| {
            if is_filler(&text[from..to]) {
                led = true;
                return;
            }
            self.tokens.push(Token {
                first: index,
                last: index,
                from: from as u32,
                to: to as u32,
                led,
            });
            self.ids.push(interner.number(folded(&text[from..to])));
            led = false;
        });
        led
    }

    fn split_glued(&mut self, glue: &Glue, mut led: bool, interner: &mut Interner<'a>) -> bool {
        segments(&glue.text, |from, to| {
            let text = &glue.text[from..to];
            if is_filler(text) {
                led = true;
                return;
            }
            let (first, start) = glue.place(from, false);
            let (last, end) = glue.place(to, true);
            self.tokens.push(Token {
                first,
                last,
                from: start,
                to: end,
                led,
            });
            let number = interner.number(Cow::Owned(folded(text).into_owned()));
            self.ids.push(number);
            led = false;
        });
        led
    }
}

/// Pages with fewer words to a line are tables, forms and drawings.
const WORDS_PER_LINE: f32 = 2.6;

/// Pages with fewer words to a line are tables or forms at least in part, where
/// rows are a steadier order than blocks.
const CELLS_PER_LINE: f32 = 3.6;

/// Whether the page is made of labels or cells: few words to a line.
pub fn is_soup(page: &Page) -> bool {
    words_per_line(page).is_some_and(|n| n < WORDS_PER_LINE)
}

/// Mean number of words to a line, two characters of a script without spaces
/// counting as one; `None` for pages of very few lines.
fn words_per_line(page: &Page) -> Option<f32> {
    const LINES: u32 = 4;
    let mut lines = 0u32;
    let mut words = 0u32;
    let mut last = None;
    for word in &page.words {
        if last != Some(word.line) {
            lines += 1;
            last = Some(word.line);
        }
        words += if word.text.is_ascii() {
            1
        } else {
            (word.text.chars().filter(|&c| is_unspaced(c)).count() as u32 / 2).max(1)
        };
    }
    (lines >= LINES).then(|| words as f32 / lines as f32)
}

/// Sorts words row by row. In tables and drawings the smallest edit changes
/// what extraction takes for a block; rows stay.
fn by_rows(page: &Page, words: &mut [usize]) {
    let place = |word: usize| {
        let bounds = page.words.get(word).map(|w| w.bounds);
        bounds
            .filter(model::Rect::is_finite)
            .map_or([0.0; 3], |b| [b.center()[1], b.x0, b.height()])
    };
    words.sort_by(|&a, &b| place(a)[0].total_cmp(&place(b)[0]).then(a.cmp(&b)));
    let mut from = 0;
    while let Some(&first) = words.get(from) {
        let [top, _, height] = place(first);
        let row = words[from..]
            .iter()
            .take_while(|&&w| place(w)[0] - top <= 0.5 * height)
            .count()
            .max(1);
        words[from..from + row]
            .sort_by(|&a, &b| place(a)[1].total_cmp(&place(b)[1]).then(a.cmp(&b)));
        from += row;
    }
}

/// Stands for every page number of a table of contents.
const PAGE_NUMBER: &str = "\u{1}";

/// The value of a lower-case Roman number, far below zero so that it is never
/// taken for a decimal one.
pub fn roman(text: &str) -> Option<i64> {
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    let mut total = 0i64;
    let mut before = 0;
    for c in text.chars().rev() {
        let value = match c {
            'i' => 1,
            'v' => 5,
            'x' => 10,
            'l' => 50,
            'c' => 100,
            _ => return None,
        };
        total += if value < before { -value } else { value };
        before = before.max(value);
    }
    Some(total - ROMAN)
}

/// Distance of Roman numbers from decimal ones.
const ROMAN: i64 = 1_000_000;

/// A run of the same filling mark: dots or underscores drawn to some length.
fn is_filler(segment: &str) -> bool {
    segment.len() >= 4 && segment.bytes().all(|b| b == b'.')
}

/// Hyphens that only differ in where they may break a line are one.
fn folded(text: &str) -> Cow<'_, str> {
    match text {
        "\u{2010}" | "\u{2011}" => Cow::Borrowed("-"),
        _ => Cow::Borrowed(text),
    }
}

/// Whether `word`, the last of its page or column, goes on in `next`, the first of
/// another.
pub fn goes_on(word: &Word, next: &Word) -> bool {
    let stem = word.text.strip_suffix('-');
    stem.is_some_and(|stem| stem.ends_with(char::is_alphabetic))
        && next.text.starts_with(char::is_lowercase)
}

/// Pieces of one word, glued.
#[derive(Default)]
struct Glue {
    text: String,
    /// Where each piece starts in `text`, and its word.
    pieces: Vec<(usize, u32)>,
}

impl Glue {
    fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }

    fn push(&mut self, index: u32, word: &Word, hyphenated: bool) {
        self.pieces.push((self.text.len(), index));
        let text = if hyphenated {
            word.text
                .strip_suffix(['-', '\u{2010}', '\u{2011}', '\u{ad}'])
                .unwrap_or(&word.text)
        } else {
            &word.text
        };
        self.text.push_str(text);
    }

    /// The word and the byte in it that `offset` of the glued text means; an
    /// end on a seam belongs to the piece before it.
    fn place(&self, offset: usize, end: bool) -> (u32, u32) {
        let after = self
            .pieces
            .partition_point(|&(start, _)| if end { start < offset } else { start <= offset });
        let (start, word) = self
            .pieces
            .get(after.saturating_sub(1))
            .copied()
            .unwrap_or_default();
        (word, offset.saturating_sub(start) as u32)
    }
}

/// Calls `emit` with the byte range of each token in `text`.
fn segments(text: &str, mut emit: impl FnMut(usize, usize)) {
    if text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        if !text.is_empty() {
            emit(0, text.len());
        }
    } else if text.is_ascii() {
        ascii_segments(text.as_bytes(), emit);
    } else {
        for (from, segment) in text.split_word_bound_indices() {
            if !segment.chars().all(is_blank) {
                emit(from, from + segment.len());
            }
        }
    }
}

/// Whether nothing is seen of `c`.
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// The same boundaries as UAX #29 gives for what ASCII text has, without its
/// cost; runs of one and the same dot or underscore stay together.
fn ascii_segments(text: &[u8], mut emit: impl FnMut(usize, usize)) {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        let start = at;
        at += 1;
        if word(b) {
            while let Some(&next) = text.get(at) {
                let before = text[at - 1];
                let after = text.get(at + 1).copied().unwrap_or(b' ');
                let inside = match next {
                    b'.' | b'\'' => {
                        (before.is_ascii_alphabetic() && after.is_ascii_alphabetic())
                            || (before.is_ascii_digit() && after.is_ascii_digit())
                    }
                    b',' => before.is_ascii_digit() && after.is_ascii_digit(),
                    _ => word(next),
                };
                if !inside {
                    break;
                }
                at += 1;
            }
        } else if b == b'.' {
            while text.get(at) == Some(&b'.') {
                at += 1;
            }
        }
        if !b.is_ascii_whitespace() {
            emit(start, at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        segments(text, |from, to| out.push(&text[from..to]));
        out
    }

    #[test]
    fn common_words_are_sorted_for_searching() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn punctuation_stands_alone_and_numbers_stay_whole() {
        assert_eq!(split("10k,"), ["10k", ","]);
        assert_eq!(split("(3.14)"), ["(", "3.14", ")"]);
        assert_eq!(split("1,000.50"), ["1,000.50"]);
        assert_eq!(split("well-known"), ["well", "-", "known"]);
        assert_eq!(split("can't"), ["can't"]);
        assert_eq!(split("a_b::c"), ["a_b", ":", ":", "c"]);
    }

    #[test]
    fn chinese_is_split_by_character() {
        assert_eq!(split("以太坊ABC"), ["以", "太", "坊", "ABC"]);
    }
}
