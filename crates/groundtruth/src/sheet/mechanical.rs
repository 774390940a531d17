//! Sheets that look like mechanical drawings.

use model::Rect;

use super::{Lettering, Role, Shape, Sheet, arc, frame, polyline};
use crate::rng::Rng;
use crate::scene::{BLACK, Paint, Seg};

/// Thin line.
fn thin() -> Paint {
    Paint::stroke(0.35, BLACK)
}

/// Contour line.
fn thick() -> Paint {
    Paint::stroke(1.0, BLACK)
}

/// A plate with holes, dimensions and a hatched section, A4 landscape.
pub fn mechanical(rng: &mut Rng, lettering: Lettering) -> Sheet {
    let mut sheet = Sheet::new([842.0, 595.0], lettering);
    frame(
        &mut sheet,
        &[
            (
                "PART",
                format!(
                    "{} PLATE",
                    rng.pick(&["BASE", "COVER", "BEARING", "ADAPTER"])
                ),
            ),
            (
                "MATERIAL",
                (*rng.pick(&["EN AW-6061", "S235JR", "POM-C", "1.4301"])).to_owned(),
            ),
            ("SCALE", "1:2".to_owned()),
            ("REV", (*rng.pick(&["01", "02", "03"])).to_owned()),
        ],
    );
    let plate = Rect::new(
        110.0,
        110.0,
        110.0 + rng.range(300, 380) as f32,
        110.0 + rng.range(190, 240) as f32,
    );
    contour(&mut sheet, &plate, 16.0);
    for (i, (fx, fy)) in [
        (0.12, 0.18),
        (0.88, 0.18),
        (0.12, 0.82),
        (0.88, 0.82),
        (0.5, 0.5),
        (0.32, 0.5),
        (0.68, 0.5),
    ]
    .into_iter()
    .enumerate()
    {
        let center = [
            plate.x0 + plate.width() * fx,
            plate.y0 + plate.height() * fy,
        ];
        let radius = if i == 4 {
            rng.range(24, 32) as f32
        } else {
            rng.range(7, 11) as f32
        };
        sheet.hole(center, radius);
    }
    let below = plate.y1 + 34.0;
    dimension(
        &mut sheet,
        [plate.x0, below],
        [plate.x1, below],
        plate.y1,
        &format!("{}", (plate.width() / 2.0).round()),
    );
    let mid = plate.x0 + plate.width() * 0.5;
    dimension(
        &mut sheet,
        [plate.x0, below - 16.0],
        [mid, below - 16.0],
        plate.y1,
        &format!("{:.1}", plate.width() / 4.0),
    );
    upright_dimension(
        &mut sheet,
        plate.x0 - 30.0,
        &plate,
        &format!("{}", (plate.height() / 2.0).round()),
    );
    section_view(&mut sheet, &plate);
    let notes = [
        "ALL EDGES DEBURRED",
        "GENERAL TOLERANCE ISO 2768-M",
        "SURFACE RA 3.2",
    ];
    for (i, note) in notes.iter().enumerate() {
        sheet.next_owner();
        sheet.label(Role::Net, note, [60.0, 480.0 + 14.0 * i as f32], 8.0);
    }
    sheet
}

/// A section beside the plate: two hatched halves with a bore between them.
fn section_view(sheet: &mut Sheet, plate: &Rect) {
    let section = Rect::new(plate.x1 + 60.0, plate.y0, plate.x1 + 105.0, plate.y1);
    let gap = section.height() * 0.4;
    for part in [
        Rect::new(section.x0, section.y0, section.x1, section.y0 + gap),
        Rect::new(section.x0, section.y1 - gap, section.x1, section.y1),
    ] {
        sheet.next_owner();
        sheet.rect(Role::Contour, &part, &thick());
        sheet.hatch(&part, 6.0);
    }
    sheet.next_owner();
    for x in [section.x0, section.x1] {
        sheet.line(
            Role::Contour,
            &[[x, section.y0 + gap], [x, section.y1 - gap]],
            &thick(),
        );
    }
    sheet.next_owner();
    sheet.label(
        Role::Frame,
        "SECTION A-A",
        [section.x0 - 8.0, section.y0 - 12.0],
        9.0,
    );
}

