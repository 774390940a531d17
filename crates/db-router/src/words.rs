//! What a query means, and where it is on a page.
//!
//! The database's index only narrows down which pages to look at; whether a
//! page holds what is searched for is decided here, the same for every
//! database.

use store::PlacedWord;

/// Terms of a query that count; more are left out.
const MAX_TERMS: usize = 16;
/// Characters of a term that count.
const MAX_TERM: usize = 200;
/// Boxes given for a page.
const MAX_BOXES: usize = 200;
/// Characters before and after the first match in a snippet.
const BEFORE: usize = 60;
const AFTER: usize = 140;

/// Scripts written without spaces: one character is one token.
fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF            // Thai, Lao
        | 0x1000..=0x109F          // Myanmar
        | 0x1780..=0x17FF          // Khmer
        | 0x3040..=0x30FF          // Hiragana, Katakana
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF // Han
        | 0x20000..=0x323AF)
}

fn lower(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

/// Runs of letters and digits, lower case; the units of the word index.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut run = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() && !is_spaceless(c) {
            run.push(c);
            continue;
        }
        if !run.is_empty() {
            found.push(std::mem::take(&mut run));
        }
        if c.is_alphanumeric() {
            found.push(c.to_string());
        }
    }
    if !run.is_empty() {
        found.push(run);
    }
    for token in &mut found {
        // An index entry has a greatest length; what is longer is still found
        // by its beginning.
        if let Some((end, _)) = token.char_indices().nth(MAX_TERM) {
            token.truncate(end);
        }
    }
    found
}

/// One thing that must be on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Term {
    /// Lower case, single spaces.
    text: String,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Begins where a word begins.
    Prefix,
    /// Begins and ends where words do.
    Phrase,
    /// Stands anywhere: part numbers, scripts without spaces.
    Part,
}

/// How to find the pages a term may be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Probe {
    /// All of these words are there; with `prefix` the last may go on.
    Words { words: Vec<String>, prefix: bool },
    /// These words are there, and this text: they are on many pages, it is on few.
    Phrase { words: Vec<String>, text: String },
    /// This text is there, at least three characters.
    Text(String),
}

