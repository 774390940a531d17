//! Words that look the same and read differently: a producer that rewrites
//! fonts can lose what their characters mean.

use model::{Change, ChangeKind, Page, Rect, Spot, TextSource, Transform};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

/// Characters that one may take for another at the size of print, so that
/// pixels cannot tell whether the word changed. Curved quotes and the long dash are
/// not: they look like none of these.
const ALIKE: &str = "Il1|!ij.,;:'`\"-–−_·•°´~";

/// So many words, and letters of theirs, must read differently in the same way
/// before anyone believes that a producer changed their codes.
const WORDS: usize = 5;
const LETTERS: usize = 6;

/// Most of the box of a word that differs where only its font was rewritten:
/// other words differ on a fifth of it.
const REWRITTEN: f32 = 0.03;

/// The same where glyphs without a meaning fill up what is missing.
const UNREAD: f32 = 0.01;

/// Where each page shows words.
pub(super) struct Recoding {
    old: Words,
    new: Words,
    /// What a text layer says that is not drawn.
    hidden: [Words; 2],
    /// Words stand where they stood, to the point, and their letters were
    /// swapped for others throughout.
    pub rewritten: bool,
}

struct Words {
    /// The words with their boxes in the space of the new page, sorted by
    /// their upper edge.
    list: Vec<(Rect, String)>,
    /// Height of the tallest, points.
    tallest: f32,
    /// The page may have glyphs that are in no word, for want of a meaning.
    unmapped: bool,
}

impl Recoding {
    pub fn new(old: &Page, new: &Page, map: &Transform) -> Self {
        Self {
            old: Words::new(old, map, false),
            new: Words::new(new, &Transform::IDENTITY, false),
            hidden: [
                Words::new(old, map, true),
                Words::new(new, &Transform::IDENTITY, true),
            ],
            rewritten: rewritten(old, new, map),
        }
    }

    /// Whether the very same words stand at `places` on both sides, so that only
    /// the order in which they were read changed.
    pub fn reread(&self, change: &Change, places: &[Rect]) -> bool {
        let (old, new) = (self.old.inside(places), self.new.inside(places));
        change.kind == ChangeKind::Text && !old.is_empty() && old == new
    }

    /// The same of hidden words: their letters are the same, or they lie on each other,
    /// so that nobody can tell their letters apart.
    pub fn reread_hidden(&self, change: &Change, places: &[Rect]) -> bool {
        let [old, new] = &self.hidden;
        let (was, is) = (old.inside(places), new.inside(places));
        let same = || letters(&was) == letters(&is);
        let piled = || old.piled(places) && new.piled(places);
        change.kind == ChangeKind::Text && !was.is_empty() && (same() || piled())
    }

    /// Most of the box of a changed word that may differ for the change to be
    /// one of character codes alone; `None` where it cannot be. Words or unread
    /// glyphs must stand at its `places` on both sides, and what they say must
    /// be far enough apart that a real edit would be seen.
    pub fn slack(&self, change: &Change, places: &[Rect]) -> Option<f32> {
        if change.kind != ChangeKind::Text {
            return None;
        }
        let (old, new) = (self.old.at(places), self.new.at(places));
        let text = |spot: Option<&Spot>| spot.map(|s| s.text.clone()).unwrap_or_default();
        let subtle = subtle(&text(change.old.as_ref()), &text(change.new.as_ref()));
        if !old.is_empty() && !new.is_empty() {
            // Of letters swapped throughout none is what it looks like.
            if self.rewritten {
                return Some(if subtle { 0.0 } else { REWRITTEN });
            }
            // Other words that do not differ in a single pixel.
            if !subtle && old.chars().any(|c| !new.contains(c)) {
                return Some(0.0);
            }
        }
        // What was read as one word changed.
        if !old.is_empty() && letters(&old) == letters(&new) {
            return Some(0.0);
        }
        let lost = self.new.unmapped && left_of(&new, &old);
        let found = self.old.unmapped && left_of(&old, &new);
        (lost || found).then_some(UNREAD)
    }
}

