//! Adding up and printing.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::matching::CaseScore;
use crate::cases;
use crate::truth::{Class, Truths};

/// A case with its score.
pub struct Scored {
    /// The case.
    pub truths: Truths,
    /// Its score.
    pub score: CaseScore,
    /// Why the tool gave no result.
    pub failed: Option<String>,
}

/// Sums over cases.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Cases.
    pub cases: usize,
    /// Cases with everything true and nothing false.
    pub perfect: usize,
    /// Truths and page events.
    pub truths: usize,
    /// Of these, found.
    pub found: usize,
    /// Reports and reported page events.
    pub reports: usize,
    /// Of these, false.
    pub wrong: usize,
    /// Found truths with the right operation.
    pub op_right: usize,
    /// Found truths without page events.
    pub found_truths: usize,
    /// Reports touching found truths.
    pub fragments: usize,
    /// Sum of intersection over union over found truths.
    pub iou: f32,
    /// Truths of systematic edits, and how many were put in one group.
    pub grouped: (usize, usize),
    /// Comparisons without result.
    pub failed: usize,
}

impl Tally {
    /// Adds one case.
    pub fn add(&mut self, scored: &Scored) {
        let s = &scored.score;
        self.cases += 1;
        self.perfect += usize::from(s.is_perfect() && scored.failed.is_none());
        self.truths += s.truths.len() + s.events;
        self.found += s.found() + s.events_found;
        self.reports += s.reports + s.events_found + s.false_events.len();
        self.wrong += s.false_reports.len() + s.false_events.len();
        for truth in s.truths.iter().filter(|t| !t.by.is_empty()) {
            self.op_right += usize::from(truth.op_right);
            self.found_truths += 1;
            self.fragments += truth.by.len();
            self.iou += truth.iou;
        }
        if let Some((all, together)) = s.grouped {
            self.grouped.0 += all;
            self.grouped.1 += together;
        }
        self.failed += usize::from(scored.failed.is_some());
    }

    /// Share of the reports that are true; 1 where nothing is reported.
    pub fn precision(&self) -> f32 {
        ratio(self.reports - self.wrong, self.reports)
    }

    /// Share of the truths that are found; 1 where there are none.
    pub fn recall(&self) -> f32 {
        ratio(self.found, self.truths)
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self) -> f32 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 {
            2.0 * p * r / (p + r)
        } else {
            0.0
        }
    }
}

fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        1.0
    } else {
        part as f32 / whole as f32
    }
}

fn row(name: &str, t: &Tally, identity: bool) -> Vec<String> {
    let mean = |sum: f32| {
        if t.found_truths == 0 {
            "–".to_owned()
        } else {
            format!("{:.2}", sum / t.found_truths as f32)
        }
    };
    let score = |v: f32| {
        if identity {
            "–".to_owned()
        } else {
            format!("{v:.2}")
        }
    };
    vec![
        name.to_owned(),
        t.cases.to_string(),
        t.perfect.to_string(),
        t.truths.to_string(),
        t.found.to_string(),
        t.reports.to_string(),
        t.wrong.to_string(),
        score(t.precision()),
        score(t.recall()),
        score(t.f1()),
        mean(t.op_right as f32),
        mean(t.iou),
        mean(t.fragments as f32),
    ]
}

const HEAD: [&str; 13] = [
    "kind",
    "cases",
    "perfect",
    "truths",
    "found",
    "reports",
    "false",
    "precision",
    "recall",
    "F1",
    "op",
    "IoU",
    "reports/truth",
];

/// Class, name and tally of a kind.
type KindTally = (Class, String, Tally);

/// Tallies by class and by kind, in table order.
fn tallies(scored: &[Scored]) -> (BTreeMap<Class, Tally>, Vec<KindTally>) {
    let mut classes: BTreeMap<Class, Tally> = BTreeMap::new();
    let mut by_kind: BTreeMap<String, (Class, Tally)> = BTreeMap::new();
    for case in scored {
        classes.entry(case.truths.class).or_default().add(case);
        by_kind
            .entry(case.truths.kind.clone())
            .or_insert((case.truths.class, Tally::default()))
            .1
            .add(case);
    }
    let mut kinds: Vec<KindTally> = Vec::new();
    for kind in cases::kinds() {
        if let Some((class, tally)) = by_kind.remove(kind.name) {
            kinds.push((class, kind.name.to_owned(), tally));
        }
    }
    // Cases that others made may have kinds of their own.
    kinds.extend(
        by_kind
            .into_iter()
            .map(|(name, (class, tally))| (class, name, tally)),
    );
    (classes, kinds)
}

