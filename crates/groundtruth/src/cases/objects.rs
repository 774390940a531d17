//! Cases of pictures, and of what is not painted on the page.

use std::sync::Arc;

use model::{ChangeKind, Op, Rect};

use super::document::Draft;
use super::{Kind, Pair, kind};
use crate::Result;
use crate::flow::{Block, Kind as BlockKind, On};
use crate::picture;
use crate::rng::Rng;
use crate::scene::{Extra, Picture};
use crate::truth::Class::{Image, Object};
use crate::words::Language;

fn with_figure(rng: &mut Rng, edit: fn(&mut Draft, &mut Rng, usize)) -> Result<Pair> {
    let mut draft = Draft::report(rng, Language::English, 3);
    let at = draft.flow.blocks.len() / 2;
    let at = draft.add_figure(rng, at);
    edit(&mut draft, rng, at);
    draft.pair()
}

fn replace(draft: &mut Draft, at: usize, op: Op, what: &str, old: Arc<Picture>, new: Arc<Picture>) {
    let number = draft.note(ChangeKind::Image, op, what);
    if let Some(note) = draft.notes.last_mut() {
        note.accepts.push(ChangeKind::Pixels);
    }
    if let BlockKind::Figure { pictures, mark, .. } = &mut draft.flow.blocks[at].kind {
        *pictures = [Some(old), Some(new)];
        *mark = Some(number);
    }
}

fn replaced(draft: &mut Draft, rng: &mut Rng, at: usize) {
    let (old, new) = (picture::photo(rng, 240, 150), picture::photo(rng, 240, 150));
    replace(draft, at, Op::Replaced, "picture replaced", old, new);
}

/// One bar of a chart gets another height.
fn retouched(draft: &mut Draft, rng: &mut Rng, at: usize) {
    let chart = picture::chart(rng, 240, 150);
    let mut data = chart.data.clone();
    let column = 30 * rng.range(1, 6) as usize;
    for y in 10..140 {
        for x in column + 4..column + 24 {
            let i = (y * 240 + x) * 3;
            data[i..i + 3].copy_from_slice(&[200, 30, 40]);
        }
    }
    let other = Arc::new(Picture {
        width: 240,
        height: 150,
        data,
        gray: false,
    });
    replace(
        draft,
        at,
        Op::Replaced,
        "chart in the picture changed",
        chart,
        other,
    );
}

impl Draft {
    /// A figure before block `at` whose chart changes.
    pub fn add_changed_chart(&mut self, rng: &mut Rng, at: usize) {
        let at = self.add_figure(rng, at);
        retouched(self, rng, at);
    }
}

fn one_sided(draft: &mut Draft, at: usize, on: On, op: Op, what: &str) {
    let mark = draft.note(ChangeKind::Image, op, what);
    if let Some(note) = draft.notes.last_mut() {
        note.accepts.push(ChangeKind::Pixels);
    }
    // The picture stands without caption, so that it alone is the edit.
    let block = &mut draft.flow.blocks[at];
    block.words.clear();
    *block = block.marked(on, mark);
}

fn moved(draft: &mut Draft, rng: &mut Rng, at: usize) {
    let mark = draft.note(ChangeKind::Image, Op::Moved, "picture moved");
    if let Some(note) = draft.notes.last_mut() {
        note.accepts.push(ChangeKind::Pixels);
    }
    draft.flow.blocks[at].words.clear();
    let block = draft.flow.blocks[at].clone();
    draft.flow.blocks[at] = block.marked(On::Old, mark);
    let to = if rng.chance(0.5) {
        2
    } else {
        draft.flow.blocks.len() - 1
    };
    draft.insert_block(to, block.marked(On::New, mark));
}

/// Kinds about pictures.
pub const IMAGES: &[Kind] = &[
    kind(Image, "picture-replaced", |r| with_figure(r, replaced)),
    kind(Image, "picture-retouched", |r| with_figure(r, retouched)),
    kind(Image, "picture-added", |r| {
        with_figure(r, |d, _, at| {
            one_sided(d, at, On::New, Op::Added, "picture added");
        })
    }),
    kind(Image, "picture-removed", |r| {
        with_figure(r, |d, _, at| {
            one_sided(d, at, On::Old, Op::Removed, "picture removed");
        })
    }),
    kind(Image, "picture-moved", |r| with_figure(r, moved)),
];

/// A one-page form with labels as text.
fn form(rng: &mut Rng) -> Result<Pair> {
    let mut draft = Draft::report(rng, Language::English, 1);
    for name in ["Applicant", "Street", "City", "Reference", "Agreed"] {
        draft.flow.blocks.push(Block::new(
            BlockKind::Para,
            crate::flow::words(&format!("{name}:")),
        ));
    }
    let mut pair = draft.pair()?;
    for scene in [&mut pair.old, &mut pair.new] {
        let Some(page) = scene.pages.last_mut() else {
            continue;
        };
        for (i, (name, value)) in [
            ("applicant", "Jane Miller"),
            ("street", "12 Harbour Road"),
            ("city", "Leeds"),
            ("reference", "Q-4711"),
        ]
        .into_iter()
        .enumerate()
        {
            let y = 640.0 + 26.0 * i as f32;
            let rect = Rect::new(330.0, y, 520.0, y + 18.0);
            page.extras.push((
                Extra::Field {
                    rect,
                    name: name.into(),
                    value: value.into(),
                },
                None,
            ));
        }
        let rect = Rect::new(300.0, 640.0, 314.0, 654.0);
        page.extras.push((
            Extra::Check {
                rect,
                name: "agreed".into(),
                on: false,
            },
            None,
        ));
    }
    Ok(pair)
}

