//! Comparisons, reports, reviews.

use gateway::ExportFormat;
use serde_json::{Value, json};
use store::JobKind;

use crate::bench::{Bench, Browser, id, problem, settings};

async fn pair(browser: &Browser<'_>) -> (String, String) {
    let old = browser.upload("old.pdf", "%PDF-1.7 old").await;
    let new = browser.upload("new.pdf", "%PDF-1.7 new").await;
    (old, new)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_two_with_the_same_options_are_the_same_comparison() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let (old, new) = pair(&browser).await;
    let ask = |options: Value| json!({"old": old, "new": new, "options": options});
    let first = browser
        .post(
            "/comparisons",
            ask(json!({"ignore": ["moves", "case"], "pixels": true})),
        )
        .await;
    assert_eq!(first["known"], false);
    assert_eq!(
        first["comparison"]["options"],
        json!({"ignore": ["case", "moves"]})
    );
    assert_eq!(first["comparison"]["old_name"], "old.pdf");
    assert_eq!(first["comparison"]["state"], "processing");
    assert_eq!(first["job"]["kind"], "compare");
    let again = browser
        .post("/comparisons", ask(json!({"ignore": ["case", "moves"]})))
        .await;
    assert_eq!(again["known"], true);
    assert_eq!(id(&again["comparison"]), id(&first["comparison"]));
    let other = browser.post("/comparisons", ask(json!({}))).await;
    assert_ne!(id(&other["comparison"]), id(&first["comparison"]));

    let listed = browser.json(&format!("/comparisons?document={old}")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);

    for (wrong, status, kind) in [
        (ask(json!({"only": ["colour"]})), 400, "bad-request"),
        (ask(json!({"regions": ["1:2"]})), 400, "bad-request"),
        (ask(json!({"unknown": 1})), 400, "bad-request"),
        (json!({"old": old}), 400, "bad-request"),
        (json!({"old": old, "new": "x"}), 400, "bad-request"),
        (json!({"old": old, "new": "0".repeat(32)}), 404, "not-found"),
    ] {
        problem(
            browser.send("post", "/comparisons", wrong).await,
            status,
            kind,
        )
        .await;
    }
    let text = browser
        .ask("post", "/comparisons")
        .body("{}")
        .send()
        .await
        .unwrap();
    problem(text, 415, "unsupported-media-type").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_comes_in_parts_and_in_every_format() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let (old, new) = pair(&browser).await;
    let comparison = browser.compare(&old, &new).await;
    let path = format!("/comparisons/{comparison}");
    let report = |format: &str| format!("{path}/report.{format}");
    for format in ["json", "html", "pdf", "txt"] {
        problem(browser.get(&report(format)).await, 409, "not-ready").await;
    }
    problem(browser.get(&report("docx")).await, 404, "not-found").await;

    let claimed = bench.claim(JobKind::Compare).await;
    bench.report(&claimed, r#"{"partial":true}"#, false).await;
    assert_eq!(browser.json(&path).await["state"], "partial");
    let partial = browser.get(&report("json")).await;
    assert_eq!(partial.headers()["x-report-complete"], "false");
    let tag = partial.headers()["etag"].clone();
    assert_eq!(partial.text().await.unwrap(), r#"{"partial":true}"#);

    bench.report(&claimed, r#"{"whole":true}"#, true).await;
    bench.finish(&claimed).await;
    let shown = browser.json(&path).await;
    assert_eq!(shown["state"], "ready");
    assert_eq!(shown["summary"]["pages"]["changed"], 1);
    let ask = browser
        .ask("get", &report("json"))
        .header("if-none-match", tag);
    let whole = ask.send().await.unwrap();
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.headers()["x-report-complete"], "true");
    assert_eq!(whole.headers()["content-type"], "application/json");
    let tag = whole.headers()["etag"].clone();
    assert_eq!(whole.text().await.unwrap(), r#"{"whole":true}"#);
    let ask = browser
        .ask("get", &report("json"))
        .header("if-none-match", tag);
    assert_eq!(ask.send().await.unwrap().status(), 304);

    for (format, made, media) in [
        ("html", ExportFormat::Html, "text/html; charset=utf-8"),
        ("pdf", ExportFormat::Pdf, "application/pdf"),
        ("txt", ExportFormat::Txt, "text/plain; charset=utf-8"),
    ] {
        let path = format!("{}?changes=1,4&download=true", report(format));
        let response = browser.get(&path).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], media);
        let saved = response.headers()["content-disposition"].to_str().unwrap();
        assert!(saved.contains(&format!("changes.{format}")), "{saved}");
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert_eq!(policy.contains("sandbox allow-scripts"), format == "html");
        assert!(!policy.contains("allow-same-origin"));
        assert_eq!(response.text().await.unwrap(), "a report");
        let asked = bench.engine.exported.lock().unwrap().pop().unwrap();
        assert_eq!(asked.format, made);
        assert_eq!(asked.source.only_changes, Some(vec![1, 4]));
    }
    for wrong in ["html?changes=x", "html?changes=1,,2", "json?changes=1"] {
        problem(browser.get(&report(wrong)).await, 400, "bad-request").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_can_be_reviewed() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let (old, new) = pair(&browser).await;
    let comparison = browser.compare(&old, &new).await;
    let reviews = format!("/comparisons/{comparison}/reviews");
    assert_eq!(browser.json(&reviews).await, json!([]));
    let one = format!("{reviews}/ab-12");
    let said = json!({"verdict": "query", "comment": "Why “must”?"});
    let kept = browser.send("put", &one, said).await;
    assert_eq!(kept.status(), 200);
    let kept = browser
        .send("put", &one, json!({"verdict": "accepted"}))
        .await;
    assert_eq!(kept.status(), 200);
    let listed = browser.json(&reviews).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["verdict"], "accepted");
    assert_eq!(listed[0]["comment"], "");
    for (path, body) in [
        (one.clone(), json!({"verdict": "no"})),
        (
            one.clone(),
            json!({"verdict": "open", "comment": "x".repeat(10_001)}),
        ),
        (format!("{reviews}/a%20b"), json!({"verdict": "open"})),
        (
            format!("{reviews}/{}", "x".repeat(129)),
            json!({"verdict": "open"}),
        ),
    ] {
        problem(browser.send("put", &path, body).await, 400, "bad-request").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_has_so_many_jobs() {
    let mut settings = settings();
    settings.limits.jobs = 2;
    let bench = Bench::with(settings);
    let browser = bench.browser().await;
    let (old, new) = pair(&browser).await;
    let refused = browser
        .send("post", "/comparisons", json!({"old": old, "new": new}))
        .await;
    problem(refused, 403, "quota").await;
}
