//! Search.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use service::problem::Problem;
use store::{DocumentId, Search};
use utoipa::IntoParams;

use super::params::slice;
use crate::access::Caller;
use crate::{App, Error, bodies};

/// Longest query, characters.
const MAX_QUERY: usize = 500;

/// What to search for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words (all must be on the page), "phrases" in double quotes, parts of
    /// part numbers; at most 500 characters.
    q: String,
    /// Only in this document.
    #[param(value_type = Option<String>)]
    document: Option<DocumentId>,
    /// `next` of the list before.
    cursor: Option<String>,
    /// Entries at most, from 1 to 200; 50 where absent.
    limit: Option<u32>,
}

/// Finds pages by their words, those with the very words first.
#[utoipa::path(
    get, path = "/search", tag = "search", params(SearchQuery),
    responses((status = 200, body = bodies::Page<bodies::Hit>)),
)]
pub(crate) async fn search(
    app: web::Data<App>,
    caller: Caller,
    query: web::Query<SearchQuery>,
) -> Result<HttpResponse, Error> {
    let SearchQuery {
        q,
        document,
        cursor,
        limit,
    } = query.into_inner();
    if q.trim().is_empty() {
        return Err(Problem::bad_request("Say in `q` what to search for.").into());
    }
    if q.chars().count() > MAX_QUERY {
        return Err(
            Problem::bad_request(format!("A search is at most {MAX_QUERY} characters.")).into(),
        );
    }
    let hits = app
        .store
        .search(Search {
            workspace: caller.workspace,
            query: q,
            document,
            slice: slice(cursor, limit),
        })
        .await?;
    Ok(HttpResponse::Ok().json(bodies::Page::<bodies::Hit>::of(hits)))
}
