//! Documents and search.

use serde_json::json;

use crate::bench::{Bench, id, problem};

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_listed_part_by_part() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let mut ids = Vec::new();
    for i in 0..5 {
        ids.push(browser.upload("a.pdf", &format!("%PDF-1.7 {i}")).await);
    }
    ids.reverse();
    let mut seen = Vec::new();
    let mut path = "/documents?limit=2".to_owned();
    loop {
        let page = browser.json(&path).await;
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= 2);
        seen.extend(items.iter().map(id));
        match page["next"].as_str() {
            Some(next) => path = format!("/documents?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    problem(
        browser.get("/documents?cursor=nonsense").await,
        400,
        "bad-request",
    )
    .await;
    problem(browser.get("/documents?limit=x").await, 400, "bad-request").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_renamed_regrouped_deleted_and_restored() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let a = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let b = browser.upload("b.pdf", "%PDF-1.7 b").await;
    let path = format!("/documents/{a}");
    let series = browser.json(&format!("/documents/{b}")).await["series"].clone();
    let change = json!({"name": " Rev A\u{202e} ", "series": series});
    let changed = browser.send("patch", &path, change).await;
    assert_eq!(changed.status(), 200);
    let changed = browser.json(&path).await;
    assert_eq!(changed["name"], "Rev A");
    assert_eq!(changed["series"], series);
    let alone = browser.send("patch", &path, json!({"series": "new"})).await;
    let alone: serde_json::Value = alone.json().await.unwrap();
    assert_ne!(alone["series"], series);
    for wrong in [
        json!({"name": ""}),
        json!({"name": "x".repeat(300)}),
        json!({"series": "x"}),
        json!({"title": "x"}),
    ] {
        problem(
            browser.send("patch", &path, wrong).await,
            400,
            "bad-request",
        )
        .await;
    }

    assert_eq!(
        browser.ask("delete", &path).send().await.unwrap().status(),
        204
    );
    problem(browser.get(&path).await, 404, "not-found").await;
    let back = browser.post(&format!("{path}/restore"), json!({})).await;
    assert_eq!(back["name"], "Rev A");
    browser.json(&path).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_comes_back_as_it_was_sent_whole_or_in_part() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let id = browser.upload("Plan.pdf", "%PDF-1.7 0123456789").await;
    let path = format!("/documents/{id}/file");
    let whole = browser.get(&path).await;
    assert_eq!(whole.status(), 200);
    assert_eq!(whole.headers()["content-type"], "application/pdf");
    assert_eq!(whole.headers()["content-length"], "19");
    let disposition = whole.headers()["content-disposition"].to_str().unwrap();
    assert!(disposition.starts_with("attachment") && disposition.contains("Plan.pdf"));
    let tag = whole.headers()["etag"].clone();
    assert_eq!(whole.text().await.unwrap(), "%PDF-1.7 0123456789");

    let part = browser
        .ask("get", &path)
        .header("range", "bytes=9-12")
        .send()
        .await
        .unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.headers()["content-range"], "bytes 9-12/19");
    assert_eq!(part.text().await.unwrap(), "0123");
    let beyond = browser
        .ask("get", &path)
        .header("range", "bytes=99-")
        .send()
        .await
        .unwrap();
    problem(beyond, 416, "range").await;
    let same = browser
        .ask("get", &path)
        .header("if-none-match", tag)
        .send()
        .await
        .unwrap();
    assert_eq!(same.status(), 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_are_found() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let a = browser.upload("a.pdf", "%PDF-1.7 a").await;
    bench.read_next(&["valve", "FT-1001"]).await;
    browser.upload("b.pdf", "%PDF-1.7 b").await;
    bench.read_next(&["valve", "FT-2002"]).await;
    let hits = browser.json("/search?q=valve").await;
    assert_eq!(hits["items"].as_array().unwrap().len(), 2);
    let hits = browser.json("/search?q=T-100").await;
    assert_eq!(hits["items"].as_array().unwrap().len(), 1);
    let hit = &hits["items"][0];
    assert_eq!(hit["document"], a);
    assert_eq!((&hit["page"], &hit["name"]), (&json!(1), &json!("a.pdf")));
    assert_eq!(hit["boxes"].as_array().unwrap().len(), 1);
    let within = browser
        .json(&format!("/search?q=FT-2002&document={a}"))
        .await;
    assert_eq!(within["items"].as_array().unwrap().len(), 0);
    for wrong in ["/search", "/search?q=", "/search?q=%20"] {
        problem(browser.get(wrong).await, 400, "bad-request").await;
    }
    let long = format!("/search?q={}", "x".repeat(501));
    problem(browser.get(&long).await, 400, "bad-request").await;
}
