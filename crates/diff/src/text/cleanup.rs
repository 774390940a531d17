//! From a minimal difference to the one a person would draw: coincidental
//! equalities dropped, insertions slid to where sentences and lines begin.

use super::{
    anchor::Run,
    token::{Interner, Stream},
};

/// Drops equal runs that prove nothing between the edits around them, until
/// none is left.
pub fn drop_coincidences(
    runs: &mut Vec<Run>,
    old: &Stream<'_>,
    new: &Stream<'_>,
    interner: &Interner<'_>,
) {
    let (old_len, new_len) = (old.tokens.len(), new.tokens.len());
    for _ in 0..4 {
        let mut kept: Vec<Run> = Vec::with_capacity(runs.len());
        for (i, run) in runs.iter().enumerate() {
            let (o, n) = kept.last().map_or((0, 0), |r| (r.old_end(), r.new_end()));
            let (next_old, next_new) = runs
                .get(i + 1)
                .map_or((old_len, new_len), |r| (r.old, r.new));
            let before = Hunk {
                removed: run.old - o,
                added: run.new - n,
            };
            let after = Hunk {
                removed: next_old - run.old_end(),
                added: next_new - run.new_end(),
            };
            if !is_coincidence(run, before, after, old, new, interner) {
                kept.push(*run);
            }
        }
        let done = kept.len() == runs.len();
        *runs = kept;
        if done {
            break;
        }
    }
    drop_sparse(runs, old, new, interner);
}

/// Drops the equal runs of stretches that have next to nothing in common: the words that
/// any two texts share would cut what was written anew into dozens of edits.
fn drop_sparse(runs: &mut Vec<Run>, old: &Stream<'_>, new: &Stream<'_>, interner: &Interner<'_>) {
    /// What proves so much is where it is by no accident, and ends a stretch.
    const SOLID: f32 = 4.0;
    /// Shorter stretches are one sentence.
    const LONG: f32 = 30.0;
    /// What of a stretch is equal by accident, at most.
    const SPARSE: f32 = 0.25;
    let solid = |run: &Run| {
        let weight = of_run(run, old, interner);
        weight >= SOLID
            || weight >= 0.9
                && fills_lines(old, run.old, run.len)
                && fills_lines(new, run.new, run.len)
    };
    let mut kept: Vec<Run> = Vec::with_capacity(runs.len());
    let (mut o, mut n) = (0, 0);
    let mut weak: Vec<Run> = Vec::new();
    let end = Run {
        old: old.ids.len(),
        new: new.ids.len(),
        len: 0,
    };
    for run in runs.iter().chain([&end]) {
        if run.len > 0 && !solid(run) {
            weak.push(*run);
            continue;
        }
        let ids = |stream: &Stream<'_>, from: usize, to: usize| {
            weight(stream.ids.get(from..to).unwrap_or_default(), interner)
        };
        let (removed, added) = (ids(old, o, run.old), ids(new, n, run.new));
        let equal: f32 = weak.iter().map(|run| of_run(run, old, interner)).sum();
        if removed.min(added) >= LONG && equal < SPARSE * removed.min(added) {
            weak.clear();
        }
        kept.append(&mut weak);
        if run.len > 0 {
            kept.push(*run);
        }
        (o, n) = (run.old_end(), run.new_end());
    }
    *runs = kept;
}

/// How many tokens an edit takes out and puts in.
#[derive(Clone, Copy)]
struct Hunk {
    removed: usize,
    added: usize,
}

impl Hunk {
    fn size(self) -> usize {
        self.removed.max(self.added)
    }

    fn replaces(self) -> bool {
        self.removed > 0 && self.added > 0
    }
}

fn is_coincidence(
    run: &Run,
    before: Hunk,
    after: Hunk,
    old: &Stream<'_>,
    new: &Stream<'_>,
    interner: &Interner<'_>,
) -> bool {
    // Longer than this is no coincidence whatever stands around it.
    const LONG: usize = 24;
    let smaller = before.size().min(after.size());
    if smaller == 0 || run.len > LONG {
        return false;
    }
    let weight = of_run(run, old, interner);
    // Equal whole lines (a heading between two new paragraphs, a cell between
    // two changed ones) are what a person sees standing still.
    if weight >= 0.9 && fills_lines(old, run.old, run.len) && fills_lines(new, run.new, run.len) {
        return weight < 0.04 * smaller as f32;
    }
    let one_way =
        (before.removed == 0 && after.removed == 0) || (before.added == 0 && after.added == 0);
    if one_way {
        // Text only came, or only went: tokens shared by accident with its
        // surroundings.
        return weight < 0.9 && smaller >= 3 || weight < 0.12 * smaller as f32;
    }
    if before.replaces() && after.replaces() && weight < 0.9 {
        // “the” between two words that both became others.
        return same_sentence(old, run) && same_sentence(new, &swapped(run));
    }
    let share = if same_sentence(old, run) && same_sentence(new, &swapped(run)) {
        0.5
    } else {
        0.3
    };
    weight < share * smaller as f32 || (weight < 0.5 && smaller >= 2)
}

fn swapped(run: &Run) -> Run {
    Run {
        old: run.new,
        new: run.old,
        len: run.len,
    }
}

