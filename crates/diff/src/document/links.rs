//! Links, compared over the whole document: text that reflows takes its links
//! to other places and pages.

use imara_diff::{Algorithm, Diff, InternedInput};
use model::{Change, ChangeKind, Link, LinkTarget, Page};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Pair, change, page_spot, quote};

/// One link with the words it stands on.
struct Anchor<'a> {
    link: &'a Link,
    page: &'a Page,
    /// Words under the link: indices on its page, and joined by spaces.
    words: Vec<u32>,
    text: String,
    /// Position of its page pair in the list.
    pair: usize,
}

/// Links whose target changed, and links added or removed on text that is
/// there on both sides. Links that came or went with their text are part of
/// the text change.
/// `same` are the words of the running text that are the same on both sides, by
/// page number and index.
pub(super) fn compare(
    pairs: &[Pair<'_>],
    page_map: &FxHashMap<u32, u32>,
    same: &[(Place, Place)],
) -> Vec<Change> {
    let old = anchors(pairs.iter().map(|p| p.old));
    let new = anchors(pairs.iter().map(|p| p.new));
    let mut input = InternedInput::default();
    // Targets in the document itself compare by anchor text alone here; where
    // they lead is checked below, through the page alignment.
    let key = |a: &Anchor<'_>| match &a.link.target {
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
    let added: Vec<usize> = added.into_iter().filter(|&at| !matched[at]).collect();
    let kept = Kept::new(
        gone.iter().map(|&at| &old[at]),
        added.iter().map(|&at| &new[at]),
        same,
    );
    for at in gone {
        let anchor = &old[at];
        let other = |link: &Link| leads_alike(&anchor.link.target, &link.target, page_map);
        if kept.old.tells(anchor, pairs, |p| p.new, other) {
            changes.push(one_sided(anchor, false));
        }
    }
    for at in added {
        let anchor = &new[at];
        let other = |link: &Link| leads_alike(&link.target, &anchor.link.target, page_map);
        if kept.new.tells(anchor, pairs, |p| p.old, other) {
            changes.push(one_sided(anchor, true));
        }
    }
    changes
}

/// A word by the number of its page and its index there.
pub(super) type Place = (u32, u32);

/// Where the words under links without a counterpart went.
struct Kept {
    old: Words,
    new: Words,
}

/// The counterparts of some words of one side.
#[derive(Default)]
struct Words {
    partners: FxHashMap<Place, Place>,
    /// Pages with running text whose words are followed at all.
    followed: FxHashSet<u32>,
}

impl Kept {
    fn new<'a>(
        old: impl Iterator<Item = &'a Anchor<'a>>,
        new: impl Iterator<Item = &'a Anchor<'a>>,
        same: &[(Place, Place)],
    ) -> Self {
        let wanted = |anchors: &mut dyn Iterator<Item = &'a Anchor<'a>>| -> FxHashSet<Place> {
            anchors
                .flat_map(|a| a.words.iter().map(|&word| (a.page.number, word)))
                .collect()
        };
        let (old, new) = (wanted(&mut { old }), wanted(&mut { new }));
        let mut kept = Self {
            old: Words::default(),
            new: Words::default(),
        };
        for &(a, b) in same {
            kept.old.followed.insert(a.0);
            kept.new.followed.insert(b.0);
            if old.contains(&a) {
                kept.old.partners.insert(a, b);
            }
            if new.contains(&b) {
                kept.new.partners.insert(b, a);
            }
        }
        kept
    }
}

impl Words {
    /// Whether a link without a counterpart is a change of its own: its words
    /// are there on the other side, and no link that leads to the same place
    /// lies on them. A link that went with its words belongs to the text, and
    /// one link in two pieces is the same link.
    fn tells(
        &self,
        anchor: &Anchor<'_>,
        pairs: &[Pair<'_>],
        side: impl for<'p> Fn(&Pair<'p>) -> &'p Page,
        alike: impl Fn(&Link) -> bool,
    ) -> bool {
        let Some(page) = pairs.get(anchor.pair).map(side) else {
            return false;
        };
        if !says(page, &anchor.text) {
            return false;
        }
        let counterparts: Vec<Place> = anchor
            .words
            .iter()
            .filter_map(|&word| self.partners.get(&(anchor.page.number, word)).copied())
            .collect();
        if counterparts.is_empty() {
            // Labels of a drawing are not followed; in running text a word
            // without a counterpart is another word.
            return anchor.words.is_empty() || !self.followed.contains(&anchor.page.number);
        }
        !counterparts
            .iter()
            .filter(|place| place.0 == page.number)
            .filter_map(|place| page.words.get(place.1 as usize))
            .any(|word| {
                page.links
                    .iter()
                    .any(|link| link.bounds.contains(word.bounds.center()) && alike(link))
            })
    }
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
                words: words.iter().map(|&at| at as u32).collect(),
                text,
                pair,
            });
        }
    }
    list
}

/// Whether two targets are the same place.
fn leads_alike(from: &LinkTarget, to: &LinkTarget, page_map: &FxHashMap<u32, u32>) -> bool {
    match (from, to) {
        // A heading may slip to the neighbouring page when text reflows; a
        // page that is gone has no counterpart to compare with.
        (LinkTarget::Page(from), LinkTarget::Page(to)) => page_map
            .get(from)
            .is_none_or(|mapped| mapped.abs_diff(*to) <= 1),
        // Producers rename named destinations freely.
        (
            LinkTarget::Named(_) | LinkTarget::Page(_),
            LinkTarget::Named(_) | LinkTarget::Page(_),
        ) => true,
        (from, to) => from == to,
    }
}

/// A change where two links on the same words lead to different places.
fn retargeted(a: &Anchor<'_>, b: &Anchor<'_>, page_map: &FxHashMap<u32, u32>) -> Option<Change> {
    let differs = !leads_alike(&a.link.target, &b.link.target, page_map);
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
