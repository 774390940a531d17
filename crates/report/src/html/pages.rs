//! The pages: pairs side by side, runs of unchanged pages, and the map.

use std::fmt::Write as _;
use std::io;
use std::ops::Range;

use maud::{Markup, PreEscaped, html};
use model::{PageEntry, PageStatus, Report, Side};

use super::marks::{Marks, on_page, overlay};
use super::scale::{Plan, Shown, page_size};
use super::{PageImages, image, page_anchor, page_name};
use crate::plain::visible;
use crate::ranges::{count, ranges};
use crate::view::{View, coverage_gap, page_event, page_label, paired, percent};

/// Boxes of one page on the map; more would be one grey block anyway.
const MOST_MAP_BOXES: usize = 60;

type Put<'a> = &'a mut dyn FnMut(Markup) -> io::Result<()>;

/// One pair of pages, both images in full.
pub(super) fn pair(
    view: &View<'_>,
    marks: &Marks,
    plan: &Plan,
    index: usize,
    images: &mut dyn PageImages,
    put: Put<'_>,
) -> io::Result<()> {
    let entry = &view.report.pages[index];
    put(PreEscaped(format!(
        "<section class=\"pair {}\" id=\"{}\">",
        status_class(entry.status),
        page_anchor(index)
    )))?;
    put(pair_head(view, entry, index))?;
    put(PreEscaped("<div class=\"sheets\">".into()))?;
    for side in [Side::Old, Side::New] {
        let (number, size) = match side {
            Side::Old => (entry.old, entry.old_size),
            Side::New => (entry.new, entry.new_size),
        };
        let Some(number) = number else {
            put(absent(entry, side))?;
            continue;
        };
        let picture = images
            .image(side, number, plan.scale(index, size))
            .and_then(|raster| image::encode(&raster));
        put(html! {
            figure class=(side_class(side)) {
                figcaption { (page_name(entry, side)) }
                div.scroll {
                    div.sheet style=(sheet_style(entry, side)) {
                        @if let Some(picture) = picture {
                            img src=(picture.uri) width=(picture.width) height=(picture.height)
                                loading="lazy" decoding="async" alt=(page_name(entry, side));
                        } @else {
                            p.missing { "There is no image of this page." }
                        }
                        (overlay(view, marks, index, side))
                    }
                }
            }
        })?;
    }
    put(PreEscaped("</div></section>".into()))
}

fn pair_head(view: &View<'_>, entry: &PageEntry, index: usize) -> Markup {
    let edits = view.told[index]
        .iter()
        .filter(|change| !view.report.changes[**change].evidence.noise)
        .count();
    html! {
        header {
            h2 { a href=(format!("#{}", page_anchor(index))) { (page_label(entry)) } }
            span.badge { (status_name(entry.status)) }
            span.facts {
                @if edits > 0 { span { (count(edits, "change")) } }
                @if paired(entry) && entry.similarity < 0.9995 {
                    span { (percent(entry.similarity)) " the same" }
                }
                @if let Some(event) = page_event(entry).filter(|_| entry.status == PageStatus::Moved) {
                    span { (event) }
                }
                @if let Some(remark) = &entry.remark {
                    span { @if paired(entry) { "whole page " } bdi { (visible(remark)) } }
                }
            }
            @if let Some(gap) = coverage_gap(entry) { p.gap { (gap) } }
        }
    }
}

/// What stands where a page has no counterpart.
fn absent(entry: &PageEntry, side: Side) -> Markup {
    let other = match side {
        Side::Old => entry.new_size,
        Side::New => entry.old_size,
    };
    let [width, height] = page_size(other);
    let said = match (side, &entry.remark) {
        // Its text is on a page of the other file that has a counterpart of its own.
        (_, Some(remark)) => format!("Text {}", visible(remark)),
        (Side::Old, None) => "Not in the old file".to_owned(),
        (Side::New, None) => "Not in the new file".to_owned(),
    };
    html! {
        figure class=(format!("{} absent", side_class(side))) {
            figcaption { "No page" }
            div.scroll {
                div.sheet style=(format!("aspect-ratio:{width}/{height}")) { p.missing { (said) } }
            }
        }
    }
}

/// Size of a sheet relative to its pair, so that both are shown at one scale,
/// and where the old page lies when it is laid over the new one.
fn sheet_style(entry: &PageEntry, side: Side) -> String {
    let [width, height] = page_size(match side {
        Side::Old => entry.old_size,
        Side::New => entry.new_size,
    });
    let widest = [entry.old_size, entry.new_size]
        .into_iter()
        .flatten()
        .map(|size| page_size(Some(size))[0])
        .fold(width, f32::max);
    let mut style = format!(
        "aspect-ratio:{width}/{height};--share:{:.4}",
        width / widest
    );
    if side == Side::Old && entry.new.is_some() {
        let on_new = width / page_size(entry.new_size)[0];
        let _ = write!(style, ";--on-new:{on_new:.4}");
        let m = entry.transform.0;
        if m.iter().all(|v| v.is_finite() && v.abs() < 1e6) && !entry.transform.is_identity() {
            let [a, b, c, d, e, f] = m;
            // Shifts as a share of the sheet: they hold at every zoom.
            let (e, f) = (e / f64::from(width) * 100.0, f / f64::from(height) * 100.0);
            let _ = write!(
                style,
                ";--place:translate({e:.4}%,{f:.4}%) matrix({a:.6},{b:.6},{c:.6},{d:.6},0,0)"
            );
        }
    }
    style
}

