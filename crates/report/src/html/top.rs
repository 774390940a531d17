//! What stands around the pages: the bar, the overview, what belongs to the
//! whole document, the certificate and the help.

use std::collections::BTreeMap;

use maud::{Markup, html};
use model::{ChangeKind, FileRef, PageStatus, Report, Side, TextSource};

use super::list::passage;
use super::marks::op_class;
use super::page_anchor;
use crate::plain::visible;
use crate::ranges::{count, ranges, thousands};
use crate::view::{self, View, coverage_gap, kind_label, op_mark, page_label, texts};

/// The bar at the top: what is compared, and how it is looked at.
pub(super) fn bar(view: &View<'_>) -> Markup {
    let report = view.report;
    html! {
        header.bar {
            h1 {
                span.name.old title=(visible(&report.old.name)) { bdi { (visible(&report.old.name)) } }
                span.arrow aria-label="compared with" { "→" }
                span.name.new title=(visible(&report.new.name)) { bdi { (visible(&report.new.name)) } }
            }
            div.tools {
                div.steps role="group" aria-label="Step through changes" {
                    button #prev type="button" title="Previous change (p or k)" aria-label="Previous change" { "‹" }
                    output #position { "–" }
                    button #next type="button" title="Next change (n or j)" aria-label="Next change" { "›" }
                }
                div.views role="group" aria-label="View" {
                    button type="button" data-view="side" aria-pressed="true" title="Side by side (s)" { "Side by side" }
                    button type="button" data-view="overlay" aria-pressed="false" title="Old in red under new in blue (o)" { "Overlay" }
                }
                div.zoom role="group" aria-label="Zoom" {
                    button #out type="button" title="Zoom out (-)" aria-label="Zoom out" { "−" }
                    button #fit type="button" title="Fit (0)" { "100 %" }
                    button #in type="button" title="Zoom in (+)" aria-label="Zoom in" { "+" }
                }
                button #marks type="button" aria-pressed="true" title="Show or hide the highlights (h)" { "Highlights" }
                button #theme type="button" title="Light or dark (d)" aria-label="Light or dark" { "◐" }
                button #helper type="button" title="Keys and colours (?)" aria-label="Help" { "?" }
            }
        }
    }
}

/// Verdict, counts, warnings and coverage.
pub(super) fn overview(view: &View<'_>) -> Markup {
    let report = view.report;
    let (edits, noise) = view.counts();
    let pages = |status: PageStatus| {
        report
            .pages
            .iter()
            .filter(|page| page.status == status)
            .count()
    };
    let named = |count: usize, one: &'static str, more: &'static str| {
        (count, if count == 1 { one } else { more })
    };
    let tiles = [
        named(edits, "change", "changes"),
        named(pages(PageStatus::Changed), "page changed", "pages changed"),
        named(
            pages(PageStatus::Inserted),
            "page inserted",
            "pages inserted",
        ),
        named(pages(PageStatus::Deleted), "page deleted", "pages deleted"),
        named(pages(PageStatus::Moved), "page moved", "pages moved"),
        named(
            pages(PageStatus::Unchanged),
            "page unchanged",
            "pages unchanged",
        ),
    ];
    let quiet = edits == 0
        && report
            .pages
            .iter()
            .all(|page| matches!(page.status, PageStatus::Unchanged | PageStatus::Changed));
    html! {
        section.overview aria-label="Overview" {
            @if quiet {
                p.verdict {
                    @if noise == 0 { "No differences." }
                    @else { "No differences but " (count(noise, "difference")) " of rendering or encoding." }
                }
            }
            dl.tiles {
                // Changes and changed pages always; page events where there are any.
                @for (_, (n, label)) in tiles.into_iter().enumerate().filter(|(i, (n, _))| *i < 2 || *n > 0) {
                    div.zero[n == 0] { dt { (label) } dd { (thousands(n)) } }
                }
            }
            (warnings(report))
            (coverage(view))
        }
    }
}

fn warnings(report: &Report) -> Markup {
    let mut merged: BTreeMap<(Option<Side>, &str, &str), Vec<u32>> = BTreeMap::new();
    for warning in &report.warnings {
        merged
            .entry((warning.side, &warning.code, &warning.message))
            .or_default()
            .extend(warning.page);
    }
    if merged.is_empty() {
        return html! {};
    }
    html! {
        details.warnings open {
            summary { (count(merged.len(), "warning")) }
            ul {
                @for ((side, code, message), pages) in merged {
                    li {
                        strong {
                            @match side {
                                Some(Side::Old) => "Old file",
                                Some(Side::New) => "New file",
                                None => "Both files",
                            }
                            @if !pages.is_empty() {
                                ", " (if pages.len() == 1 { "page " } else { "pages " }) (ranges(pages))
                            }
                        }
                        ": " bdi { (visible(message)) } " " code { (visible(code)) }
                    }
                }
            }
        }
    }
}

