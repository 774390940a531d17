//! One request through two servers is one trace at a real collector.

#![allow(clippy::unwrap_used, clippy::panic)]

use actix_web::{HttpResponse, web};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use service::{
    client::Client, http, problem::Problem, settings::TelemetryArgs, shutdown::Signal, telemetry,
};
use testkit::{Collector, attribute, hex};

async fn front(back: web::Data<Client>) -> Result<HttpResponse, Problem> {
    let told: String = back.get("/back/7").receive().await?;
    let own = telemetry::trace_id();
    assert_eq!(Some(told), own, "the second server is in another trace");
    Ok(HttpResponse::Ok().json(own))
}

async fn back(id: web::Path<u32>) -> Result<HttpResponse, Problem> {
    match id.into_inner() {
        7 => Ok(HttpResponse::Ok().json(telemetry::trace_id())),
        _ => Err(Problem::internal()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_through_two_servers_is_one_trace() {
    let collector = Collector::start();
    let args = TelemetryArgs {
        otlp_endpoint: Some(collector.endpoint.clone()),
        trace_reads: 2,
        ..TelemetryArgs::default()
    };
    let guard = telemetry::init("trace-test", &args);
    // A second part of the same process changes nothing and ends nothing.
    drop(telemetry::init("second", &TelemetryArgs::default()));

    let shutdown = Signal::new();
    let second = http::server(
        "second",
        "127.0.0.1:0",
        |config| {
            config.route("/back/{id}", web::get().to(back));
        },
        &shutdown,
    )
    .unwrap();
    let client = web::Data::new(Client::new(&second.url()).unwrap());
    let first = http::server(
        "first",
        "127.0.0.1:0",
        move |config| {
            config
                .app_data(client.clone())
                .route("/front", web::get().to(front));
        },
        &shutdown,
    )
    .unwrap();

    let outside = reqwest::Client::new();
    let get = |url: String| outside.get(url).send();
    let told = async |answer: reqwest::Response| -> String { answer.json().await.unwrap() };
    let front = format!("{}/front", first.url());
    let trace = told(get(front.clone()).await.unwrap()).await;
    // The second read of two, and whatever comes in as unrecorded.
    let unrecorded = told(get(front.clone()).await.unwrap()).await;
    let theirs = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    let passed = outside.get(&front).header("traceparent", theirs).send();
    let passed = told(passed.await.unwrap()).await;
    assert!(theirs.contains(&passed));
    get(format!("{}/health", first.url())).await.unwrap();
    let failed = get(format!("{}/back/8", second.url())).await.unwrap();
    let failed: Problem = failed.json().await.unwrap();

    first.stop().await.unwrap();
    second.stop().await.unwrap();
    tokio::task::spawn_blocking(move || drop(guard))
        .await
        .unwrap();

    let received = collector.spans();
    assert_eq!(received[0].0, "trace-test");
    let spans: Vec<&Span> = received.iter().map(|(_, span)| span).collect();
    let of_trace = |id: &str| -> Vec<&Span> {
        spans
            .iter()
            .copied()
            .filter(|span| hex(&span.trace_id) == id)
            .collect()
    };
    for trace in [unrecorded, passed] {
        assert_eq!(of_trace(&trace).len(), 0, "recorded: {spans:#?}");
    }
    let ours = of_trace(&trace);
    let named = |name: &str| {
        *ours
            .iter()
            .find(|span| span.name == name)
            .unwrap_or_else(|| panic!("no {name} in {spans:#?}"))
    };
    let front = named("GET /front");
    let call = ours
        .iter()
        .find(|span| span.kind() == SpanKind::Client)
        .unwrap();
    let back = named("GET /back/{id}");
    assert_eq!(ours.len(), 3, "{ours:#?}");
    assert!(front.parent_span_id.is_empty());
    assert_eq!(call.parent_span_id, front.span_id);
    assert_eq!(back.parent_span_id, call.span_id);
    assert_eq!(front.kind(), SpanKind::Server);
    assert_eq!(attribute(back, "http.route").as_deref(), Some("/back/{id}"));
    assert_eq!(
        attribute(back, "http.response.status_code").as_deref(),
        Some("200")
    );
    assert_eq!(attribute(back, "service").as_deref(), Some("second"));

    // A failure is found by the id that its problem tells.
    let failed = of_trace(failed.extra["trace_id"].as_str().unwrap());
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].status.as_ref().unwrap().code(), StatusCode::Error);
    assert!(
        !spans.iter().any(|span| span.name.contains("/health")),
        "health checks are traced"
    );
}
