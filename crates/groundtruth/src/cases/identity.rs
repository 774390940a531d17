//! Cases in which nothing changed.

use model::Transform;

use super::document::Draft;
use super::drawings::{plate, sheets};
use super::{Kind, Pair, kind};
use crate::Result;
use crate::flow::Setup;
use crate::pdf::Producer;
use crate::programs::Resaver;
use crate::rng::Rng;
use crate::scene::Page;
use crate::sheet::{Lettering, restructure};
use crate::truth::Class::Identity;
use crate::words::Language;

fn text(rng: &mut Rng) -> Draft {
    let mut draft = Draft::report(rng, Language::English, 4);
    let at = draft.flow.blocks.len() / 2;
    draft.add_figure(rng, at);
    draft
}

fn reflow(rng: &mut Rng, language: Language, change: impl Fn(&mut Setup)) -> Result<Pair> {
    let mut draft = Draft::report(rng, language, 3);
    change(&mut draft.flow.setup[1]);
    if draft.flow.setup[1].columns > 1 {
        draft.without_tables();
    }
    draft.pair()
}

fn resaved(rng: &mut Rng, resaver: Resaver) -> Result<Pair> {
    let mut pair = text(rng).pair()?;
    pair.resave = Some(resaver);
    Ok(pair)
}

fn language_resaved(rng: &mut Rng, language: Language) -> Result<Pair> {
    let mut pair = Draft::report(rng, language, 2).pair()?;
    pair.resave = Some(*rng.pick(&Resaver::ALL));
    Ok(pair)
}

fn sheet_resaved(rng: &mut Rng, resaver: Resaver) -> Result<Pair> {
    let lettering = *rng.pick(&[Lettering::Font, Lettering::Strokes, Lettering::Outlines]);
    let mut pair = if rng.chance(0.5) {
        sheets(rng, lettering, 1)?
    } else {
        plate(rng, lettering)?
    };
    pair.resave = Some(resaver);
    Ok(pair)
}

fn sheet(
    rng: &mut Rng,
    lettering: Lettering,
    change: impl Fn(&mut Page, &mut Rng),
) -> Result<Pair> {
    let mut pair = if rng.chance(0.6) {
        sheets(rng, lettering, 1)?
    } else {
        plate(rng, lettering)?
    };
    for page in &mut pair.new.pages {
        change(page, rng);
    }
    Ok(pair)
}

fn pages(rng: &mut Rng, change: impl Fn(&mut Page)) -> Result<Pair> {
    let mut pair = text(rng).pair()?;
    pair.new.pages.iter_mut().for_each(change);
    Ok(pair)
}

fn produced(rng: &mut Rng, producer: Producer) -> Result<Pair> {
    let mut pair = text(rng).pair()?;
    pair.producers[1] = producer;
    Ok(pair)
}

/// A turn by `degrees` about the middle of an A4 page.
fn turn(degrees: f64) -> Transform {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let about = Transform::translation(-297.5, -421.0);
    about
        .then(&Transform([cos, sin, -sin, cos, 0.0, 0.0]))
        .then(&Transform::translation(297.5, 421.0))
}

