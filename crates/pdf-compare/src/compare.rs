//! `pdf-compare diff` on two files.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use diff::{Options, Stage};
use engine::{NoRasters, Pair};
use model::{Document, Report};
use report::TextOptions;

use crate::cli::{Color, DiffArgs, Format};
use crate::input::{self, Input, is_dash};
use crate::output::{self, Target, report_trouble};
use crate::progress::Progress;
use crate::sides::{Opener, Wanted};
use crate::trouble::Trouble;
use crate::{Outcome, folders};

/// What two files are compared with.
pub(crate) struct Comparer {
    opener: Opener,
    options: Options,
    passwords: [Option<String>; 2],
    text: TextOptions,
}

/// Two files, compared.
pub(crate) struct Compared {
    pub report: Report,
    new: Wanted,
    /// Where pages can still be asked to be rendered.
    sessions: Option<Pair>,
}

type Extracted = Result<(jail::Session, Document), Trouble>;

/// Runs the command.
pub(crate) fn run(args: &DiffArgs) -> Result<Outcome, Trouble> {
    // Both halves of the comparison use one pool; it cannot have been set up
    // before.
    let _ = rayon::ThreadPoolBuilder::new()
        .num_threads(args.limits.threads())
        .build_global();
    let comparer = Comparer::new(args)?;
    if args.old.is_dir() && args.new.is_dir() {
        return folders::run(args, &comparer);
    }
    if is_dash(&args.old) && is_dash(&args.new) {
        return Err(Trouble::new(
            None,
            "both files are standard input",
            "name a file for one of them",
        ));
    }
    let format = output::format(args.format, args.output.as_deref())?;
    let inputs: Vec<&Path> = [&args.old, &args.new]
        .into_iter()
        .filter(|p| !is_dash(p))
        .map(AsRef::as_ref)
        .collect();
    let target = Target::new(args.output.as_deref(), format, &inputs)?;
    let limit = args.limits.max_file();
    let old = input::read(&args.old, limit)?;
    let new = input::read(&args.new, limit)?;
    let keep = format == Format::Html && !args.quiet;
    let compared = comparer.compare(old, new, keep)?;
    if !args.quiet {
        comparer.write(&compared, format, &target)?;
    }
    Ok(if compared.report.identical {
        Outcome::Same
    } else {
        Outcome::Different
    })
}

impl Comparer {
    fn new(args: &DiffArgs) -> Result<Self, Trouble> {
        let given = &args.passwords;
        let options = args.what.options();
        Ok(Self {
            opener: Opener::new(args.limits.per_file(2), options.pages.clone())?,
            options,
            passwords: [
                input::password(
                    given.password_old.as_ref(),
                    given.password_old_file.as_deref(),
                )?,
                input::password(
                    given.password_new.as_ref(),
                    given.password_new_file.as_deref(),
                )?,
            ],
            text: text_options(args),
        })
    }

    /// Compares two files. `keep`: pages will be rendered for the report.
    pub(crate) fn compare(&self, old: Input, new: Input, keep: bool) -> Result<Compared, Trouble> {
        let [old_password, new_password] = self.passwords.clone();
        let old = Wanted {
            input: old,
            password: old_password,
            password_help: "give the right one with --password-old-file, --password-old or \
                            PDF_COMPARE_PASSWORD_OLD",
        };
        let new = Wanted {
            input: new,
            password: new_password,
            password_help: "give the right one with --password-new-file, --password-new or \
                            PDF_COMPARE_PASSWORD_NEW",
        };
        let progress = Progress::new();
        let (old_side, new_side) = self.extract(&old, &new, &progress);
        let ((old_session, old_document), (new_session, new_document)) = (old_side?, new_side?);
        self.check_selection(&old, &new, &old_document, &new_document)?;
        let sessions = (self.options.pixels || keep).then_some(Pair {
            old: old_session,
            new: new_session,
        });
        let tell = |at: diff::Progress| {
            let stage = match at.stage {
                Stage::Align => "matching pages",
                Stage::Text => "comparing words",
                Stage::Pages => "comparing pages",
            };
            progress.show(stage, u64::from(at.done), u64::from(at.total));
        };
        let report = match &sessions {
            Some(rasters) => {
                diff::compare(&old_document, &new_document, &self.options, rasters, &tell)
            }
            None => diff::compare(
                &old_document,
                &new_document,
                &self.options,
                &NoRasters,
                &tell,
            ),
        };
        Ok(Compared {
            report,
            new,
            sessions,
        })
    }

