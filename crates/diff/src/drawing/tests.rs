use model::{Drawing, Op, Paint, Path, PathStyle, Verb};
use proptest::prelude::*;

use super::*;

/// A drawing put together by hand.
pub(crate) struct Pen(pub Page);

impl Pen {
    pub(crate) fn new() -> Self {
        Self(Page {
            number: 1,
            size: [595.0, 842.0],
            ..Page::default()
        })
    }

    fn style(&mut self, paint: Paint, color: [u8; 4], width: f32) -> u32 {
        let style = PathStyle {
            paint,
            color: Some(color),
            width,
            dash: Vec::new(),
        };
        let styles = &mut self.0.drawing.styles;
        let at = styles.iter().position(|s| *s == style).unwrap_or_else(|| {
            styles.push(style);
            styles.len() - 1
        });
        at as u32
    }

    pub(crate) fn path(&mut self, style: u32, points: &[[f32; 2]], close: bool) {
        let d: &mut Drawing = &mut self.0.drawing;
        for (i, p) in points.iter().enumerate() {
            d.verbs.push(if i == 0 { Verb::Move } else { Verb::Line });
            d.coords.extend(p);
        }
        if close {
            d.verbs.push(Verb::Close);
        }
        let bounds = Rect::around(points.iter().copied()).unwrap();
        let half = d.styles[style as usize].width / 2.0;
        d.paths.push(Path {
            style,
            verbs_end: d.verbs.len() as u32,
            coords_end: d.coords.len() as u32,
            bounds,
            visible: Some(bounds.inflate(half)),
        });
    }

    pub(crate) fn line(&mut self, a: [f32; 2], b: [f32; 2]) {
        let style = self.style(Paint::Stroke, [0, 0, 0, 255], 0.5);
        self.path(style, &[a, b], false);
    }

    fn fill(&mut self, points: &[[f32; 2]]) {
        let style = self.style(Paint::Fill, [0, 0, 0, 255], 0.0);
        self.path(style, points, true);
    }
}

fn diff(old: &Pen, new: &Pen) -> Vec<Change> {
    compare(&old.0, &new.0, &Transform::IDENTITY, &Options::default())
}

#[test]
fn rectangle_equals_four_lines() {
    let mut old = Pen::new();
    let style = old.style(Paint::Stroke, [0, 0, 0, 255], 0.5);
    let corners = [[10.0, 10.0], [90.0, 10.0], [90.0, 60.0], [10.0, 60.0]];
    old.path(style, &corners, true);
    let mut new = Pen::new();
    for i in 0..4 {
        new.line(corners[(i + 1) % 4], corners[i]);
    }
    assert_eq!(diff(&old, &new), []);
}

#[test]
fn thin_bar_equals_stroke() {
    let mut old = Pen::new();
    old.fill(&[[10.0, 9.75], [90.0, 9.75], [90.0, 10.25], [10.0, 10.25]]);
    let mut new = Pen::new();
    new.line([10.0, 10.0], [90.0, 10.0]);
    assert_eq!(diff(&old, &new), []);
}

#[test]
fn moved_line_is_one_move() {
    let mut old = Pen::new();
    old.line([10.0, 10.0], [90.0, 10.0]);
    old.line([10.0, 100.0], [90.0, 160.0]);
    let mut new = Pen::new();
    new.line([10.0, 10.0], [90.0, 10.0]);
    new.line([12.0, 100.0], [92.0, 160.0]);
    let changes = diff(&old, &new);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].op, Op::Moved);
    assert!(
        changes[0].summary.contains("2.0 pt right"),
        "{}",
        changes[0].summary
    );
}

#[test]
fn part_of_a_line_is_found() {
    let mut old = Pen::new();
    old.line([10.0, 10.0], [400.0, 10.0]);
    let mut new = Pen::new();
    new.line([10.0, 10.0], [200.0, 10.0]);
    new.line([230.0, 10.0], [400.0, 10.0]);
    let changes = diff(&old, &new);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].op, Op::Removed);
    let r = changes[0].old.as_ref().unwrap().boxes[0];
    assert!(
        (r.x0 - 200.0).abs() < 1.5 && (r.x1 - 230.0).abs() < 1.5,
        "{r:?}"
    );
}

#[test]
fn small_strokes_are_not_hidden_by_the_tolerance() {
    // A stroked “1” against a “7” two points high.
    let mut old = Pen::new();
    old.line([10.0, 10.0], [10.0, 12.0]);
    let mut new = Pen::new();
    new.line([10.0, 10.0], [9.0, 12.0]);
    new.line([9.0, 10.0], [10.0, 10.0]);
    assert_eq!(diff(&old, &new).len(), 1);
}

