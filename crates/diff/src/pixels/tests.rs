use model::Raster;

use super::*;

struct Two(Raster, Raster);

impl Rasters for Two {
    fn raster(&self, side: Side, _: u32, _: f32) -> Option<Raster> {
        Some(if side == Side::Old {
            self.0.clone()
        } else {
            self.1.clone()
        })
    }
}

fn page(share: f32) -> Page {
    let mut page = Page {
        number: 1,
        size: [200.0, 200.0],
        ..Page::default()
    };
    page.coverage.image_share = share;
    page
}

/// Bars and dots all over, as at `scale` pixels per point.
fn raster(scale: f32, extra: Option<Rect>, map: &Transform) -> Raster {
    let side = (200.0 * scale) as u32;
    let back = map.inverse().unwrap();
    let mut rgb = Vec::new();
    for y in 0..side {
        for x in 0..side {
            let p = [(x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale];
            let [px, py] = back.apply(p);
            let inside = px > 10.0 && py > 10.0 && px < 190.0 && py < 190.0;
            let bar = (py as i32) % 14 < 2 && ((px as i32) * 7 + (py as i32 / 14) * 31) % 23 < 15;
            let mark = extra.is_some_and(|r| r.contains([px, py]));
            let v = if inside && bar || mark { 20 } else { 240 };
            rgb.extend([v; 3]);
        }
    }
    Raster {
        width: side,
        height: side,
        rgb,
    }
}

#[test]
fn equal_pages_show_nothing() {
    let r = raster(SCALE, None, &Transform::IDENTITY);
    let p = page(0.0);
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &Two(r.clone(), r),
        &Options::default(),
        &[],
    );
    assert!(out.compared);
    assert_eq!(out.changes, []);
}

#[test]
fn an_unexplained_blot_is_found() {
    let blot = Rect::new(100.0, 100.0, 106.0, 106.0);
    let p = page(0.0);
    let rasters = Two(
        raster(SCALE, None, &Transform::IDENTITY),
        raster(SCALE, Some(blot), &Transform::IDENTITY),
    );
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &rasters,
        &Options::default(),
        &[],
    );
    assert_eq!(out.changes.len(), 1, "{:?}", out.changes);
    assert_eq!(out.changes[0].op, Op::Added);
    assert!(out.changes[0].new.as_ref().unwrap().boxes[0].overlaps(&blot));
}

#[test]
fn a_skewed_scan_is_registered_and_its_change_found() {
    let blot = Rect::new(100.0, 118.0, 106.0, 124.0);
    let (sin, cos) = 0.4_f64.to_radians().sin_cos();
    let map = Transform([cos, sin, -sin, cos, 2.0, -1.5]);
    let p = page(1.0);
    let plain = Two(
        raster(SCAN_SCALE, None, &Transform::IDENTITY),
        raster(SCAN_SCALE, None, &map),
    );
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &plain,
        &Options::default(),
        &[],
    );
    assert_eq!(out.changes, [], "{:?}", out.transform);
    let marked = Two(plain.0, raster(SCAN_SCALE, Some(blot), &map));
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &marked,
        &Options::default(),
        &[],
    );
    assert_eq!(out.changes.len(), 1, "{:?}", out.changes);
    let place = map.apply_rect(&blot);
    assert!(out.changes[0].new.as_ref().unwrap().boxes[0].overlaps(&place));
}

#[test]
fn no_raster_is_a_warning() {
    struct None_;
    impl Rasters for None_ {
        fn raster(&self, _: Side, _: u32, _: f32) -> Option<Raster> {
            None
        }
    }
    let p = page(0.0);
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &None_,
        &Options::default(),
        &[],
    );
    assert!(!out.compared);
    assert_eq!(out.warnings[0].code, "no-pixels");
}

/// Blots that show at the first look; at a closer one, only the real one does.
struct Hinted {
    real: Rect,
    illusion: Rect,
}

impl Hinted {
    fn draw(side: Side, scale: f32, corner: [f32; 2], size: [f32; 2], blots: &[Rect]) -> Raster {
        let [width, height] = size.map(|v| (v * scale).round() as u32);
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let at = [
                    corner[0] + (x as f32 + 0.5) / scale,
                    corner[1] + (y as f32 + 0.5) / scale,
                ];
                let dark = side == Side::New && blots.iter().any(|r| r.contains(at));
                rgb.extend([if dark { 20 } else { 240 }; 3]);
            }
        }
        Raster { width, height, rgb }
    }
}

