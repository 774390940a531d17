//! Formatting-only changes: equal words that look different.

use model::{Change, ChangeKind, Direction, Evidence, Op, Page, Spot, TextStyle};
use rustc_hash::FxHashMap;

use crate::{
    align::PagePair,
    summary,
    text::{Lines, WordAt},
};

/// A word that is the same on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WordPair {
    /// The old word.
    pub old: WordAt,
    /// The new word.
    pub new: WordAt,
}

/// Sizes within this share of each other are equal: producers round.
const SIZE: f32 = 0.025;

/// Colour components within this of each other are equal: colour conversion
/// rounds, too.
const COLOR: u8 = 12;

/// What extraction calls a font made of little drawings.
const DRAWN: &str = "Type3";

/// How a word's look changed; the default is “not at all”.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Delta {
    /// Families, old and new, where they differ.
    family: Option<(String, String)>,
    /// Sizes in tenths of a point, where they differ.
    size: Option<(i32, i32)>,
    /// Colours, where they differ.
    color: Option<([u8; 3], [u8; 3])>,
    /// Bold came (true) or went.
    bold: Option<bool>,
    /// Italic came (true) or went.
    italic: Option<bool>,
}

impl Delta {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }

    fn between(old: &TextStyle, new: &TextStyle, scale: f32) -> Self {
        let (a, b) = (family(&old.font), family(&new.font));
        let expected = old.size * scale;
        // Text that kept its size on a page that was scaled did not change.
        let resized = [expected, old.size].iter().all(|size| {
            let by = (size - new.size).abs();
            by > SIZE * size.abs().max(new.size.abs()) && by > 0.2
        });
        // Of a font made of little drawings nobody knows how it looks.
        let known = [old, new].iter().all(|style| style.font != DRAWN);
        let rgb = |c: [u8; 4]| [c[0], c[1], c[2]];
        let recolored = rgb(old.color)
            .iter()
            .zip(rgb(new.color))
            .any(|(a, b)| a.abs_diff(b) > COLOR);
        Self {
            family: (known && a != b && !a.is_empty() && !b.is_empty()).then_some((a, b)),
            size: resized.then_some((
                (old.size * 10.0).round() as i32,
                (new.size * 10.0).round() as i32,
            )),
            color: recolored.then_some((rgb(old.color), rgb(new.color))),
            bold: (known && old.bold != new.bold).then_some(new.bold),
            italic: (known && old.italic != new.italic).then_some(new.italic),
        }
    }

    /// What changed, in words.
    fn describe(&self) -> String {
        let mut parts = Vec::new();
        let flag = |on: bool, name: &str| {
            if on {
                format!("now {name}")
            } else {
                format!("no longer {name}")
            }
        };
        parts.extend(self.bold.map(|on| flag(on, "bold")));
        parts.extend(self.italic.map(|on| flag(on, "italic")));
        if let Some((a, b)) = &self.family {
            parts.push(format!("font {a} became {b}"));
        }
        if let Some((a, b)) = self.size {
            let size = |tenths: i32| summary::number_exact(tenths as f32 / 10.0);
            parts.push(format!("size {} pt became {} pt", size(a), size(b)));
        }
        if let Some((a, b)) = self.color {
            parts.push(format!("colour {} became {}", color(a), color(b)));
        }
        parts.join(", ")
    }
}

/// A font's family: its name without foundry marks, weights, optical sizes and
/// the tags producers add. Empty where the name says nothing.
fn family(font: &str) -> String {
    let name = match font.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 => rest,
        _ => font,
    };
    let lower: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect::<String>()
        .to_lowercase();
    let mut family = lower.as_str();
    loop {
        let shorter = [
            "bolditalic",
            "boldoblique",
            "bold",
            "italic",
            "ital",
            "oblique",
            "regular",
            "roman",
            "medium",
            "normal",
            "book",
            "psmt",
            "mt",
            "ps",
            "identityh",
            "it",
        ]
        .iter()
        .find_map(|suffix| family.strip_suffix(suffix).filter(|rest| rest.len() >= 3))
        .unwrap_or_else(|| {
            let rest = family.trim_end_matches(|c: char| c.is_ascii_digit());
            if rest.len() >= 3 { rest } else { family }
        });
        if shorter.len() == family.len() {
            break;
        }
        family = shorter;
    }
    // The regions of a pan-CJK family share their glyphs for most text.
    if let Some(at) = family.find("cjk") {
        family = &family[..at + 3];
    }
    // Names made up by a producer.
    let letters = family.trim_end_matches(|c: char| c.is_ascii_digit());
    if letters.len() < 3 || family.starts_with("cidfont") || family.starts_with("unnamed") {
        return String::new();
    }
    family.to_owned()
}

