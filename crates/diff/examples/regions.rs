//! Compares two files in this process and paints what was found onto the
//! rendered pages: `regions OLD NEW OUT_FOLDER [KIND,…] [nopixels]`. For
//! judging by eye whether the regions are those a person would circle; the
//! parser runs unprotected, so give it files you trust.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use diff::{Options, Rasters};
use extract::Source;
use model::{Change, Document, Op, Raster, Rect, Side};

struct Both<'a>(&'a Source, &'a Source);

impl Rasters for Both<'_> {
    fn raster(&self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        let source = if side == Side::Old { self.0 } else { self.1 };
        source.reader().render(page, scale, None).ok()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [old, new, folder, rest @ ..] = args.as_slice() else {
        return Err("regions OLD NEW OUT_FOLDER [KIND,…] [nopixels]".into());
    };
    let mut options = Options::default();
    for word in rest {
        if word == "nopixels" {
            options.pixels = false;
        } else {
            options.only = diff::kinds(word)?;
        }
    }
    let (old, old_pages) = load(old)?;
    let (new, new_pages) = load(new)?;
    let start = Instant::now();
    let report = diff::compare(&old_pages, &new_pages, &options, &Both(&old, &new), &|_| {});
    println!("compared in {:.3} s", start.elapsed().as_secs_f64());
    for page in &report.pages {
        println!(
            "{:?} -> {:?} {:?} {:.3} {}",
            page.old,
            page.new,
            page.status,
            page.similarity,
            page.remark.as_deref().unwrap_or("")
        );
    }
    for change in &report.changes {
        let place = |s: Option<&model::Spot>| {
            s.map(|s| {
                format!(
                    "p{} {} boxes {:?}",
                    s.page,
                    s.boxes.len(),
                    s.boxes.first().copied().map(<[f32; 4]>::from)
                )
            })
        };
        println!(
            "{} {} {} {}{} [{}] {:?} {:?}",
            change.id,
            change.kind.name(),
            change.op.name(),
            if change.evidence.noise { "NOISE " } else { "" },
            change.summary,
            change.evidence.reason,
            place(change.old.as_ref()),
            place(change.new.as_ref())
        );
    }
    for warning in &report.warnings {
        println!(
            "warning {} {:?} {}",
            warning.code, warning.page, warning.message
        );
    }
    std::fs::create_dir_all(folder)?;
    for page in &report.pages {
        for (side, number, source) in [("old", page.old, &old), ("new", page.new, &new)] {
            let Some(number) = number else { continue };
            let here: Vec<&Change> = report
                .changes
                .iter()
                .filter(|c| spot(c, side).is_some_and(|s| s.page == number))
                .collect();
            if !here.is_empty() {
                let path = Path::new(folder).join(format!("{number:03}-{side}.png"));
                paint(source, number, side, &here, &path)?;
            }
        }
    }
    Ok(())
}

fn load(path: &str) -> Result<(Source, Document), Box<dyn Error>> {
    let source = Source::open(std::fs::read(path)?, None)?;
    let reader = source.reader();
    let start = Instant::now();
    let pages = (1..=source.page_count())
        .map(|n| reader.page(n))
        .collect::<Result<_, _>>()?;
    println!("{path}: read in {:.3} s", start.elapsed().as_secs_f64());
    let document = Document {
        name: path.to_owned(),
        info: source.info(),
        pages,
    };
    Ok((source, document))
}

fn spot<'a>(change: &'a Change, side: &str) -> Option<&'a model::Spot> {
    if side == "old" {
        change.old.as_ref()
    } else {
        change.new.as_ref()
    }
}

fn paint(
    source: &Source,
    number: u32,
    side: &str,
    changes: &[&Change],
    path: &Path,
) -> Result<(), Box<dyn Error>> {
    let page = source.reader().page(number)?;
    let scale = (1600.0 / page.size[0].max(page.size[1])).min(2.0);
    let mut raster = source.reader().render(number, scale, None)?;
    for change in changes {
        let color = match (change.evidence.noise, change.op) {
            (true, _) => [170, 170, 170],
            (_, Op::Added) => [0, 160, 0],
            (_, Op::Removed) => [220, 0, 0],
            (_, Op::Replaced) => [230, 120, 0],
            (_, Op::Moved) => [0, 80, 230],
            (_, Op::Restyled) => [170, 0, 200],
        };
        for r in spot(change, side)
            .map(|s| s.boxes.as_slice())
            .unwrap_or_default()
        {
            frame(&mut raster, &r.inflate(2.0), scale, color);
        }
    }
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut encoder = png::Encoder::new(file, raster.width, raster.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.write_header()?.write_image_data(&raster.rgb)?;
    Ok(())
}

fn frame(raster: &mut Raster, r: &Rect, scale: f32, color: [u8; 3]) {
    let (w, h) = (i64::from(raster.width), i64::from(raster.height));
    let [x0, y0, x1, y1] = [r.x0, r.y0, r.x1, r.y1].map(|v| (v * scale) as i64);
    let mut dot = |x: i64, y: i64| {
        if (0..w).contains(&x) && (0..h).contains(&y) {
            let at = ((y * w + x) * 3) as usize;
            raster.rgb[at..at + 3].copy_from_slice(&color);
        }
    };
    for x in x0.max(0)..=x1.min(w) {
        for d in 0..2 {
            dot(x, y0 - d);
            dot(x, y1 + d);
        }
    }
    for y in y0.max(0)..=y1.min(h) {
        for d in 0..2 {
            dot(x0 - d, y);
            dot(x1 + d, y);
        }
    }
}
