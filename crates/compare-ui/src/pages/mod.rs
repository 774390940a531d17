//! The pages: shells that are whole at first byte, which small modules fill
//! from the public API. The server keeps nothing for them.

mod answer;
mod compare;
mod errors;
mod layout;
mod library;
mod settings_page;
mod topology;
mod viewer;

use actix_web::http::header::Accept;
use actix_web::{HttpRequest, HttpResponse, guard, mime, web};

pub(crate) use errors::not_found_response;

/// What the pages are told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Base of the public API as the browser reaches it, without a slash at
    /// the end.
    pub api: String,
    /// Largest upload in bytes, told before it is tried; `None` leaves it to
    /// the API's answer.
    pub max_upload_bytes: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            api: "/api/v1".to_owned(),
            max_upload_bytes: None,
        }
    }
}

/// Adds the pages and their files at the root.
pub(crate) fn configure(settings: Settings, config: &mut web::ServiceConfig) {
    config
        .app_data(web::Data::new(settings))
        .configure(crate::assets::configure)
        .route("/", web::get().to(library::library))
        .route("/compare", web::get().to(compare::compare))
        .route("/comparisons", web::get().to(compare::comparisons))
        .route("/c/{comparison}", web::get().to(viewer::comparison))
        .route("/s/{secret}", web::get().to(viewer::shared))
        .route("/d/{document}", web::get().to(library::document))
        .route("/search", web::get().to(library::search))
        .route("/settings", web::get().to(settings_page::settings))
        .route("/api", web::get().to(settings_page::api))
        .route("/topology", web::get().to(topology::topology))
        // Not the default service: that is the server's, which answers programs.
        .service(
            web::resource("/{rest:.*}")
                .guard(guard::Get())
                .guard(guard::fn_guard(|request| {
                    is_for_people(
                        request.head().uri.path(),
                        request.header::<Accept>().as_ref(),
                    )
                }))
                .to(elsewhere),
        );
}

/// Whether somebody who looks for `path` wants a page: browsers ask for HTML
/// by name where a person goes somewhere. What other services answer is theirs.
fn is_for_people(path: &str, accept: Option<&Accept>) -> bool {
    let theirs = ["/api/", "/health", "/ready", "/metrics"]
        .iter()
        .any(|start| path.starts_with(start));
    let html = accept.is_some_and(|accept| accept.iter().any(|kind| kind.item == mime::TEXT_HTML));
    html && !theirs
}

/// Whatever has no page.
async fn elsewhere(request: HttpRequest, settings: web::Data<Settings>) -> HttpResponse {
    errors::not_found_page(&settings, request.path())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{self, QualityItem};
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, http::StatusCode};

    use super::*;

    #[actix_web::test]
    async fn every_page_is_answered_and_runs_nothing_inline() {
        let app = init_service(App::new().configure(|c| configure(Settings::default(), c))).await;
        let id = "0".repeat(32);
        for (path, status) in [
            ("/", StatusCode::OK),
            ("/compare", StatusCode::OK),
            ("/comparisons", StatusCode::OK),
            ("/search?q=a", StatusCode::OK),
            ("/settings", StatusCode::OK),
            ("/api", StatusCode::OK),
            ("/topology", StatusCode::OK),
            (&format!("/c/{id}"), StatusCode::OK),
            (&format!("/s/{id}"), StatusCode::OK),
            (&format!("/d/{id}"), StatusCode::OK),
            ("/c/%3Cscript%3E", StatusCode::NOT_FOUND),
            (
                "/no/such/%3Cscript%3Ealert(1)%3C/script%3E",
                StatusCode::NOT_FOUND,
            ),
        ] {
            let request = TestRequest::get().uri(path);
            let request = request.insert_header((header::ACCEPT, "text/html"));
            let answer = call_service(&app, request.to_request()).await;
            assert_eq!(answer.status(), status, "{path}");
            let policy = answer.headers().get(header::CONTENT_SECURITY_POLICY);
            let policy = policy.unwrap().to_str().unwrap().to_owned();
            assert!(policy.starts_with("default-src 'none'"), "{policy}");
            assert!(!policy.contains("unsafe"), "{policy}");
            let body = read_body(answer).await;
            let html = std::str::from_utf8(&body).unwrap();
            for part in ["<script>", " style=", " onclick=", "<script>alert"] {
                assert!(!html.contains(part), "{path} holds {part}");
            }
            assert!(html.contains("<main id=\"main\""), "{path}");
        }
    }

    #[test]
    fn pages_are_for_people_and_leave_other_services_theirs() {
        let browser = Accept(vec![
            QualityItem::max(mime::TEXT_HTML),
            QualityItem::max(mime::STAR_STAR),
        ]);
        let program = Accept(vec![QualityItem::max(mime::STAR_STAR)]);
        assert!(is_for_people("/no/such", Some(&browser)));
        for path in ["/api/v1/no", "/health", "/ready", "/metrics"] {
            assert!(!is_for_people(path, Some(&browser)), "{path}");
        }
        assert!(!is_for_people("/no/such", Some(&program)));
        assert!(!is_for_people("/no/such", None));
    }
}
