//! Library and choosing what to compare.

use serde_json::json;

use crate::files::{contracts, letter, sample};
use crate::page::Page;

const NAMES: &str = "[...document.querySelectorAll('#documents .name a')].map((a) => a.innerText)";

pub async fn an_empty_library_shows_what_to_do_and_offers_samples(page: Page) {
    page.library().await;
    page.says("#empty", "Drop PDFs anywhere").await;
    page.click("#empty [data-old='contract-a.pdf']").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.says("#items", "“shall” became “must”").await;
}

pub async fn dropped_files_are_uploaded_read_and_shown(page: Page) {
    page.library().await;
    let files = [
        sample("contract-a.pdf", "One.pdf"),
        sample("schematic-a.pdf", "Two.pdf"),
        sample("paper-a.pdf", "Three.pdf"),
    ];
    page.drop(&files, "body").await;
    page.until("document.querySelectorAll('#documents [data-state=ready]').length === 3")
        .await;
    // Thumbnails are pictures of the pages.
    page.until("[...document.querySelectorAll('#documents .thumb img')].filter((i) => i.naturalWidth > 20).length === 3").await;
    page.says("#documents", "3 pages").await;
    page.says("#documents", "just now").await;
    page.says("#usage", "3 documents").await;
    assert_eq!(
        page.value("document.querySelector('#uploads').hidden")
            .await,
        json!(true)
    );
    // They are there after a reload, too, in the same order.
    page.until(&format!(
        "{NAMES}.sort().join() === 'One.pdf,Three.pdf,Two.pdf'"
    ))
    .await;
    let names = page.value(NAMES).await;
    page.library().await;
    page.until(&format!("{NAMES}.length === 3")).await;
    assert_eq!(page.value(NAMES).await, names);
}

pub async fn two_chosen_files_are_compared_at_once(page: Page) {
    page.library().await;
    page.drop(&contracts(), "#files").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.says("#name-old", "Contract A.pdf").await;
    page.says("#name-new", "Contract B.pdf").await;
}

pub async fn two_dropped_files_are_compared_at_once(page: Page) {
    let path = page.compare(&contracts()).await;
    assert!(path.starts_with("/c/"), "{path}");
    page.says("#name-old", "Contract A.pdf").await;
    page.says("#name-new", "Contract B.pdf").await;
    page.goto("/comparisons").await;
    page.says("#list", "Contract A.pdf → Contract B.pdf").await;
    page.says("#list .state", "changes").await;
}

pub async fn a_document_is_renamed_deleted_and_brought_back(page: Page) {
    page.upload(&[sample("contract-a.pdf", "Draft.pdf")]).await;
    page.click("[data-id] summary").await;
    page.click("[data-act=rename]").await;
    page.write("[data-id] .name input", "Final").await;
    page.keys("\u{e007}").await;
    page.until(&format!("{NAMES}.join() === 'Final'")).await;
    page.library().await;
    page.until(&format!("{NAMES}.join() === 'Final'")).await;

    page.click("[data-id] summary").await;
    page.click("[data-act=delete]").await;
    page.until("!document.querySelector('#empty').hidden").await;
    page.press("#toasts", "Undo").await;
    page.until(&format!("{NAMES}.join() === 'Final'")).await;
}

pub async fn revisions_stay_together_and_compare_with_the_previous(page: Page) {
    let [old, new] = contracts().try_into().expect("two files");
    page.upload(&[old, new]).await;
    // The second is said to be a revision of the first.
    page.click("[data-id]:has(.name a) summary").await;
    page.press("[data-id] .menu[open]", "Is a revision of…")
        .await;
    page.press("[data-id] .menu[open]", "Contract A.pdf").await;
    page.until("document.querySelectorAll('.series').length === 1")
        .await;
    page.says(".series header", "2 revisions").await;
    page.says(".series", "Rev B").await;
    page.click("[data-act=previous]").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.says("#name-old", "Contract A.pdf").await;
    page.says("#name-new", "Contract B.pdf").await;
    page.whole().await;
}

pub async fn two_picked_documents_are_compared(page: Page) {
    page.upload(&contracts()).await;
    page.click("[aria-label='Choose Contract B.pdf to compare']")
        .await;
    page.says("#selected", "choose one more").await;
    page.until("document.querySelector('#compare-selected').disabled")
        .await;
    page.click("[aria-label='Choose Contract A.pdf to compare']")
        .await;
    page.says("#selected", "Contract B.pdf → Contract A.pdf")
        .await;
    page.click("#swap-selected").await;
    page.says("#selected", "Contract A.pdf → Contract B.pdf")
        .await;
    page.click("#compare-selected").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.says("#name-old", "Contract A.pdf").await;
    page.whole().await;
}

pub async fn the_keyboard_stays_where_it_is(page: Page) {
    page.upload(&contracts()).await;
    let held = "document.activeElement.ariaLabel";
    let ticked = "document.activeElement.checked";
    let name = "Choose Contract A.pdf to compare";
    page.js(
        "document.querySelector(`[aria-label='${arguments[0]}']`).focus()",
        vec![json!(name)],
    )
    .await;
    for on in [true, false, true] {
        page.keys(" ").await;
        page.until(&format!("{held} === {} && {ticked} === {on}", json!(name)))
            .await;
    }
    page.click("[data-id] summary").await;
    page.click("[data-act=rename]").await;
    page.write("[data-id] .name input", "Final").await;
    page.keys("\u{e007}").await;
    page.until("document.activeElement.innerText === 'Final'")
        .await;
}

pub async fn old_and_new_are_chosen_swapped_and_compared_with_options(page: Page) {
    page.upload(&contracts()).await;
    page.goto("/compare").await;
    let choose = "const [side, name] = arguments; const select = document.querySelector(`select[name=${side}]`); \
        select.value = [...select.options].find((o) => o.text === name).value; select.dispatchEvent(new Event('change'));";
    page.until("document.querySelector('select[name=old]').options.length === 3")
        .await;
    let disabled = "document.querySelector('#compare [type=submit]').disabled";
    page.says("#missing", "an old and a new document").await;
    page.until(disabled).await;
    page.js(choose, vec![json!("old"), json!("Contract B.pdf")])
        .await;
    page.says("#missing", "a new document, too").await;
    page.js(choose, vec![json!("new"), json!("Contract B.pdf")])
        .await;
    page.says("#missing", "same document").await;
    page.until(disabled).await;
    page.js(choose, vec![json!("new"), json!("Contract A.pdf")])
        .await;
    page.until(&format!("!{disabled}")).await;
    page.click("#swap").await;
    page.until("document.querySelectorAll('.preview img.ready').length === 2")
        .await;
    page.click("#compare summary").await;
    page.click("input[value=headers]").await;
    page.click("#compare [type=submit]").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.says("#name-old", "Contract A.pdf").await;
    page.says("#notes", "without headers").await;
    let text = page
        .value("document.querySelector('#items').innerText")
        .await
        .to_string();
    assert!(
        text.contains("must") && !text.contains("2024-11-25"),
        "{text}"
    );
}

pub async fn what_is_no_pdf_is_refused_with_words(page: Page) {
    page.library().await;
    page.drop(&[letter()], "body").await;
    page.says("#uploads", "This is not a PDF").await;
    page.click("#uploads [aria-label='Close letter.txt']").await;
    page.until("document.querySelector('#uploads').hidden")
        .await;
}