    /// Both files at the same time.
    fn extract(&self, old: &Wanted, new: &Wanted, progress: &Progress) -> (Extracted, Extracted) {
        let (done, total) = (AtomicU64::new(0), AtomicU64::new(0));
        let tell = |pages: u32| {
            if pages > 0 {
                total.fetch_add(u64::from(pages), Ordering::Relaxed);
            } else {
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                progress.show("reading", done, total.load(Ordering::Relaxed));
            }
        };
        thread::scope(|scope| {
            let other = scope.spawn(|| self.opener.extract(old, &tell));
            let new_side = self.opener.extract(new, &tell);
            let old_side = other.join().unwrap_or_else(|_| {
                Err(Trouble::new(
                    Some(&old.input.shown),
                    "cannot be read (an error in this program)",
                    "please report it",
                ))
            });
            (old_side, new_side)
        })
    }

    /// Comparing no pages with no pages would find no difference.
    fn check_selection(
        &self,
        old: &Wanted,
        new: &Wanted,
        old_document: &Document,
        new_document: &Document,
    ) -> Result<(), Trouble> {
        for (wanted, document) in [(old, old_document), (new, new_document)] {
            if document.info.page_count == 0 {
                return Err(Trouble::new(
                    Some(&wanted.input.shown),
                    "has no pages",
                    "check that it was written completely",
                ));
            }
        }
        if old_document.pages.is_empty() && new_document.pages.is_empty() {
            return Err(Trouble::new(
                None,
                format!("none of the files has a page in {}", self.opener.pages),
                "choose other --pages",
            ));
        }
        Ok(())
    }

    /// Writes the report.
    pub(crate) fn write(
        &self,
        compared: &Compared,
        format: Format,
        target: &Target,
    ) -> Result<(), Trouble> {
        let report = &compared.report;
        // Marking can fail: before anything is written.
        let marked = if format == Format::Pdf {
            let mut json = Vec::new();
            report::json(report, &mut json).map_err(|e| report_trouble("report", e))?;
            Some(self.opener.annotate(&compared.new, &json)?)
        } else {
            None
        };
        target.write(|out| {
            let written = match (format, &marked) {
                (_, Some(pdf)) => out.write_all(pdf).map_err(report::Error::from),
                (Format::Json, _) => report::json(report, out),
                (Format::Html, _) => write_html(compared, out),
                _ => report::text(report, out, &self.text),
            };
            written.map_err(|e| report_trouble("the report", e))
        })
    }
}

fn write_html(compared: &Compared, out: &mut dyn Write) -> Result<(), report::Error> {
    match compared.sessions.as_ref() {
        Some(mut pair) => report::html(&compared.report, &mut pair, out),
        None => report::html(&compared.report, &mut (), out),
    }
}

fn text_options(args: &DiffArgs) -> TextOptions {
    let stdout = std::io::stdout();
    let to_terminal = args.output.is_none() && stdout.is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let defaults = TextOptions::default();
    let width = to_terminal
        .then(|| rustix::termios::tcgetwinsize(&stdout).ok())
        .flatten()
        .map(|size| usize::from(size.ws_col))
        .filter(|columns| *columns > 0);
    TextOptions {
        color: match args.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => to_terminal && !no_color,
        },
        width: width.unwrap_or(defaults.width),
    }
}