/// Whether the words of two pages have the same boxes and read as if each
/// letter had been swapped for another, always the same.
pub(super) fn rewritten(old: &Page, new: &Page, map: &Transform) -> bool {
    let cell = |r: &Rect| [r.x0, r.y1, r.width()].map(|v| (2.0 * v).round() as i32);
    let mut places: FxHashMap<[i32; 3], &str> = FxHashMap::default();
    for word in &old.words {
        places.insert(cell(&map.apply_rect(&word.bounds)), &word.text);
    }
    let mut swaps: FxHashMap<char, FxHashMap<char, usize>> = FxHashMap::default();
    let mut words = 0;
    for word in &new.words {
        let Some(text) = places.get(&cell(&word.bounds)) else {
            continue;
        };
        if *text == word.text || text.chars().count() != word.text.chars().count() {
            continue;
        }
        words += 1;
        for (a, b) in text.chars().zip(word.text.chars()) {
            *swaps.entry(a).or_default().entry(b).or_default() += 1;
        }
    }
    // Numbers that changed in a table swap a digit for this and for that.
    let (mut letters, mut steady, mut all) = (0, 0, 0);
    for (letter, others) in &swaps {
        let most = others.iter().max_by_key(|(_, count)| **count);
        let Some((other, count)) = most else { continue };
        letters += usize::from(other != letter && letter.is_alphabetic());
        steady += count;
        all += others.values().sum::<usize>();
    }
    words >= WORDS && letters >= LETTERS && steady * 10 >= all * 8
}

/// The characters of a text, sorted.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<char> = text.chars().collect();
    letters.sort_unstable();
    letters
}

/// Whether `part` is what is left of `whole`; of letters the marks over them may be all.
fn left_of(part: &str, whole: &str) -> bool {
    part_of(part, whole) || unmarked(part).is_empty()
}

/// Whether `part` is `whole` without some of its characters, if any.
fn part_of(part: &str, whole: &str) -> bool {
    let mut rest = whole.chars();
    part.chars().all(|c| rest.any(|other| other == c))
}

impl Words {
    /// The words that are drawn, or else those that are `hidden`.
    fn new(page: &Page, map: &Transform, hidden: bool) -> Self {
        let wanted = |w: &&model::Word| {
            let style = page.styles.get(w.style as usize);
            style.is_some_and(|style| style.invisible) == hidden
        };
        let mut list: Vec<(Rect, String)> = page
            .words
            .iter()
            .filter(wanted)
            .map(|w| (map.apply_rect(&w.bounds), w.text.clone()))
            .filter(|(r, _)| r.is_finite())
            .collect();
        list.sort_by(|a, b| a.0.y0.total_cmp(&b.0.y0));
        Self {
            tallest: list.iter().map(|(r, _)| r.height()).fold(0.0, f32::max),
            list,
            unmapped: page.coverage.unmapped_glyphs > 0
                || page.coverage.text_source == TextSource::SecondOpinion,
        }
    }

    /// The text that stands at `places`, from left to right in each.
    fn at(&self, places: &[Rect]) -> String {
        self.text(places, Rect::overlaps)
    }

    /// The text of the words that stand in `places` by more than their edges.
    fn inside(&self, places: &[Rect]) -> String {
        self.text(places, |word, place| place.contains(word.center()))
    }

    /// Whether several words cover most of each of `places`.
    fn piled(&self, places: &[Rect]) -> bool {
        let covers = |word: &Rect, place: &Rect| {
            let shared = word.intersection(place).map_or(0.0, |r| r.area());
            shared > 0.5 * place.area()
        };
        places.iter().all(|p| self.here(p, covers).count() > 1)
    }

    fn text(&self, places: &[Rect], stands: impl Fn(&Rect, &Rect) -> bool) -> String {
        let mut text = String::new();
        for place in places {
            let mut here: Vec<&(Rect, String)> = self.here(place, &stands).collect();
            here.sort_by(|a, b| a.0.x0.total_cmp(&b.0.x0));
            text.extend(here.into_iter().map(|(_, word)| word.as_str()));
        }
        text
    }

