//! The routes that operators and other programs ask: `/health`, `/ready`, `/metrics`.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, ServiceConfig},
};
use futures::future::BoxFuture;

use crate::{problem::Problem, shutdown::Signal, telemetry};

/// Asks whether what a service needs answers; the error says what does not.
pub type Ready = Arc<dyn Fn() -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Prometheus' text format.
const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) struct Operations {
    pub ready: Ready,
    pub ending: Signal,
}

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .route("/health", web::get().to(health))
        .route("/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

/// Whether a path is one of these: neither traced nor logged, there are too many.
pub(super) fn is_operational(path: &str) -> bool {
    matches!(path, "/health" | "/ready" | "/metrics")
}

async fn health() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body("healthy\n")
}

async fn ready(operations: web::Data<Operations>) -> Result<HttpResponse, Problem> {
    if operations.ending.is_given() {
        return Err(Problem::unavailable("This instance is ending."));
    }
    (operations.ready)().await.map_err(Problem::unavailable)?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body("ready\n"))
}

async fn metrics() -> HttpResponse {
    HttpResponse::Ok()
        .content_type(METRICS)
        .body(telemetry::render())
}
