//! Answers that are errors but no problems yet, made problems.

use actix_web::{
    HttpRequest, HttpResponse, ResponseError,
    body::{BodySize, MessageBody},
    error::PayloadError,
    http::{Method, StatusCode, header},
};

use crate::problem::{self, Problem};

/// The problem to answer instead, where the answer is an error that tells the
/// client nothing: actix's own for a body too large, a wrong method, and the like.
pub(super) fn instead<B: MessageBody>(
    request: &HttpRequest,
    response: &HttpResponse<B>,
) -> Option<HttpResponse> {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || request.method() == Method::HEAD {
        return None;
    }
    let error = response.error();
    let silent = matches!(response.body().size(), BodySize::None | BodySize::Sized(0));
    let foreign = error.is_some_and(|error| error.as_error::<Problem>().is_none());
    // An error whose answer was made on purpose, as a page or a problem, says so by
    // its type; actix's own are plain text.
    let plain = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !(silent || foreign && plain) {
        return None;
    }
    let problem = match error.and_then(actix_web::Error::as_error::<PayloadError>) {
        Some(PayloadError::Overflow) => Problem::of_status(413),
        Some(error) => Problem::of_status(error.status_code().as_u16())
            .detail("The body could not be read to its end."),
        None => Problem::of_status(status.as_u16()),
    };
    let mut told = problem::respond(&problem);
    if status == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allowed) = response.headers().get(header::ALLOW)
    {
        told.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    Some(told)
}