/// Kinds without a change.
pub const KINDS: &[Kind] = &[
    kind(Identity, "same-text", |r| text(r).pair()),
    kind(Identity, "same-sheet", |r| {
        sheet(r, Lettering::Font, |_, _| {})
    }),
    kind(Identity, "resaved-qpdf", |r| resaved(r, Resaver::Qpdf)),
    kind(Identity, "resaved-ghostscript", |r| {
        resaved(r, Resaver::Ghostscript)
    }),
    kind(Identity, "resaved-mutool", |r| resaved(r, Resaver::Mutool)),
    kind(Identity, "resaved-cairo", |r| resaved(r, Resaver::Cairo)),
    kind(Identity, "chinese-resaved", |r| {
        language_resaved(r, Language::Chinese)
    }),
    kind(Identity, "japanese-resaved", |r| {
        language_resaved(r, Language::Japanese)
    }),
    kind(Identity, "arabic-resaved", |r| {
        language_resaved(r, Language::Arabic)
    }),
    kind(Identity, "russian-resaved", |r| {
        language_resaved(r, Language::Russian)
    }),
    kind(Identity, "sheet-resaved-qpdf", |r| {
        sheet_resaved(r, Resaver::Qpdf)
    }),
    kind(Identity, "sheet-resaved-ghostscript", |r| {
        sheet_resaved(r, Resaver::Ghostscript)
    }),
    kind(Identity, "sheet-resaved-mutool", |r| {
        sheet_resaved(r, Resaver::Mutool)
    }),
    kind(Identity, "sheet-resaved-cairo", |r| {
        sheet_resaved(r, Resaver::Cairo)
    }),
    kind(Identity, "reflow-narrower", |r| {
        reflow(r, Language::English, |s| s.margins[2] = 120.0)
    }),
    kind(Identity, "reflow-paper", |r| {
        reflow(r, Language::English, |s| s.paper = [612.0, 792.0])
    }),
    kind(Identity, "reflow-leading", |r| {
        reflow(r, Language::English, |s| s.leading = 16.0)
    }),
    kind(Identity, "reflow-columns", |r| {
        reflow(r, Language::English, |s| s.columns = 2)
    }),
    kind(Identity, "reflow-hyphenated", |r| {
        reflow(r, Language::English, |s| {
            s.hyphenate = true;
            s.margins[0] = 96.0;
        })
    }),
    kind(Identity, "reflow-ragged", |r| {
        reflow(r, Language::English, |s| s.justify = false)
    }),
    kind(Identity, "reflow-chinese", |r| {
        reflow(r, Language::Chinese, |s| s.margins[2] = 120.0)
    }),
    kind(Identity, "reflow-arabic", |r| {
        reflow(r, Language::Arabic, |s| s.margins[0] = 110.0)
    }),
    kind(Identity, "reflow-with-figure", |r| {
        let mut draft = text(r);
        draft.flow.setup[1].margins[2] = 110.0;
        draft.pair()
    }),
    kind(Identity, "page-shifted", |r| {
        pages(r, |p| p.transform = Transform::translation(12.5, -8.0))
    }),
    kind(Identity, "page-scaled", |r| {
        pages(r, |p| {
            p.transform = Transform([0.95, 0.0, 0.0, 0.95, 15.0, 21.0]);
        })
    }),
    kind(Identity, "page-turned-slightly", |r| {
        pages(r, |p| p.transform = turn(0.5))
    }),
    kind(Identity, "rotate-flag", |r| pages(r, |p| p.rotate = 90)),
    kind(Identity, "crop-box", |r| {
        pages(r, |p| p.crop = [40.0, 30.0])
    }),
    kind(Identity, "other-object-order", |r| {
        produced(
            r,
            Producer {
                backwards: true,
                xref_stream: true,
                ..Producer::default()
            },
        )
    }),
    kind(Identity, "uncompressed", |r| {
        produced(
            r,
            Producer {
                compress: false,
                ..Producer::default()
            },
        )
    }),
    kind(Identity, "spaces-as-gaps", |r| {
        produced(
            r,
            Producer {
                space_glyphs: false,
                ..Producer::default()
            },
        )
    }),
    kind(Identity, "paths-split", |r| {
        sheet(r, Lettering::Font, restructure)
    }),
    kind(Identity, "paths-split-strokes", |r| {
        sheet(r, Lettering::Strokes, restructure)
    }),
    kind(Identity, "sheet-shifted", |r| {
        sheet(r, Lettering::Strokes, |p, _| {
            p.transform = Transform::translation(14.0, 9.0);
        })
    }),
    kind(Identity, "sheet-scaled", |r| {
        sheet(r, Lettering::Outlines, |p, _| {
            p.transform = Transform([0.9, 0.0, 0.0, 0.9, 40.0, 30.0]);
        })
    }),
    kind(Identity, "sheet-rotate-flag", |r| {
        sheet(r, Lettering::Font, |p, _| p.rotate = 270)
    }),
];
