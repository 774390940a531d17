//! The changes, page by page.

use std::collections::BTreeMap;

use model::{Change, PageStatus};

use super::paint::{Paint, Writer};
use crate::Error;
use crate::inline::{self, Piece};
use crate::plain::{clip, isolated, visible};
use crate::ranges::count;
use crate::view::{
    View, coverage_gap, kind_label, op_mark, page_event, page_label, paired, percent, texts,
};

/// Characters of one passage that are shown; the rest is counted.
const PASSAGE: usize = 1200;

/// Equal words kept around a difference inside a passage, in characters.
const CONTEXT: usize = 40;

/// Passages at least this similar are shown as one, with the words marked.
const SIMILAR: f32 = 0.3;

/// `A`, `B`, … `Z`, `AA`: short names for groups, distinct from change ids.
pub(super) fn group_name(index: usize) -> String {
    let mut name = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        name.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    name
}

/// What belongs to the whole document.
pub(super) fn document(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    let shown: Vec<usize> = edits(view, &view.document);
    if shown.is_empty() {
        return Ok(());
    }
    heading(w, "Document", &[])?;
    changes(view, &shown, w)
}

/// Every page with something to tell.
pub(super) fn pages(view: &View<'_>, w: &mut Writer<'_>) -> Result<(), Error> {
    let mut shifted: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (index, entry) in view.report.pages.iter().enumerate() {
        let shown = edits(view, &view.told[index]);
        let event = page_event(entry);
        let gap = coverage_gap(entry);
        let plain = entry.status == PageStatus::Unchanged && gap.is_none();
        if shown.is_empty() && event.is_none() && plain {
            if let (Some(remark), Some(new)) = (&entry.remark, entry.new) {
                shifted.entry(remark).or_default().push(new);
            }
            continue;
        }
        let mut notes = Vec::new();
        if !shown.is_empty() {
            notes.push(count(shown.len(), "change"));
        }
        if paired(entry) && entry.similarity < 0.9995 {
            notes.push(format!("{} the same", percent(entry.similarity)));
        }
        heading(w, &page_label(entry), &notes)?;
        if let Some(event) = event {
            w.wrapped("  ", "  ", &[(Paint::Strong, &event)])?;
        }
        if let Some(remark) = &entry.remark {
            let whole = if paired(entry) { "whole page " } else { "" };
            let said = format!("{whole}{}", isolated(remark));
            w.wrapped("  ", "  ", &[(Paint::Faint, &said)])?;
        }
        if let Some(gap) = gap {
            w.wrapped("  ! ", "    ", &[(Paint::Warning, &gap)])?;
        }
        changes(view, &shown, w)?;
    }
    for (remark, pages) in shifted {
        w.newline()?;
        let noun = if pages.len() == 1 { "Page" } else { "Pages" };
        let said = format!(
            "{noun} {}: {}, otherwise unchanged",
            crate::ranges::ranges(pages),
            isolated(remark)
        );
        w.wrapped("", "  ", &[(Paint::Plain, &said)])?;
    }
    Ok(())
}

fn edits(view: &View<'_>, indices: &[usize]) -> Vec<usize> {
    indices
        .iter()
        .copied()
        .filter(|index| !view.report.changes[*index].evidence.noise)
        .collect()
}

fn heading(w: &mut Writer<'_>, label: &str, notes: &[String]) -> Result<(), Error> {
    w.newline()?;
    let title = format!("── {label} ");
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(" {} ──", notes.join(", "))
    };
    let fill = w
        .width()
        .saturating_sub(title.chars().count() + notes.chars().count())
        .max(2);
    w.painted(Paint::Strong, &title)?;
    w.painted(Paint::Faint, &format!("{}{notes}", "─".repeat(fill)))?;
    w.newline()
}

