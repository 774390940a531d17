//! Text as documents give it, made comparable once and for all.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What one character of a document becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cleaned {
    /// Itself, or one other.
    One(char),
    /// Several: a ligature or a presentation form.
    Many(String),
    /// White space.
    Space,
    /// Nothing: a control character, a mark without looks.
    Nothing,
}

/// Cleans one character. Soft hyphens stay, since at the end of a line they
/// show; [`finish`] removes the others.
pub(crate) fn clean_char(c: char) -> Cleaned {
    if matches!(c, '!'..='~') {
        return Cleaned::One(c);
    }
    match c {
        ' '
        | '\t'
        | '\n'
        | '\r'
        | '\u{b}'
        | '\u{c}'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}' => Cleaned::Space,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => Cleaned::Nothing,
        '\u{2010}' | '\u{2011}' => Cleaned::One('-'),
        // Latin ligatures, Armenian ligatures, Hebrew and Arabic presentation
        // forms, keep no meaning of their own.
        // Kangxi radicals look and mean like the ideographs they decompose to;
        // producers pick either.
        '\u{fb00}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}'
        | '\u{2e80}'..='\u{2fdf}'
        | 'ĳ'
        | 'Ĳ'
        | 'ǆ'
        | 'ǉ'
        | 'ǌ' => compatible(c),
        _ => Cleaned::One(c),
    }
}

fn compatible(c: char) -> Cleaned {
    let mut all = std::iter::once(c).nfkc();
    match (all.next(), all.next()) {
        // Isolated forms of Arabic marks decompose with a space in front.
        (Some(' '), Some(mark)) => Cleaned::One(mark),
        (Some(first), None) => Cleaned::One(first),
        (Some(first), Some(second)) => Cleaned::Many(
            [first, second]
                .into_iter()
                .chain(all)
                .filter(|c| *c != ' ')
                .collect(),
        ),
        (None, _) => Cleaned::Nothing,
    }
}

/// Cleans running text that is not part of a page's content: titles, form
/// values, comments. White space is folded to single spaces, line ends kept.
pub(crate) fn clean_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in text.trim().chars().take(crate::limits::TEXT) {
        if c == '\n' || c == '\r' {
            if !out.ends_with('\n') && !out.is_empty() {
                out.push('\n');
            }
            space = false;
            continue;
        }
        match clean_char(c) {
            Cleaned::Space => space = true,
            Cleaned::Nothing => {}
            _ if c == '\u{ad}' => {}
            cleaned => {
                if space && !out.is_empty() && !out.ends_with('\n') {
                    out.push(' ');
                }
                space = false;
                match cleaned {
                    Cleaned::One(one) => out.push(one),
                    Cleaned::Many(many) => out.push_str(&many),
                    Cleaned::Space | Cleaned::Nothing => {}
                }
            }
        }
    }
    while out.ends_with('\n') {
        out.pop();
    }
    nfc(out)
}

/// The combining form of an accent that stands alone, or of one that combines
/// already.
pub(crate) fn accent(c: char) -> Option<char> {
    Some(match c {
        '`' | 'ˋ' => '\u{300}',
        '´' | 'ˊ' => '\u{301}',
        '^' | 'ˆ' => '\u{302}',
        '~' | '˜' => '\u{303}',
        '¯' | 'ˉ' => '\u{304}',
        '˘' => '\u{306}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30a}',
        '˝' => '\u{30b}',
        'ˇ' => '\u{30c}',
        '¸' => '\u{327}',
        '˛' => '\u{328}',
        '\u{300}'..='\u{36f}' => c,
        _ => return None,
    })
}

/// Whether the character is drawn over another one.
pub(crate) fn is_mark(c: char) -> bool {
    !c.is_ascii_alphanumeric()
        && (accent(c).is_some() || unicode_normalization::char::is_combining_mark(c))
}

/// Unicode normal form C.
pub(crate) fn nfc(text: String) -> String {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        return text;
    }
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ligatures_come_apart() {
        assert_eq!(clean_text("e\u{fb03}cient"), "efficient");
        assert_eq!(clean_char('\u{fb01}'), Cleaned::Many("fi".into()));
    }

    #[test]
    fn controls_and_soft_hyphens_go_and_no_break_spaces_are_spaces() {
        assert_eq!(clean_text("a\0b\u{ad}c\u{a0}\u{a0}d\u{200b}"), "abc d");
    }

    #[test]
    fn composed_and_decomposed_are_equal() {
        assert_eq!(clean_text("cafe\u{301}"), clean_text("café"));
    }

    #[test]
    fn arabic_presentation_forms_become_letters() {
        assert_eq!(clean_text("\u{fefb}"), "لا");
        assert_eq!(clean_text("\u{fe8d}"), "ا");
    }

    proptest! {
        #[test]
        fn cleaning_twice_changes_nothing(text in any::<String>()) {
            let once = clean_text(&text);
            prop_assert_eq!(clean_text(&once), once);
        }

        #[test]
        fn no_controls_survive(text in any::<String>()) {
            prop_assert!(clean_text(&text).chars().all(|c| c == '\n' || !c.is_control()));
        }
    }
}
