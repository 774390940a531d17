//! Which picture of a page is asked for, within bounds.

use serde::Deserialize;
use service::problem::Problem;
use utoipa::IntoParams;

/// Pixels of one picture.
pub(crate) const MAX_PIXELS: f32 = 16_000_000.0;
/// Pixels per point; the largest is 4,608 dpi.
const SCALES: std::ops::RangeInclusive<f32> = 0.01..=64.0;

/// A picture of a page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PictureQuery {
    /// Pixels per point, from 0.01 to 64; 1 where absent. Made smaller where
    /// the picture would have more than 16 million pixels.
    pub scale: Option<f32>,
    /// Only this part of the page: `x0,y0,x1,y1` in points from its top-left
    /// corner as displayed.
    #[param(example = "0,0,100,50")]
    pub region: Option<String>,
}

/// A picture within bounds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Picture {
    /// Pixels per point.
    pub scale: f32,
    /// `[x0, y0, x1, y1]`, points.
    pub region: Option<[f32; 4]>,
}

impl PictureQuery {
    /// The picture of a page of `size` points (`None` while it is unknown; the
    /// engine then refuses what is too large).
    pub(crate) fn picture(&self, size: Option<[f32; 2]>) -> Result<Picture, Problem> {
        let scale = self.scale.unwrap_or(1.0);
        if !SCALES.contains(&scale) {
            return Err(Problem::bad_request(
                "A scale is from 0.01 to 64 pixels per point.",
            ));
        }
        let region = self.region.as_deref().map(region).transpose()?;
        let area = match (region, size) {
            (Some([x0, y0, x1, y1]), _) => Some([x1 - x0, y1 - y0]),
            (None, size) => size,
        };
        let scale = match area {
            Some([width, height]) => scale.min(largest_scale(width, height)),
            None => scale,
        };
        Ok(Picture { scale, region })
    }
}

/// The largest scale at which `width` × `height` points are no more than
/// [`MAX_PIXELS`], edges rounded up.
fn largest_scale(width: f32, height: f32) -> f32 {
    let scale = (MAX_PIXELS / (width * height).max(f32::MIN_POSITIVE)).sqrt();
    // One pixel less on each edge makes room for the rounding.
    let edge = scale * width.min(height).max(f32::MIN_POSITIVE);
    if edge > 2.0 {
        scale * (1.0 - 1.0 / edge)
    } else {
        scale
    }
}

fn region(text: &str) -> Result<[f32; 4], Problem> {
    let wrong = || {
        Problem::bad_request(
            "A region is x0,y0,x1,y1 in points from the top-left corner of the page, \
             with x0 < x1 and y0 < y1.",
        )
    };
    let mut edges = [0.0; 4];
    let mut parts = text.split(',');
    for edge in &mut edges {
        let part = parts.next().ok_or_else(wrong)?;
        *edge = part.trim().parse::<f32>().map_err(|_| wrong())?;
    }
    let [x0, y0, x1, y1] = edges;
    let sound = edges
        .iter()
        .all(|edge| edge.is_finite() && edge.abs() < 1e6);
    if parts.next().is_some() || !sound || x0 >= x1 || y0 >= y1 {
        return Err(wrong());
    }
    Ok(edges)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(scale: Option<f32>, region: Option<&str>) -> PictureQuery {
        PictureQuery {
            scale,
            region: region.map(str::to_owned),
        }
    }

    #[test]
    fn no_picture_is_larger_than_the_limit() {
        for size in [
            [595.0, 842.0],
            [2384.0, 3370.0],
            [14400.0, 14400.0],
            [14400.0, 3.0],
        ] {
            for scale in [0.01, 1.0, 4.0, 64.0] {
                let picture = query(Some(scale), None).picture(Some(size)).unwrap();
                let pixels = (size[0] * picture.scale).ceil() * (size[1] * picture.scale).ceil();
                assert!(pixels <= MAX_PIXELS, "{size:?} at {scale}: {pixels}");
                assert!(picture.scale <= scale);
            }
        }
        let small = query(Some(2.0), None)
            .picture(Some([595.0, 842.0]))
            .unwrap();
        assert_eq!(small.scale, 2.0);
        let part = query(Some(64.0), Some("0,0,10,10"));
        assert_eq!(part.picture(Some([14400.0, 14400.0])).unwrap().scale, 64.0);
    }

    #[test]
    fn nonsense_is_refused() {
        for scale in [0.0, -1.0, 65.0, f32::NAN, f32::INFINITY] {
            assert!(query(Some(scale), None).picture(None).is_err(), "{scale}");
        }
        for region in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "a,0,1,1",
            "1,0,1,1",
            "0,0,nan,1",
            "0,0,inf,1",
        ] {
            assert!(query(None, Some(region)).picture(None).is_err(), "{region}");
        }
    }
}
