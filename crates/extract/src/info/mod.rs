//! What belongs to the document rather than to the content of its pages.

use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page as HayroPage;
use model::{DocumentInfo, Page};

use crate::Source;

pub(crate) struct Lookup {}

impl Lookup {
    pub fn new(_pdf: &Pdf) -> Self {
        Self {}
    }
}

pub(crate) fn fill(_source: &Source, _document: &mut DocumentInfo) {}

pub(crate) fn page(_source: &Source, _raw: &HayroPage<'_>, _page: &mut Page) {}
