//! Pages of a document.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use store::PageKey;

use super::params::{DocumentPath, PagePath};
use crate::access::Viewer;
use crate::conditional::{IMMUTABLE, etag, not_modified, tagged};
use crate::engine::RenderRequest;
use crate::error::Named;
use crate::picture::PictureQuery;
use crate::{App, Error, bodies};

/// Changes with what a picture looks like, so that none is taken for another.
const RENDERING: &str = concat!("rendering ", env!("CARGO_PKG_VERSION"));

/// Sizes of all pages; none until the document was opened.
#[utoipa::path(
    get, path = "/documents/{id}/pages", tag = "pages", params(DocumentPath),
    responses((status = 200, body = bodies::PageSizes)),
)]
pub(crate) async fn sizes(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<DocumentPath>,
) -> Result<HttpResponse, Error> {
    let document = viewer.document(&app, path.id).await?;
    let key = viewer.document_key(document.id);
    let sizes = app.store.page_sizes(key).await.named("document")?;
    Ok(HttpResponse::Ok().json(bodies::PageSizes {
        sizes: sizes.iter().map(|page| page.size).collect(),
    }))
}

/// Words of a page with their places, in reading order.
#[utoipa::path(
    get, path = "/documents/{id}/pages/{page}", tag = "pages", params(PagePath),
    responses((status = 200, body = bodies::PageWords)),
)]
pub(crate) async fn words(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<PagePath>,
) -> Result<HttpResponse, Error> {
    let document = viewer.document(&app, path.id).await?;
    let words = app
        .store
        .page_words(PageKey {
            workspace: viewer.document_key(document.id).workspace,
            document: document.id,
            page: path.page,
        })
        .await
        .named("page")?;
    Ok(HttpResponse::Ok().json(bodies::PageWords::from(words)))
}

/// A picture of a page, or of a part of it.
///
/// The picture of an address never changes: keep it. It can be asked for as soon
/// as the document was uploaded.
#[utoipa::path(
    get, path = "/documents/{id}/pages/{page}/image", tag = "pages", params(PagePath, PictureQuery),
    responses((
        status = 200, description = "The picture",
        content((String = "image/webp"), (String = "image/png")),
    )),
)]
pub(crate) async fn image(
    app: web::Data<App>,
    request: HttpRequest,
    viewer: Viewer,
    path: web::Path<PagePath>,
    query: web::Query<PictureQuery>,
) -> Result<HttpResponse, Error> {
    let document = viewer.document(&app, path.id).await?;
    let index = path.page.checked_sub(1).ok_or(Error::Missing("page"))? as usize;
    if document.pages.is_some_and(|pages| path.page > pages) {
        return Err(Error::Missing("page"));
    }
    let key = viewer.document_key(document.id);
    let sizes = app.store.page_sizes(key).await.named("document")?;
    let picture = query.picture(sizes.get(index).map(|page| page.size))?;
    let tag = etag(&[
        RENDERING,
        &document.sha256,
        &path.page.to_string(),
        &format!("{picture:?}"),
    ]);
    if let Some(response) = not_modified(&request, &tag, IMMUTABLE) {
        return Ok(response);
    }
    let image = app
        .engine
        .render(RenderRequest {
            sha256: document.sha256,
            page: path.page,
            scale: picture.scale,
            region: picture.region,
        })
        .await?;
    Ok(tagged(HttpResponse::Ok(), &tag, IMMUTABLE)
        .insert_header((CONTENT_TYPE, image.content_type))
        .body(image.bytes))
}
