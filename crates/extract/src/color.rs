//! Paint to plain colour.

use hayro::hayro_interpret::Paint;

/// RGBA of a plain colour, its alpha lowered by `opacity` (0 to 1); `None`
/// for patterns and shadings.
pub(crate) fn rgba(paint: &Paint<'_>, opacity: f32) -> Option<[u8; 4]> {
    match paint {
        Paint::Color(color) => {
            let [r, g, b, a] = color.to_rgba().to_rgba8();
            Some([r, g, b, (f32::from(a) * opacity + 0.5) as u8])
        }
        Paint::Pattern(_) => None,
    }
}
