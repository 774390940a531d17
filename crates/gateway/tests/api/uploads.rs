//! Uploads: what is taken, what is refused, and that nothing is left of it.

use std::time::Duration;

use futures::TryStreamExt;
use reqwest::Body;
use serde_json::Value;
use tokio::io::AsyncWriteExt;

use crate::bench::{Bench, Browser, id, problem, settings};

/// A form, written by hand so that it can be wrong. Parts are name, file name
/// and content.
fn form(parts: &[(&str, Option<&str>, &str)]) -> (String, String) {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map_or(String::new(), |file| format!("; filename=\"{file}\""));
        let part = format!(
            "--frontier\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"
        );
        body.push_str(&part);
    }
    body += "--frontier--\r\n";
    ("multipart/form-data; boundary=frontier".to_owned(), body)
}

async fn send(browser: &Browser<'_>, (kind, body): (String, String)) -> reqwest::Response {
    let ask = browser
        .ask("post", "/documents")
        .header("content-type", kind);
    ask.body(body).send().await.unwrap()
}

async fn nothing_is_left(browser: &Browser<'_>) {
    let listed = browser.json("/documents").await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
    let blobs = blobs(browser.bench).await;
    assert!(blobs.is_empty(), "{blobs:?}");
}

/// Keys of what is stored.
async fn blobs(bench: &Bench) -> Vec<String> {
    let keys = bench.blobs.list("").map_ok(|blob| blob.key);
    keys.try_collect().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_taken_and_recognised_again() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let taken = browser
        .raw("Plan%20%C3%BC.pdf", "%PDF-1.7 a")
        .send()
        .await
        .unwrap();
    assert_eq!(taken.status(), 202);
    let taken: Value = taken.json().await.unwrap();
    assert_eq!(taken["known"], false);
    assert_eq!(taken["document"]["name"], "Plan ü.pdf");
    assert_eq!(taken["document"]["state"], "processing");
    assert_eq!(taken["document"]["bytes"], 10);
    assert_eq!(taken["job"]["kind"], "ingest");
    assert_eq!(taken["job"]["state"], "queued");
    let sha256 = taken["document"]["sha256"].as_str().unwrap();
    let key = service::blobs::original_key(sha256).unwrap();
    assert_eq!(bench.blobs.get(&key).await.unwrap(), "%PDF-1.7 a");

    let again = send(&browser, form(&[("file", Some("other.pdf"), "%PDF-1.7 a")])).await;
    let again: Value = again.json().await.unwrap();
    assert_eq!(again["known"], true);
    assert_eq!(id(&again["document"]), id(&taken["document"]));
    // The same bytes of another are another document.
    let other = bench.browser().await.upload("a.pdf", "%PDF-1.7 a").await;
    assert_ne!(other, id(&taken["document"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_files_are_taken_each_for_itself() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let first = browser.upload("rev-a.pdf", "%PDF-1.7 rev a").await;
    let series = browser.json(&format!("/documents/{first}")).await["series"].clone();
    let answer = send(
        &browser,
        form(&[
            ("series", None, series.as_str().unwrap()),
            ("file", Some("plans/rev-b.pdf"), "%PDF-1.7 rev b"),
            ("file", Some("notes.txt"), "no PDF"),
            ("file", Some("rev-c.pdf"), "%PDF-1.7 rev c"),
        ]),
    )
    .await;
    assert_eq!(answer.status(), 202);
    let answer: Value = answer.json().await.unwrap();
    let several = answer.as_array().unwrap();
    assert_eq!(several.len(), 3);
    assert_eq!(several[0]["document"]["name"], "rev-b.pdf");
    assert_eq!(several[0]["document"]["series"], series);
    assert_eq!(several[1]["name"], "notes.txt");
    assert_eq!(several[1]["problem"]["type"], "/problems/not-pdf");
    assert_eq!(several[2]["document"]["name"], "rev-c.pdf");
    let listed = browser
        .json(&format!("/documents?series={}", series.as_str().unwrap()))
        .await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_pdf_leaves_nothing() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    for (bytes, status, kind) in [
        ("", 422, "empty"),
        ("PK\u{3}\u{4} a document of another kind", 415, "not-pdf"),
        ("<html>%PDF</html>", 415, "not-pdf"),
    ] {
        let raw = browser.raw("a.pdf", bytes).send().await.unwrap();
        problem(raw, status, kind).await;
        let part = send(&browser, form(&[("file", Some("a.pdf"), bytes)])).await;
        problem(part, status, kind).await;
    }
    let text = browser
        .ask("post", "/documents")
        .header("content-type", "text/plain")
        .body("%PDF-1.7");
    problem(text.send().await.unwrap(), 415, "unsupported-media-type").await;
    for parts in [
        form(&[]),
        form(&[("other", Some("a.pdf"), "%PDF-1.7")]),
        form(&[
            ("series", None, "nonsense"),
            ("file", Some("a.pdf"), "%PDF-1.7"),
        ]),
        ("multipart/form-data".to_owned(), String::new()),
        (
            "multipart/form-data; boundary=frontier".to_owned(),
            "--frontier\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n%PDF-1.7"
                .to_owned(),
        ),
    ] {
        problem(send(&browser, parts).await, 400, "bad-request").await;
    }
    let many: Vec<_> = (0..21)
        .map(|_| ("file", Some("a.pdf"), "%PDF-1.7"))
        .collect();
    problem(send(&browser, form(&many)).await, 400, "bad-request").await;
    nothing_is_left(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_leaves_nothing() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let large = format!("%PDF-1.7 {}", "x".repeat(100_000));
    let announced = browser.raw("a.pdf", large.clone()).send().await.unwrap();
    let detail = problem(announced, 413, "too-large").await;
    assert_eq!(detail, "At most 97.7 KiB are accepted.");
    let part = send(&browser, form(&[("file", Some("a.pdf"), &large)])).await;
    problem(part, 413, "too-large").await;
    let chunks = (0..20).map(|_| Ok::<_, std::io::Error>(vec![b'%'; 10_000]));
    let body = Body::wrap_stream(futures::stream::iter(chunks.collect::<Vec<_>>()));
    let chunked = browser.raw("a.pdf", body).send().await.unwrap();
    problem(chunked, 413, "too-large").await;
    nothing_is_left(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_cut_leaves_nothing() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let address = bench.url.strip_prefix("http://").unwrap();
    for kind in ["application/pdf", "multipart/form-data; boundary=frontier"] {
        let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
        let head = format!(
            "POST /api/v1/documents HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\
             X-CSRF-Token: {}\r\nContent-Type: {kind}\r\nContent-Length: 50000\r\n\r\n\
             --frontier\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n%PDF-1.7",
            browser.cookie, browser.csrf
        );
        connection.write_all(head.as_bytes()).await.unwrap();
        connection.write_all(&vec![b'x'; 20_000]).await.unwrap();
        connection.flush().await.unwrap();
        drop(connection);
    }
    // The server has one thread: what comes after was seen after.
    tokio::time::sleep(Duration::from_millis(50)).await;
    nothing_is_left(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_workspace_says_so() {
    let mut settings = settings();
    settings.limits.documents = 1;
    let bench = Bench::with(settings);
    let browser = bench.browser().await;
    let first = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let kept = blobs(&bench).await;
    assert_eq!(kept.len(), 1);
    let second = browser.raw("b.pdf", "%PDF-1.7 b").send().await.unwrap();
    problem(second, 403, "quota").await;
    assert_eq!(blobs(&bench).await, kept, "a refused file leaves no bytes");
    // What is there already is there.
    assert_eq!(browser.upload("a.pdf", "%PDF-1.7 a").await, first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_makes_a_repetition_the_same_request() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let post = |key: &'static str, bytes: &'static str| {
        let ask = browser.raw("a.pdf", bytes).header("idempotency-key", key);
        async move { ask.send().await.unwrap() }
    };
    let first = post("one", "%PDF-1.7 a").await;
    assert!(!first.headers().contains_key("idempotency-replayed"));
    let first: Value = first.json().await.unwrap();
    assert_eq!(first["known"], false);
    let again = post("one", "%PDF-1.7 a").await;
    assert_eq!(again.status(), 202);
    assert_eq!(again.headers()["idempotency-replayed"], "true");
    let again: Value = again.json().await.unwrap();
    assert_eq!(again, first, "told as it was told");
    problem(post("one", "%PDF-1.7 b").await, 422, "key-reused").await;
    problem(post("", "%PDF-1.7 b").await, 400, "bad-request").await;
    // A failure is not kept.
    problem(post("two", "no PDF").await, 415, "not-pdf").await;
    assert_eq!(post("two", "%PDF-1.7 b").await.status(), 202);
}
