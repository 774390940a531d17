//! One self-contained HTML file: no network, no external files, nothing from
//! the documents that could act.

mod image;
mod list;
mod marks;
mod pages;
mod scale;
mod top;

use std::io::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use model::{PageEntry, Raster, Report, Side};
use sha2::{Digest, Sha256};

use crate::Error;
use crate::plain::visible;
use crate::view::View;
use marks::Marks;
use scale::{Plan, Shown};

const CSS: &str = include_str!("assets/report.css");
const JS: &str = include_str!("assets/report.js");

/// Where page images come from.
pub trait PageImages {
    /// The page (1-based) of the file on `side`, rendered at `scale` pixels
    /// per point on a white ground; `None` where it cannot be rendered, which
    /// the report then says. Asked in report order, each page of a file at most
    /// once, old page before new; each image is written out and dropped before
    /// the next is asked for.
    fn image(&mut self, side: Side, page: u32, scale: f32) -> Option<Raster>;
}

/// No images at all: the report shows its boxes on blank pages.
impl PageImages for () {
    fn image(&mut self, _side: Side, _page: u32, _scale: f32) -> Option<Raster> {
        None
    }
}

/// Writes the report as one HTML file that works offline: both pages side by
/// side or laid over each other, and the list of changes that leads to them.
/// Memory stays at a page image and the markup of one page, besides the report.
pub fn html(
    report: &Report,
    images: &mut dyn PageImages,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let view = View::of(report);
    let marks = Marks::of(&view);
    let plan = Plan::of(&view);

    let mut put = |part: Markup| out.write_all(part.0.as_bytes());
    put(head(report))?;
    put(top::bar(&view))?;
    put(PreEscaped("<div class=\"panes\">".into()))?;
    list::write(&view, &mut put)?;
    put(PreEscaped("<main id=\"main\" tabindex=\"-1\">".into()))?;
    put(top::overview(&view))?;
    put(top::document(&view))?;

    let mut index = 0;
    while index < report.pages.len() {
        if plan.shown(index) == Shown::Full {
            pages::pair(&view, &marks, &plan, index, images, &mut put)?;
            index += 1;
        } else {
            let run = (index..report.pages.len())
                .take_while(|i| plan.shown(*i) != Shown::Full)
                .count();
            pages::unchanged(report, &plan, index..index + run, images, &mut put)?;
            index += run;
        }
    }
    put(top::certificate(report))?;
    put(PreEscaped("</main>".into()))?;
    put(pages::map(&view, &marks))?;
    put(PreEscaped("</div>".into()))?;
    put(top::help())?;
    put(markup! { script { (PreEscaped(JS)) } })?;
    put(PreEscaped("</body></html>\n".into()))?;
    out.flush()?;
    Ok(())
}

/// Nothing may load and only this file's own script may run: what the escaping
/// should make impossible is refused by the browser as well.
fn policy() -> String {
    let hash = STANDARD.encode(Sha256::digest(JS));
    format!(
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
         script-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'"
    )
}

fn head(report: &Report) -> Markup {
    markup! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(policy());
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (visible(&report.old.name)) " → " (visible(&report.new.name)) " · PDF Compare" }
            style { (PreEscaped(CSS)) }
        }
        (PreEscaped("<body data-view=\"side\">"))
        a.skip href="#main" { "Skip to the pages" }
    }
}

/// Anchor of entry `index`.
fn page_anchor(index: usize) -> String {
    format!("p{}", index + 1)
}

/// “page 3 of the old file”, for labels and alternative text.
fn page_name(entry: &PageEntry, side: Side) -> String {
    match (side, entry.old, entry.new) {
        (Side::Old, Some(page), _) => format!("Old page {page}"),
        (Side::New, _, Some(page)) => format!("New page {page}"),
        _ => "No page".into(),
    }
}

#[cfg(test)]
mod tests;
