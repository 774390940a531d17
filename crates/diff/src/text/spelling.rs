//! Edits that are none: the same letters with other spaces or hyphens, and
//! page numbers in a table of contents that follow their pages.

use std::ops::Range;

use rustc_hash::FxHashMap;

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
        // Equal tokens would have matched: other spaces, that is. Around
        // marks and in formulas producers space as they please.
        return options.ignore.whitespace
            || broken(old, a)
            || broken(new, b)
            || !before.chars().all(char::is_alphanumeric)
            || text(old, a.clone()) == text(new, b.clone());
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

/// Whether two page numbers in a table of contents name the same page, through
/// the page alignment. `printed` maps what is printed on a page to its index.
pub fn same_page(
    from: i64,
    to: i64,
    printed: [&FxHashMap<i64, usize>; 2],
    pairs: &[PagePair],
) -> bool {
    /// A heading may slip over a page break.
    const SLIP: i64 = 1;
    if from == to {
        return true;
    }
    let page = |side: usize, number: i64| {
        let by_position = usize::try_from(number - 1).ok();
        printed[side].get(&number).copied().or(by_position)
    };
    let (Some(o), Some(n)) = (page(0, from), page(1, to)) else {
        return false;
    };
    // The pair of that page, or of the last page before it that has one.
    pairs
        .iter()
        .filter_map(|p| Some((p.old?, p.new?)))
        .filter(|&(old, _)| old <= o)
        .max_by_key(|&(old, _)| old)
        .is_some_and(|(old, new)| {
            let expected = new as i64 + (o - old) as i64;
            (expected - n as i64).abs() <= SLIP
        })
}
