//! A report arranged by page, the way people read it.

use std::collections::hash_map::{Entry, HashMap};

use model::{Change, ChangeKind, Op, PageEntry, PageStatus, Report, Side, Spot};

/// Which changes belong where. Built once per output; tolerates page numbers
/// and group ids that lead nowhere.
pub(crate) struct View<'a> {
    /// The report.
    pub(crate) report: &'a Report,
    /// For each entry of `report.pages`: indices of the changes told there, in
    /// report order. A change is told where it is in the new document, a
    /// removal where it was.
    pub(crate) told: Vec<Vec<usize>>,
    /// Changes of the document as a whole, or on pages the report does not
    /// list.
    pub(crate) document: Vec<usize>,
    /// Group index of each change, where it belongs to a group of several.
    group_of: HashMap<usize, usize>,
    members: Vec<Vec<usize>>,
    by_old: HashMap<u32, usize>,
    by_new: HashMap<u32, usize>,
}

impl<'a> View<'a> {
    /// Arranges `report`.
    pub(crate) fn of(report: &'a Report) -> Self {
        let mut view = Self {
            report,
            told: vec![Vec::new(); report.pages.len()],
            document: Vec::new(),
            group_of: HashMap::new(),
            members: vec![Vec::new(); report.groups.len()],
            by_old: HashMap::new(),
            by_new: HashMap::new(),
        };
        for (index, entry) in report.pages.iter().enumerate() {
            if let Some(old) = entry.old {
                view.by_old.entry(old).or_insert(index);
            }
            if let Some(new) = entry.new {
                view.by_new.entry(new).or_insert(index);
            }
        }
        let mut by_id = HashMap::new();
        for (index, change) in report.changes.iter().enumerate() {
            by_id.entry(change.id).or_insert(index);
            match view.home(change) {
                Some(entry) => view.told[entry].push(index),
                None => view.document.push(index),
            }
        }
        for (index, group) in report.groups.iter().enumerate() {
            for id in &group.changes {
                if let Some(&change) = by_id.get(id)
                    && let Entry::Vacant(free) = view.group_of.entry(change)
                {
                    free.insert(index);
                    view.members[index].push(change);
                }
            }
            view.members[index].sort_unstable();
        }
        view
    }

    /// Index of the entry that shows `page` of `side`.
    pub(crate) fn entry(&self, side: Side, page: u32) -> Option<usize> {
        match side {
            Side::Old => self.by_old.get(&page).copied(),
            Side::New => self.by_new.get(&page).copied(),
        }
    }

    fn home(&self, change: &Change) -> Option<usize> {
        let at =
            |side, spot: &Option<Spot>| spot.as_ref().and_then(|spot| self.entry(side, spot.page));
        at(Side::New, &change.new).or_else(|| at(Side::Old, &change.old))
    }

    /// Index of the group of change `index`.
    pub(crate) fn group(&self, index: usize) -> Option<usize> {
        self.group_of.get(&index).copied()
    }

    /// The changes of group `index`, in report order, by index.
    pub(crate) fn members(&self, group: usize) -> &[usize] {
        self.members.get(group).map_or(&[], Vec::as_slice)
    }

    /// How many changes are real edits, and how many are noise.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let noise = self
            .report
            .changes
            .iter()
            .filter(|change| change.evidence.noise)
            .count();
        (self.report.changes.len() - noise, noise)
    }

    /// Changes without noise, by kind and operation, kinds and operations in
    /// report order.
    pub(crate) fn tally(&self) -> Vec<(ChangeKind, Vec<(Op, usize)>)> {
        let mut counts: std::collections::BTreeMap<
            ChangeKind,
            std::collections::BTreeMap<Op, usize>,
        > = std::collections::BTreeMap::new();
        for change in self.report.changes.iter().filter(|c| !c.evidence.noise) {
            *counts
                .entry(change.kind)
                .or_default()
                .entry(change.op)
                .or_default() += 1;
        }
        counts
            .into_iter()
            .map(|(kind, ops)| (kind, ops.into_iter().collect()))
            .collect()
    }
}

