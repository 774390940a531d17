//! Drawings, schematics and forms: labels matched by place, because nothing
//! orders them reliably.

use std::collections::BTreeMap;

use model::{Change, Evidence, Op, Page, Rect, Spot, Word};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Ignored, Unread, change,
    edits::alike,
    flow::Share,
    furniture::Furniture,
    spot::Lines,
    token::{WordAt, is_soup},
};
use crate::{
    Options,
    align::PagePair,
    cell::floor,
    drawing::{cluster::Sets, place},
    style::WordPair,
    summary,
};

/// Share of the words that must be found again, at their place or elsewhere, for
/// labels to be matched one by one.
const FOUND: f32 = 0.6;

/// Words of one line further apart than this, in heights, are labels of their
/// own.
const APART: f32 = 1.5;

/// Labels of one text that are looked at, on either side.
const MOST_ALIKE: usize = 50;

/// More pairs than this are not tried each with each.
const MOST_PAIRS: usize = 20_000_000;

/// Equal words this near, in points, are the same word, whatever the order.
const GENEROUS: f32 = 2.5;

/// A label that moved farther than this is another label of the same text,
/// unless its text is unique or others went along.
const MODEST: f32 = 150.0;

/// What the labels of all such pages say.
#[derive(Default)]
pub struct Outcome {
    /// Old pages compared here, not in the stream.
    pub old_pages: FxHashSet<usize>,
    /// New pages compared here.
    pub new_pages: FxHashSet<usize>,
    /// Changes, page by page.
    pub changes: Vec<Change>,
    /// Words that are the same on both sides.
    pub same: Vec<WordPair>,
    /// By page pair.
    pub shares: BTreeMap<usize, Share>,
}

/// Compares the page pairs that are label soup on both sides and whose words
/// mostly kept their place.
pub fn compare(
    [(old, old_furniture), (new, new_furniture)]: [(&[&Page], &Furniture); 2],
    pairs: &[PagePair],
    ignored: &Ignored<'_>,
    unread: &Unread,
    options: &Options,
) -> Outcome {
    let results: Vec<Option<(usize, PageOutcome)>> = pairs
        .par_iter()
        .enumerate()
        .map(|(index, pair)| {
            let (o, n) = (pair.old?, pair.new?);
            if unread.has(pair) {
                return None;
            }
            let (old_page, new_page) = (old.get(o)?, new.get(n)?);
            if !is_soup(old_page) || !is_soup(new_page) {
                return None;
            }
            let sheet = Sheet {
                old: old_page,
                new: new_page,
                pair,
                fold_case: options.ignore.case,
            };
            let keep_old: Vec<usize> = (0..old_page.words.len())
                .filter(|&w| !ignored.old_word(o, w) && !old_furniture.has(o, w))
                .collect();
            let keep_new: Vec<usize> = (0..new_page.words.len())
                .filter(|&w| !ignored.new_word(n, w) && !new_furniture.has(n, w))
                .collect();
            Some((index, sheet.compare(keep_old, keep_new, options)?))
        })
        .collect();
    let mut outcome = Outcome::default();
    for (index, page) in results.into_iter().flatten() {
        let (Some(o), Some(n)) = (pairs[index].old, pairs[index].new) else {
            continue;
        };
        outcome.old_pages.insert(o);
        outcome.new_pages.insert(n);
        outcome.changes.extend(page.changes);
        outcome.shares.insert(index, page.share);
        outcome
            .same
            .extend(page.same.into_iter().map(|(a, b)| WordPair {
                old: WordAt {
                    page: o as u32,
                    word: a as u32,
                },
                new: WordAt {
                    page: n as u32,
                    word: b as u32,
                },
            }));
    }
    outcome
}

struct PageOutcome {
    changes: Vec<Change>,
    same: Vec<(usize, usize)>,
    share: Share,
}

/// One page pair.
struct Sheet<'a> {
    old: &'a Page,
    new: &'a Page,
    pair: &'a PagePair,
    fold_case: bool,
}

/// Neighbouring words of one line that share a fate.
struct Label {
    words: Vec<usize>,
    text: String,
    /// Box in points of the new page.
    bounds: Rect,
}

