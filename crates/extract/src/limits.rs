//! How much of a document is taken on. Far above what real documents hold;
//! hostile ones are cut short with a warning instead of filling the memory.

/// Pages of a document.
pub(crate) const PAGES: usize = 200_000;
/// Glyphs of one page.
pub(crate) const GLYPHS: usize = 1_000_000;
/// Paths of one page.
pub(crate) const PATHS: usize = 2_000_000;
/// Path coordinates of one page (x and y each count).
pub(crate) const COORDS: usize = 24_000_000;
/// Images placed on one page.
pub(crate) const IMAGES: usize = 100_000;
/// Pixels of one image that is decoded.
pub(crate) const IMAGE_PIXELS: u64 = 100_000_000;
/// Pixels of one rendered page.
pub(crate) const RENDER_PIXELS: u64 = 64_000_000;
/// Length of one side of a rendered page, pixels; the renderer counts in 16 bits.
pub(crate) const RENDER_SIDE: f32 = 32_000.0;
/// Side of a page that can still be rendered, points.
pub(crate) const PAGE_SIDE: f32 = 150_000.0;
/// Bytes of one embedded file that are hashed.
pub(crate) const ATTACHMENT: usize = 512 << 20;
/// Depth of any tree in the document (outline, names, form fields).
pub(crate) const DEPTH: usize = 64;
/// Nodes visited in any one tree.
pub(crate) const NODES: usize = 200_000;
/// Annotations of one page.
pub(crate) const ANNOTATIONS: usize = 50_000;
/// Characters kept of one piece of text outside the page content (a title, a
/// form value).
pub(crate) const TEXT: usize = 100_000;
