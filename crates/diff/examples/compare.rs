//! Compares two files without isolation and prints what changed, one line per
//! change: `cargo run --release -p diff --example compare -- OLD NEW [--pixels] [--json]`.

use std::{error::Error, time::Instant};

use diff::{Options, Rasters};
use extract::Source;
use model::{Document, Page, Raster, Side};
use rayon::prelude::*;

struct Render<'a> {
    sources: [&'a Source; 2],
}

impl Rasters for Render<'_> {
    fn raster(&self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        let source = self.sources[usize::from(side == Side::New)];
        source.reader().render(page, scale, None).ok()
    }
}

fn read(path: &str) -> Result<(Source, Document), Box<dyn Error>> {
    let source = Source::open(std::fs::read(path)?, None)?;
    let info = source.info();
    let pages = (1..=source.page_count())
        .into_par_iter()
        .map_init(
            || source.reader(),
            |reader, number| {
                reader.page(number).unwrap_or_else(|error| Page {
                    number,
                    failed: Some(error.to_string()),
                    ..Page::default()
                })
            },
        )
        .collect();
    let document = Document {
        name: path.rsplit('/').next().unwrap_or(path).to_owned(),
        info,
        pages,
    };
    Ok((source, document))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|a| a == name);
    let files: Vec<&String> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let [old, new] = files.as_slice() else {
        return Err("two files are needed".into());
    };
    let start = Instant::now();
    let (old_source, old) = read(old)?;
    let (new_source, new) = read(new)?;
    let read_time = start.elapsed();
    let options = Options {
        pixels: flag("--pixels"),
        ..Options::default()
    };
    let start = Instant::now();
    let sources = [&old_source, &new_source];
    let report = diff::compare(&old, &new, &options, &Render { sources }, &|_| ());
    let compare_time = start.elapsed();
    if flag("--json") {
        println!("{}", serde_json::to_string_pretty(&report)?);
        return Ok(());
    }
    for page in &report.pages {
        if page.status != model::PageStatus::Unchanged || page.remark.is_some() {
            println!(
                "page {:?} -> {:?} {:?} {:.2} {}",
                page.old,
                page.new,
                page.status,
                page.similarity,
                page.remark.as_deref().unwrap_or_default()
            );
        }
    }
    for change in &report.changes {
        let page = |s: &Option<model::Spot>| s.as_ref().map_or(0, |s| s.page);
        println!(
            "{:>4} {:>3}/{:<3} {:<10} {:<8} {}",
            change.id,
            page(&change.old),
            page(&change.new),
            change.kind.name(),
            change.op.name(),
            change.summary
        );
    }
    for group in &report.groups {
        println!("group {}: {}", group.id, group.summary);
    }
    for warning in &report.warnings {
        println!(
            "warning {:?} {:?} {}: {}",
            warning.side, warning.page, warning.code, warning.message
        );
    }
    println!(
        "{:?} identical={} read {:.0?} compare {:.0?}",
        report.summary.pages, report.identical, read_time, compare_time
    );
    Ok(())
}