impl Term {
    fn new(text: &str, quoted: bool) -> Option<Self> {
        let text = lower(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        let text: String = text.chars().take(MAX_TERM).collect();
        if text.is_empty() {
            return None;
        }
        let kind = if text.chars().any(is_spaceless) {
            Kind::Part
        } else if quoted {
            Kind::Phrase
        } else if text.chars().any(|c| !c.is_alphabetic()) {
            Kind::Part
        } else {
            Kind::Prefix
        };
        Some(Self { text, kind })
    }

    /// `None`: nothing in the index helps (one or two signs alone).
    pub(crate) fn probe(&self) -> Option<Probe> {
        let words = tokens(&self.text);
        let spaceless = self.text.chars().any(is_spaceless);
        match self.kind {
            // Where words end inside a script without spaces is not known.
            Kind::Part if spaceless => {
                let words: Vec<String> = words
                    .into_iter()
                    .filter(|w| w.chars().any(is_spaceless))
                    .collect();
                Some(Probe::Words {
                    words,
                    prefix: false,
                })
            }
            Kind::Part if self.text.chars().count() >= 3 => Some(Probe::Text(self.text.clone())),
            _ if words.is_empty() && self.text.chars().count() >= 3 => {
                Some(Probe::Text(self.text.clone()))
            }
            _ if words.is_empty() => None,
            // Too short for anything but whole words and their beginnings.
            Kind::Part | Kind::Prefix => Some(Probe::Words {
                words,
                prefix: true,
            }),
            Kind::Phrase => Some(Probe::Phrase {
                words,
                text: self.text.clone(),
            }),
        }
    }

    /// Whether the term may stand inside of a longer word, and so whole words
    /// are to be told from such places.
    pub(crate) fn may_be_part(&self) -> bool {
        let ends = [self.text.chars().next(), self.text.chars().next_back()];
        self.kind != Kind::Phrase
            && !self.text.chars().any(is_spaceless)
            && ends.into_iter().flatten().any(char::is_alphanumeric)
    }

    /// How to find the pages where the term is whole words.
    pub(crate) fn whole_probe(&self) -> Option<Probe> {
        match self.probe() {
            Some(_) if self.may_be_part() => Some(Probe::Words {
                words: tokens(&self.text),
                prefix: false,
            }),
            probe => probe,
        }
    }

    /// Byte ranges of `text` (lower case) where the term stands.
    fn find(&self, text: &str) -> Vec<(usize, usize)> {
        let starts_word = self.kind != Kind::Part || self.text.chars().count() < 3;
        let starts_word = starts_word && !self.text.chars().any(is_spaceless);
        text.match_indices(&self.text)
            .map(|(at, found)| (at, at + found.len()))
            .filter(|&(from, to)| {
                let begun_before = starts_word && parted(text, from);
                let goes_on = self.kind == Kind::Phrase && parted(text, to);
                !begun_before && !goes_on
            })
            .collect()
    }

    /// Whether this place in `text` is whole words.
    fn is_whole(&self, text: &str, (from, to): (usize, usize)) -> bool {
        !self.may_be_part() || (!parted(text, from) && !parted(text, to))
    }
}

/// Whether a word goes on over this byte of `text`.
fn parted(text: &str, at: usize) -> bool {
    let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    inside(text[..at].chars().next_back()) && inside(text[at..].chars().next())
}

/// The terms of a query: words, and "phrases" in double quotes. A quote that
/// is not closed reaches to the end.
pub(crate) fn parse(query: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    for (n, part) in query.split('"').enumerate() {
        if n % 2 == 1 {
            terms.extend(Term::new(part, true));
        } else {
            terms.extend(
                part.split_whitespace()
                    .filter_map(|word| Term::new(word, false)),
            );
        }
    }
    terms.truncate(MAX_TERMS);
    terms
}

/// The words of a page as one line of text.
pub(crate) struct PageText {
    /// As written.
    original: String,
    /// Lower case.
    lower: String,
    /// For each word, its byte range in `original` and in `lower`.
    words: Vec<(std::ops::Range<usize>, std::ops::Range<usize>)>,
}

impl PageText {
    pub(crate) fn new(words: &[PlacedWord]) -> Self {
        let mut text = Self {
            original: String::new(),
            lower: String::new(),
            words: Vec::with_capacity(words.len()),
        };
        for word in words {
            if !word.joined && !text.original.is_empty() {
                text.original.push(' ');
                text.lower.push(' ');
            }
            let (original, small) = (text.original.len(), text.lower.len());
            // NUL cannot be kept as text, and the marks around matches must
            // not come from the page.
            text.original.extend(
                word.text
                    .chars()
                    .filter(|c| !matches!(c, '\0' | '\u{e000}' | '\u{e001}')),
            );
            let piece = lower(&text.original[original..]);
            text.lower.push_str(&piece);
            text.words
                .push((original..text.original.len(), small..text.lower.len()));
        }
        text
    }

    /// Lower case, for the index of parts.
    pub(crate) fn lower(&self) -> &str {
        &self.lower
    }

    /// Index of the word that holds or follows a byte of `lower`.
    fn word_at(&self, at: usize) -> usize {
        self.words.partition_point(|(_, lower)| lower.end <= at)
    }