impl Rasters for Hinted {
    fn raster(&self, side: Side, _: u32, scale: f32) -> Option<Raster> {
        let blots = [self.real, self.illusion];
        Some(Self::draw(side, scale, [0.0; 2], [200.0; 2], &blots))
    }

    fn part(&self, side: Side, _: u32, scale: f32, region: Rect) -> Option<Raster> {
        let size = [region.width(), region.height()];
        let corner = [region.x0, region.y0];
        Some(Self::draw(side, scale, corner, size, &[self.real]))
    }
}

#[test]
fn what_a_closer_look_does_not_show_is_rendering() {
    let rasters = Hinted {
        real: Rect::new(30.0, 40.0, 36.0, 46.0),
        illusion: Rect::new(150.0, 140.0, 156.0, 146.0),
    };
    let p = page(0.0);
    let out = compare(
        &p,
        &p,
        &Transform::IDENTITY,
        &rasters,
        &Options::default(),
        &[],
    );
    let (noise, real): (Vec<_>, Vec<_>) = out.changes.iter().partition(|c| c.evidence.noise);
    let place = |c: &Change| c.new.as_ref().unwrap().boxes[0];
    assert_eq!((noise.len(), real.len()), (1, 1), "{:?}", out.changes);
    assert!(place(real[0]).overlaps(&rasters.real));
    assert!(place(noise[0]).overlaps(&rasters.illusion));
}

/// A picture at (40, 40) to (160, 160) whose pixels were lost in pairs, and `blot`.
struct Lossy {
    blot: Option<Rect>,
}

impl Lossy {
    fn draw(&self, side: Side, scale: f32, region: Rect) -> Raster {
        let [width, height] = [region.width(), region.height()].map(|v| (v * scale).round() as u32);
        let mut rgb = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let at = [
                    region.x0 + (x as f32 + 0.5) / scale,
                    region.y0 + (y as f32 + 0.5) / scale,
                ];
                // Stripes too wide for a neighbour to be like them.
                let lost = Rect::new(80.0, 80.0, 110.0, 110.0).contains(at);
                let way = 120 * (x / 4 % 2) as i32 - 60;
                let value = match side {
                    Side::New if self.blot.is_some_and(|r| r.contains(at)) => 20,
                    Side::New if lost => 128 + way,
                    _ => 128,
                };
                rgb.extend([value as u8; 3]);
            }
        }
        Raster { width, height, rgb }
    }
}

impl Rasters for Lossy {
    fn raster(&self, side: Side, _: u32, scale: f32) -> Option<Raster> {
        Some(self.draw(side, scale, Rect::new(0.0, 0.0, 200.0, 200.0)))
    }

    fn part(&self, side: Side, _: u32, scale: f32, region: Rect) -> Option<Raster> {
        Some(self.draw(side, scale, region))
    }
}

#[test]
fn what_a_picture_lost_in_compression_is_rendering() {
    let page = |hash| {
        let mut page = page(0.4);
        page.coverage.needs_pixels = true;
        page.images = vec![model::ImagePlacement {
            bounds: Rect::new(40.0, 40.0, 160.0, 160.0),
            pixels: [500, 500],
            hash,
            perceptual: Some(0xf0f0_1234_aaaa_5555),
            stencil: false,
        }];
        page
    };
    let real = |new: &Page, blot| {
        let rasters = Lossy { blot };
        let options = Options::default();
        let map = Transform::IDENTITY;
        let out = compare(&page(1), new, &map, &rasters, &options, &[]);
        out.changes.iter().filter(|c| !c.evidence.noise).count()
    };
    assert_eq!(real(&page(2), None), 0);
    assert_eq!(real(&page(1), None), 1);
    assert_eq!(real(&page(2), Some(Rect::new(60.0, 60.0, 63.0, 63.0))), 1);
}

/// What is seen of shapes added around the word at (30, 30), where `rasters` differ.
fn sight_of_shapes(rasters: &Hinted) -> Option<Sight> {
    let mut page = page(0.0);
    let words = crate::fixture::page_at(1, 30.0, 30.0, &["Asian"]);
    page.words = words.words;
    page.styles = words.styles;
    let shapes = Change {
        id: 0,
        kind: ChangeKind::Drawing,
        op: Op::Added,
        old: None,
        new: Some(Spot {
            page: 1,
            boxes: vec![Rect::new(20.0, 20.0, 80.0, 60.0)],
            text: String::new(),
        }),
        summary: String::new(),
        evidence: Evidence::default(),
        group: None,
    };
    let options = Options::default();
    compare(
        &page,
        &page,
        &Transform::IDENTITY,
        rasters,
        &options,
        &[shapes],
    )
    .seen[0]
}

