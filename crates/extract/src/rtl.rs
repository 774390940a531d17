//! Visual order to logical order for right-to-left scripts.

use crate::clean;
use unicode_bidi::{BidiClass, BidiInfo, Level, bidi_class};

/// Place of one glyph in logical order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placed {
    /// Index in visual order.
    pub index: usize,
    /// Whether it is read to the left.
    pub right_to_left: bool,
}

/// Whether the character is of a right-to-left script.
pub(crate) fn is_right_to_left(c: char) -> bool {
    c >= '\u{590}' && matches!(bidi_class(c), BidiClass::R | BidiClass::AL)
}

/// Orders `count` glyphs, given left to right as seen, as they are read.
///
/// Reordering for display (UAX #9, rule L2) reverses runs of embedding
/// levels, so doing it to what is displayed gives back what was written, up
/// to neutrals at the seams.
pub(crate) fn logical_order<I: Iterator<Item = char>>(
    count: usize,
    chars: impl Fn(usize) -> I,
    base_rtl: bool,
) -> Vec<Placed> {
    let mut text = String::new();
    // Byte offset of each glyph in `text`.
    let mut starts = Vec::with_capacity(count);
    let (mut right, mut left) = (0, 0);
    for index in 0..count {
        starts.push(text.len());
        // One character stands for the glyph: a ligature keeps its own order.
        let c = chars(index).next().unwrap_or(' ');
        right += usize::from(is_right_to_left(c));
        left += usize::from(bidi_class(c) == BidiClass::L);
        text.push(c);
    }
    let base = if right > left || base_rtl && right == left {
        Level::rtl()
    } else {
        Level::ltr()
    };
    // The visual string is reversed first for a right-to-left line, so that
    // the levels see its characters in about the order they are written.
    let reversed: String = text.chars().rev().collect();
    let (line, offset_of): (&str, Box<dyn Fn(usize) -> usize>) = if base.is_rtl() {
        let total = text.len();
        let lengths: Vec<usize> = text.chars().map(char::len_utf8).collect();
        let starts = starts.clone();
        (&reversed, Box::new(move |i| total - starts[i] - lengths[i]))
    } else {
        let starts = starts.clone();
        (&text, Box::new(move |i| starts[i]))
    };
    let info = BidiInfo::new(line, Some(base));
    let mut order: Vec<usize> = (0..count).collect();
    if base.is_rtl() {
        order.reverse();
    }
    let level_of = |glyph: usize| {
        let level = info.levels.get(offset_of(glyph));
        level.copied().unwrap_or(base)
    };
    // What runs against the base direction was read the wrong way round.
    let mut start = 0;
    while start < order.len() {
        let against = level_of(order[start]).is_rtl() != base.is_rtl();
        let end = order[start..]
            .iter()
            .position(|g| (level_of(*g).is_rtl() != base.is_rtl()) != against)
            .map_or(order.len(), |n| start + n);
        if against {
            order[start..end].reverse();
        }
        start = end;
    }
    // A mark follows its letter on the page (in the order of glyphs as seen)
    // and in the text; turning the line put it in front.
    let is_mark = |glyph: usize| chars(glyph).next().is_some_and(clean::is_mark);
    let mut start = 0;
    while start < order.len() {
        let marks = order[start..]
            .iter()
            .take_while(|g| is_mark(**g) && level_of(**g).is_rtl())
            .count();
        let end = (start + marks + 1).min(order.len());
        if marks > 0 && end == start + marks + 1 && level_of(order[end - 1]).is_rtl() {
            order[start..end].reverse();
        }
        start = end;
    }
    order
        .into_iter()
        .map(|index| Placed {
            index,
            right_to_left: level_of(index).is_rtl(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(seen: &str) -> String {
        let glyphs: Vec<char> = seen.chars().collect();
        logical_order(glyphs.len(), |i| std::iter::once(glyphs[i]), true)
            .into_iter()
            .map(|p| glyphs[p.index])
            .collect()
    }

    #[test]
    fn hebrew_is_read_to_the_left() {
        assert_eq!(read("םולש"), "שלום");
    }

    #[test]
    fn numbers_inside_hebrew_keep_their_order() {
        assert_eq!(read("םינש 123 רחאל"), "לאחר 123 שנים");
    }

    #[test]
    fn hebrew_inside_english_is_turned_alone() {
        assert_eq!(
            read("the word םולש means peace"),
            "the word שלום means peace"
        );
    }

    #[test]
    fn marks_stay_on_their_letters() {
        // As seen: resh, mem + hiriq + dagesh.
        assert_eq!(read("רמ\u{5b4}\u{5bc}"), "מ\u{5b4}\u{5bc}ר");
    }

    #[test]
    fn english_inside_hebrew_is_not_turned() {
        assert_eq!(read("הז PDF ץבוק"), "קובץ PDF זה");
    }
}
