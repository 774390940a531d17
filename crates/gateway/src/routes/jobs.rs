//! Jobs and their events.

use actix_web::{HttpRequest, HttpResponse, web};
use store::JobKey;

use super::params::JobPath;
use crate::access::Caller;
use crate::error::Named;
use crate::once::{Answer, once};
use crate::{App, Error, bodies, events};

/// One job.
#[utoipa::path(
    get, path = "/jobs/{id}", tag = "jobs", params(JobPath),
    responses((status = 200, body = bodies::Job)),
)]
pub(crate) async fn get(
    app: web::Data<App>,
    caller: Caller,
    path: web::Path<JobPath>,
) -> Result<HttpResponse, Error> {
    let job = app.store.job(key(&caller, &path)).await.named("job")?;
    Ok(HttpResponse::Ok().json(bodies::Job::from(job)))
}

/// Cancels a job.
#[utoipa::path(
    post, path = "/jobs/{id}/cancel", tag = "jobs", params(JobPath),
    responses((status = 200, body = bodies::Job)),
)]
pub(crate) async fn cancel(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<JobPath>,
) -> Result<HttpResponse, Error> {
    let key = key(&caller, &path);
    let work = async {
        let job = app.store.cancel_job(key).await.named("job")?;
        Answer::done(&bodies::Job::from(job))
    };
    Ok(once(&app, &request, caller.workspace, &(), work)
        .await?
        .respond())
}

/// Tries a failed or cancelled job again.
#[utoipa::path(
    post, path = "/jobs/{id}/retry", tag = "jobs", params(JobPath),
    responses((status = 202, body = bodies::Job)),
)]
pub(crate) async fn retry(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<JobPath>,
) -> Result<HttpResponse, Error> {
    let key = key(&caller, &path);
    let work = async {
        let job = app.store.retry_job(key).await.named("job")?;
        Answer::accepted(&bodies::Job::from(job))
    };
    Ok(once(&app, &request, caller.workspace, &(), work)
        .await?
        .respond())
}

/// A job as it goes on, as server-sent events.
///
/// Events `job` have the job as data; `end` follows its last state, then the
/// stream ends.
#[utoipa::path(
    get, path = "/jobs/{id}/events", tag = "jobs", params(JobPath),
    responses((status = 200, description = "Events", content_type = "text/event-stream")),
)]
pub(crate) async fn events(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
    path: web::Path<JobPath>,
) -> Result<HttpResponse, Error> {
    let job = app.store.job(key(&caller, &path)).await.named("job")?;
    Ok(events::respond(&app, &request, caller, Some(job.id))?)
}

/// All jobs of the workspace as they go on, as server-sent events.
///
/// Events `job` have a job as data. `Last-Event-ID` goes on where an earlier
/// stream ended; without it, the jobs that wait or run come first.
#[utoipa::path(
    get, path = "/events", tag = "jobs",
    params(("Last-Event-ID" = Option<i64>, Header, description = "The last id that came")),
    responses((status = 200, description = "Events", content_type = "text/event-stream")),
)]
pub(crate) async fn all_events(
    app: web::Data<App>,
    request: HttpRequest,
    caller: Caller,
) -> Result<HttpResponse, Error> {
    Ok(events::respond(&app, &request, caller, None)?)
}

fn key(caller: &Caller, path: &JobPath) -> JobKey {
    JobKey {
        workspace: caller.workspace,
        id: path.id,
    }
}