/// Rows by class, then by kind.
fn rows(scored: &[Scored]) -> [Vec<Vec<String>>; 2] {
    let (classes, kinds) = tallies(scored);
    [
        classes
            .iter()
            .map(|(class, t)| row(class.name(), t, *class == Class::Identity))
            .collect(),
        kinds
            .iter()
            .map(|(class, name, t)| row(name, t, *class == Class::Identity))
            .collect(),
    ]
}

/// The table for a terminal.
pub fn terminal(scored: &[Scored]) -> String {
    let [classes, kinds] = rows(scored);
    let mut out = String::new();
    for part in [kinds, classes] {
        let all: Vec<Vec<String>> = std::iter::once(HEAD.map(str::to_owned).to_vec())
            .chain(part)
            .collect();
        let widths: Vec<usize> = (0..HEAD.len())
            .map(|c| all.iter().map(|r| r[c].chars().count()).max().unwrap_or(0))
            .collect();
        for row in &all {
            for (c, cell) in row.iter().enumerate() {
                let pad = widths[c] - cell.chars().count();
                let _ = if c == 0 {
                    write!(out, "{cell}{}", " ".repeat(pad))
                } else {
                    write!(out, "  {}{cell}", " ".repeat(pad))
                };
            }
            out.push('\n');
        }
        out.push('\n');
    }
    out.push_str(&verdict(scored));
    out
}

/// The criteria of the project, each met or not.
pub fn verdict(scored: &[Scored]) -> String {
    let (classes, _) = tallies(scored);
    let f1 = |class| classes.get(&class).map_or(0.0, Tally::f1);
    let identity = classes.get(&Class::Identity).copied().unwrap_or_default();
    let mut out = String::new();
    for (what, value, wanted) in [
        ("text", f1(Class::Text), 0.95),
        ("drawing", f1(Class::Drawing), 0.90),
    ] {
        let word = if value >= wanted { "met" } else { "NOT met" };
        let _ = writeln!(
            out,
            "F1 over {what} kinds {value:.3}, wanted {wanted:.2}: {word}"
        );
    }
    let word = if identity.wrong == 0 {
        "met"
    } else {
        "NOT met"
    };
    let _ = writeln!(
        out,
        "false changes on identity kinds {} (in {} of {} cases), wanted 0: {word}",
        identity.wrong,
        identity.cases - identity.perfect,
        identity.cases
    );
    out
}

fn markdown_table(rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", HEAD.join(" | "));
    let _ = writeln!(out, "|---|{}", "--:|".repeat(HEAD.len() - 1));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

/// `docs/accuracy.md`: one section per tool.
pub fn markdown(tools: &[(String, Vec<Scored>)]) -> String {
    let mut out = String::from(
        "# Accuracy\n\n\
         Known edits, made by the project's own generator, and what each tool reports.\n\
         Written by `scripts/accuracy`; run it again to renew this file. How truth and\n\
         score are defined: [groundtruth-format.md](groundtruth-format.md).\n\n\
         *perfect*: cases with everything true and nothing false reported. *op*: share of\n\
         the found edits whose operation is named rightly. *IoU*: how tightly the boxes\n\
         fit. *reports/truth*: 1 is ideal, more is fragmentation.\n",
    );
    for (name, scored) in tools {
        let [classes, kinds] = rows(scored);
        let _ = writeln!(out, "\n## {name}\n");
        if name == "pdf-compare" {
            for line in verdict(scored).lines() {
                let _ = writeln!(out, "- {line}");
            }
            out.push('\n');
        } else if name == "pdf-diff" {
            out.push_str(
                "It compares words only: styles, drawings, pictures, page events and objects are\n\
                 out of its reach, and it marks the word before an insertion on the other side\n\
                 too, which counts as true where it touches. Its text rows are the fair ones.\n\n",
            );
        }
        out.push_str(&markdown_table(&classes));
        let mut grouped = (0, 0);
        for case in scored {
            if let Some((all, together)) = case.score.grouped {
                grouped = (grouped.0 + all, grouped.1 + together);
            }
        }
        let failed = scored.iter().filter(|s| s.failed.is_some()).count();
        let _ = writeln!(
            out,
            "\nSystematic edits: {} of {} occurrences offered as one group. Comparisons without result: {failed} of {}.\n",
            grouped.1,
            grouped.0,
            scored.len()
        );
        out.push_str(&markdown_table(&kinds));
    }
    out
}
