//! Text out of a document, made safe to show.
//!
//! A PDF may carry terminal escape sequences and bidirectional overrides that
//! rewrite the line they are printed on ("Trojan Source"). Neither may act;
//! both must stay visible, because adding one is a change too.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_bidi::{BidiClass, bidi_class};

/// First strong isolate and its end: what is between them cannot reorder its
/// surroundings (UAX #9).
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

/// Replaces every character that acts rather than shows: controls by their
/// pictures (`␛`), bidirectional formatting and other invisible ones by their
/// number (`⟨U+202E⟩`); line ends and tabs become a space.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push(' ');
            }
            '\0'..='\u{1f}' => out.push(char::from_u32(0x2400 + c as u32).unwrap_or('␀')),
            '\u{7f}' => out.push('␡'),
            _ if acts(c) => {
                let _ = write!(out, "⟨U+{:04X}⟩", c as u32);
            }
            _ => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether `c` does something to the output instead of showing itself. Joiners
/// and directional marks are spared: correct Persian, Hindi and emoji need
/// them, and [`isolated`] keeps them in.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{200b}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// [`visible`] text wrapped in a directional isolate where it contains
/// right-to-left characters, so that the marks and numbers around it stay in
/// place.
pub(crate) fn isolated(text: &str) -> Cow<'_, str> {
    let shown = visible(text);
    let turns = |c| matches!(bidi_class(c), BidiClass::R | BidiClass::AL | BidiClass::AN);
    if shown.chars().any(turns) {
        Cow::Owned(format!("{}{shown}{}", ISOLATE[0], ISOLATE[1]))
    } else {
        shown
    }
}

/// At most `limit` characters, and how many were left off.
pub(crate) fn clip(text: &str, limit: usize) -> (&str, usize) {
    match text.char_indices().nth(limit) {
        Some((at, _)) => (&text[..at], text[at..].chars().count()),
        None => (text, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_do_not_reach_the_terminal() {
        let shown = visible("a\u{1b}[31mred\u{7}\u{9b}2J\nb\u{0}");
        assert_eq!(shown, "a␛[31mred␇⟨U+009B⟩2J b␀");
        assert!(!shown.chars().any(char::is_control));
    }

    #[test]
    fn overrides_show_as_numbers() {
        assert_eq!(visible("ab\u{202e}cd"), "ab⟨U+202E⟩cd");
        assert_eq!(visible("\u{2067}x\u{2069}"), "⟨U+2067⟩x⟨U+2069⟩");
        assert_eq!(visible("می\u{200c}خواهم"), "می\u{200c}خواهم");
    }

    #[test]
    fn right_to_left_text_is_isolated() {
        assert_eq!(isolated("abc 12"), "abc 12");
        assert_eq!(isolated("שלום"), "\u{2068}שלום\u{2069}");
    }

    #[test]
    fn clipping_counts_characters() {
        assert_eq!(clip("äöü", 2), ("äö", 1));
        assert_eq!(clip("äöü", 3), ("äöü", 0));
    }
}
