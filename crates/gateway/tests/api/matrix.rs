//! Who may do what, for every route there is. A route that is not in
//! [`request`] fails the test.

use gateway::{Access, ROUTES, Route};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};
use store::JobKind;

use crate::bench::{Bench, Browser, OPERATOR, id};

/// A workspace with one of everything, and others who want to see it.
struct World<'a> {
    owner: Browser<'a>,
    token: String,
    other: Browser<'a>,
    /// Opens `comparison`.
    link: String,
    /// Opens another comparison of the same workspace.
    other_link: String,
    document: String,
    comparison: String,
    deleted_document: String,
    deleted_comparison: String,
    share_id: String,
    token_id: String,
    done_job: String,
    waiting_job: String,
    cancelled_job: String,
}

async fn world(bench: &Bench) -> World<'_> {
    bench.empty_queue().await;
    let owner = bench.browser().await;
    let old = owner.upload("old.pdf", "%PDF-1.7 old").await;
    let new = owner.upload("new.pdf", "%PDF-1.7 new").await;
    bench.read_next(&["valve", "FT-1001"]).await;
    bench.read_next(&["valve", "FT-1002"]).await;
    let comparison = owner.compare(&old, &new).await;
    let claimed = bench.claim(JobKind::Compare).await;
    bench.report(&claimed, "{}", true).await;
    bench.finish(&claimed).await;
    let deleted_document = owner.upload("gone.pdf", "%PDF-1.7 gone").await;
    bench.read_next(&["gone"]).await;
    let third = owner.upload("third.pdf", "%PDF-1.7 third").await;
    let fourth = owner.upload("fourth.pdf", "%PDF-1.7 fourth").await;
    let other_comparison = owner.compare(&third, &fourth).await;
    let deleted_comparison = owner.compare(&new, &old).await;
    for path in [
        format!("/documents/{deleted_document}"),
        format!("/comparisons/{deleted_comparison}"),
    ] {
        assert_eq!(
            owner.ask("delete", &path).send().await.unwrap().status(),
            204
        );
    }
    let browser = &owner;
    let job = |path: String| async move {
        let body = browser.json(&path).await;
        id(&body["job"])
    };
    let waiting_job = job(format!("/documents/{third}")).await;
    let cancelled_job = job(format!("/documents/{fourth}")).await;
    owner
        .post(&format!("/jobs/{cancelled_job}/cancel"), json!({}))
        .await;
    let share = owner
        .post(&format!("/comparisons/{comparison}/shares"), json!({}))
        .await;
    let other_share = format!("/comparisons/{other_comparison}/shares");
    let other_share = owner.post(&other_share, json!({})).await;
    let token = owner.post("/tokens", json!({"name": "script"})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    World {
        token: text(&token["token"]),
        other: bench.browser().await,
        link: text(&share["secret"]),
        other_link: text(&other_share["secret"]),
        done_job: job(format!("/documents/{old}")).await,
        document: old,
        comparison,
        deleted_document,
        deleted_comparison,
        share_id: id(&share),
        token_id: id(&token),
        waiting_job,
        cancelled_job,
        owner,
    }
}

impl World<'_> {
    /// Names that nobody but the owner may ever see.
    fn names(&self) -> [&str; 6] {
        [
            &self.document,
            &self.comparison,
            &self.share_id,
            &self.token_id,
            &self.waiting_job,
            "FT-1001",
        ]
    }
}

