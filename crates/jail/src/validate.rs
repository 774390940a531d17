//! What a worker sends is checked before anything else sees it.

use model::{Drawing, Page, Raster, Rect};

/// Whether `page` is what a sound engine could have sent for page `number`;
/// the error says what is wrong.
pub(crate) fn page(page: &Page, number: u32) -> Result<(), &'static str> {
    ensure(page.number == number, "another page than asked for")?;
    ensure(
        page.size.iter().all(|s| s.is_finite() && *s >= 0.0),
        "an impossible page size",
    )?;
    for word in &page.words {
        ensure(
            (word.style as usize) < page.styles.len(),
            "a text style that does not exist",
        )?;
        ensure(!word.text.is_empty(), "an empty word")?;
        ensure(
            word.edges.is_empty() || word.edges.len() == word.text.chars().count() + 1,
            "a word with too few or too many places",
        )?;
        ensure(
            finite(&word.bounds) && word.edges.iter().all(|e| e.is_finite()),
            "a word that is nowhere",
        )?;
    }
    ensure(
        page.styles.iter().all(|s| s.size.is_finite()),
        "an impossible text size",
    )?;
    drawing(&page.drawing)?;
    let boxes = (page.images.iter().map(|i| &i.bounds))
        .chain(page.annotations.iter().map(|a| &a.bounds))
        .chain(page.links.iter().map(|l| &l.bounds))
        .chain(page.fields.iter().map(|f| &f.bounds));
    for bounds in boxes {
        ensure(finite(bounds), "an object that is nowhere")?;
    }
    ensure(
        page.coverage.image_share.is_finite(),
        "an impossible share of images",
    )
}

fn drawing(drawing: &Drawing) -> Result<(), &'static str> {
    let mut verbs_start = 0_usize;
    let mut coords_start = 0_usize;
    for path in &drawing.paths {
        ensure(
            (path.style as usize) < drawing.styles.len(),
            "a line style that does not exist",
        )?;
        let (verbs_end, coords_end) = (path.verbs_end as usize, path.coords_end as usize);
        let coords = drawing
            .verbs
            .get(verbs_start..verbs_end)
            .map(|verbs| verbs.iter().map(|v| v.points() * 2).sum::<usize>());
        ensure(
            coords.is_some_and(|n| coords_start.checked_add(n) == Some(coords_end))
                && coords_end <= drawing.coords.len(),
            "a path without its points",
        )?;
        ensure(
            finite(&path.bounds) && path.visible.as_ref().is_none_or(finite),
            "a path that is nowhere",
        )?;
        (verbs_start, coords_start) = (verbs_end, coords_end);
    }
    ensure(
        drawing.coords.iter().all(|c| c.is_finite()),
        "a path that is nowhere",
    )?;
    ensure(
        drawing
            .styles
            .iter()
            .all(|s| s.width.is_finite() && s.dash.iter().all(|d| d.is_finite())),
        "an impossible line style",
    )
}

/// A raster from its size and bytes, where they fit each other.
pub(crate) fn raster(width: u32, height: u32, rgb: Vec<u8>) -> Result<Raster, &'static str> {
    let bytes = u64::from(width)
        .checked_mul(u64::from(height))
        .and_then(|pixels| pixels.checked_mul(3));
    ensure(
        bytes == Some(rgb.len() as u64),
        "an image of another size than it says",
    )?;
    Ok(Raster { width, height, rgb })
}

fn finite(r: &Rect) -> bool {
    r.x0.is_finite() && r.y0.is_finite() && r.x1.is_finite() && r.y1.is_finite()
}

fn ensure(holds: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if holds { Ok(()) } else { Err(otherwise) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Paint, Path, PathStyle, TextStyle, Verb, Word};

    fn sound() -> Page {
        Page {
            number: 3,
            size: [100.0, 100.0],
            styles: vec![TextStyle {
                font: "F".into(),
                size: 10.0,
                color: [0, 0, 0, 255],
                bold: false,
                italic: false,
                invisible: false,
            }],
            words: vec![Word {
                text: "né".into(),
                bounds: Rect::new(1.0, 1.0, 9.0, 9.0),
                edges: vec![1.0, 5.0, 9.0],
                style: 0,
                line: 0,
                block: 0,
                direction: model::Direction::Ltr,
                hyphenated: false,
                joined: false,
            }],
            drawing: Drawing {
                styles: vec![PathStyle {
                    paint: Paint::Stroke,
                    color: None,
                    width: 1.0,
                    dash: vec![],
                }],
                paths: vec![Path {
                    style: 0,
                    verbs_end: 2,
                    coords_end: 4,
                    bounds: Rect::new(0.0, 0.0, 1.0, 1.0),
                    visible: None,
                }],
                verbs: vec![Verb::Move, Verb::Line],
                coords: vec![0.0, 0.0, 1.0, 1.0],
            },
            ..Page::default()
        }
    }

    #[test]
    fn a_sound_page_passes() {
        assert_eq!(page(&sound(), 3), Ok(()));
        assert!(page(&sound(), 4).is_err());
    }

    #[test]
    fn every_lie_is_caught() {
        let lies: [fn(&mut Page); 9] = [
            |p| p.words[0].style = 1,
            |p| p.words[0].edges.push(1.0),
            |p| p.words[0].text.clear(),
            |p| p.words[0].bounds.x0 = f32::NAN,
            |p| p.drawing.paths[0].style = 9,
            |p| p.drawing.paths[0].verbs_end = 3,
            |p| p.drawing.paths[0].coords_end = u32::MAX,
            |p| p.drawing.coords[2] = f32::INFINITY,
            |p| p.size = [f32::NAN, 1.0],
        ];
        for (i, lie) in lies.into_iter().enumerate() {
            let mut page = sound();
            lie(&mut page);
            assert!(super::page(&page, 3).is_err(), "lie {i}");
        }
    }

    #[test]
    fn a_raster_must_hold_its_pixels() {
        assert!(raster(2, 2, vec![0; 12]).is_ok());
        assert!(raster(2, 2, vec![0; 11]).is_err());
        assert!(raster(u32::MAX, u32::MAX, vec![]).is_err());
    }
}
