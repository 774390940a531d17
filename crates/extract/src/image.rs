//! Raster images: a content hash that survives recompression and a small
//! perceptual one.

use std::hash::Hasher;

use hayro::hayro_interpret::{Image, ImageData, LumaData, Paint};
use rustc_hash::FxHasher;

use crate::{color, limits};

/// What is known of an image's content, wherever it is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Content {
    /// Hash of the decoded pixels with their alpha.
    pub hash: u64,
    /// Difference hash of the luminance.
    pub perceptual: Option<u64>,
    /// Whether it was too large to decode.
    pub too_large: bool,
}

/// Decodes and hashes. What cannot be decoded, or is too large to, is hashed
/// as it is stored.
pub(crate) fn content(image: &Image<'_, '_>) -> Content {
    let stored = |too_large| {
        let mut hasher = FxHasher::default();
        hasher.write(&match image {
            Image::Raster(raster) => raster.stream().raw_data(),
            Image::Stencil(stencil) => stencil.stream().raw_data(),
        });
        Content {
            hash: hasher.finish(),
            perceptual: None,
            too_large,
        }
    };
    if u64::from(image.width()) * u64::from(image.height()) > limits::IMAGE_PIXELS {
        return stored(true);
    }
    let mut content = None;
    match image {
        Image::Raster(raster) => raster.with_rgba(
            |data, alpha| content = Some(of_raster(&data, alpha.as_ref())),
            None,
        ),
        Image::Stencil(stencil) => {
            stencil.with_stencil(|mask, _| content = Some(of_stencil(&mask)), None);
        }
    }
    content.unwrap_or_else(|| stored(false))
}

/// The stencil's hash together with what it is painted in.
pub(crate) fn stencil_hash(mask: u64, paint: Option<[u8; 4]>) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(mask);
    hasher.write(&paint.unwrap_or([1, 2, 3, 0]));
    hasher.finish()
}

/// The colour a stencil is painted in.
pub(crate) fn stencil_paint(image: &Image<'_, '_>, opacity: f32) -> Option<[u8; 4]> {
    let Image::Stencil(stencil) = image else {
        return None;
    };
    let mut paint = None;
    // The paint is handed out with the decoded mask only.
    stencil.with_stencil(
        |_, p: &Paint<'_>| paint = color::rgba(p, opacity),
        Some((1, 1)),
    );
    paint
}

fn of_raster(data: &ImageData, alpha: Option<&LumaData>) -> Content {
    let (width, height) = (data.width() as usize, data.height() as usize);
    let mut hasher = FxHasher::default();
    hasher.write_usize(width);
    hasher.write_usize(height);
    // Grey pixels hash as the RGB they stand for: producers turn grey images
    // into RGB and back.
    let mut row = Vec::with_capacity(width * 3);
    let luma: Box<dyn Fn(usize) -> u8> = match data {
        ImageData::Rgb(rgb) => {
            for line in rgb.data.chunks(width.max(1) * 3) {
                hasher.write(line);
            }
            Box::new(|i| {
                rgb.data.get(i * 3..i * 3 + 3).map_or(0, |p| {
                    ((u32::from(p[0]) * 299 + u32::from(p[1]) * 587 + u32::from(p[2]) * 114) / 1000)
                        as u8
                })
            })
        }
        ImageData::Luma(luma) => {
            for line in luma.data.chunks(width.max(1)) {
                row.clear();
                row.extend(line.iter().flat_map(|l| [*l; 3]));
                hasher.write(&row);
            }
            Box::new(|i| luma.data.get(i).copied().unwrap_or(0))
        }
    };
    if let Some(alpha) = alpha.filter(|a| a.data.iter().any(|v| *v != 255)) {
        hasher.write_u32(alpha.width);
        hasher.write_u32(alpha.height);
        hasher.write(&alpha.data);
    }
    Content {
        hash: hasher.finish(),
        perceptual: difference_hash(width, height, &luma),
        too_large: false,
    }
}

fn of_stencil(mask: &LumaData) -> Content {
    let (width, height) = (mask.width as usize, mask.height as usize);
    let mut hasher = FxHasher::default();
    hasher.write_usize(width);
    hasher.write_usize(height);
    hasher.write(&mask.data);
    Content {
        hash: hasher.finish(),
        perceptual: difference_hash(width, height, &|i| mask.data.get(i).copied().unwrap_or(0)),
        too_large: false,
    }
}

/// 64-bit difference hash (Krawetz, "Kind of Like That", 2013): the image at
/// 9 × 8 by box averaging, one bit for each pixel brighter than its right
/// neighbour.
fn difference_hash(width: usize, height: usize, luma: &dyn Fn(usize) -> u8) -> Option<u64> {
    if width == 0 || height == 0 {
        return None;
    }
    // At most 8 × 8 samples a cell: enough for an average.
    let cell = |column: usize, row: usize| -> u32 {
        let range = |i: usize, n: usize, size: usize| {
            let start = i * size / n;
            (start, ((i + 1) * size / n).max(start + 1).min(size))
        };
        let (x0, x1) = range(column, 9, width);
        let (y0, y1) = range(row, 8, height);
        let (step_x, step_y) = ((x1 - x0).div_ceil(8), (y1 - y0).div_ceil(8));
        let (mut sum, mut count) = (0u32, 0u32);
        for y in (y0..y1).step_by(step_y.max(1)) {
            for x in (x0..x1).step_by(step_x.max(1)) {
                sum += u32::from(luma(y * width + x));
                count += 1;
            }
        }
        sum * 16 / count.max(1)
    };
    let mut hash = 0;
    for row in 0..8 {
        let mut left = cell(0, row);
        for column in 1..9 {
            let right = cell(column, row);
            hash = hash << 1 | u64::from(left > right);
            left = right;
        }
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hayro::hayro_interpret::RgbData;

    fn gradient(width: u32, height: u32, rgb: bool) -> ImageData {
        let grey = (0..width * height).map(|i| (i % width * 255 / width) as u8);
        let (interpolate, scale_factors) = (false, (1.0, 1.0));
        if rgb {
            let data = grey.flat_map(|g| [g; 3]).collect();
            ImageData::Rgb(RgbData {
                data,
                width,
                height,
                interpolate,
                scale_factors,
            })
        } else {
            let data = grey.collect();
            ImageData::Luma(LumaData {
                data,
                width,
                height,
                interpolate,
                scale_factors,
            })
        }
    }

    #[test]
    fn grey_hashes_as_the_rgb_it_stands_for() {
        let (a, b) = (gradient(40, 30, true), gradient(40, 30, false));
        assert_eq!(of_raster(&a, None), of_raster(&b, None));
    }

    #[test]
    fn one_pixel_changes_the_hash_but_not_the_look() {
        let mut changed = gradient(200, 100, false);
        let before = of_raster(&changed, None);
        if let ImageData::Luma(luma) = &mut changed {
            luma.data[50 * 200 + 100] ^= 0x40;
        }
        let after = of_raster(&changed, None);
        assert_ne!(before.hash, after.hash);
        let bits = before.perceptual.unwrap() ^ after.perceptual.unwrap();
        assert!(bits.count_ones() <= 2);
    }

    #[test]
    fn tiny_images_have_a_difference_hash() {
        assert!(difference_hash(1, 1, &|_| 7).is_some());
        assert!(difference_hash(0, 5, &|_| 7).is_none());
    }
}
