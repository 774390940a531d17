//! Options as they travel: JSON, in the words of the command line.

use model::ChangeKind;
use serde::{Deserialize, Serialize};

use crate::{Ignore, Options, OptionsError};

/// What a comparison is asked for. Everything may be left out; `{}` asks for
/// the defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wish {
    /// Kinds to compare; empty means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<ChangeKind>,
    /// What to leave out, as [`Ignore::add`] takes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Places to leave out, `PAGES:X0,Y0,X1,Y1`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Pages to compare, `1-3,7`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pages: String,
    /// How far geometry may stray and still count as equal, points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f32>,
    /// Whether pixels are compared too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixels: Option<bool>,
}

/// Points a tolerance may have.
const TOLERANCE: std::ops::RangeInclusive<f32> = 0.0..=100.0;

impl Wish {
    /// As the comparison takes it; fails on what it cannot understand.
    pub fn options(&self) -> Result<Options, OptionsError> {
        let defaults = Options::default();
        let mut ignore = Ignore::default();
        for item in &self.ignore {
            ignore.add(item)?;
        }
        let regions = self.regions.iter().map(|r| r.parse());
        let tolerance = self.tolerance.unwrap_or(defaults.tolerance);
        if !TOLERANCE.contains(&tolerance) {
            return Err(OptionsError::Tolerance(tolerance.to_string()));
        }
        Ok(Options {
            only: self.only.iter().copied().collect(),
            ignore,
            regions: regions.collect::<Result<_, _>>()?,
            pages: self.pages.parse()?,
            tolerance,
            pixels: self.pixels.unwrap_or(defaults.pixels),
        })
    }

    /// The same wish in one form: what says nothing is left out, lists are
    /// sorted. Two wishes that ask for the same are then equal.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let sorted = |list: &[String]| {
            let mut list: Vec<String> = list.iter().map(|s| s.trim().to_owned()).collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        let mut only = self.only.clone();
        only.sort_unstable();
        only.dedup();
        let pages = match self.pages.trim() {
            "*" => String::new(),
            pages => pages.to_owned(),
        };
        let defaults = Options::default();
        Self {
            only,
            ignore: sorted(&self.ignore),
            regions: sorted(&self.regions),
            pages,
            tolerance: self.tolerance.filter(|t| *t != defaults.tolerance),
            pixels: self.pixels.filter(|p| *p != defaults.pixels),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_asked_for_is_the_defaults() {
        let wish: Wish = serde_json::from_str("{}").unwrap();
        assert_eq!(wish.options().unwrap(), Options::default());
        assert_eq!(serde_json::to_string(&wish.canonical()).unwrap(), "{}");
    }

    #[test]
    fn what_is_asked_for_arrives() {
        let json = r#"{"only":["text"],"ignore":["headers","style"],"regions":["1-2:0,0,10,10"],
                       "pages":"1-3","tolerance":1.5,"pixels":false}"#;
        let options = serde_json::from_str::<Wish>(json)
            .unwrap()
            .options()
            .unwrap();
        assert!(options.only.contains(&ChangeKind::Text) && options.only.len() == 1);
        assert!(options.ignore.headers && options.ignore.kinds.contains(&ChangeKind::Style));
        assert_eq!(options.regions.len(), 1);
        assert!(options.pages.contains(3) && !options.pages.contains(4));
        assert!(options.tolerance == 1.5 && !options.pixels);
    }

    #[test]
    fn nonsense_is_told() {
        for json in [
            r#"{"ignore":["noise"]}"#,
            r#"{"regions":["everywhere"]}"#,
            r#"{"pages":"3-1"}"#,
            r#"{"tolerance":-1}"#,
        ] {
            let wish: Wish = serde_json::from_str(json).unwrap();
            assert!(wish.options().is_err(), "{json}");
        }
        assert!(serde_json::from_str::<Wish>(r#"{"onyl":[]}"#).is_err());
    }

    #[test]
    fn the_same_wish_has_one_form() {
        let one: Wish =
            serde_json::from_str(r#"{"ignore":["style","case"],"pages":"*","pixels":true}"#)
                .unwrap();
        let other: Wish = serde_json::from_str(r#"{"ignore":["case","style"]}"#).unwrap();
        assert_eq!(one.canonical(), other.canonical());
    }
}