fn color([r, g, b]: [u8; 3]) -> String {
    const NAMES: [(&str, [u8; 3]); 10] = [
        ("black", [0, 0, 0]),
        ("white", [255, 255, 255]),
        ("red", [255, 0, 0]),
        ("green", [0, 128, 0]),
        ("blue", [0, 0, 255]),
        ("yellow", [255, 255, 0]),
        ("orange", [255, 165, 0]),
        ("purple", [128, 0, 128]),
        ("grey", [128, 128, 128]),
        ("cyan", [0, 255, 255]),
    ];
    let near = |n: &[u8; 3]| n.iter().zip([r, g, b]).all(|(a, b)| a.abs_diff(b) <= 40);
    NAMES.iter().find(|(_, value)| near(value)).map_or_else(
        || format!("#{r:02x}{g:02x}{b:02x}"),
        |(name, _)| (*name).to_owned(),
    )
}

/// A run of neighbouring words that changed their look alike.
struct Run {
    delta: usize,
    words: Vec<WordPair>,
}

/// Compares the look of equal words, given in the order of the new document.
pub fn compare(
    old: &[&Page],
    new: &[&Page],
    pairs: &[PagePair],
    words: &[WordPair],
) -> Vec<Change> {
    let scales: FxHashMap<u32, f32> = pairs
        .iter()
        .filter_map(|p| {
            let [a, b, c, d, ..] = p.transform.0;
            let scale = (a * d - b * c).abs().sqrt() as f32;
            p.new.map(|_| Some((p.old? as u32, scale)))?
        })
        .collect();
    let mut deltas: Vec<Delta> = Vec::new();
    // Delta of a pair of styles: by page and style on both sides.
    let mut known: FxHashMap<(u32, u32, u32, u32), Option<usize>> = FxHashMap::default();
    let mut numbers: FxHashMap<Delta, usize> = FxHashMap::default();
    let mut runs: Vec<Run> = Vec::new();
    let mut families: FxHashMap<String, FxHashMap<String, u32>> = FxHashMap::default();
    let mut open = false;
    for pair in words {
        let (Some(a), Some(b)) = (at(old, pair.old), at(new, pair.new)) else {
            continue;
        };
        if a.direction == Direction::Other || !b.text.chars().any(char::is_alphanumeric) {
            // Marks and bullets take any font a producer has at hand.
            continue;
        }
        let key = (pair.old.page, a.style, pair.new.page, b.style);
        let delta = *known.entry(key).or_insert_with(|| {
            let (x, y) = (
                old.get(pair.old.page as usize)?
                    .styles
                    .get(a.style as usize)?,
                new.get(pair.new.page as usize)?
                    .styles
                    .get(b.style as usize)?,
            );
            if x.invisible || y.invisible {
                return None;
            }
            let scale = scales.get(&pair.old.page).copied();
            let delta = Delta::between(x, y, scale.unwrap_or(1.0));
            if delta.is_none() {
                return None;
            }
            let next = deltas.len();
            let number = *numbers.entry(delta.clone()).or_insert(next);
            if number == next {
                deltas.push(delta);
            }
            Some(number)
        });
        let Some(delta) = delta else {
            open = false;
            continue;
        };
        if let Some((from, to)) = &deltas[delta].family {
            *families
                .entry(from.clone())
                .or_default()
                .entry(to.clone())
                .or_default() += 1;
        }
        match runs.last_mut() {
            Some(run) if open && run.delta == delta && continues(run, pair, new) => {
                run.words.push(*pair);
            }
            _ => runs.push(Run {
                delta,
                words: vec![*pair],
            }),
        }
        open = true;
    }
    systematic(runs, deltas.len())
        .into_iter()
        .filter_map(|(run, more)| {
            let delta = deltas.get(run.delta)?;
            Some(change(old, new, &run, delta, more))
        })
        .collect()
}

