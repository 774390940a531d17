//! The databases, for operators.

use actix_web::{HttpResponse, web};
use maud::html;

use super::layout::{Page, Place, document, skeleton};
use super::{Settings, answer};

/// `GET /topology`: who leads, how far others are behind, where reads go. What it
/// shows comes from the API, which wants the operators' token for it.
pub(super) async fn topology(settings: web::Data<Settings>) -> HttpResponse {
    let main = html! {
        div.head {
            div {
                h1 { "Databases" }
                p.lead #sum aria-live="polite" {}
            }
        }
        p.banner #stale role="alert" hidden {}
        form.card #open hidden {
            label for="token" { "Operators' token" }
            p.error #why role="alert" hidden {}
            div.actions {
                input #token type="password" name="token" required autocomplete="off" spellcheck="false";
                button.primary type="submit" { "Open" }
            }
            p.hint {
                "It is " code { "OPERATOR_TOKEN" } " in the settings of the service, and is kept in this tab only."
            }
        }
        section #nodes aria-label="Nodes" aria-busy="true" { (skeleton("the databases")) }
        p.hint #about hidden {
            "As one db-router sees them, asked every two seconds, last at " time #when {} ". "
            "Reads are counted since that router started."
        }
    };
    answer::ok(document(
        &settings,
        &Page {
            title: "Databases",
            place: Place::Other,
            class: "topology",
            script: Some("js/topology.js"),
            api: &settings.api,
            workspace: true,
            main,
        },
    ))
}
