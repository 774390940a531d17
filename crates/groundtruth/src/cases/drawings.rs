//! Cases of drawings.

use model::{ChangeKind, Op, Rect, Transform};

use super::{Kind, Pair, kind};
use crate::Result;
use crate::flow::On;
use crate::programs::Resaver;
use crate::rng::Rng;
use crate::scene::{BLACK, Mark, Paint, Scene, Seg, bounds};
use crate::sheet::{
    Element, Lettering, Role, Shape, Sheet, mechanical, net_name, polyline, restructure, schematic,
};
use crate::truth::Class::Drawing;
use crate::truth::Note;

/// A sheet with the notes about its edits.
struct Work {
    sheet: Sheet,
    notes: Vec<Note>,
    used: Vec<usize>,
}

impl Work {
    fn schematic(rng: &mut Rng, lettering: Lettering) -> Self {
        Self {
            sheet: schematic(rng, lettering),
            notes: Vec::new(),
            used: Vec::new(),
        }
    }

    fn mechanical(rng: &mut Rng, lettering: Lettering) -> Self {
        Self {
            sheet: mechanical(rng, lettering),
            notes: Vec::new(),
            used: Vec::new(),
        }
    }

    fn note(&mut self, kind: ChangeKind, op: Op, what: &str) -> Mark {
        let mut note = Note::new(kind, op, what);
        if kind == ChangeKind::Drawing {
            note.accepts = vec![ChangeKind::Pixels];
        }
        self.notes.push(note);
        self.notes.len() as Mark - 1
    }

    /// An owner not edited yet that has an element with `role`.
    fn owner(&mut self, rng: &mut Rng, role: Role, fits: impl Fn(&[&Element]) -> bool) -> usize {
        let mut owners: Vec<usize> = self
            .sheet
            .elements
            .iter()
            .filter(|e| e.role == role)
            .map(|e| e.owner)
            .collect();
        owners.sort_unstable();
        owners.dedup();
        owners.retain(|owner| {
            let own: Vec<&Element> = self
                .sheet
                .elements
                .iter()
                .filter(|e| e.owner == *owner)
                .collect();
            !self.used.contains(owner) && fits(&own)
        });
        let owner = if owners.is_empty() {
            0
        } else {
            *rng.pick(&owners)
        };
        self.used.push(owner);
        owner
    }

    fn wire(&mut self, rng: &mut Rng) -> usize {
        self.owner(rng, Role::Wire, |own| own.len() == 1)
    }

    fn part(&mut self, rng: &mut Rng) -> usize {
        // A part with a reference, but not a whole circuit.
        self.owner(rng, Role::Value, |own| own.len() >= 4 && own.len() < 14)
    }

    fn move_owner(&mut self, owner: usize, [dx, dy]: [f32; 2], what: &str) {
        let mark = self.note(ChangeKind::Drawing, Op::Moved, what);
        // A part that moves with its label is one thing: “R5 moved” names it
        // whether text or lines are said to have moved.
        if self.sheet.lettering == Lettering::Font
            && let Some(note) = self.notes.last_mut()
        {
            note.accepts.push(ChangeKind::Text);
        }
        let taken = self.sheet.take(On::Old, mark, |e| e.owner == owner);
        self.sheet
            .put(mark, taken.iter().map(|e| e.shifted(dx, dy)).collect());
    }

    fn remove_owner(&mut self, owner: usize, what: &str) {
        let mark = self.note(ChangeKind::Drawing, Op::Removed, what);
        self.sheet.take(On::Old, mark, |e| e.owner == owner);
    }

    fn replace_shape(&mut self, owner: usize, op: Op, what: &str, change: impl Fn(&mut Shape)) {
        let mark = self.note(ChangeKind::Drawing, op, what);
        let mut taken = self.sheet.take(On::Old, mark, |e| e.owner == owner);
        for element in &mut taken {
            change(&mut element.shape);
        }
        self.sheet.put(mark, taken);
    }

    fn add_crystal(&mut self, rng: &mut Rng) {
        let mark = self.note(ChangeKind::Drawing, Op::Added, "symbol added");
        // The empty cell at the bottom, left of the title block.
        let at = [900.0 + 30.0 * rng.unit(), 560.0 + 50.0 * rng.unit()];
        let start = self.sheet.elements.len();
        self.sheet.crystal(at, &format!("Y{}", rng.range(1, 9)));
        for element in &mut self.sheet.elements[start..] {
            element.on = On::New;
            element.mark = Some(mark);
        }
    }

