//! What people say of changes.

use actix_web::{HttpResponse, web};
use service::problem::Problem;
use store::SetReview;

use super::params::{ComparisonPath, ReviewPath};
use crate::access::{Caller, Viewer};
use crate::error::Named;
use crate::{App, Error, bodies};

/// Longest comment, characters.
const MAX_COMMENT: usize = 10_000;
/// Longest name of a change.
const MAX_CHANGE: usize = 128;

/// What was said of the changes of a comparison.
#[utoipa::path(
    get, path = "/comparisons/{id}/reviews", tag = "reviews", params(ComparisonPath),
    responses((status = 200, body = Vec<bodies::Review>)),
)]
pub(crate) async fn list(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<ComparisonPath>,
) -> Result<HttpResponse, Error> {
    let comparison = viewer.comparison(&app, path.id).await?;
    let key = viewer.comparison_key(comparison.id);
    let reviews = app.store.reviews(key).await.named("comparison")?;
    let reviews: Vec<bodies::Review> = reviews.into_iter().map(Into::into).collect();
    Ok(HttpResponse::Ok().json(reviews))
}

/// Says something of a change; the last word stands.
#[utoipa::path(
    put, path = "/comparisons/{id}/reviews/{change}", tag = "reviews", params(ReviewPath),
    responses((status = 200, body = bodies::Review)),
)]
pub(crate) async fn set(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<ReviewPath>,
    body: web::Json<bodies::ReviewRequest>,
) -> Result<HttpResponse, Error> {
    let is_name = |c: u8| c.is_ascii_alphanumeric() || b"-_.:".contains(&c);
    if path.change.len() > MAX_CHANGE || !path.change.bytes().all(is_name) {
        return Err(Problem::bad_request("This is no name of a change.").into());
    }
    if body.comment.chars().count() > MAX_COMMENT {
        return Err(Problem::bad_request(format!(
            "A comment is at most {MAX_COMMENT} characters."
        ))
        .into());
    }
    let review = app
        .store
        .set_review(SetReview {
            workspace: caller.workspace,
            comparison: path.id,
            change: path.change.clone(),
            verdict: body.verdict.into(),
            // What databases cannot hold is no part of a comment.
            comment: body.comment.replace('\0', ""),
        })
        .await
        .named("comparison")?;
    Ok(HttpResponse::Ok().json(bodies::Review::from(review)))
}
