//! Cases of inserted, deleted and moved pages.

use model::PageStatus;

use super::document::{Draft, table};
use super::drawings::sheets;
use super::{Kind, Pair, kind};
use crate::Result;
use crate::flow::{Block, Flow, Kind as BlockKind, On};
use crate::rng::Rng;
use crate::sheet::Lettering;
use crate::truth::Class::Page;
use crate::truth::PageEvent;
use crate::words::{Language, paragraph, title};

/// Blocks that fill most of one page.
fn leaf(rng: &mut Rng) -> Vec<Block> {
    let mut blocks = vec![Block::new(
        BlockKind::Heading(1),
        title(Language::English, rng),
    )];
    for _ in 0..4 {
        let count = rng.range(3, 5) as usize;
        blocks.push(Block::new(
            BlockKind::Para,
            paragraph(Language::English, rng, count),
        ));
    }
    if rng.chance(0.4) {
        blocks.push(table(rng, 4));
    }
    blocks
}

/// A document of leaves; each says on which revision it stands.
fn leaves(rng: &mut Rng, leaves: Vec<(Vec<Block>, On)>) -> Draft {
    let mut draft = Draft::report(rng, Language::English, 1);
    let mut blocks = Vec::new();
    for (leaf, on) in leaves {
        // Each revision breaks before every leaf of its own but the first.
        blocks.push(Block {
            on,
            ..Block::new(BlockKind::PageBreak, Vec::new())
        });
        blocks.extend(leaf.into_iter().map(|b| Block { on, ..b }));
    }
    for side in [On::Old, On::New] {
        if let Some(first) = blocks
            .iter_mut()
            .find(|b| matches!(b.kind, BlockKind::PageBreak) && b.on.is_on(side == On::New))
        {
            first.on = match (first.on, side) {
                (On::Both, On::Old) => On::New,
                (On::Both, _) => On::Old,
                (On::Old | On::New, _) => {
                    first.kind = BlockKind::Para;
                    first.on
                }
            };
        }
    }
    draft.flow = Flow {
        blocks,
        ..draft.flow
    };
    draft
}

fn pair_with(draft: Draft, events: Vec<PageEvent>) -> Result<Pair> {
    let mut pair = draft.pair()?;
    pair.events = Some(events);
    Ok(pair)
}

fn both(rng: &mut Rng, count: usize) -> Vec<(Vec<Block>, On)> {
    (0..count).map(|_| (leaf(rng), On::Both)).collect()
}

fn inserted(rng: &mut Rng, more: bool) -> Result<Pair> {
    let mut list = both(rng, 5);
    let at = rng.range(1, 4) as usize;
    list.insert(at, (leaf(rng), On::New));
    let mut draft = leaves(rng, list);
    if more {
        draft.replace_word(rng);
        draft.change_number(rng);
    }
    let page = at as u32 + 1;
    pair_with(
        draft,
        vec![PageEvent {
            old: None,
            new: Some(page),
            status: PageStatus::Inserted,
        }],
    )
}

fn deleted(rng: &mut Rng) -> Result<Pair> {
    let mut list = both(rng, 6);
    let at = rng.range(1, 4) as usize;
    list[at].1 = On::Old;
    let page = at as u32 + 1;
    let draft = leaves(rng, list);
    pair_with(
        draft,
        vec![PageEvent {
            old: Some(page),
            new: None,
            status: PageStatus::Deleted,
        }],
    )
}

fn moved(rng: &mut Rng) -> Result<Pair> {
    let mut list = both(rng, 7);
    // Far enough that one page moved, not the ones it passed.
    let (from, to) = if rng.chance(0.5) { (1, 5) } else { (5, 1) };
    let page = list[from].0.clone();
    list[from].1 = On::Old;
    list.insert(if to > from { to + 1 } else { to }, (page, On::New));
    let draft = leaves(rng, list);
    let event = PageEvent {
        old: Some(from as u32 + 1),
        new: Some(to as u32 + 1),
        status: PageStatus::Moved,
    };
    pair_with(draft, vec![event])
}

fn sheet_inserted(rng: &mut Rng) -> Result<Pair> {
    let mut pair = sheets(rng, Lettering::Strokes, 3)?;
    let extra = pair.new.pages.remove(1);
    pair.old.pages.remove(1);
    let at = rng.below(3);
    pair.new.pages.insert(at, extra);
    let page = at as u32 + 1;
    pair.events = Some(vec![PageEvent {
        old: None,
        new: Some(page),
        status: PageStatus::Inserted,
    }]);
    Ok(pair)
}

/// Kinds about pages.
pub const KINDS: &[Kind] = &[
    kind(Page, "page-inserted", |r| inserted(r, false)),
    kind(Page, "page-inserted-and-edits", |r| inserted(r, true)),
    kind(Page, "page-deleted", deleted),
    kind(Page, "page-moved", moved),
    kind(Page, "sheet-inserted", sheet_inserted),
];
