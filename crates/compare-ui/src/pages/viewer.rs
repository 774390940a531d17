//! The viewer, for the owner of a comparison and for those it is shared with.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use super::layout::{Page, Place, document, skeleton};
use super::{Settings, answer, errors};

/// Ways to look at a pair of pages: value, name, what it does.
const VIEWS: [(&str, &str, &str); 4] = [
    ("side", "Side by side", "Old and new next to each other"),
    (
        "overlay",
        "Overlay",
        "Old and new in two colours on one sheet",
    ),
    ("swipe", "Swipe", "Old left of the handle, new right of it"),
    (
        "blink",
        "Blink",
        "Old and new in turn; space stops and steps",
    ),
];

fn view_buttons() -> Markup {
    html! {
        div.group.views role="group" aria-label="View" {
            @for (value, name, explained) in VIEWS {
                button type="button" data-view=(value) aria-pressed="false" title=(explained) { (name) }
            }
        }
    }
}

fn step_buttons() -> Markup {
    html! {
        div.group.steps role="group" aria-label="Changes" {
            button #previous type="button" aria-label="Previous change" title="Previous change (k)" { "‹" }
            output #at aria-live="polite" { "–" }
            button #next type="button" aria-label="Next change" title="Next change (j)" { "›" }
        }
        div.group.zooms role="group" aria-label="Zoom" {
            button #zoom-out type="button" aria-label="Zoom out" title="Zoom out (−)" { "−" }
            button #zoom-fit type="button" title="Fit the page (0)" { "Fit" }
            button #zoom-in type="button" aria-label="Zoom in" title="Zoom in (+)" { "+" }
        }
    }
}

fn tools(shared: bool) -> Markup {
    html! {
        button #lock type="button" aria-pressed="true" title="Old and new move together (l)" { "Locked" }
        button #marks type="button" aria-pressed="true" title="Show the boxes (b)" { "Boxes" }
        @if !shared {
            button #ignore type="button" aria-pressed="false" title="Draw a box around what is not to be compared (i)" { "Ignore area" }
        }
        details.menu #export {
            summary role="button" { "Export" }
            div.items {
                a data-format="html" { b { "HTML" } span { "one file, reads anywhere" } }
                a data-format="pdf" { b { "PDF" } span { "the new document, annotated" } }
                a data-format="json" { b { "JSON" } span { "for programs" } }
                a data-format="txt" { b { "Text" } span { "the list of changes" } }
            }
        }
        @if !shared { button #share type="button" { "Share" } }
        button.icon #help-open type="button" aria-label="Keys and help" title="Keys and help (?)" { "?" }
    }
}

fn list() -> Markup {
    html! {
        aside.list #panel aria-label="Changes" {
            button.handle #handle type="button" aria-expanded="false" aria-controls="panel" {
                span.grip aria-hidden="true" {} span #handle-text { "Changes" }
            }
            div.filters {
                label { span.hush { "Filter by text" } input #filter type="search" placeholder="Filter by text" autocomplete="off"; }
                div.chips #kinds role="group" aria-label="Kinds" {}
                div.chips #flags role="group" aria-label="More filters" {}
                p.shown #shown aria-live="polite" {}
            }
            div.notes #notes {}
            div.items #items tabindex="-1" aria-busy="true" { (skeleton("changes")) }
        }
    }
}

fn stage() -> Markup {
    html! {
        div.stage #stage data-view="side" {
            div.scroller #scroller tabindex="0" role="region" aria-label="Pages. Arrow keys move, plus and minus zoom." {
                div.world #world {
                    div.viewport #viewport {
                        canvas #canvas role="img" aria-label="Pages" {}
                        div.pane #pane-old { (svg()) }
                        div.pane #pane-new { (svg()) }
                        div.swipe #swipe role="slider" tabindex="0" aria-label="Border between old and new"
                            aria-valuemin="0" aria-valuemax="100" aria-valuenow="50" hidden { span aria-hidden="true" { "⇔" } }
                        div.tag.old #tag-old {} div.tag.new #tag-new {}
                        div.rubber #rubber hidden {}
                    }
                }
            }
            div.progress #progress role="status" hidden { p #progress-text {} progress #progress-bar {} button #cancel type="button" hidden { "Cancel" } }
            div.notice #notice role="alert" hidden {}
        }
    }
}

fn svg() -> Markup {
    html! { svg.marks aria-hidden="true" {} }
}

