//! What the HTML file must and must not contain.

use super::*;
use crate::sample;

/// Blank pages of the asked size, and a record of what was asked for.
#[derive(Default)]
struct Blank {
    asked: Vec<(Side, u32)>,
}

impl PageImages for Blank {
    fn image(&mut self, side: Side, page: u32, scale: f32) -> Option<Raster> {
        self.asked.push((side, page));
        let (width, height) = ((595.0 * scale) as u32, (842.0 * scale) as u32);
        Some(Raster {
            width,
            height,
            rgb: vec![255; (width * height * 3) as usize],
        })
    }
}

fn written(report: &Report, images: &mut dyn PageImages) -> String {
    let mut out = Vec::new();
    html(report, images, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_part_is_there() {
    let shown = written(&sample::rich(), &mut ());
    let markup = shown.replace(CSS, "/* css */").replace(JS, "// js");
    insta::assert_snapshot!(markup.replace("><", ">\n<"));
}

#[test]
fn nothing_is_loaded_from_outside() {
    for report in [sample::rich(), sample::many(20, 3)] {
        let shown = written(&report, &mut ());
        for outside in ["http://", "https://", "//cdn", "src=\"/", "@import", "url("] {
            assert!(!shown.contains(outside), "{outside}");
        }
    }
}

#[test]
fn text_of_the_document_is_inert() {
    let shown = written(&sample::hostile(), &mut ());
    assert_eq!(shown.matches("<script>").count(), 1, "only our own script");
    assert_eq!(shown.matches("</script>").count(), 1);
    assert!(
        !shown.contains("<img"),
        "no image was given, none may appear"
    );
    assert!(shown.contains("&lt;/script&gt;&lt;script&gt;alert(1)"));
    assert!(!shown.contains("href=\"javascript:"));
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
    assert!(shown.contains("script-src 'sha256-"));
}

#[test]
fn every_id_is_unique_and_every_link_leads_somewhere() {
    for report in [sample::rich(), sample::hostile(), sample::many(50, 4)] {
        let shown = written(&report, &mut ());
        let after = |mark: &str| -> Vec<String> {
            shown
                .split(mark)
                .skip(1)
                .filter_map(|rest| rest.split_once('"').map(|(value, _)| value.to_owned()))
                .collect()
        };
        let mut ids = after(" id=\"");
        ids.sort();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count, "duplicate id");
        let hostile = report.old.name == sample::INJECTION;
        for target in after("href=\"#") {
            // Changes without a box on a known page have no mark to lead to.
            assert!(hostile || ids.contains(&target), "#{target} leads nowhere");
        }
    }
}

#[test]
fn each_page_is_asked_for_once_and_unchanged_ones_on_one_side() {
    let mut images = Blank::default();
    let shown = written(&sample::rich(), &mut images);
    let mut distinct = images.asked.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), images.asked.len());
    assert!(
        !images.asked.contains(&(Side::Old, 2)),
        "page 2 is unchanged"
    );
    assert!(images.asked.contains(&(Side::New, 2)));
    assert_eq!(shown.matches("<img").count(), images.asked.len());
}

#[test]
fn thousands_of_changes_stay_small() {
    let shown = written(&sample::many(3000, 100), &mut ());
    assert!(shown.len() < 4 << 20, "{} bytes", shown.len());
}