    /// Another text at the place of a label of this role.
    fn relabel(&mut self, rng: &mut Rng, role: Role, text: &str, what: &str) {
        let owner = self.owner(rng, role, |own| own.iter().any(|e| is_label(e, role)));
        let real = self.sheet.lettering == Lettering::Font;
        let kind = if real {
            ChangeKind::Text
        } else {
            ChangeKind::Drawing
        };
        let mark = self.note(kind, Op::Replaced, what);
        if !real && let Some(note) = self.notes.last_mut() {
            note.accepts.push(ChangeKind::Text);
        }
        if let Some(at) = self
            .sheet
            .elements
            .iter()
            .position(|e| e.owner == owner && is_label(e, role))
        {
            let element = &mut self.sheet.elements[at];
            let mut fresh = element.clone();
            element.on = On::Old;
            element.mark = Some(mark);
            if let Shape::Label(old, ..) = &mut fresh.shape {
                *old = if *old == text {
                    format!("{text}2")
                } else {
                    text.to_owned()
                };
            }
            self.sheet.put(mark, vec![fresh]);
        }
    }

    fn pair(self) -> Result<Pair> {
        let scene = |new| -> Result<Scene> {
            Ok(Scene {
                pages: vec![self.sheet.page(new)?],
                ..Scene::default()
            })
        };
        Ok(Pair::new(scene(false)?, scene(true)?, self.notes.clone()))
    }
}

fn is_label(element: &Element, role: Role) -> bool {
    element.role == role && matches!(element.shape, Shape::Label(..))
}

/// Unchanged sheets, for other classes.
pub fn sheets(rng: &mut Rng, lettering: Lettering, count: usize) -> Result<Pair> {
    let mut pages = Vec::new();
    for _ in 0..count {
        pages.push(schematic(rng, lettering).page(false)?);
    }
    let scene = Scene {
        pages,
        ..Scene::default()
    };
    Ok(Pair::new(scene.clone(), scene, Vec::new()))
}

/// An unchanged mechanical drawing.
pub fn plate(rng: &mut Rng, lettering: Lettering) -> Result<Pair> {
    Work::mechanical(rng, lettering).pair()
}

fn moved_line(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::schematic(rng, Lettering::Font);
    let wire = work.wire(rng);
    work.move_owner(wire, [0.0, 2.0], "line moved 2 pt");
    work.pair()
}

fn restyled(rng: &mut Rng, what: &str, change: impl Fn(&mut Paint)) -> Result<Pair> {
    let mut work = Work::schematic(rng, Lettering::Font);
    let wire = work.wire(rng);
    work.replace_shape(wire, Op::Restyled, what, |shape| {
        if let Shape::Path(_, paint) = shape {
            change(paint);
        }
    });
    work.pair()
}

fn rerouted(work: &mut Work, rng: &mut Rng) {
    let wire = work.owner(rng, Role::Wire, |own| {
        own.len() == 1 && path_len(own[0]) == 4
    });
    let by = if rng.chance(0.5) { 10.0 } else { -8.0 };
    work.replace_shape(wire, Op::Replaced, "wire rerouted", |shape| {
        if let Shape::Path(segs, _) = shape {
            // The bend moves along the wire.
            for seg in segs.iter_mut().skip(1).take(2) {
                if let Seg::Line(p) = seg {
                    p[0] += by;
                }
            }
        }
    });
}

fn path_len(element: &Element) -> usize {
    match &element.shape {
        Shape::Path(segs, _) => segs.len(),
        Shape::Label(..) => 0,
    }
}

fn label(rng: &mut Rng, lettering: Lettering) -> Result<Pair> {
    let mut work = Work::schematic(rng, lettering);
    let name = net_name(rng);
    work.relabel(rng, Role::Net, &name, "net label changed");
    work.pair()
}

fn value(rng: &mut Rng, lettering: Lettering) -> Result<Pair> {
    let mut work = Work::schematic(rng, lettering);
    work.relabel(rng, Role::Value, "R907", "value changed");
    work.pair()
}

fn hatch_added(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::mechanical(rng, Lettering::Font);
    let mark = work.note(ChangeKind::Drawing, Op::Added, "hatch added");
    let at = [180.0 + 120.0 * rng.unit(), 140.0 + 40.0 * rng.unit()];
    let start = work.sheet.elements.len();
    work.sheet.next_owner();
    work.sheet
        .hatch(&Rect::new(at[0], at[1], at[0] + 40.0, at[1] + 25.0), 5.0);
    for element in &mut work.sheet.elements[start..] {
        element.on = On::New;
        element.mark = Some(mark);
    }
    work.pair()
}

fn hole(rng: &mut Rng, op: Op) -> Result<Pair> {
    let mut work = Work::mechanical(rng, Lettering::Strokes);
    let circle = |own: &[&Element]| own.len() == 3 && own.iter().all(|e| e.role == Role::Contour);
    let owner = work.owner(rng, Role::Contour, circle);
    match op {
        Op::Removed => work.remove_owner(owner, "hole removed"),
        Op::Moved => work.move_owner(owner, [7.0, 4.0], "hole moved"),
        _ => {
            let mark = work.note(ChangeKind::Drawing, Op::Added, "hole added");
            let start = work.sheet.elements.len();
            work.sheet
                .hole([175.0 + 30.0 * rng.unit(), 190.0 + 40.0 * rng.unit()], 9.0);
            for element in &mut work.sheet.elements[start..] {
                element.on = On::New;
                element.mark = Some(mark);
            }
        }
    }
    work.pair()
}

