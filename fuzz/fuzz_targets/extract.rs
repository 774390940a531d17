//! Any bytes as a document: open it, tell its parts, read and render its
//! first pages.
//!
//! Panics inside the PDF engine become errors of a page and are expected;
//! panics of this project's own code end the run.

#![no_main]

use std::sync::Once;

use extract::Source;
use libfuzzer_sys::fuzz_target;

const PAGES: u32 = 3;

fn end_on_own_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // The first parse puts the extractor's own hook in place.
        let _ = Source::open(b"%PDF-1.7 nothing".to_vec(), None);
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let ours =
                |file: &str| file.contains("crates/extract/") || file.contains("crates/model/");
            if info.location().is_some_and(|place| ours(place.file())) {
                eprintln!("{info}");
                std::process::abort();
            }
            before(info);
        }));
    });
}

fuzz_target!(|data: &[u8]| {
    end_on_own_panics();
    let Ok(source) = Source::open(data.to_vec(), Some("user")) else {
        return;
    };
    let _ = source.info();
    let reader = source.reader();
    for number in 1..=source.page_count().min(PAGES) {
        if let Ok(page) = reader.page(number) {
            check(&page);
        }
        let _ = reader.render(number, 0.25, None);
    }
});

/// What every page promises.
fn check(page: &model::Page) {
    for word in &page.words {
        assert!(!word.text.is_empty() && word.bounds.is_finite());
        assert!((word.style as usize) < page.styles.len());
        let edges = word.edges.len();
        assert!(edges == 0 || edges == word.text.chars().count() + 1);
        assert!(!word.text.chars().any(char::is_control));
    }
    assert!(page.drawing.coords.iter().all(|c| c.is_finite()));
    for (index, path) in page.drawing.paths.iter().enumerate() {
        let (verbs, coords) = page.drawing.geometry(index);
        let points: usize = verbs.iter().map(|verb| verb.points()).sum();
        assert_eq!(coords.len(), points * 2);
        assert!((path.style as usize) < page.drawing.styles.len());
    }
}