/// Address below the API, and body, that name things of the world.
#[expect(
    clippy::match_same_arms,
    reason = "one line a kind of route reads best"
)]
fn request(world: &World<'_>, route: &Route) -> Option<(String, Option<Value>)> {
    let fill = |id: &str| route.path.replace("{id}", id);
    let plain = |path: String| Some((path, None));
    let with = |path: String, body: Value| Some((path, Some(body)));
    match (route.method, route.path) {
        (
            "get",
            "/session" | "/documents" | "/comparisons" | "/events" | "/tokens" | "/limits"
            | "/openapi.json" | "/docs" | "/topology",
        )
        | ("delete", "/session") => plain(route.path.to_owned()),
        // The body is a file; see `ask`.
        ("post", "/documents") => plain(route.path.to_owned()),
        ("get" | "delete", "/documents/{id}")
        | ("get", "/documents/{id}/file" | "/documents/{id}/pages") => plain(fill(&world.document)),
        ("patch", "/documents/{id}") => with(fill(&world.document), json!({"name": "other"})),
        ("post", "/documents/{id}/restore") => plain(fill(&world.deleted_document)),
        ("get", "/documents/{id}/pages/{page}" | "/documents/{id}/pages/{page}/image") => {
            plain(fill(&world.document).replace("{page}", "1"))
        }
        ("get", "/search") => plain("/search?q=valve".to_owned()),
        ("post", "/comparisons") => with(
            route.path.to_owned(),
            json!({"old": world.document, "new": world.document}),
        ),
        ("get" | "delete", "/comparisons/{id}")
        | ("get", "/comparisons/{id}/reviews" | "/comparisons/{id}/shares") => {
            plain(fill(&world.comparison))
        }
        ("post", "/comparisons/{id}/restore") => plain(fill(&world.deleted_comparison)),
        ("get", "/comparisons/{id}/report.{format}") => {
            plain(fill(&world.comparison).replace("{format}", "json"))
        }
        ("put", "/comparisons/{id}/reviews/{change}") => with(
            fill(&world.comparison).replace("{change}", "abc"),
            json!({"verdict": "accepted"}),
        ),
        ("post", "/comparisons/{id}/shares") => with(fill(&world.comparison), json!({})),
        ("delete", "/shares/{id}") => plain(fill(&world.share_id)),
        ("get", "/shared/{secret}") => plain(route.path.replace("{secret}", &world.link)),
        ("get", "/jobs/{id}" | "/jobs/{id}/events") => plain(fill(&world.done_job)),
        ("post", "/jobs/{id}/cancel") => plain(fill(&world.waiting_job)),
        ("post", "/jobs/{id}/retry") => plain(fill(&world.cancelled_job)),
        ("post", "/tokens") => with(route.path.to_owned(), json!({"name": "more"})),
        ("delete", "/tokens/{id}") => plain(fill(&world.token_id)),
        _ => None,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Owner,
    Token,
    Other,
    Nobody,
    /// The link's secret in `X-Share`.
    Link,
    OtherLink,
    /// The link's secret in the path.
    LinkPath,
    OtherLinkPath,
    Operator,
}

const EVERYBODY: [Who; 9] = [
    Who::Owner,
    Who::Token,
    Who::Other,
    Who::Nobody,
    Who::Link,
    Who::OtherLink,
    Who::LinkPath,
    Who::OtherLinkPath,
    Who::Operator,
];

/// The statuses allowed. `Other` may list what is theirs: nothing.
#[expect(clippy::match_same_arms, reason = "the first line that fits decides")]
fn expected(route: &Route, who: Who) -> &'static [u16] {
    const DONE: &[u16] = &[200, 201, 202, 204];
    let names_one =
        route.path.contains("{id}") || (route.method, route.path) == ("post", "/comparisons");
    let other = if names_one { &[404] } else { DONE };
    let mirrored = matches!(who, Who::LinkPath | Who::OtherLinkPath);
    match (route.access, who) {
        // Operators' token is no token of a workspace.
        (Access::Public, Who::Operator) if route.path == "/session" => &[401],
        (Access::Viewer, Who::Link | Who::LinkPath) => DONE,
        (Access::Viewer, Who::OtherLink | Who::OtherLinkPath) => &[404],
        // Nothing else is found below a link.
        (_, _) if mirrored => &[404, 405],
        (Access::Public | Access::Link, _) => DONE,
        (Access::Operator, Who::Operator) => &[200],
        (Access::Operator, _) => &[401],
        (Access::Viewer | Access::Owner | Access::Session, Who::Nobody | Who::Operator) => &[401],
        (Access::Owner | Access::Session, Who::Link | Who::OtherLink) => &[403],
        (Access::Session, Who::Token) => &[403],
        (Access::Viewer | Access::Owner | Access::Session, Who::Other) => other,
        _ => DONE,
    }
}