/// A run of unchanged pages: one line, and thumbnails to find one's way by.
pub(super) fn unchanged(
    report: &Report,
    plan: &Plan,
    run: Range<usize>,
    images: &mut dyn PageImages,
    put: Put<'_>,
) -> io::Result<()> {
    let entries = report.pages.get(run.clone()).unwrap_or_default();
    let numbers = ranges(entries.iter().filter_map(|entry| entry.new));
    let noun = if entries.len() == 1 { "Page" } else { "Pages" };
    put(PreEscaped("<section class=\"quiet\">".into()))?;
    put(html! {
        h2 { (noun) " " (numbers) " unchanged" }
    })?;
    put(PreEscaped("<ul class=\"thumbs\">".into()))?;
    for (index, entry) in run.zip(entries) {
        let Some(number) = entry.new else { continue };
        let picture = match plan.shown(index) {
            Shown::Thumbnail => images
                .image(Side::New, number, plan.scale(index, entry.new_size))
                .and_then(|raster| image::encode(&raster)),
            _ => None,
        };
        let [width, height] = page_size(entry.new_size);
        let label = page_label(entry);
        put(html! {
            li id=(page_anchor(index)) title=[entry.remark.as_deref().map(visible)] {
                @if let Some(picture) = picture {
                    div.thumb style=(format!("aspect-ratio:{width}/{height}")) {
                        img src=(picture.uri) width=(picture.width) height=(picture.height)
                            loading="lazy" decoding="async" alt="";
                    }
                }
                span { (label) }
                @if let Some(remark) = &entry.remark { small { bdi { (visible(remark)) } } }
                @if let Some(gap) = coverage_gap(entry) { small.gap { (gap) } }
            }
        })?;
    }
    put(PreEscaped("</ul></section>".into()))
}

/// The strip of all pages with the places of the changes.
pub(super) fn map(view: &View<'_>, marks: &Marks) -> Markup {
    html! {
        nav.map aria-label="Pages" {
            @for (index, entry) in view.report.pages.iter().enumerate() {
                @let [width, height] = page_size(entry.new_size.or(entry.old_size));
                a class=(status_class(entry.status)) href=(format!("#{}", page_anchor(index)))
                    title=(format!("{}: {}", page_label(entry), status_name(entry.status))) {
                    svg viewBox=(format!("0 0 {width} {height}")) aria-hidden="true" {
                        @for (side, class) in [(Side::Old, "o"), (Side::New, "n")] {
                            (map_boxes(view, marks, index, side, class, [width, height]))
                        }
                    }
                    span { (entry.new.or(entry.old).unwrap_or_default()) }
                }
            }
        }
    }
}

fn map_boxes(
    view: &View<'_>,
    marks: &Marks,
    index: usize,
    side: Side,
    class: &str,
    size: [f32; 2],
) -> Markup {
    let spots = marks
        .on(index, side)
        .iter()
        .map(|change| &view.report.changes[*change])
        .filter(|change| !change.evidence.noise)
        .filter_map(|change| match side {
            Side::Old => change.old.as_ref(),
            Side::New => change.new.as_ref(),
        });
    // A word is less than a pixel high on the map: at least 2 % of the page.
    let least = size[0].max(size[1]) * 0.012;
    html! {
        @for rect in spots.filter_map(|spot| spot.boxes.first()).take(MOST_MAP_BOXES) {
            @if let Some((x0, y0, x1, y1)) = on_page(rect, size, least) {
                rect class=(class) x=(format!("{x0:.0}")) y=(format!("{y0:.0}"))
                    width=(format!("{:.0}", x1 - x0)) height=(format!("{:.0}", y1 - y0)) {}
            }
        }
    }
}

fn side_class(side: Side) -> &'static str {
    match side {
        Side::Old => "old",
        Side::New => "new",
    }
}

fn status_class(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Unchanged => "is-unchanged",
        PageStatus::Changed => "is-changed",
        PageStatus::Inserted => "is-inserted",
        PageStatus::Deleted => "is-deleted",
        PageStatus::Moved => "is-moved",
    }
}

fn status_name(status: PageStatus) -> &'static str {
    match status {
        PageStatus::Unchanged => "unchanged",
        PageStatus::Changed => "changed",
        PageStatus::Inserted => "inserted",
        PageStatus::Deleted => "deleted",
        PageStatus::Moved => "moved",
    }
}
