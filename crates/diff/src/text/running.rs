//! Changed page furniture: one change for a whole run of pages.

use model::{Change, ChangeKind, Evidence, Op, Page, Rect, Spot};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    furniture::{Furniture, Line},
    spot::Lines,
};
use crate::{
    Options,
    align::PagePair,
    evidence::{letters, read_by_two_engines},
    summary,
};

/// What changed in the furniture.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One change for each edit, on the first page that shows it.
    pub changes: Vec<Change>,
    /// Boxes of changed furniture per page pair, old and new: what pixels will
    /// show and `changes` explains.
    pub boxes: FxHashMap<usize, [Vec<Rect>; 2]>,
}

/// One edit and the page pairs that show it.
struct Edit {
    change: Change,
    place: &'static str,
    pages: u32,
}

/// Compares the furniture of paired pages.
pub fn compare(
    old: (&[&Page], &Furniture),
    new: (&[&Page], &Furniture),
    pairs: &[PagePair],
    options: &Options,
) -> Outcome {
    let mut outcome = Outcome::default();
    let old_lines = by_page(old.1);
    let new_lines = by_page(new.1);
    let texts =
        |f: &Furniture| -> FxHashSet<String> { f.lines.iter().map(|l| l.text.clone()).collect() };
    let (old_texts, new_texts) = (texts(old.1), texts(new.1));
    let mut order: Vec<Edit> = Vec::new();
    let mut index: FxHashMap<(String, String), usize> = FxHashMap::default();

    for (at, pair) in pairs.iter().enumerate() {
        let (Some(o), Some(n)) = (pair.old, pair.new) else {
            continue;
        };
        // A heading that is furniture elsewhere in the other revision came
        // here with its chapter.
        let mut gone: Vec<&Line> = lines_of(&old_lines, o)
            .filter(|l| !new_texts.contains(&l.text))
            .collect();
        let mut come: Vec<&Line> = lines_of(&new_lines, n)
            .filter(|l| !old_texts.contains(&l.text))
            .collect();
        // Only cut into lines in another way, as the second engine may do.
        let two_engines = read_by_two_engines(old.0[o], new.0[n]);
        for top in [true, false] {
            let all = |lines: &FxHashMap<usize, Vec<&Line>>, page: usize, pages: &[&Page]| {
                let lines = lines_of(lines, page).filter(|l| l.top == top);
                let mut words: Vec<usize> = lines.flat_map(|l| l.words.iter().copied()).collect();
                words.sort_unstable();
                let text = read(pages[page], &words);
                if two_engines { letters(&text) } else { text }
            };
            if all(&old_lines, o, old.0) == all(&new_lines, n, new.0) {
                gone.retain(|l| l.top != top);
                come.retain(|l| l.top != top);
            }
        }
        if gone.is_empty() && come.is_empty() {
            continue;
        }
        let mut edits: Vec<(Option<&Line>, Option<&Line>)> = Vec::new();
        while let Some((i, j)) = nearest(&gone, &come) {
            edits.push((Some(gone.remove(i)), Some(come.remove(j))));
        }
        edits.extend(gone.into_iter().map(|l| (Some(l), None)));
        edits.extend(come.into_iter().map(|l| (None, Some(l))));
        for (a, b) in edits {
            let numbered = |l: Option<&Line>| l.is_none_or(|l| l.number.is_some());
            if options.ignore.headers || (options.ignore.page_numbers && numbered(a) && numbered(b))
            {
                continue;
            }
            let (old_page, new_page) = (old.0[o], new.0[n]);
            let [old_words, new_words] = changed_words(a, b, old_page, new_page);
            if old_words.is_empty() && new_words.is_empty() {
                // Told apart by what counts only.
                continue;
            }
            let old_spot = a.map(|_| spot(old_page, &old_words));
            let new_spot = b.map(|_| spot(new_page, &new_words));
            let boxes = outcome.boxes.entry(at).or_default();
            boxes[0].extend(old_spot.iter().flat_map(|s| s.boxes.iter().copied()));
            boxes[1].extend(new_spot.iter().flat_map(|s| s.boxes.iter().copied()));
            let key = (
                masked(a, &old_words, old_page),
                masked(b, &new_words, new_page),
            );
            if let Some(&known) = index.get(&key) {
                order[known].pages += 1;
                continue;
            }
            index.insert(key, order.len());
            let top = b.or(a).is_some_and(|l| l.top);
            order.push(Edit {
                change: change(old_spot, new_spot),
                place: if top { "header" } else { "footer" },
                pages: 1,
            });
        }
    }
    outcome.changes = order
        .into_iter()
        .map(|mut edit| {
            let on = if edit.pages > 1 {
                format!(" on {} pages", edit.pages)
            } else {
                String::new()
            };
            edit.change.summary = format!("{}: {}{on}", edit.place, edit.change.summary);
            edit.change
        })
        .collect();
    outcome
}

