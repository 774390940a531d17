//! What of a path stays the same when it moves.

use std::hash::Hasher;

use model::Rect;
use rustc_hash::FxHasher;

use super::pieces::Source;

/// Key of path `index` wherever it stands, and its box in the space of the new page;
/// `None` where it is nowhere, or not seen.
pub(super) fn shape(source: &Source<'_>, index: u32) -> Option<(u64, Rect)> {
    let looks = source.visible_looks(index as usize)?;
    let bounds = source.transform.apply_rect(&source.bounds(index as usize));
    if !bounds.is_finite() {
        return None;
    }
    let (verbs, coords) = source.drawing.geometry(index as usize);
    let mut hasher = FxHasher::default();
    hasher.write_u8(u8::from(looks.fill.is_some()));
    for verb in verbs {
        hasher.write_u8(*verb as u8);
    }
    for pair in coords.chunks_exact(2) {
        let [x, y] = source.transform.apply([pair[0], pair[1]]);
        // Offset by a third of a cell: differences are often multiples of it. A cast cuts
        // off as `floor` does: no point lies before the corner.
        let [x, y] = [x - bounds.x0, y - bounds.y0].map(|v| (v * 5.0 + 0.33) as i32);
        hasher.write_u64((x as u32 as u64) << 32 | y as u32 as u64);
    }
    Some((hasher.finish(), bounds))
}
