//! The changes of a sheet that was reworked all over, told as the regions a
//! person would circle instead of one by one.

use model::{Change, ChangeKind, Evidence, Op, Page, Rect, Spot, Transform};
use rustc_hash::{FxHashMap, FxHashSet};

use super::cluster::cluster;
use super::place;
use super::regions::MOST_BOXES;
use crate::group::without_place;

/// So many changes on one page are told one by one.
const FEW: usize = 24;
/// A change that covers this share of the page is a frame or a long wire, and
/// would tie everything else together; changes put together cover no more.
const WIDE: f32 = 0.06;
/// Parts of the width and of the height of a page in which what sprawls is
/// told.
const TILES: usize = 5;
/// The distance up to which changes are one grows by this,
const GROWTH: f32 = 1.5;
/// but never beyond this, points.
const FARTHEST: f32 = 45.0;

/// Repeated edits no further apart than this are told as one to begin with, points.
const NEXT: f32 = 1.0;

/// The same change so many times (a junction at every crossing) is one
/// systematic edit, for grouping to tell.
const REPEATED: usize = 12;

/// Puts neighbouring changes together until few are left, or what is left lies
/// far apart. `gap` is the distance, in points, to begin with.
pub(super) fn coarsen(
    changes: Vec<Change>,
    old: &Page,
    new: &Page,
    transform: &Transform,
    gap: f32,
) -> Vec<Change> {
    let page = new.size[0] * new.size[1];
    let mut alike: FxHashMap<(Op, [i32; 2]), usize> = FxHashMap::default();
    for change in &changes {
        if let Some(r) = extent(change, transform) {
            *alike.entry(look(change, &r)).or_default() += 1;
        }
    }
    let mut kept = Vec::new();
    let changes = systematic(changes, old, new, transform, &mut kept);
    let mut loose: Vec<(Change, Rect)> = Vec::new();
    for change in changes {
        match extent(&change, transform) {
            Some(r) if r.area() <= WIDE * page => loose.push((change, r)),
            _ => kept.push(change),
        }
    }
    if loose.len() > FEW {
        // What is repeated all over the sheet stands alone each time.
        let lonely: FxHashSet<usize> = cluster(loose.len(), |i| [loose[i].1], gap)
            .into_iter()
            .filter(|members| members.len() == 1)
            .flatten()
            .filter(|&i| alike.get(&look(&loose[i].0, &loose[i].1)) >= Some(&REPEATED))
            .collect();
        let mut index = 0;
        loose.retain(|(change, _)| {
            let alone = lonely.contains(&index);
            index += 1;
            if alone {
                kept.push(change.clone());
            }
            !alone
        });
    }
    if loose.len() <= FEW {
        kept.extend(loose.into_iter().map(|(change, _)| change));
        return kept;
    }
    kept.extend(fewer_changes(loose, old, new, 0.3 * gap));
    kept
}

/// Neighbours put together until few are left, or what is left lies far apart; `reach`
/// is the distance, in points, to begin with.
fn fewer_changes(
    loose: Vec<(Change, Rect)>,
    old: &Page,
    new: &Page,
    mut reach: f32,
) -> Vec<Change> {
    let places: Vec<Rect> = loose.iter().map(|(_, r)| *r).collect();
    let mut clusters = together(&places, reach, new.size);
    while clusters.len() > FEW && reach < FARTHEST {
        reach *= GROWTH;
        clusters = together(&places, reach, new.size);
    }
    let mut loose: Vec<Option<Change>> = loose.into_iter().map(|(c, _)| Some(c)).collect();
    clusters
        .into_iter()
        .filter_map(|members| {
            let members: Vec<Change> = members.iter().filter_map(|&i| loose[i].take()).collect();
            joined(members, old, new)
        })
        .collect()
}

/// Takes out what changed its look in the same way in many places: that is one edit,
/// told in its own words, whatever else was reworked beside it.
fn systematic(
    changes: Vec<Change>,
    old: &Page,
    new: &Page,
    transform: &Transform,
    kept: &mut Vec<Change>,
) -> Vec<Change> {
    let mut index: FxHashMap<String, usize> = FxHashMap::default();
    let mut edits: Vec<Vec<(Change, Rect)>> = Vec::new();
    let mut rest = Vec::new();
    for change in changes {
        match extent(&change, transform) {
            Some(r) if change.op == Op::Restyled => {
                let edit = without_place(&change.summary).to_owned();
                let slot = *index.entry(edit).or_insert_with(|| {
                    edits.push(Vec::new());
                    edits.len() - 1
                });
                edits[slot].push((change, r));
            }
            _ => rest.push(change),
        }
    }
    for edit in edits {
        match edit.len() {
            0..REPEATED => rest.extend(edit.into_iter().map(|(change, _)| change)),
            REPEATED..=FEW => kept.extend(edit.into_iter().map(|(change, _)| change)),
            _ => kept.extend(fewer_changes(edit, old, new, NEXT)),
        }
    }
    rest
}

/// Groups of places no further apart than `reach`; where one would sprawl over
/// the page, its places by [`TILES`]² parts of the page.
fn together(places: &[Rect], reach: f32, page: [f32; 2]) -> Vec<Vec<usize>> {
    let mut groups = Vec::new();
    for group in cluster(places.len(), |i| [places[i]], reach) {
        let whole = group.iter().map(|&i| places[i]).reduce(|a, b| a.union(&b));
        if group.len() < 2 || whole.is_none_or(|r| r.area() <= WIDE * page[0] * page[1]) {
            groups.push(group);
            continue;
        }
        let mut tiles: Vec<Vec<usize>> = vec![Vec::new(); TILES * TILES];
        for i in group {
            let [column, row] = [0, 1].map(|k| {
                let part = TILES as f32 * places[i].center()[k] / page[k].max(1.0);
                (part.max(0.0) as usize).min(TILES - 1)
            });
            tiles[row * TILES + column].push(i);
        }
        groups.extend(tiles.into_iter().filter(|tile| !tile.is_empty()));
    }
    groups
}

