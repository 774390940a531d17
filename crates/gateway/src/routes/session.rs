//! The session of a browser.

use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use store::{NewSession, SessionKey, WorkspaceId, WorkspaceKey};
use utoipa::IntoParams;

use crate::access::{
    COOKIE, Caller, Credential, Keys, SESSION_LIFETIME, SessionSecret, address, find_caller,
};
use crate::{App, Error, bodies};

/// The session: what its workspace uses and may use.
///
/// Starts a session with a workspace of its own where there is none, and sets
/// its cookie. A session lives for 30 days after its last use.
#[utoipa::path(
    get, path = "/session", tag = "session",
    responses((status = 200, body = bodies::Session)),
)]
pub(crate) async fn session(
    app: web::Data<App>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let caller = match find_caller(&request).await {
        Ok(caller) => caller,
        // A token that opens nothing is a mistake; a cookie that does not is old.
        Err(Error::Problem(problem))
            if problem.status == 401 && !request.headers().contains_key("authorization") =>
        {
            start(&app, &request).await?
        }
        Err(error) => return Err(error),
    };
    let workspace = caller.workspace;
    let usage = app.store.usage(WorkspaceKey { workspace }).await?;
    let mut body = bodies::Session {
        csrf_token: None,
        usage: usage.into(),
        limits: (&app.settings.limits).into(),
    };
    let mut response = HttpResponse::Ok();
    if let Credential::Session(secret) = &caller.credential {
        body.csrf_token = Some(app.keys().csrf(secret));
        response.cookie(cookie(&app, app.keys().cookie(secret), SESSION_LIFETIME));
    }
    Ok(response.json(body))
}

async fn start(app: &App, request: &HttpRequest) -> Result<Caller, Error> {
    if let Some(address) = address(request, &app.settings) {
        app.rates().address_sessions.check(&address)?;
    }
    let secret: SessionSecret = Keys::new_session()?;
    let session = app
        .store
        .create_session(NewSession {
            hash: secret.hash(),
            workspace: WorkspaceId::random(),
            lifetime_ms: SESSION_LIFETIME.as_millis() as i64,
        })
        .await?;
    Ok(Caller {
        workspace: session.workspace,
        credential: Credential::Session(secret),
    })
}

/// How to end a session.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EndQuery {
    /// Whether everything in the workspace is deleted too, for good.
    #[serde(default)]
    #[param(required = false, default = false)]
    data: bool,
}

/// Ends the session.
#[utoipa::path(
    delete, path = "/session", tag = "session", params(EndQuery),
    responses((status = 204, description = "Ended")),
)]
pub(crate) async fn end(
    app: web::Data<App>,
    caller: Caller,
    query: web::Query<EndQuery>,
) -> Result<HttpResponse, Error> {
    let hash = caller.by_session()?.hash();
    let workspace = caller.workspace;
    if query.data {
        app.store
            .delete_workspace(WorkspaceKey { workspace })
            .await?;
    }
    app.store
        .end_session(SessionKey {
            hash: hash.clone(),
            lifetime_ms: 0,
        })
        .await?;
    app.sessions().invalidate(&hash);
    Ok(HttpResponse::NoContent()
        .cookie(cookie(&app, String::new(), Duration::ZERO))
        .finish())
}

fn cookie(app: &App, value: String, age: Duration) -> Cookie<'static> {
    let age = actix_web::cookie::time::Duration::seconds(age.as_secs() as i64);
    Cookie::build(COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.settings.is_https())
        .max_age(age)
        .finish()
}
