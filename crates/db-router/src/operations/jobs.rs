//! Jobs as their owners see them.

use store::{
    Changes, ComparisonId, DocumentId, Job, JobId, JobKey, JobKind, JobState, Watch, WorkspaceId,
};

use super::change;
use crate::Error;
use crate::sql::{Row, Signal, Transaction, values};

/// Jobs a watcher is told of at once; the rest come with the next call.
const CHANGES: usize = 500;

/// Columns of [`job_row`], of a table called `j`.
macro_rules! job_columns {
    () => {
        "j.id, j.kind, j.state, j.document, j.comparison, j.tries, j.stage, j.done, j.total, \
         j.error, j.created, j.updated"
    };
}
pub(super) use job_columns;

pub(super) fn job_row(row: &mut Row) -> Result<Job, Error> {
    Ok(Job {
        id: JobId(row.uuid()?),
        kind: row.named()?,
        state: row.named()?,
        document: row.optional_uuid()?.map(DocumentId),
        comparison: row.optional_uuid()?.map(ComparisonId),
        tries: row.unsigned()?,
        stage: row.text()?,
        done: row.unsigned()?,
        total: row.unsigned()?,
        error: row.optional_text()?,
        created: row.int()?,
        updated: row.int()?,
    })
}

/// A job to be queued, for a document or a comparison.
pub(super) struct NewJob<'a> {
    pub id: JobId,
    pub workspace: WorkspaceId,
    pub kind: JobKind,
    pub document: Option<DocumentId>,
    pub comparison: Option<ComparisonId>,
    pub trace: Option<&'a str>,
    /// Count of the change it belongs to.
    pub version: i64,
}

/// Queues a job.
pub(super) async fn insert_job(tx: &mut dyn Transaction, job: NewJob<'_>) -> Result<(), Error> {
    let rows = tx
        .execute(
            "INSERT INTO jobs (id, workspace, kind, state, document, comparison, trace, due, \
             version, created, updated) \
             VALUES ($1, $2, $3, 'queued', $4, $5, $6, now_ms(), $7, now_ms(), now_ms()) \
             ON CONFLICT (id) DO NOTHING",
            values![
                job.id,
                job.workspace,
                job.kind.name(),
                job.document,
                job.comparison,
                job.trace,
                job.version
            ],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::Conflict("the job's name is taken".to_owned()).into());
    }
    tx.signal(Signal::Queued(job.kind)).await
}

/// Refuses a new job of a workspace that has as many as it may.
pub(super) async fn check_job_quota(
    tx: &mut dyn Transaction,
    workspace: WorkspaceId,
    limit: u32,
) -> Result<(), Error> {
    let open: i64 = tx
        .one(
            "SELECT count(*) FROM jobs \
             WHERE workspace = $1 AND state IN ('queued', 'running')",
            values![workspace],
        )
        .await?
        .int()?;
    if open >= i64::from(limit) {
        return Err(store::Error::Quota(format!("{open} jobs wait or run already")).into());
    }
    Ok(())
}

/// What a job is about, under [`ABOUT`].
pub(super) struct About {
    pub table: &'static str,
    pub id: uuid::Uuid,
}

impl About {
    pub(super) fn of(job: &Job) -> Result<Self, Error> {
        match (job.document, job.comparison) {
            (Some(document), _) => Ok(Self {
                table: "documents",
                id: document.0,
            }),
            (None, Some(comparison)) => Ok(Self {
                table: "comparisons",
                id: comparison.0,
            }),
            (None, None) => Err(Error::Value(format!("job {} is about nothing", job.id))),
        }
    }
}

/// Notes what became of the document or comparison of a job.
pub(super) async fn set_outcome(
    tx: &mut dyn Transaction,
    job: &Job,
    state: &str,
    error: Option<&str>,
) -> Result<(), Error> {
    let about = About::of(job)?;
    let sql = format!(
        "UPDATE {} SET state = $2, error = $3 WHERE id = $1",
        about.table
    );
    tx.execute(&sql, values![about.id, state, error]).await?;
    Ok(())
}

/// One job of a workspace, locked.
async fn lock_job(tx: &mut dyn Transaction, key: &JobKey) -> Result<Job, Error> {
    let mut row = tx
        .one(
            concat!(
                "SELECT ",
                job_columns!(),
                " FROM jobs j WHERE j.id = $1 AND j.workspace = $2 FOR NO KEY UPDATE"
            ),
            values![key.id, key.workspace],
        )
        .await?;
    job_row(&mut row)
}

