//! Drawings on the pipe: plain bytes without what follows from the rest. A
//! drawing is most of what a page weighs, and the serialiser would look at each
//! of its numbers twice.
//!
//! `u32` paths, `u32` verbs; then a `u32` style for each path, a `u32` number of
//! verbs for each path, a byte for each path on what is visible of it, a byte
//! for each verb, an `f32` for each coordinate, and four for the box of each
//! path of which a part is visible. All little endian. The boxes of the
//! geometry, and how many coordinates there are, follow from it.

use model::{Drawing, Path, PathStyle, Rect, Verb};

const HIDDEN: u8 = 0;
const WHOLE: u8 = 1;
const PART: u8 = 2;

/// Nonsense in a packed drawing.
const SHORT: &str = "a drawing of another size than it says";

/// Takes paths, verbs and coordinates out of `drawing`, as bytes; its styles
/// stay.
pub(crate) fn pack(drawing: &mut Drawing) -> Vec<u8> {
    let paths = std::mem::take(&mut drawing.paths);
    let verbs = std::mem::take(&mut drawing.verbs);
    let coords = std::mem::take(&mut drawing.coords);
    if paths.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::with_capacity(8 + 9 * paths.len() + verbs.len() + 4 * coords.len());
    out.extend((paths.len() as u32).to_le_bytes());
    out.extend((verbs.len() as u32).to_le_bytes());
    out.extend(paths.iter().flat_map(|path| path.style.to_le_bytes()));
    let mut start = 0;
    out.extend(paths.iter().flat_map(|path| {
        let count = path.verbs_end.wrapping_sub(start);
        start = path.verbs_end;
        count.to_le_bytes()
    }));
    let mut parts: Vec<Rect> = Vec::new();
    out.extend(paths.iter().map(|path| match path.visible {
        None => HIDDEN,
        Some(seen) if seen == inked(&drawing.styles, path.style, &path.bounds) => WHOLE,
        Some(seen) => {
            parts.push(seen);
            PART
        }
    }));
    out.extend(verbs.iter().map(|verb| *verb as u8));
    out.extend(coords.iter().flat_map(|v| v.to_le_bytes()));
    let edges = parts.into_iter().flat_map(<[f32; 4]>::from);
    out.extend(edges.flat_map(f32::to_le_bytes));
    out
}

/// Puts back into `drawing`, which has its styles, what [`pack`] took out; the
/// error says what is wrong with it.
pub(crate) fn unpack(drawing: &mut Drawing, packed: &[u8]) -> Result<(), &'static str> {
    if !(drawing.paths.is_empty() && drawing.verbs.is_empty() && drawing.coords.is_empty()) {
        return Err("a drawing that is not packed");
    }
    if packed.is_empty() {
        return Ok(());
    }
    let mut rest = packed;
    let header = take(&mut rest, 8)?;
    let [path_count, verb_count] = [0, 4].map(|at| number(&header[at..]));
    let styles = take(&mut rest, 4 * path_count)?.chunks_exact(4);
    let counts = take(&mut rest, 4 * path_count)?.chunks_exact(4);
    let seen = take(&mut rest, path_count)?;
    let bytes = take(&mut rest, verb_count)?;
    let mut verbs = Vec::with_capacity(verb_count);
    let mut coord_count = 0;
    for byte in bytes {
        let verb = verb(*byte).ok_or("a stroke of an unknown kind")?;
        coord_count += 2 * verb.points();
        verbs.push(verb);
    }
    let coords = floats(take(&mut rest, 4 * coord_count)?);
    if coords.iter().any(|c| !c.is_finite()) {
        return Err("a path that is nowhere");
    }
    let mut paths = Vec::with_capacity(path_count);
    let (mut verbs_end, mut coords_end) = (0_usize, 0_usize);
    for ((style, count), seen) in styles.zip(counts).zip(seen) {
        let style = number(style) as u32;
        let own = verbs
            .get(verbs_end..verbs_end + number(count))
            .ok_or("a path without its strokes")?;
        let own_coords = own.iter().map(|v| 2 * v.points()).sum::<usize>();
        let points = coords
            .get(coords_end..coords_end + own_coords)
            .unwrap_or_default()
            .chunks_exact(2);
        let bounds =
            Rect::around(points.map(|p| [p[0], p[1]])).ok_or("a path without its points")?;
        if style as usize >= drawing.styles.len() {
            return Err("a line style that does not exist");
        }
        verbs_end += own.len();
        coords_end += own_coords;
        let visible = match *seen {
            HIDDEN => None,
            WHOLE => Some(inked(&drawing.styles, style, &bounds)),
            _ => match floats(take(&mut rest, 16)?)[..] {
                [x0, y0, x1, y1] => Some(Rect::new(x0, y0, x1, y1)),
                _ => None,
            },
        };
        if !visible.as_ref().is_none_or(Rect::is_finite) {
            return Err("a path that is nowhere");
        }
        paths.push(Path {
            style,
            verbs_end: verbs_end as u32,
            coords_end: coords_end as u32,
            bounds,
            visible,
        });
    }
    if verbs_end != verbs.len() || !rest.is_empty() {
        return Err(SHORT);
    }
    drawing.paths = paths;
    drawing.verbs = verbs;
    drawing.coords = coords;
    Ok(())
}

