//! Which reports touch which truths.

use model::{PageStatus, Rect, Spot};

use super::changes::{ChangeList, Reported};
use super::geometry::{GROW, covered, overlap, touch};
use crate::truth::{Sides, Truth, Truths};

/// A report larger than this (square points) and [`SPRAWL`] times larger than
/// the truth it touches says “somewhere here”: it is false and finds nothing.
const LARGE: f32 = 15_000.0;
/// See [`LARGE`].
const SPRAWL: f32 = 10.0;

/// Result for one truth.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthResult {
    /// Id of the truth.
    pub id: u32,
    /// Indices of the reports of a fitting kind that touch it.
    pub by: Vec<usize>,
    /// Whether one of them names the right operation.
    pub op_right: bool,
    /// Intersection over union of its boxes and theirs; 0 where not found.
    pub iou: f32,
}

/// Result for one case.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseScore {
    /// The truths.
    pub truths: Vec<TruthResult>,
    /// Indices of false reports.
    pub false_reports: Vec<usize>,
    /// Reports that count (without noise and what page events explain).
    pub reports: usize,
    /// Page events that are true.
    pub events: usize,
    /// Of these, reported.
    pub events_found: usize,
    /// Page events reported that are not true.
    pub false_events: Vec<super::changes::ReportedPage>,
    /// For a systematic edit: truths of the group, and how many of them one
    /// group of the report holds.
    pub grouped: Option<(usize, usize)>,
}

impl CaseScore {
    /// Truths found.
    pub fn found(&self) -> usize {
        self.truths.iter().filter(|t| !t.by.is_empty()).count()
    }

    /// Whether everything true and nothing false was reported.
    pub fn is_perfect(&self) -> bool {
        self.found() == self.truths.len()
            && self.false_reports.is_empty()
            && self.events_found == self.events
            && self.false_events.is_empty()
    }
}

fn places(truth: &Truth) -> impl Iterator<Item = Sides> {
    std::iter::once(Sides {
        old: truth.old.clone(),
        new: truth.new.clone(),
    })
    .chain(truth.also.iter().cloned())
}

/// Boxes of a truth on one page of one side.
fn truth_boxes(truth: &Truth, new: bool, page: u32) -> Vec<Rect> {
    places(truth)
        .filter_map(|p| if new { p.new } else { p.old })
        .filter(|spot| spot.page == page)
        .flat_map(|spot| spot.boxes)
        .collect()
}

fn sides(change: &Reported) -> [(bool, Option<&Spot>); 2] {
    [(false, change.old.as_ref()), (true, change.new.as_ref())]
}

fn touches(change: &Reported, truth: &Truth) -> bool {
    // What belongs to the document as a whole has no place.
    if truth
        .old
        .as_ref()
        .or(truth.new.as_ref())
        .is_some_and(|spot| spot.page == 0)
    {
        return change.kind == truth.kind;
    }
    sides(change).into_iter().any(|(new, spot)| {
        spot.is_some_and(|spot| {
            truth_boxes(truth, new, spot.page)
                .iter()
                .any(|t| spot.boxes.iter().any(|b| touch(t, b)))
        })
    })
}

/// Whether the report covers far more than the truths it touches.
fn sprawls(change: &Reported, touched: &[&Truth]) -> bool {
    sides(change).into_iter().any(|(new, spot)| {
        spot.is_some_and(|spot| {
            let area = covered(&spot.boxes);
            let truth: Vec<Rect> = touched
                .iter()
                .flat_map(|t| truth_boxes(t, new, spot.page))
                .collect();
            area > LARGE && area > SPRAWL * covered(&truth).max(1.0)
        })
    })
}

/// Whether a page event of the truth explains changes there.
fn explained(change: &Reported, truths: &Truths) -> bool {
    truths.pages.iter().flatten().any(|event| {
        let on =
            |page: Option<u32>, spot: Option<&Spot>| page.is_some() && page == spot.map(|s| s.page);
        on(event.old, change.old.as_ref()) || on(event.new, change.new.as_ref())
    })
}