/// What changes of one systematic edit have in common: operation and size.
fn look(change: &Change, extent: &Rect) -> (Op, [i32; 2]) {
    let size = [extent.width(), extent.height()];
    (change.op, size.map(|v| (2.0 * v).round() as i32))
}

/// Where a change is to be seen, in the space of the new page.
fn extent(change: &Change, transform: &Transform) -> Option<Rect> {
    let all = |spot: &Spot| spot.boxes.iter().copied().reduce(|a, b| a.union(&b));
    match (&change.new, &change.old) {
        (Some(spot), _) => all(spot),
        (None, Some(spot)) => all(spot).map(|r| transform.apply_rect(&r)),
        (None, None) => None,
    }
}

/// Neighbouring changes as one.
fn joined(mut members: Vec<Change>, old: &Page, new: &Page) -> Option<Change> {
    if members.len() < 2 {
        return members.pop();
    }
    let count = |op: Op| members.iter().filter(|c| c.op == op).count();
    let only = [Op::Added, Op::Removed, Op::Moved, Op::Restyled]
        .into_iter()
        .find(|op| count(*op) == members.len());
    let spots = |of: fn(&Change) -> Option<&Spot>, page: &Page| -> Option<Spot> {
        let boxes = fewer(
            members
                .iter()
                .filter_map(of)
                .flat_map(|s| s.boxes.iter().copied())
                .collect(),
        );
        (!boxes.is_empty()).then(|| Spot {
            page: page.number,
            boxes,
            text: String::new(),
        })
    };
    let (was, is) = (
        spots(|c| c.old.as_ref(), old),
        spots(|c| c.new.as_ref(), new),
    );
    let (page, spot) = match (&is, &was) {
        (Some(spot), _) => (new, spot),
        (None, Some(spot)) => (old, spot),
        (None, None) => return None,
    };
    let around = spot.boxes.iter().copied().reduce(|a, b| a.union(&b))?;
    let parts: Vec<String> = [
        (Op::Added, "added"),
        (Op::Removed, "removed"),
        (Op::Replaced, "changed"),
        (Op::Moved, "moved"),
        (Op::Restyled, "restyled"),
    ]
    .into_iter()
    .filter(|(op, _)| count(*op) > 0)
    .map(|(op, verb)| format!("{} {verb}", count(op)))
    .collect();
    let place = place::name(page, &around);
    let edit = without_place(&members[0].summary);
    let alike = members.iter().all(|c| without_place(&c.summary) == edit);
    let summary = if only == Some(Op::Restyled) && alike {
        format!("{edit} {place}: {} places", members.len())
    } else {
        let parts = parts.join(", ");
        format!(
            "Drawing reworked {place}: {} places, {parts}",
            members.len()
        )
    };
    Some(Change {
        id: 0,
        kind: ChangeKind::Drawing,
        op: only.unwrap_or(Op::Replaced),
        summary,
        old: was,
        new: is,
        evidence: Evidence {
            paths: Some(true),
            reason: "paths differ".to_owned(),
            ..Evidence::default()
        },
        group: None,
    })
}

/// The boxes gathered until they are few enough to be drawn.
fn fewer(boxes: Vec<Rect>) -> Vec<Rect> {
    let mut boxes = boxes;
    let mut reach = 2.0;
    while boxes.len() > MOST_BOXES {
        boxes = cluster(boxes.len(), |i| [boxes[i]], reach)
            .into_iter()
            .filter_map(|members| {
                members
                    .into_iter()
                    .map(|i| boxes[i])
                    .reduce(|a, b| a.union(&b))
            })
            .collect();
        reach *= 2.0;
    }
    boxes
}

#[cfg(test)]
mod tests {
    use super::super::tests::Pen;
    use super::*;
    use crate::Options;

    /// `count` lines in a row, `apart` points from one to the next.
    fn rework(count: usize, apart: f32) -> Vec<Change> {
        let (old, mut new) = (Pen::new(), Pen::new());
        for i in 0..count {
            let x = 20.0 + apart * i as f32;
            new.line([x, 100.0], [x, 104.0 + i as f32]);
        }
        super::super::compare(&old.0, &new.0, &Transform::IDENTITY, &Options::default())
    }

    #[test]
    fn a_few_changes_stay_apart() {
        assert_eq!(rework(10, 25.0).len(), 10);
    }

    #[test]
    fn many_neighbours_are_few_regions() {
        let changes = rework(60, 9.0);
        assert!(changes.len() <= FEW, "{}", changes.len());
        let spots: Vec<&Spot> = changes.iter().filter_map(|c| c.new.as_ref()).collect();
        assert!(spots.iter().all(|spot| spot.boxes.len() <= MOST_BOXES));
        let boxes: Vec<Rect> = spots.iter().flat_map(|s| s.boxes.clone()).collect();
        for i in 0..60 {
            let top = [20.0 + 9.0 * i as f32, 101.0];
            assert!(
                boxes.iter().any(|r| r.contains(top)),
                "{top:?} is in no box"
            );
        }
        assert!(changes.iter().all(|c| c.op == Op::Added));
    }
}
