//! Who may see what, ways out of dead ends, and being usable by everyone.

use serde_json::json;

use crate::files::{contracts, sample};
use crate::page::Page;

/// The pages that need nothing to be there.
const PAGES: [&str; 6] = [
    "/",
    "/comparisons",
    "/compare",
    "/search",
    "/settings",
    "/api",
];

pub async fn another_browser_sees_nothing_of_it(page: Page) {
    let path = page.compare(&contracts()).await;
    let other = page.stranger().await;
    other.library().await;
    other
        .until("!document.querySelector('#empty').hidden")
        .await;
    other.goto("/comparisons").await;
    other.says("#list", "Nothing compared yet").await;
    other.goto(&path).await;
    other
        .says("#notice", "There is no such comparison here")
        .await;
    other.goto("/search?q=supplier").await;
    other.says("#said", "Nothing holds supplier").await;
    other.close().await;
}

pub async fn wrong_addresses_are_answered_with_a_way_on(page: Page) {
    page.goto("/no/such/page").await;
    page.says("main", "There is no page here").await;
    page.press("main", "To your library").await;
    page.until("location.pathname === '/'").await;
    page.goto(&format!("/c/{}", "0".repeat(32))).await;
    page.says("#notice", "There is no such comparison here")
        .await;
    page.goto(&format!("/s/{}", "0".repeat(43))).await;
    page.says("#notice", "does not open anything").await;
    page.goto(&format!("/d/{}", "0".repeat(32))).await;
    page.until("document.querySelector('.trouble h2')").await;
}

pub async fn everything_has_a_name_and_can_be_reached_by_keys(page: Page) {
    let nameless = "[...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=button], [role=slider]')] \
        .filter((e) => e.checkVisibility() && !(e.getAttribute('aria-label') || e.innerText?.trim() || e.labels?.length || e.closest('[aria-hidden=true]'))) \
        .map((e) => e.outerHTML.slice(0, 120))";
    let path = page.compare(&contracts()).await;
    for place in PAGES.into_iter().chain([path.as_str()]) {
        page.goto(place).await;
        page.until("!document.querySelector('[aria-busy=true]')")
            .await;
        assert_eq!(
            page.value(nameless).await,
            json!([]),
            "without a name at {place}"
        );
        assert_eq!(
            page.value("document.querySelectorAll('h1').length").await,
            json!(1),
            "{place}"
        );
        // The first stop of the Tab key leads past the header.
        page.js(
            "document.activeElement.blur(); getSelection().removeAllRanges();",
            vec![],
        )
        .await;
        if place != "/search" {
            page.keys("\u{e004}").await;
            page.until("document.activeElement.classList.contains('skip')")
                .await;
        }
    }
    // Without the mouse: to a change, a verdict, and out again.
    page.keys("j").await;
    page.until("document.querySelector('.item[aria-current=true]')")
        .await;
    page.keys("r").await;
    page.says(".item[aria-current] .facts", "Reviewed").await;
    page.keys("\u{e00c}").await;
    page.until("!document.querySelector('.item[aria-current=true]')")
        .await;
    // Nothing was blocked by the content security policy or failed to load.
    let log = page
        .client
        .issue_cmd(crate::page::Vendor::log())
        .await
        .expect("the browser's log");
    let bad: Vec<String> = log
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["level"] == "SEVERE")
        .map(|entry| entry["message"].to_string())
        .collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

pub async fn no_page_is_wider_than_a_phone(page: Page) {
    page.upload(&[sample(
        "contract-a.pdf",
        "A contract with a name that is much longer than a phone is wide.pdf",
    )])
    .await;
    let path = page.compare(&contracts()).await;
    page.client.set_window_size(390, 844).await.unwrap();
    for place in PAGES
        .into_iter()
        .chain([path.as_str(), "/search?q=supplier", "/topology"])
    {
        page.goto(place).await;
        page.until("!document.querySelector('[aria-busy=true]')")
            .await;
        page.until("document.documentElement.scrollWidth <= innerWidth")
            .await;
    }
}
