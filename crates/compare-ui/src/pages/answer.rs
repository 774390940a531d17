//! HTML answers and the headers that go with them.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder};
use maud::Markup;

/// Everything comes from this origin; nothing inline runs. `blob:` images are
/// pages that the viewer has fetched and drawn.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

fn with_headers(status: StatusCode) -> HttpResponseBuilder {
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        // Addresses hold the names of comparisons and the secrets of links.
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .insert_header(("cross-origin-resource-policy", "same-origin"))
        .insert_header((
            "permissions-policy",
            "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        ))
        // A shell names the files of its version: a kept one would be stale
        // after an update.
        .insert_header((header::CACHE_CONTROL, "no-cache"));
    answer
}

/// A page with `status`.
pub(super) fn page(status: StatusCode, markup: Markup) -> HttpResponse {
    with_headers(status).body(markup.into_string())
}

/// A page.
pub(super) fn ok(markup: Markup) -> HttpResponse {
    page(StatusCode::OK, markup)
}
