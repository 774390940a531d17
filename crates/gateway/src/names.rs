//! Names that people give.

use service::problem::Problem;

/// Longest name, characters.
const MAX_NAME: usize = 200;

/// The name of an uploaded file: without folders, without what does not show.
pub(crate) fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or(given);
    let name = clean(last);
    if name.is_empty() || name.chars().all(|c| c == '.') {
        "document.pdf".to_owned()
    } else {
        name
    }
}

/// A name a person chose: as it is, or refused.
pub(crate) fn chosen(given: &str) -> Result<String, Problem> {
    let name = clean(given);
    if name.is_empty() {
        return Err(Problem::bad_request("A name is at least one character."));
    }
    if given.trim().chars().count() > MAX_NAME {
        return Err(Problem::bad_request(format!(
            "A name is at most {MAX_NAME} characters."
        )));
    }
    Ok(name)
}

fn clean(given: &str) -> String {
    let shown: String = given
        .chars()
        .filter(|c| !c.is_control() && !is_invisible(*c))
        .take(MAX_NAME)
        .collect();
    shown.trim().to_owned()
}

/// Marks that turn text around or hide in it: a name must look like what it is.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_lose_folders_and_tricks() {
        for (given, name) in [
            ("plan.pdf", "plan.pdf"),
            ("C:\\temp\\Übersicht 3.pdf", "Übersicht 3.pdf"),
            ("../../etc/passwd", "passwd"),
            ("a\u{202e}fdp.exe", "afdp.exe"),
            ("a\0b\n.pdf", "ab.pdf"),
            ("", "document.pdf"),
            ("..", "document.pdf"),
            ("folder/", "document.pdf"),
        ] {
            assert_eq!(file_name(given), name, "{given:?}");
        }
        assert_eq!(file_name(&"x".repeat(500)).len(), MAX_NAME);
    }

    #[test]
    fn chosen_names_are_kept_or_refused() {
        assert_eq!(chosen(" Rev B/2 ").unwrap(), "Rev B/2");
        assert!(chosen(" \u{200b} ").is_err());
        assert!(chosen(&"x".repeat(201)).is_err());
    }
}
