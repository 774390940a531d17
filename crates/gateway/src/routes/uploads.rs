//! Uploads.

use actix_multipart::{Field, Multipart};
use actix_web::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse, web};
use futures::TryStreamExt;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use service::problem::Problem;
use service::telemetry::TraceHeaders;
use store::{DocumentId, JobId, NewDocument, SeriesId};
use utoipa::IntoParams;

use crate::access::{Caller, address};
use crate::names::file_name;
use crate::once::{Answer, once};
use crate::staging::{Arrival, Cut, Staged, receive};
use crate::{App, Error, bodies};

/// Room for the form around the files.
const FORM: u64 = 64 << 10;
/// Longer than any id.
const MAX_ID: usize = 64;

/// How to take the files in.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UploadQuery {
    /// Name of the file, where the body is the file itself.
    name: Option<String>,
    /// Series of revisions to put it into: `series` of another document.
    #[param(value_type = Option<String>)]
    series: Option<SeriesId>,
}

/// Uploads PDF files.
///
/// Send a form (`multipart/form-data`) with one or several files in `file`, or
/// the bytes of one file as `application/pdf`, named by `X-File-Name`
/// (percent-encoded) or `?name=`. The same bytes again are the same document.
/// The answer is an object for one file and a list for several.
#[utoipa::path(
    post, path = "/documents", tag = "documents",
    params(UploadQuery, ("X-File-Name" = Option<String>, Header, description = "Name of the file, percent-encoded")),
    request_body(content((String = "application/pdf"), (UploadForm = "multipart/form-data"))),
    responses((status = 202, description = "Taken; a job reads it", body = bodies::Upload)),
)]
pub(crate) async fn upload(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    query: web::Query<UploadQuery>,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    let answer = take(&app, &request, &caller, &query, body).await;
    let outcome = match &answer {
        Ok(_) => "accepted",
        Err(error) if error.problem().status < 500 => "refused",
        Err(_) => "failed",
    };
    metrics::counter!("pdf_compare_uploads_total", "outcome" => outcome).increment(1);
    answer
}

/// The form of an upload.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read as it comes")]
pub(crate) struct UploadForm {
    /// Series of revisions to put them into: `series` of another document.
    series: Option<String>,
    /// PDF files.
    #[schema(format = Binary)]
    file: Vec<String>,
}

async fn take(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    query: &UploadQuery,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    let rates = app.rates();
    rates.uploads.check(&caller.workspace)?;
    if let Some(address) = address(request, &app.settings) {
        rates.address_uploads.check(&address)?;
    }
    let sent = arrive(app, request, query, body).await?;
    let digests: Vec<_> = sent
        .arrivals
        .iter()
        .map(|arrival| match arrival {
            Arrival::Whole(staged) => (&staged.name, staged.sha256.as_str()),
            Arrival::Refused { name, .. } => (name, ""),
        })
        .collect();
    let series = sent.series.or(query.series);
    let keep = keep(app, caller, series, &sent.arrivals);
    Ok(
        once(app, request, caller.workspace, &(digests, series), keep)
            .await?
            .respond(),
    )
}

/// What was sent.
struct Sent {
    arrivals: Vec<Arrival>,
    /// The series, where the form says one.
    series: Option<SeriesId>,
}

/// Takes all files in before anything is kept of one.
async fn arrive(
    app: &App,
    request: &HttpRequest,
    query: &UploadQuery,
    body: web::Payload,
) -> Result<Sent, Error> {
    let limits = &app.settings.limits;
    let limit = limits.upload.0;
    let content_type = header(request, CONTENT_TYPE.as_str()).unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    let announced = header(request, CONTENT_LENGTH.as_str()).and_then(|n| n.parse::<u64>().ok());
    let is_form = kind.eq_ignore_ascii_case("multipart/form-data");
    let files = if is_form {
        limits.upload_files as u64
    } else {
        1
    };
    // What says at once that it is too large need not be sent.
    if announced.is_some_and(|bytes| bytes > limit.saturating_mul(files).saturating_add(FORM)) {
        return Err(Problem::too_large(limit).into());
    }
    if is_form {
        return form(app, Multipart::new(request.headers(), body)).await;
    }
    if !matches!(kind, "application/pdf" | "application/octet-stream") {
        return Err(Problem::of_status(415)
            .detail("Send a form (multipart/form-data) with `file`, or a PDF as application/pdf.")
            .into());
    }
    let told = header(request, "x-file-name")
        .map(|name| percent_decode_str(name).decode_utf8_lossy().into_owned());
    let name = told.as_ref().or(query.name.as_ref());
    let name = file_name(name.map_or("", String::as_str));
    Ok(Sent {
        arrivals: vec![receive(name, body, limit).await?],
        series: None,
    })
}