/// How many runs of one delta are told one by one.
const MOST_RUNS: usize = 40;

/// Runs with how many more words look different alike: a look that changed all
/// over the document is told once.
fn systematic(runs: Vec<Run>, deltas: usize) -> Vec<(Run, usize)> {
    let mut count = vec![0usize; deltas];
    let mut words = vec![0usize; deltas];
    for run in &runs {
        count[run.delta] += 1;
        words[run.delta] += run.words.len();
    }
    let mut told = vec![false; deltas];
    let mut out = Vec::new();
    for run in runs {
        if count[run.delta] <= MOST_RUNS {
            out.push((run, 0));
        } else if !told[run.delta] {
            told[run.delta] = true;
            let more = words[run.delta] - run.words.len();
            out.push((run, more));
        }
    }
    out
}

/// Whether a word goes on where a run ends: on the same page and near.
fn continues(run: &Run, pair: &WordPair, new: &[&Page]) -> bool {
    let Some(last) = run.words.last() else {
        return false;
    };
    if last.new.page != pair.new.page || last.old.page != pair.old.page {
        return false;
    }
    if pair.new.word.abs_diff(last.new.word) > 3 {
        return false;
    }
    let (Some(a), Some(b)) = (at(new, last.new), at(new, pair.new)) else {
        return false;
    };
    b.line.abs_diff(a.line) <= 1
}

fn at<'a>(pages: &[&'a Page], at: WordAt) -> Option<&'a model::Word> {
    pages.get(at.page as usize)?.words.get(at.word as usize)
}

fn change(old: &[&Page], new: &[&Page], run: &Run, delta: &Delta, more: usize) -> Change {
    let spot = |pages: &[&Page], side: fn(&WordPair) -> WordAt| {
        let mut lines = Lines::default();
        let mut text = String::new();
        let mut number = 0;
        for pair in &run.words {
            let place = side(pair);
            let Some(word) = at(pages, place) else {
                continue;
            };
            number = pages.get(place.page as usize).map_or(0, |p| p.number);
            lines.add(word, word.bounds);
            if !text.is_empty() && !word.joined {
                text.push(' ');
            }
            text.push_str(&word.text);
        }
        Spot {
            page: number,
            boxes: lines.boxes,
            text,
        }
    };
    let (from, to) = (spot(old, |p| p.old), spot(new, |p| p.new));
    let also = if more > 0 {
        format!(" (and {} elsewhere)", summary::count(more, "word", "words"))
    } else {
        String::new()
    };
    Change {
        id: 0,
        kind: ChangeKind::Style,
        op: Op::Restyled,
        summary: format!("{}: {}{also}", summary::quote(&to.text), delta.describe()),
        old: Some(from),
        new: Some(to),
        evidence: Evidence {
            text: Some(false),
            reason: "same words, another look".to_owned(),
            ..Evidence::default()
        },
        group: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_survive_renaming() {
        for (a, b) in [
            ("TimesNewRomanPSMT", "TimesNewRomanPS-BoldMT"),
            ("ABCDEF+CMR10", "CMR12"),
            ("Arial", "ArialMT"),
            ("Helvetica-BoldOblique", "Helvetica"),
        ] {
            assert_eq!(family(a), family(b));
        }
        assert_ne!(family("Helvetica"), family("Courier"));
        assert_eq!(family("F1"), "");
    }

    #[test]
    fn of_drawn_glyphs_only_what_is_known_is_compared() {
        let style = |font: &str, bold| TextStyle {
            font: font.to_owned(),
            size: 10.0,
            color: [0, 0, 0, 255],
            bold,
            italic: false,
            invisible: false,
        };
        let drawn = style(DRAWN, false);
        assert!(Delta::between(&drawn, &style("SFBX1000", true), 1.0).is_none());
        let larger = TextStyle {
            size: 14.0,
            ..drawn.clone()
        };
        assert!(!Delta::between(&drawn, &larger, 1.0).is_none());
    }
}