/// Whether the tokens on both sides of `run.old` are on neighbouring lines of
/// one block, with no sentence ending in between.
fn same_sentence(stream: &Stream<'_>, run: &Run) -> bool {
    let (Some(first), Some(last)) = (
        run.old.checked_sub(1).and_then(|i| stream.word_of(i)),
        stream.word_of(run.old_end()),
    ) else {
        return false;
    };
    first.block == last.block
        && last.line.abs_diff(first.line) <= 1
        && !(run.old..run.old_end()).any(|i| ends_sentence(stream, i))
}

/// Whether `len` tokens from `at` are one or more whole lines.
fn fills_lines(stream: &Stream<'_>, at: usize, len: usize) -> bool {
    starts_line(stream, at) && (at + len >= stream.tokens.len() || starts_line(stream, at + len))
}

/// Whether a line begins with token `at`.
pub fn starts_line(stream: &Stream<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    let (Some(a), Some(b)) = (stream.word_of(before), stream.word_of(at)) else {
        return true;
    };
    a.line != b.line || stream.page_of(before) != stream.page_of(at)
}

/// Whether a block begins with token `at`.
pub fn starts_block(stream: &Stream<'_>, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    let (Some(a), Some(b)) = (stream.word_of(before), stream.word_of(at)) else {
        return true;
    };
    a.block != b.block || stream.page_of(before) != stream.page_of(at)
}

/// Whether a page begins with token `at`.
fn starts_page(stream: &Stream<'_>, at: usize) -> bool {
    at == 0 || at >= stream.tokens.len() || stream.page_of(at - 1) != stream.page_of(at)
}

fn ends_sentence(stream: &Stream<'_>, at: usize) -> bool {
    stream.tokens.get(at).is_some_and(|t| {
        stream.word(t.last).is_some_and(|w| {
            w.text.get(..t.to as usize).is_some_and(|text| {
                text.ends_with(['.', '!', '?', ':', ';', '。', '！', '？', '；', '：'])
            })
        })
    })
}

/// Slides pure insertions and removals to where a block, sentence or line
/// begins, where equal tokens at their ends leave a choice.
pub fn slide(runs: &mut [Run], old: &Stream<'_>, new: &Stream<'_>) {
    for i in 1..runs.len() {
        let (head, tail) = runs.split_at_mut(i);
        let (Some(left), Some(right)) = (head.last_mut(), tail.first_mut()) else {
            continue;
        };
        if left.old_end() == right.old {
            let by = best_slide(new, left.new_end(), right.new, left.len, right.len);
            shift(left, right, by);
        } else if left.new_end() == right.new {
            let by = best_slide(old, left.old_end(), right.old, left.len, right.len);
            shift(left, right, by);
        }
    }
}

/// Moves the border between two runs by `by` tokens.
fn shift(left: &mut Run, right: &mut Run, by: isize) {
    left.len = left.len.saturating_add_signed(by);
    right.old = right.old.saturating_add_signed(by);
    right.new = right.new.saturating_add_signed(by);
    right.len = right.len.saturating_add_signed(-by);
}

/// By how many tokens the edit `[from, to)` of `stream` is best moved. At most
/// `left` (less one) tokens back and `right` (less one) on.
fn best_slide(stream: &Stream<'_>, from: usize, to: usize, left: usize, right: usize) -> isize {
    const FAR: usize = 200;
    let ids = &stream.ids;
    let back = (0..left.saturating_sub(1).min(FAR))
        .take_while(|k| ids[from - 1 - k] == ids[to - 1 - k])
        .count();
    let on = (0..right.saturating_sub(1).min(FAR))
        .take_while(|k| ids[from + k] == ids[to + k])
        .count();
    if back + on == 0 {
        return 0;
    }
    let score = |at: usize| {
        if starts_page(stream, at) {
            5
        } else if starts_block(stream, at) {
            4
        } else if at > 0 && ends_sentence(stream, at - 1) {
            3
        } else if starts_line(stream, at) {
            2
        } else {
            i32::from(is_opening(stream, at))
        }
    };
    // The start counts double: the end of one edit is the start of what
    // follows, and a person reads from the start.
    let worth = |by: isize| {
        let start = from.saturating_add_signed(by);
        let end = to.saturating_add_signed(by);
        2 * score(start) + score(end)
    };
    (-(back as isize)..=on as isize)
        .max_by_key(|&by| (worth(by), -by.abs(), by))
        .unwrap_or(0)
}

/// Whether token `at` follows a comma or opens a bracket.
fn is_opening(stream: &Stream<'_>, at: usize) -> bool {
    let first = |t: &super::token::Token| {
        stream
            .word(t.first)
            .and_then(|w| w.text.get(t.from as usize..))
            .and_then(|s| s.chars().next())
    };
    let here = stream.tokens.get(at).and_then(first);
    let before = at
        .checked_sub(1)
        .and_then(|i| stream.tokens.get(i))
        .and_then(first);
    matches!(here, Some('(' | '[' | '“' | '"' | '（' | '「'))
        || matches!(before, Some(',' | '，' | '、' | ')' | '）'))
}

/// How much the tokens of an equal run prove together.
fn of_run(run: &Run, old: &Stream<'_>, interner: &Interner<'_>) -> f32 {
    weight(
        old.ids.get(run.old..run.old_end()).unwrap_or_default(),
        interner,
    )
}

/// How much the tokens of a range prove together.
pub fn weight(ids: &[u32], interner: &Interner<'_>) -> f32 {
    ids.iter().map(|&id| interner.class(id).weight()).sum()
}
