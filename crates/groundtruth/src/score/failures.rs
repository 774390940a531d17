//! What went wrong, case by case.

use std::fmt::Write as _;

use model::Spot;

use super::changes::ChangeList;
use super::matching::score;
use crate::truth::Truths;

fn place(spot: Option<&Spot>) -> String {
    spot.map_or_else(
        || "–".to_owned(),
        |s| {
            let boxes: Vec<String> = s
                .boxes
                .iter()
                .take(3)
                .map(|b| format!("[{:.0} {:.0} {:.0} {:.0}]", b.x0, b.y0, b.x1, b.y1))
                .collect();
            let more = if s.boxes.len() > 3 {
                format!(" +{}", s.boxes.len() - 3)
            } else {
                String::new()
            };
            let text: String = s.text.chars().take(60).collect();
            format!("p{} {}{more} “{text}”", s.page, boxes.join(" "))
        },
    )
}

/// Truths missed and false reports of one case; empty where all is right.
pub fn failures(truths: &Truths, list: &ChangeList) -> String {
    let result = score(truths, list);
    let mut out = String::new();
    if let Some(reason) = &list.failed {
        let _ = writeln!(out, "  no result: {reason}");
    }
    for (truth, found) in truths.truths.iter().zip(&result.truths) {
        if found.by.is_empty() {
            let _ = writeln!(
                out,
                "  missed {} {} ({}): old {}; new {}",
                truth.kind.name(),
                truth.op.name(),
                truth.what,
                place(truth.old.as_ref()),
                place(truth.new.as_ref())
            );
        }
    }
    for index in result.false_reports.iter().take(8) {
        let c = &list.changes[*index];
        let _ = writeln!(
            out,
            "  false {} {}: old {}; new {}; {}",
            c.kind.name(),
            c.op.map_or("?", model::Op::name),
            place(c.old.as_ref()),
            place(c.new.as_ref()),
            c.summary
        );
    }
    if result.false_reports.len() > 8 {
        let _ = writeln!(
            out,
            "  … {} more false reports",
            result.false_reports.len() - 8
        );
    }
    if result.events_found < result.events {
        let _ = writeln!(
            out,
            "  page events found {} of {}: {:?}",
            result.events_found, result.events, truths.pages
        );
    }
    for event in &result.false_events {
        let _ = writeln!(
            out,
            "  false page event {:?} {:?} → {:?}",
            event.status, event.old, event.new
        );
    }
    out
}
