//! One line for people.

use model::Op;

/// Characters of a quotation before it is cut.
const QUOTE: usize = 60;

/// “text”, cut in the middle of long text at a word's end.
pub fn quote(text: &str) -> String {
    let count = text.chars().count();
    if count <= QUOTE {
        return format!("“{text}”");
    }
    let head: String = text.chars().take(QUOTE - 1).collect();
    let cut = head
        .rfind(char::is_whitespace)
        .filter(|&at| at > head.len() / 2)
        .unwrap_or(head.len());
    format!("“{}…”", head[..cut].trim_end())
}

/// “text” and, where it was cut, how long it is.
fn quote_counted(text: &str) -> String {
    let quoted = quote(text);
    if text.chars().count() <= QUOTE {
        return quoted;
    }
    let words = text.split_whitespace().count();
    let chars = text.chars().filter(|c| !c.is_whitespace()).count();
    // Text without spaces counts by character.
    if chars > words * 12 {
        format!("{quoted} ({chars} characters)")
    } else {
        format!("{quoted} ({words} words)")
    }
}

/// What a text change says.
pub fn text(op: Op, old: Option<&str>, new: Option<&str>) -> String {
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    match op {
        Op::Added => format!("added {}", quote_counted(new)),
        Op::Removed => format!("removed {}", quote_counted(old)),
        Op::Replaced => format!("{} became {}", quote_counted(old), quote_counted(new)),
        Op::Moved => format!("moved {}", quote_counted(new)),
        Op::Restyled => format!("{} looks different", quote_counted(new)),
    }
}

/// What a moved text says: from page to page, or where on the page.
pub fn moved(text: &str, from: (u32, [f32; 2]), to: (u32, [f32; 2])) -> String {
    let quoted = quote_counted(text);
    if from.0 != to.0 {
        return format!("moved {quoted} from page {} to page {}", from.0, to.0);
    }
    format!(
        "moved {quoted} {}",
        displacement(to.1[0] - from.1[0], to.1[1] - from.1[1])
    )
}

/// “12 pt right and 3 pt down”.
pub fn displacement(dx: f32, dy: f32) -> String {
    let part = |by: f32, positive: &str, negative: &str| {
        let word = if by >= 0.0 { positive } else { negative };
        format!("{} pt {word}", number(by.abs()))
    };
    match (dx.abs() >= 0.5, dy.abs() >= 0.5) {
        (true, true) => format!(
            "{} and {}",
            part(dx, "right", "left"),
            part(dy, "down", "up")
        ),
        (true, false) => part(dx, "right", "left"),
        (false, true) => part(dy, "down", "up"),
        (false, false) => "a little".to_owned(),
    }
}

/// A number as people write it: no more than one decimal, none where large.
pub fn number(value: f32) -> String {
    if value >= 20.0 || (value - value.round()).abs() < 0.05 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// A number with one decimal where it has one.
pub fn number_exact(value: f32) -> String {
    if (value - value.round()).abs() < 0.05 {
        format!("{value:.0}")
    } else {
        format!("{value:.1}")
    }
}

/// “3 places”, “1 place”.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_text_is_quoted_whole() {
        assert_eq!(
            text(Op::Replaced, Some("shall"), Some("must")),
            "“shall” became “must”"
        );
    }

    #[test]
    fn long_text_is_cut_and_counted() {
        let long = "word ".repeat(38);
        let line = text(Op::Added, None, Some(long.trim()));
        assert!(line.ends_with("word…” (38 words)"), "{line}");
        let chinese = "以".repeat(200);
        assert!(text(Op::Removed, Some(&chinese), None).ends_with("(200 characters)"));
    }

    #[test]
    fn displacement_says_the_direction() {
        assert_eq!(displacement(0.0, -3.04), "3 pt up");
        assert_eq!(displacement(12.5, 30.2), "12.5 pt right and 30 pt down");
    }
}