#[test]
fn other_colour_is_restyled() {
    let mut old = Pen::new();
    old.line([10.0, 10.0], [90.0, 10.0]);
    let mut new = Pen::new();
    let red = new.style(Paint::Stroke, [255, 0, 0, 255], 0.5);
    new.path(red, &[[10.0, 10.0], [90.0, 10.0]], false);
    let changes = diff(&old, &new);
    assert_eq!(changes.len(), 1, "{changes:?}");
    assert_eq!(changes[0].op, Op::Restyled);
    assert!(
        changes[0]
            .summary
            .starts_with("Colour #000000 became #ff0000")
    );
}

/// Squares in rows of ten, 50 points apart, those that `red` picks in red and those
/// that `blue` picks in blue.
fn squares(count: usize, red: impl Fn(usize) -> bool, blue: impl Fn(usize) -> bool) -> Pen {
    let mut pen = Pen::new();
    for i in 0..count {
        let color = match (red(i), blue(i)) {
            (true, _) => [255, 0, 0, 255],
            (_, true) => [0, 0, 255, 255],
            _ => [0, 0, 0, 255],
        };
        let style = pen.style(Paint::Stroke, color, 0.5);
        let [x, y] = [i % 10, i / 10].map(|n| 20.0 + 50.0 * n as f32);
        let corners = [[x, y], [x + 9.0, y], [x + 9.0, y + 9.0], [x, y + 9.0]];
        pen.path(style, &corners, true);
    }
    pen
}

#[test]
fn each_new_colour_is_told_by_itself() {
    let never = |_| false;
    let (old, mut new) = (squares(4, never, never), squares(4, |i| i < 2, |i| i == 2));
    // A red and a blue line side by side, once black.
    let mut old = old;
    for (x, color) in [(300.0, [255, 0, 0, 255]), (302.0, [0, 0, 255, 255])] {
        old.line([x, 300.0], [x, 340.0]);
        let style = new.style(Paint::Stroke, color, 0.5);
        new.path(style, &[[x, 300.0], [x, 340.0]], false);
    }
    let changes = diff(&old, &new);
    let told = |start: &str| {
        changes
            .iter()
            .filter(|c| c.summary.starts_with(start))
            .count()
    };
    assert_eq!(changes.len(), 5, "{changes:#?}");
    assert_eq!(told("Colour #000000 became #ff0000"), 3);
    assert_eq!(told("Colour #000000 became #0000ff"), 2);
}

#[test]
fn a_colour_changed_all_over_stays_one_edit_among_others() {
    let never = |_| false;
    let (old, mut new) = (
        squares(80, never, never),
        squares(80, |i| i % 2 == 0, never),
    );
    for i in 0..30 {
        let x = 25.0 + 18.0 * i as f32;
        new.line([x, 600.0], [x, 604.0 + i as f32]);
    }
    let changes = diff(&old, &new);
    let (restyled, other): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|c| c.op == Op::Restyled);
    assert!(
        !restyled.is_empty() && restyled.len() <= 40,
        "{restyled:#?}"
    );
    for change in restyled {
        assert!(
            change.summary.starts_with("Colour #000000 became #ff0000"),
            "{change:?}"
        );
    }
    assert!(other.iter().all(|c| c.op == Op::Added), "{other:#?}");
}

#[test]
fn printed_smaller_with_the_same_pens_is_nothing() {
    let (mut old, mut new) = (Pen::new(), Pen::new());
    for i in 0..20 {
        let (x, y) = (20.0 + 25.0 * i as f32, 40.0 + 30.0 * i as f32);
        for (pen, by) in [(&mut old, 1.0), (&mut new, 0.5)] {
            let style = pen.style(Paint::Stroke, [0, 0, 0, 255], 1.0);
            pen.path(style, &[[x * by, 20.0 * by], [x * by, y * by]], false);
        }
    }
    let half = Transform([0.5, 0.0, 0.0, 0.5, 0.0, 0.0]);
    assert_eq!(compare(&old.0, &new.0, &half, &Options::default()), []);
    // Where the pens were scaled too, that is nothing either.
    for style in &mut new.0.drawing.styles {
        style.width = 0.5;
    }
    assert_eq!(compare(&old.0, &new.0, &half, &Options::default()), []);
}

