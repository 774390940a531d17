//! `pdf-compare diff`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use diff::{Ignore, Options, PageSet, Region};

use super::LimitArgs;

pub(super) const AFTER_SHORT: &str = "\
Exit status: 0 no difference, 1 differences, 2 trouble.
More, with examples: pdf-compare diff --help";

pub(super) const AFTER: &str = "\
Examples:
  pdf-compare diff old.pdf new.pdf
      what changed, page by page, on the terminal
  pdf-compare diff old.pdf new.pdf -o diff.html
      one HTML file: both revisions side by side, every change highlighted
  pdf-compare diff old.pdf new.pdf -o marked.pdf
      the new revision with a PDF annotation on every change
  pdf-compare diff old.pdf new.pdf --format json | jq '.changes[].summary'
      for programs; `pdf-compare schema` describes it
  pdf-compare diff old.pdf new.pdf --only text --ignore headers,page-numbers
      only words, without running headers, footers and page numbers
  pdf-compare diff old.pdf new.pdf --ignore-region '*:400,760,595,842'
      leave out a title block (points from the top-left corner of the page)
  curl -s https://example.org/new.pdf | pdf-compare diff old.pdf -
      one of the two may be standard input
  pdf-compare diff released/ built/ -o reports/ --format html
      two folders by file name: a line per file, a report for each that differs

Exit status:
  0  no difference
  1  differences
  2  trouble: one line on standard error says what, and what to do

Environment:
  PDF_COMPARE_PASSWORD_OLD, PDF_COMPARE_PASSWORD_NEW
                passwords, so that they do not show in the list of processes
  NO_COLOR      no colours, as does --color never

A file is read by a separate process without access to files and network. A
page that breaks it is reported as a warning, and the others are compared.";

#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Old revision: a PDF, a folder, or - for standard input
    pub old: PathBuf,
    /// New revision: a PDF, a folder, or - for standard input
    pub new: PathBuf,

    /// How to report; without it, by the extension of --output, or text
    #[arg(short, long, value_enum)]
    pub format: Option<Format>,
    /// Write the report to FILE (for folders: a report per file into this folder)
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write no report; the exit status tells
    #[arg(short, long, conflicts_with_all = ["output", "format"])]
    pub quiet: bool,
    /// Colours in text
    #[arg(help = "Colours in text; auto: on a terminal, unless NO_COLOR is set")]
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Color,

    #[command(flatten)]
    pub what: WhatArgs,
    #[command(flatten)]
    pub passwords: PasswordArgs,
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// How to report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, on the terminal
    Text,
    /// For programs
    Json,
    /// One file for the browser, both revisions side by side
    Html,
    /// The new revision with an annotation on every change
    Pdf,
}

impl Format {
    /// By the extension of a file name.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" | "text" => Some(Self::Text),
            "json" => Some(Self::Json),
            "html" | "htm" => Some(Self::Html),
            "pdf" => Some(Self::Pdf),
            _ => None,
        }
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Json => "json",
            Self::Html => "html",
            Self::Pdf => "pdf",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "What to compare")]
pub(crate) struct WhatArgs {
    /// Kinds of changes to report: text, style, drawing, image, pixels, annotation, form, link,
    /// metadata, attachment
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = diff::kind)]
    only: Vec<model::ChangeKind>,
    /// What to leave out: kinds as in --only, or headers (running headers and footers),
    /// page-numbers, whitespace, case, moves
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = ignorable)]
    ignore: Vec<String>,
    /// Leave out what lies in a box, for example 1-3,7:0,0,595,50 or '*:0,800,595,842'; points
    /// from the top-left corner, pages of the new revision; may be repeated
    #[arg(long, value_name = "PAGES:X0,Y0,X1,Y1")]
    ignore_region: Vec<Region>,
    /// Pages to compare, for example 1-3,7 or 20-
    #[arg(
        long,
        value_name = "PAGES",
        default_value = "",
        hide_default_value = true
    )]
    pages: PageSet,
    /// How far geometry may stray and still count as equal, points
    #[arg(long, value_name = "PT", value_parser = tolerance, allow_negative_numbers = true)]
    tolerance: Option<f32>,
    /// Compare structure only (words, paths, images): faster, blind to what only the rendered
    /// page shows
    #[arg(long)]
    no_pixels: bool,
}

impl WhatArgs {
    /// As the comparison takes it.
    pub(crate) fn options(&self) -> Options {
        let defaults = Options::default();
        let mut ignore = Ignore::default();
        for item in &self.ignore {
            // Checked when the command line was read.
            let _ = ignore.add(item);
        }
        let options = Options {
            only: self.only.iter().copied().collect(),
            ignore,
            regions: self.ignore_region.clone(),
            pages: self.pages.clone(),
            tolerance: self.tolerance.unwrap_or(defaults.tolerance),
            ..defaults
        };
        Options {
            pixels: !self.no_pixels,
            ..options
        }
    }
}

fn ignorable(item: &str) -> Result<String, diff::OptionsError> {
    Ignore::default().add(item).map(|()| item.to_owned())
}

fn tolerance(text: &str) -> Result<f32, String> {
    text.parse::<f32>()
        .ok()
        .filter(|t| (0.0..=100.0).contains(t))
        .ok_or_else(|| "write a number of points from 0 to 100".to_owned())
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Passwords")]
// The names are those of the options.
#[allow(clippy::struct_field_names)]
pub(crate) struct PasswordArgs {
    /// Password of the old revision
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "PDF_COMPARE_PASSWORD_OLD",
        hide_env_values = true
    )]
    pub password_old: Option<String>,
    /// Password of the new revision
    #[arg(
        long,
        value_name = "PASSWORD",
        env = "PDF_COMPARE_PASSWORD_NEW",
        hide_env_values = true
    )]
    pub password_new: Option<String>,
    /// File whose first line is the password of the old revision
    #[arg(long, value_name = "FILE", conflicts_with = "password_old")]
    pub password_old_file: Option<PathBuf>,
    /// File whose first line is the password of the new revision
    #[arg(long, value_name = "FILE", conflicts_with = "password_new")]
    pub password_new_file: Option<PathBuf>,
}
