//! Page images, small enough to put into the file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jpeg_encoder::{ColorType as JpegColor, Encoder as Jpeg};
use model::Raster;
use png::{BitDepth, ColorType, Compression, Encoder, Filter};

/// Channels further apart than this make a page coloured.
const GREY_TOLERANCE: u8 = 8;

/// Share of the pixels that a palette must show exactly; below it the page is
/// a photograph or a scan.
const PALETTE_SHARE: f64 = 0.97;

/// JPEG quality for scans and photographs: letters keep their edges.
const JPEG_QUALITY: u8 = 80;

/// An encoded image.
pub(super) struct Image {
    /// `data:` address of it.
    pub(super) uri: String,
    /// Pixels across.
    pub(super) width: u32,
    /// Pixels down.
    pub(super) height: u32,
}

/// The raster as a `data:` address: 16 greys where the page has no colour, 256
/// colours where that shows it, JPEG for the rest. `None` where the raster is
/// not what it says.
pub(super) fn encode(raster: &Raster) -> Option<Image> {
    let (width, height) = (raster.width, raster.height);
    let pixels = (width as usize).checked_mul(height as usize)?;
    if pixels == 0 || raster.rgb.len() != pixels.checked_mul(3)? {
        return None;
    }
    let (mime, bytes) = if is_grey(raster) {
        grey(raster)?
    } else {
        colour(raster)?
    };
    Some(Image {
        uri: format!("data:image/{mime};base64,{}", STANDARD.encode(bytes)),
        width,
        height,
    })
}

fn is_grey(raster: &Raster) -> bool {
    raster.rgb.chunks_exact(3).all(|p| {
        let least = p[0].min(p[1]).min(p[2]);
        let most = p[0].max(p[1]).max(p[2]);
        most - least <= GREY_TOLERANCE
    })
}

fn grey(raster: &Raster) -> Option<(&'static str, Vec<u8>)> {
    let luma = raster.luma();
    let middle = luma.iter().filter(|v| (24..=231).contains(*v)).count();
    // Edges of letters are few; a page of middle tones is a scan.
    if middle * 3 > luma.len() {
        return jpeg(raster, &luma, JpegColor::Luma);
    }
    let width = raster.width as usize;
    let mut packed = Vec::with_capacity(luma.len() / 2 + raster.height as usize);
    let level = |v: u8| ((u16::from(v) * 15 + 127) / 255) as u8;
    for row in luma.chunks_exact(width) {
        for pair in row.chunks(2) {
            let second = pair.get(1).map_or(0, |v| level(*v));
            packed.push(level(pair[0]) << 4 | second);
        }
    }
    png(raster, ColorType::Grayscale, BitDepth::Four, None, &packed)
}

fn colour(raster: &Raster) -> Option<(&'static str, Vec<u8>)> {
    // Bins of 5 bits a channel, each shown by the mean of what fell into it.
    let bin = |p: &[u8]| {
        usize::from(p[0] >> 3) << 10 | usize::from(p[1] >> 3) << 5 | usize::from(p[2] >> 3)
    };
    let mut count = vec![0_u32; 1 << 15];
    let mut sum = vec![[0_u64; 3]; 1 << 15];
    for p in raster.rgb.chunks_exact(3) {
        let at = bin(p);
        count[at] += 1;
        for (total, v) in sum[at].iter_mut().zip(p) {
            *total += u64::from(*v);
        }
    }
    let mut bins: Vec<usize> = (0..count.len()).filter(|at| count[*at] > 0).collect();
    bins.sort_unstable_by_key(|at| (std::cmp::Reverse(count[*at]), *at));
    let mean = |at: usize| sum[at].map(|total| (total / u64::from(count[at].max(1))) as u8);
    let shown: u64 = bins.iter().take(256).map(|at| u64::from(count[*at])).sum();
    let pixels = raster.rgb.len() as f64 / 3.0;
    if (shown as f64) < PALETTE_SHARE * pixels {
        return jpeg(raster, &raster.rgb, JpegColor::Rgb);
    }
    let palette: Vec<[u8; 3]> = bins.iter().take(256).map(|at| mean(*at)).collect();
    let mut index = vec![0_u8; 1 << 15];
    for (i, at) in bins.iter().enumerate() {
        index[*at] = if i < palette.len() {
            i as u8
        } else {
            nearest(&palette, mean(*at))
        };
    }
    let indexed: Vec<u8> = raster.rgb.chunks_exact(3).map(|p| index[bin(p)]).collect();
    png(
        raster,
        ColorType::Indexed,
        BitDepth::Eight,
        Some(palette.concat()),
        &indexed,
    )
}

