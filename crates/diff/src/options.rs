//! What a comparison is asked to do, and the parsers for how people write it.

use std::collections::BTreeSet;

use model::{ChangeKind, Rect};
use thiserror::Error;

/// What to compare, and what to leave out.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Kinds to compare; empty means all.
    pub only: BTreeSet<ChangeKind>,
    /// What to leave out.
    pub ignore: Ignore,
    /// Places to leave out.
    pub regions: Vec<Region>,
    /// Pages to compare, by their number in either document.
    pub pages: PageSet,
    /// How far geometry may stray and still count as equal, points.
    pub tolerance: f32,
    /// Whether pixels are compared too.
    pub pixels: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            only: BTreeSet::new(),
            ignore: Ignore::default(),
            regions: Vec::new(),
            pages: PageSet::default(),
            tolerance: 0.5,
            pixels: true,
        }
    }
}

impl Options {
    /// Whether changes of this kind are wanted.
    pub fn wants(&self, kind: ChangeKind) -> bool {
        (self.only.is_empty() || self.only.contains(&kind)) && !self.ignore.kinds.contains(&kind)
    }

    /// Whether the middle of `bounds` lies in a region to leave out. `page` is
    /// the page of the new document, `bounds` in its points; a page only the
    /// old document has goes by its old number and points.
    pub fn ignores(&self, page: u32, bounds: &Rect) -> bool {
        self.regions
            .iter()
            .any(|r| r.pages.contains(page) && r.bounds.contains(bounds.center()))
    }
}

/// What to leave out of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own on the command line"
)]
pub struct Ignore {
    /// Whole kinds of changes.
    pub kinds: BTreeSet<ChangeKind>,
    /// Running headers and footers.
    pub headers: bool,
    /// Page numbers.
    pub page_numbers: bool,
    /// Spaces gained or lost inside or between words.
    pub whitespace: bool,
    /// Upper and lower case.
    pub case: bool,
    /// Content that is the same elsewhere.
    pub moves: bool,
}

impl Ignore {
    /// Adds one item of a comma-separated list: a kind's name, `headers`,
    /// `page-numbers`, `whitespace`, `case` or `moves`.
    pub fn add(&mut self, item: &str) -> Result<(), OptionsError> {
        match item.trim() {
            "headers" => self.headers = true,
            "page-numbers" => self.page_numbers = true,
            "whitespace" => self.whitespace = true,
            "case" => self.case = true,
            "moves" => self.moves = true,
            other => {
                let kind = kind(other).map_err(|_| OptionsError::Ignore(other.to_owned()))?;
                self.kinds.insert(kind);
            }
        }
        Ok(())
    }

    /// The items as [`Ignore::add`] takes them.
    pub fn names(&self) -> Vec<String> {
        let flags = [
            (self.headers, "headers"),
            (self.page_numbers, "page-numbers"),
            (self.whitespace, "whitespace"),
            (self.case, "case"),
            (self.moves, "moves"),
        ];
        self.kinds
            .iter()
            .map(|k| k.name())
            .chain(flags.iter().filter(|(on, _)| *on).map(|(_, name)| *name))
            .map(str::to_owned)
            .collect()
    }
}

/// The kind of change called `name`.
pub fn kind(name: &str) -> Result<ChangeKind, OptionsError> {
    let name = name.trim();
    ChangeKind::ALL
        .into_iter()
        .find(|k| k.name() == name)
        .ok_or_else(|| OptionsError::Kind(name.to_owned()))
}

/// The kinds of a comma-separated list.
pub fn kinds(list: &str) -> Result<BTreeSet<ChangeKind>, OptionsError> {
    list.split(',').map(kind).collect()
}

/// A set of page numbers, written `1-3,7,20-`; empty or `*` means all pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageSet {
    /// First and last page, both included; empty means all pages.
    ranges: Vec<(u32, u32)>,
}

impl PageSet {
    /// Whether page `number` (1-based) belongs to the set.
    pub fn contains(&self, number: u32) -> bool {
        self.ranges.is_empty()
            || self
                .ranges
                .iter()
                .any(|&(first, last)| (first..=last).contains(&number))
    }

    /// Whether the set is all pages.
    pub fn is_all(&self) -> bool {
        self.ranges.is_empty()
    }
}

impl std::str::FromStr for PageSet {
    type Err = OptionsError;

