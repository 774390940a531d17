//! Settings.

use serde_json::json;

use crate::files::{contracts, sample};
use crate::page::Page;

pub async fn a_token_is_made_told_once_and_revoked(page: Page) {
    page.upload(&[sample("contract-a.pdf", "Contract.pdf")])
        .await;
    page.goto("/settings").await;
    page.says("#usage", "Documents: 1 of").await;
    page.says("#tokens", "No tokens yet").await;
    page.write("#new-token [name=name]", "nightly build").await;
    page.click("#new-token button").await;
    page.until("document.querySelector('#secret code').innerText.length > 20")
        .await;
    page.says("#tokens", "nightly build").await;
    let token = page
        .value("document.querySelector('#secret code').innerText")
        .await;
    let list = "window.got = null; fetch('/api/v1/documents', { credentials: 'omit', headers: { authorization: `Bearer ${arguments[0]}` } }) \
        .then(async (r) => { window.got = [r.status, await r.text()]; });";
    page.js(list, vec![token.clone()]).await;
    page.until("window.got[0] === 200 && window.got[1].includes('Contract.pdf')")
        .await;
    page.goto("/settings").await;
    page.says("#tokens", "nightly build").await;
    page.until("!document.querySelector('#secret code')").await;
    page.press("#tokens", "Revoke").await;
    page.says("#tokens", "No tokens yet").await;
    page.js(list, vec![token]).await;
    page.until("window.got[0] === 401").await;
}

pub async fn everything_is_deleted_when_asked_twice(page: Page) {
    let path = page.compare(&contracts()).await;
    page.goto("/settings").await;
    page.click("#wipe").await;
    page.until("document.querySelector('#sure').open").await;
    page.press("#sure", "Keep it").await;
    page.until("!document.querySelector('#sure').open").await;
    page.click("#wipe").await;
    page.press("#sure", "Delete everything").await;
    page.until("location.pathname === '/' && !document.querySelector('#empty').hidden")
        .await;
    page.goto(&path).await;
    page.says("#notice", "There is no such comparison here")
        .await;
    assert_eq!(
        page.value("document.querySelector('#name-old').innerText")
            .await,
        json!("…")
    );
}
