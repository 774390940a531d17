//! Page labels (ISO 32000-2, 12.4.2).

use std::ops::ControlFlow;

use hayro::hayro_syntax::object::{Dict, Object};
use hayro::hayro_syntax::xref::XRef;

use super::object::text;
use super::trees;

/// The label of each of `count` pages; empty where the document has none.
pub(crate) fn read(xref: &XRef, catalog: &Dict<'_>, count: usize) -> Vec<String> {
    let Some(tree) = catalog.get::<Dict<'_>>(b"PageLabels") else {
        return Vec::new();
    };
    let mut ranges: Vec<(usize, String, String, i64)> = Vec::new();
    trees::each(xref, tree, b"Nums", |start, range| {
        if let (Object::Number(start), Object::Dict(range)) = (start, range)
            && let Ok(start) = usize::try_from(start.as_i64())
        {
            ranges.push((
                start,
                text(&range, b"S").unwrap_or_default(),
                text(&range, b"P").unwrap_or_default(),
                range.get::<i32>(b"St").map_or(1, i64::from).max(1),
            ));
        }
        ControlFlow::Continue(())
    });
    ranges.sort_by_key(|range| range.0);
    (0..count)
        .map(|page| {
            let at = ranges.partition_point(|range| range.0 <= page);
            match at.checked_sub(1).and_then(|at| ranges.get(at)) {
                Some((start, style, prefix, first)) => {
                    format!("{prefix}{}", numeral(style, first + (page - start) as i64))
                }
                None => (page + 1).to_string(),
            }
        })
        .collect()
}

fn numeral(style: &str, number: i64) -> String {
    match style {
        "D" => number.to_string(),
        "R" => roman(number).to_uppercase(),
        "r" => roman(number),
        "A" => letters(number).to_uppercase(),
        "a" => letters(number),
        _ => String::new(),
    }
}

fn roman(mut number: i64) -> String {
    const PARTS: [(i64, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number > 10_000 {
        return number.to_string();
    }
    let mut out = String::new();
    for (value, digits) in PARTS {
        while number >= value {
            out.push_str(digits);
            number -= value;
        }
    }
    out
}

/// a to z, then aa to zz, …
fn letters(number: i64) -> String {
    let index = (number - 1).max(0);
    let letter = char::from(b'a' + (index % 26) as u8);
    let times = (index / 26 + 1).min(64) as usize;
    std::iter::repeat_n(letter, times).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numerals() {
        assert_eq!(numeral("r", 4), "iv");
        assert_eq!(numeral("R", 1999), "MCMXCIX");
        assert_eq!(numeral("a", 28), "bb");
        assert_eq!(numeral("D", 7), "7");
        assert_eq!(numeral("", 7), "");
    }
}
