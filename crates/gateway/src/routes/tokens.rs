//! Tokens for scripts.

use actix_web::{HttpRequest, HttpResponse, web};
use store::{NewToken, TokenId, TokenKey, WorkspaceKey};

use super::params::TokenPath;
use crate::access::{Caller, hash};
use crate::error::Named;
use crate::names::chosen;
use crate::once::{Answer, once};
use crate::{App, Error, bodies};

/// Makes a token for scripts.
///
/// It opens the whole workspace. It is told here and not again.
#[utoipa::path(
    post, path = "/tokens", tag = "tokens",
    responses((status = 201, body = bodies::Token)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: web::Json<bodies::TokenRequest>,
) -> Result<HttpResponse, Error> {
    caller.by_session()?;
    let name = chosen(&body.name)?;
    let work = async {
        let id = TokenId::random();
        let token = app
            .store
            .create_token(NewToken {
                id,
                workspace: caller.workspace,
                name,
                hash: hash(app.keys().token(id).as_bytes()),
            })
            .await?;
        Answer::created(&bodies::Token::from(token))
    };
    let mut answer = once(&app, &request, caller.workspace, &body.0, work).await?;
    // Added to an answer that is kept without it.
    let id = answer.body["id"].as_str().and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Error::Broken("a token without a name".to_owned()))?;
    answer.body["token"] = app.keys().token(id).into();
    Ok(answer.respond())
}

/// The tokens of the workspace, newest first, without their secrets.
#[utoipa::path(
    get, path = "/tokens", tag = "tokens",
    responses((status = 200, body = Vec<bodies::Token>)),
)]
pub(crate) async fn list(app: web::Data<App>, caller: Caller) -> Result<HttpResponse, Error> {
    caller.by_session()?;
    let workspace = caller.workspace;
    let tokens = app.store.tokens(WorkspaceKey { workspace }).await?;
    let tokens: Vec<bodies::Token> = tokens.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(tokens))
}

/// Revokes a token.
#[utoipa::path(
    delete, path = "/tokens/{id}", tag = "tokens", params(TokenPath),
    responses((status = 204, description = "Revoked")),
)]
pub(crate) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<TokenPath>,
) -> Result<HttpResponse, Error> {
    caller.by_session()?;
    let key = TokenKey {
        workspace: caller.workspace,
        id: path.id,
    };
    app.store.delete_token(key).await.named("token")?;
    Ok(HttpResponse::NoContent().finish())
}