    /// The words that stand at `place`.
    fn here<'s>(
        &'s self,
        place: &'s Rect,
        stands: impl Fn(&Rect, &Rect) -> bool + 's,
    ) -> impl Iterator<Item = &'s (Rect, String)> {
        let first = self
            .list
            .partition_point(|(r, _)| r.y0 < place.y0 - self.tallest);
        self.list[first..]
            .iter()
            .take_while(|(r, _)| r.y0 <= place.y1)
            .filter(move |(r, _)| stands(r, place))
    }
}

/// Whether two texts differ only in characters that look nearly alike: points,
/// dashes, accents, thin letters.
fn subtle(old: &str, new: &str) -> bool {
    let plain = |text: &str| -> Vec<char> {
        unmarked(text)
            .chars()
            .filter(|c| !c.is_whitespace() && !ALIKE.contains(*c))
            .collect()
    };
    plain(old) == plain(new)
}

/// A text without accents and other marks over its letters.
fn unmarked(text: &str) -> String {
    text.nfd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::page;

    #[test]
    fn letters_swapped_throughout_are_other_codes() {
        let old = page(1, &["услуг", "доступ", "среда", "сеть", "список", "цели"]);
        let new = page(1, &["GE?G7", "8BEFGC", "ED984", "E9FP", "EC<EB>", "J9?<"]);
        assert!(rewritten(&old, &new, &Transform::IDENTITY));
    }

    #[test]
    fn new_prices_are_not_other_codes() {
        let old = page(1, &["12.50", "13.75", "88.10", "91.25", "64.80", "17.00"]);
        let new = page(1, &["13.10", "14.25", "89.90", "92.75", "66.15", "18.45"]);
        assert!(!rewritten(&old, &new, &Transform::IDENTITY));
    }

    #[test]
    fn a_part_of_a_text_lacks_characters_only() {
        assert!(part_of("ℝ", "ℝ𝑚"));
        assert!(part_of("", "𝑚"));
        assert!(!part_of("38", "39"));
        assert!(part_of("38", "38"));
        assert!(left_of("\u{303}", "𝐴𝑚"));
        assert!(!left_of("resume", "résumé"));
    }

    #[test]
    fn words_that_stand_where_they_stood_were_only_read_in_another_order() {
        let words = |order: &[&str]| {
            let mut page = page(1, &["K1", "K2", "K3"]);
            for (word, text) in page.words.iter_mut().zip(order) {
                word.text = (*text).to_owned();
            }
            page
        };
        let old = words(&["K1", "K2", "K3"]);
        let spot = Spot {
            page: 1,
            boxes: vec![old.words[1].bounds],
            text: "K2".to_owned(),
        };
        let change = Change {
            id: 0,
            kind: ChangeKind::Text,
            op: model::Op::Added,
            old: None,
            new: Some(spot.clone()),
            summary: String::new(),
            evidence: model::Evidence::default(),
            group: None,
        };
        let reread = |new: &Page| {
            Recoding::new(&old, new, &Transform::IDENTITY).reread(&change, &spot.boxes)
        };
        assert!(reread(&old));
        assert!(!reread(&words(&["K1", "2K", "K3"])));

        let hidden = |mut old: Page, mut new: Page| {
            old.styles[0].invisible = true;
            new.styles[0].invisible = true;
            Recoding::new(&old, &new, &Transform::IDENTITY).reread_hidden(&change, &spot.boxes)
        };
        assert!(hidden(old.clone(), words(&["K1", "2K", "K3"])));
        assert!(!hidden(old.clone(), words(&["K1", "K4", "K3"])));
        let piled = |text: &str| {
            let mut page = words(&["K1", text, "K3"]);
            page.words[2].bounds = page.words[1].bounds;
            page
        };
        assert!(hidden(piled("K2"), piled("K")));
    }

    #[test]
    fn points_dashes_and_accents_are_subtle() {
        assert!(subtle("1,500", "1.500"));
        assert!(subtle("resume", "résumé"));
        assert!(subtle("Il", "l1"));
        assert!(!subtle("shall", "must"));
        assert!(!subtle("driver's", "driver’s"));
        assert!(!subtle("–", "—"));
        assert!(!subtle("услуг", "GE?G7"));
    }
}
