//! Words for where on a page something is.

use model::{Page, Rect};

/// A word that names a place is no further away than this, points.
const NEAR: f32 = 45.0;

/// `near “R45”` where a label is close, “at the top left” otherwise.
pub(crate) fn name(page: &Page, place: &Rect) -> String {
    let [cx, cy] = place.center();
    let best = page
        .words
        .iter()
        .filter_map(|word| {
            let r = &word.bounds;
            let dx = (r.x0 - place.x1).max(place.x0 - r.x1).max(0.0);
            let dy = (r.y0 - place.y1).max(place.y0 - r.y1).max(0.0);
            let away = dx.hypot(dy);
            if away.is_nan() || away > NEAR || !nameable(&word.text) {
                return None;
            }
            let [wx, wy] = r.center();
            let spread = 0.1 * (wx - cx).hypot(wy - cy);
            let bonus = if designator(&word.text) { 0.0 } else { 15.0 };
            Some((away + spread + bonus, &word.text))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    if let Some((_, text)) = best {
        return format!("near “{text}”");
    }
    let [width, height] = page.size;
    let third = |v: f32, size: f32| ((3.0 * v / size.max(1.0)) as usize).min(2);
    let row = ["top", "middle", "bottom"][third(cy, height)];
    let column = ["left", "centre", "right"][third(cx, width)];
    match (row, column) {
        ("middle", "centre") => "in the middle of the page".to_owned(),
        ("middle", side) => format!("at the {side}"),
        (row, "centre") => format!("at the {row}"),
        (row, side) => format!("at the {row} {side}"),
    }
}

fn nameable(text: &str) -> bool {
    let count = text.chars().count();
    (2..=24).contains(&count) && text.chars().any(char::is_alphanumeric)
}

/// `R45`, `U3A`, `C_12`: letters, then a number.
pub(crate) fn designator(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_uppercase).count();
    let rest: String = text.chars().skip(letters).collect();
    (1..=4).contains(&letters)
        && rest.len() <= 5
        && rest
            .chars()
            .next()
            .as_ref()
            .is_some_and(char::is_ascii_digit)
}

/// “2.0 pt right, 3.5 pt down”.
pub(crate) fn shift(vector: [f32; 2]) -> String {
    let [x, y] = vector;
    let part = |v: f32, plus: &str, minus: &str| {
        (v.abs() >= 0.05)
            .then(|| format!("{:.1} pt {}", v.abs(), if v > 0.0 { plus } else { minus }))
    };
    let parts: Vec<String> = [part(x, "right", "left"), part(y, "down", "up")]
        .into_iter()
        .flatten()
        .collect();
    parts.join(", ")
}
