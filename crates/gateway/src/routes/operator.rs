//! For operators.

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use service::problem::Problem;

use crate::access::same;
use crate::{App, Error};

/// The databases as the router sees them: who leads, who lags, what was read where.
///
/// With the operator's token only, as `Authorization: Bearer …`. An empty list means
/// one embedded store without replicas.
#[utoipa::path(
    get, path = "/topology", tag = "operator",
    responses((status = 200, description = "The topology", content_type = "application/json")),
)]
pub(crate) async fn topology(
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let Some(token) = &app.settings.operator_token.0 else {
        return Err(
            Problem::new(404, "operator-closed", "The operators' routes are closed")
                .detail("Set OPERATOR_TOKEN for the gateway to open them.")
                .into(),
        );
    };
    let given = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    if !given.is_some_and(|given| same(token.expose(), given)) {
        return Err(Problem::unauthorized()
            .detail("Send the operator's token as Authorization: Bearer ….")
            .into());
    }
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "no-store"));
    let Some(router) = app.router() else {
        return Ok(answer.json([(); 0]));
    };
    let body = router
        .get("/topology")
        .receive_bytes()
        .await
        .map_err(Problem::from)?;
    Ok(answer
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(body))
}
