//! What every answer carries, and the rate of addresses.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use service::problem::respond;

use crate::App;
use crate::access::address;

/// An answer of the API is data: nothing in it may load, run, be framed or be
/// read by another site.
const SECURE: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    (
        "content-security-policy",
        "default-src 'none'; frame-ancestors 'none'; sandbox",
    ),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    // What may be kept says so itself.
    ("cache-control", "no-store"),
];

/// Counts the request of its address and adds the headers that are not there.
pub(crate) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let checked = App::of(request.request()).and_then(|app| {
        match address(request.request(), &app.settings) {
            Some(address) => Ok(app.rates().address_requests.check(&address)?),
            None => Ok(()),
        }
    });
    let mut response = match checked {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(error) => request
            .into_response(respond(&error.problem()))
            .map_into_right_body(),
    };
    secure(response.headers_mut());
    Ok(response)
}

fn secure(headers: &mut HeaderMap) {
    for (name, value) in SECURE {
        if !headers.contains_key(name) {
            headers.insert(
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            );
        }
    }
    headers.append(
        header::VARY,
        HeaderValue::from_static("Cookie, Authorization"),
    );
}