fn by_page(furniture: &Furniture) -> FxHashMap<usize, Vec<&Line>> {
    let mut pages: FxHashMap<usize, Vec<&Line>> = FxHashMap::default();
    for line in &furniture.lines {
        pages.entry(line.page).or_default().push(line);
    }
    pages
}

fn lines_of<'a>(
    pages: &'a FxHashMap<usize, Vec<&'a Line>>,
    page: usize,
) -> impl Iterator<Item = &'a Line> {
    pages.get(&page).into_iter().flatten().copied()
}

/// The two lines nearest to each other, at the same edge of the page.
fn nearest(old: &[&Line], new: &[&Line]) -> Option<(usize, usize)> {
    let mut best: Option<(f32, usize, usize)> = None;
    for (i, a) in old.iter().enumerate() {
        for (j, b) in new.iter().enumerate() {
            if a.top != b.top {
                continue;
            }
            let ([ax, ay], [bx, by]) = (a.bounds.center(), b.bounds.center());
            // Lines keep their height more than their width.
            let distance = (ax - bx).abs() * 0.3 + (ay - by).abs();
            if distance < 80.0 && best.is_none_or(|(least, ..)| distance < least) {
                best = Some((distance, i, j));
            }
        }
    }
    best.map(|(_, i, j)| (i, j))
}

/// The words of both lines that differ: what is left when equal words at both
/// ends are put aside.
fn changed_words(
    old: Option<&Line>,
    new: Option<&Line>,
    old_page: &Page,
    new_page: &Page,
) -> [Vec<usize>; 2] {
    let (Some(a), Some(b)) = (old, new) else {
        let all = |l: Option<&Line>| l.map(|l| l.words.clone()).unwrap_or_default();
        return [all(old), all(new)];
    };
    let text = |page: &Page, word: usize| page.words.get(word).map(|w| w.text.clone());
    // The page's own number differs without being a change.
    let same = |i: usize, j: usize| {
        let (x, y) = (text(old_page, a.words[i]), text(new_page, b.words[j]));
        let count = |line: &Line, x: &Option<String>| {
            line.number.is_some()
                && x.as_ref()
                    .is_some_and(|x| x.bytes().all(|b| b.is_ascii_digit()))
                && !line.text.split(' ').any(|part| Some(part) == x.as_deref())
        };
        x == y || (count(a, &x) && count(b, &y))
    };
    let most = a.words.len().min(b.words.len());
    let prefix = (0..most).take_while(|&i| same(i, i)).count();
    let suffix = (0..most - prefix)
        .take_while(|&i| same(a.words.len() - 1 - i, b.words.len() - 1 - i))
        .count();
    [
        a.words[prefix..a.words.len() - suffix].to_vec(),
        b.words[prefix..b.words.len() - suffix].to_vec(),
    ]
}

fn masked(line: Option<&Line>, words: &[usize], page: &Page) -> String {
    match line {
        Some(line) if line.number.is_some() && words.len() == line.words.len() => line.text.clone(),
        _ => read(page, words),
    }
}

fn read(page: &Page, words: &[usize]) -> String {
    let mut out = String::new();
    for word in words.iter().filter_map(|&w| page.words.get(w)) {
        if !out.is_empty() && !word.joined {
            out.push(' ');
        }
        out.push_str(&word.text);
    }
    out
}

fn spot(page: &Page, words: &[usize]) -> Spot {
    let mut lines = Lines::default();
    for word in words.iter().filter_map(|&w| page.words.get(w)) {
        lines.add(word, word.bounds);
    }
    Spot {
        page: page.number,
        boxes: lines.boxes,
        text: read(page, words),
    }
}

fn change(old: Option<Spot>, new: Option<Spot>) -> Change {
    let old = old.filter(|s| !s.text.is_empty());
    let new = new.filter(|s| !s.text.is_empty());
    let op = match (&old, &new) {
        (None, _) => Op::Added,
        (_, None) => Op::Removed,
        _ => Op::Replaced,
    };
    Change {
        id: 0,
        kind: ChangeKind::Text,
        op,
        summary: summary::text(
            op,
            old.as_ref().map(|s| s.text.as_str()),
            new.as_ref().map(|s| s.text.as_str()),
        ),
        old,
        new,
        evidence: Evidence {
            text: Some(true),
            reason: "words of a running header or footer differ".to_owned(),
            ..Evidence::default()
        },
        group: None,
    }
}
