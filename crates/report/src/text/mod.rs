//! The report for the terminal, page by page.

mod body;
mod paint;

use std::collections::BTreeMap;
use std::io::Write;

use model::{PageStatus, Report, Side};

use crate::Error;
use crate::plain::isolated;
use crate::ranges::{count, ranges, thousands};
use crate::view::{View, kind_label, page_of};
use paint::{Paint, Writer};

/// How to write to the terminal.
#[derive(Clone, Copy, Debug)]
pub struct TextOptions {
    /// Whether to use ANSI colours. Off where `NO_COLOR` is set or the output
    /// is no terminal; marks (`-`, `+`, `[-…-]`) tell the same then.
    pub color: bool,
    /// Columns to wrap at; at least 40 are used.
    pub width: usize,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            color: false,
            width: 80,
        }
    }
}

/// Writes the report for people at a terminal. Control characters and
/// bidirectional overrides in document text are shown, never sent.
pub fn text(report: &Report, out: &mut dyn Write, options: &TextOptions) -> Result<(), Error> {
    let view = View::of(report);
    let mut w = Writer::new(out, options);
    header(&view, &mut w)?;
    summary(&view, &mut w)?;
    warnings(report, &mut w)?;
    groups(&view, &mut w)?;
    body::document(&view, &mut w)?;
    body::pages(&view, &mut w)?;
    noise(&view, &mut w)?;
    w.flush()
}

fn header(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    for (label, file, paint) in [
        ("--- ", &view.report.old, Paint::Old),
        ("+++ ", &view.report.new, Paint::New),
    ] {
        let name = isolated(&file.name);
        let pages = count(file.pages as usize, "page");
        let hash: String = file.sha256.chars().take(12).collect();
        w.painted(paint, &format!("{label}{name}"))?;
        w.painted(
            Paint::Faint,
            &format!("  {pages}, sha256 {}", isolated(&hash)),
        )?;
        w.newline()?;
    }
    w.newline()
}

fn summary(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    let report = view.report;
    let (edits, noise) = view.counts();
    let events = page_events(report);
    if edits == 0 && events.is_empty() {
        let verdict = if report.identical || noise > 0 {
            "No differences."
        } else {
            "No differences were found, but not everything could be compared."
        };
        w.painted(Paint::Strong, verdict)?;
        return w.newline();
    }
    let mut said = vec![count(edits, "change")];
    said.extend(events);
    w.wrapped("", "", &[(Paint::Strong, &format!("{}.", said.join(", ")))])?;
    for (kind, ops) in view.tally() {
        let ops: Vec<String> = ops
            .iter()
            .map(|(op, n)| format!("{} {}", thousands(*n), op.name()))
            .collect();
        let label = format!("  {:<13}", kind_label(kind));
        w.wrapped(
            &label,
            "               ",
            &[(Paint::Plain, &ops.join(", "))],
        )?;
    }
    let changed = |side: Side| {
        report
            .pages
            .iter()
            .enumerate()
            .filter_map(move |(i, page)| {
                let touched = page.status == PageStatus::Changed
                    || view.told[i]
                        .iter()
                        .any(|c| !report.changes[*c].evidence.noise);
                let number = match side {
                    Side::Old if page.new.is_none() => page.old,
                    Side::Old => None,
                    Side::New => page.new,
                };
                number.filter(|_| touched)
            })
    };
    let listed = ranges(changed(Side::New));
    if !listed.is_empty() {
        w.wrapped("  Changed pages  ", "  ", &[(Paint::Plain, &listed)])?;
    }
    Ok(())
}

/// “2 pages inserted (4, 5)”, …
fn page_events(report: &Report) -> Vec<String> {
    let numbers = |status: PageStatus| -> Vec<u32> {
        report
            .pages
            .iter()
            .filter(|page| page.status == status)
            .filter_map(|page| page.new.or(page.old))
            .collect()
    };
    [
        (PageStatus::Inserted, "inserted"),
        (PageStatus::Deleted, "deleted"),
        (PageStatus::Moved, "moved"),
    ]
    .into_iter()
    .filter_map(|(status, word)| {
        let pages = numbers(status);
        (!pages.is_empty())
            .then(|| format!("{} {word} ({})", count(pages.len(), "page"), ranges(pages)))
    })
    .collect()
}

/// Warnings of one text on many pages are one line.
fn warnings(report: &Report, w: &mut Writer<'_>) -> Result<(), Error> {
    let mut merged: BTreeMap<(Option<Side>, &str, &str), Vec<u32>> = BTreeMap::new();
    for warning in &report.warnings {
        merged
            .entry((warning.side, &warning.code, &warning.message))
            .or_default()
            .extend(warning.page);
    }
    if merged.is_empty() {
        return Ok(());
    }
    w.newline()?;
    for ((side, code, message), pages) in merged {
        let file = match side {
            Some(Side::Old) => "old file, ",
            Some(Side::New) => "new file, ",
            None => "",
        };
        let place = match pages.len() {
            0 => file.trim_end_matches(", ").to_owned(),
            1 => format!("{file}page {}", ranges(pages)),
            _ => format!("{file}pages {}", ranges(pages)),
        };
        let colon = if place.is_empty() { "" } else { ": " };
        let said = format!("{place}{colon}{} ({})", isolated(message), isolated(code));
        w.wrapped("! ", "  ", &[(Paint::Warning, &said)])?;
    }
    Ok(())
}

fn groups(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    if view.report.groups.is_empty() {
        return Ok(());
    }
    w.newline()?;
    w.painted(Paint::Strong, "The same edit at several places")?;
    w.newline()?;
    for (index, group) in view.report.groups.iter().enumerate() {
        let members = view.members(index);
        let pages: Vec<u32> = members
            .iter()
            .filter_map(|c| page_of(&view.report.changes[*c]))
            .collect();
        let mut distinct = pages.clone();
        distinct.dedup();
        let place = match distinct.len() {
            0 => String::new(),
            1 => format!("(page {})", ranges(pages)),
            _ => format!("(pages {})", ranges(pages)),
        };
        let letter = format!("  {:<4}", body::group_name(index));
        w.wrapped(
            &letter,
            "      ",
            &[
                (Paint::Plain, &isolated(&group.summary)),
                (Paint::Faint, &place),
            ],
        )?;
    }
    Ok(())
}

fn noise(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    let (_, noise) = view.counts();
    if noise == 0 {
        return Ok(());
    }
    let (n, verb, them) = if noise == 1 {
        ("1 more difference".to_owned(), "comes", "it")
    } else {
        (
            format!("{} more differences", thousands(noise)),
            "come",
            "them",
        )
    };
    w.newline()?;
    w.wrapped(
        "",
        "",
        &[(
            Paint::Faint,
            &format!(
                "{n} {verb} from rendering or encoding and {} not counted; \
                 the HTML and JSON reports list {them}.",
                if noise == 1 { "is" } else { "are" }
            ),
        )],
    )
}

#[cfg(test)]
mod tests;