impl Sheet<'_> {
    /// `None` where too few words are found again.
    fn compare(
        &self,
        mut gone: Vec<usize>,
        mut come: Vec<usize>,
        options: &Options,
    ) -> Option<PageOutcome> {
        let total = gone.len() + come.len();
        let least = gone.len().min(come.len());
        let mut same = self.in_place(&mut gone, &mut come);
        let mut old_labels = group(self.old, &gone, |b| self.pair.transform.apply_rect(b));
        let mut new_labels = group(self.new, &come, |b| *b);
        same.extend(take_resplit(&mut old_labels, &mut new_labels));
        // On a sheet that was laid out anew even the shortest name is the same
        // part elsewhere; on others it is likelier that parts were renamed.
        let anew = (same.len() as f32) < FOUND * least as f32;
        let mut moved = take_telling(&mut old_labels, &mut new_labels, anew);
        moved.extend(take_along(&mut old_labels, &mut new_labels, &moved));
        moved.extend(take_near(&mut old_labels, &mut new_labels));
        let found = same.len() + moved.iter().map(|(a, _)| a.words.len()).sum::<usize>();
        if (found as f32) < FOUND * least as f32 || least == 0 {
            return None;
        }
        let replaced = take_replaced(&mut old_labels, &mut new_labels);

        let mut changes = Vec::new();
        for (a, b) in replaced {
            changes.push(change(Some(spot(self.old, &a)), Some(spot(self.new, &b))));
        }
        for a in &old_labels {
            changes.push(change(Some(spot(self.old, a)), None));
        }
        for b in &new_labels {
            changes.push(change(None, Some(spot(self.new, b))));
        }
        for (a, b) in &moved {
            same.extend(a.words.iter().copied().zip(b.words.iter().copied()));
        }
        if !options.ignore.moves {
            changes.extend(self.moved_changes(&moved));
        }
        let equal = 2 * same.len();
        same.sort_unstable_by_key(|&(_, b)| b);
        Some(PageOutcome {
            changes,
            same,
            share: Share {
                equal: equal as u32,
                total: total as u32,
            },
        })
    }

    fn key<'w>(&self, word: &'w Word) -> std::borrow::Cow<'w, str> {
        if self.fold_case {
            word.text.to_lowercase().into()
        } else {
            word.text.as_str().into()
        }
    }

    /// Takes out the words of equal text that stand at the same place, nearest
    /// first.
    fn in_place(&self, gone: &mut Vec<usize>, come: &mut Vec<usize>) -> Vec<(usize, usize)> {
        let mut places: FxHashMap<(std::borrow::Cow<'_, str>, i32, i32), Vec<usize>> =
            FxHashMap::default();
        for &at in come.iter() {
            let word = &self.new.words[at];
            let [x, y] = corner(&word.bounds);
            places
                .entry((self.key(word), cell(x), cell(y)))
                .or_default()
                .push(at);
        }
        let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
        for &at in gone.iter() {
            let word = &self.old.words[at];
            let bounds = self.pair.transform.apply_rect(&word.bounds);
            let [x, y] = corner(&bounds);
            for dx in -1..=1 {
                for dy in -1..=1 {
                    let key = (
                        self.key(word),
                        cell(x).saturating_add(dx),
                        cell(y).saturating_add(dy),
                    );
                    for &to in places.get(&key).into_iter().flatten().take(8) {
                        let distance = apart(&bounds, &self.new.words[to].bounds);
                        if distance <= GENEROUS {
                            candidates.push((distance, at, to));
                        }
                    }
                }
            }
        }
        candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut old_taken = vec![false; self.old.words.len()];
        let mut new_taken = vec![false; self.new.words.len()];
        let mut same = Vec::new();
        for (_, a, b) in candidates {
            if !old_taken[a] && !new_taken[b] {
                old_taken[a] = true;
                new_taken[b] = true;
                same.push((a, b));
            }
        }
        gone.retain(|&a| !old_taken[a]);
        come.retain(|&b| !new_taken[b]);
        same
    }

    /// Moved labels; neighbours that moved alike are one change.
    fn moved_changes(&self, moved: &[(Label, Label)]) -> Vec<Change> {
        const ALIKE: f32 = 1.0;
        const NEIGHBOURS: f32 = 60.0;
        let ways: Vec<[f32; 2]> = moved.iter().map(|(a, b)| way(a, b)).collect();
        let mut sets = Sets::new(moved.len());
        for i in 0..moved.len() {
            let around = moved[i].1.bounds.inflate(NEIGHBOURS);
            for j in 0..i {
                if close(ways[i], ways[j], ALIKE) && around.overlaps(&moved[j].1.bounds) {
                    sets.join(i, j);
                }
            }
        }
        let mut clusters: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..moved.len() {
            clusters.entry(sets.find(i)).or_default().push(i);
        }
        clusters
            .into_values()
            .filter_map(|cluster| {
                let first = &moved[*cluster.first()?];
                let merged = |page: &Page, side: fn(&(Label, Label)) -> &Label| {
                    let spots: Vec<Spot> = cluster
                        .iter()
                        .map(|&i| spot(page, side(&moved[i])))
                        .collect();
                    Spot {
                        page: page.number,
                        boxes: spots.iter().flat_map(|s| s.boxes.iter().copied()).collect(),
                        text: spots
                            .iter()
                            .map(|s| s.text.as_str())
                            .collect::<Vec<_>>()
                            .join(" "),
                    }
                };
                let from = merged(self.old, |m| &m.0);
                let to = merged(self.new, |m| &m.1);
                let [dx, dy] = way(&first.0, &first.1);
                let summary = format!(
                    "moved {} {}",
                    summary::quote(&to.text),
                    summary::displacement(dx, dy)
                );
                Some(Change {
                    op: Op::Moved,
                    summary,
                    evidence: Evidence {
                        text: Some(true),
                        reason: "the same words stand elsewhere on the page".to_owned(),
                        ..Evidence::default()
                    },
                    ..change(Some(from), Some(to))
                })
            })
            .collect()
    }
}