fn inked(styles: &[PathStyle], style: u32, bounds: &Rect) -> Rect {
    styles
        .get(style as usize)
        .map_or(*bounds, |style| style.inked(bounds))
}

fn take<'a>(rest: &mut &'a [u8], bytes: usize) -> Result<&'a [u8], &'static str> {
    let (taken, left) = rest.split_at_checked(bytes).ok_or(SHORT)?;
    *rest = left;
    Ok(taken)
}

/// The `u32` at the start of `bytes`.
fn number(bytes: &[u8]) -> usize {
    bytes
        .first_chunk()
        .map_or(0, |four| u32::from_le_bytes(*four) as usize)
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    let (fours, _) = bytes.as_chunks();
    fours.iter().map(|four| f32::from_le_bytes(*four)).collect()
}

fn verb(byte: u8) -> Option<Verb> {
    [Verb::Move, Verb::Line, Verb::Quad, Verb::Cubic, Verb::Close]
        .get(byte as usize)
        .copied()
}

#[cfg(test)]
mod tests {
    use model::Paint;

    use super::*;

    fn drawing() -> Drawing {
        let style = PathStyle {
            paint: Paint::Stroke,
            color: None,
            width: 2.0,
            dash: vec![],
        };
        let path = |verbs_end, coords_end, bounds: Rect, visible| Path {
            style: 0,
            verbs_end,
            coords_end,
            bounds,
            visible,
        };
        let line = Rect::new(0.0, 0.0, 10.0, 20.0);
        let curve = Rect::new(-5.0, 1.0, 7.0, 9.0);
        Drawing {
            paths: vec![
                path(2, 4, line, Some(style.inked(&line))),
                path(5, 12, curve, Some(Rect::new(0.0, 1.0, 7.0, 8.5))),
                path(7, 16, line, None),
            ],
            styles: vec![style],
            verbs: vec![
                Verb::Move,
                Verb::Line,
                Verb::Move,
                Verb::Cubic,
                Verb::Close,
                Verb::Move,
                Verb::Line,
            ],
            coords: vec![
                10.0, 0.0, 0.0, 20.0, -5.0, 1.0, 7.0, 2.0, 3.0, 9.0, 6.0, 8.0, 0.0, 0.0, 10.0, 20.0,
            ],
        }
    }

    #[test]
    fn a_drawing_arrives_as_it_left() {
        for whole in [drawing(), Drawing::default()] {
            let mut sent = whole.clone();
            let packed = pack(&mut sent);
            assert!(sent.paths.is_empty() && sent.coords.is_empty());
            unpack(&mut sent, &packed).unwrap();
            assert_eq!(sent, whole);
        }
        assert!(unpack(&mut drawing(), &[]).is_err(), "not packed at all");
    }

    #[test]
    fn every_cut_and_every_lie_is_caught() {
        let mut sent = drawing();
        let packed = pack(&mut sent);
        for length in 1..packed.len() {
            assert!(unpack(&mut sent.clone(), &packed[..length]).is_err());
        }
        // Counts, a style, a verb, a coordinate.
        let styles = 8;
        let verbs = styles + 3 * 9;
        let coords = verbs + 7;
        for (at, byte) in [
            (0, 4),
            (3, 255),
            (4, 9),
            (styles, 1),
            (styles + 12, 1),
            (verbs, 9),
        ] {
            let mut lie = packed.clone();
            lie[at] = byte;
            assert!(unpack(&mut sent.clone(), &lie).is_err(), "{at}");
        }
        let mut lie = packed.clone();
        lie[coords..coords + 4].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(unpack(&mut sent.clone(), &lie).is_err());
        let mut lie = packed;
        lie.push(0);
        assert!(unpack(&mut sent, &lie).is_err());
    }
}