async fn form(app: &App, mut form: Multipart) -> Result<Sent, Error> {
    let limits = &app.settings.limits;
    let mut sent = Sent {
        arrivals: Vec::new(),
        series: None,
    };
    while let Some(mut field) = form.try_next().await.map_err(Cut::from)? {
        match field.name() {
            Some("file") => {}
            Some("series") => {
                sent.series = Some(series(&mut field).await?);
                continue;
            }
            _ => {
                let why = "A form for uploads has `file` and `series`, nothing else.";
                return Err(Problem::bad_request(why).into());
            }
        }
        if sent.arrivals.len() == limits.upload_files {
            return Err(Problem::bad_request(format!(
                "At most {} files are taken in one upload.",
                limits.upload_files
            ))
            .into());
        }
        let name = file_name(given_name(&field));
        sent.arrivals
            .push(receive(name, field, limits.upload.0).await?);
    }
    if sent.arrivals.is_empty() {
        return Err(Problem::bad_request("The form has no `file`.").into());
    }
    Ok(sent)
}

async fn series(field: &mut Field) -> Result<SeriesId, Error> {
    let mut text = Vec::new();
    while let Some(chunk) = field.try_next().await.map_err(Cut::from)? {
        text.extend_from_slice(&chunk);
        if text.len() > MAX_ID {
            break;
        }
    }
    let id = std::str::from_utf8(&text)
        .ok()
        .and_then(|text| text.trim().parse().ok());
    id.ok_or_else(|| Problem::bad_request("`series` is that of another document.").into())
}

fn given_name(field: &Field) -> &str {
    field
        .content_disposition()
        .and_then(|disposition| disposition.get_filename())
        .unwrap_or_default()
}

/// Keeps what arrived: bytes first, so that a row always has its bytes.
async fn keep(
    app: &App,
    caller: &Caller,
    series: Option<SeriesId>,
    arrivals: &[Arrival],
) -> Result<Answer, Error> {
    if let [arrival] = arrivals {
        return match arrival {
            Arrival::Whole(staged) => {
                let uploaded = keep_one(app, caller, series, staged).await?;
                Answer::accepted(&bodies::Upload::One(Box::new(uploaded)))
            }
            Arrival::Refused { problem, .. } => Err(problem.clone().into()),
        };
    }
    let mut several = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        let (name, problem) = match arrival {
            Arrival::Refused { name, problem } => (name, problem.clone()),
            Arrival::Whole(staged) => match keep_one(app, caller, series, staged).await {
                Ok(uploaded) => {
                    several.push(bodies::UploadedOrNot::Taken(Box::new(uploaded)));
                    continue;
                }
                Err(error) => (&staged.name, error.problem()),
            },
        };
        several.push(bodies::UploadedOrNot::Refused {
            name: name.clone(),
            problem,
        });
    }
    Answer::accepted(&bodies::Upload::Several(several))
}

async fn keep_one(
    app: &App,
    caller: &Caller,
    series: Option<SeriesId>,
    staged: &Staged,
) -> Result<bodies::Uploaded, Error> {
    let document = NewDocument {
        id: DocumentId::random(),
        job: JobId::random(),
        workspace: caller.workspace,
        name: staged.name.clone(),
        sha256: staged.sha256.clone(),
        bytes: staged.bytes,
        series,
        quota: app.settings.limits.quota(),
        trace: TraceHeaders::current().traceparent,
    };
    // A blob kept for nothing could not be deleted at once: another upload of the
    // same bytes may be about to name it.
    app.store.admit_document(document.clone()).await?;
    let file = staged.file.try_clone()?;
    app.blobs.put_file(file, &staged.sha256).await?;
    let created = app.store.create_document(document).await?;
    metrics::counter!("pdf_compare_upload_bytes_total").increment(staged.bytes);
    Ok(created.into())
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}
