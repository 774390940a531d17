//! Links that open one comparison to others.

use std::time::{SystemTime, UNIX_EPOCH};

use actix_web::{HttpRequest, HttpResponse, web};
use service::problem::Problem;
use store::{NewShare, ShareId, ShareKey};

use super::comparisons::key;
use super::params::{ComparisonPath, SharePath};
use crate::access::{Caller, hash};
use crate::error::Named;
use crate::once::{Answer, once};
use crate::{App, Error, bodies};

/// Makes a link that opens this comparison to whoever has it, for reading.
///
/// The answer has the link's secret, which is not told again.
#[utoipa::path(
    post, path = "/comparisons/{id}/shares", tag = "shares", params(ComparisonPath),
    responses((status = 201, body = bodies::Share)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<ComparisonPath>,
    body: web::Json<bodies::ShareRequest>,
) -> Result<HttpResponse, Error> {
    if body.expires.is_some_and(|expires| expires <= now()) {
        return Err(Problem::bad_request("The link would have ended already.").into());
    }
    let work = async {
        let id = ShareId::random();
        let share = app
            .store
            .create_share(NewShare {
                id,
                workspace: caller.workspace,
                comparison: path.id,
                hash: hash(app.keys().share(id).as_bytes()),
                expires: body.expires,
            })
            .await
            .named("comparison")?;
        Answer::created(&bodies::Share::from(share))
    };
    let mut answer = once(&app, &request, caller.workspace, &body.0, work).await?;
    // Added to an answer that is kept without it.
    let id = answer.body["id"].as_str().and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Error::Broken("a link without a name".to_owned()))?;
    let secret = app.keys().share(id);
    answer.body["url"] = address(&app, &secret).into();
    answer.body["secret"] = secret.into();
    Ok(answer.respond())
}

fn address(app: &App, secret: &str) -> String {
    let page = format!("/s/{secret}");
    match &app.settings.public_url {
        Some(url) => format!("{}{page}", url.as_str().trim_end_matches('/')),
        None => page,
    }
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_millis() as i64)
}

/// The links of a comparison, newest first, without their secrets.
#[utoipa::path(
    get, path = "/comparisons/{id}/shares", tag = "shares", params(ComparisonPath),
    responses((status = 200, body = Vec<bodies::Share>)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<ComparisonPath>,
) -> Result<HttpResponse, Error> {
    let shares = app
        .store
        .shares(key(&caller, &path))
        .await
        .named("comparison")?;
    let shares: Vec<bodies::Share> = shares.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(shares))
}

/// Revokes a link.
#[utoipa::path(
    delete, path = "/shares/{id}", tag = "shares", params(SharePath),
    responses((status = 204, description = "Revoked")),
)]
pub(crate) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<SharePath>,
) -> Result<HttpResponse, Error> {
    let key = ShareKey {
        workspace: caller.workspace,
        id: path.id,
    };
    app.store.delete_share(key).await.named("share link")?;
    Ok(HttpResponse::NoContent().finish())
}