    fn from_str(text: &str) -> Result<Self, OptionsError> {
        let text = text.trim();
        if text.is_empty() || text == "*" {
            return Ok(Self::default());
        }
        let error = || OptionsError::Pages(text.to_owned());
        let number = |part: &str| match part.trim().parse::<u32>() {
            Ok(n) if n > 0 => Ok(n),
            _ => Err(error()),
        };
        let mut ranges = Vec::new();
        for part in text.split(',') {
            let range = match part.split_once('-') {
                None => (number(part)?, number(part)?),
                Some((first, last)) => (
                    number(first)?,
                    if last.trim().is_empty() {
                        u32::MAX
                    } else {
                        number(last)?
                    },
                ),
            };
            if range.0 > range.1 {
                return Err(error());
            }
            ranges.push(range);
        }
        Ok(Self { ranges })
    }
}

impl std::fmt::Display for PageSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, &(first, last)) in self.ranges.iter().enumerate() {
            if i > 0 {
                f.write_str(",")?;
            }
            match last {
                last if last == first => write!(f, "{first}")?,
                u32::MAX => write!(f, "{first}-")?,
                last => write!(f, "{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// A place to leave out, written `PAGES:X0,Y0,X1,Y1`: pages as in [`PageSet`],
/// edges in points from the top-left corner of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Pages of the new document.
    pub pages: PageSet,
    /// The box, points.
    pub bounds: Rect,
}

impl std::str::FromStr for Region {
    type Err = OptionsError;

    fn from_str(text: &str) -> Result<Self, OptionsError> {
        let error = || OptionsError::Region(text.to_owned());
        let (pages, edges) = text.split_once(':').ok_or_else(error)?;
        let edges: Vec<f32> = edges
            .split(',')
            .map(|edge| edge.trim().parse::<f32>().ok().filter(|v| v.is_finite()))
            .collect::<Option<_>>()
            .ok_or_else(error)?;
        let &[x0, y0, x1, y1] = edges.as_slice() else {
            return Err(error());
        };
        Ok(Self {
            pages: pages.parse()?,
            bounds: Rect::new(x0, y0, x1, y1),
        })
    }
}

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.pages.is_all() {
            f.write_str("*")?;
        }
        let Rect { x0, y0, x1, y1 } = self.bounds;
        write!(f, "{}:{x0},{y0},{x1},{y1}", self.pages)
    }
}

/// An option that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// Not the name of a kind of change.
    #[error("“{0}” is no kind of change; kinds are {kinds}", kinds = kind_names())]
    Kind(String),
    /// Nothing that can be ignored.
    #[error(
        "“{0}” cannot be ignored; choose from headers, page-numbers, whitespace, case, moves, {kinds}",
        kinds = kind_names()
    )]
    Ignore(String),
    /// Not a list of pages.
    #[error("“{0}” is no list of pages; write for example 1-3,7 or 20-")]
    Pages(String),
    /// Not a region.
    #[error(
        "“{0}” is no region; write PAGES:X0,Y0,X1,Y1 in points from the top-left corner, for example *:0,0,612,50 or 1-3,7:400,700,612,792"
    )]
    Region(String),
    /// Not a tolerance.
    #[error("“{0}” is no tolerance; write a number of points from 0 to 100")]
    Tolerance(String),
}

fn kind_names() -> String {
    ChangeKind::ALL.map(ChangeKind::name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_sets_read_back_as_written() {
        for text in ["1-3,7", "2", "5-", "1,3-4,9-"] {
            assert_eq!(text.parse::<PageSet>().unwrap().to_string(), text);
        }
        let set: PageSet = "1-3,7,20-".parse().unwrap();
        assert!(set.contains(2) && set.contains(7) && set.contains(4000));
        assert!(!set.contains(4) && !set.contains(19));
        assert!("*".parse::<PageSet>().unwrap().is_all());
        for text in ["0", "3-1", "a", "1,,2", "-3"] {
            assert!(text.parse::<PageSet>().is_err(), "{text}");
        }
    }

    #[test]
    fn regions_read_back_as_written() {
        for text in ["*:0,0,100,50", "1-3,7:10.5,20,30,40"] {
            assert_eq!(text.parse::<Region>().unwrap().to_string(), text);
        }
        for text in [
            "0,0,1,1",
            "*:0,0,1",
            "*:a,0,1,1",
            "*:0,0,1,inf",
            "x:0,0,1,1",
        ] {
            assert!(text.parse::<Region>().is_err(), "{text}");
        }
    }

    #[test]
    fn errors_say_what_to_write() {
        let error = kinds("text,colour").unwrap_err().to_string();
        assert!(
            error.contains("colour") && error.contains("drawing"),
            "{error}"
        );
        let error = Ignore::default().add("noise").unwrap_err().to_string();
        assert!(error.contains("page-numbers"), "{error}");
    }
}