#[test]
fn shapes_among_words_drawn_otherwise_are_looked_at_closer() {
    let nowhere = Rect::new(190.0, 190.0, 191.0, 191.0);
    let in_word = Rect::new(40.0, 33.0, 44.0, 37.0);
    let beside = Rect::new(24.0, 50.0, 28.0, 54.0);
    let sight = |real, illusion| sight_of_shapes(&Hinted { real, illusion });
    assert_eq!(sight(nowhere, in_word), Some(Sight::Same));
    assert_eq!(sight(in_word, nowhere), Some(Sight::Differs));
    assert_eq!(sight(nowhere, beside), Some(Sight::Differs));
}

/// Ink that is the same at the first look, and `blot` that shows at a closer one.
struct Fine {
    blot: Option<Rect>,
}

impl Rasters for Fine {
    fn raster(&self, _: Side, _: u32, scale: f32) -> Option<Raster> {
        Some(raster(scale, None, &Transform::IDENTITY))
    }

    fn part(&self, side: Side, _: u32, scale: f32, region: Rect) -> Option<Raster> {
        let size = [region.width(), region.height()];
        let blots: Vec<Rect> = self.blot.into_iter().collect();
        Some(Hinted::draw(
            side,
            scale,
            [region.x0, region.y0],
            size,
            &blots,
        ))
    }
}

/// What is seen of “R6” that became “R5” in letters so high, points.
fn sight_of_a_digit(height: f32, blot: Option<Rect>) -> Option<Sight> {
    let bounds = Rect::new(30.0, 27.5, 30.0 + 2.0 * height, 27.5 + height);
    let spot = |text: &str| Spot {
        page: 1,
        boxes: vec![bounds],
        text: text.to_owned(),
    };
    let with = |text: &str| {
        let mut page = page(0.0);
        let mut words = crate::fixture::page(1, &[text]);
        words.words[0].bounds = bounds;
        page.words = words.words;
        page.styles = words.styles;
        page
    };
    let change = Change {
        id: 0,
        kind: ChangeKind::Text,
        op: Op::Replaced,
        old: Some(spot("R6")),
        new: Some(spot("R5")),
        summary: String::new(),
        evidence: Evidence::default(),
        group: None,
    };
    let out = compare(
        &with("R6"),
        &with("R5"),
        &Transform::IDENTITY,
        &Fine { blot },
        &Options::default(),
        &[change],
    );
    out.seen[0]
}

#[test]
fn small_letters_are_told_apart_by_a_closer_look_only() {
    let px = |pixels: f32| pixels / SCALE;
    let blot = Some(Rect::new(31.0, 28.5, 33.5, 31.0));
    assert_eq!(sight_of_a_digit(px(2.5), blot), None);
    assert_eq!(sight_of_a_digit(px(7.0), blot), Some(Sight::Differs));
    assert_eq!(sight_of_a_digit(px(7.0), None), Some(Sight::Recoded));
    assert_eq!(sight_of_a_digit(px(30.0), None), Some(Sight::Recoded));
}

#[test]
fn letters_set_smaller_are_seen_however_faint_they_are() {
    // Grey letters hardly differ strongly; a font merely flagged bold is no edit then.
    let word = Rect::new(60.0, 61.0, 66.0, 101.0);
    let rasters = || {
        let plain = raster(SCALE, None, &Transform::IDENTITY);
        let mut marked = plain.clone();
        let at = 3 * (120 * plain.width + 86) as usize;
        for value in &mut marked.rgb[at..at + 6] {
            *value = 255 - *value;
        }
        Two(plain, marked)
    };
    let smaller = Rect::new(word.x0, 75.0, 64.0, word.y1);
    let spot = |r: Rect| {
        Some(Spot {
            page: 1,
            boxes: vec![r],
            text: "R1".to_owned(),
        })
    };
    let sight = |new: Rect| {
        let mut change = crate::text::change(spot(word), spot(new));
        change.kind = ChangeKind::Style;
        let p = page(0.0);
        let out = compare(
            &p,
            &p,
            &Transform::IDENTITY,
            &rasters(),
            &Options::default(),
            &[change],
        );
        out.seen[0]
    };
    assert_eq!(sight(word), Some(Sight::Same));
    assert_eq!(sight(smaller), Some(Sight::Differs));
}
