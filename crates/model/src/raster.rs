//! A rendered page.

use serde::{Deserialize, Serialize};

/// Pixels of a page (or of a part of it) on a white ground.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raster {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green, blue per pixel, rows from the top: `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

impl Raster {
    /// Whether there is anything in it, and as many bytes as its size says.
    pub fn is_whole(&self) -> bool {
        self.width > 0
            && self.height > 0
            && self.rgb.len() == self.width as usize * self.height as usize * 3
    }

    /// Luma of every pixel (ITU-R BT.601 weights), `width * height` bytes.
    pub fn luma(&self) -> Vec<u8> {
        self.rgb
            .chunks_exact(3)
            .map(|p| {
                ((u32::from(p[0]) * 299 + u32::from(p[1]) * 587 + u32::from(p[2]) * 114 + 500)
                    / 1000) as u8
            })
            .collect()
    }
}
