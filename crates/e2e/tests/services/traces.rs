//! One trace from the upload to the first pixel, over the queue and down to SQL; and
//! its id wherever something is told.

use std::collections::HashMap;

use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind};
use reqwest::header::ACCEPT;
use serde_json::Value;
use testkit::{attribute, hex};

use crate::browser::wait_for;
use crate::stack::Stack;

const OLD: &[u8] = include_bytes!("../../../../samples/contract-a.pdf");
const NEW: &[u8] = include_bytes!("../../../../samples/contract-b.pdf");

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const BROWSER: &str = "00f067aa0ba902b7";

/// Spans that a whole trace has: service and name.
const STEPS: [(&str, &str); 12] = [
    ("gateway", "POST /api/v1/documents"),
    ("db-router", "store create_document"),
    ("ingest", "job ingest"),
    ("db-router", "store put_pages"),
    ("gateway", "POST /api/v1/comparisons"),
    ("db-router", "store create_comparison"),
    ("compare-ui", "job compare"),
    ("db-router", "store put_report"),
    ("db-router", "store finish_job"),
    ("gateway", "GET /api/v1/documents/{id}/pages/{page}/image"),
    ("db-router", "store document"),
    ("ingest", "GET /render/{sha256}/{page}"),
];

/// Statements below them: part of the text, and the node.
const STATEMENTS: [(&str, &str); 5] = [
    ("INSERT INTO documents", "primary"),
    ("INSERT INTO jobs", "primary"),
    ("INSERT INTO pages", "primary"),
    ("UPDATE comparisons SET report", "primary"),
    ("COMMIT", "primary"),
];

#[tokio::test(flavor = "multi_thread")]
async fn from_upload_to_first_pixel_is_one_trace() {
    let stack = Stack::start().await;
    let mut browser = stack.browser().await;
    browser.traceparent = Some(format!("00-{TRACE}-{BROWSER}-01"));
    let (old, first) = browser.upload("old.pdf", OLD).await;
    let (new, second) = browser.upload("new.pdf", NEW).await;
    for job in [&first, &second] {
        assert_eq!(browser.ended(job).await, "done");
    }
    let (_, job) = browser.compare(&old, &new).await;
    assert_eq!(browser.ended(&job).await, "done");
    let picture = format!("/documents/{new}/pages/1/image?scale=1");
    assert_eq!(browser.status(&picture).await, 200);

    let has = |spans: &[(String, Span)], (service, name): (&str, &str)| {
        spans
            .iter()
            .any(|(of, span)| of == service && span.name == name)
    };
    let spans = wait_for("every step of the trace", || {
        let spans = stack.collector.trace(TRACE);
        STEPS.iter().all(|step| has(&spans, *step)).then_some(spans)
    })
    .await;
    for (text, node) in STATEMENTS {
        let there = spans.iter().any(|(service, span)| {
            service == "db-router"
                && span.kind() == SpanKind::Client
                && attribute(span, "db.query.text").is_some_and(|sql| sql.contains(text))
                && attribute(span, "db.namespace").as_deref() == Some(node)
        });
        assert!(there, "no {text} at {node}");
    }
    for (_, span) in &spans {
        let sql = attribute(span, "db.query.text").unwrap_or_default();
        assert!(
            !sql.contains("old.pdf"),
            "what a user sent is in a trace: {sql}"
        );
    }

    // Every span hangs on another, or on the browser's; the jobs on the requests that
    // made them.
    let by_id: HashMap<String, &(String, Span)> = spans
        .iter()
        .map(|found| (hex(&found.1.span_id), found))
        .collect();
    let above = |span: &Span| {
        let mut path = Vec::new();
        let mut parent = hex(&span.parent_span_id);
        while let Some((_, span)) = by_id.get(&parent) {
            path.push(span.name.clone());
            parent = hex(&span.parent_span_id);
        }
        (path, parent)
    };
    for (service, span) in &spans {
        let (path, end) = above(span);
        assert_eq!(end, BROWSER, "{service} {} below {path:?}", span.name);
        let made_by = match span.name.as_str() {
            "job ingest" => "POST /api/v1/documents",
            "job compare" => "POST /api/v1/comparisons",
            "store put_pages" => "job ingest",
            "store put_report" => "job compare",
            "GET /render/{sha256}/{page}" => "GET /api/v1/documents/{id}/pages/{page}/image",
            _ => continue,
        };
        assert!(
            path.iter().any(|name| name == made_by),
            "{} below {path:?}",
            span.name
        );
    }
    // Workers that wait for jobs are in no trace, or there would be little else.
    let claims = stack.collector.spans();
    assert!(
        !claims
            .iter()
            .any(|(_, span)| span.name.ends_with("claim_job"))
    );

    the_id_is_told(&stack, &mut browser).await;
}

/// In problems, on pages, and in every line of the logs that tells of a request or job.
async fn the_id_is_told(stack: &Stack, browser: &mut crate::browser::Browser) {
    let none = browser.request(
        reqwest::Method::GET,
        "/documents/0123456789abcdef0123456789abcdef",
    );
    let problem: Value = browser.send(none).await.json().await.unwrap();
    assert_eq!(problem["trace_id"], TRACE);
    let page = service::client::plain()
        .no_proxy()
        .build()
        .unwrap()
        .get(format!("{}/nothing-here", stack.ui.url))
        .header(ACCEPT, "text/html")
        .header("traceparent", format!("00-{TRACE}-{BROWSER}-01"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.text().await.unwrap().contains(TRACE));

    for (name, process) in &stack.services()[..4] {
        let mut ours = 0;
        for line in process.log.lines() {
            let spans = line["spans"].as_array().cloned().unwrap_or_default();
            if spans.is_empty() {
                continue;
            }
            let ids: Vec<&str> = spans
                .iter()
                .filter_map(|s| s["trace_id"].as_str())
                .collect();
            assert!(ids.iter().any(|id| id.len() == 32), "{name}: {line}");
            ours += usize::from(ids.contains(&TRACE));
        }
        assert!(ours > 0, "{name} logged nothing of the trace");
    }
}
