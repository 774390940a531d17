//! The report as JSON, and its schema. `docs/report.md` describes the format.

use std::io::{self, Write};

use model::{Rect, Report, Spot, Transform};
use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::Error;

/// Writes the report as JSON, the same bytes for the same report: lengths
/// rounded to 1/100 point, one page and one change per line, a line feed at
/// the end. Numbers that JSON cannot say (not finite) become 0, or identity in
/// a transform; boxes that have one are left out.
pub fn json(report: &Report, out: &mut dyn Write) -> Result<(), Error> {
    let report = rounded(report);
    let mut serializer = Serializer::with_formatter(&mut *out, LinePerItem::default());
    report.serialize(&mut serializer)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// The JSON Schema (draft 2020-12) of what [`json`] writes.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(Report);
    schema.insert("title".into(), "PDF Compare report".into());
    schema.insert("$id".into(), "urn:pdf-compare:report:1".into());
    let mut value = serde_json::Value::from(schema);
    // Types say `string`; what the contract fixes is the value.
    if let Some(format) = value.pointer_mut("/properties/format") {
        format["const"] = model::FORMAT.into();
    }
    value
}

/// The report with every length on a 1/100 point grid and every number finite.
fn rounded(report: &Report) -> Report {
    let mut report = report.clone();
    for page in &mut report.pages {
        page.similarity = round(page.similarity, 1e4);
        page.coverage.text = round(page.coverage.text, 1e4);
        page.coverage.accounted = round(page.coverage.accounted, 1e4);
        for size in [&mut page.old_size, &mut page.new_size]
            .into_iter()
            .flatten()
        {
            *size = size.map(|v| round(v, 100.0));
        }
        page.transform = round_transform(&page.transform);
    }
    for change in &mut report.changes {
        for spot in [&mut change.old, &mut change.new].into_iter().flatten() {
            round_boxes(spot);
        }
    }
    report.settings.tolerance = round(report.settings.tolerance, 1e4);
    report
}

fn round_boxes(spot: &mut Spot) {
    spot.boxes.retain(Rect::is_finite);
    for rect in &mut spot.boxes {
        *rect = Rect::from(<[f32; 4]>::from(*rect).map(|v| round(v, 100.0)));
    }
}

/// The linear part to 8 decimals (1/100 point over the largest page a PDF may
/// have), the shift to 4.
fn round_transform(transform: &Transform) -> Transform {
    let Transform(m) = transform;
    if !m.iter().all(|v| v.is_finite()) {
        return Transform::IDENTITY;
    }
    let at = |v: f64, grid: f64| (v * grid).round() / grid + 0.0;
    let [a, b, c, d, e, f] = *m;
    Transform([
        at(a, 1e8),
        at(b, 1e8),
        at(c, 1e8),
        at(d, 1e8),
        at(e, 1e4),
        at(f, 1e4),
    ])
}

/// `v` on a grid of 1/`grid`; never `-0`, never infinite.
fn round(v: f32, grid: f64) -> f32 {
    if v.is_finite() {
        ((f64::from(v) * grid).round() / grid) as f32 + 0.0
    } else {
        0.0
    }
}

/// Depth from which values stay on one line: the report's own members and the
/// members of its lists get lines, what is inside those does not.
const INLINE_DEPTH: usize = 2;

/// Pretty down to one list item per line, compact inside: short enough to
/// read, and `diff` and `grep` work on it.
#[derive(Default)]
struct LinePerItem {
    pretty: PrettyFormatter<'static>,
    depth: usize,
}

impl LinePerItem {
    fn on_lines(&self) -> bool {
        self.depth <= INLINE_DEPTH
    }
}

impl Formatter for LinePerItem {
    fn begin_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.on_lines() {
            self.pretty.begin_array(w)
        } else {
            w.write_all(b"[")
        }
    }

    fn end_array<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        let pretty = self.on_lines();
        self.depth = self.depth.saturating_sub(1);
        if pretty {
            self.pretty.end_array(w)
        } else {
            w.write_all(b"]")
        }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        self.depth += 1;
        if self.on_lines() {
            self.pretty.begin_object(w)
        } else {
            w.write_all(b"{")
        }
    }

    fn end_object<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        let pretty = self.on_lines();
        self.depth = self.depth.saturating_sub(1);
        if pretty {
            self.pretty.end_object(w)
        } else {
            w.write_all(b"}")
        }
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if self.on_lines() {
            self.pretty.begin_array_value(w, first)
        } else {
            separate(w, first)
        }
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        if self.on_lines() {
            self.pretty.end_array_value(w)
        } else {
            Ok(())
        }
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        if self.on_lines() {
            self.pretty.begin_object_key(w, first)
        } else {
            separate(w, first)
        }
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        if self.on_lines() {
            self.pretty.end_object_value(w)
        } else {
            Ok(())
        }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, w: &mut W) -> io::Result<()> {
        w.write_all(b": ")
    }
}

fn separate<W: ?Sized + Write>(w: &mut W, first: bool) -> io::Result<()> {
    if first { Ok(()) } else { w.write_all(b", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn written(report: &Report) -> String {
        let mut out = Vec::new();
        json(report, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn published_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/report.schema.json");
        let current = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &current).unwrap();
        }
        let published = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            published == current,
            "docs/report.schema.json is not what the types say; \
             run `UPDATE_SCHEMA=1 cargo test -p report` and commit it"
        );
    }

    #[test]
    fn every_report_validates() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        for report in [
            sample::rich(),
            sample::hostile(),
            sample::identical(),
            sample::many(300, 7),
        ] {
            let value: serde_json::Value = serde_json::from_str(&written(&report)).unwrap();
            let errors: Vec<String> = validator
                .iter_errors(&value)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn the_schema_refuses_what_is_no_report() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&written(&sample::rich())).unwrap();
        value["format"] = "something-else/2".into();
        assert!(!validator.is_valid(&value));
        value["format"] = model::FORMAT.into();
        assert!(validator.is_valid(&value));
        value["changes"][0]["kind"] = "colour".into();
        assert!(!validator.is_valid(&value));
    }

    #[test]
    fn reads_back_as_the_same_report() {
        let report = sample::rich();
        let back: Report = serde_json::from_str(&written(&report)).unwrap();
        assert_eq!(back, report);
        let hostile = written(&sample::hostile());
        assert!(serde_json::from_str::<Report>(&hostile).is_ok());
    }

    #[test]
    fn lengths_have_two_decimals() {
        let mut report = sample::identical();
        report.pages[0].new_size = Some([595.276, -0.001]);
        report.pages[0].transform = Transform([1.0, 1e-12, -1e-12, 1.0, 0.123_456, 0.0]);
        let out = written(&report);
        assert!(out.contains("\"new_size\": [595.28, 0.0]"), "{out}");
        assert!(out.contains("[1.0, 0.0, 0.0, 1.0, 0.1235, 0.0]"), "{out}");
    }

    #[test]
    fn one_line_per_change() {
        let out = written(&sample::rich());
        let lines = out
            .lines()
            .filter(|line| line.contains("\"kind\":"))
            .count();
        assert_eq!(lines, sample::rich().changes.len());
        insta::assert_snapshot!(out);
    }
}