/// Name of a kind in a sentence or heading.
pub(crate) fn kind_label(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Text => "Text",
        ChangeKind::Style => "Formatting",
        ChangeKind::Drawing => "Drawing",
        ChangeKind::Image => "Images",
        ChangeKind::Pixels => "Appearance",
        ChangeKind::Annotation => "Comments",
        ChangeKind::Form => "Form fields",
        ChangeKind::Link => "Links",
        ChangeKind::Metadata => "Properties",
        ChangeKind::Attachment => "Attachments",
    }
}

/// The mark that tells the operation without colour.
pub(crate) fn op_mark(op: Op) -> char {
    match op {
        Op::Added => '+',
        Op::Removed => '-',
        Op::Replaced => '~',
        Op::Moved => '>',
        Op::Restyled => '*',
    }
}

/// “Page 3”, “Page 3 → 5”, “Page 4 (new)”: the entry in a heading.
pub(crate) fn page_label(entry: &PageEntry) -> String {
    match (entry.old, entry.new) {
        (Some(old), Some(new)) if old == new => format!("Page {new}"),
        (Some(old), Some(new)) => format!("Page {old} → {new}"),
        (None, Some(new)) => format!("Page {new} (new)"),
        (Some(old), None) => format!("Page {old} (old)"),
        (None, None) => "Page ?".into(),
    }
}

/// Whether the entry is a page of the old file and one of the new.
pub(crate) fn paired(entry: &PageEntry) -> bool {
    entry.old.is_some() && entry.new.is_some()
}

/// What became of a page, in a sentence.
pub(crate) fn page_event(entry: &PageEntry) -> Option<String> {
    match entry.status {
        PageStatus::Inserted => Some("inserted: only in the new file".into()),
        PageStatus::Deleted => Some("deleted: only in the old file".into()),
        PageStatus::Moved => Some(match (entry.old, entry.new) {
            (Some(old), Some(new)) if old != new => format!("moved from page {old} to page {new}"),
            _ => "moved".into(),
        }),
        PageStatus::Unchanged | PageStatus::Changed => None,
    }
}

/// The text a change had and has; empty where it has none.
pub(crate) fn texts(change: &Change) -> (&str, &str) {
    fn text(spot: Option<&Spot>) -> &str {
        spot.map_or("", |spot| spot.text.as_str())
    }
    (text(change.old.as_ref()), text(change.new.as_ref()))
}

/// The page numbers a change is on, new page first choice; `None` for what
/// belongs to the whole document.
pub(crate) fn page_of(change: &Change) -> Option<u32> {
    [&change.new, &change.old]
        .into_iter()
        .flatten()
        .map(|spot| spot.page)
        .find(|page| *page > 0)
}

/// Why a page could be compared only in part, in words; `None` where all of it
/// was.
pub(crate) fn coverage_gap(entry: &PageEntry) -> Option<String> {
    let coverage = &entry.coverage;
    let mut gaps = Vec::new();
    // A page of one side has nothing to be compared with.
    if entry.old.is_none() || entry.new.is_none() {
        return None;
    }
    if coverage.text < 0.995 {
        gaps.push(format!(
            "{} of the characters have a known meaning",
            percent(coverage.text)
        ));
    }
    if coverage.accounted < 0.995 {
        gaps.push(format!(
            "{} of the content is accounted for",
            percent(coverage.accounted)
        ));
    }
    if !coverage.drawing && !coverage.pixels {
        gaps.push("drawing and pixels were not compared".into());
    }
    (!gaps.is_empty()).then(|| gaps.join("; "))
}

/// `0.98` as `98 %`, never rounded up to 100.
pub(crate) fn percent(share: f32) -> String {
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    format!("{} %", (share * 100.0 + 1e-4).floor())
}
