//! For operators.

use actix_web::http::header::{AUTHORIZATION, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use service::problem::Problem;

use crate::access::same;
use crate::{App, Error};

/// The databases as the router sees them: who leads, who lags.
///
/// With the operator's token only, as `Authorization: Bearer …`.
#[utoipa::path(
    get, path = "/topology", tag = "operator",
    responses((status = 200, description = "The topology", content_type = "application/json")),
)]
pub(crate) async fn topology(
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let Some(token) = &app.settings.operator_token else {
        return Err(Error::Missing("route: no operator's token is set"));
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
    let router = app
        .router()
        .ok_or(Error::Missing("topology: the store is embedded"))?;
    let body = router
        .get("/topology")
        .receive_bytes()
        .await
        .map_err(Problem::from)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .body(body))
}