/// Scores one comparison.
pub fn score(truths: &Truths, list: &ChangeList) -> CaseScore {
    let mut result = CaseScore::default();
    let mut by: Vec<Vec<usize>> = vec![Vec::new(); truths.truths.len()];
    for (index, change) in list
        .changes
        .iter()
        .enumerate()
        .filter(|(_, c)| !c.evidence.noise)
    {
        let touched: Vec<usize> = (0..truths.truths.len())
            .filter(|t| touches(change, &truths.truths[*t]))
            .collect();
        let list: Vec<&Truth> = touched.iter().map(|t| &truths.truths[*t]).collect();
        let sprawling = sprawls(change, &list);
        if touched.is_empty() && explained(change, truths) {
            continue;
        }
        result.reports += 1;
        if touched.is_empty() || sprawling {
            result.false_reports.push(index);
            continue;
        }
        for t in touched {
            let truth = &truths.truths[t];
            if truth.kind == change.kind || truth.accepts.contains(&change.kind) {
                by[t].push(index);
            }
        }
    }
    for (truth, by) in truths.truths.iter().zip(by) {
        let found: Vec<&Reported> = by.iter().map(|i| &list.changes[*i]).collect();
        result.truths.push(TruthResult {
            id: truth.id,
            op_right: found.iter().any(|c| c.op == Some(truth.op)),
            iou: tightness(truth, &found),
            by,
        });
    }
    events(truths, list, &mut result);
    result.grouped = grouped(truths, list, &result);
    result
}

/// Mean intersection over union on the sides and pages where both have boxes.
fn tightness(truth: &Truth, found: &[&Reported]) -> f32 {
    let mut values = Vec::new();
    for new in [false, true] {
        let pages: std::collections::BTreeSet<u32> = places(truth)
            .filter_map(|p| if new { p.new } else { p.old })
            .map(|s| s.page)
            .collect();
        for page in pages {
            let grow =
                |rects: Vec<Rect>| -> Vec<Rect> { rects.iter().map(|r| r.inflate(GROW)).collect() };
            let wanted = grow(truth_boxes(truth, new, page));
            let got = grow(
                found
                    .iter()
                    .filter_map(|c| if new { c.new.as_ref() } else { c.old.as_ref() })
                    .filter(|s| s.page == page)
                    .flat_map(|s| s.boxes.iter().copied())
                    .collect(),
            );
            if !got.is_empty() && !wanted.is_empty() {
                let (both, either) = overlap(&wanted, &got);
                values.push(if either > 0.0 { both / either } else { 0.0 });
            }
        }
    }
    if values.is_empty() {
        0.0
    } else {
        values.iter().sum::<f32>() / values.len() as f32
    }
}

fn events(truths: &Truths, list: &ChangeList, result: &mut CaseScore) {
    let Some(wanted) = &truths.pages else { return };
    result.events = wanted.len();
    let moves = |s: PageStatus| {
        matches!(
            s,
            PageStatus::Inserted | PageStatus::Deleted | PageStatus::Moved
        )
    };
    for page in list.pages.iter().filter(|p| moves(p.status)) {
        if wanted
            .iter()
            .any(|w| w.old == page.old && w.new == page.new && w.status == page.status)
        {
            result.events_found += 1;
        } else {
            result.false_events.push(*page);
        }
    }
}

