//! What a person may set and remove, and the way to the API.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::layout::{Page, Place, document, skeleton};
use super::{Settings, answer};

/// `GET /settings`.
pub(super) async fn settings(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head { h1 { "Settings" } }
        section.card aria-labelledby="space" {
            h2 #space { "Space" }
            div #usage aria-busy="true" { (skeleton("what is used")) }
        }
        section.card aria-labelledby="tokens-title" {
            h2 #tokens-title { "Tokens for scripts" }
            p { "A token lets a script or the command line use this workspace. See the " a href="/api" { "API" } "." }
            div #tokens aria-busy="true" { (skeleton("tokens")) }
            form #new-token {
                label { "Name" input name="name" required maxlength="100" placeholder="what it is for" autocomplete="off"; }
                button type="submit" { "Make a token" }
            }
            p #secret role="status" {}
        }
        section.card aria-labelledby="look" {
            h2 #look { "Colours of old and new" }
            div.palettes role="radiogroup" aria-label="Colours of old and new" {
                label { input type="radio" name="palette" value="red-blue"; span.swatch.old {} span.swatch.new {} " red and blue" }
                label { input type="radio" name="palette" value="safe"; span.swatch.old.safe {} span.swatch.new.safe {} " orange and blue, told apart by the colour-blind too" }
            }
        }
        section.card.danger aria-labelledby="away" {
            h2 #away { "Delete everything" }
            p { "Removes every document, comparison, comment, link and token of this workspace, for good." }
            button.danger #wipe type="button" { "Delete everything…" }
        }
        dialog #sure aria-labelledby="sure-title" {
            form method="dialog" {
                h2 #sure-title { "Delete everything?" }
                p { "This cannot be undone. Links you have shared stop working." }
                p.actions {
                    button value="no" autofocus { "Keep it" }
                    button.danger value="yes" { "Delete everything" }
                }
            }
        }
    };
    answer::ok(document(
        &settings,
        &Page {
            title: "Settings",
            place: Place::Settings,
            class: "settings",
            script: Some("js/settings.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}

/// `GET /api`.
pub(super) async fn api(request: HttpRequest, settings: web::Data<Settings>) -> HttpResponse {
    let base = settings.api.as_str();
    let here = {
        let connection = request.connection_info();
        format!("{}://{}", connection.scheme(), connection.host())
    };
    let main = html! {
        div.plain {
            h1 { "API" }
            p { "Everything this application does goes through its public API, which scripts may use too." }
            p.actions {
                a.button.primary href={ (base) "/docs" } { "Read the reference" }
                a.button href={ (base) "/openapi.json" } { "OpenAPI document" }
            }
            h2 { "A first call" }
            p { "Make a token under " a href="/settings" { "Settings" } ", then:" }
            pre { code {
                "curl -H \"Authorization: Bearer $TOKEN\" -F file=@drawing.pdf \\\n  " (here) (base) "/documents\n\n"
                "export PDF_COMPARE_TOKEN=$TOKEN\n"
                "pdf-compare --server " (here) " compare old.pdf new.pdf"
            } }
        }
    };
    answer::ok(document(
        &settings,
        &Page {
            title: "API",
            place: Place::Other,
            class: "text",
            script: None,
            api: base,
            workspace: true,
            main,
        },
    ))
}
