//! Drawing sheets as lists of elements that know their revision and edit.

mod lettering;
mod mechanical;
mod restructure;
mod schematic;

use model::Rect;

pub use lettering::Lettering;
pub use mechanical::mechanical;
pub use restructure::restructure;
pub use schematic::schematic;

use crate::Result;
use crate::flow::On;
use crate::rng::Rng;
use crate::scene::{BLACK, Color, Item, Mark, Page, Paint, Seg};

/// What an element is on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Frame and title block.
    Frame,
    /// Part of a symbol.
    Symbol,
    /// Connection between symbols.
    Wire,
    /// Free text, such as a net name.
    Net,
    /// Reference or value of a symbol.
    Value,
    /// Dimension line, arrow or figure.
    Dimension,
    /// Hatching.
    Hatch,
    /// Contour of a part.
    Contour,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Lines and areas.
    Path(Vec<Seg>, Paint),
    /// Text: content, start of the baseline, size in points, upwards.
    Label(String, [f32; 2], f32, bool),
}

/// One element.
#[derive(Clone, Debug)]
pub struct Element {
    /// What it is.
    pub role: Role,
    /// Symbol or wire it belongs to, from 0.
    pub owner: usize,
    /// Revision.
    pub on: On,
    /// Edit.
    pub mark: Option<Mark>,
    /// What is drawn.
    pub shape: Shape,
}

/// A drawing on both revisions.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Paper, points.
    pub size: [f32; 2],
    /// How text is drawn.
    pub lettering: Lettering,
    /// Elements in painting order.
    pub elements: Vec<Element>,
    owner: usize,
}

impl Sheet {
    /// An empty sheet.
    pub fn new(size: [f32; 2], lettering: Lettering) -> Self {
        Self {
            size,
            lettering,
            elements: Vec::new(),
            owner: 0,
        }
    }

    /// Starts the next symbol or wire and returns its number.
    pub fn next_owner(&mut self) -> usize {
        self.owner += 1;
        self.owner
    }

    /// Adds an element to the current owner.
    pub fn add(&mut self, role: Role, shape: Shape) {
        self.elements.push(Element {
            role,
            owner: self.owner,
            on: On::Both,
            mark: None,
            shape,
        });
    }

    /// An open line through `points`.
    pub fn line(&mut self, role: Role, points: &[[f32; 2]], paint: &Paint) {
        self.add(role, Shape::Path(polyline(points), paint.clone()));
    }

    /// A closed shape through `points`.
    pub fn shape(&mut self, role: Role, points: &[[f32; 2]], paint: &Paint) {
        let mut segs = polyline(points);
        segs.push(Seg::Close);
        self.add(role, Shape::Path(segs, paint.clone()));
    }

    /// A rectangle.
    pub fn rect(&mut self, role: Role, r: &Rect, paint: &Paint) {
        self.shape(
            role,
            &[[r.x0, r.y0], [r.x1, r.y0], [r.x1, r.y1], [r.x0, r.y1]],
            paint,
        );
    }

    /// A circle.
    pub fn circle(&mut self, role: Role, center: [f32; 2], radius: f32, paint: &Paint) {
        let mut segs = arc(center, radius, 0.0, 360.0);
        segs.push(Seg::Close);
        self.add(role, Shape::Path(segs, paint.clone()));
    }

    /// Text.
    pub fn label(&mut self, role: Role, text: &str, at: [f32; 2], size: f32) {
        self.add(role, Shape::Label(text.to_owned(), at, size, false));
    }

    /// Text running upwards.
    pub fn label_up(&mut self, role: Role, text: &str, at: [f32; 2], size: f32) {
        self.add(role, Shape::Label(text.to_owned(), at, size, true));
    }

    /// Makes the elements for which `which` holds exist on `on` only, as edit
    /// `mark`; returns copies of them.
    pub fn take(&mut self, on: On, mark: Mark, which: impl Fn(&Element) -> bool) -> Vec<Element> {
        let mut taken = Vec::new();
        for element in &mut self.elements {
            if which(element) {
                element.on = on;
                element.mark = Some(mark);
                taken.push(element.clone());
            }
        }
        taken
    }

    /// Adds `elements` as edit `mark` on the new revision.
    pub fn put(&mut self, mark: Mark, elements: Vec<Element>) {
        self.elements.extend(elements.into_iter().map(|e| Element {
            on: On::New,
            mark: Some(mark),
            ..e
        }));
    }

    /// The page of one revision.
    pub fn page(&self, new: bool) -> Result<Page> {
        let mut page = Page::new(self.size);
        for element in self.elements.iter().filter(|e| e.on.is_on(new)) {
            match &element.shape {
                Shape::Path(segs, paint) => {
                    page.items.push(Item::Path {
                        segs: segs.clone(),
                        paint: paint.clone(),
                        mark: element.mark,
                    });
                }
                Shape::Label(text, at, size, up) => {
                    let mut items = lettering::draw(self.lettering, text, *at, *size, *up)?;
                    for item in &mut items {
                        item.set_mark(element.mark);
                    }
                    page.items.extend(items);
                }
            }
        }
        Ok(page)
    }
}