fn grouped(truths: &Truths, list: &ChangeList, result: &CaseScore) -> Option<(usize, usize)> {
    let members: Vec<usize> = (0..truths.truths.len())
        .filter(|i| truths.truths[*i].group.is_some())
        .collect();
    if members.len() < 2 {
        return None;
    }
    let mut counts: std::collections::BTreeMap<u32, usize> = std::collections::BTreeMap::new();
    for t in &members {
        let mut groups: Vec<u32> = result.truths[*t]
            .by
            .iter()
            .filter_map(|i| list.changes[*i].group)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            *counts.entry(group).or_default() += 1;
        }
    }
    Some((members.len(), counts.into_values().max().unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use model::{ChangeKind, Op};

    use super::*;
    use crate::score::changes::{ReportedEvidence, ReportedPage};
    use crate::truth::{Class, FORMAT, PageEvent};

    fn spot(page: u32, rect: [f32; 4]) -> Spot {
        Spot {
            page,
            boxes: vec![Rect::from(rect)],
            text: String::new(),
        }
    }

    fn case() -> Truths {
        Truths {
            format: FORMAT.into(),
            id: "x-1".into(),
            kind: "x".into(),
            class: Class::Text,
            seed: 1,
            truths: vec![Truth {
                id: 1,
                kind: ChangeKind::Text,
                op: Op::Replaced,
                what: String::new(),
                old: Some(spot(1, [100.0, 100.0, 140.0, 112.0])),
                new: Some(spot(1, [100.0, 100.0, 150.0, 112.0])),
                also: Vec::new(),
                group: None,
                accepts: Vec::new(),
            }],
            pages: Some(Vec::new()),
        }
    }

    fn report(kind: ChangeKind, rect: [f32; 4]) -> Reported {
        Reported {
            kind,
            op: Some(Op::Replaced),
            old: None,
            new: Some(spot(1, rect)),
            summary: String::new(),
            evidence: ReportedEvidence::default(),
            group: None,
        }
    }

    fn scored(changes: Vec<Reported>) -> CaseScore {
        score(
            &case(),
            &ChangeList {
                changes,
                ..ChangeList::default()
            },
        )
    }

    #[test]
    fn an_empty_report_finds_nothing() {
        let result = scored(Vec::new());
        assert_eq!((result.found(), result.reports), (0, 0));
    }

    #[test]
    fn the_right_box_is_found_and_tight() {
        let result = scored(vec![report(ChangeKind::Text, [100.0, 100.0, 150.0, 112.0])]);
        assert!(result.is_perfect() && result.truths[0].op_right);
        assert!(result.truths[0].iou > 0.99);
    }

    #[test]
    fn a_whole_page_box_is_false_and_finds_nothing() {
        let result = scored(vec![report(ChangeKind::Text, [0.0, 0.0, 595.0, 842.0])]);
        assert_eq!((result.found(), result.false_reports.len()), (0, 1));
    }

    #[test]
    fn another_kind_explains_but_does_not_find() {
        let result = scored(vec![report(
            ChangeKind::Image,
            [100.0, 100.0, 150.0, 112.0],
        )]);
        assert_eq!((result.found(), result.false_reports.len()), (0, 0));
    }

    #[test]
    fn another_page_is_false() {
        let mut elsewhere = report(ChangeKind::Text, [100.0, 100.0, 150.0, 112.0]);
        if let Some(spot) = &mut elsewhere.new {
            spot.page = 2;
        }
        assert_eq!(scored(vec![elsewhere]).false_reports, vec![0]);
    }

    #[test]
    fn noise_does_not_count() {
        let mut noise = report(ChangeKind::Pixels, [300.0, 300.0, 310.0, 310.0]);
        noise.evidence.noise = true;
        assert_eq!(scored(vec![noise]).reports, 0);
    }

    #[test]
    fn page_events_explain_what_is_on_their_pages() {
        let mut truths = case();
        truths.pages = Some(vec![PageEvent {
            old: None,
            new: Some(3),
            status: PageStatus::Inserted,
        }]);
        let mut on_page = report(ChangeKind::Text, [10.0, 10.0, 90.0, 90.0]);
        if let Some(spot) = &mut on_page.new {
            spot.page = 3;
        }
        let pages = vec![
            ReportedPage {
                old: None,
                new: Some(3),
                status: PageStatus::Inserted,
            },
            ReportedPage {
                old: Some(2),
                new: None,
                status: PageStatus::Deleted,
            },
        ];
        let result = score(
            &truths,
            &ChangeList {
                changes: vec![on_page],
                pages,
                failed: None,
            },
        );
        assert_eq!(
            (
                result.reports,
                result.events_found,
                result.false_events.len()
            ),
            (0, 1, 1)
        );
    }
}
