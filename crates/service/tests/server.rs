//! A real server and a real client: what every service and every call share.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use actix_web::{HttpResponse, web};
use reqwest::header::HeaderName;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::{
    Error,
    client::Client,
    http::{Running, Server},
    problem::Problem,
    settings::CommonArgs,
    shutdown::Signal,
    telemetry,
};

/// Long enough for the busiest machine; nothing here waits for its end.
const LONG: Duration = Duration::from_mins(1);

#[derive(Debug, Serialize, Deserialize)]
struct Sum {
    left: u32,
    right: u32,
}

#[derive(Clone, Default)]
struct Shared {
    calls: Arc<AtomicUsize>,
    absent: Arc<AtomicUsize>,
    ready: Arc<AtomicBool>,
}

async fn add(sum: web::Json<Sum>) -> HttpResponse {
    HttpResponse::Ok().json(sum.left + sum.right)
}

async fn item(id: web::Path<u32>) -> Result<HttpResponse, Problem> {
    match id.into_inner() {
        1 => Ok(HttpResponse::Ok().json("one")),
        2 => panic!("two is too many"),
        _ => Err(Problem::not_found("item").with("hint", "there is only 1")),
    }
}

/// Answers 503 as often as told, then counts the call.
async fn flaky(shared: web::Data<Shared>) -> Result<HttpResponse, Problem> {
    shared.calls.fetch_add(1, Ordering::SeqCst);
    let absent = shared
        .absent
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
    match absent {
        Ok(_) => Err(Problem::unavailable("Not yet.").retry_after(0)),
        Err(_) => Ok(HttpResponse::Ok().json("done")),
    }
}

async fn trace(request: actix_web::HttpRequest) -> HttpResponse {
    let header = |name| {
        request
            .headers()
            .get(name)?
            .to_str()
            .ok()
            .map(str::to_owned)
    };
    HttpResponse::Ok().json(json!({
        "id": telemetry::trace_id(),
        "traceparent": header("traceparent"),
        "request_id": header("x-request-id"),
    }))
}

/// Answers once the server was told to end.
async fn last(shared: web::Data<Shared>, ending: web::Data<Signal>) -> HttpResponse {
    shared.calls.fetch_add(1, Ordering::SeqCst);
    ending.given().await;
    HttpResponse::Ok().json("last")
}

async fn never() -> HttpResponse {
    std::future::pending().await
}

fn start(shared: &Shared, shutdown: &Signal) -> Running {
    // The guard sends nothing without a collector.
    let _ = telemetry::init("test", &CommonArgs::default());
    let (data, ready) = (web::Data::new(shared.clone()), Arc::clone(&shared.ready));
    Server::new("test", "127.0.0.1:0")
        .workers(2)
        .body_limit(1000)
        .ready(Arc::new(move || {
            let ready = ready.load(Ordering::SeqCst);
            Box::pin(async move { ready.then_some(()).ok_or_else(|| "no database".to_owned()) })
        }))
        .start(
            move |config| {
                config
                    .app_data(data.clone())
                    .route("/sum", web::post().to(add))
                    .route("/items/{id}", web::get().to(item))
                    .route("/flaky", web::get().to(flaky))
                    .route("/flaky", web::post().to(flaky))
                    .route("/trace", web::get().to(trace))
                    .route("/last", web::get().to(last))
                    .service(web::scope("/scope").route("/trace", web::get().to(trace)))
                    .route("/never", web::get().to(never));
            },
            shutdown,
        )
        .unwrap()
}

fn started() -> (Running, Client, Shared) {
    let shared = Shared::default();
    let running = start(&shared, &Signal::new());
    let client = Client::new(&running.url()).unwrap().with_deadline(LONG);
    (running, client, shared)
}

fn problem_of<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Problem {
    match outcome {
        Err(Error::Problem(problem)) => problem,
        other => panic!("no problem but {other:?}"),
    }
}

