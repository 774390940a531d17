//! Images that left one page and came to another.

use std::collections::VecDeque;

use model::{ChangeKind, ImagePlacement, Op, Page};
use rustc_hash::FxHashMap;

use super::{place, same_picture};
use crate::{assemble::PageResult, style::WordPair, text::WordAt};

/// So many words may change places with an image that went along with them.
const FEW: usize = 3;

/// An image that is only on one page of its own document's comparison.
struct Lone {
    /// Where its change is: page pair, and index among the changes of it.
    at: (usize, usize),
    /// Index of its page, and the page's number.
    page: usize,
    number: u32,
    image: ImagePlacement,
}

/// Images without a counterpart of equal bytes beyond this number are not
/// compared by their looks, each with each.
const MANY: usize = 1000;

/// Turns an image removed from one page and added to another into one move; noise where
/// it is the same in every byte and kept its place among the words, for then the text
/// flowed on and took it along. `results` has one entry for every page pair, `same` are
/// the words that are the same on both sides.
pub fn across(results: &mut [PageResult], old: &[&Page], new: &[&Page], same: &[WordPair]) {
    let removed = lone(results, Op::Removed, old);
    if removed.is_empty() {
        return;
    }
    let mut gone: Vec<(usize, usize)> = Vec::new();
    for (from, to) in paired(removed, lone(results, Op::Added, new)) {
        let Some(spot) = results[from.at.0].changes[from.at.1].old.clone() else {
            continue;
        };
        // What only looks alike may have been retouched: that is for people to see.
        let equal = from.image.hash == to.image.hash;
        let along = equal && kept_place([(&from, old), (&to, new)], same);
        let change = &mut results[to.at.0].changes[to.at.1];
        change.op = Op::Moved;
        change.old = Some(spot);
        change.summary = format!(
            "Image moved from page {} to page {} {}",
            from.number,
            to.number,
            place::name(new[to.page], &to.image.bounds)
        );
        change.evidence.noise = along;
        change.evidence.reason = if along {
            "the image follows the words around it: layout".to_owned()
        } else if equal {
            "the same image on another page".to_owned()
        } else {
            "an image that looks the same on another page".to_owned()
        };
        gone.push(from.at);
    }
    gone.sort_unstable();
    for (pair, index) in gone.into_iter().rev() {
        results[pair].changes.remove(index);
    }
}

/// Images that left a page with the same image on another: equal ones first,
/// then those that look alike.
fn paired(removed: Vec<Lone>, added: Vec<Lone>) -> Vec<(Lone, Lone)> {
    let mut come: FxHashMap<u64, VecDeque<Lone>> = FxHashMap::default();
    for to in added {
        come.entry(to.image.hash).or_default().push_back(to);
    }
    let mut pairs = Vec::new();
    let mut left = Vec::new();
    for from in removed {
        match come.get_mut(&from.image.hash).and_then(VecDeque::pop_front) {
            Some(to) => pairs.push((from, to)),
            None => left.push(from),
        }
    }
    let mut come: Vec<Lone> = come.into_values().flatten().collect();
    come.sort_by_key(|to| to.at);
    if left.len().max(come.len()) > MANY {
        return pairs;
    }
    for from in left {
        let alike = come
            .iter()
            .position(|to| same_picture(&from.image, &to.image));
        if let Some(at) = alike {
            pairs.push((from, come.remove(at)));
        }
    }
    pairs
}

/// Whether the words before an image on the old side are before it on the new
/// side as well, on its own page and on those around it.
fn kept_place([(from, old), (to, new)]: [(&Lone, &[&Page]); 2], same: &[WordPair]) -> bool {
    let (mut passed, mut kept) = (0_usize, 0_usize);
    for pair in same {
        let before = place_of(from, old, pair.old).zip(place_of(to, new, pair.new));
        match before {
            Some((was, is)) if was == is => kept += 1,
            Some(_) => passed += 1,
            None => {}
        }
    }
    kept > FEW && (passed <= FEW || passed * 20 <= kept)
}

/// Whether a word stands before `image`; `None` where it is too far away to
/// tell, or beside it.
fn place_of(one: &Lone, pages: &[&Page], at: WordAt) -> Option<bool> {
    let page = at.page as usize;
    if page.abs_diff(one.page) > 1 {
        return None;
    }
    if page != one.page {
        return Some(page < one.page);
    }
    let word = pages.get(page)?.words.get(at.word as usize)?.bounds;
    let column = word.x0 <= one.image.bounds.x1 && one.image.bounds.x0 <= word.x1;
    column.then(|| word.center()[1] < one.image.bounds.center()[1])
}

