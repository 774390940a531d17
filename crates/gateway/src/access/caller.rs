//! The owner of a workspace: a browser's session or a script's token.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};
use service::problem::Problem;
use store::{SessionKey, TokenHash, WorkspaceId};

use super::origin::check_site;
use super::secrets::is_token;
use super::{SHARE_HEADER, SessionSecret, hash};
use crate::{App, Error};

/// Name of the session's cookie.
pub(crate) const COOKIE: &str = "pdf_compare_session";
/// A session lives this long unused.
pub(crate) const SESSION_LIFETIME: Duration = Duration::from_hours(30 * 24);

/// The owner of a workspace.
pub(crate) struct Caller {
    /// Their workspace.
    pub workspace: WorkspaceId,
    /// What showed it.
    pub credential: Credential,
}

/// What shows whose workspace it is.
#[derive(Clone)]
pub(crate) enum Credential {
    /// The secret of a session's cookie.
    Session(SessionSecret),
    /// Hash of a token.
    Token(store::Hash),
}

impl Caller {
    /// Refuses tokens: what they may do they may not hand on.
    pub(crate) fn by_session(&self) -> Result<&SessionSecret, Problem> {
        match &self.credential {
            Credential::Session(secret) => Ok(secret),
            Credential::Token(_) => Err(Problem::forbidden(
                "Tokens are made and revoked with a session, not with a token.",
            )),
        }
    }
}

/// Reads nothing but the request's head, so it can come first.
impl FromRequest for Caller {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            if request.headers().contains_key(SHARE_HEADER) {
                let why = "A share link opens one comparison for reading and nothing else.";
                return Err(Problem::forbidden(why).into());
            }
            find_caller(&request).await
        })
    }
}

/// Who asks, by token or cookie.
pub(crate) async fn find_caller(request: &HttpRequest) -> Result<Caller, Error> {
    let app = App::of(request)?;
    let credential = match bearer(request)? {
        Some(token) => Credential::Token(hash(token.as_bytes())),
        None => Credential::Session(cookie(app, request)?),
    };
    let workspace = workspace(app, &credential).await?;
    app.rates().requests.check(&workspace)?;
    if let Credential::Session(secret) = &credential
        && !request.method().is_safe()
    {
        check_site(request, &app.settings)?;
        check_csrf(app, request, secret)?;
    }
    Ok(Caller {
        workspace,
        credential,
    })
}

/// Whether it still opens the same workspace: for answers that go on for long.
pub(crate) async fn still_valid(app: &App, caller: &Caller) -> bool {
    match workspace(app, &caller.credential).await {
        Ok(workspace) => workspace == caller.workspace,
        // An absent store is no reason to end anything.
        Err(Error::Store(store::Error::Unavailable(_))) => true,
        Err(_) => false,
    }
}

async fn workspace(app: &App, credential: &Credential) -> Result<WorkspaceId, Error> {
    let found = match credential {
        Credential::Session(secret) => session(app, secret).await,
        Credential::Token(hash) => app
            .store
            .token(TokenHash { hash: hash.clone() })
            .await
            .map(|token| token.workspace),
    };
    found.map_err(|error| match error {
        store::Error::NotFound => Problem::unauthorized()
            .detail(match credential {
                Credential::Session(_) => "The session has ended; GET /api/v1/session starts one.",
                Credential::Token(_) => "The token is not right: it is unknown or was revoked.",
            })
            .into(),
        other => Error::Store(other),
    })
}

/// Pictures of a page come many at a time; one look at the session serves them.
async fn session(app: &App, secret: &SessionSecret) -> Result<WorkspaceId, store::Error> {
    let hash = secret.hash();
    if let Some(workspace) = app.sessions().get(&hash) {
        return Ok(workspace);
    }
    let key = SessionKey {
        hash: hash.clone(),
        lifetime_ms: SESSION_LIFETIME.as_millis() as i64,
    };
    let workspace = app.store.session(key).await?.workspace;
    app.sessions().insert(hash, workspace);
    Ok(workspace)
}

fn bearer(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(value) = request.headers().get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let token = value.to_str().ok().and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    let detail = match token {
        Some(token) if is_token(token) => return Ok(Some(token)),
        Some(_) => "The token is not right: one made on the settings page begins with pdfc_.",
        None => "Send a token as Authorization: Bearer pdfc_…, or a session's cookie.",
    };
    Err(Problem::unauthorized().detail(detail))
}

fn cookie(app: &App, request: &HttpRequest) -> Result<SessionSecret, Problem> {
    let cookie = request.cookie(COOKIE).ok_or_else(|| {
        Problem::unauthorized()
            .detail("Send a session's cookie (GET /api/v1/session sets one) or a token.")
    })?;
    app.keys().open_cookie(cookie.value()).ok_or_else(|| {
        Problem::unauthorized().detail("The session's cookie is not one of this service.")
    })
}

fn check_csrf(app: &App, request: &HttpRequest, secret: &SessionSecret) -> Result<(), Problem> {
    let given = request
        .headers()
        .get("x-csrf-token")
        .and_then(|value| value.to_str().ok());
    match given {
        Some(given) if app.keys().is_csrf(secret, given) => Ok(()),
        _ => Err(
            Problem::new(403, "csrf", "The session's token is missing or wrong")
                .detail("Send csrf_token of GET /api/v1/session as X-CSRF-Token."),
        ),
    }
}
