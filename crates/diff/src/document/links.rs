//! Links, compared over the whole document: text that reflows takes its links
//! to other places and pages.

use imara_diff::{Algorithm, Diff, InternedInput};
use model::{Change, ChangeKind, Link, LinkTarget, Page};
use rustc_hash::FxHashMap;

use super::{Pair, change, page_spot, quote};

/// One link with the words it stands on.
struct Anchor<'a> {
    link: &'a Link,
    page: &'a Page,
    /// Words under the link, joined by spaces.
    text: String,
    /// Position of its page pair in the list.
    pair: usize,
}

/// Links whose target changed, and links added or removed on text that is
/// there on both sides. Links that came or went with their text are part of
/// the text change.
pub(super) fn compare(pairs: &[Pair<'_>], page_map: &FxHashMap<u32, u32>) -> Vec<Change> {
    let old = anchors(pairs.iter().map(|p| p.old));
    let new = anchors(pairs.iter().map(|p| p.new));
    let mut input = InternedInput::default();
    // Targets in the document itself compare by anchor text alone here; where
    // they lead is checked below, through the page alignment.
    let key = |a: &Anchor<'_>| match &a.link.target {
        // Producers rename named destinations freely.
        LinkTarget::Page(_) | LinkTarget::Named(_) => (a.text.clone(), String::new()),
        LinkTarget::Uri(uri) => (a.text.clone(), uri.clone()),
        LinkTarget::Other(action) => (a.text.clone(), action.clone()),
    };
    input.update_before(old.iter().map(key));
    input.update_after(new.iter().map(key));
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_no_heuristic(&input);

    let mut changes = Vec::new();
    let (mut at_old, mut at_new) = (0, 0);
    let mut removed = Vec::new();
    let mut added = Vec::new();
    for hunk in diff.hunks() {
        let before = hunk.before.start as usize..hunk.before.end as usize;
        let after = hunk.after.start as usize..hunk.after.end as usize;
        while at_old < before.start && at_new < after.start {
            changes.extend(retargeted(&old[at_old], &new[at_new], page_map));
            at_old += 1;
            at_new += 1;
        }
        (at_old, at_new) = (before.end, after.end);
        removed.extend(before);
        added.extend(after);
    }
    while at_old < old.len() && at_new < new.len() {
        changes.extend(retargeted(&old[at_old], &new[at_new], page_map));
        at_old += 1;
        at_new += 1;
    }

    // The same words, another target; or merely another place in the order.
    let mut waiting: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for &at in added.iter().rev() {
        waiting.entry(&new[at].text).or_default().push(at);
    }
    let mut matched = vec![false; new.len()];
    let mut gone = Vec::new();
    for at in removed {
        let partner = waiting.get_mut(old[at].text.as_str()).and_then(|list| {
            let same_pair = list.iter().rposition(|&n| new[n].pair == old[at].pair);
            same_pair.map(|position| list.remove(position))
        });
        match partner {
            Some(partner) => {
                matched[partner] = true;
                changes.extend(retargeted(&old[at], &new[partner], page_map));
            }
            None => gone.push(at),
        }
    }
    for at in gone {
        let anchor = &old[at];
        if pairs
            .get(anchor.pair)
            .is_some_and(|p| says(p.new, &anchor.text))
        {
            changes.push(one_sided(anchor, false));
        }
    }
    for at in added.into_iter().filter(|&at| !matched[at]) {
        let anchor = &new[at];
        if pairs
            .get(anchor.pair)
            .is_some_and(|p| says(p.old, &anchor.text))
        {
            changes.push(one_sided(anchor, true));
        }
    }
    changes
}

/// The links of `pages`, with the words they stand on.
fn anchors<'a>(pages: impl Iterator<Item = &'a Page>) -> Vec<Anchor<'a>> {
    let mut list = Vec::new();
    for (pair, page) in pages.enumerate() {
        if page.links.is_empty() {
            continue;
        }
        // Word centres from top to bottom, so that a link looks at its own
        // lines only.
        let mut centers: Vec<(f32, f32, usize)> = page
            .words
            .iter()
            .enumerate()
            .map(|(at, word)| {
                let [x, y] = word.bounds.center();
                (y, x, at)
            })
            .collect();
        centers.sort_by(|a, b| a.0.total_cmp(&b.0));
        for link in &page.links {
            let from = centers.partition_point(|c| c.0 < link.bounds.y0);
            let mut words: Vec<usize> = centers[from..]
                .iter()
                .take_while(|c| c.0 <= link.bounds.y1)
                .filter(|c| c.1 >= link.bounds.x0 && c.1 <= link.bounds.x1)
                .map(|c| c.2)
                .collect();
            words.sort_unstable();
            let text = words
                .iter()
                .filter_map(|&at| page.words.get(at))
                .map(|w| w.text.as_str())
                .collect::<Vec<_>>()
                .join(" ");
            list.push(Anchor {
                link,
                page,
                text,
                pair,
            });
        }
    }
    list
}

/// A change where two links on the same words lead to different places.
fn retargeted(a: &Anchor<'_>, b: &Anchor<'_>, page_map: &FxHashMap<u32, u32>) -> Option<Change> {
    let differs = match (&a.link.target, &b.link.target) {
        // A heading may slip to the neighbouring page when text reflows; a
        // page that is gone has no counterpart to compare with.
        (LinkTarget::Page(from), LinkTarget::Page(to)) => page_map
            .get(from)
            .is_some_and(|mapped| mapped.abs_diff(*to) > 1),
        (
            LinkTarget::Named(_) | LinkTarget::Page(_),
            LinkTarget::Named(_) | LinkTarget::Page(_),
        ) => false,
        (from, to) => from != to,
    };
    differs.then(|| {
        let on = if b.text.is_empty() {
            String::new()
        } else {
            format!(" on {}", quote(&b.text))
        };
        let (from, to) = (target(&a.link.target), target(&b.link.target));
        change(
            ChangeKind::Link,
            None,
            Some(page_spot(a.page, a.link.bounds, &from)),
            Some(page_spot(b.page, b.link.bounds, &to)),
            format!("link{on}: {} became {}", quote(&from), quote(&to)),
        )
    })
}

fn one_sided(anchor: &Anchor<'_>, added: bool) -> Change {
    let to = target(&anchor.link.target);
    let spot = page_spot(anchor.page, anchor.link.bounds, &to);
    let what = if added { "added" } else { "removed" };
    let summary = if anchor.text.is_empty() {
        format!("link to {} {what}", quote(&to))
    } else {
        format!("link on {} to {} {what}", quote(&anchor.text), quote(&to))
    };
    let (old, new) = if added {
        (None, Some(spot))
    } else {
        (Some(spot), None)
    };
    change(ChangeKind::Link, None, old, new, summary)
}

/// Where a link leads, in words.
fn target(target: &LinkTarget) -> String {
    match target {
        LinkTarget::Uri(uri) => uri.clone(),
        LinkTarget::Page(page) => format!("page {page}"),
        LinkTarget::Named(name) => name.clone(),
        LinkTarget::Other(action) => action.clone(),
    }
}

/// Whether the page carries `text` as consecutive words; no text is on every
/// page.
fn says(page: &Page, text: &str) -> bool {
    let needle: Vec<&str> = text.split(' ').filter(|w| !w.is_empty()).collect();
    needle.is_empty()
        || page.words.windows(needle.len()).any(|window| {
            window
                .iter()
                .zip(&needle)
                .all(|(word, wanted)| word.text == *wanted)
        })
}