fn ask(bench: &Bench, world: &World<'_>, route: &Route, who: Who) -> RequestBuilder {
    let (path, body) = request(world, route)
        .unwrap_or_else(|| panic!("{} {} is not in the matrix", route.method, route.path));
    let shared = |secret: &str| bench.ask(route.method, &format!("/shared/{secret}{path}"));
    let mut ask = match who {
        Who::Owner => world.owner.ask(route.method, &path),
        Who::Other => world.other.ask(route.method, &path),
        Who::Token => bench.ask(route.method, &path).bearer_auth(&world.token),
        Who::Operator => bench.ask(route.method, &path).bearer_auth(OPERATOR),
        Who::Nobody => bench.ask(route.method, &path),
        Who::Link => bench
            .ask(route.method, &path)
            .header("x-share", &world.link),
        Who::OtherLink => bench
            .ask(route.method, &path)
            .header("x-share", &world.other_link),
        Who::LinkPath => shared(&world.link),
        Who::OtherLinkPath => shared(&world.other_link),
    };
    if (route.method, route.path) == ("post", "/documents") {
        ask = ask
            .header("content-type", "application/pdf")
            .body("%PDF-1.7 more");
    }
    match body {
        Some(body) => ask.json(&body),
        None => ask,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_gets_what_is_theirs_and_nothing_else() {
    for route in ROUTES {
        let bench = Bench::new();
        let mut shown = world(&bench).await;
        for who in EVERYBODY {
            let before = (
                bench.engine.rendered.lock().unwrap().len(),
                bench.engine.exported.lock().unwrap().len(),
            );
            let response = ask(&bench, &shown, route, who).send().await.unwrap();
            check(&shown, route, who, response).await;
            let may = expected(route, who).contains(&200);
            if !may {
                let after = (
                    bench.engine.rendered.lock().unwrap().len(),
                    bench.engine.exported.lock().unwrap().len(),
                );
                assert_eq!(before, after, "{route:?}: drawn for {who:?}");
            }
            // What one changed is made anew for the next.
            if may && route.method != "get" {
                shown = world(&bench).await;
            }
        }
    }
}

async fn check(world: &World<'_>, route: &Route, who: Who, response: Response) {
    let status = response.status().as_u16();
    let expected = expected(route, who);
    assert!(
        expected.contains(&status),
        "{} {} for {who:?}: {status}, not one of {expected:?}",
        route.method,
        route.path
    );
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(response.headers()[name], value, "{route:?}");
    }
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    // The workspace's stream goes on for ever.
    let endless = route.path == "/events" && status == 200;
    if endless || matches!(who, Who::Owner | Who::Token) {
        return;
    }
    let asked = response.url().path().to_owned();
    let text = response.text().await.unwrap();
    let opened = matches!(who, Who::Link | Who::LinkPath) || route.access == Access::Link;
    for name in world.names() {
        let is_open = opened && matches!(route.access, Access::Viewer | Access::Link);
        assert!(
            is_open || asked.contains(name) || !text.contains(name),
            "{} {} tells {who:?} of {name}: {text}",
            route.method,
            route.path
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_thing_and_none_are_the_same() {
    let bench = Bench::new();
    let world = world(&bench).await;
    let nothing = "0123456789abcdef0123456789abcdef";
    for (path, none) in [
        (
            format!("/documents/{}", world.document),
            format!("/documents/{nothing}"),
        ),
        (
            format!("/comparisons/{}", world.comparison),
            format!("/comparisons/{nothing}"),
        ),
        (
            format!("/jobs/{}", world.waiting_job),
            format!("/jobs/{nothing}"),
        ),
        (
            format!("/documents/{}/pages/1/image", world.document),
            format!("/documents/{nothing}/pages/1/image"),
        ),
    ] {
        let told = |response: Response| async move {
            let status = response.status();
            let mut body: Value = response.json().await.unwrap();
            body["trace_id"].take();
            (status, body)
        };
        let foreign = told(world.other.get(&path).await).await;
        let none = told(world.other.get(&none).await).await;
        assert_eq!(foreign, none);
        assert_eq!(foreign.0, 404);
    }
}
