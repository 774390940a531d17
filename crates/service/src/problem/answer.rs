//! A problem as an HTTP response.

use actix_web::{
    HttpResponse, ResponseError,
    http::{StatusCode, header},
};

use super::Problem;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// The response that tells `problem`, with the trace id of the request in whose
/// context it is called.
pub fn respond(problem: &Problem) -> HttpResponse {
    let mut told = problem.clone();
    if let Some(trace_id) = crate::telemetry::trace_id() {
        told.extra.insert("trace_id".to_owned(), trace_id.into());
    }
    let mut response = HttpResponse::build(problem.status_code());
    response
        .content_type(CONTENT_TYPE)
        // A problem is of the moment; no cache may repeat it.
        .insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some(seconds) = told.retry_after_s {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    match serde_json::to_vec(&told) {
        Ok(body) => response.body(body),
        Err(_) => response.finish(),
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        respond(self)
    }
}
