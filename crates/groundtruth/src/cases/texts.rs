//! Cases of words and of their look.

use model::Transform;

use super::document::Draft;
use super::{Kind, Pair, kind};
use crate::Result;
use crate::fonts::Face;
use crate::programs::Resaver;
use crate::rng::Rng;
use crate::truth::Class::{Style, Text};
use crate::words::Language;

fn english(rng: &mut Rng) -> Draft {
    Draft::report(rng, Language::English, 4)
}

fn edit(rng: &mut Rng, change: impl Fn(&mut Draft, &mut Rng)) -> Result<Pair> {
    let mut draft = english(rng);
    change(&mut draft, rng);
    draft.pair()
}

fn in_language(rng: &mut Rng, language: Language) -> Result<Pair> {
    let mut draft = Draft::report(rng, language, 3);
    draft.replace_word(rng);
    draft.insert_word(rng);
    draft.delete_word(rng);
    draft.change_number(rng);
    draft.delete_sentence(rng);
    draft.pair()
}

fn resaved(rng: &mut Rng, resaver: Resaver) -> Result<Pair> {
    let mut draft = english(rng);
    let at = draft.flow.blocks.len() / 2;
    draft.add_figure(rng, at);
    draft.replace_word(rng);
    draft.change_number(rng);
    let mut pair = draft.pair()?;
    pair.resave = Some(resaver);
    Ok(pair)
}

/// An edit on pages that another exporter has placed differently.
fn placed(rng: &mut Rng, transform: Transform) -> Result<Pair> {
    let mut pair = edit(rng, |d, r| {
        d.replace_word(r);
        d.delete_word(r);
    })?;
    for page in &mut pair.new.pages {
        page.transform = transform;
    }
    Ok(pair)
}

fn several(draft: &mut Draft, rng: &mut Rng) {
    draft.replace_word(rng);
    draft.replace_word(rng);
    draft.insert_word(rng);
    draft.change_number(rng);
    draft.delete_sentence(rng);
    draft.add_sentence(rng);
    draft.change_cell(rng);
    draft.move_paragraph(rng);
}

/// Kinds about words.
pub const KINDS: &[Kind] = &[
    kind(Text, "word-replaced", |r| edit(r, Draft::replace_word)),
    kind(Text, "word-inserted", |r| edit(r, Draft::insert_word)),
    kind(Text, "word-deleted", |r| edit(r, Draft::delete_word)),
    kind(Text, "number-changed", |r| edit(r, Draft::change_number)),
    kind(Text, "sentence-deleted", |r| {
        edit(r, Draft::delete_sentence)
    }),
    kind(Text, "sentence-added", |r| edit(r, Draft::add_sentence)),
    kind(Text, "paragraph-added", |r| edit(r, Draft::add_paragraph)),
    kind(Text, "paragraph-deleted", |r| {
        edit(r, Draft::delete_paragraph)
    }),
    kind(Text, "paragraph-moved", |r| edit(r, Draft::move_paragraph)),
    kind(Text, "two-columns", |r| {
        edit(r, |d, r| {
            d.without_tables();
            d.set_up(|s| {
                s.columns = 2;
                s.size = 9.5;
                s.leading = 12.0;
            });
            d.replace_word(r);
            d.insert_word(r);
            d.delete_sentence(r);
        })
    }),
    kind(Text, "two-columns-hyphenated", |r| {
        edit(r, |d, r| {
            d.without_tables();
            d.set_up(|s| {
                s.columns = 2;
                s.hyphenate = true;
            });
            d.replace_word(r);
            d.add_sentence(r);
        })
    }),
    kind(Text, "edited-and-reflowed", |r| {
        edit(r, |d, r| {
            d.flow.setup[1].margins[2] = 110.0;
            d.replace_word(r);
            d.change_number(r);
            d.delete_word(r);
        })
    }),
    kind(Text, "header-date-changed", |r| {
        edit(r, Draft::change_header_date)
    }),
    kind(Text, "table-cell-changed", |r| edit(r, Draft::change_cell)),
    kind(Text, "table-row-added", |r| {
        edit(r, |d, r| d.change_rows(r, true))
    }),
    kind(Text, "table-row-deleted", |r| {
        edit(r, |d, r| d.change_rows(r, false))
    }),
    kind(Text, "term-renamed", |r| {
        edit(r, |d, _| d.rename_term("supplier", "vendor"))
    }),
    kind(Text, "many-edits", |r| edit(r, several)),
    kind(Text, "figure-and-edits", |r| {
        edit(r, |d, r| {
            let at = d.flow.blocks.len() / 3;
            d.add_figure(r, at);
            d.add_sentence(r);
            d.replace_word(r);
        })
    }),
    kind(Text, "chinese", |r| in_language(r, Language::Chinese)),
    kind(Text, "japanese", |r| in_language(r, Language::Japanese)),
    kind(Text, "arabic", |r| in_language(r, Language::Arabic)),
    kind(Text, "russian", |r| in_language(r, Language::Russian)),
    kind(Text, "edited-resaved-qpdf", |r| resaved(r, Resaver::Qpdf)),
    kind(Text, "edited-resaved-ghostscript", |r| {
        resaved(r, Resaver::Ghostscript)
    }),
    kind(Text, "edited-resaved-mutool", |r| {
        resaved(r, Resaver::Mutool)
    }),
    kind(Text, "edited-resaved-cairo", |r| resaved(r, Resaver::Cairo)),
    kind(Text, "edited-page-shifted", |r| {
        placed(r, Transform::translation(9.0, -6.5))
    }),
    kind(Text, "edited-page-scaled", |r| {
        placed(r, Transform([0.96, 0.0, 0.0, 0.96, 12.0, 16.0]))
    }),
    kind(Text, "edited-pages-rotated", |r| {
        let turn = [90, 180, 270][r.below(3)];
        let mut pair = edit(r, |d, r| {
            d.replace_word(r);
            d.delete_word(r);
        })?;
        for page in pair.old.pages.iter_mut().chain(&mut pair.new.pages) {
            page.rotate = turn;
        }
        Ok(pair)
    }),
    kind(Text, "edited-crop-box", |r| {
        let mut pair = edit(r, |d, r| {
            d.replace_word(r);
            d.insert_word(r);
        })?;
        for page in &mut pair.new.pages {
            page.crop = [36.0, 54.0];
        }
        Ok(pair)
    }),
];

fn styled(rng: &mut Rng, what: &str, change: impl Fn(&mut crate::flow::Word)) -> Result<Pair> {
    let mut draft = english(rng);
    let count = rng.range(1, 4) as usize;
    draft.restyle(rng, count, what, change);
    draft.pair()
}

/// Kinds about the look of words.
pub const STYLES: &[Kind] = &[
    kind(Style, "colour-changed", |r| {
        styled(r, "colour changed", |w| w.color = Some([190, 20, 20]))
    }),
    kind(Style, "bold-set", |r| {
        styled(r, "set in bold", |w| w.bold = true)
    }),
    kind(Style, "italic-set", |r| {
        styled(r, "set in italics", |w| w.italic = true)
    }),
    kind(Style, "size-changed", |r| {
        styled(r, "size changed", |w| w.scale = 1.25)
    }),
    kind(Style, "font-changed", |r| {
        styled(r, "font changed", |w| w.face = Some(Face::Mono))
    }),
    kind(Style, "style-and-word", |r| {
        let mut draft = english(r);
        draft.restyle(r, 2, "set in bold", |w| w.bold = true);
        draft.replace_word(r);
        draft.pair()
    }),
];
