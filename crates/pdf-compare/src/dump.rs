//! `pdf-compare extract`: what the engine sees.

use std::io::{self, Write};
use std::path::Path;

use model::{Document, Page};

use crate::Outcome;
use crate::cli::{ExtractArgs, ExtractFormat, Format};
use crate::input::{self, is_dash};
use crate::output::{self, Target};
use crate::progress::Progress;
use crate::sides::{Opener, Wanted};
use crate::trouble::{Trouble, one_line};

/// Runs the command.
pub(crate) fn run(args: &ExtractArgs) -> Result<Outcome, Trouble> {
    let inputs: Vec<&Path> = [args.file.as_path()]
        .into_iter()
        .filter(|p| !is_dash(p))
        .collect();
    let output = args.output.as_deref();
    let format = output::by_ending(args.format, output, ExtractFormat::of, ".json or .txt")?;
    let target = Target::new(output, Format::Text, &inputs)?;
    let wanted = Wanted {
        input: input::read(&args.file, args.limits.max_file())?,
        password: input::password(args.password.as_ref(), args.password_file.as_deref())?,
        password_help: "give the right one with --password-file, --password or \
                        PDF_COMPARE_PASSWORD",
    };
    let opener = Opener::new(args.limits.per_file(1), args.pages.clone())?;
    let progress = Progress::new();
    let counts = std::cell::Cell::new((0, 0));
    let (session, document) = opener.extract(&wanted, &|pages| {
        let (done, total) = counts.get();
        counts.set(if pages > 0 {
            (done, u64::from(pages))
        } else {
            progress.show("reading", done + 1, total);
            (done + 1, total)
        });
    })?;
    drop(session);
    progress.clear();
    target.write(|out| {
        match format {
            Some(ExtractFormat::Json) => json(&document, out),
            Some(ExtractFormat::Text) | None => text(&document, out),
        }
        .map_err(|e| Trouble::io("the output", "cannot be written", e))
    })?;
    Ok(Outcome::Same)
}

fn json(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, document).map_err(io::Error::from)?;
    out.write_all(b"\n")
}

/// Lines as on the page, an empty line between blocks, a form feed between
/// pages (as `pdftotext` does).
fn text(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    for (i, page) in document.pages.iter().enumerate() {
        if i > 0 {
            out.write_all(b"\x0c")?;
        }
        page_text(page, out)?;
    }
    Ok(())
}

fn page_text(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    if let Some(reason) = &page.failed {
        return writeln!(out, "[page {} {}]", page.number, one_line(reason));
    }
    let mut previous: Option<(u32, u32)> = None;
    for word in &page.words {
        let here = (word.block, word.line);
        let gap: &[u8] = match previous {
            None => b"",
            Some((block, _)) if block != word.block => b"\n\n",
            Some(before) if before != here => b"\n",
            Some(_) if word.joined => b"",
            Some(_) => b" ",
        };
        out.write_all(gap)?;
        out.write_all(one_line(&word.text).as_bytes())?;
        previous = Some(here);
    }
    out.write_all(b"\n")
}