/// Images only on one side: `op` says which, `pages` are the pages of it.
fn lone(results: &[PageResult], op: Op, pages: &[&Page]) -> Vec<Lone> {
    let mut found = Vec::new();
    for (pair, result) in results.iter().enumerate() {
        for (index, change) in result.changes.iter().enumerate() {
            if change.kind != ChangeKind::Image || change.op != op {
                continue;
            }
            let spot = change.old.as_ref().or(change.new.as_ref());
            let Some(spot) = spot else { continue };
            let Some(&bounds) = spot.boxes.first() else {
                continue;
            };
            let Some(page) = pages.iter().position(|p| p.number == spot.page) else {
                continue;
            };
            if let Some(image) = pages[page].images.iter().find(|i| i.bounds == bounds) {
                found.push(Lone {
                    at: (pair, index),
                    page,
                    number: spot.page,
                    image: image.clone(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use model::{Change, Rect, Transform};

    use super::*;
    use crate::{Options, fixture};

    /// A page of lines with an image after so many of them.
    fn page(number: u32, image: Option<usize>, lines: &[&str]) -> Page {
        let mut page = fixture::page(number, lines);
        if let Some(line) = image {
            let word = page.words.iter().find(|w| w.line as usize == line);
            let y = word.map_or(700.0, |w| w.bounds.y0);
            page.images.push(ImagePlacement {
                bounds: Rect::new(70.0, y - 2.5, 300.0, y - 0.5),
                pixels: [100, 100],
                hash: 7,
                perceptual: None,
                stencil: false,
            });
        }
        page
    }

    /// Pairs of words: on both sides page and index of the word.
    fn moved(same: &[([u32; 2], [u32; 2])]) -> Vec<Change> {
        let old = [
            page(1, Some(1), &["as shown here", "plan of works"]),
            page(2, None, &["then we go"]),
        ];
        let new = [
            page(1, None, &["as shown here"]),
            page(2, Some(0), &["plan of works", "then we go"]),
        ];
        let at = |[page, word]: [u32; 2]| WordAt { page, word };
        let same: Vec<WordPair> = same
            .iter()
            .map(|&(o, n)| WordPair {
                old: at(o),
                new: at(n),
            })
            .collect();
        told(&old, &new, &same)
    }

    /// What is told of the images on these pairs of pages.
    fn told(old: &[Page], new: &[Page], same: &[WordPair]) -> Vec<Change> {
        let mut results: Vec<PageResult> = old
            .iter()
            .zip(new)
            .map(|(a, b)| PageResult {
                changes: super::super::compare(a, b, &Transform::IDENTITY, &Options::default()),
                ..PageResult::default()
            })
            .collect();
        let (old, new): (Vec<&Page>, Vec<&Page>) = (old.iter().collect(), new.iter().collect());
        across(&mut results, &old, &new, same);
        results.into_iter().flat_map(|r| r.changes).collect()
    }

    #[test]
    fn an_image_with_its_caption_on_the_next_page_is_layout() {
        let words = |from: [u32; 2], to: [u32; 2]| {
            (0..3).map(move |k| ([from[0], from[1] + k], [to[0], to[1] + k]))
        };
        let same: Vec<_> = words([0, 0], [0, 0])
            .chain(words([0, 3], [1, 0]))
            .chain(words([1, 0], [1, 3]))
            .collect();
        let changes = moved(&same);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].op, Op::Moved);
        assert!(changes[0].evidence.noise);
    }

    #[test]
    fn an_image_stored_anew_on_the_next_page_moved() {
        let picture = 0xf0f0_1234_aaaa_5555;
        let sheet = |number: u32, hash: u64| {
            let mut page = page(number, Some(1), &["as shown here", "plan of works"]);
            page.images[0].hash = hash;
            page.images[0].perceptual = Some(picture);
            page
        };
        let (from, to) = (sheet(1, 7), sheet(2, 8));
        let blank = |number| page(number, None, &[]);
        let changes = told(&[from, blank(2)], &[blank(1), to], &[]);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].op, Op::Moved);
        assert!(!changes[0].evidence.noise);
    }

    #[test]
    fn an_image_that_went_on_without_its_words_moved() {
        // “as shown here” stands after the image now.
        let same: Vec<_> = (0..3)
            .map(|k| ([0, k], [1, k]))
            .chain((0..3).map(|k| ([0, 3 + k], [0, k])))
            .collect();
        let changes = moved(&same);
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].op, Op::Moved);
        assert!(!changes[0].evidence.noise);
    }
}