fn change_extra(
    pair: &mut Pair,
    index: usize,
    kind: ChangeKind,
    what: &str,
    change: impl Fn(&mut Extra),
) {
    pair.notes
        .push(crate::truth::Note::new(kind, Op::Replaced, what));
    let mark = Some(pair.notes.len() as u32 - 1);
    for scene in [&mut pair.old, &mut pair.new] {
        if let Some((_, of)) = scene.pages.last_mut().and_then(|p| p.extras.get_mut(index)) {
            *of = mark;
        }
    }
    if let Some((extra, _)) = pair
        .new
        .pages
        .last_mut()
        .and_then(|p| p.extras.get_mut(index))
    {
        change(extra);
    }
}

fn field_changed(rng: &mut Rng) -> Result<Pair> {
    let mut pair = form(rng)?;
    let index = rng.below(4);
    let value = rng
        .pick(&["Samuel Okafor", "7 Mill Lane", "Norwich", "Q-9021"])
        .to_string();
    change_extra(
        &mut pair,
        index,
        ChangeKind::Form,
        "form value changed",
        |e| {
            if let Extra::Field { value: old, .. } = e {
                old.clone_from(&value);
            }
        },
    );
    // The value is text on the page, too.
    pair.notes[0].accepts = vec![ChangeKind::Text];
    Ok(pair)
}

fn box_checked(rng: &mut Rng) -> Result<Pair> {
    let mut pair = form(rng)?;
    change_extra(&mut pair, 4, ChangeKind::Form, "box checked", |e| {
        if let Extra::Check { on, .. } = e {
            *on = true;
        }
    });
    Ok(pair)
}

fn link_changed(rng: &mut Rng) -> Result<Pair> {
    let mut pair = Draft::report(rng, Language::English, 1).pair()?;
    for scene in [&mut pair.old, &mut pair.new] {
        if let Some(page) = scene.pages.last_mut() {
            for (i, target) in ["terms", "privacy", "contact"].into_iter().enumerate() {
                let y = 150.0 + 60.0 * i as f32;
                let uri = format!("https://example.com/{target}");
                page.extras.push((
                    Extra::Link {
                        rect: Rect::new(100.0, y, 180.0, y + 12.0),
                        uri,
                    },
                    None,
                ));
            }
        }
    }
    let index = rng.below(3);
    change_extra(
        &mut pair,
        index,
        ChangeKind::Link,
        "link target changed",
        |e| {
            if let Extra::Link { uri, .. } = e {
                uri.push_str("/2025");
            }
        },
    );
    Ok(pair)
}

fn annotation(rng: &mut Rng, added: bool) -> Result<Pair> {
    let mut pair = Draft::report(rng, Language::English, 1).pair()?;
    let (on, op, what) = if added {
        (&mut pair.new, Op::Added, "annotation added")
    } else {
        (&mut pair.old, Op::Removed, "annotation removed")
    };
    let highlight = rng.chance(0.5);
    let at = [120.0 + 200.0 * rng.unit(), 180.0 + 200.0 * rng.unit()];
    let size = if highlight {
        [90.0, 12.0]
    } else {
        [18.0, 18.0]
    };
    if let Some(page) = on.pages.first_mut() {
        let rect = Rect::new(at[0], at[1], at[0] + size[0], at[1] + size[1]);
        page.extras.push((
            Extra::Note {
                rect,
                contents: "Please check this figure".into(),
                highlight,
            },
            Some(0),
        ));
    }
    pair.notes
        .push(crate::truth::Note::new(ChangeKind::Annotation, op, what));
    Ok(pair)
}

fn document(rng: &mut Rng, kind: ChangeKind, what: &str, change: fn(&mut Pair)) -> Result<Pair> {
    let mut pair = Draft::report(rng, Language::English, 1).pair()?;
    for scene in [&mut pair.old, &mut pair.new] {
        scene.attachments = vec![
            (
                "bill-of-materials.csv".into(),
                b"item,count\nbolt,4\n".to_vec(),
            ),
            ("readme.txt".into(), b"Read me first.\n".to_vec()),
        ];
    }
    pair.notes
        .push(crate::truth::Note::new(kind, Op::Replaced, what));
    change(&mut pair);
    Ok(pair)
}

/// Kinds about what is not painted.
pub const KINDS: &[Kind] = &[
    kind(Object, "form-value-changed", field_changed),
    kind(Object, "form-box-checked", box_checked),
    kind(Object, "link-target-changed", link_changed),
    kind(Object, "annotation-added", |r| annotation(r, true)),
    kind(Object, "annotation-removed", |r| annotation(r, false)),
    kind(Object, "title-changed", |r| {
        document(r, ChangeKind::Metadata, "title changed", |p| {
            for (key, value) in &mut p.new.metadata {
                if key == "Title" {
                    value.push_str(" 2025");
                }
            }
        })
    }),
    kind(Object, "attachment-changed", |r| {
        document(r, ChangeKind::Attachment, "attachment changed", |p| {
            p.new.attachments[0].1.extend_from_slice(b"nut,4\n");
        })
    }),
];
