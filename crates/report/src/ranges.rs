//! Page numbers as people write them: `1, 3, 5–9`.

use std::fmt::Write as _;

/// Sorted, distinct numbers as a list of ranges with an en dash.
pub(crate) fn ranges(numbers: impl IntoIterator<Item = u32>) -> String {
    let mut sorted: Vec<u32> = numbers.into_iter().collect();
    sorted.sort_unstable();
    sorted.dedup();
    let mut out = String::new();
    let mut rest = sorted.as_slice();
    while let Some(&first) = rest.first() {
        let run = rest
            .iter()
            .zip(first..=u32::MAX)
            .take_while(|(number, expected)| **number == *expected)
            .count()
            .max(1);
        let last = rest[run - 1];
        if !out.is_empty() {
            out.push_str(", ");
        }
        // Two neighbours read better as two numbers.
        let _ = match run {
            1 => write!(out, "{first}"),
            2 => write!(out, "{first}, {last}"),
            _ => write!(out, "{first}–{last}"),
        };
        rest = &rest[run..];
    }
    out
}

/// `1 page`, `3 pages`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{} {noun}s", thousands(n))
    }
}

/// Digits in groups of three: `12,345`.
pub(crate) fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_three_and_more_are_ranges() {
        assert_eq!(ranges([9, 3, 5, 6, 7, 8, 1, 3]), "1, 3, 5–9");
        assert_eq!(ranges([1, 2]), "1, 2");
        assert_eq!(ranges([u32::MAX - 1, u32::MAX]), "4294967294, 4294967295");
        assert_eq!(ranges([]), "");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(1, "change"), "1 change");
        assert_eq!(count(1_234_567, "change"), "1,234,567 changes");
        assert_eq!(count(123, "page"), "123 pages");
    }
}
