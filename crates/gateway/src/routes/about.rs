//! What the API is and what it allows.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::conditional::{REVALIDATED, etag, not_modified, tagged};
use crate::{App, Error, bodies, openapi};

/// What may be used.
#[utoipa::path(
    get, path = "/limits", tag = "about",
    responses((status = 200, body = bodies::Limits)),
)]
pub(crate) async fn limits(app: web::Data<App>) -> HttpResponse {
    HttpResponse::Ok().json(bodies::Limits::from(&app.settings.limits))
}

/// This description.
#[utoipa::path(
    get, path = "/openapi.json", tag = "about",
    responses((status = 200, description = "OpenAPI 3.1", content_type = "application/json")),
)]
pub(crate) async fn description(request: HttpRequest) -> Result<HttpResponse, Error> {
    Ok(serve(&request, openapi::json()?, "application/json", None))
}

/// This description as a page to read.
#[utoipa::path(
    get, path = "/docs", tag = "about",
    responses((status = 200, description = "A page", content_type = "text/html")),
)]
pub(crate) async fn docs(request: HttpRequest) -> HttpResponse {
    let page = openapi::page();
    serve(
        &request,
        &page.html,
        "text/html; charset=utf-8",
        Some(page.policy.clone()),
    )
}

fn serve(
    request: &HttpRequest,
    body: &'static str,
    content_type: &'static str,
    policy: Option<String>,
) -> HttpResponse {
    let tag = etag(&[body]);
    if let Some(response) = not_modified(request, &tag, REVALIDATED) {
        return response;
    }
    let mut response = tagged(HttpResponse::Ok(), &tag, REVALIDATED);
    response.insert_header((CONTENT_TYPE, content_type));
    if let Some(policy) = policy {
        response.insert_header((CONTENT_SECURITY_POLICY, policy));
    }
    response.body(body)
}
