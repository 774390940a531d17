//! What all pages share: head, header, footer of the HTML.

use maud::{DOCTYPE, Markup, html};

use super::Settings;
use crate::assets::path;

/// The entries of the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Library,
    Comparisons,
    Search,
    Settings,
    /// Somewhere the header has no entry for.
    Other,
}

/// A page before it is wrapped.
pub(super) struct Page<'a> {
    /// Title, without the name of the application.
    pub title: &'a str,
    pub place: Place,
    /// Class of the body, for styles of one page.
    pub class: &'a str,
    /// The module that brings the page to life; none for pages of text.
    pub script: Option<&'a str>,
    /// Base of the API for the scripts of this page.
    pub api: &'a str,
    /// Whether the reader has a workspace here; a shared comparison is read
    /// without one.
    pub workspace: bool,
    pub main: Markup,
}

const NAME: &str = "PDF Compare";

fn entry(page: &Page<'_>, place: Place, to: &str, name: &str) -> Markup {
    html! { a href=(to) aria-current=[(page.place == place).then_some("page")] { (name) } }
}

/// The whole document.
pub(super) fn document(settings: &Settings, page: &Page<'_>) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (page.title) " · " (NAME) }
                link rel="icon" href=(path("icon.svg")) type="image/svg+xml";
                link rel="stylesheet" href=(path("css/base.css"));
                link rel="stylesheet" href=(path("css/pages.css"));
                link rel="stylesheet" href=(path("css/viewer.css"));
                // Not a module: it has to set the theme before the first paint.
                script src=(path("js/theme.js")) {}
                @if let Some(script) = page.script {
                    script type="module" src=(path(script)) {}
                }
            }
            body class=(page.class) data-api=(page.api)
                data-max-upload=[settings.max_upload_bytes] {
                a.skip href="#main" { "Skip to content" }
                header.site {
                    a.brand href="/" {
                        img src=(path("icon.svg")) alt="" width="24" height="24";
                        span { (NAME) }
                    }
                    @if page.workspace {
                        nav aria-label="Site" {
                            (entry(page, Place::Library, "/", "Library"))
                            (entry(page, Place::Comparisons, "/comparisons", "Comparisons"))
                            (entry(page, Place::Search, "/search", "Search"))
                            (entry(page, Place::Settings, "/settings", "Settings"))
                        }
                    } @else {
                        p.shared { "Shared with you, to read" }
                    }
                    button.icon #theme type="button" aria-label="Light or dark" title="Light or dark" { "◐" }
                }
                noscript {
                    p.banner role="alert" {
                        "This application needs JavaScript: it reads and draws your documents in the browser. \
                         Allow scripts for this site, or use the command " code { "pdf-compare diff" } "."
                    }
                }
                main #main tabindex="-1" { (page.main) }
                div #toasts role="status" aria-live="polite" {}
            }
        }
    }
}

/// Three grey bars: something is on its way.
pub(super) fn skeleton(what: &str) -> Markup {
    html! {
        div.skeleton role="status" {
            span.hush { "Loading " (what) "…" }
            @for _ in 0..3 { div.bone aria-hidden="true" {} }
        }
    }
}
