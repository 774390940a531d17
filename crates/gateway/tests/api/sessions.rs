//! Sessions, tokens, forgery, rates.

use gateway::Settings;
use reqwest::{RequestBuilder, Response};
use serde_json::json;

use crate::bench::{Bench, SECRET, limits, problem, settings};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_a_cookie_no_script_can_read() {
    let bench = Bench::with(Settings {
        public_url: Some("https://pdf.example.org".parse().unwrap()),
        ..settings()
    });
    let response = bench.ask("get", "/session").send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap();
    for part in [
        "pdf_compare_session=",
        "HttpOnly",
        "SameSite=Lax",
        "Secure",
        "Path=/",
        "Max-Age=2592000",
    ] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert_eq!(response.headers()["cache-control"], "no-store");

    let plain = Bench::new();
    let response = plain.ask("get", "/session").send().await.unwrap();
    assert!(
        !response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Secure")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_stays_the_same() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    browser.upload("a.pdf", "%PDF-1.7").await;
    let session = browser.json("/session").await;
    assert_eq!(session["csrf_token"], browser.csrf);
    assert_eq!(session["usage"]["documents"], 1);
    assert_eq!(session["usage"]["bytes"], 8);
    assert_eq!(session["limits"]["upload_bytes"], 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_anything_needs_the_sessions_token_and_our_own_page() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let other = bench.browser().await;
    let post = || {
        bench
            .ask("post", "/tokens")
            .header("cookie", &browser.cookie)
            .json(&json!({"name": "x"}))
    };
    problem(post().send().await.unwrap(), 403, "csrf").await;
    for wrong in ["", "x", &other.csrf] {
        let response = post().header("x-csrf-token", wrong).send().await.unwrap();
        problem(response, 403, "csrf").await;
    }
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let ask = post()
            .header("x-csrf-token", &browser.csrf)
            .header(name, value);
        problem(ask.send().await.unwrap(), 403, "cross-site").await;
    }
    let ours = post()
        .header("x-csrf-token", &browser.csrf)
        .header("origin", &bench.url)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(ours.send().await.unwrap().status(), 201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_that_is_not_ours_opens_nothing() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let (value, signature) = browser.cookie.rsplit_once('.').unwrap();
    for cookie in [
        format!("{value}.AAAA"),
        format!("{value}x.{signature}"),
        value.to_owned(),
        "pdf_compare_session=".to_owned(),
        "pdf_compare_session=a.b".to_owned(),
    ] {
        let ask = bench.ask("get", "/documents").header("cookie", cookie);
        problem(ask.send().await.unwrap(), 401, "unauthorized").await;
    }
    for token in ["pdfc_wrong", "wrong"] {
        let ask = bench.ask("get", "/documents").bearer_auth(token);
        problem(ask.send().await.unwrap(), 401, "unauthorized").await;
    }
    // Signed by another installation.
    let elsewhere = Bench::with(Settings {
        limits: limits(),
        ..Settings::new(SECRET.chars().rev().collect::<String>().parse().unwrap())
    });
    let ask = elsewhere
        .ask("get", "/documents")
        .header("cookie", &browser.cookie);
    problem(ask.send().await.unwrap(), 401, "unauthorized").await;
    // An old cookie is replaced.
    let fresh = elsewhere
        .ask("get", "/session")
        .header("cookie", &browser.cookie);
    assert!(
        fresh
            .send()
            .await
            .unwrap()
            .headers()
            .contains_key("set-cookie")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_is_over_and_its_data_can_go_with_it() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let token = browser.post("/tokens", json!({"name": "script"})).await;
    let token = token["token"].as_str().unwrap();
    browser.upload("a.pdf", "%PDF-1.7").await;
    let ended = browser.ask("delete", "/session").send().await.unwrap();
    assert_eq!(ended.status(), 204);
    assert!(
        ended.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    problem(browser.get("/documents").await, 401, "unauthorized").await;
    // The workspace is still there for its token.
    let list = || bench.ask("get", "/documents").bearer_auth(token);
    let listed: serde_json::Value = list().send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);

    let browser = bench.browser().await;
    let token = browser.post("/tokens", json!({"name": "script"})).await;
    let id = browser.upload("a.pdf", "%PDF-1.7").await;
    let ended = browser
        .ask("delete", "/session?data=true")
        .send()
        .await
        .unwrap();
    assert_eq!(ended.status(), 204);
    problem(
        browser.get(&format!("/documents/{id}")).await,
        401,
        "unauthorized",
    )
    .await;
    let list = bench
        .ask("get", "/documents")
        .bearer_auth(token["token"].as_str().unwrap());
    problem(list.send().await.unwrap(), 401, "unauthorized").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_the_workspace_until_it_is_revoked() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let id = browser.upload("a.pdf", "%PDF-1.7").await;
    let made = browser.post("/tokens", json!({"name": " CI "})).await;
    assert_eq!(made["name"], "CI");
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("pdfc_"));
    let get = || {
        bench
            .ask("get", &format!("/documents/{id}"))
            .bearer_auth(token)
    };
    assert_eq!(get().send().await.unwrap().status(), 200);
    // No page sends a token by itself, so it needs no X-CSRF-Token.
    let rename = bench
        .ask("patch", &format!("/documents/{id}"))
        .bearer_auth(token)
        .json(&json!({"name": "b.pdf"}));
    assert_eq!(rename.send().await.unwrap().status(), 200);
    let session = bench
        .ask("get", "/session")
        .bearer_auth(token)
        .send()
        .await
        .unwrap();
    assert!(!session.headers().contains_key("set-cookie"));
    let listed = browser.json("/tokens").await;
    assert_eq!(listed[0]["name"], "CI");
    assert!(listed[0].get("token").is_none());
    let path = format!("/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(
        browser.ask("delete", &path).send().await.unwrap().status(),
        204
    );
    problem(get().send().await.unwrap(), 401, "unauthorized").await;
    let unnamed = browser.send("post", "/tokens", json!({"name": " "})).await;
    problem(unnamed, 400, "bad-request").await;
}

/// Asks until it is too often, as it must be soon; a slow machine may get some
/// more answers meanwhile.
async fn until_refused(ask: impl Fn() -> RequestBuilder) -> Response {
    for _ in 0..100 {
        let response = ask().send().await.unwrap();
        if response.status() == 429 {
            return response;
        }
    }
    panic!("never too often");
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_of_a_workspace_are_held_and_say_when_to_come_back() {
    let mut settings = settings();
    settings.limits.uploads = 1;
    let bench = Bench::with(settings);
    let browser = bench.browser().await;
    let refused = until_refused(|| browser.raw("a.pdf", "%PDF-1.7 a")).await;
    assert!(refused.headers().contains_key("retry-after"));
    let detail = problem(refused, 429, "too-many-requests").await;
    assert!(detail.contains("1 uploads a minute"), "{detail}");
    // Another's rate is another's.
    bench.browser().await.upload("b.pdf", "%PDF-1.7 b").await;

    let mut settings = crate::bench::settings();
    settings.limits.requests = 3;
    let bench = Bench::with(settings);
    let browser = bench.browser().await;
    let refused = until_refused(|| browser.ask("get", "/documents")).await;
    problem(refused, 429, "too-many-requests").await;
    bench.browser().await.json("/documents").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_of_an_address_are_held() {
    let mut settings = settings();
    settings.limits.address_sessions = 1;
    let bench = Bench::with(settings);
    let refused = until_refused(|| bench.ask("get", "/session")).await;
    problem(refused, 429, "too-many-requests").await;
    assert_eq!(
        bench.ask("get", "/limits").send().await.unwrap().status(),
        200
    );

    let mut settings = crate::bench::settings();
    settings.limits.address_requests = 3;
    let bench = Bench::with(settings);
    let refused = until_refused(|| bench.ask("get", "/limits")).await;
    assert_eq!(refused.headers()["x-content-type-options"], "nosniff");
    problem(refused, 429, "too-many-requests").await;
}