fn way(a: &Label, b: &Label) -> [f32; 2] {
    let ([ax, ay], [bx, by]) = (corner(&a.bounds), corner(&b.bounds));
    [bx - ax, by - ay]
}

fn close(a: [f32; 2], b: [f32; 2], reach: f32) -> bool {
    (a[0] - b[0]).abs() <= reach && (a[1] - b[1]).abs() <= reach
}

fn corner(bounds: &Rect) -> [f32; 2] {
    [bounds.x0, bounds.y0]
}

fn cell(v: f32) -> i32 {
    floor(v / GENEROUS)
}

/// How far two boxes are from each other, by their nearest common anchor: the
/// left, middle or right of the text, whichever it is aligned by.
fn apart(a: &Rect, b: &Rect) -> f32 {
    let x = (a.x0 - b.x0)
        .abs()
        .min((a.x1 - b.x1).abs())
        .min((a.center()[0] - b.center()[0]).abs());
    let y = (a.y0 - b.y0)
        .abs()
        .min((a.y1 - b.y1).abs())
        .min((a.center()[1] - b.center()[1]).abs());
    let distance = x.max(y);
    if distance.is_nan() {
        f32::INFINITY
    } else {
        distance
    }
}

/// Groups leftover words that follow each other on a line.
fn group(page: &Page, words: &[usize], map: impl Fn(&Rect) -> Rect) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    for &at in words {
        let word = &page.words[at];
        let bounds = map(&word.bounds);
        if let Some(open) = labels.last_mut()
            && let Some(&last) = open.words.last()
            && last + 1 == at
            && page.words[last].line == word.line
            && page.words[last].block == word.block
            && bounds.x0 - open.bounds.x1 <= APART * bounds.height().max(open.bounds.height())
        {
            if !word.joined {
                open.text.push(' ');
            }
            open.text.push_str(&word.text);
            open.words.push(at);
            open.bounds = open.bounds.union(&bounds);
            continue;
        }
        labels.push(Label {
            words: vec![at],
            text: word.text.clone(),
            bounds,
        });
    }
    labels
}

/// Takes out labels that read the same at the same place, whichever end of them that
/// is, even if they are cut into words differently; gives the words that are cut alike.
fn take_resplit(old: &mut Vec<Label>, new: &mut Vec<Label>) -> Vec<(usize, usize)> {
    let mut same = Vec::new();
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return same;
    }
    let letters =
        |label: &Label| -> String { label.text.chars().filter(|c| !c.is_whitespace()).collect() };
    old.retain(|a| {
        let found = new.iter().position(|b| {
            a.bounds.inflate(1.0).overlaps(&b.bounds)
                && apart(&a.bounds, &b.bounds) <= GENEROUS
                && letters(a) == letters(b)
        });
        if let Some(at) = found {
            let b = new.remove(at);
            if a.words.len() == b.words.len() {
                same.extend(a.words.iter().copied().zip(b.words));
            }
        }
        found.is_none()
    });
    same
}

/// Takes out labels that read like no other and stand elsewhere now, wherever
/// that is. Parts have short names, which count only `anew`.
fn take_telling(old: &mut Vec<Label>, new: &mut Vec<Label>, anew: bool) -> Vec<(Label, Label)> {
    // A value like “10k” says nothing about which part it belongs to.
    let named = |text: &str| text.chars().count() >= 4 || anew && place::designator(text);
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for (text, (from, to)) in by_text(old, new) {
        if let ([i], [j]) = (&from[..], &to[..])
            && named(text)
        {
            candidates.push((0.0, *i, *j));
        }
    }
    candidates.sort_unstable_by_key(|&(_, i, j)| (i, j));
    take(old, new, &candidates)
}

