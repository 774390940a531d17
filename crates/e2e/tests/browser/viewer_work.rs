//! Working with a comparison.

use serde_json::json;

use crate::files::contracts;
use crate::page::Page;

pub async fn an_area_drawn_around_is_left_out(page: Page) {
    let path = page.compare(&contracts()).await;
    page.says("#items", "2024-11-25").await;
    page.says("#items", "“shall” became “must”").await;
    page.click("#ignore").await;
    page.says("#notice", "Draw a box").await;
    // Around “must” on the new page.
    let spot = page
        .value(
            "(() => { const m = [...document.querySelectorAll('#pane-new [data-change]')].find((m) => m.textContent.includes('“must”')); \
             const r = m.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom].map(Math.round); })()",
        )
        .await;
    let edge = |i: usize| spot[i].as_i64().unwrap();
    page.drag((edge(0) - 6, edge(1) - 6), (edge(2) + 6, edge(3) + 6))
        .await;
    page.until("document.querySelector('#ignore-dialog').open")
        .await;
    page.press("#ignore-dialog", "Compare without it").await;
    page.until(&format!(
        "location.pathname.startsWith('/c/') && location.pathname !== {}",
        json!(path)
    ))
    .await;
    page.whole().await;
    page.says("#notes", "1 ignored area").await;
    page.says("#items", "2024-11-25").await;
    page.until("!document.querySelector('#items').innerText.includes('became “must”')")
        .await;
    // The one before stays as it was.
    page.goto(&path).await;
    page.says("#items", "“shall” became “must”").await;
}

pub async fn verdicts_and_comments_are_kept(page: Page) {
    let path = page.compare(&contracts()).await;
    page.press_item("527").await;
    page.click(".item[aria-current] [data-verdict=query]").await;
    page.says(".item[aria-current] .facts", "Query").await;
    page.write(".item[aria-current] textarea", "Which figure is right?")
        .await;
    page.keys("\u{e00c}").await;
    page.says(".item[aria-current] .facts", "commented").await;
    page.press_item("22.12").await;
    page.js("document.activeElement.blur()", vec![]).await;
    page.keys("a").await;
    page.says(".item[aria-current] .facts", "Accepted").await;

    page.until("performance.getEntriesByType('resource').filter((r) => r.name.includes('/reviews/')).length >= 3").await;
    page.goto(&path).await;
    page.whole().await;
    page.press_item("527").await;
    page.until(
        "document.querySelector('.item[aria-current] textarea').value === 'Which figure is right?'",
    )
    .await;
    page.until("document.querySelector('.item[aria-current] [data-verdict=query]').getAttribute('aria-pressed') === 'true'").await;
    page.click("#flags [data-verdict=accepted]").await;
    page.until("document.querySelectorAll('#items .item').length === 1")
        .await;
    page.says("#items", "244.50").await;
}

pub async fn the_report_is_exported_in_every_format(page: Page) {
    page.compare(&contracts()).await;
    page.exports("must").await;
}

pub async fn a_narrow_window_has_the_list_in_a_sheet(page: Page) {
    page.client.set_window_size(390, 844).await.unwrap();
    page.compare(&contracts()).await;
    page.until("!document.querySelector('#items').checkVisibility()")
        .await;
    page.click("#handle").await;
    page.until("document.querySelector('#items').checkVisibility() && document.querySelector('#handle').getAttribute('aria-expanded') === 'true'").await;
    page.press_item("22.12").await;
    page.until("document.querySelector('.ring:not([visibility=hidden])')")
        .await;
    page.click("#handle").await;
    page.until("!document.querySelector('#items').checkVisibility()")
        .await;
}