    /// A place in `lower`, in `original`: exact unless changing case changed
    /// the length of the word, then the word's end nearest to it.
    fn original_at(&self, at: usize, end: bool) -> usize {
        let word = self.word_at(if end { at.saturating_sub(1) } else { at });
        let Some((original, lower)) = self.words.get(word) else {
            return self.original.len();
        };
        if original.len() == lower.len() {
            let place = original.start + (at - lower.start.min(at));
            if place <= original.end && self.original.is_char_boundary(place) {
                return place;
            }
        }
        if end { original.end } else { original.start }
    }
}

/// Where a query stands on a page.
#[derive(Debug, PartialEq)]
pub(crate) struct Found {
    pub(crate) snippet: String,
    pub(crate) boxes: Vec<[f32; 4]>,
    /// Whether every term is there as whole words, not only inside of longer ones.
    pub(crate) whole: bool,
}

/// A place in the text of a page, bytes of its lower case.
#[derive(Clone, Copy)]
struct Match {
    from: usize,
    to: usize,
    /// Whole words, not part of a longer one.
    whole: bool,
}

/// Looks for all terms on a page; `None` where one is missing.
pub(crate) fn look(terms: &[Term], words: &[PlacedWord]) -> Option<Found> {
    let text = PageText::new(words);
    let mut matches: Vec<Match> = Vec::new();
    let mut whole = true;
    for term in terms {
        let found = term.find(&text.lower);
        if found.is_empty() {
            return None;
        }
        let first = matches.len();
        matches.extend(found.into_iter().map(|(from, to)| Match {
            from,
            to,
            whole: term.is_whole(&text.lower, (from, to)),
        }));
        whole &= matches[first..].iter().any(|found| found.whole);
    }
    matches.sort_unstable_by_key(|found| (found.from, found.to));
    let mut merged: Vec<Match> = Vec::new();
    for found in matches {
        match merged.last_mut() {
            Some(last) if found.from < last.to => {
                last.to = last.to.max(found.to);
                last.whole |= found.whole;
            }
            _ => merged.push(found),
        }
    }
    let mut boxes = Vec::new();
    let mut next = 0;
    for &Match { from, to, whole } in &merged {
        let first = text.word_at(from).max(next);
        for (n, word) in words.iter().enumerate().skip(first) {
            if text.words[n].1.start >= to || boxes.len() == MAX_BOXES {
                break;
            }
            boxes.push((whole, word.r#box));
            next = n + 1;
        }
    }
    // What is shown of a page begins with the very words.
    boxes.sort_by_key(|&(whole, _)| !whole);
    Some(Found {
        snippet: snippet(&text, &merged),
        boxes: boxes.into_iter().map(|(_, place)| place).collect(),
        whole,
    })
}

fn snippet(text: &PageText, matches: &[Match]) -> String {
    let marks: Vec<(usize, usize)> = matches
        .iter()
        .map(|m| {
            (
                text.original_at(m.from, false),
                text.original_at(m.to, true),
            )
        })
        .collect();
    let shown = matches.iter().position(|m| m.whole).unwrap_or(0);
    let Some(&(first, first_end)) = marks.get(shown) else {
        return String::new();
    };
    let before = &text.original[..first];
    let start = before
        .char_indices()
        .rev()
        .nth(BEFORE)
        // Not from the middle of a word.
        .and_then(|(at, _)| before[at..].find(' ').map(|space| at + space + 1))
        .unwrap_or_else(|| {
            if before.chars().count() <= BEFORE {
                0
            } else {
                first
            }
        });
    let after = &text.original[first_end..];
    let end = match after.char_indices().nth(AFTER) {
        Some((at, _)) => first_end + after[..at].rfind(' ').unwrap_or(at),
        None => text.original.len(),
    };
    let mut snippet = String::new();
    if start > 0 {
        snippet.push('…');
    }
    let mut at = start;
    for (from, to) in marks {
        if from >= end || from < at {
            continue;
        }
        snippet.push_str(&text.original[at..from]);
        snippet.push('\u{e000}');
        snippet.push_str(&text.original[from..to]);
        snippet.push('\u{e001}');
        at = to;
    }
    if at < end {
        snippet.push_str(&text.original[at..end]);
    }
    if end < text.original.len() {
        snippet.push('…');
    }
    snippet
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Vec<PlacedWord> {
        text.split(' ')
            .enumerate()
            .map(|(n, word)| PlacedWord {
                text: word.to_owned(),
                r#box: [n as f32, 0.0, n as f32 + 1.0, 1.0],
                joined: false,
            })
            .collect()
    }

    fn boxes(query: &str, text: &str) -> Option<Vec<f32>> {
        look(&parse(query), &page(text)).map(|f| f.boxes.iter().map(|b| b[0]).collect())
    }

    #[test]
    fn words_are_found_from_their_beginning_in_any_case() {
        assert_eq!(boxes("VALVE", "the valve opens"), Some(vec![1.0]));
        assert_eq!(boxes("val", "the Valves open"), Some(vec![1.0]));
        assert_eq!(boxes("alve", "the valve opens"), None);
        assert_eq!(boxes("valve closes", "the valve opens"), None);
        assert_eq!(boxes("opens the", "the valve opens"), Some(vec![0.0, 2.0]));
    }

    #[test]
    fn accents_count() {
        assert_eq!(boxes("große", "Große Größe"), Some(vec![0.0]));
        assert_eq!(boxes("größe", "Große Größe"), Some(vec![1.0]));
    }

    #[test]
    fn part_numbers_are_found_by_any_part() {
        assert_eq!(boxes("FT-1001", "see FT-1001 there"), Some(vec![1.0]));
        assert_eq!(boxes("t-100", "see FT-1001 there"), Some(vec![1.0]));
        assert_eq!(
            boxes("00", "see FT-1001 there"),
            None,
            "too short for a part"
        );
    }

    #[test]
    fn whole_words_are_told_from_parts_of_words() {
        let whole =
            |query: &str, text: &str| look(&parse(query), &page(text)).map(|found| found.whole);
        assert_eq!(whole("r1", "R10 and R1"), Some(true));
        assert_eq!(whole("R1", "R10 R12"), Some(false));
        assert_eq!(whole("R1", "R1,R2"), Some(true));
        assert_eq!(whole("FT-1001", "FT-1001A"), Some(false));
        assert_eq!(whole("valve R1", "Valves R1"), Some(false));
        assert_eq!(whole("電圧", "入力電圧範囲"), Some(true));
        let long = format!("R10 {} R1", "and ".repeat(40).trim());
        let found = look(&parse("R1"), &page(&long)).unwrap();
        assert_eq!(found.boxes[0][0], 41.0);
        assert!(found.snippet.ends_with("and \u{e000}R1\u{e001}"));
        assert_eq!(
            parse("R1")[0].whole_probe(),
            Some(Probe::Words {
                words: vec!["r1".to_owned()],
                prefix: false
            })
        );
        for (query, part) in [("R1", true), ("\"R1\"", false), ("±", false), ("電", false)] {
            assert_eq!(parse(query)[0].may_be_part(), part, "{query}");
        }
    }

    #[test]
    fn phrases_are_whole_words_in_a_row() {
        let text = "open the valve slowly";
        assert_eq!(boxes("\"the valve\"", text), Some(vec![1.0, 2.0]));
        assert_eq!(boxes("\"the val\"", text), None);
        assert_eq!(boxes("\"valve the\"", text), None);
        assert_eq!(boxes("\"Valve  slowly", text), Some(vec![2.0, 3.0]));
    }

    #[test]
    fn scripts_without_spaces_are_found_inside_a_run() {
        assert_eq!(boxes("電圧", "入力電圧範囲 5V"), Some(vec![0.0]));
        assert_eq!(
            parse("電圧")[0].probe(),
            Some(Probe::Words {
                words: vec!["電".to_owned(), "圧".to_owned()],
                prefix: false
            })
        );
    }

    #[test]
    fn joined_words_are_one() {
        let mut words = page("FT- 1001");
        words[1].joined = true;
        let found = look(&parse("FT-1001"), &words).unwrap();
        assert_eq!(found.boxes.len(), 2);
        assert_eq!(found.snippet, "\u{e000}FT-1001\u{e001}");
    }

    #[test]
    fn a_snippet_marks_matches_and_is_cut_between_words() {
        let text = format!(
            "{} needle {}",
            "before ".repeat(40).trim(),
            "after ".repeat(40).trim()
        );
        let found = look(&parse("needle"), &page(&text)).unwrap();
        assert!(found.snippet.starts_with("…before"), "{}", found.snippet);
        assert!(found.snippet.ends_with("after…"), "{}", found.snippet);
        assert!(
            found
                .snippet
                .contains("before \u{e000}needle\u{e001} after")
        );
        assert!(found.snippet.chars().count() < 230);
    }

    #[test]
    fn letters_that_change_length_with_case_do_no_harm() {
        let found = look(&parse("istanbul"), &page("x İstanbul y"));
        // The dotted capital lower-cases to two characters.
        assert!(found.is_none());
        let found = look(&parse("i̇stanbul y"), &page("x İstanbul y")).unwrap();
        assert!(found.snippet.contains("\u{e000}İstanbul\u{e001}"));
    }

    #[test]
    fn signs_alone_are_looked_for_without_an_index() {
        assert_eq!(parse("±")[0].probe(), None);
        assert_eq!(boxes("±", "5 ±2"), Some(vec![1.0]));
        assert!(parse("  \"\" ").is_empty());
    }
}
