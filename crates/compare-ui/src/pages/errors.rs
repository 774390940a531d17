//! Pages for what is not there.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use maud::html;
use service::telemetry;

use super::layout::{Page, Place, document};
use super::{Settings, answer};

/// The answer to an address without a page: what it was and where to go.
pub(super) fn not_found_page(settings: &Settings, path: &str) -> HttpResponse {
    let main = html! {
        div.plain {
            h1 { "There is no page here" }
            p { "Nothing is at " code { (path) } "." }
            p { "The address may be mistyped, or what it named was deleted." }
            p.actions {
                a.button.primary href="/" { "To your library" }
                a.button href="/comparisons" { "To your comparisons" }
            }
            @if let Some(id) = telemetry::trace_id() {
                p.hint { "If it should be there, give this number to whoever runs the service: " code { (id) } }
            }
        }
    };
    let page = Page {
        title: "Not found",
        place: Place::Other,
        class: "text",
        script: None,
        api: &settings.api,
        workspace: true,
        main,
    };
    answer::page(StatusCode::NOT_FOUND, document(settings, &page))
}

/// A plain answer for missing files, which no person looks at.
pub(crate) fn not_found_response() -> HttpResponse {
    HttpResponse::NotFound()
        .content_type("text/plain; charset=utf-8")
        .body("not found\n")
}