/// What could be compared, page by page where it was not everything.
fn coverage(view: &View<'_>) -> Markup {
    let report = view.report;
    let gaps: Vec<(usize, String)> = report
        .pages
        .iter()
        .enumerate()
        .filter_map(|(index, entry)| Some((index, coverage_gap(entry)?)))
        .collect();
    let paired = report
        .pages
        .iter()
        .filter(|page| view::paired(page))
        .count();
    let by = |compared: fn(&model::PageCoverage) -> bool| {
        report
            .pages
            .iter()
            .filter(|page| view::paired(page) && compared(&page.coverage))
            .count()
    };
    let words = by(|c| c.text_source.iter().any(|s| *s != TextSource::None));
    let drawing = by(|c| c.drawing);
    let pixels = by(|c| c.pixels);
    html! {
        details.coverage open[!gaps.is_empty() && gaps.len() <= 12] {
            summary {
                "What could be compared: "
                @if gaps.is_empty() && pixels == paired { "everything on " (count(paired, "page pair")) }
                @else if gaps.is_empty() { "words and drawing on " (count(paired, "page pair")) ", pixels on " (thousands(pixels)) }
                @else { "parts of " (count(gaps.len(), "page")) " could not" }
            }
            p { "Words on " (thousands(words)) ", drawing on " (thousands(drawing)) ", pixels on "
                (thousands(pixels)) " of " (count(paired, "page pair")) "."
                @if pixels < paired { " Where the text runs differently, pixels say nothing that words and drawing do not." } }
            @if !gaps.is_empty() {
                ul {
                    @for (index, gap) in gaps.iter().take(500) {
                        li { a href=(format!("#{}", page_anchor(*index))) { (page_label(&report.pages[*index])) } ": " (gap) }
                    }
                    @if gaps.len() > 500 { li { "and " (count(gaps.len() - 500, "more page")) } }
                }
            }
        }
    }
}

/// Changes of properties, bookmarks, attachments: no page shows them.
pub(super) fn document(view: &View<'_>) -> Markup {
    if view.document.is_empty() {
        return html! {};
    }
    html! {
        section.document #document {
            h2 { "Document" }
            table {
                thead { tr { th scope="col" { "What" } th scope="col" { "Change" } th scope="col" { "Old" } th scope="col" { "New" } } }
                tbody {
                    @for &index in &view.document {
                        @let change = &view.report.changes[index];
                        @let (old, new) = texts(change);
                        tr.m #(format!("c{}", index + 1)) data-c=(index + 1) .noise[change.evidence.noise] {
                            td { span class=(format!("mark {}", op_class(change.op))) aria-hidden="true" { (op_mark(change.op)) }
                                " " (kind_label(change.kind)) }
                            td { bdi { (visible(&change.summary)) } (details(change)) }
                            td.was { bdi { (visible(old)) } }
                            td.is { bdi { (visible(new)) } }
                        }
                    }
                }
            }
        }
    }
}

/// Which words differ, where a value is long enough to search for them.
fn details(change: &model::Change) -> Markup {
    let (old, new) = texts(change);
    if change.kind == ChangeKind::Metadata && old.len().min(new.len()) < 80 {
        return html! {};
    }
    passage(change)
}

/// What was compared, by what and how: enough to do it again and to prove it.
pub(super) fn certificate(report: &Report) -> Markup {
    let settings = &report.settings;
    let kinds = if settings.only.is_empty() {
        "all".to_owned()
    } else {
        let names: Vec<&str> = settings.only.iter().map(|kind| kind.name()).collect();
        names.join(", ")
    };
    let or = |said: String, empty: &str| {
        if said.is_empty() {
            empty.to_owned()
        } else {
            said
        }
    };
    html! {
        footer.certificate {
            h2 { "Comparison certificate" }
            dl {
                (file("Old file", &report.old))
                (file("New file", &report.new))
                div { dt { "Program" } dd { (visible(&settings.version)) " · " (visible(&report.format)) } }
                div { dt { "Kinds" } dd { (kinds) } }
                div { dt { "Ignored" } dd { (visible(&or(settings.ignore.join(", "), "nothing"))) } }
                div { dt { "Ignored regions" } dd { (visible(&or(settings.ignore_regions.join("; "), "none"))) } }
                div { dt { "Pages" } dd { (visible(&or(settings.pages.clone(), "all"))) } }
                div { dt { "Tolerance" } dd { (settings.tolerance) " pt" } }
                div { dt { "Pixels" } dd { (if settings.pixels { "compared" } else { "not compared" }) } }
            }
            p { "The same files, program and settings give the same report." }
        }
    }
}

fn file(label: &str, file: &FileRef) -> Markup {
    html! {
        div {
            dt { (label) }
            dd { bdi { (visible(&file.name)) } ", " (count(file.pages as usize, "page"))
                br; code { "sha256 " (visible(&file.sha256)) } }
        }
    }
}

/// Keys and colours.
pub(super) fn help() -> Markup {
    let keys = [
        ("n, j", "next change"),
        ("p, k", "previous change"),
        ("]  [", "next, previous page"),
        ("/", "filter by text"),
        ("s, o", "side by side, overlay"),
        ("b", "in the overlay: old, new, both"),
        ("+  −  0", "zoom in, out, fit"),
        ("h", "highlights on or off"),
        ("x", "noise on or off"),
        ("d", "light or dark"),
        ("Esc", "let go of the selected change"),
    ];
    let colours = [
        ("op-removed", "-", "only in the old file"),
        ("op-added", "+", "only in the new file"),
        ("op-replaced", "~", "replaced: red was, blue is"),
        ("op-moved", ">", "moved"),
        ("op-restyled", "*", "same words, other look"),
    ];
    html! {
        dialog #help aria-labelledby="help-title" {
            h2 #help-title { "Keys and colours" }
            div.columns {
                dl { @for (key, what) in keys { div { dt { kbd { (key) } } dd { (what) } } } }
                ul { @for (class, mark, what) in colours {
                    li { span class=(format!("mark {class}")) { (mark) } " " (what) }
                } }
            }
            button #help-close type="button" { "Close" }
        }
    }
}
