//! Documents.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ContentDisposition,
    DispositionParam, DispositionType,
};
use actix_web::{HttpRequest, HttpResponse, web};
use futures::TryStreamExt;
use serde::Deserialize;
use service::blobs::original_key;
use service::problem::Problem;
use store::{ChangeDocument, DocumentKey, ListDocuments, SeriesId};
use utoipa::IntoParams;

use super::params::{DocumentPath, slice};
use crate::access::Caller;
use crate::conditional::{REVALIDATED, etag, not_modified, range, tagged};
use crate::error::Named;
use crate::names::chosen;
use crate::once::{Answer, once};
use crate::{App, Error, bodies};

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DocumentsQuery {
    /// `next` of the list before.
    cursor: Option<String>,
    /// Entries at most, from 1 to 200; 50 where absent.
    limit: Option<u32>,
    /// Only those of one series.
    #[param(value_type = Option<String>)]
    series: Option<SeriesId>,
}

/// Lists documents, newest first.
#[utoipa::path(
    get, path = "/documents", tag = "documents", params(DocumentsQuery),
    responses((status = 200, body = bodies::Page<bodies::Document>)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    caller: Caller,
    query: web::Query<DocumentsQuery>,
) -> Result<HttpResponse, Error> {
    let query = query.into_inner();
    let listing = app
        .store
        .documents(ListDocuments {
            workspace: caller.workspace,
            slice: slice(query.cursor, query.limit),
            series: query.series,
        })
        .await?;
    Ok(HttpResponse::Ok().json(bodies::Page::<bodies::Document>::of(listing)))
}

/// One document.
#[utoipa::path(
    get, path = "/documents/{id}", tag = "documents", params(DocumentPath),
    responses((status = 200, body = bodies::Document)),
)]
pub(crate) async fn get(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<DocumentPath>,
) -> Result<HttpResponse, Error> {
    let document = app
        .store
        .document(key(&caller, &path))
        .await
        .named("document")?;
    Ok(HttpResponse::Ok().json(bodies::Document::from(document)))
}

/// Renames a document, or puts it into a series of revisions.
#[utoipa::path(
    patch, path = "/documents/{id}", tag = "documents", params(DocumentPath),
    responses((status = 200, body = bodies::Document)),
)]
pub(crate) async fn change(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<DocumentPath>,
    body: web::Json<bodies::DocumentChange>,
) -> Result<HttpResponse, Error> {
    let series = match body.series.as_deref() {
        None => None,
        Some("new") => Some(SeriesId::random()),
        Some(id) => Some(id.parse().map_err(|_| {
            Problem::bad_request("A series is that of another document, or “new”.")
        })?),
    };
    let document = app
        .store
        .change_document(ChangeDocument {
            workspace: caller.workspace,
            id: path.id,
            name: body.name.as_deref().map(chosen).transpose()?,
            series,
        })
        .await
        .named("document")?;
    Ok(HttpResponse::Ok().json(bodies::Document::from(document)))
}

/// Deletes a document. It can be restored for a while.
#[utoipa::path(
    delete, path = "/documents/{id}", tag = "documents", params(DocumentPath),
    responses((status = 204, description = "Deleted")),
)]
pub(crate) async fn delete(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<DocumentPath>,
) -> Result<HttpResponse, Error> {
    app.store
        .delete_document(key(&caller, &path))
        .await
        .named("document")?;
    Ok(HttpResponse::NoContent().finish())
}

/// Takes the deletion of a document back.
#[utoipa::path(
    post, path = "/documents/{id}/restore", tag = "documents", params(DocumentPath),
    responses((status = 200, body = bodies::Document)),
)]
pub(crate) async fn restore(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<DocumentPath>,
) -> Result<HttpResponse, Error> {
    let key = key(&caller, &path);
    let work = async {
        let document = app.store.restore_document(key).await.named("document")?;
        Answer::done(&bodies::Document::from(document))
    };
    Ok(once(&app, &request, caller.workspace, &(), work)
        .await?
        .respond())
}

/// The file as it was uploaded, or a part of it (`Range`).
#[utoipa::path(
    get, path = "/documents/{id}/file", tag = "documents", params(DocumentPath),
    responses(
        (status = 200, description = "The file", content_type = "application/pdf"),
        (status = 206, description = "A part of it", content_type = "application/pdf"),
    ),
)]
pub(crate) async fn file(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<DocumentPath>,
) -> Result<HttpResponse, Error> {
    let document = app
        .store
        .document(key(&caller, &path))
        .await
        .named("document")?;
    let tag = etag(&[&document.sha256]);
    if let Some(response) = not_modified(&request, &tag, REVALIDATED) {
        return Ok(response);
    }
    let part = range(&request, document.bytes)?;
    let (status, length) = match &part {
        Some(part) => (StatusCode::PARTIAL_CONTENT, part.end - part.start),
        None => (StatusCode::OK, document.bytes),
    };
    let bytes = app
        .blobs
        .stream(&original_key(&document.sha256)?, part.clone())
        .await?;
    let mut response = tagged(HttpResponse::build(status), &tag, REVALIDATED);
    if let Some(part) = part {
        let (first, last) = (part.start, part.end - 1);
        let told = format!("bytes {first}-{last}/{}", document.bytes);
        response.insert_header((CONTENT_RANGE, told));
    }
    Ok(response
        .insert_header((CONTENT_TYPE, "application/pdf"))
        .insert_header((ACCEPT_RANGES, "bytes"))
        .insert_header((CONTENT_LENGTH, length))
        .insert_header(attachment(&document.name))
        .no_chunking(length)
        .streaming(bytes.map_err(Error::from)))
}

/// Says to save the answer as a file of this name.
pub(super) fn attachment(name: &str) -> ContentDisposition {
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::FilenameExt(
            actix_web::http::header::ExtendedValue {
                charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.as_bytes().to_vec(),
            },
        )],
    }
}

fn key(caller: &Caller, path: &DocumentPath) -> DocumentKey {
    DocumentKey {
        workspace: caller.workspace,
        id: path.id,
    }
}
