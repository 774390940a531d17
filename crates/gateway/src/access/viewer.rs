//! Who may look: the owner, or the holder of a share link.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use store::{
    Comparison, ComparisonId, ComparisonKey, Document, DocumentId, DocumentKey, ShareHash,
    WorkspaceId,
};

use super::caller::find_caller;
use super::hash;
use crate::error::Named;
use crate::{App, Error};

/// Header with a share link's secret.
pub(crate) const SHARE_HEADER: &str = "x-share";
/// Part of a path with a share link's secret.
const SHARE_PATH: &str = "secret";
/// Longer than any secret of ours.
const MAX_SECRET: usize = 100;

/// Somebody who may look at all of a workspace, or at one comparison of it.
pub(crate) struct Viewer {
    workspace: WorkspaceId,
    /// The one comparison a share link opens.
    only: Option<Comparison>,
}

impl FromRequest for Viewer {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let header = request.headers().get(SHARE_HEADER);
            let secret = match (request.match_info().get(SHARE_PATH), header) {
                (Some(secret), _) => Some(secret),
                (None, Some(header)) => Some(header.to_str().unwrap_or_default()),
                (None, None) => None,
            };
            match secret {
                Some(secret) => shared(App::of(&request)?, secret).await,
                None => Ok(Self {
                    workspace: find_caller(&request).await?.workspace,
                    only: None,
                }),
            }
        })
    }
}

async fn shared(app: &App, secret: &str) -> Result<Viewer, Error> {
    if secret.len() > MAX_SECRET {
        return Err(Error::Missing("share link"));
    }
    let hash = hash(secret.as_bytes());
    let share = app
        .store
        .share(ShareHash { hash })
        .await
        .named("share link")?;
    app.rates().requests.check(&share.workspace)?;
    let key = ComparisonKey {
        workspace: share.workspace,
        id: share.comparison,
    };
    let comparison = app.store.comparison(key).await.named("comparison")?;
    Ok(Viewer {
        workspace: share.workspace,
        only: Some(comparison),
    })
}

impl Viewer {
    /// The comparison a share link opens; `None` for an owner.
    pub(crate) fn shared(&self) -> Option<&Comparison> {
        self.only.as_ref()
    }

    /// A comparison, if it may be looked at.
    pub(crate) async fn comparison(
        &self,
        app: &App,
        id: ComparisonId,
    ) -> Result<Comparison, Error> {
        match &self.only {
            Some(only) if only.id == id => Ok(only.clone()),
            Some(_) => Err(Error::Missing("comparison")),
            None => {
                let key = self.comparison_key(id);
                app.store.comparison(key).await.named("comparison")
            }
        }
    }

    /// A document, if it may be looked at.
    pub(crate) async fn document(&self, app: &App, id: DocumentId) -> Result<Document, Error> {
        if let Some(only) = &self.only
            && only.old != id
            && only.new != id
        {
            return Err(Error::Missing("document"));
        }
        let key = self.document_key(id);
        app.store.document(key).await.named("document")
    }

    /// Names a comparison of this workspace. Check first whether it may be
    /// looked at.
    pub(crate) fn comparison_key(&self, id: ComparisonId) -> ComparisonKey {
        ComparisonKey {
            workspace: self.workspace,
            id,
        }
    }

    /// Names a document of this workspace. Check first whether it may be looked
    /// at.
    pub(crate) fn document_key(&self, id: DocumentId) -> DocumentKey {
        DocumentKey {
            workspace: self.workspace,
            id,
        }
    }
}
