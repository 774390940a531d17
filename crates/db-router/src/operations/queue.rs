//! The queue, as workers see it.

use store::{
    ClaimJob, ClaimedJob, DocumentId, FailJob, Job, JobDocument, JobLease, JobState, Lease,
    LeaseId, MAX_TRIES, RenewJob, WorkspaceId,
};

use super::change;
use super::jobs::{job_columns, job_row, set_outcome};
use crate::Error;
use crate::sql::{Signal, Transaction, values};

/// How long a job waits after its first, second, … failed try, ms.
const BACKOFF_MS: [i64; 2] = [5_000, 30_000];

/// Why a job was set aside whose workers all fell silent.
const SILENT: &str = "the workers that tried this stopped without an answer";

pub(crate) async fn claim_job(
    tx: &mut dyn Transaction,
    request: &ClaimJob,
) -> Result<Option<ClaimedJob>, Error> {
    let (Some(first), Some(last)) = (request.kinds.first(), request.kinds.last()) else {
        return Err(store::Error::Invalid("no kind of job wanted".to_owned()).into());
    };
    let held = tx
        .first(
            "SELECT id FROM jobs WHERE lease = $1 AND state = 'running'",
            values![request.lease],
        )
        .await?;
    if let Some(mut row) = held {
        let id = store::JobId(row.uuid()?);
        return claimed(tx, id, request.lease, 0).await.map(Some);
    }
    loop {
        // The workspace that has waited longest for a worker comes first, so
        // that none waits behind a thousand jobs of another.
        let row = tx
            .first(
                concat!(
                    "SELECT j.workspace, now_ms() - j.due, ",
                    job_columns!(),
                    " FROM jobs j JOIN workspaces w ON w.id = j.workspace \
                     WHERE j.kind IN ($1, $2) AND j.state IN ('queued', 'running') \
                     AND j.due <= now_ms() \
                     ORDER BY w.served, j.created, j.id LIMIT 1 \
                     FOR NO KEY UPDATE OF j SKIP LOCKED"
                ),
                values![first.name(), last.name()],
            )
            .await?;
        let Some(mut row) = row else {
            return Ok(None);
        };
        let workspace = WorkspaceId(row.uuid()?);
        let waited_ms = row.int()?;
        let job = job_row(&mut row)?;
        let version = change(tx, workspace).await?;
        if job.tries >= MAX_TRIES {
            end(tx, &job, version, JobState::Failed, Some(SILENT)).await?;
            set_outcome(tx, &job, "failed", Some(SILENT)).await?;
            continue;
        }
        tx.execute(
            "UPDATE workspaces SET served = now_ms() WHERE id = $1",
            values![workspace],
        )
        .await?;
        tx.execute(
            "UPDATE jobs SET state = 'running', tries = tries + 1, lease = $2, \
             due = now_ms() + $3, worker = $4, version = $5, stage = '', done = 0, total = 0, \
             updated = now_ms() WHERE id = $1",
            values![
                job.id,
                request.lease,
                request.lease_ms,
                &request.worker,
                version
            ],
        )
        .await?;
        return claimed(tx, job.id, request.lease, waited_ms)
            .await
            .map(Some);
    }
}

/// Everything the worker of a job must know.
async fn claimed(
    tx: &mut dyn Transaction,
    id: store::JobId,
    lease: LeaseId,
    waited_ms: i64,
) -> Result<ClaimedJob, Error> {
    let mut row = tx
        .one(
            concat!(
                "SELECT j.workspace, j.trace, c.options, c.old, c.new, ",
                job_columns!(),
                " FROM jobs j LEFT JOIN comparisons c ON c.id = j.comparison WHERE j.id = $1"
            ),
            values![id],
        )
        .await?;
    let workspace = WorkspaceId(row.uuid()?);
    let trace = row.optional_text()?;
    let options = row.optional_text()?;
    let (old, new) = (row.optional_uuid()?, row.optional_uuid()?);
    let job = job_row(&mut row)?;
    let mut documents = Vec::new();
    let wanted = [job.document, old.map(DocumentId), new.map(DocumentId)];
    for id in wanted.into_iter().flatten() {
        let mut row = tx
            .one(
                "SELECT name, sha256, bytes FROM documents WHERE id = $1",
                values![id],
            )
            .await?;
        documents.push(JobDocument {
            id,
            name: row.text()?,
            sha256: row.text()?,
            bytes: row.unsigned()?,
        });
    }
    Ok(ClaimedJob {
        lease,
        job,
        workspace,
        documents,
        options: options.unwrap_or_else(|| "{}".to_owned()),
        waited_ms,
        trace,
    })
}

/// The job last held under a lease, locked, and whose it is. No such lease:
/// another worker has the job, or nobody.
async fn held(tx: &mut dyn Transaction, lease: &JobLease) -> Result<(Job, WorkspaceId), Error> {
    let row = tx
        .first(
            concat!(
                "SELECT j.workspace, ",
                job_columns!(),
                " FROM jobs j WHERE j.id = $1 AND j.lease = $2 FOR NO KEY UPDATE"
            ),
            values![lease.job, lease.lease],
        )
        .await?;
    let mut row = row.ok_or(store::Error::LeaseLost)?;
    let workspace = WorkspaceId(row.uuid()?);
    Ok((job_row(&mut row)?, workspace))
}

