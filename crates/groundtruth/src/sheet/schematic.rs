//! Sheets that look like electronic schematics.

use model::Rect;

use super::{DARK_RED, GREEN, Lettering, Role, Sheet, arc, frame, net_name};
use super::{Shape, polyline};
use crate::rng::Rng;
use crate::scene::{BLACK, Paint, Seg};

/// A schematic of integrated circuits with their passive parts, A3 landscape.
pub fn schematic(rng: &mut Rng, lettering: Lettering) -> Sheet {
    let mut sheet = Sheet::new([1191.0, 842.0], lettering);
    let rev = ["A", "B", "C", "D"][rng.below(4)];
    frame(
        &mut sheet,
        &[
            (
                "TITLE",
                format!(
                    "{} BOARD",
                    rng.pick(&["SENSOR", "POWER", "RADIO", "MOTOR", "DISPLAY"])
                ),
            ),
            ("SHEET", format!("{} OF 7", rng.range(1, 7))),
            (
                "DATE",
                format!("2024-0{}-{}", rng.range(1, 9), rng.range(10, 28)),
            ),
            ("REV", rev.to_owned()),
        ],
    );
    let mut numbers = [0_usize; 4];
    for row in 0..3 {
        for column in 0..4 {
            let corner = [70.0 + column as f32 * 275.0, 70.0 + row as f32 * 215.0];
            if row == 2 && column == 3 {
                continue;
            }
            cell(&mut sheet, rng, corner, &mut numbers);
        }
    }
    sheet
}

/// A circuit with connections to the left and right.
fn cell(sheet: &mut Sheet, rng: &mut Rng, [x, y]: [f32; 2], numbers: &mut [usize; 4]) {
    let pins = rng.range(4, 6) as usize;
    let pitch = 20.0;
    let body = Rect::new(
        x + 95.0,
        y + 20.0,
        x + 165.0,
        y + 20.0 + pitch * pins as f32,
    );
    let outline = Paint::stroke(0.9, DARK_RED);
    sheet.next_owner();
    numbers[0] += 1;
    sheet.rect(Role::Symbol, &body, &outline);
    sheet.label(
        Role::Value,
        &format!("U{}", numbers[0]),
        [body.x0, body.y0 - 5.0],
        8.0,
    );
    let part = rng.pick(&[
        "STM32F4", "LM358", "TPS5430", "MAX3232", "W25Q64", "AD7606", "ESP32", "FT232R",
    ]);
    sheet.label(Role::Value, part, [body.x0 + 2.0, body.y1 + 11.0], 8.0);
    let mut pin_ends = Vec::new();
    for pin in 0..pins {
        let py = body.y0 + pitch * (pin as f32 + 0.5);
        for (edge, out) in [(body.x0, -18.0), (body.x1, 18.0)] {
            sheet.line(Role::Symbol, &[[edge, py], [edge + out, py]], &outline);
            let number = if out < 0.0 { pin + 1 } else { 2 * pins - pin };
            sheet.label(
                Role::Symbol,
                &number.to_string(),
                [edge + if out < 0.0 { -12.0 } else { 5.0 }, py - 2.0],
                5.5,
            );
            pin_ends.push([edge + out, py]);
        }
        let name = rng.pick(&[
            "VCC", "GND", "CLK", "DIO", "NRST", "BOOT", "PA0", "PB7", "OUT", "INA", "FB",
        ]);
        sheet.label(Role::Symbol, name, [body.x0 + 4.0, py + 2.5], 6.5);
    }
    for end in pin_ends {
        connection(sheet, rng, end, end[0] < body.x0, numbers);
    }
}

/// What hangs on a pin: a resistor, a capacitor, a named net or a plain wire.
fn connection(
    sheet: &mut Sheet,
    rng: &mut Rng,
    [x, y]: [f32; 2],
    left: bool,
    numbers: &mut [usize; 4],
) {
    let sign = if left { -1.0 } else { 1.0 };
    let wire = Paint::stroke(0.7, GREEN);
    let far = x + sign * 70.0;
    let choice = rng.below(6);
    match choice {
        0 => {
            sheet.next_owner();
            sheet.line(Role::Wire, &[[x, y], [x + sign * 18.0, y]], &wire);
            sheet.next_owner();
            resistor(sheet, rng, [x + sign * 34.0, y], numbers);
            sheet.next_owner();
            sheet.line(Role::Wire, &[[x + sign * 50.0, y], [far, y]], &wire);
        }
        1 => {
            sheet.next_owner();
            sheet.line(Role::Wire, &[[x, y], [x + sign * 42.0, y]], &wire);
            sheet.next_owner();
            capacitor(sheet, rng, [x + sign * 42.0, y], sign, numbers);
        }
        2 => {
            sheet.next_owner();
            let bend = x + sign * rng.range(20, 44) as f32;
            sheet.line(
                Role::Wire,
                &[[x, y], [bend, y], [bend, y + 10.0], [far, y + 10.0]],
                &wire,
            );
            sheet.next_owner();
            sheet.circle(Role::Symbol, [bend, y], 1.6, &Paint::fill(GREEN));
        }
        3 => {
            sheet.next_owner();
            sheet.line(Role::Wire, &[[x, y], [x + sign * 22.0, y]], &wire);
            sheet.next_owner();
            diode(sheet, [x + sign * 31.0, y], numbers);
            sheet.next_owner();
            sheet.line(Role::Wire, &[[x + sign * 40.0, y], [far, y]], &wire);
        }
        _ => {
            sheet.next_owner();
            let end = x + sign * 24.0;
            sheet.line(Role::Wire, &[[x, y], [end, y]], &wire);
            let name = net_name(rng);
            sheet.next_owner();
            let width = name.len() as f32 * 4.6;
            sheet.label(
                Role::Net,
                &name,
                [if left { end - width } else { end + 2.0 }, y - 2.0],
                6.5,
            );
        }
    }
}

