//! Long upright lines as anchors: frames, tables and wires stay the same lines
//! however a producer splits, joins or turns them around.

use model::{Page, Transform};
use rustc_hash::FxHashSet;

use super::anchors::Anchor;
use super::strokes;

/// Shorter strokes are no part of a rule, points.
const STROKE: f32 = 2.0;
/// Rules are at least this long, points.
const LONG: f32 = 15.0;
/// Rules of each direction looked at: the longest.
const MOST: usize = 60;
/// Strokes this close to one line lie on it, points.
const ON_LINE: f32 = 0.06;
/// Strokes this close to each other touch, points.
const TOUCH: f32 = 0.4;
/// Ends this close to where a map puts them agree with it, points.
const AGREE: f32 = 0.5;

/// No map on which this share of all rules agrees is chance.
const ENOUGH: f32 = 0.5;

/// One line after joining what lies on it: where it lies across its
/// direction, and from where to where it runs.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rule {
    across: f32,
    from: f32,
    to: f32,
}

impl Rule {
    fn length(&self) -> f32 {
        self.to - self.from
    }
}

/// The longest rules of a page: level ones, then upright ones.
type Rules = [Vec<Rule>; 2];

/// Ends of rules that lie on the same map, the one most rules agree on; none
/// where most agree that the page stands still. A
/// rule and its partner alone tell shift and scale, so that every pair of
/// rules proposes a map and all rules vote.
pub(super) fn anchors(old: &Page, new: &Page) -> Vec<Anchor> {
    let (before, after) = (rules(old), rules(new));
    let index = Index::new(&after);
    let all: f32 = before.iter().flatten().map(weight).sum();
    // Most pages stand still, and a map to beat ends the others' votes early.
    let still = index.votes(&before, &Transform::IDENTITY, [all, 0.0], |_| ());
    if still >= ENOUGH * all {
        return Vec::new();
    }
    let mut best = (still, Transform::IDENTITY);
    let mut tried: FxHashSet<[i32; 3]> = FxHashSet::default();
    'search: for (axis, list) in before.iter().enumerate() {
        for rule in list {
            for partner in &after[axis] {
                let scale = partner.length() / rule.length();
                if !(0.4..=2.5).contains(&scale) {
                    continue;
                }
                let along = partner.from - scale * rule.from;
                let across = partner.across - scale * rule.across;
                let (dx, dy) = if axis == 0 {
                    (along, across)
                } else {
                    (across, along)
                };
                let seen = [scale * 2000.0, dx * 2.0, dy * 2.0].map(|v| v.round() as i32);
                if !tried.insert(seen) {
                    continue;
                }
                let [s, dx, dy] = [scale, dx, dy].map(f64::from);
                let map = Transform([s, 0.0, 0.0, s, dx, dy]);
                let votes = index.votes(&before, &map, [all, best.0], |_| ());
                if votes > best.0 {
                    best = (votes, map);
                }
                if votes >= ENOUGH * all {
                    break 'search;
                }
            }
        }
    }
    let mut found = Vec::new();
    if !best.1.is_identity() {
        index.votes(&before, &best.1, [all, 0.0], |anchor| found.push(anchor));
    }
    found
}

/// What a rule's vote is worth.
fn weight(rule: &Rule) -> f32 {
    rule.length().min(200.0)
}

fn rules(page: &Page) -> Rules {
    let mut strokes: Rules = Default::default();
    let drawing = &page.drawing;
    for (index, path) in drawing.paths.iter().enumerate() {
        if path.visible.is_none() {
            continue;
        }
        strokes::each(drawing, index, |a, b| {
            let [dx, dy] = [0, 1].map(|k| (a[k] - b[k]).abs());
            for (axis, across, along) in [(0, dy, dx), (1, dx, dy)] {
                if across <= ON_LINE && along >= STROKE {
                    strokes[axis].push(Rule {
                        across: f32::midpoint(a[1 - axis], b[1 - axis]),
                        from: a[axis].min(b[axis]),
                        to: a[axis].max(b[axis]),
                    });
                }
            }
        });
    }
    strokes.map(joined)
}

/// Strokes that continue each other as one rule; the longest ones.
fn joined(mut strokes: Vec<Rule>) -> Vec<Rule> {
    let line = |r: &Rule| (r.across / ON_LINE).round() as i64;
    strokes.sort_by(|a, b| line(a).cmp(&line(b)).then(a.from.total_cmp(&b.from)));
    let mut found: Vec<Rule> = Vec::new();
    for stroke in strokes {
        match found.last_mut() {
            Some(last)
                if (last.across - stroke.across).abs() <= ON_LINE
                    && stroke.from <= last.to + TOUCH =>
            {
                last.to = last.to.max(stroke.to);
            }
            _ => found.push(stroke),
        }
    }
    found.retain(|r| r.length() >= LONG);
    found.sort_by(|a, b| {
        b.length()
            .total_cmp(&a.length())
            .then(a.across.total_cmp(&b.across))
            .then(a.from.total_cmp(&b.from))
    });
    found.truncate(MOST);
    found
}

/// Rules of the new page by where they lie.
struct Index(Rules);

impl Index {
    fn new(rules: &Rules) -> Self {
        let mut sorted = rules.clone();
        for list in &mut sorted {
            list.sort_by(|a, b| a.across.total_cmp(&b.across));
        }
        Self(sorted)
    }

    /// How much of the old rules, `all` together, `map` puts onto rules of the
    /// new page; their ends go to `matched`. Given up where more than `least`
    /// can no longer be reached.
    fn votes(
        &self,
        old: &Rules,
        map: &Transform,
        [all, least]: [f32; 2],
        mut matched: impl FnMut(Anchor),
    ) -> f32 {
        let mut votes = 0.0;
        let mut left = all;
        for (axis, list) in old.iter().enumerate() {
            for rule in list {
                if votes + left < least {
                    return votes;
                }
                left -= weight(rule);
                let ends = [rule.from, rule.to].map(|v| point(axis, rule.across, v));
                let [p, q] = ends.map(|end| map.apply(end));
                let moved = Rule {
                    across: p[1 - axis],
                    from: p[axis],
                    to: q[axis],
                };
                let Some(partner) = self.near(axis, &moved) else {
                    continue;
                };
                votes += weight(rule);
                for (old, v) in ends.into_iter().zip([partner.from, partner.to]) {
                    matched(Anchor {
                        old,
                        new: point(axis, partner.across, v),
                    });
                }
            }
        }
        votes
    }

    fn near(&self, axis: usize, rule: &Rule) -> Option<&Rule> {
        let off = |other: &Rule| {
            (other.across - rule.across)
                .abs()
                .max((other.from - rule.from).abs())
                .max((other.to - rule.to).abs())
        };
        let list = &self.0[axis];
        let first = list.partition_point(|other| other.across < rule.across - AGREE);
        list[first..]
            .iter()
            .take_while(|other| other.across <= rule.across + AGREE)
            .filter(|other| off(other) <= AGREE)
            .min_by(|a, b| off(a).total_cmp(&off(b)))
    }
}

fn point(axis: usize, across: f32, along: f32) -> [f32; 2] {
    if axis == 0 {
        [along, across]
    } else {
        [across, along]
    }
}
