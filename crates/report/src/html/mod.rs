//! One self-contained HTML file.

use std::io::Write;

use model::{Raster, Report, Side};

use crate::Error;

/// Where page images come from.
pub trait PageImages {
    /// The page (1-based) of the file on `side`, rendered at `scale` pixels
    /// per point on a white ground; `None` where it cannot be rendered. Asked
    /// page by page in report order, each page once; only one image is held
    /// at a time.
    fn image(&mut self, side: Side, page: u32, scale: f32) -> Option<Raster>;
}

/// Writes the report as one HTML file that works offline.
pub fn html(
    _report: &Report,
    _images: &mut dyn PageImages,
    _out: &mut dyn Write,
) -> Result<(), Error> {
    Ok(())
}
