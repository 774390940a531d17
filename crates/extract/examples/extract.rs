//! Prints what extraction finds in the files given, and how long it takes.
//!
//! `--render` writes `page-N.ppm` files to the current folder.
//!
//! `cargo run --release -p extract --example extract -- [--words|--render|--json] FILE…`

use std::time::Instant;

use extract::Source;

fn main() {
    let mut mode = String::new();
    for argument in std::env::args().skip(1) {
        if argument.starts_with("--") {
            mode = argument;
        } else if let Err(error) = show(&argument, &mode) {
            println!("{argument}: {error}");
        }
    }
}

fn show(path: &str, mode: &str) -> Result<(), Box<dyn std::error::Error>> {
    let bytes = std::fs::read(path)?;
    let start = Instant::now();
    let source = Source::open(bytes, None)?;
    let info = source.info();
    let opened = start.elapsed();
    let reader = source.reader();
    if mode == "--info" {
        println!("{info:#?}");
        return Ok(());
    }
    let (mut words, mut paths, mut coords, mut images) = (0, 0, 0, 0);
    let (mut glyphs, mut unmapped, mut failed) = (0, 0, 0);
    for number in 1..=source.page_count() {
        let page = match reader.page(number) {
            Ok(page) => page,
            Err(error) => {
                println!("{path}: page {number}: {error}");
                failed += 1;
                continue;
            }
        };
        words += page.words.len();
        paths += page.drawing.paths.len();
        coords += page.drawing.coords.len();
        images += page.images.len();
        glyphs += page.coverage.glyphs;
        unmapped += page.coverage.unmapped_glyphs;
        match mode {
            "--words" => print_words(&page),
            "--render" => {
                let raster = reader.render(number, 100.0 / 72.0, None)?;
                let mut image = format!("P6 {} {} 255\n", raster.width, raster.height).into_bytes();
                image.extend(raster.rgb);
                std::fs::write(format!("page-{number}.ppm"), image)?;
            }
            "--debug" => println!("{page:#?}"),
            "--paths" => {
                for path in &page.drawing.paths {
                    println!(
                        "{number} {:?} {:?}",
                        path.bounds, page.drawing.styles[path.style as usize]
                    );
                }
            }
            _ => {
                for warning in &page.warnings {
                    println!(
                        "{path}: page {number}: {}: {}",
                        warning.code, warning.message
                    );
                }
            }
        }
    }
    if mode != "--words" && mode != "--paths" {
        println!(
            "{path}: {} pages ({failed} failed), {words} words, {glyphs} glyphs ({unmapped} unmapped), \
             {paths} paths ({coords} coordinates), {images} images; opened in {opened:?}, all in {:?}",
            source.page_count(),
            start.elapsed()
        );
    }
    Ok(())
}

/// One line of text a line, a blank line between blocks.
fn print_words(page: &model::Page) {
    println!("\u{c}page {}", page.number);
    let mut last = (0, 0);
    for word in &page.words {
        let at = (word.block, word.line);
        if at.0 != last.0 {
            print!("\n\n");
        } else if at.1 != last.1 {
            println!();
        } else if !word.joined {
            print!(" ");
        }
        last = at;
        print!("{}{}", word.text, if word.hyphenated { "¬" } else { "" });
    }
    println!();
}
