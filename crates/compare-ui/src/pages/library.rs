//! The library, one document, and search.

use actix_web::{HttpResponse, web};
use maud::html;

use super::layout::{Page, Place, document as whole, skeleton};
use super::{Settings, answer};
use crate::assets::path;

/// Pairs to try the service with: name, what it shows, old and new file.
const SAMPLES: [(&str, &str, &str, &str); 3] = [
    (
        "A contract",
        "words changed, a clause moved",
        "contract-a.pdf",
        "contract-b.pdf",
    ),
    (
        "A schematic",
        "parts and lines changed on a drawing",
        "schematic-a.pdf",
        "schematic-b.pdf",
    ),
    (
        "A paper",
        "a paragraph gone, words in italics",
        "paper-a.pdf",
        "paper-b.pdf",
    ),
];

/// `GET /`.
pub(super) async fn library(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head {
            div {
                h1 { "Library" }
                p.lead #usage aria-live="polite" {}
            }
            div.actions {
                a.button href="/compare" { "Compare two…" }
                button.primary #choose type="button" { "Upload PDFs" }
                input #files type="file" accept="application/pdf,.pdf" multiple hidden
                    aria-label="PDF files to upload";
            }
        }
        section #uploads aria-label="Uploads" hidden {}
        section #empty hidden {
            img src=(path("icon.svg")) alt="" width="56" height="56";
            h2 { "Drop PDFs anywhere on this page" }
            p.lead {
                "Two of them, and what changed between them opens at once. \
                 More of them, and you can search them all and compare any two."
            }
            p { button.primary #choose-first type="button" { "Choose PDFs…" } }
            h3 { "or see how it works with a sample" }
            ul.samples {
                @for (name, what, old, new) in SAMPLES {
                    li {
                        button.sample type="button" data-old=(old) data-new=(new) {
                            b { (name) } span { (what) }
                        }
                    }
                }
            }
        }
        section #documents aria-label="Documents" aria-busy="true" { (skeleton("your documents")) }
        p.more { button #more type="button" hidden { "Show more" } }
        div.selection #selection role="region" aria-label="Selected documents" hidden {
            p #selected {}
            button #swap-selected type="button" { "Swap" }
            button.primary #compare-selected type="button" aria-describedby="selected" { "Compare" }
            button #clear-selected type="button" { "Clear" }
        }
        div.dropzone #dropzone hidden aria-hidden="true" {
            p { "Drop to upload" small { "two PDFs are compared at once" } }
        }
    };
    answer::ok(whole(
        &settings,
        &Page {
            title: "Library",
            place: Place::Library,
            class: "library",
            script: Some("js/library/main.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}

/// `GET /d/{document}`: the pages of one document, with the hits of a search.
pub(super) async fn document(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head {
            div { h1 #title { "Document" } p.lead #facts {} }
            div.actions #actions {}
        }
        form.search #find role="search" {
            label { span.hush { "Find in this document" } input #q type="search" name="q" placeholder="Find in this document" autocomplete="off"; }
            button type="submit" { "Find" }
        }
        p.hint #said role="status" {}
        section #pages aria-label="Pages" aria-busy="true" { (skeleton("pages")) }
    };
    answer::ok(whole(
        &settings,
        &Page {
            title: "Document",
            place: Place::Library,
            class: "document",
            script: Some("js/document.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}

/// `GET /search`.
pub(super) async fn search(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head { h1 { "Search" } }
        form.search #find role="search" action="/search" {
            label { span.hush { "Search all documents" }
                input #q type="search" name="q" placeholder="Words, \"a phrase\" or a part number" autocomplete="off" autofocus; }
            button.primary type="submit" { "Search" }
        }
        p.hint { "All words have to be on the page. " code { "\"in quotes\"" } " finds a phrase, "
            code { "FT-1001" } " finds part numbers, also inside longer ones." }
        p #said role="status" {}
        section #hits aria-label="Results" {}
        p.more { button #more type="button" hidden { "Show more" } }
    };
    answer::ok(whole(
        &settings,
        &Page {
            title: "Search",
            place: Place::Search,
            class: "finding",
            script: Some("js/search.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}