impl Element {
    /// The same, elsewhere.
    #[must_use]
    pub fn shifted(&self, dx: f32, dy: f32) -> Self {
        let mut copy = self.clone();
        match &mut copy.shape {
            Shape::Label(_, at, ..) => {
                at[0] += dx;
                at[1] += dy;
            }
            Shape::Path(segs, paint) => {
                let mut item = Item::Path {
                    segs: std::mem::take(segs),
                    paint: paint.clone(),
                    mark: None,
                };
                item.shift(dx, dy);
                if let Item::Path { segs: moved, .. } = item {
                    *segs = moved;
                }
            }
        }
        copy
    }
}

/// An open path through `points`.
pub fn polyline(points: &[[f32; 2]]) -> Vec<Seg> {
    points
        .iter()
        .enumerate()
        .map(|(i, p)| if i == 0 { Seg::Move(*p) } else { Seg::Line(*p) })
        .collect()
}

/// An arc from `from` to `to` degrees (0 to the right, growing downwards), in
/// cubic pieces of at most 90°.
pub fn arc(center: [f32; 2], radius: f32, from: f32, to: f32) -> Vec<Seg> {
    let pieces = ((to - from).abs() / 90.0).ceil().max(1.0) as usize;
    let step = (to - from).to_radians() / pieces as f32;
    // Distance of the control points (Goldapp, "Approximation of circular arcs
    // by cubic polynomials", 1991).
    let k = 4.0 / 3.0 * (step / 4.0).tan() * radius;
    let at = |angle: f32| {
        [
            center[0] + radius * angle.cos(),
            center[1] + radius * angle.sin(),
        ]
    };
    let start = from.to_radians();
    let mut segs = vec![Seg::Move(at(start))];
    for i in 0..pieces {
        let (a, b) = (start + step * i as f32, start + step * (i + 1) as f32);
        let (p, q) = (at(a), at(b));
        segs.push(Seg::Cubic(
            [p[0] - k * a.sin(), p[1] + k * a.cos()],
            [q[0] + k * b.sin(), q[1] - k * b.cos()],
            q,
        ));
    }
    segs
}

/// Frame with zone letters, and a title block with these lines.
fn frame(sheet: &mut Sheet, lines: &[(&str, String)]) {
    let [w, h] = sheet.size;
    let paint = Paint::stroke(0.7, BLACK);
    sheet.next_owner();
    sheet.rect(
        Role::Frame,
        &Rect::new(20.0, 20.0, w - 20.0, h - 20.0),
        &paint,
    );
    sheet.rect(
        Role::Frame,
        &Rect::new(34.0, 34.0, w - 34.0, h - 34.0),
        &paint,
    );
    let zones = (w / 140.0) as usize;
    for i in 0..zones {
        let x = 34.0 + (w - 68.0) * i as f32 / zones as f32;
        if i > 0 {
            sheet.line(Role::Frame, &[[x, 20.0], [x, 34.0]], &paint);
            sheet.line(Role::Frame, &[[x, h - 34.0], [x, h - 20.0]], &paint);
        }
        sheet.label(Role::Frame, &(i + 1).to_string(), [x + 60.0, 30.0], 7.0);
    }
    let block = Rect::new(
        w - 34.0 - 230.0,
        h - 34.0 - 18.0 * lines.len() as f32,
        w - 34.0,
        h - 34.0,
    );
    sheet.rect(Role::Frame, &block, &paint);
    for (i, (key, value)) in lines.iter().enumerate() {
        let y = block.y0 + 18.0 * i as f32;
        if i > 0 {
            sheet.line(Role::Frame, &[[block.x0, y], [block.x1, y]], &paint);
        }
        sheet.label(Role::Frame, key, [block.x0 + 4.0, y + 12.5], 6.0);
        sheet.label(Role::Frame, value, [block.x0 + 62.0, y + 12.5], 8.5);
    }
    sheet.line(
        Role::Frame,
        &[[block.x0 + 58.0, block.y0], [block.x0 + 58.0, block.y1]],
        &paint,
    );
}

/// Colours drawings are made in.
pub const GREEN: Color = [0, 110, 50];
/// Symbol outline.
pub const DARK_RED: Color = [132, 0, 0];

/// A net name such as `SPI2_CLK`.
pub fn net_name(rng: &mut Rng) -> String {
    let bus = rng.pick(&[
        "SPI", "I2C", "UART", "GPIO", "ADC", "PWM", "USB", "SD", "LCD", "CAN",
    ]);
    let signal = rng.pick(&[
        "CLK", "DATA", "EN", "RST", "TX", "RX", "CS", "IRQ", "SEL", "OUT",
    ]);
    format!("{bus}{}_{signal}", rng.range(0, 9))
}
