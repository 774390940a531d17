//! Server-sent events.

use std::time::Duration;

use futures::StreamExt;
use serde_json::{Value, json};
use store::JobKind;

use crate::bench::{Bench, id, problem, settings};

/// Longer than anything takes on the slowest machine.
const LONG: Duration = Duration::from_mins(2);

/// What a stream tells, event by event.
struct Events {
    bytes: futures::stream::BoxStream<'static, reqwest::Result<bytes::Bytes>>,
    text: String,
}

impl Events {
    fn of(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        let media = response.headers()["content-type"].to_str().unwrap();
        assert!(media.starts_with("text/event-stream"));
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Self {
            bytes: response.bytes_stream().boxed(),
            text: String::new(),
        }
    }

    /// The next block of lines; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.text.find("\n\n") {
                let block = self.text.drain(..end + 2).collect::<String>();
                return Some(block.trim_end().to_owned());
            }
            let chunk = tokio::time::timeout(LONG, self.bytes.next())
                .await
                .expect("the stream goes on")?;
            self.text += std::str::from_utf8(&chunk.unwrap()).unwrap();
        }
    }

    /// The next job told.
    async fn job(&mut self) -> Value {
        loop {
            let block = self.next().await.expect("the stream goes on");
            if let Some(data) = block.strip_prefix("event: job\ndata: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// The next id told.
    async fn id(&mut self) -> String {
        loop {
            let block = self.next().await.expect("the stream goes on");
            if let Some(id) = block.strip_prefix("id: ") {
                return id.to_owned();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_told_to_its_end() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let document = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let job = id(&browser.json(&format!("/documents/{document}")).await["job"]);
    let path = format!("/jobs/{job}/events");
    let mut events = Events::of(browser.get(&path).await);
    assert_eq!(events.next().await.unwrap(), "retry: 2000");
    assert_eq!(events.job().await["state"], "queued");
    bench.read_next(&["valve"]).await;
    while events.job().await["state"] != "done" {}
    let mut rest = Vec::new();
    while let Some(block) = events.next().await {
        rest.push(block);
    }
    assert_eq!(rest.last().unwrap(), "event: end\ndata: {}");
    // Asked for when all is over, it says so.
    let mut events = Events::of(browser.get(&path).await);
    assert_eq!(events.job().await["state"], "done");
    while events.next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_is_told_of_its_jobs_and_no_others() {
    let mut bench = Bench::new();
    let last = {
        let browser = bench.browser().await;
        let other = bench.browser().await;
        let mut events = Events::of(browser.get("/events").await);
        assert_eq!(events.next().await.unwrap(), "retry: 2000");
        other.upload("b.pdf", "%PDF-1.7 b").await;
        let document = browser.upload("a.pdf", "%PDF-1.7 a").await;
        let told = events.job().await;
        assert_eq!(told["document"], document);
        assert_eq!(told["state"], "queued");
        let seen = events.id().await;
        drop(events);
        // What happens meanwhile is told to who comes back.
        let path = format!("/jobs/{}/cancel", told["id"].as_str().unwrap());
        browser.post(&path, json!({})).await;
        let ask = browser.ask("get", "/events").header("last-event-id", &seen);
        let mut events = Events::of(ask.send().await.unwrap());
        let told = events.job().await;
        assert_eq!(told["state"], "cancelled");
        assert_ne!(events.id().await, seen);
        let wrong = browser.ask("get", "/events").header("last-event-id", "x");
        problem(wrong.send().await.unwrap(), 400, "bad-request").await;
        events
    };
    // A stream does not keep the process from ending.
    let mut events = last;
    bench.signal.give();
    while events.next().await.is_some() {}
    tokio::time::timeout(LONG, bench.stop()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_job_of_a_workspace_is_told() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let mut events = Events::of(browser.get("/events").await);
    assert_eq!(events.id().await, "0");
    // However short its life is.
    let document = browser.upload("a.pdf", "%PDF-1.7 a").await;
    bench.read_next(&["valve"]).await;
    loop {
        let told = events.job().await;
        assert_eq!(told["document"], document);
        if told["state"] == "done" {
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_cancelled_and_tried_again() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let document = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let job = id(&browser.json(&format!("/documents/{document}")).await["job"]);
    let path = format!("/jobs/{job}");
    let cancelled = browser.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!(cancelled["state"], "cancelled");
    let again = browser.post(&format!("{path}/retry"), json!({})).await;
    assert_eq!(again["state"], "queued");
    let claimed = bench.claim(JobKind::Ingest).await;
    assert_eq!(claimed.job.id.to_string(), job);
    assert_eq!(browser.json(&path).await["state"], "running");
    bench.finish(&claimed).await;
    let refused = browser
        .send("post", &format!("{path}/retry"), json!({}))
        .await;
    problem(refused, 409, "conflict").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_has_so_many_streams() {
    let mut settings = settings();
    settings.limits.streams = 1;
    let bench = Bench::with(settings);
    let browser = bench.browser().await;
    let mut open = Events::of(browser.get("/events").await);
    open.next().await.unwrap();
    problem(browser.get("/events").await, 429, "too-many-requests").await;
    let other = bench.browser().await;
    Events::of(other.get("/events").await);
    drop(open);
    let deadline = std::time::Instant::now() + LONG;
    while browser.get("/events").await.status() != 200 {
        assert!(
            std::time::Instant::now() < deadline,
            "the place stays taken"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
