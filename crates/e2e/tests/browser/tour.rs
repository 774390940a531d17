//! The way of a new user, from the first page to a shared link, with real
//! documents: a drawing and a manual of the folder in `CORPUS` (default
//! `../shared/corpus/pairs` beside the repository), or samples where there are
//! none.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::files::{File, file, sample};
use crate::page::Page;

/// Notes in the browser when an upload has ended: the last note counts.
const NOTE_UPLOADS: &str = "const send = XMLHttpRequest.prototype.send; \
    XMLHttpRequest.prototype.send = function (...body) { \
      this.addEventListener('load', () => sessionStorage.setItem('uploaded', Date.now())); \
      return send.apply(this, body); };";
/// A pair of pages shows, and a change on it.
const FIRST_LOOK: &str = "document.querySelector('.pane [data-change]') && (() => { \
    const c = document.querySelector('#canvas'); \
    const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; \
    let left = 0, right = 0; \
    for (let i = 0; i < d.length; i += 4) { if (d[i + 3] > 200 && d[i] < 150 && d[i + 1] < 150) { \
      if ((i / 4) % c.width < c.width / 2) left += 1; else right += 1; } } \
    return left > 50 && right > 50; })()";

fn pair(name: &str, substitutes: [&str; 2]) -> [File; 2] {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/pairs");
    let corpus = std::env::var_os("CORPUS").map_or(here, PathBuf::from);
    let real = corpus.join(name);
    let name = |revision: &str| format!("{name} {revision}.pdf");
    if real.join("old.pdf").is_file() {
        [
            file(&real.join("old.pdf"), &name("old")),
            file(&real.join("new.pdf"), &name("new")),
        ]
    } else {
        [
            sample(substitutes[0], &name("old")),
            sample(substitutes[1], &name("new")),
        ]
    }
}

pub async fn a_drawing_is_compared_read_searched_exported_and_shared(page: Page) {
    let files = pair("lime2-d-e", ["schematic-a.pdf", "schematic-b.pdf"]);
    tour(page, files).await;
}

pub async fn a_manual_is_compared_read_searched_exported_and_shared(page: Page) {
    let files = pair("olimage-02-03", ["paper-a.pdf", "paper-b.pdf"]);
    tour(page, files).await;
}

async fn tour(page: Page, files: [File; 2]) {
    compare(&page, &files).await;
    let path = page.path().await;
    read(&page).await;
    search(&page, &files[1].name).await;
    page.goto(&path).await;
    page.whole().await;
    page.exports("---").await;
    share(&page, &files).await;
}

/// Two files are dropped; what changed is seen soon.
async fn compare(page: &Page, files: &[File; 2]) {
    page.library().await;
    page.js(NOTE_UPLOADS, vec![]).await;
    // Whichever is dropped first, old is old.
    page.drop(&[files[1].clone(), files[0].clone()], "body")
        .await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.until(FIRST_LOOK).await;
    let waited = page
        .value("(Date.now() - sessionStorage.getItem('uploaded')) / 1000")
        .await;
    println!(
        "{}: seen {waited} s after the second upload had ended",
        files[1].name
    );
    page.whole().await;
    page.says("#name-old", &files[0].name).await;
    page.says("#name-new", &files[1].name).await;
    page.says("#verdict", "change").await;
}

/// The changes are stepped through, each shown on its page.
async fn read(page: &Page) {
    page.js("document.activeElement.blur()", vec![]).await;
    for at in ["1 of ", "2 of "] {
        page.keys("j").await;
        page.says("#at", at).await;
        page.until("document.querySelector('.item[aria-current=true] .sum').innerText.length > 3")
            .await;
        page.until("document.querySelector('.ring:not([visibility=hidden])')")
            .await;
    }
}

/// The longest word of the new document is found and drawn on its page.
async fn search(page: &Page, name: &str) {
    page.js(
        "window.word = null; (async () => { \
           const get = async (path) => (await fetch(`/api/v1${path}`)).json(); \
           const { items } = await get('/documents'); \
           const { id } = items.find((d) => d.name === arguments[0]); \
           const { words } = await get(`/documents/${id}/pages/1`); \
           const found = words.map((w) => w.text).filter((w) => /^[A-Za-z0-9]+$/.test(w)); \
           window.word = found.sort((a, b) => b.length - a.length)[0]; })()",
        vec![json!(name)],
    )
    .await;
    page.until("window.word").await;
    let Value::String(word) = page.value("window.word").await else {
        panic!("a word");
    };
    page.goto("/search").await;
    page.write("#q", &word).await;
    page.says("#hits", name).await;
    page.until(
        "document.querySelector('#hits mark') && document.querySelector('#hits .sheet rect') \
         && document.querySelector('#hits .sheet img').naturalWidth > 20",
    )
    .await;
}

/// Somebody else reads the comparison by a link.
async fn share(page: &Page, files: &[File; 2]) {
    let verdict = page.value("document.querySelector('#verdict').innerText");
    let verdict = verdict.await.as_str().unwrap_or_default().to_owned();
    page.click("#share").await;
    page.click("#share-form [type=submit]").await;
    page.until("document.querySelector('#share-url').value.includes('/s/')")
        .await;
    let link = page.value("document.querySelector('#share-url').value");
    let link = link.await.as_str().unwrap_or_default().to_owned();
    let other = page.stranger().await;
    other.goto(&link).await;
    other.whole().await;
    other.says("#verdict", &verdict).await;
    other.says("#name-new", &files[1].name).await;
    other.until(FIRST_LOOK).await;
    other.close().await;
}
