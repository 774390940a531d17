//! A report with every kind, operation, page status and nastiness, for tests.

use std::collections::BTreeMap;

use model::{
    Change, ChangeKind, Evidence, FORMAT, FileRef, Group, Op, PageCounts, PageCoverage, PageEntry,
    PageStatus, Rect, Report, Settings, Side, Spot, Summary, TextSource, Transform, Warning,
};

/// Text that tries to leave the markup it is put in.
pub(crate) const INJECTION: &str =
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`${x}";

/// A report worth reading: eight page entries and one change of each sort.
pub(crate) fn rich() -> Report {
    let mut report = Report {
        format: FORMAT.into(),
        old: file("valve-controller-rev-B.pdf", 'a', 7),
        new: file("valve-controller-rev-C.pdf", 'b', 7),
        identical: false,
        summary: Summary {
            pages: PageCounts {
                unchanged: 2,
                changed: 3,
                inserted: 1,
                deleted: 1,
                moved: 1,
            },
            changes: BTreeMap::new(),
        },
        pages: vec![
            page(Some(1), Some(1), PageStatus::Changed),
            page(Some(2), Some(2), PageStatus::Unchanged),
            PageEntry {
                remark: Some("shifted 3.0 pt down".into()),
                transform: Transform::translation(0.0, 3.0),
                similarity: 0.97,
                ..page(Some(3), Some(3), PageStatus::Changed)
            },
            page(Some(4), None, PageStatus::Deleted),
            page(None, Some(4), PageStatus::Inserted),
            PageEntry {
                coverage: PageCoverage {
                    text: 0.62,
                    text_source: [TextSource::Glyphs, TextSource::Ocr],
                    accounted: 0.9,
                    ..coverage()
                },
                new_size: Some([842.0, 595.0]),
                old_size: Some([842.0, 595.0]),
                similarity: 0.88,
                ..page(Some(5), Some(5), PageStatus::Changed)
            },
            page(Some(7), Some(6), PageStatus::Moved),
            PageEntry {
                remark: Some("scaled to 98 %".into()),
                transform: Transform([0.98, 0.0, 0.0, 0.98, 5.95, 8.42]),
                ..page(Some(6), Some(7), PageStatus::Unchanged)
            },
        ],
        changes: changes(),
        groups: vec![Group {
            id: 1,
            summary: "“10k” became “12k” in 3 places".into(),
            changes: vec![5, 6, 7],
        }],
        warnings: vec![
            Warning {
                side: Some(Side::New),
                page: Some(5),
                code: "ocr-used".into(),
                message: "the page has no text of its own; words were recognised from its image"
                    .into(),
            },
            Warning {
                side: None,
                page: None,
                code: "no-pixels".into(),
                message: "pixels were not compared".into(),
            },
        ],
        settings: Settings {
            version: "pdf-compare 0.1.0".into(),
            ignore: vec!["page-numbers".into()],
            ignore_regions: vec!["1-3:0,0,595,40".into()],
            tolerance: 0.5,
            pixels: true,
            ..Settings::default()
        },
    };
    number(&mut report);
    report
}

fn changes() -> Vec<Change> {
    let long_old = "The relief valve shall open before the pressure in the vessel exceeds 12 bar \
        and shall close again below 10 bar. The set point is checked every year by a person who is \
        trained for it, and the result is written into the log book kept beside the vessel.";
    let long_new = long_old
        .replace("12 bar", "14 bar")
        .replace("every year", "twice a year");
    vec![
        change(ChangeKind::Text, Op::Replaced, "“shall” became “must”")
            .was(1, [72.0, 90.5, 100.2, 101.0], "shall")
            .now(1, [72.0, 90.5, 99.7, 101.0], "must")
            .done(),
        change(ChangeKind::Text, Op::Replaced, "paragraph reworded")
            .was(1, [72.0, 120.0, 523.0, 170.0], long_old)
            .now(1, [72.0, 120.0, 523.0, 170.0], &long_new)
            .done(),
        change(
            ChangeKind::Text,
            Op::Added,
            "sentence added: “Wear gloves.”",
        )
        .now(1, [72.0, 200.0, 140.0, 211.0], "Wear gloves.")
        .done(),
        change(
            ChangeKind::Style,
            Op::Restyled,
            "“WARNING” is now bold and red",
        )
        .was(1, [72.0, 240.0, 130.0, 252.0], "WARNING")
        .now(1, [72.0, 240.0, 136.0, 252.0], "WARNING")
        .done(),
        change(ChangeKind::Text, Op::Replaced, "“10k” became “12k”")
            .was(1, [300.0, 300.0, 318.0, 310.0], "10k")
            .now(1, [300.0, 300.0, 318.0, 310.0], "12k")
            .done(),
        change(ChangeKind::Text, Op::Replaced, "“10k” became “12k”")
            .was(1, [340.0, 300.0, 358.0, 310.0], "10k")
            .now(1, [340.0, 300.0, 358.0, 310.0], "12k")
            .done(),
        change(ChangeKind::Text, Op::Replaced, "“10k” became “12k”")
            .was(3, [340.0, 300.0, 358.0, 310.0], "10k")
            .now(3, [340.0, 303.0, 358.0, 313.0], "12k")
            .done(),
        change(ChangeKind::Drawing, Op::Moved, "line moved 2.0 pt right")
            .was(3, [100.0, 400.0, 200.0, 400.0], "")
            .now(3, [102.0, 403.0, 202.0, 403.0], "")
            .done(),
        change(
            ChangeKind::Text,
            Op::Moved,
            "paragraph moved from page 1 to page 3",
        )
        .was(1, [72.0, 600.0, 523.0, 640.0], "The vessel is inspected.")
        .now(3, [72.0, 500.0, 523.0, 540.0], "The vessel is inspected.")
        .done(),
        change(ChangeKind::Text, Op::Removed, "paragraph removed")
            .was(3, [72.0, 650.0, 523.0, 690.0], INJECTION)
            .done(),
        change(ChangeKind::Drawing, Op::Added, "symbol added")
            .now(5, [300.0, 200.0, 360.0, 260.0], "")
            .done(),
        change(ChangeKind::Image, Op::Replaced, "image replaced")
            .was(5, [400.0, 100.0, 700.0, 300.0], "")
            .now(5, [400.0, 100.0, 700.0, 300.0], "")
            .done(),
        change(ChangeKind::Pixels, Op::Replaced, "looks different here")
            .was(5, [20.0, 20.0, 60.0, 60.0], "")
            .now(5, [20.0, 20.0, 60.0, 60.0], "")
            .noise("pixels differ, paths equal: rendering")
            .done(),
        change(
            ChangeKind::Annotation,
            Op::Added,
            "comment added: “check \u{1b}[31mthis\u{202e}”",
        )
        .now(
            5,
            [500.0, 400.0, 520.0, 420.0],
            "check \u{1b}[31mthis\u{202e}",
        )
        .done(),
        change(ChangeKind::Form, Op::Replaced, "field “amount” changed")
            .was(5, [100.0, 500.0, 200.0, 515.0], "100")
            .now(5, [100.0, 500.0, 200.0, 515.0], "120")
            .done(),
        change(ChangeKind::Link, Op::Replaced, "link leads elsewhere")
            .was(5, [100.0, 550.0, 200.0, 560.0], "javascript:alert(3)")
            .now(5, [100.0, 550.0, 200.0, 560.0], "mailto:a@b.example")
            .done(),
        change(ChangeKind::Metadata, Op::Replaced, "Author changed")
            .was(0, None, "A. Smith")
            .now(0, None, "שרה כהן")
            .done(),
        change(
            ChangeKind::Attachment,
            Op::Removed,
            "attachment “bom.csv” removed",
        )
        .was(0, None, "bom.csv")
        .done(),
    ]
}

/// What a hostile worker might send.
pub(crate) fn hostile() -> Report {
    let mut report = rich();
    report.old.name = INJECTION.into();
    report.old.sha256 = INJECTION.into();
    report.settings.version = INJECTION.into();
    report.settings.pages = INJECTION.into();
    report.settings.tolerance = f32::NAN;
    let bad = [
        Rect {
            x0: f32::NAN,
            y0: 0.0,
            x1: 1.0,
            y1: 1.0,
        },
        Rect {
            x0: 0.0,
            y0: f32::NEG_INFINITY,
            x1: f32::INFINITY,
            y1: 1.0,
        },
        Rect {
            x0: 1e30,
            y0: 1e30,
            x1: 2e30,
            y1: f32::MAX,
        },
        Rect {
            x0: 90.0,
            y0: 90.0,
            x1: 10.0,
            y1: 10.0,
        },
    ];
    for change in &mut report.changes {
        change.summary = INJECTION.into();
        change.evidence.reason = INJECTION.into();
        for spot in [&mut change.old, &mut change.new].into_iter().flatten() {
            spot.boxes.extend(bad);
            spot.text.push_str(INJECTION);
        }
    }
    if let Some(spot) = &mut report.changes[0].new {
        spot.page = u32::MAX;
    }
    report.changes[1].old = None;
    report.changes[1].new = None;
    report.changes[2].id = report.changes[3].id;
    for (i, page) in report.pages.iter_mut().enumerate() {
        page.remark = Some(INJECTION.into());
        page.similarity = f32::NAN;
        page.transform = Transform([f64::NAN, 0.0, 0.0, f64::INFINITY, 0.0, 0.0]);
        page.coverage.text = f32::NAN;
        page.new_size = match i % 3 {
            0 => Some([f32::NAN, -1.0]),
            1 => Some([1e30, 0.0]),
            _ => None,
        };
    }
    report.pages.push(page(None, None, PageStatus::Moved));
    report
        .pages
        .push(page(Some(1), Some(1), PageStatus::Changed));
    report.groups.push(Group {
        id: 9,
        summary: INJECTION.into(),
        changes: vec![0, 1, 1, u32::MAX],
    });
    report.groups.push(Group {
        id: 10,
        summary: String::new(),
        changes: Vec::new(),
    });
    report.warnings.push(Warning {
        side: Some(Side::Old),
        page: Some(u32::MAX),
        code: INJECTION.into(),
        message: INJECTION.into(),
    });
    report
}

/// Two equal files.
pub(crate) fn identical() -> Report {
    Report {
        format: FORMAT.into(),
        old: file("a.pdf", 'a', 1),
        new: file("a.pdf", 'a', 1),
        identical: true,
        summary: Summary::default(),
        pages: vec![page(Some(1), Some(1), PageStatus::Unchanged)],
        changes: Vec::new(),
        groups: Vec::new(),
        warnings: Vec::new(),
        settings: Settings::default(),
    }
}

/// A report of `n` changes over `pages` pages.
pub(crate) fn many(n: u32, pages: u32) -> Report {
    let mut report = identical();
    report.identical = false;
    report.pages = (1..=pages)
        .map(|number| page(Some(number), Some(number), PageStatus::Changed))
        .collect();
    report.changes = (0..n)
        .map(|i| {
            let y = 50.0 + (i / pages) as f32 * 12.0;
            change(
                ChangeKind::Text,
                Op::Replaced,
                &format!("“{i}” became “{}”", i + 1),
            )
            .was(i % pages + 1, [72.0, y, 100.0, y + 10.0], &i.to_string())
            .now(
                i % pages + 1,
                [72.0, y, 100.0, y + 10.0],
                &(i + 1).to_string(),
            )
            .done()
        })
        .collect();
    number(&mut report);
    report
}

fn number(report: &mut Report) {
    for (change, id) in report.changes.iter_mut().zip(1..) {
        change.id = id;
    }
    report.summary.changes = ChangeKind::ALL
        .into_iter()
        .map(|kind| (kind, BTreeMap::new()))
        .collect();
    for change in report.changes.iter().filter(|c| !c.evidence.noise) {
        *report
            .summary
            .changes
            .entry(change.kind)
            .or_default()
            .entry(change.op)
            .or_default() += 1;
    }
    for group in &report.groups {
        for change in &mut report.changes {
            if group.changes.contains(&change.id) {
                change.group = Some(group.id);
            }
        }
    }
}

fn file(name: &str, digit: char, pages: u32) -> FileRef {
    FileRef {
        name: name.into(),
        sha256: digit.to_string().repeat(64),
        pages,
    }
}

fn coverage() -> PageCoverage {
    PageCoverage {
        text: 1.0,
        text_source: [TextSource::Glyphs; 2],
        drawing: true,
        pixels: true,
        accounted: 1.0,
    }
}

fn page(old: Option<u32>, new: Option<u32>, status: PageStatus) -> PageEntry {
    PageEntry {
        old,
        new,
        status,
        similarity: match status {
            PageStatus::Unchanged | PageStatus::Moved => 1.0,
            PageStatus::Changed => 0.98,
            PageStatus::Inserted | PageStatus::Deleted => 0.0,
        },
        old_size: old.map(|_| [595.0, 842.0]),
        new_size: new.map(|_| [595.0, 842.0]),
        transform: Transform::IDENTITY,
        remark: None,
        coverage: coverage(),
    }
}

struct Builder(Change);

fn change(kind: ChangeKind, op: Op, summary: &str) -> Builder {
    Builder(Change {
        id: 0,
        kind,
        op,
        old: None,
        new: None,
        summary: summary.into(),
        evidence: Evidence {
            text: Some(kind == ChangeKind::Text),
            pixels: Some(true),
            reason: "words differ and it shows".into(),
            ..Evidence::default()
        },
        group: None,
    })
}

impl Builder {
    fn was(mut self, page: u32, rect: impl Into<Option<[f32; 4]>>, text: &str) -> Self {
        self.0.old = Some(spot(page, rect.into(), text));
        self
    }

    fn now(mut self, page: u32, rect: impl Into<Option<[f32; 4]>>, text: &str) -> Self {
        self.0.new = Some(spot(page, rect.into(), text));
        self
    }

    fn noise(mut self, reason: &str) -> Self {
        self.0.evidence.noise = true;
        self.0.evidence.reason = reason.into();
        self
    }

    fn done(self) -> Change {
        self.0
    }
}

fn spot(page: u32, rect: Option<[f32; 4]>, text: &str) -> Spot {
    Spot {
        page,
        boxes: rect.map(Rect::from).into_iter().collect(),
        text: text.into(),
    }
}