/// Ends a job, or a try of it.
async fn end(
    tx: &mut dyn Transaction,
    job: &Job,
    version: i64,
    state: JobState,
    error: Option<&str>,
) -> Result<(), Error> {
    let state = match state {
        JobState::Done => "done",
        JobState::Failed => "failed",
        JobState::Cancelled => "cancelled",
        JobState::Queued => "queued",
        JobState::Running => "running",
    };
    tx.execute(
        "UPDATE jobs SET state = $2, error = $3, version = $4, updated = now_ms() WHERE id = $1",
        values![job.id, state, error, version],
    )
    .await?;
    Ok(())
}

pub(crate) async fn renew_job(
    tx: &mut dyn Transaction,
    request: &RenewJob,
) -> Result<Lease, Error> {
    let (job, workspace) = match held(tx, &request.held).await {
        Err(Error::Answer(store::Error::LeaseLost)) => return Ok(Lease::Lost),
        other => other?,
    };
    if job.state != JobState::Running {
        return Ok(Lease::Lost);
    }
    let moved =
        job.stage != request.stage || job.done != request.done || job.total != request.total;
    if !moved {
        // Nothing to tell anyone.
        tx.execute(
            "UPDATE jobs SET due = now_ms() + $2 WHERE id = $1",
            values![job.id, request.lease_ms],
        )
        .await?;
        return Ok(Lease::Held);
    }
    let version = change(tx, workspace).await?;
    tx.execute(
        "UPDATE jobs SET due = now_ms() + $2, stage = $3, done = $4, total = $5, version = $6, \
         updated = now_ms() WHERE id = $1",
        values![
            job.id,
            request.lease_ms,
            &request.stage,
            request.done,
            request.total,
            version
        ],
    )
    .await?;
    Ok(Lease::Held)
}

pub(crate) async fn finish_job(tx: &mut dyn Transaction, request: &JobLease) -> Result<(), Error> {
    let (job, workspace) = held(tx, request).await?;
    match job.state {
        JobState::Running => {}
        // The answer was lost and the worker asks again.
        JobState::Done => return Ok(()),
        _ => return Err(store::Error::LeaseLost.into()),
    }
    let version = change(tx, workspace).await?;
    if let Some(comparison) = job.comparison {
        let report = tx
            .one(
                "SELECT report FROM comparisons WHERE id = $1",
                values![comparison],
            )
            .await?
            .optional_text()?;
        if report.is_none() {
            return Err(store::Error::Conflict("there is no report".to_owned()).into());
        }
    }
    end(tx, &job, version, JobState::Done, None).await?;
    set_outcome(tx, &job, "ready", None).await
}

pub(crate) async fn fail_job(tx: &mut dyn Transaction, request: &FailJob) -> Result<(), Error> {
    let (job, workspace) = held(tx, &request.held).await?;
    match job.state {
        JobState::Running => {}
        JobState::Queued | JobState::Failed => return Ok(()),
        _ => return Err(store::Error::LeaseLost.into()),
    }
    let version = change(tx, workspace).await?;
    let error = Some(request.error.as_str());
    if !request.retry || job.tries >= MAX_TRIES {
        end(tx, &job, version, JobState::Failed, error).await?;
        return set_outcome(tx, &job, "failed", error).await;
    }
    end(tx, &job, version, JobState::Queued, error).await?;
    let tries = job.tries.max(1) as usize;
    let wait = BACKOFF_MS[(tries - 1).min(BACKOFF_MS.len() - 1)];
    tx.execute(
        "UPDATE jobs SET due = now_ms() + $2 WHERE id = $1",
        values![job.id, wait],
    )
    .await?;
    Ok(())
}

pub(crate) async fn return_job(tx: &mut dyn Transaction, request: &JobLease) -> Result<(), Error> {
    let (job, workspace) = held(tx, request).await?;
    match job.state {
        JobState::Running => {}
        JobState::Queued => return Ok(()),
        _ => return Err(store::Error::LeaseLost.into()),
    }
    let version = change(tx, workspace).await?;
    tx.execute(
        "UPDATE jobs SET state = 'queued', tries = tries - 1, due = now_ms(), version = $2, \
         stage = '', done = 0, total = 0, updated = now_ms() WHERE id = $1",
        values![job.id, version],
    )
    .await?;
    tx.signal(Signal::Queued(job.kind)).await
}

/// Checks the lease under which something of a job is kept; gives the job and
/// the count of the change.
pub(super) async fn held_by(
    tx: &mut dyn Transaction,
    lease: LeaseId,
    column: &str,
    id: uuid::Uuid,
) -> Result<(store::JobId, i64), Error> {
    let sql = format!(
        "SELECT id, workspace FROM jobs \
         WHERE lease = $1 AND {column} = $2 AND state = 'running' FOR NO KEY UPDATE"
    );
    let row = tx.first(&sql, values![lease, id]).await?;
    let mut row = row.ok_or(store::Error::LeaseLost)?;
    let job = store::JobId(row.uuid()?);
    let version = change(tx, WorkspaceId(row.uuid()?)).await?;
    Ok((job, version))
}

/// Ends the leases of all running jobs: whoever held them is no more.
pub(crate) async fn end_leases(tx: &mut dyn Transaction, (): &()) -> Result<u64, Error> {
    tx.execute(
        "UPDATE jobs SET due = now_ms() WHERE state = 'running' AND due > now_ms()",
        values![],
    )
    .await
}
