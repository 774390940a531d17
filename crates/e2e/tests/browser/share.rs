//! Links for others.

use serde_json::json;

use crate::files::contracts;
use crate::page::Page;

pub async fn a_link_opens_one_comparison_to_others_until_it_is_taken_back(page: Page) {
    page.compare(&contracts()).await;
    page.press_item("22.12").await;
    page.until("location.search.includes('zoom=') && location.search.includes('at=')")
        .await;
    page.click("#share").await;
    page.click("#share-form [type=submit]").await;
    page.until("document.querySelector('#share-url').value.includes('/s/')")
        .await;
    let link = page
        .value("document.querySelector('#share-url').value")
        .await;
    let link = link.as_str().unwrap().to_owned();
    // What is looked at goes along, not how large.
    assert!(link.contains("change="), "{link}");
    assert!(!link.contains("zoom=") && !link.contains("at="), "{link}");

    let other = page.stranger().await;
    other.goto(&link).await;
    other.whole().await;
    other.says("#name-old", "Contract A.pdf").await;
    other.says("#items", "“shall” became “must”").await;
    other.press_item("22.12").await;
    // Pages show, and nothing can be changed.
    other
        .until("performance.getEntriesByType('resource').some((r) => r.name.includes('/shared/') && r.name.includes('/image') && r.responseStatus === 200)")
        .await;
    other.until("!document.querySelector('#share') && !document.querySelector('#ignore') && !document.querySelector('[data-verdict]')").await;
    // The link opens this one, not the workspace.
    let secret = link
        .split("/s/")
        .nth(1)
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    other
        .js(
            "window.got = null; fetch(`/api/v1/shared/${arguments[0]}/documents`).then((r) => { window.got = r.status; });",
            vec![json!(secret)],
        )
        .await;
    other.until("window.got === 404").await;

    page.press("#share-list", "Revoke").await;
    page.until("!document.querySelector('#share-list').innerText.includes('Revoke')")
        .await;
    page.until("document.querySelector('#share-made').hidden")
        .await;
    other.goto(&link).await;
    other.says("#notice", "does not open anything").await;
    other.close().await;
}
