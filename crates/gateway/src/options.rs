//! What a comparison compares, as the API and the queue write it.

use diff::{Ignore, Options, PageSet, Region};
use serde::{Deserialize, Serialize};
use service::problem::Problem;
use utoipa::ToSchema;

/// Largest tolerance that makes sense, points.
const MAX_TOLERANCE: f32 = 100.0;
/// Regions of one comparison.
const MAX_REGIONS: usize = 1_000;

/// What to compare; everything where absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CompareOptions {
    /// Kinds of changes to look for; all where empty.
    #[schema(example = json!(["text", "drawing"]))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// What to leave out: kinds of changes, `headers`, `page-numbers`,
    /// `whitespace`, `case`, `moves`.
    #[schema(example = json!(["headers"]))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// Places to leave out, each `PAGES:X0,Y0,X1,Y1` in points from the
    /// top-left corner of the page.
    #[schema(example = json!(["*:0,0,612,50"]))]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Pages to compare, such as `1-3,7,20-`; all where absent.
    #[schema(example = "1-3,7,20-")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages: Option<String>,
    /// How far geometry may stray and still count as equal, points.
    #[schema(example = 0.5)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<f32>,
    /// Whether pixels are compared too; they are where absent.
    #[schema(example = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixels: Option<bool>,
}

impl CompareOptions {
    /// As the comparison takes them.
    pub fn parse(&self) -> Result<Options, Problem> {
        let wrong = |error: diff::OptionsError| Problem::bad_request(error.to_string());
        let defaults = Options::default();
        let mut ignore = Ignore::default();
        for item in &self.ignore {
            ignore.add(item).map_err(wrong)?;
        }
        if self.regions.len() > MAX_REGIONS {
            return Err(Problem::bad_request(format!(
                "At most {MAX_REGIONS} regions can be left out."
            )));
        }
        let tolerance = self.tolerance.unwrap_or(defaults.tolerance);
        if !(0.0..=MAX_TOLERANCE).contains(&tolerance) {
            return Err(Problem::bad_request(format!(
                "The tolerance is from 0 to {MAX_TOLERANCE} points."
            )));
        }
        Ok(Options {
            only: self
                .only
                .iter()
                .map(|name| diff::kind(name))
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            ignore,
            regions: self
                .regions
                .iter()
                .map(|region| region.parse::<Region>())
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            pages: match &self.pages {
                Some(pages) => pages.parse::<PageSet>().map_err(wrong)?,
                None => PageSet::default(),
            },
            tolerance,
            pixels: self.pixels.unwrap_or(defaults.pixels),
        })
    }

    /// The same options written in the one way that tells equal ones from
    /// others: sorted, defaults left out.
    pub(crate) fn canonical(&self) -> Result<Self, Problem> {
        let options = self.parse()?;
        let defaults = Options::default();
        let mut ignore = options.ignore.names();
        ignore.sort_unstable();
        let mut regions: Vec<String> = options.regions.iter().map(Region::to_string).collect();
        regions.sort_unstable();
        regions.dedup();
        Ok(Self {
            only: options.only.iter().map(|k| k.name().to_owned()).collect(),
            ignore,
            regions,
            pages: (!options.pages.is_all()).then(|| options.pages.to_string()),
            tolerance: (options.tolerance != defaults.tolerance).then_some(options.tolerance),
            pixels: (options.pixels != defaults.pixels).then_some(options.pixels),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(json: &str) -> CompareOptions {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn equal_options_are_written_alike() {
        let same = [
            r#"{"ignore":["moves","case"],"pages":" 1-3 ","pixels":true,"tolerance":0.5}"#,
            r#"{"ignore":["case","moves","case"],"pages":"1-3"}"#,
        ];
        for json in same {
            let canonical = options(json).canonical().unwrap();
            assert_eq!(
                serde_json::to_string(&canonical).unwrap(),
                r#"{"ignore":["case","moves"],"pages":"1-3"}"#
            );
            assert_eq!(canonical.parse().unwrap(), options(json).parse().unwrap());
        }
        let default = CompareOptions::default().canonical().unwrap();
        assert_eq!(serde_json::to_string(&default).unwrap(), "{}");
    }

    #[test]
    fn nonsense_is_told_what_it_should_be() {
        for (json, says) in [
            (r#"{"only":["colour"]}"#, "drawing"),
            (r#"{"ignore":["noise"]}"#, "page-numbers"),
            (r#"{"regions":["1:2"]}"#, "X0,Y0"),
            (r#"{"pages":"3-1"}"#, "1-3"),
            (r#"{"tolerance":-1}"#, "0 to 100"),
        ] {
            let detail = options(json).parse().unwrap_err().detail.unwrap();
            assert!(detail.contains(says), "{json}: {detail}");
        }
        assert!(serde_json::from_str::<CompareOptions>(r#"{"page":"1"}"#).is_err());
    }
}
