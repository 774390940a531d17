//! Lets a browser see what it just wrote, whichever instance and replica answer:
//! where the store's log ended after its last write goes along as a cookie.

use actix_web::body::MessageBody;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use store::position;

const COOKIE: &str = "pdf_compare_position";
/// No replica that is read from is as far behind.
const LIFETIME: Duration = Duration::minutes(5);

/// Runs a request as somebody who has seen what the cookie says, and tells what
/// they have seen after it.
pub(crate) async fn follow(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    // From a browser: at worst a position that no replica has, and the leader
    // answers.
    let seen = request
        .cookie(COOKIE)
        .and_then(|cookie| cookie.value().parse().ok());
    let (response, reached) = position::scope(seen, next.call(request)).await;
    let mut response = response?;
    if let Some(reached) = reached.filter(|_| reached != seen) {
        let cookie = Cookie::build(COOKIE, reached.to_string())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(LIFETIME)
            .finish();
        response.response_mut().add_cookie(&cookie)?;
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service};
    use actix_web::{App, HttpResponse, web};
    use store::position::Position;

    use super::*;

    #[actix_web::test]
    async fn what_was_written_is_seen_by_the_next_request() {
        let written = Position {
            timeline: 3,
            lsn: 1000,
        };
        let app = App::new()
            .wrap(from_fn(follow))
            .route(
                "/write",
                web::post().to(move || async move {
                    position::note(written);
                    HttpResponse::Ok().finish()
                }),
            )
            .route(
                "/read",
                web::get().to(|| async { format!("{:?}", position::current()) }),
            );
        let app = init_service(app).await;
        let response = call_service(&app, TestRequest::post().uri("/write").to_request()).await;
        let cookie = response
            .response()
            .cookies()
            .find(|cookie| cookie.name() == COOKIE)
            .unwrap()
            .into_owned();
        assert_eq!(cookie.http_only(), Some(true));
        let read = TestRequest::get().uri("/read").cookie(cookie).to_request();
        let response = call_service(&app, read).await;
        assert_eq!(response.response().cookies().count(), 0);
        let body = actix_web::test::read_body(response).await;
        assert_eq!(body, format!("{:?}", Some(written)));
        let nonsense = TestRequest::get()
            .uri("/read")
            .cookie(Cookie::new(COOKIE, "9"))
            .to_request();
        let response = call_service(&app, nonsense).await;
        assert_eq!(actix_web::test::read_body(response).await, "None");
    }
}
