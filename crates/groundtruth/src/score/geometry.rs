//! Areas of sets of rectangles.

use model::Rect;

/// Lines have no area of their own: both sides are grown by this, points.
pub const GROW: f32 = 1.0;

/// Share of the smaller of two boxes that must be common.
const COMMON: f32 = 0.25;

/// Whether two boxes show the same place.
pub fn touch(a: &Rect, b: &Rect) -> bool {
    let (a, b) = (a.inflate(GROW), b.inflate(GROW));
    let smaller = a.area().min(b.area());
    a.intersection(&b)
        .is_some_and(|common| common.area() >= COMMON * smaller && smaller > 0.0)
}

/// Area covered by at least one of `rects`, square points.
pub fn covered(rects: &[Rect]) -> f32 {
    measure(rects, &[]).1
}

/// Areas of the intersection and of the union of two sets, square points.
pub fn overlap(a: &[Rect], b: &[Rect]) -> (f32, f32) {
    measure(a, b)
}

/// By coordinate compression: exact, and quick for the few boxes of a change.
fn measure(a: &[Rect], b: &[Rect]) -> (f32, f32) {
    // Thousands of boxes in one change are a flood, not a place.
    let (a, b) = (&a[..a.len().min(300)], &b[..b.len().min(300)]);
    let cuts = |edges: fn(&Rect) -> [f32; 2]| {
        let mut cuts: Vec<f32> = a
            .iter()
            .chain(b)
            .flat_map(edges)
            .filter(|v| v.is_finite())
            .collect();
        cuts.sort_by(f32::total_cmp);
        cuts.dedup();
        cuts
    };
    let (xs, ys) = (cuts(|r| [r.x0, r.x1]), cuts(|r| [r.y0, r.y1]));
    let (mut both, mut either) = (0.0, 0.0);
    for x in xs.windows(2) {
        let column = |r: &&Rect| r.x0 <= x[0] && r.x1 >= x[1];
        let (a, b): (Vec<&Rect>, Vec<&Rect>) = (
            a.iter().filter(column).collect(),
            b.iter().filter(column).collect(),
        );
        if a.is_empty() && b.is_empty() {
            continue;
        }
        for y in ys.windows(2) {
            let inside = |set: &[&Rect]| set.iter().any(|r| r.y0 <= y[0] && r.y1 >= y[1]);
            let (in_a, in_b) = (inside(&a), inside(&b));
            let area = (x[1] - x[0]) * (y[1] - y[0]);
            if in_a && in_b {
                both += area;
            }
            if in_a || in_b {
                either += area;
            }
        }
    }
    (both, either)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlap_counts_shared_parts_once() {
        let a = [Rect::new(0.0, 0.0, 2.0, 2.0), Rect::new(1.0, 0.0, 3.0, 2.0)];
        let b = [Rect::new(2.0, 0.0, 4.0, 2.0)];
        assert_eq!(overlap(&a, &b), (2.0, 8.0));
        assert_eq!(covered(&a), 6.0);
    }

    #[test]
    fn neighbours_do_not_touch_but_lines_do() {
        let word = Rect::new(10.0, 10.0, 50.0, 22.0);
        assert!(!touch(&word, &Rect::new(52.5, 10.0, 90.0, 22.0)));
        assert!(!touch(&word, &Rect::new(10.0, 21.0, 50.0, 33.0)));
        let line = Rect::new(0.0, 5.0, 70.0, 5.0);
        assert!(touch(&line, &Rect::new(0.0, 5.5, 70.0, 6.5)));
    }
}