/// Each key by itself: “j or n” are two.
fn keycaps(keys: &str) -> Markup {
    html! {
        @for part in keys.split(' ') {
            @if matches!(part, "or" | "and") { (part) } @else { kbd { (part) } } " "
        }
    }
}

fn help() -> Markup {
    let keys = [
        ("j or n", "next change"),
        ("k or p", "previous change"),
        ("] and [", "next and previous changed page"),
        ("1 2 3 4", "side by side, overlay, swipe, blink"),
        ("+ − 0", "zoom in, zoom out, fit"),
        ("w", "fit the width"),
        ("arrows", "move"),
        ("l", "let old and new go, and lock again"),
        ("b", "boxes on and off"),
        ("space", "stop blinking and step"),
        ("/", "filter by text"),
        ("r a q", "mark reviewed, accepted, query"),
        ("c", "comment"),
        ("i", "ignore an area"),
        ("Esc", "close, let the change go"),
        ("?", "this help"),
    ];
    html! {
        dialog #help aria-labelledby="help-title" {
            form method="dialog" {
                h2 #help-title { "Keys and help" }
                dl.keys { @for (key, what) in keys { div { dt { (keycaps(key)) } dd { (what) } } } }
                p { "Drag to move, turn the wheel with Ctrl or pinch to zoom. Click a box or an entry of the list to fly to it." }
                p { span.swatch.old {} " only in the old document · " span.swatch.new {} " only in the new one" }
                p.actions { button.primary autofocus { "Close" } }
            }
        }
    }
}

fn owner_dialogs() -> Markup {
    html! {
        dialog #share-dialog aria-labelledby="share-title" {
            h2 #share-title { "Share this comparison" }
            p { "Whoever has the link can read this one comparison, and nothing else. You can take it back." }
            form #share-form {
                label { "Ends" select name="expires" {
                    option value="" { "when I take it back" }
                    option value="1" { "after a day" }
                    option value="7" selected { "after a week" }
                    option value="30" { "after 30 days" }
                } }
                button.primary type="submit" { "Make a link" }
            }
            div #share-made hidden { label { "Link" input #share-url readonly; } button #share-copy type="button" { "Copy" } }
            div #share-list {}
            p.actions { button #share-close type="button" { "Close" } }
        }
        dialog #ignore-dialog aria-labelledby="ignore-title" {
            form method="dialog" {
                h2 #ignore-title { "Ignore this area?" }
                p #ignore-text {}
                label.line { input type="radio" name="pages" value="one" checked; " on this page" }
                label.line { input type="radio" name="pages" value="all"; " on every page" }
                p.hint { "A new comparison is made that leaves it out; this one stays." }
                p.actions { button value="no" { "No" } button.primary value="yes" { "Compare without it" } }
            }
        }
    }
}

fn body(shared: bool) -> Markup {
    html! {
        div.bar {
            h1 { span.name.old #name-old { "…" } span.arrow aria-label="to" { "→" } span.name.new #name-new { "…" } }
            p.verdict #verdict aria-live="polite" {}
            div.tools { (view_buttons()) (step_buttons()) (tools(shared)) }
        }
        div.panes {
            (list())
            (stage())
            nav.map #map aria-label="Pages" {}
        }
        (help())
        @if !shared { (owner_dialogs()) }
    }
}

fn known_name(text: &str) -> bool {
    (16..=128).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// `GET /c/{comparison}`.
pub(super) async fn comparison(
    request: HttpRequest,
    name: web::Path<String>,
    settings: web::Data<Settings>,
) -> HttpResponse {
    if !known_name(&name) {
        return errors::not_found_page(&settings, request.path());
    }
    answer::ok(document(
        &settings,
        &Page {
            title: "Comparison",
            place: Place::Comparisons,
            class: "viewer",
            script: Some("js/viewer/main.js"),
            api: &settings.api,
            workspace: true,
            main: body(false),
        },
    ))
}

/// `GET /s/{secret}`: the same for those who have the link.
pub(super) async fn shared(
    request: HttpRequest,
    secret: web::Path<String>,
    settings: web::Data<Settings>,
) -> HttpResponse {
    if !known_name(&secret) {
        return errors::not_found_page(&settings, request.path());
    }
    answer::ok(document(
        &settings,
        &Page {
            title: "Shared comparison",
            place: Place::Other,
            class: "viewer is-shared",
            script: Some("js/viewer/main.js"),
            api: &format!("{}/shared/{}", settings.api, *secret),
            workspace: false,
            main: body(true),
        },
    ))
}
