//! Picking two documents, and the list of comparisons.

use actix_web::{HttpResponse, web};
use maud::{Markup, html};

use super::layout::{Page, Place, document, skeleton};
use super::{Settings, answer};

fn side(id: &str, name: &str, explained: &str) -> Markup {
    html! {
        fieldset.side data-side=(id) {
            legend { (name) }
            p.hint { (explained) }
            label { span.hush { (name) " document" } select name=(id) required { option value="" { "Choose a document…" } } }
            button.drop type="button" data-upload=(id) { "or drop or choose a file" }
            div.preview aria-hidden="true" {}
        }
    }
}

/// Kinds of change that can be left out, and what they mean to a person.
const IGNORABLE: [(&str, &str); 9] = [
    ("headers", "headers and footers"),
    ("page-numbers", "page numbers"),
    ("whitespace", "spaces"),
    ("case", "upper and lower case"),
    ("moves", "moved text"),
    ("style", "fonts, sizes, colours"),
    ("metadata", "document properties"),
    ("annotation", "comments"),
    ("link", "links"),
];

/// `GET /compare`.
pub(super) async fn compare(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head { h1 { "Compare" } }
        form #compare {
            div.sides {
                (side("old", "Old", "the revision you know"))
                button.icon #swap type="button" aria-label="Swap old and new" title="Swap old and new" { "⇄" }
                (side("new", "New", "the revision to check"))
            }
            details {
                summary { "Options" }
                fieldset.options {
                    legend { "Do not report" }
                    div.checks {
                        @for (value, name) in IGNORABLE {
                            label { input type="checkbox" name="ignore" value=(value); " " (name) }
                        }
                    }
                }
                div.fields {
                    label { "Only pages" input name="pages" placeholder="all, or 1-3,7" pattern="[0-9, \\-]*" autocomplete="off"; }
                    label { "Tolerance for lines, points" input name="tolerance" type="number" min="0" max="20" step="0.1" placeholder="as usual"; }
                }
            }
            p.error #error role="alert" hidden {}
            p.actions {
                button.primary type="submit" disabled aria-describedby="missing" { "Compare" }
                span.hint #missing role="status" { "Choose an old and a new document." }
            }
        }
        input #file type="file" accept="application/pdf,.pdf" hidden aria-label="PDF file";
    };
    answer::ok(document(
        &settings,
        &Page {
            title: "Compare",
            place: Place::Other,
            class: "comparing",
            script: Some("js/compare.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}

/// `GET /comparisons`.
pub(super) async fn comparisons(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head {
            h1 { "Comparisons" }
            div.actions { a.button.primary href="/compare" { "New comparison" } }
        }
        section #list aria-label="Comparisons" aria-busy="true" { (skeleton("your comparisons")) }
        p.more { button #more type="button" hidden { "Show more" } }
    };
    answer::ok(document(
        &settings,
        &Page {
            title: "Comparisons",
            place: Place::Comparisons,
            class: "comparisons",
            script: Some("js/comparisons.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}
