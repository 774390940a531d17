//! Edits that are none: the same letters with other spaces or hyphens, and
//! page numbers in a table of contents that follow their pages.

use std::ops::Range;

use super::{spot::text, token::Stream};
use crate::{Options, align::PagePair};

/// Tokens looked at; longer edits are real.
const MOST: usize = 40;

/// Whether both ranges spell the same: a word broken at the line's end in one
/// revision and not in the other, or (where white space is ignored) words run
/// together.
pub fn same(
    old: &Stream<'_>,
    a: &Range<usize>,
    new: &Stream<'_>,
    b: &Range<usize>,
    options: &Options,
) -> bool {
    if a.is_empty() || b.is_empty() || a.len() > MOST || b.len() > MOST {
        return false;
    }
    let (before, after) = (letters(old, a, false), letters(new, b, false));
    if before == after {
        // Equal tokens would have matched: other spaces, that is.
        return options.ignore.whitespace || broken(old, a) || broken(new, b);
    }
    (broken(old, a) || broken(new, b)) && letters(old, a, true) == letters(new, b, true)
}

/// The characters of a range without spaces, and without hyphens where asked.
fn letters(stream: &Stream<'_>, range: &Range<usize>, hyphens: bool) -> String {
    text(stream, range.clone())
        .chars()
        .filter(|c| !c.is_whitespace())
        .filter(|c| !hyphens || !matches!(c, '-' | '\u{2010}' | '\u{2011}'))
        .collect()
}

/// Whether a line breaks inside or beside the range, where a hyphen may have
/// come or gone.
fn broken(stream: &Stream<'_>, range: &Range<usize>) -> bool {
    let Some(tokens) = stream.tokens.get(range.clone()) else {
        return false;
    };
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
        return false;
    };
    let line = |index: u32| stream.word(index).map(|w| (w.block, w.line));
    (first.first..=last.last).any(|i| {
        stream.word(i).is_some_and(|w| w.hyphenated) || (i > first.first && line(i) != line(i - 1))
    })
}

/// Whether an edit is one number after leading dots, and the old page of that
/// number became the new page of that number.
pub fn only_counts(
    old: &Stream<'_>,
    a: &Range<usize>,
    new: &Stream<'_>,
    b: &Range<usize>,
    pairs: &[PagePair],
) -> bool {
    if a.len() != 1 || b.len() != 1 {
        return false;
    }
    let number = |stream: &Stream<'_>, at: usize| -> Option<i64> {
        let led = stream.tokens.get(at)?.led;
        led.then(|| text(stream, at..at + 1).parse().ok()).flatten()
    };
    let (Some(from), Some(to)) = (number(old, a.start), number(new, b.start)) else {
        return false;
    };
    // Printed numbers may be offset from positions by front matter: the shift
    // is what must agree with some pair of pages near there.
    pairs.iter().any(|p| {
        let (Some(o), Some(n)) = (p.old, p.new) else {
            return false;
        };
        let shift = n as i64 - o as i64;
        (to - from - shift).abs() <= 1
    })
}
