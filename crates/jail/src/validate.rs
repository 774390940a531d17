//! What a worker sends is checked before anything else sees it.

use model::{Page, Raster, Rect};

/// Whether `page` is what a sound engine could have sent for page `number`; its
/// paths were looked at when they were unpacked. The error says what is wrong.
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
    ensure(
        page.drawing
            .styles
            .iter()
            .all(|s| s.width.is_finite() && s.dash.iter().all(|d| d.is_finite())),
        "an impossible line style",
    )?;
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
    use model::{Drawing, Paint, PathStyle, TextStyle, Word};

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
                ..Drawing::default()
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
        let lies: [fn(&mut Page); 6] = [
            |p| p.words[0].style = 1,
            |p| p.words[0].edges.push(1.0),
            |p| p.words[0].text.clear(),
            |p| p.words[0].bounds.x0 = f32::NAN,
            |p| p.drawing.styles[0].width = f32::INFINITY,
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
