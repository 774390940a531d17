//! White space along the baseline: what may be a gutter.

use super::Item;

/// White space between two places along the baseline; infinite at the sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub from: f32,
    pub to: f32,
}

impl Gap {
    pub fn width(self) -> f32 {
        self.to - self.from
    }

    fn meet(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    pub fn inner(self) -> bool {
        self.from.is_finite() && self.to.is_finite()
    }
}

/// White space at least `gutter` wide in the shadow that items throw on the
/// baseline, where up to `stray` of them may lie across it; from left to right,
/// the sides included.
pub(super) fn gaps<'i>(
    items: impl Iterator<Item = &'i Item>,
    gutter: f32,
    stray: usize,
) -> Vec<Gap> {
    let mut spans: Vec<(f32, f32)> = items.map(|item| (item.u0, item.u1)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    // The furthest ends so far, furthest first: after the last of them no more
    // than `stray` items go on.
    let mut ends = vec![f32::NEG_INFINITY; stray + 1];
    let mut gaps: Vec<Gap> = Vec::new();
    for (start, end) in spans {
        let gap = Gap {
            from: ends[stray],
            to: start,
        };
        match gaps.last_mut() {
            Some(last) if gap.from <= last.to => last.to = start,
            _ if gap.width() >= gutter => gaps.push(gap),
            _ => {}
        }
        let place = ends.partition_point(|other| *other >= end);
        if place <= stray {
            ends[place..].rotate_right(1);
            ends[place] = end;
        }
    }
    gaps.push(Gap {
        from: ends[stray],
        to: f32::INFINITY,
    });
    gaps
}

/// How many of them are between items.
pub(super) fn count_inner(gaps: &[Gap]) -> usize {
    gaps.iter().filter(|gap| gap.inner()).count()
}

/// What white space two bands share; one side of a gutter may be empty.
pub(super) fn meet(a: &[Gap], b: &[Gap], gutter: f32) -> Vec<Gap> {
    let mut shared = Vec::new();
    for gap in a {
        for other in b {
            let both = gap.meet(*other);
            if both.width() >= gutter {
                shared.push(both);
            }
        }
    }
    shared
}
