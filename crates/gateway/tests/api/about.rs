//! What everybody may read, and what is not there.

use actix_web::{HttpResponse, web};
use gateway::Settings;
use serde_json::Value;
use service::client::Client;
use service::http::Server;
use service::shutdown::Signal;

use crate::bench::{Bench, OPERATOR, problem, settings};

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_served_for_programs_and_people() {
    let bench = Bench::new();
    let json = bench.ask("get", "/openapi.json").send().await.unwrap();
    assert_eq!(json.headers()["content-type"], "application/json");
    let tag = json.headers()["etag"].clone();
    let json: Value = json.json().await.unwrap();
    assert_eq!(json["openapi"], "3.1.0");
    let same = bench
        .ask("get", "/openapi.json")
        .header("if-none-match", tag);
    assert_eq!(same.send().await.unwrap().status(), 304);

    let page = bench.ask("get", "/docs").send().await.unwrap();
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("style-src 'sha256-") && !policy.contains("script"),
        "{policy}"
    );
    let page = page.text().await.unwrap();
    for path in json["paths"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("<code>{path}</code>")), "{path}");
    }
    for name in json["components"]["schemas"].as_object().unwrap().keys() {
        assert!(page.contains(&format!("id=\"schema-{name}\"")), "{name}");
    }
    assert!(!page.contains("<script") && !page.contains("http://") && !page.contains("src="));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem_too() {
    let bench = Bench::new();
    let nothing = bench.ask("get", "/nothing").send().await.unwrap();
    assert_eq!(nothing.headers()["x-content-type-options"], "nosniff");
    problem(nothing, 404, "not-found").await;
    for (method, path) in [
        ("put", "/documents"),
        ("post", "/limits"),
        ("delete", "/search"),
    ] {
        let response = bench.ask(method, path).send().await.unwrap();
        problem(response, 405, "method-not-allowed").await;
    }
    let browser = bench.browser().await;
    let bad_id = browser.get("/documents/nonsense").await;
    problem(bad_id, 404, "not-found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_topology_is_for_operators_only() {
    let bench = Bench::new();
    for token in ["", "wrong", "pdfc_wrong"] {
        let ask = bench.ask("get", "/topology").bearer_auth(token);
        problem(ask.send().await.unwrap(), 401, "unauthorized").await;
    }
    let ask = bench.ask("get", "/topology").bearer_auth(OPERATOR);
    let embedded: Value = ask.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        embedded,
        serde_json::json!([]),
        "no nodes, one embedded store"
    );

    // Left out or left empty, as in a file of settings, it opens nothing.
    let closed = Bench::with(Settings {
        operator_token: "".parse().unwrap(),
        ..settings()
    });
    for token in ["", OPERATOR] {
        let ask = closed.ask("get", "/topology").bearer_auth(token);
        let detail = problem(ask.send().await.unwrap(), 404, "operator-closed").await;
        assert!(detail.contains("OPERATOR_TOKEN"), "{detail}");
    }

    let router = Server::new("db-router", "127.0.0.1:0")
        .workers(1)
        .start(
            |config| {
                let answer = || async { HttpResponse::Ok().body(r#"{"leader":"one"}"#) };
                config.route("/topology", web::get().to(answer));
            },
            &Signal::new(),
        )
        .unwrap();
    let bench = Bench::with_router(Client::new(&router.url()).unwrap());
    let ask = bench.ask("get", "/topology").bearer_auth(OPERATOR);
    let seen: Value = ask.send().await.unwrap().json().await.unwrap();
    assert_eq!(seen["leader"], "one");
    let nobody = bench.ask("get", "/topology").send().await.unwrap();
    problem(nobody, 401, "unauthorized").await;
}