fn net_renamed(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::schematic(rng, Lettering::Font);
    let labels: Vec<usize> = (0..work.sheet.elements.len())
        .filter(|i| is_label(&work.sheet.elements[*i], Role::Net))
        .collect();
    // One net at up to 20 places, renamed everywhere.
    for index in labels.into_iter().take(20) {
        let mark = work.note(ChangeKind::Text, Op::Replaced, "net renamed");
        if let Some(note) = work.notes.last_mut() {
            note.group = Some(1);
        }
        let element = &mut work.sheet.elements[index];
        let mut fresh = element.clone();
        for (side, name) in [(&mut *element, "VBUS_IN"), (&mut fresh, "VSYS_5V")] {
            if let Shape::Label(text, ..) = &mut side.shape {
                name.clone_into(text);
            }
        }
        element.on = On::Old;
        element.mark = Some(mark);
        work.sheet.put(mark, vec![fresh]);
    }
    work.pair()
}

fn revision(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::schematic(rng, Lettering::Font);
    let mark = work.note(
        ChangeKind::Text,
        Op::Replaced,
        "revision in the title block changed",
    );
    // The revision is the last line of the title block.
    if let Some(at) = work
        .sheet
        .elements
        .iter()
        .rposition(|e| is_label(e, Role::Frame))
    {
        let element = &mut work.sheet.elements[at];
        let mut fresh = element.clone();
        element.on = On::Old;
        element.mark = Some(mark);
        if let Shape::Label(text, ..) = &mut fresh.shape {
            text.push('1');
        }
        work.sheet.put(mark, vec![fresh]);
    }
    work.pair()
}

fn several(rng: &mut Rng, lettering: Lettering) -> Result<Pair> {
    let mut work = Work::schematic(rng, lettering);
    let part = work.part(rng);
    work.remove_owner(part, "symbol removed");
    let part = work.part(rng);
    work.move_owner(part, [0.0, -14.0], "symbol moved");
    work.add_crystal(rng);
    rerouted(&mut work, rng);
    work.relabel(rng, Role::Value, "C905", "value changed");
    let wire = work.wire(rng);
    work.remove_owner(wire, "wire removed");
    work.pair()
}

/// The shipped sample: a schematic with several edits.
pub fn schematic_sample(rng: &mut Rng) -> Result<[Scene; 2]> {
    let pair = several(rng, Lettering::Font)?;
    Ok([pair.old, pair.new])
}

fn part(rng: &mut Rng, lettering: Lettering, edit: fn(&mut Work, &mut Rng)) -> Result<Pair> {
    let mut work = Work::schematic(rng, lettering);
    edit(&mut work, rng);
    work.pair()
}

fn moved_part(work: &mut Work, rng: &mut Rng) {
    let part = work.part(rng);
    work.move_owner(part, [0.0, 16.0], "symbol moved");
}

fn removed_part(work: &mut Work, rng: &mut Rng) {
    let part = work.part(rng);
    work.remove_owner(part, "symbol removed");
}

fn removed_wire(work: &mut Work, rng: &mut Rng) {
    let wire = work.wire(rng);
    work.remove_owner(wire, "wire removed");
}

fn added_wire(work: &mut Work, rng: &mut Rng) {
    let mark = work.note(ChangeKind::Drawing, Op::Added, "line added");
    let [x, y] = [880.0 + 40.0 * rng.unit(), 540.0 + 80.0 * rng.unit()];
    let line = Shape::Path(
        polyline(&[[x, y], [x + 70.0, y], [x + 70.0, y + 40.0]]),
        Paint::stroke(0.7, BLACK),
    );
    let element = Element {
        role: Role::Wire,
        owner: work.sheet.next_owner(),
        on: On::New,
        mark: None,
        shape: line,
    };
    work.sheet.put(mark, vec![element]);
}

/// Edits on a sheet that another exporter has placed and split differently.
fn exported(rng: &mut Rng, transform: Transform) -> Result<Pair> {
    let mut pair = part(rng, Lettering::Strokes, |w, r| {
        removed_part(w, r);
        w.add_crystal(r);
    })?;
    for page in &mut pair.new.pages {
        restructure(page, rng);
        page.transform = transform;
    }
    Ok(pair)
}

fn resaved(rng: &mut Rng, resaver: Resaver) -> Result<Pair> {
    let mut pair = part(rng, Lettering::Font, |w, r| {
        moved_part(w, r);
        rerouted(w, r);
    })?;
    pair.resave = Some(resaver);
    Ok(pair)
}