#[test]
fn a_line_drawn_over_another_is_nothing() {
    let mut old = Pen::new();
    old.line([469.7, 273.9], [305.3, 262.0]);
    let mut new = Pen::new();
    new.line([469.7, 273.9], [305.3, 262.0]);
    new.line([336.6, 264.1], [373.6, 267.1]);
    assert_eq!(diff(&old, &new), []);
}

#[test]
fn white_on_white_is_nothing() {
    let old = Pen::new();
    let mut new = Pen::new();
    let white = new.style(Paint::Fill, [255, 255, 255, 255], 0.0);
    new.path(
        white,
        &[[0.0, 0.0], [300.0, 0.0], [300.0, 300.0], [0.0, 300.0]],
        true,
    );
    assert_eq!(diff(&old, &new), []);
}

#[test]
fn hostile_numbers_do_no_harm() {
    let mut old = Pen::new();
    old.line([f32::NAN, 10.0], [90.0, f32::INFINITY]);
    old.line([-1e30, 10.0], [1e30, 10.0]);
    let mut new = Pen::new();
    new.line([1e38, -1e38], [0.0, 0.0]);
    new.0.drawing.paths[0].verbs_end = 4_000_000_000;
    new.0.drawing.paths[0].style = 77;
    diff(&old, &new);
    diff(&new, &old);
}

fn lines() -> impl Strategy<Value = Vec<([f32; 2], [f32; 2])>> {
    let point = || (20.0_f32..570.0, 20.0_f32..820.0).prop_map(|(x, y)| [x, y]);
    prop::collection::vec((point(), point()), 1..40)
}

/// Distance of a point from a line between two points, in points.
fn distance(point: [f32; 2], (a, b): ([f32; 2], [f32; 2])) -> f32 {
    let along = [b[0] - a[0], b[1] - a[1]];
    let from = [point[0] - a[0], point[1] - a[1]];
    let length = along[0] * along[0] + along[1] * along[1];
    let at = ((from[0] * along[0] + from[1] * along[1]) / length.max(1e-6)).clamp(0.0, 1.0);
    (from[0] - at * along[0]).hypot(from[1] - at * along[1])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_differs_from_itself(lines in lines()) {
        let mut pen = Pen::new();
        for (a, b) in &lines {
            pen.line(*a, *b);
        }
        prop_assert_eq!(compare(&pen.0, &pen.0, &Transform::IDENTITY, &Options::default()), vec![]);
    }

    #[test]
    fn splitting_and_reordering_is_nothing(lines in lines(), at in 0.05_f32..0.95) {
        let mut old = Pen::new();
        let mut new = Pen::new();
        for (a, b) in &lines {
            old.line(*a, *b);
        }
        for (a, b) in lines.iter().rev() {
            let middle = [a[0] + at * (b[0] - a[0]), a[1] + at * (b[1] - a[1])];
            new.line(middle, *a);
            new.line(middle, *b);
        }
        prop_assert_eq!(diff(&old, &new), vec![]);
    }

    #[test]
    fn an_added_line_is_found_where_it_is(lines in lines(), x in 30.0_f32..500.0, y in 30.0_f32..800.0) {
        // A line that lies mostly on others changes nothing that is seen.
        let seen = (0_u8..=20).filter(|i| {
            let at = f32::from(*i) / 20.0;
            let point = [x + 37.0 * at, y + 3.0 * at];
            lines.iter().all(|line| distance(point, *line) > 2.0)
        });
        prop_assume!(seen.count() > 10);
        let mut old = Pen::new();
        let mut new = Pen::new();
        for (a, b) in &lines {
            old.line(*a, *b);
            new.line(*a, *b);
        }
        new.line([x, y], [x + 37.0, y + 3.0]);
        let changes = diff(&old, &new);
        prop_assert!(!changes.is_empty());
        let place = Rect::new(x, y, x + 37.0, y + 3.0);
        prop_assert!(changes.iter().all(|c| c.new.as_ref().unwrap().boxes.iter().any(|r| r.overlaps(&place))));
    }

    #[test]
    fn a_page_that_moved_as_a_whole_is_no_change(lines in lines(), x in -9.0_f32..9.0, y in -9.0_f32..9.0) {
        let mut old = Pen::new();
        let mut new = Pen::new();
        for (a, b) in &lines {
            old.line(*a, *b);
            new.line([a[0] + x, a[1] + y], [b[0] + x, b[1] + y]);
        }
        let map = Transform::translation(f64::from(x), f64::from(y));
        prop_assert_eq!(compare(&old.0, &new.0, &map, &Options::default()), vec![]);
    }
}
