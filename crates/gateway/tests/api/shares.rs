//! Share links.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gateway::Settings;
use serde_json::{Value, json};

use crate::bench::{Bench, problem, settings};

fn in_ms(from_now: Duration) -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    (now + from_now).as_millis() as u64
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_opens_one_comparison_until_it_is_revoked() {
    let bench = Bench::with(Settings {
        public_url: Some("https://pdf.example.org/".parse().unwrap()),
        ..settings()
    });
    let browser = bench.browser().await;
    let old = browser.upload("old.pdf", "%PDF-1.7 old").await;
    let new = browser.upload("new.pdf", "%PDF-1.7 new").await;
    let third = browser.upload("third.pdf", "%PDF-1.7 third").await;
    let comparison = browser.compare(&old, &new).await;
    let shares = format!("/comparisons/{comparison}/shares");
    let body = json!({"expires": in_ms(Duration::from_hours(1))});
    let made = browser.post(&shares, body).await;
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert_eq!(made["url"], format!("https://pdf.example.org/s/{secret}"));

    let anyone = |path: String| {
        let ask = bench.ask("get", &format!("/shared/{secret}{path}"));
        async move { ask.send().await.unwrap() }
    };
    let opened: Value = anyone(String::new()).await.json().await.unwrap();
    assert_eq!(opened["id"], comparison);
    for document in [&old, &new] {
        let picture = anyone(format!("/documents/{document}/pages/1/image")).await;
        assert_eq!(picture.status(), 200);
    }
    problem(
        anyone(format!("/documents/{third}/pages")).await,
        404,
        "not-found",
    )
    .await;

    let listed = browser.json(&shares).await;
    assert_eq!(listed[0]["id"], made["id"]);
    assert!(listed[0].get("secret").is_none());
    let path = format!("/shares/{}", made["id"].as_str().unwrap());
    assert_eq!(
        browser.ask("delete", &path).send().await.unwrap().status(),
        204
    );
    problem(anyone(String::new()).await, 404, "not-found").await;
    problem(
        anyone(format!("/documents/{old}/pages")).await,
        404,
        "not-found",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_when_it_should() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let old = browser.upload("old.pdf", "%PDF-1.7 old").await;
    let comparison = browser.compare(&old, &old).await;
    let shares = format!("/comparisons/{comparison}/shares");
    let past = browser.send("post", &shares, json!({"expires": 1})).await;
    problem(past, 400, "bad-request").await;
    let soon = json!({"expires": in_ms(Duration::from_secs(5))});
    let made = browser.post(&shares, soon).await;
    let path = format!("/shared/{}", made["secret"].as_str().unwrap());
    let deadline = std::time::Instant::now() + Duration::from_mins(1);
    while bench.ask("get", &path).send().await.unwrap().status() != 404 {
        assert!(std::time::Instant::now() < deadline, "it never ends");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    for nothing in ["x", &"x".repeat(500)] {
        let ask = bench.ask("get", &format!("/shared/{nothing}"));
        problem(ask.send().await.unwrap(), 404, "not-found").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_tells_the_same_secret() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let old = browser.upload("old.pdf", "%PDF-1.7 old").await;
    let comparison = browser.compare(&old, &old).await;
    for (path, body, secret) in [
        (
            format!("/comparisons/{comparison}/shares"),
            json!({}),
            "secret",
        ),
        ("/tokens".to_owned(), json!({"name": "CI"}), "token"),
    ] {
        let post = || {
            let ask = browser.ask("post", &path).header("idempotency-key", &path);
            let ask = ask.json(&body);
            async move { ask.send().await.unwrap().json::<Value>().await.unwrap() }
        };
        let (first, again) = (post().await, post().await);
        assert_eq!(first, again);
        assert!(first[secret].as_str().unwrap().len() > 40);
    }
}