fn dimension(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::mechanical(rng, Lettering::Font);
    let text = format!("{}", rng.range(300, 420));
    work.relabel(rng, Role::Value, &text, "dimension changed");
    work.pair()
}

fn filled(rng: &mut Rng) -> Result<Pair> {
    let mut work = Work::schematic(rng, Lettering::Outlines);
    let owner = work.owner(rng, Role::Value, |own| {
        own.iter().any(|e| has_size(e, [60.0, 60.0]))
    });
    let mark = work.note(ChangeKind::Drawing, Op::Restyled, "body filled");
    let mut taken = work.sheet.take(On::Old, mark, |e| {
        e.owner == owner && has_size(e, [60.0, 60.0])
    });
    for element in &mut taken {
        if let Shape::Path(_, paint) = &mut element.shape {
            paint.fill = Some([255, 255, 190]);
        }
    }
    // Painted first, so that it hides nothing.
    for element in taken {
        work.sheet.elements.insert(
            0,
            Element {
                on: On::New,
                mark: Some(mark),
                ..element
            },
        );
    }
    work.pair()
}

fn has_size(element: &Element, [w, h]: [f32; 2]) -> bool {
    match &element.shape {
        Shape::Path(segs, _) => bounds(segs).is_some_and(|b| b.width() > w && b.height() > h),
        Shape::Label(..) => false,
    }
}

/// Kinds about drawings.
pub const KINDS: &[Kind] = &[
    kind(Drawing, "line-moved", moved_line),
    kind(Drawing, "line-added", |r| {
        part(r, Lettering::Font, added_wire)
    }),
    kind(Drawing, "line-removed", |r| {
        part(r, Lettering::Font, removed_wire)
    }),
    kind(Drawing, "line-recoloured", |r| {
        restyled(r, "colour changed", |p| p.stroke = Some((0.7, [200, 0, 0])))
    }),
    kind(Drawing, "line-width-changed", |r| {
        restyled(r, "width changed", |p| p.stroke = Some((2.1, [0, 110, 50])))
    }),
    kind(Drawing, "line-dashed", |r| {
        restyled(r, "dashed", |p| p.dash = vec![3.0, 2.0])
    }),
    kind(Drawing, "body-filled", filled),
    kind(Drawing, "symbol-added", |r| {
        part(r, Lettering::Font, Work::add_crystal)
    }),
    kind(Drawing, "symbol-removed", |r| {
        part(r, Lettering::Font, removed_part)
    }),
    kind(Drawing, "symbol-moved", |r| {
        part(r, Lettering::Font, moved_part)
    }),
    kind(Drawing, "symbol-moved-strokes", |r| {
        part(r, Lettering::Strokes, moved_part)
    }),
    kind(Drawing, "symbol-moved-outlines", |r| {
        part(r, Lettering::Outlines, moved_part)
    }),
    kind(Drawing, "wire-rerouted", |r| {
        part(r, Lettering::Font, rerouted)
    }),
    kind(Drawing, "label-changed", |r| label(r, Lettering::Font)),
    kind(Drawing, "label-changed-strokes", |r| {
        label(r, Lettering::Strokes)
    }),
    kind(Drawing, "label-changed-outlines", |r| {
        label(r, Lettering::Outlines)
    }),
    kind(Drawing, "value-changed", |r| value(r, Lettering::Font)),
    kind(Drawing, "value-changed-strokes", |r| {
        value(r, Lettering::Strokes)
    }),
    kind(Drawing, "net-renamed", net_renamed),
    kind(Drawing, "revision-changed", revision),
    kind(Drawing, "dimension-changed", dimension),
    kind(Drawing, "hatch-added", hatch_added),
    kind(Drawing, "hole-added", |r| hole(r, Op::Added)),
    kind(Drawing, "hole-moved", |r| hole(r, Op::Moved)),
    kind(Drawing, "hole-removed", |r| hole(r, Op::Removed)),
    kind(Drawing, "many-drawing-edits", |r| {
        several(r, Lettering::Font)
    }),
    kind(Drawing, "many-drawing-edits-strokes", |r| {
        several(r, Lettering::Strokes)
    }),
    kind(Drawing, "edited-sheet-shifted", |r| {
        exported(r, Transform::translation(-11.0, 7.0))
    }),
    kind(Drawing, "edited-sheet-scaled", |r| {
        exported(r, Transform([0.94, 0.0, 0.0, 0.94, 30.0, 22.0]))
    }),
    kind(Drawing, "edited-sheet-ghostscript", |r| {
        resaved(r, Resaver::Ghostscript)
    }),
    kind(Drawing, "edited-sheet-cairo", |r| {
        resaved(r, Resaver::Cairo)
    }),
];