pub(crate) async fn job(tx: &mut dyn Transaction, request: &JobKey) -> Result<Job, Error> {
    let mut row = tx
        .one(
            concat!(
                "SELECT ",
                job_columns!(),
                " FROM jobs j JOIN workspaces w ON w.id = j.workspace \
                 WHERE j.id = $1 AND j.workspace = $2 AND w.deleted IS NULL"
            ),
            values![request.id, request.workspace],
        )
        .await?;
    job_row(&mut row)
}

pub(crate) async fn cancel_job(tx: &mut dyn Transaction, request: &JobKey) -> Result<Job, Error> {
    let found = lock_job(tx, request).await?;
    match found.state {
        JobState::Queued | JobState::Running => {}
        JobState::Cancelled => return Ok(found),
        JobState::Done | JobState::Failed => {
            return Err(store::Error::Conflict("the job has ended".to_owned()).into());
        }
    }
    let version = change(tx, request.workspace).await?;
    tx.execute(
        "UPDATE jobs SET state = 'cancelled', version = $2, updated = now_ms() WHERE id = $1",
        values![request.id, version],
    )
    .await?;
    set_outcome(tx, &found, "failed", Some("cancelled")).await?;
    job(tx, request).await
}

/// Queues a job anew, from the start; its workspace is locked.
pub(super) async fn requeue(
    tx: &mut dyn Transaction,
    found: &Job,
    version: i64,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE jobs SET state = 'queued', tries = 0, stage = '', done = 0, total = 0, \
         error = NULL, lease = NULL, due = now_ms(), version = $2, updated = now_ms() \
         WHERE id = $1",
        values![found.id, version],
    )
    .await?;
    // Parts of a report that are there already stay to be looked at.
    let about = About::of(found)?;
    let state = if found.comparison.is_some() {
        "CASE WHEN report IS NULL THEN 'processing' ELSE 'partial' END"
    } else {
        "'processing'"
    };
    let sql = format!(
        "UPDATE {} SET state = {state}, error = NULL WHERE id = $1",
        about.table
    );
    tx.execute(&sql, values![about.id]).await?;
    tx.signal(Signal::Queued(found.kind)).await
}

pub(crate) async fn retry_job(tx: &mut dyn Transaction, request: &JobKey) -> Result<Job, Error> {
    let found = lock_job(tx, request).await?;
    match found.state {
        JobState::Failed | JobState::Cancelled => {}
        JobState::Queued | JobState::Running => return Ok(found),
        JobState::Done => {
            return Err(store::Error::Conflict("the job is done".to_owned()).into());
        }
    }
    let version = change(tx, request.workspace).await?;
    // Only the last job of something that is there.
    let about = About::of(&found)?;
    let sql = format!(
        "SELECT 1 FROM {} WHERE id = $1 AND job = $2 AND deleted IS NULL",
        about.table
    );
    tx.one(&sql, values![about.id, request.id]).await?;
    requeue(tx, &found, version).await?;
    job(tx, request).await
}

pub(crate) async fn watch(tx: &mut dyn Transaction, request: &Watch) -> Result<Changes, Error> {
    let version = tx
        .one(
            "SELECT version FROM workspaces WHERE id = $1 AND deleted IS NULL",
            values![request.workspace],
        )
        .await?
        .int()?;
    if let Some(id) = request.job {
        let workspace = request.workspace;
        tx.one(
            "SELECT 1 FROM jobs WHERE id = $1 AND workspace = $2",
            values![id, workspace],
        )
        .await?;
    }
    // The first look is at the state now, later ones are at what changed since.
    let which = match (request.after, request.job) {
        (None, None) => "AND j.state IN ('queued', 'running')",
        (_, None) => "",
        (_, Some(_)) => "AND j.id = $3",
    };
    let sql = format!(
        "SELECT {}, j.version FROM jobs j WHERE j.workspace = $1 AND j.version > $2 {which} \
         ORDER BY j.version, j.id LIMIT {}",
        job_columns!(),
        CHANGES + 1,
    );
    let after = request.after.unwrap_or(-1);
    let rows = match request.job {
        Some(id) => {
            tx.query(&sql, values![request.workspace, after, id])
                .await?
        }
        None => tx.query(&sql, values![request.workspace, after]).await?,
    };
    let mut changed = rows
        .into_iter()
        .map(|mut row| Ok((job_row(&mut row)?, row.int()?)))
        .collect::<Result<Vec<_>, Error>>()?;
    // Several jobs may carry one count: a cut between them would lose some, so
    // it is made before the first of them.
    let mut reached = version.max(after);
    if changed.len() > CHANGES {
        let cut = changed[CHANGES].1;
        if changed[0].1 < cut {
            changed.retain(|(_, version)| *version < cut);
            reached = changed.last().map_or(reached, |(_, version)| *version);
        }
    }
    Ok(Changes {
        version: reached,
        jobs: changed.into_iter().map(|(job, _)| job).collect(),
    })
}