/// The changes of one page. Members of a group after the first on the page are
/// told in one line at the end: they say the same.
fn changes(view: &View<'_>, indices: &[usize], w: &mut Writer<'_>) -> Result<(), Error> {
    let mut repeated: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for index in indices {
        let change = &view.report.changes[*index];
        let group = view.group(*index);
        if let Some(group) = group {
            let seen = repeated.entry(group).or_default();
            seen.push(change.id);
            if seen.len() > 1 {
                continue;
            }
        }
        one(change, group, w)?;
    }
    for (group, ids) in repeated {
        if ids.len() > 1 {
            let more = format!(
                "{} more of group {}: {}",
                ids.len() - 1,
                group_name(group),
                ids[1..]
                    .iter()
                    .map(|id| format!("#{id}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            );
            w.wrapped("    ", "    ", &[(Paint::Faint, &more)])?;
        }
    }
    Ok(())
}

fn one(change: &Change, group: Option<usize>, w: &mut Writer<'_>) -> Result<(), Error> {
    let paint = match change.op {
        model::Op::Added => Paint::New,
        model::Op::Removed => Paint::Old,
        _ => Paint::Strong,
    };
    let label = format!(
        "{} #{:<4} {:<11} ",
        op_mark(change.op),
        change.id,
        kind_label(change.kind)
    );
    let mut runs = Vec::new();
    let summary = isolated(&change.summary);
    runs.push((Paint::Plain, summary.as_ref()));
    let note = match group {
        Some(group) => format!("[group {}]", group_name(group)),
        None => String::new(),
    };
    if !note.is_empty() {
        runs.push((Paint::Faint, &note));
    }
    let reason = if change.evidence.pixels == Some(false) {
        "(not visible)"
    } else {
        ""
    };
    if !reason.is_empty() {
        runs.push((Paint::Faint, reason));
    }
    let spaced: Vec<(Paint, &str)> = runs
        .iter()
        .enumerate()
        .flat_map(|(i, run)| {
            let gap = (i > 0).then_some((Paint::Plain, " "));
            gap.into_iter().chain([*run])
        })
        .collect();
    w.flowing(&label, "      ", paint, &spaced)?;
    passage(change, w)
}

/// Old and new text, where the summary does not tell them in full already.
fn passage(change: &Change, w: &mut Writer<'_>) -> Result<(), Error> {
    let (old, new) = texts(change);
    let told = |text: &str| text.is_empty() || change.summary.contains(text);
    if told(old) && told(new) {
        return Ok(());
    }
    if old == new {
        return side("    = ", Paint::Faint, new, w);
    }
    let (old, new) = (visible(old), visible(new));
    let pieces = inline::pieces(&old, &new);
    if !old.is_empty() && !new.is_empty() && inline::same_share(&pieces) >= SIMILAR {
        return marked(&pieces, w);
    }
    side("    - ", Paint::Old, &old, w)?;
    side("    + ", Paint::New, &new, w)
}

fn side(mark: &str, paint: Paint, text: &str, w: &mut Writer<'_>) -> Result<(), Error> {
    if text.is_empty() {
        return Ok(());
    }
    let (shown, more) = clip(text, PASSAGE);
    let shown = isolated(shown);
    let left = if more > 0 {
        format!(" … ({})", count(more, "more character"))
    } else {
        String::new()
    };
    w.flowing(
        mark,
        "      ",
        paint,
        &[(paint, &shown), (Paint::Faint, &left)],
    )
}

/// One passage with the differing words marked, `[-old-]{+new+}` as in
/// `git diff --word-diff`; long equal stretches are left out.
fn marked(pieces: &[Piece<'_>], w: &mut Writer<'_>) -> Result<(), Error> {
    let mut runs: Vec<(Paint, String)> = Vec::new();
    let mut shown = 0;
    for (i, piece) in pieces.iter().enumerate() {
        let (paint, text) = match piece {
            Piece::Same(text) => (Paint::Plain, elided(text, i == 0, i + 1 == pieces.len())),
            Piece::Old(text) => (Paint::Old, format!("[-{}-]", isolated(text))),
            Piece::New(text) => (Paint::New, format!("{{+{}+}}", isolated(text))),
        };
        shown += text.chars().count();
        runs.push((paint, text));
        if shown > 2 * PASSAGE && i + 1 < pieces.len() {
            let rest = pieces[i + 1..]
                .iter()
                .filter(|piece| !matches!(piece, Piece::Same(_)))
                .count();
            if rest > 0 {
                runs.push((
                    Paint::Faint,
                    format!(" … ({} in this passage)", count(rest, "more difference")),
                ));
            }
            break;
        }
    }
    let runs: Vec<(Paint, &str)> = runs
        .iter()
        .map(|(paint, text)| (*paint, text.as_str()))
        .collect();
    w.flowing("      ", "      ", Paint::Plain, &runs)
}

/// `text` with its middle left out (its start before the first difference, its
/// end after the last), cut at spaces.
fn elided(text: &str, first: bool, last: bool) -> String {
    let total = text.chars().count();
    let keep = if first || last { CONTEXT } else { 2 * CONTEXT };
    if total <= keep + 8 {
        return isolated(text).into_owned();
    }
    let head: String = text.chars().take(CONTEXT).collect();
    let tail: String = text.chars().skip(total - CONTEXT).collect();
    let head = head
        .rsplit_once(' ')
        .map_or(head.as_str(), |(kept, _)| kept);
    let tail = tail.split_once(' ').map_or(tail.as_str(), |(_, kept)| kept);
    match (first, last) {
        (true, true) => isolated(head).into_owned() + " …",
        (true, false) => format!("… {}", isolated(tail)),
        (false, true) => format!("{} …", isolated(head)),
        (false, false) => format!("{} … {}", isolated(head), isolated(tail)),
    }
}
