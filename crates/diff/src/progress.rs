//! What a comparison asks of its caller and tells it.

use model::{Raster, Rect, Side};

/// Where a comparison gets the pixels of a page.
pub trait Rasters: Sync {
    /// Page `page` (1-based) of one side at `scale` pixels per point; `None`
    /// where it could not be rendered, which becomes a warning.
    fn raster(&self, side: Side, page: u32, scale: f32) -> Option<Raster>;

    /// The part of a page inside `region` (points), likewise, for a closer
    /// look; `None` where there is none to be had.
    fn part(&self, side: Side, page: u32, scale: f32, region: Rect) -> Option<Raster> {
        let _ = (side, page, scale, region);
        None
    }
}

/// How far a comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Pages (or page pairs) done in this stage.
    pub done: u32,
    /// Pages (or page pairs) in this stage.
    pub total: u32,
}

/// What a comparison is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Finding out which page became which.
    Align,
    /// Comparing the words.
    Text,
    /// Comparing drawings, images and pixels of each page pair.
    Pages,
}
