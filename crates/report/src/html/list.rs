//! The list of changes.

use std::io;

use maud::{Markup, PreEscaped, html};
use model::Change;

use super::marks::op_class;
use super::page_anchor;
use crate::inline::{self, Piece};
use crate::plain::{clip, visible};
use crate::ranges::{count, thousands};
use crate::view::{View, kind_label, op_mark, page_event, page_label, page_of, texts};

/// Characters of a passage in the list; the page shows all of it.
const PASSAGE: usize = 600;

/// Places of a group that are linked one by one.
const MOST_PLACES: usize = 60;

/// Writes the list, page by page.
pub(super) fn write(
    view: &View<'_>,
    put: &mut dyn FnMut(Markup) -> io::Result<()>,
) -> io::Result<()> {
    let (edits, noise) = view.counts();
    put(PreEscaped(
        "<nav class=\"list\" aria-label=\"Changes\">".into(),
    ))?;
    put(filters(view, edits, noise))?;
    put(PreEscaped("<div class=\"items\" id=\"items\">".into()))?;
    put(groups(view))?;
    if !view.document.is_empty() {
        put(section("Document", "document", None, &view.document, view))?;
    }
    for (index, entry) in view.report.pages.iter().enumerate() {
        let told = &view.told[index];
        let event = page_event(entry);
        if !told.is_empty() || event.is_some() {
            let anchor = page_anchor(index);
            put(section(
                &page_label(entry),
                &anchor,
                event.as_deref(),
                told,
                view,
            ))?;
        }
    }
    put(html! {
        p.empty #none hidden[edits + noise > 0] {
            @if edits + noise > 0 { "No change fits the filter." } @else { "There is nothing to list." }
        }
    })?;
    put(PreEscaped("</div></nav>".into()))
}

fn filters(view: &View<'_>, edits: usize, noise: usize) -> Markup {
    html! {
        div.filters {
            input #search type="search" placeholder="Filter by text  ( / )" aria-label="Filter changes by text"
                autocomplete="off" spellcheck="false";
            div.chips role="group" aria-label="Filter by kind" {
                @for (kind, ops) in view.tally() {
                    @let total: usize = ops.iter().map(|(_, n)| n).sum();
                    button.chip type="button" aria-pressed="true" data-kind=(kind.name()) {
                        (kind_label(kind)) " " span.n { (thousands(total)) }
                    }
                }
                @if noise > 0 {
                    button.chip.noise type="button" aria-pressed="false" #noise
                        title="Differences that come from rendering or encoding, not from an edit (x)" {
                        "Noise " span.n { (thousands(noise)) }
                    }
                }
            }
            p.shown #shown aria-live="polite" { (count(edits, "change")) }
        }
    }
}

fn groups(view: &View<'_>) -> Markup {
    let several: Vec<usize> = (0..view.report.groups.len())
        .filter(|group| view.members(*group).len() > 1)
        .collect();
    if several.is_empty() {
        return html! {};
    }
    html! {
        details.groups open[several.len() <= 8] {
            summary { "Repeated edits " span.n { (thousands(several.len())) } }
            ul {
                @for group in several {
                    @let members = view.members(group);
                    li {
                        span.sum { bdi { (visible(&view.report.groups[group].summary)) } }
                        span.places {
                            @for &index in members.iter().take(MOST_PLACES) {
                                a href=(format!("#c{}", index + 1)) data-goto=(index + 1) {
                                    @match page_of(&view.report.changes[index]) {
                                        Some(page) => { "p. " (page) }
                                        None => { "document" }
                                    }
                                }
                            }
                            @if members.len() > MOST_PLACES {
                                span { "and " (thousands(members.len() - MOST_PLACES)) " more" }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn section(
    label: &str,
    anchor: &str,
    event: Option<&str>,
    told: &[usize],
    view: &View<'_>,
) -> Markup {
    let all_noise = event.is_none()
        && told
            .iter()
            .all(|index| view.report.changes[*index].evidence.noise);
    html! {
        section.of-page data-event[event.is_some()] hidden[all_noise] {
            h2 { a href=(format!("#{anchor}")) { (label) } }
            @if let Some(event) = event {
                p.event { a href=(format!("#{anchor}")) { (event) } }
            }
            @if !told.is_empty() {
                ol { @for &index in told { (item(view, index)) } }
            }
        }
    }
}

fn item(view: &View<'_>, index: usize) -> Markup {
    let change = &view.report.changes[index];
    let noise = change.evidence.noise;
    let group = view
        .group(index)
        .map(|group| view.members(group).len())
        .filter(|n| *n > 1);
    html! {
        li hidden[noise] {
            a.item href=(format!("#c{}", index + 1)) data-c=(index + 1) data-kind=(change.kind.name())
                data-noise[noise] title=[reason(change)] {
                span class=(format!("mark {}", op_class(change.op))) aria-hidden="true" { (op_mark(change.op)) }
                span.body {
                    span.sum { bdi { (visible(&change.summary)) } }
                    (passage(change))
                    span.meta {
                        span { (kind_label(change.kind)) " " (change.op.name()) }
                        @if let Some(n) = group { span { "in " (count(n, "place")) } }
                        @if change.evidence.pixels == Some(false) { span { "not visible" } }
                        @if noise { span { "noise" } }
                        span.id { "#" (change.id) }
                    }
                }
            }
        }
    }
}

fn reason(change: &Change) -> Option<String> {
    let reason = &change.evidence.reason;
    (!reason.is_empty()).then(|| visible(reason).into_owned())
}

/// The words that differ, where the summary does not tell them in full.
pub(super) fn passage(change: &Change) -> Markup {
    let (old, new) = texts(change);
    let told = |text: &str| text.is_empty() || change.summary.contains(text);
    if (told(old) && told(new)) || old == new {
        return html! {};
    }
    let (old, new) = (visible(old), visible(new));
    let mut left = PASSAGE;
    let mut parts = Vec::new();
    let mut more = 0;
    for piece in inline::pieces(&old, &new) {
        let (shown, cut) = clip(piece.text(), left);
        left -= shown.chars().count();
        more += cut;
        if shown.is_empty() {
            continue;
        }
        parts.push(match piece {
            Piece::Same(_) => html! { (shown) },
            Piece::Old(_) => html! { del { (shown) } },
            Piece::New(_) => html! { ins { (shown) } },
        });
    }
    html! {
        span.diff dir="auto" {
            @for part in parts { (part) }
            @if more > 0 { span.more { " … " (count(more, "more character")) } }
        }
    }
}