/// Takes out labels that went the way several of those `moved` before went: the
/// values of a circuit that was pushed aside.
fn take_along(
    old: &mut Vec<Label>,
    new: &mut Vec<Label>,
    moved: &[(Label, Label)],
) -> Vec<(Label, Label)> {
    const SEVERAL: usize = 3;
    const REACH: f32 = 1.0;
    let mut votes: BTreeMap<[i32; 2], Vec<[f32; 2]>> = BTreeMap::new();
    for (a, b) in moved {
        let way = way(a, b);
        let bin = way.map(|v| v.round() as i32);
        votes.entry(bin).or_default().push(way);
    }
    let mut ways: Vec<Vec<[f32; 2]>> = votes.into_values().collect();
    ways.retain(|list| list.len() >= SEVERAL);
    ways.sort_by_key(|list| std::cmp::Reverse(list.len()));
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    let texts = by_text(old, new);
    for (rank, list) in ways.iter().enumerate() {
        let mean = [0, 1].map(|k| list.iter().map(|way| way[k]).sum::<f32>() / list.len() as f32);
        for (from, to) in texts.values() {
            for &i in from.iter().take(MOST_ALIKE) {
                let fits = |j: &&usize| close(way(&old[i], &new[**j]), mean, REACH);
                if let Some(&j) = to.iter().take(MOST_ALIKE).find(fits) {
                    candidates.push((rank as f32, i, j));
                }
            }
        }
    }
    drop(texts);
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    take(old, new, &candidates)
}

/// Takes out labels of equal text that stand elsewhere now, but not far away:
/// the nearest first.
fn take_near(old: &mut Vec<Label>, new: &mut Vec<Label>) -> Vec<(Label, Label)> {
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for (from, to) in by_text(old, new).values() {
        for &i in from.iter().take(MOST_ALIKE) {
            for &j in to.iter().take(MOST_ALIKE) {
                let distance = apart(&old[i].bounds, &new[j].bounds);
                if distance <= MODEST {
                    candidates.push((distance, i, j));
                }
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    take(old, new, &candidates)
}

/// The labels of each text that is left on both sides.
fn by_text<'l>(old: &'l [Label], new: &'l [Label]) -> BTreeMap<&'l str, (Vec<usize>, Vec<usize>)> {
    let mut texts: BTreeMap<&str, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (i, label) in old.iter().enumerate() {
        texts.entry(&label.text).or_default().0.push(i);
    }
    for (j, label) in new.iter().enumerate() {
        if let Some(entry) = texts.get_mut(label.text.as_str()) {
            entry.1.push(j);
        }
    }
    texts.retain(|_, (_, to)| !to.is_empty());
    texts
}

/// Takes out labels of different text that stand at the same place.
fn take_replaced(old: &mut Vec<Label>, new: &mut Vec<Label>) -> Vec<(Label, Label)> {
    if old.len().saturating_mul(new.len()) > MOST_PAIRS {
        return Vec::new();
    }
    let mut candidates: Vec<(f32, usize, usize)> = Vec::new();
    for (i, a) in old.iter().enumerate() {
        for (j, b) in new.iter().enumerate() {
            let height = a.bounds.height().min(a.bounds.width());
            if !a.bounds.inflate(0.3 * height.max(0.0)).overlaps(&b.bounds) {
                continue;
            }
            let distance = apart(&a.bounds, &b.bounds);
            if distance <= height.max(2.0) {
                // The label that reads most alike is the likeliest.
                candidates.push((distance - 4.0 * alike(&a.text, &b.text), i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    take(old, new, &candidates)
}

fn take(
    old: &mut Vec<Label>,
    new: &mut Vec<Label>,
    candidates: &[(f32, usize, usize)],
) -> Vec<(Label, Label)> {
    let mut before: Vec<Option<Label>> = old.drain(..).map(Some).collect();
    let mut after: Vec<Option<Label>> = new.drain(..).map(Some).collect();
    let mut taken = Vec::new();
    for &(_, i, j) in candidates {
        if before[i].is_some()
            && after[j].is_some()
            && let (Some(a), Some(b)) = (before[i].take(), after[j].take())
        {
            taken.push((a, b));
        }
    }
    old.extend(before.into_iter().flatten());
    new.extend(after.into_iter().flatten());
    taken
}

fn spot(page: &Page, label: &Label) -> Spot {
    let mut lines = Lines::default();
    for word in label.words.iter().filter_map(|&w| page.words.get(w)) {
        lines.add(word, word.bounds);
    }
    Spot {
        page: page.number,
        boxes: lines.boxes,
        text: label.text.clone(),
    }
}