#[tokio::test]
async fn json_goes_there_and_back() {
    let (running, client, _) = started();
    let sum: u32 = client
        .post("/sum")
        .json(&Sum { left: 2, right: 3 })
        .receive()
        .await
        .unwrap();
    assert_eq!(sum, 5);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let (running, client, _) = started();
    let problem = problem_of(client.get("items/3").receive::<Value>().await);
    assert_eq!((problem.status, problem.kind.as_ref()), (404, "not-found"));
    assert_eq!(problem.extra["hint"], "there is only 1");
    assert_eq!(problem.extra["trace_id"].as_str().unwrap().len(), 32);

    for (call, status, kind) in [
        (client.get("/nowhere"), 404, "not-found"),
        (client.get("/items/one"), 404, "not-found"),
        (client.get("/scope/nowhere"), 404, "not-found"),
        (client.delete("/sum"), 405, "method-not-allowed"),
        (client.delete("/scope/trace"), 405, "method-not-allowed"),
        (client.post("/sum").json(&"not a sum"), 400, "bad-request"),
        (
            client.post("/sum").bytes("{}"),
            415,
            "unsupported-media-type",
        ),
        (
            client.post("/sum").json(&"x".repeat(2000)),
            413,
            "too-large",
        ),
        // A panic answers as well, and the worker goes on.
        (client.get("/items/2"), 500, "internal"),
    ] {
        let described = format!("{call:?}");
        let problem = problem_of(call.send().await);
        assert_eq!(
            (problem.status, problem.kind.as_ref()),
            (status, kind),
            "{described}"
        );
        assert!(
            problem.extra.contains_key("trace_id"),
            "{described}: {problem:?}"
        );
    }
    assert_eq!(
        client.get("/items/1").receive::<String>().await.unwrap(),
        "one"
    );
    assert_eq!(
        client
            .get("/items/3")
            .receive_opt::<String>()
            .await
            .unwrap(),
        None
    );
    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_error_says_what_it_is_by_its_content_type() {
    let (running, _, _) = started();
    let answer = reqwest::get(format!("{}/nowhere", running.url()))
        .await
        .unwrap();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert!(answer.headers().contains_key("x-request-id"));
    running.stop().await.unwrap();
}

#[tokio::test]
async fn absent_services_are_asked_again_where_that_is_safe() {
    let (running, client, shared) = started();
    shared.absent.store(2, Ordering::SeqCst);
    assert_eq!(
        client.get("/flaky").receive::<String>().await.unwrap(),
        "done"
    );
    assert_eq!(shared.calls.swap(0, Ordering::SeqCst), 3);

    shared.absent.store(1, Ordering::SeqCst);
    assert_eq!(problem_of(client.post("/flaky").send().await).status, 503);
    assert_eq!(shared.calls.swap(0, Ordering::SeqCst), 1);

    shared.absent.store(1, Ordering::SeqCst);
    client.post("/flaky").idempotent().send().await.unwrap();
    assert_eq!(shared.calls.swap(0, Ordering::SeqCst), 2);

    // It gives up after a few times.
    shared.absent.store(1000, Ordering::SeqCst);
    let problem = problem_of(client.get("/flaky").send().await);
    assert_eq!((problem.status, problem.retry_after_s), (503, Some(0)));
    assert_eq!(shared.calls.load(Ordering::SeqCst), 4);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_deadline_ends_a_call() {
    let (running, client, _) = started();
    let outcome = client
        .get("/never")
        .deadline(Duration::from_millis(200))
        .send()
        .await;
    assert!(
        matches!(outcome, Err(Error::Deadline { after_ms: 200, .. })),
        "{outcome:?}"
    );
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unreachable() {
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let client = Client::new(&format!("http://{free}"))
        .unwrap()
        .with_deadline(LONG);
    let outcome = client.post("/x").send().await;
    assert!(
        matches!(outcome, Err(Error::Unreachable { .. })),
        "{outcome:?}"
    );
    assert_eq!(Problem::from(outcome.unwrap_err()).status, 503);
}

#[tokio::test]
async fn the_trace_and_the_request_id_are_taken_over() {
    let (running, client, _) = started();
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let answer = client
        .get("/trace")
        .header(HeaderName::from_static("traceparent"), parent)
        .header(HeaderName::from_static("x-request-id"), "from-nginx_1")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.headers()["x-request-id"], "from-nginx_1");
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["id"], "4bf92f3577b34da6a3ce929d0e0e4736");

    // A call made in a trace tells the next service of it.
    let headers = telemetry::TraceHeaders::of(Some(parent));
    let call = client.get("/trace").receive::<Value>();
    let body = telemetry::follow(&headers, tracing::Span::none(), call)
        .await
        .unwrap();
    assert_eq!(body["traceparent"], parent);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn operators_are_answered() {
    let (running, client, shared) = started();
    assert_eq!(
        client.get("/health").receive_bytes().await.unwrap(),
        "healthy\n"
    );
    let url = format!("{}/ready", running.url());
    let answer = reqwest::get(&url).await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(answer.text().await.unwrap().contains("no database"));
    shared.ready.store(true, Ordering::SeqCst);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);

    client.get("/items/1").send().await.unwrap();
    let _ = client.get("/items/77").send().await;
    let metrics = client.get("/metrics").receive_bytes().await.unwrap();
    let metrics = std::str::from_utf8(&metrics).unwrap();
    for part in [
        r#"pdf_compare_http_requests_total{service="test",method="GET",route="/items/{id}",status="404"}"#,
        r#"pdf_compare_http_request_duration_seconds_bucket{service="test",method="GET",route="/items/{id}",le="0.001"}"#,
        r#"pdf_compare_http_requests_in_flight{service="test"}"#,
        "process_cpu_seconds_total",
        "process_resident_memory_bytes",
        "process_open_fds",
    ] {
        assert!(metrics.contains(part), "{part} is not in\n{metrics}");
    }
    assert!(!metrics.contains("items/77"), "a raw path is a label");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_under_way_is_finished_before_the_end() {
    let (running, client, shared) = started();
    let last = tokio::spawn(async move { client.get("/last").receive::<String>().await });
    while shared.calls.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    running.stop().await.unwrap();
    assert_eq!(last.await.unwrap().unwrap(), "last");
}

#[test]
fn a_client_outlives_the_worker_that_used_it() {
    let main = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let (running, client, _) = main.block_on(async { started() });
    // Each of these runtimes opens no connection of its own: the second one uses
    // what the first left in the pool.
    for _ in 0..3 {
        let worker = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let answer: String = worker.block_on(client.get("/items/1").receive()).unwrap();
        assert_eq!(answer, "one");
    }
    main.block_on(running.stop()).unwrap();
}
