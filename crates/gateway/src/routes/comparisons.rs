//! Comparisons.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use service::problem::Problem;
use service::telemetry::TraceHeaders;
use store::{ComparisonId, ComparisonKey, DocumentId, JobId, ListComparisons, NewComparison};
use utoipa::IntoParams;

use super::params::{ComparisonPath, SecretPath, slice};
use crate::access::{Caller, Viewer};
use crate::error::Named;
use crate::once::{Answer, once};
use crate::{App, Error, bodies};

/// Compares two documents.
///
/// They need not be read yet. The same two with the same options are the same
/// comparison.
#[utoipa::path(
    post, path = "/comparisons", tag = "comparisons",
    responses((status = 202, description = "A job makes it", body = bodies::Compared)),
)]
pub(crate) async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    body: web::Json<bodies::ComparisonRequest>,
) -> Result<HttpResponse, Error> {
    let old = document(&body.old, "old")?;
    let new = document(&body.new, "new")?;
    let options = body.options.canonical()?;
    let options = serde_json::to_string(&options).map_err(|e| Error::Broken(e.to_string()))?;
    let work = async {
        let created = app
            .store
            .create_comparison(NewComparison {
                id: ComparisonId::random(),
                job: JobId::random(),
                workspace: caller.workspace,
                old,
                new,
                options,
                quota: app.settings.limits.quota(),
                trace: TraceHeaders::current().traceparent,
            })
            .await
            .named("document")?;
        Answer::accepted(&bodies::Compared::from(created))
    };
    Ok(once(&app, &request, caller.workspace, &body.0, work)
        .await?
        .respond())
}

fn document(id: &str, which: &str) -> Result<DocumentId, Problem> {
    id.parse()
        .map_err(|_| Problem::bad_request(format!("`{which}` is the id of a document.")))
}

/// Which comparisons.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ComparisonsQuery {
    /// `next` of the list before.
    cursor: Option<String>,
    /// Entries at most, from 1 to 200; 50 where absent.
    limit: Option<u32>,
    /// Only those in which this document is the old or the new one.
    #[param(value_type = Option<String>)]
    document: Option<DocumentId>,
}

/// Lists comparisons, newest first.
#[utoipa::path(
    get, path = "/comparisons", tag = "comparisons", params(ComparisonsQuery),
    responses((status = 200, body = bodies::Page<bodies::Comparison>)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    caller: Caller,
    query: web::Query<ComparisonsQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.into_inner();
    let listing = app
        .store
        .comparisons(ListComparisons {
            workspace: caller.workspace,
            slice: slice(query.cursor, query.limit),
            document: query.document,
        })
        .await?;
    Ok(HttpResponse::Ok().json(bodies::Page::<bodies::Comparison>::of(listing)))
}

/// One comparison.
#[utoipa::path(
    get, path = "/comparisons/{id}", tag = "comparisons", params(ComparisonPath),
    responses((status = 200, body = bodies::Comparison)),
)]
pub(crate) async fn get(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<ComparisonPath>,
) -> Result<HttpResponse, Error> {
    let comparison = viewer.comparison(&app, path.id).await?;
    Ok(HttpResponse::Ok().json(bodies::Comparison::from(comparison)))
}

/// The comparison that a share link opens.
#[utoipa::path(
    get, path = "/shared/{secret}", tag = "shares", params(SecretPath),
    responses((status = 200, body = bodies::Comparison)),
)]
pub(crate) async fn shared(
    viewer: Viewer,
    _: web::Path<SecretPath>,
) -> Result<HttpResponse, Error> {
    let comparison = viewer.shared().ok_or(Error::Missing("share link"))?;
    Ok(HttpResponse::Ok().json(bodies::Comparison::from(comparison.clone())))
}

/// Deletes a comparison. It can be restored for a while.
#[utoipa::path(
    delete, path = "/comparisons/{id}", tag = "comparisons", params(ComparisonPath),
    responses((status = 204, description = "Deleted")),
)]
pub(crate) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<ComparisonPath>,
) -> Result<HttpResponse, Error> {
    app.store
        .delete_comparison(key(&caller, &path))
        .await
        .named("comparison")?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes the deletion of a comparison back.
#[utoipa::path(
    post, path = "/comparisons/{id}/restore", tag = "comparisons", params(ComparisonPath),
    responses((status = 200, body = bodies::Comparison)),
)]
pub(crate) async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<ComparisonPath>,
) -> Result<HttpResponse, Error> {
    let key = key(&caller, &path);
    let work = async {
        let comparison = app
            .store
            .restore_comparison(key)
            .await
            .named("comparison")?;
        Answer::done(&bodies::Comparison::from(comparison))
    };
    Ok(once(&app, &request, caller.workspace, &(), work)
        .await?
        .respond())
}

pub(super) fn key(caller: &Caller, path: &ComparisonPath) -> ComparisonKey {
    ComparisonKey {
        workspace: caller.workspace,
        id: path.id,
    }
}