fn nearest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let distance = |entry: &[u8; 3]| -> u32 {
        entry
            .iter()
            .zip(colour)
            .map(|(a, b)| u32::from(a.abs_diff(b)).pow(2))
            .sum()
    };
    palette
        .iter()
        .enumerate()
        .min_by_key(|(_, entry)| distance(entry))
        .map_or(0, |(i, _)| i as u8)
}

fn png(
    raster: &Raster,
    color: ColorType,
    depth: BitDepth,
    palette: Option<Vec<u8>>,
    data: &[u8],
) -> Option<(&'static str, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    encoder.set_compression(Compression::Balanced);
    // Filters help smooth pictures, not indices and lines on white.
    encoder.set_filter(Filter::NoFilter);
    if let Some(palette) = palette {
        encoder.set_palette(palette);
    }
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(data).ok()?;
    writer.finish().ok()?;
    Some(("png", bytes))
}

fn jpeg(raster: &Raster, data: &[u8], color: JpegColor) -> Option<(&'static str, Vec<u8>)> {
    let mut bytes = Vec::new();
    let width = u16::try_from(raster.width).ok()?;
    let height = u16::try_from(raster.height).ok()?;
    Jpeg::new(&mut bytes, JPEG_QUALITY)
        .encode(data, width, height, color)
        .ok()?;
    Some(("jpeg", bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 3]) -> Raster {
        let rgb = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .flat_map(|(x, y)| pixel(x, y))
            .collect();
        Raster { width, height, rgb }
    }

    fn decoded(image: &Image) -> (png::OutputInfo, Vec<u8>) {
        let data = image.uri.split_once(',').unwrap().1;
        let bytes = STANDARD.decode(data).unwrap();
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut out = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut out).unwrap();
        out.truncate(info.buffer_size());
        (info, out)
    }

    #[test]
    fn black_and_white_is_kept_in_four_bits() {
        let page = raster(31, 7, |x, y| [if (x + y) % 5 == 0 { 0 } else { 255 }; 3]);
        let image = encode(&page).unwrap();
        let (info, data) = decoded(&image);
        assert_eq!(info.color_type, ColorType::Grayscale);
        assert_eq!(data, page.luma());
    }

    #[test]
    fn few_colours_are_kept_exactly() {
        let page = raster(40, 40, |x, _| match x % 4 {
            0 => [200, 0, 0],
            1 => [0, 0, 180],
            _ => [255, 255, 255],
        });
        let (_, data) = decoded(&encode(&page).unwrap());
        assert_eq!(data, page.rgb);
    }

    #[test]
    fn photographs_are_jpeg() {
        let page = raster(256, 256, |x, y| [x as u8, y as u8, (x * y / 256) as u8]);
        assert!(encode(&page).unwrap().uri.starts_with("data:image/jpeg;"));
    }

    #[test]
    fn a_raster_that_lies_about_its_size_is_refused() {
        let mut page = raster(4, 4, |_, _| [0; 3]);
        page.width = 5;
        assert!(encode(&page).is_none());
        page.width = u32::MAX;
        page.height = u32::MAX;
        assert!(encode(&page).is_none());
        assert!(
            encode(&Raster {
                width: 0,
                height: 0,
                rgb: Vec::new()
            })
            .is_none()
        );
    }
}
