//! Search across documents.

use crate::files::sample;
use crate::page::Page;

pub async fn words_phrases_and_parts_of_numbers_are_found_and_drawn(page: Page) {
    page.upload(&[
        sample("contract-a.pdf", "Contract.pdf"),
        sample("schematic-b.pdf", "Schematic.pdf"),
    ])
    .await;
    page.goto("/search").await;

    page.write("#q", "supplier effective").await;
    page.says("#hits", "Contract.pdf").await;
    page.until("!document.querySelector('#hits').innerText.includes('Schematic.pdf')")
        .await;
    page.until(
        "document.querySelector('#hits mark') && document.querySelector('#hits .sheet rect')",
    )
    .await;
    page.until("document.querySelector('#hits .sheet img').naturalWidth > 20")
        .await;

    page.write("#q", "\"Supply Agreement\"").await;
    page.until("document.querySelector('#hits mark')?.innerText.toLowerCase().includes('supply')")
        .await;
    // Part of the number C905.
    page.write("#q", "C90").await;
    page.says("#hits", "Schematic.pdf").await;
    page.until("location.search === '?q=C90'").await;

    // A hit leads to its page, with the hit drawn there.
    page.click("#hits .hit").await;
    page.until("location.pathname.startsWith('/d/')").await;
    page.says("#title", "Schematic.pdf").await;
    page.until("document.querySelector('#page-1 .sheet rect')")
        .await;

    page.goto("/search?q=zzqqxx").await;
    page.says("#said", "Nothing holds zzqqxx").await;
}
