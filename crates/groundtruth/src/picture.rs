//! Synthetic pictures that look like photographs and charts.

use std::sync::Arc;

use crate::rng::Rng;
use crate::scene::Picture;

/// A soft landscape of gradients and blobs with a little grain.
pub fn photo(rng: &mut Rng, width: u32, height: u32) -> Arc<Picture> {
    let sky = [
        rng.range(90, 230) as f32,
        rng.range(90, 230) as f32,
        rng.range(90, 230) as f32,
    ];
    let ground = [
        rng.range(20, 150) as f32,
        rng.range(20, 150) as f32,
        rng.range(20, 150) as f32,
    ];
    let blobs: Vec<[f32; 6]> = (0..6)
        .map(|_| {
            let size = (0.06 + 0.2 * rng.unit()) * width as f32;
            [
                rng.unit() * width as f32,
                rng.unit() * height as f32,
                size,
                255.0 * rng.unit(),
                255.0 * rng.unit(),
                255.0 * rng.unit(),
            ]
        })
        .collect();
    let mut data = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        let t = y as f32 / height as f32;
        for x in 0..width {
            let mut pixel: [f32; 3] = std::array::from_fn(|c| sky[c] * (1.0 - t) + ground[c] * t);
            for [bx, by, size, r, g, b] in &blobs {
                let d = ((x as f32 - bx).powi(2) + (y as f32 - by).powi(2)).sqrt();
                let a = (1.0 - d / size).clamp(0.0, 1.0).sqrt() * 0.85;
                for (value, tint) in pixel.iter_mut().zip([r, g, b]) {
                    *value = *value * (1.0 - a) + tint * a;
                }
            }
            let grain = (rng.bits() & 7) as f32 - 3.5;
            data.extend(pixel.map(|v| (v + grain).clamp(0.0, 255.0) as u8));
        }
    }
    Arc::new(Picture {
        width,
        height,
        data,
        gray: false,
    })
}

/// A bar chart on white, as flat areas of colour.
pub fn chart(rng: &mut Rng, width: u32, height: u32) -> Arc<Picture> {
    let bars: Vec<(f32, [u8; 3])> = (0..8)
        .map(|_| {
            let share = 0.15 + 0.75 * rng.unit();
            (
                share,
                [
                    rng.range(20, 210) as u8,
                    rng.range(20, 210) as u8,
                    rng.range(20, 210) as u8,
                ],
            )
        })
        .collect();
    let mut data = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let slot = (x as usize * bars.len()) / width as usize;
            let inside = (x as usize * bars.len() * 10 / width as usize) % 10;
            let (share, color) = bars[slot];
            let level = 1.0 - y as f32 / height as f32;
            let paint = (1..9).contains(&inside) && level < share;
            data.extend(if paint { color } else { [255, 255, 255] });
        }
    }
    Arc::new(Picture {
        width,
        height,
        data,
        gray: false,
    })
}
