//! Pixels of two files.

use diff::Rasters;
use jail::Session;
use model::{Raster, Rect, Side};
use report::PageImages;

/// Both files, open in their workers. A page that cannot be rendered has no
/// pixels.
pub struct Pair {
    /// The old revision.
    pub old: Session,
    /// The new revision.
    pub new: Session,
}

impl Pair {
    fn session(&self, side: Side) -> &Session {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }
}

impl Rasters for Pair {
    fn raster(&self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        self.session(side).render(page, scale, None).ok()
    }

    fn part(&self, side: Side, page: u32, scale: f32, region: Rect) -> Option<Raster> {
        self.session(side).render(page, scale, Some(region)).ok()
    }
}

/// For the report, which asks for one page after the other.
impl PageImages for &Pair {
    fn image(&mut self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        self.raster(side, page, scale)
    }
}

/// For a comparison without pixels, which asks for none.
pub struct NoRasters;

impl Rasters for NoRasters {
    fn raster(&self, _: Side, _: u32, _: f32) -> Option<Raster> {
        None
    }
}
