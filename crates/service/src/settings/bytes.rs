//! Sizes as people write them.

use std::{fmt, str::FromStr};

use crate::Error;

/// A size in bytes, written `100MB` (powers of 1000), `64MiB` (of 1024) or `4096`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TIB: u64 = 1 << 40;

const UNITS: [(&str, u64); 9] = [
    ("kib", KIB),
    ("mib", MIB),
    ("gib", GIB),
    ("tib", TIB),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("b", 1),
];

impl FromStr for Bytes {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || Error::Setting(format!("“{text}” is no size; write 100MB, 64MiB or 4096"));
        let lower = text.trim().to_ascii_lowercase();
        let (digits, factor) = UNITS
            .iter()
            .find_map(|&(unit, factor)| Some((lower.strip_suffix(unit)?, factor)))
            .unwrap_or((&lower, 1));
        let number: u64 = digits.trim_end().parse().map_err(|_| wrong())?;
        number.checked_mul(factor).map(Self).ok_or_else(wrong)
    }
}

/// Rounded to one decimal in powers of 1024, in which limits are set.
impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, factor) = match self.0 {
            0..KIB => return write!(f, "{} bytes", self.0),
            KIB..MIB => ("KiB", KIB),
            MIB..GIB => ("MiB", MIB),
            GIB..TIB => ("GiB", GIB),
            _ => ("TiB", TIB),
        };
        let tenths = (self.0 as f64 / factor as f64 * 10.0).round() / 10.0;
        write!(f, "{tenths} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_told() {
        for (text, bytes, told) in [
            ("100MB", 100_000_000, "95.4 MiB"),
            ("64 MiB", 64 << 20, "64 MiB"),
            ("4096", 4096, "4 KiB"),
            ("12b", 12, "12 bytes"),
            ("2GiB", 2 << 30, "2 GiB"),
        ] {
            let size: Bytes = text.parse().unwrap();
            assert_eq!(size, Bytes(bytes), "{text}");
            assert_eq!(size.to_string(), told);
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "MB", "-1", "1.5.2MB", "99999999999TB", "10 parsecs"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
    }
}
