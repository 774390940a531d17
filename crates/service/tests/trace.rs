//! One request through two servers is one trace at a real collector.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use actix_web::{App, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::{
    collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse},
    common::v1::any_value::Value,
    trace::v1::{Span, span::SpanKind, status::StatusCode},
};
use prost::Message;
use service::{
    client::Client, http, problem::Problem, settings::TelemetryArgs, shutdown::Signal, telemetry,
};

type Received = Arc<Mutex<Vec<ExportTraceServiceRequest>>>;

/// Accepts spans as a collector does: protobuf over HTTP.
fn collector(received: &Received) -> SocketAddr {
    let data = web::Data::from(Arc::clone(received));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(web::PayloadConfig::new(16 << 20))
            .route(
                "/v1/traces",
                web::post().to(
                    async |body: web::Bytes, received: web::Data<Mutex<Vec<_>>>| {
                        let request = ExportTraceServiceRequest::decode(body).unwrap();
                        received.lock().unwrap().push(request);
                        HttpResponse::Ok()
                            .content_type("application/x-protobuf")
                            .body(ExportTraceServiceResponse::default().encode_to_vec())
                    },
                ),
            )
    })
    .workers(1)
    .disable_signals()
    .bind("127.0.0.1:0")
    .unwrap();
    let address = server.addrs()[0];
    tokio::spawn(server.run());
    address
}

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

fn attribute(span: &Span, key: &str) -> Option<String> {
    let value = span
        .attributes
        .iter()
        .find(|pair| pair.key == key)?
        .value
        .as_ref()?;
    match value.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        other => panic!("{key} is {other:?}"),
    }
}

fn hex(trace_id: &[u8]) -> String {
    format!("{:032x}", u128::from_be_bytes(trace_id.try_into().unwrap()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_through_two_servers_is_one_trace() {
    let received = Received::default();
    let endpoint = format!("http://{}", collector(&received));
    let args = TelemetryArgs {
        otlp_endpoint: Some(endpoint),
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
    let trace: String = get(format!("{}/front", first.url()))
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    get(format!("{}/health", first.url())).await.unwrap();
    let failed = get(format!("{}/back/8", second.url())).await.unwrap();
    let failed: Problem = failed.json().await.unwrap();

    first.stop().await.unwrap();
    second.stop().await.unwrap();
    tokio::task::spawn_blocking(move || drop(guard))
        .await
        .unwrap();

    let received = received.lock().unwrap();
    let resource = received[0].resource_spans[0].resource.as_ref().unwrap();
    let name = resource
        .attributes
        .iter()
        .find(|pair| pair.key == "service.name")
        .unwrap();
    assert!(format!("{name:?}").contains("trace-test"), "{name:?}");

    let spans: Vec<&Span> = received
        .iter()
        .flat_map(|request| &request.resource_spans)
        .flat_map(|resource| &resource.scope_spans)
        .flat_map(|scope| &scope.spans)
        .collect();
    let of_trace = |id: &str| -> Vec<&Span> {
        spans
            .iter()
            .copied()
            .filter(|span| hex(&span.trace_id) == id)
            .collect()
    };
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