/// A box with reference and value, lying along x around its centre.
fn resistor(sheet: &mut Sheet, rng: &mut Rng, [x, y]: [f32; 2], numbers: &mut [usize; 4]) {
    numbers[1] += 1;
    let outline = Paint::stroke(0.9, DARK_RED);
    sheet.rect(
        Role::Symbol,
        &Rect::new(x - 11.0, y - 3.5, x + 11.0, y + 3.5),
        &outline,
    );
    sheet.line(Role::Symbol, &[[x - 16.0, y], [x - 11.0, y]], &outline);
    sheet.line(Role::Symbol, &[[x + 11.0, y], [x + 16.0, y]], &outline);
    sheet.label(
        Role::Value,
        &format!("R{}", numbers[1]),
        [x - 10.0, y - 5.0],
        5.5,
    );
    let value = rng.pick(&["10K", "4.7K", "330R", "1M", "100R", "22K", "0R", "47K"]);
    sheet.label(Role::Value, value, [x - 10.0, y + 9.5], 5.5);
}

/// Two plates, standing below the wire's end, with a ground symbol.
fn capacitor(
    sheet: &mut Sheet,
    rng: &mut Rng,
    [x, y]: [f32; 2],
    sign: f32,
    numbers: &mut [usize; 4],
) {
    numbers[2] += 1;
    let outline = Paint::stroke(0.9, DARK_RED);
    sheet.line(Role::Symbol, &[[x, y], [x, y + 4.0]], &outline);
    sheet.line(
        Role::Symbol,
        &[[x - 6.0, y + 4.0], [x + 6.0, y + 4.0]],
        &outline,
    );
    sheet.line(
        Role::Symbol,
        &[[x - 6.0, y + 6.5], [x + 6.0, y + 6.5]],
        &outline,
    );
    sheet.line(Role::Symbol, &[[x, y + 6.5], [x, y + 10.5]], &outline);
    for (i, half) in [5.0, 3.2, 1.4].into_iter().enumerate() {
        let gy = y + 10.5 + i as f32 * 1.8;
        sheet.line(Role::Symbol, &[[x - half, gy], [x + half, gy]], &outline);
    }
    let tx = if sign < 0.0 { x - 30.0 } else { x + 8.0 };
    sheet.label(Role::Value, &format!("C{}", numbers[2]), [tx, y + 3.0], 5.5);
    let value = rng.pick(&["100NF", "10UF", "22PF", "1UF", "47UF"]);
    sheet.label(Role::Value, value, [tx, y + 9.5], 5.5);
}

/// A triangle and a bar along x.
fn diode(sheet: &mut Sheet, [x, y]: [f32; 2], numbers: &mut [usize; 4]) {
    numbers[3] += 1;
    let outline = Paint::stroke(0.9, DARK_RED);
    let solid = Paint {
        fill: Some(DARK_RED),
        ..outline.clone()
    };
    sheet.shape(
        Role::Symbol,
        &[[x - 5.0, y - 4.0], [x - 5.0, y + 4.0], [x + 4.0, y]],
        &solid,
    );
    sheet.line(
        Role::Symbol,
        &[[x + 4.0, y - 4.0], [x + 4.0, y + 4.0]],
        &outline,
    );
    sheet.line(Role::Symbol, &[[x - 9.0, y], [x + 9.0, y]], &outline);
    sheet.label(
        Role::Value,
        &format!("D{}", numbers[3]),
        [x - 6.0, y - 6.0],
        5.5,
    );
}

impl Sheet {
    /// Draws a new part (a crystal with two terminals) around `at`.
    pub fn crystal(&mut self, at: [f32; 2], reference: &str) {
        let [x, y] = at;
        let outline = Paint::stroke(0.9, DARK_RED);
        self.next_owner();
        self.rect(
            Role::Symbol,
            &Rect::new(x - 4.0, y - 8.0, x + 4.0, y + 8.0),
            &outline,
        );
        for side in [-1.0, 1.0] {
            self.line(
                Role::Symbol,
                &[[x + side * 7.0, y - 7.0], [x + side * 7.0, y + 7.0]],
                &outline,
            );
            self.line(
                Role::Symbol,
                &[[x + side * 7.0, y], [x + side * 16.0, y]],
                &outline,
            );
        }
        let mut mark: Vec<Seg> = arc([x, y - 12.0], 3.0, 180.0, 360.0);
        mark.extend(polyline(&[[x - 3.0, y - 12.0], [x + 3.0, y - 12.0]]));
        self.add(Role::Symbol, Shape::Path(mark, Paint::stroke(0.7, BLACK)));
        self.label(Role::Value, reference, [x - 6.0, y + 18.0], 6.5);
    }
}
