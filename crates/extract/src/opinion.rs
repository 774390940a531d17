//! A second engine's opinion.

use hayro::hayro_syntax::page::Page as HayroPage;
use model::Page;

use crate::Source;

pub(crate) fn consult(_source: &Source, _raw: &HayroPage<'_>, _page: &mut Page) {}

pub(crate) fn whole_page(
    _source: &Source,
    _raw: &HayroPage<'_>,
    _page: &mut Page,
) -> Result<(), ()> {
    Err(())
}