/// A rectangle with rounded corners.
fn contour(sheet: &mut Sheet, r: &Rect, radius: f32) {
    sheet.next_owner();
    let corners = [
        ([r.x1 - radius, r.y0 + radius], -90.0),
        ([r.x1 - radius, r.y1 - radius], 0.0),
        ([r.x0 + radius, r.y1 - radius], 90.0),
        ([r.x0 + radius, r.y0 + radius], 180.0),
    ];
    let mut segs: Vec<Seg> = Vec::new();
    for (center, from) in corners {
        for seg in arc(center, radius, from, from + 90.0) {
            segs.push(match seg {
                Seg::Move(p) if !segs.is_empty() => Seg::Line(p),
                other => other,
            });
        }
    }
    segs.push(Seg::Close);
    sheet.add(Role::Contour, Shape::Path(segs, thick()));
}

fn arrow(sheet: &mut Sheet, tip: [f32; 2], along: [f32; 2]) {
    let [x, y] = tip;
    let [dx, dy] = along;
    let side = [-dy * 1.6, dx * 1.6];
    sheet.shape(
        Role::Dimension,
        &[
            tip,
            [x + dx * 8.0 + side[0], y + dy * 8.0 + side[1]],
            [x + dx * 8.0 - side[0], y + dy * 8.0 - side[1]],
        ],
        &Paint::fill(BLACK),
    );
}

fn dimension(sheet: &mut Sheet, from: [f32; 2], to: [f32; 2], edge: f32, text: &str) {
    sheet.next_owner();
    for p in [from, to] {
        sheet.line(
            Role::Dimension,
            &[[p[0], edge + 3.0], [p[0], p[1] + 4.0]],
            &thin(),
        );
    }
    sheet.line(Role::Dimension, &[from, to], &thin());
    arrow(sheet, from, [1.0, 0.0]);
    arrow(sheet, to, [-1.0, 0.0]);
    sheet.label(
        Role::Value,
        text,
        [f32::midpoint(from[0], to[0]) - 8.0, from[1] - 3.0],
        8.0,
    );
}

fn upright_dimension(sheet: &mut Sheet, x: f32, plate: &Rect, text: &str) {
    sheet.next_owner();
    for y in [plate.y0, plate.y1] {
        sheet.line(
            Role::Dimension,
            &[[plate.x0 - 3.0, y], [x - 4.0, y]],
            &thin(),
        );
    }
    sheet.line(Role::Dimension, &[[x, plate.y0], [x, plate.y1]], &thin());
    arrow(sheet, [x, plate.y0], [0.0, 1.0]);
    arrow(sheet, [x, plate.y1], [0.0, -1.0]);
    sheet.label_up(
        Role::Value,
        text,
        [x - 3.0, f32::midpoint(plate.y0, plate.y1) + 8.0],
        8.0,
    );
}

impl Sheet {
    /// A hole with its centre lines, as one owner.
    pub fn hole(&mut self, center: [f32; 2], radius: f32) {
        self.next_owner();
        self.circle(Role::Contour, center, radius, &thick());
        let reach = radius + 6.0;
        let axis = thin().dashed(&[6.0, 2.0, 1.0, 2.0]);
        let [x, y] = center;
        self.line(Role::Contour, &[[x - reach, y], [x + reach, y]], &axis);
        self.line(Role::Contour, &[[x, y - reach], [x, y + reach]], &axis);
    }

    /// Lines at 45° across `area`, `pitch` points apart.
    pub fn hatch(&mut self, area: &Rect, pitch: f32) {
        let (w, h) = (area.width(), area.height());
        let mut offset = pitch;
        while offset < w + h {
            let from = if offset < h {
                [area.x0, area.y0 + offset]
            } else {
                [area.x0 + offset - h, area.y1]
            };
            let to = if offset < w {
                [area.x0 + offset, area.y0]
            } else {
                [area.x1, area.y0 + offset - w]
            };
            self.add(Role::Hatch, Shape::Path(polyline(&[from, to]), thin()));
            offset += pitch;
        }
    }
}
