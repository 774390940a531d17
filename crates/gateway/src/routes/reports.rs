//! Reports of a comparison, as JSON and in formats made from it.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use futures::TryStreamExt;
use serde::Deserialize;
use service::blobs::derived_key;
use service::problem::Problem;
use store::{Comparison, ComparisonState};
use utoipa::IntoParams;

use super::documents::attachment;
use super::params::ReportPath;
use crate::access::Viewer;
use crate::conditional::{REVALIDATED, etag, not_modified, tagged};
use crate::engine::{ExportFormat, ExportRequest, ExportSource};
use crate::{App, Error};

/// A report runs its own script and shows its own pictures, in an origin of its
/// own: it reaches neither this service nor any other.
const SANDBOX: &str = "default-src 'none'; style-src 'unsafe-inline'; \
    script-src 'unsafe-inline'; img-src data: blob:; font-src data:; \
    frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox allow-scripts";
/// A PDF is shown by the browser's own viewer, which a sandbox would forbid.
const VIEWED: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; \
    frame-ancestors 'none'";
/// Changes that can be chosen.
const MAX_CHANGES: usize = 10_000;

/// Which report.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ReportQuery {
    /// Only the changes with these ids, divided by commas; for `html`, `pdf` and
    /// `txt`.
    #[param(example = "1,4,7")]
    changes: Option<String>,
    /// Whether to save it as a file.
    #[serde(default)]
    #[param(required = false, default = false)]
    download: bool,
}

/// The report as JSON, HTML (one file with everything in it), PDF (the new
/// document with the changes marked) or text.
///
/// While the comparison is `partial`, the report is one without pixels and has
/// `X-Report-Complete: false`. While there is none, the answer is the problem
/// `not-ready`.
#[utoipa::path(
    get, path = "/comparisons/{id}/report.{format}", tag = "comparisons", params(ReportPath, ReportQuery),
    responses((
        status = 200, description = "The report",
        content(
            (Object = "application/json"),
            (String = "text/html"),
            (String = "application/pdf"),
            (String = "text/plain"),
        ),
        headers(("X-Report-Complete" = bool, description = "Whether it is the whole report")),
    )),
)]
pub(crate) async fn report(
    app: web::Data<App>,
    request: HttpRequest,
    viewer: Viewer,
    path: web::Path<ReportPath>,
    query: web::Query<ReportQuery>,
) -> Result<HttpResponse, Error> {
    let export = match path.format.as_str() {
        "json" => None,
        format => Some(
            format
                .parse::<ExportFormat>()
                .map_err(|_| Error::Missing("format; there are json, html, pdf and txt"))?,
        ),
    };
    let comparison = viewer.comparison(&app, path.id).await?;
    let Some(blob) = comparison.report.clone() else {
        return Err(not_ready(&comparison).into());
    };
    let only = query.changes.as_deref().map(changes).transpose()?;
    if only.is_some() && export.is_none() {
        return Err(Problem::bad_request("The JSON report is always whole.").into());
    }
    let complete = comparison.state == ComparisonState::Ready;
    let tag = etag(&[
        env!("CARGO_PKG_VERSION"),
        &blob,
        &path.format,
        &complete.to_string(),
        &format!("{only:?}"),
    ]);
    if let Some(response) = not_modified(&request, &tag, REVALIDATED) {
        return Ok(response);
    }
    let mut response = tagged(HttpResponse::Ok(), &tag, REVALIDATED);
    response.insert_header(("x-report-complete", complete.to_string()));
    if query.download {
        response.insert_header(attachment(&file_name(&comparison, &path.format)));
    }
    let Some(format) = export else {
        let bytes = app.blobs.stream(&derived_key(&blob)?, None).await?;
        return Ok(response
            .insert_header((CONTENT_TYPE, "application/json"))
            .streaming(bytes.map_err(Error::from)));
    };
    let old = viewer.document(&app, comparison.old).await?;
    let new = viewer.document(&app, comparison.new).await?;
    let made = app
        .engine
        .export(ExportRequest {
            format,
            source: ExportSource {
                report_blob: blob,
                old_sha256: old.sha256,
                new_sha256: new.sha256,
                only_changes: only,
            },
        })
        .await?;
    match format {
        ExportFormat::Html => drop(response.insert_header((CONTENT_SECURITY_POLICY, SANDBOX))),
        ExportFormat::Pdf => drop(response.insert_header((CONTENT_SECURITY_POLICY, VIEWED))),
        ExportFormat::Txt => {}
    }
    Ok(response
        .insert_header((CONTENT_TYPE, made.content_type))
        .streaming(made.body.map_err(Error::from)))
}

fn not_ready(comparison: &Comparison) -> Problem {
    let problem = Problem::new(409, "not-ready", "There is no report yet");
    match (comparison.state, &comparison.error) {
        (ComparisonState::Failed, Some(error)) => {
            problem.detail(format!("The comparison failed: {error}"))
        }
        (ComparisonState::Failed, None) => problem.detail("The comparison failed."),
        _ => problem
            .detail("The comparison is being made; its job tells when it is done.")
            .retry_after(1),
    }
    .with("job", comparison.job.id.to_string())
}

fn changes(list: &str) -> Result<Vec<u32>, Problem> {
    let ids: Result<Vec<u32>, _> = list.split(',').map(|id| id.trim().parse()).collect();
    match ids {
        Ok(ids) if ids.len() <= MAX_CHANGES => Ok(ids),
        Ok(_) => Err(Problem::bad_request(format!(
            "At most {MAX_CHANGES} changes can be chosen."
        ))),
        Err(_) => Err(Problem::bad_request(
            "Changes are ids from the report, divided by commas: 1,4,7.",
        )),
    }
}

fn file_name(comparison: &Comparison, format: &str) -> String {
    let stem = |name: &str| name.strip_suffix(".pdf").unwrap_or(name).to_owned();
    let (old, new) = (stem(&comparison.old_name), stem(&comparison.new_name));
    format!("{old} - {new} changes.{format}")
}
