//! Documents.

use store::{
    ChangeDocument, CreatedDocument, Document, DocumentId, DocumentKey, JobKind, ListDocuments,
    Listing, NewDocument, SeriesId, WorkspaceId,
};

use super::cursor::{Cursor, listing};
use super::jobs::{NewJob, check_job_quota, insert_job, job_columns, job_row, requeue};
use super::{change, usage};
use crate::Error;
use crate::sql::{Row, Transaction, Value, values};

/// Documents with their jobs.
macro_rules! select_documents {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.name, d.sha256, d.bytes, d.pages, d.title, d.series, d.state, \
             d.error, d.created, ",
            job_columns!(),
            " FROM documents d JOIN jobs j ON j.id = d.job ",
            $rest
        )
    };
}

fn document_row(row: &mut Row) -> Result<Document, Error> {
    Ok(Document {
        id: DocumentId(row.uuid()?),
        name: row.text()?,
        sha256: row.text()?,
        bytes: row.unsigned()?,
        pages: row.optional_unsigned()?,
        title: row.optional_text()?,
        series: SeriesId(row.uuid()?),
        state: row.named()?,
        error: row.optional_text()?,
        created: row.int()?,
        job: job_row(row)?,
    })
}

pub(crate) async fn document(
    tx: &mut dyn Transaction,
    request: &DocumentKey,
) -> Result<Document, Error> {
    let mut row = tx
        .one(
            select_documents!("WHERE d.id = $1 AND d.workspace = $2 AND d.deleted IS NULL"),
            values![request.id, request.workspace],
        )
        .await?;
    document_row(&mut row)
}

/// Checks that a document is there.
pub(super) async fn document_there(
    tx: &mut dyn Transaction,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Result<(), Error> {
    tx.one(
        "SELECT 1 FROM documents WHERE id = $1 AND workspace = $2 AND deleted IS NULL",
        values![id, workspace],
    )
    .await?;
    Ok(())
}

/// A document with the same bytes in the same workspace.
struct Same {
    id: DocumentId,
    deleted: bool,
    /// Its pages are kept.
    ready: bool,
}

async fn same(tx: &mut dyn Transaction, request: &NewDocument) -> Result<Option<Same>, Error> {
    let row = tx
        .first(
            "SELECT id, deleted, state FROM documents WHERE workspace = $1 AND sha256 = $2",
            values![request.workspace, &request.sha256],
        )
        .await?;
    row.map(|mut row| {
        Ok(Same {
            id: DocumentId(row.uuid()?),
            deleted: row.optional_int()?.is_some(),
            ready: row.text()? == "ready",
        })
    })
    .transpose()
}

pub(crate) async fn admit_document(
    tx: &mut dyn Transaction,
    request: &NewDocument,
) -> Result<(), Error> {
    let same = same(tx, request).await?;
    check_quota(tx, request, same.as_ref()).await
}

pub(crate) async fn create_document(
    tx: &mut dyn Transaction,
    request: &NewDocument,
) -> Result<CreatedDocument, Error> {
    let version = change(tx, request.workspace).await?;
    let same = same(tx, request).await?;
    check_quota(tx, request, same.as_ref()).await?;
    let Some(Same { id, deleted, ready }) = same else {
        insert(tx, request, version).await?;
        return created(tx, request, request.id, false).await;
    };
    if deleted {
        tx.execute(
            "UPDATE documents SET deleted = NULL, name = $2 WHERE id = $1",
            values![id, &request.name],
        )
        .await?;
        if !ready {
            let job = ingest_job(request, id, version);
            insert_job(tx, job).await?;
            tx.execute(
                "UPDATE documents SET job = $2, state = 'processing', error = NULL WHERE id = $1",
                values![id, request.job],
            )
            .await?;
        }
    }
    created(tx, request, id, !deleted).await
}

fn ingest_job(request: &NewDocument, document: DocumentId, version: i64) -> NewJob<'_> {
    NewJob {
        id: request.job,
        workspace: request.workspace,
        kind: JobKind::Ingest,
        document: Some(document),
        comparison: None,
        trace: request.trace.as_deref(),
        version,
    }
}

async fn insert(
    tx: &mut dyn Transaction,
    request: &NewDocument,
    version: i64,
) -> Result<(), Error> {
    let series = request.series.unwrap_or(SeriesId(request.id.0));
    let rows = tx
        .execute(
            "INSERT INTO documents \
             (id, workspace, name, sha256, bytes, series, state, job, created) \
             VALUES ($1, $2, $3, $4, $5, $6, 'processing', $7, now_ms()) \
             ON CONFLICT (id) DO NOTHING",
            values![
                request.id,
                request.workspace,
                &request.name,
                &request.sha256,
                request.bytes,
                series,
                request.job
            ],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::Conflict("the document's name is taken".to_owned()).into());
    }
    insert_job(tx, ingest_job(request, request.id, version)).await
}

async fn created(
    tx: &mut dyn Transaction,
    request: &NewDocument,
    id: DocumentId,
    known: bool,
) -> Result<CreatedDocument, Error> {
    let key = DocumentKey {
        workspace: request.workspace,
        id,
    };
    Ok(CreatedDocument {
        document: document(tx, &key).await?,
        known,
    })
}

/// Refuses what the workspace has no room for; what it has already is no more.
async fn check_quota(
    tx: &mut dyn Transaction,
    request: &NewDocument,
    same: Option<&Same>,
) -> Result<(), Error> {
    if same.is_some_and(|same| !same.deleted) {
        return Ok(());
    }
    let key = store::WorkspaceKey {
        workspace: request.workspace,
    };
    let used = usage(tx, &key).await?;
    if used.documents >= request.quota.documents {
        let text = format!("{} documents are kept already", used.documents);
        return Err(store::Error::Quota(text).into());
    }
    if used.bytes.saturating_add(request.bytes) > request.quota.bytes {
        let text = format!("{} bytes are kept already", used.bytes);
        return Err(store::Error::Quota(text).into());
    }
    if !same.is_some_and(|same| same.ready) {
        check_job_quota(tx, request.workspace, request.quota.jobs).await?;
    }
    Ok(())
}

pub(crate) async fn documents(
    tx: &mut dyn Transaction,
    request: &ListDocuments,
) -> Result<Listing<Document>, Error> {
    let (cursor, limit) = Cursor::of(&request.slice)?;
    let more = limit as i64 + 1;
    let rows = if let Some(series) = request.series {
        tx.query(
            select_documents!(
                "WHERE d.workspace = $1 AND d.deleted IS NULL \
                 AND (d.created, d.id) < ($2, $3) AND d.series = $5 \
                 ORDER BY d.created DESC, d.id DESC LIMIT $4"
            ),
            values![request.workspace, cursor.created, cursor.id, more, series],
        )
        .await?
    } else {
        tx.query(
            select_documents!(
                "WHERE d.workspace = $1 AND d.deleted IS NULL \
                 AND (d.created, d.id) < ($2, $3) \
                 ORDER BY d.created DESC, d.id DESC LIMIT $4"
            ),
            values![request.workspace, cursor.created, cursor.id, more],
        )
        .await?
    };
    let items = rows
        .into_iter()
        .map(|mut row| document_row(&mut row))
        .collect::<Result<Vec<_>, Error>>()?;
    Ok(listing(items, limit, |d| (d.created, d.id.0)))
}

pub(crate) async fn change_document(
    tx: &mut dyn Transaction,
    request: &ChangeDocument,
) -> Result<Document, Error> {
    change(tx, request.workspace).await?;
    let rows = tx
        .execute(
            "UPDATE documents SET name = COALESCE($3, name), series = COALESCE($4, series) \
             WHERE id = $1 AND workspace = $2 AND deleted IS NULL",
            &[
                Value::from(request.id),
                Value::from(request.workspace),
                Value::from(request.name.as_deref()),
                Value::from(request.series),
            ],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::NotFound.into());
    }
    let key = DocumentKey {
        workspace: request.workspace,
        id: request.id,
    };
    document(tx, &key).await
}

/// Cancels the jobs of something that is deleted, and counts the change.
pub(super) async fn cancel_jobs(
    tx: &mut dyn Transaction,
    workspace: WorkspaceId,
    column: &str,
    id: uuid::Uuid,
) -> Result<(), Error> {
    let lock = format!(
        "SELECT id FROM jobs WHERE {column} = $1 AND workspace = $2 \
         AND state IN ('queued', 'running') ORDER BY id FOR NO KEY UPDATE"
    );
    tx.query(&lock, values![id, workspace]).await?;
    let version = change(tx, workspace).await?;
    let cancel = format!(
        "UPDATE jobs SET state = 'cancelled', version = $3, updated = now_ms() \
         WHERE {column} = $1 AND workspace = $2 AND state IN ('queued', 'running')"
    );
    tx.execute(&cancel, values![id, workspace, version]).await?;
    Ok(())
}

pub(crate) async fn delete_document(
    tx: &mut dyn Transaction,
    request: &DocumentKey,
) -> Result<(), Error> {
    cancel_jobs(tx, request.workspace, "document", request.id.0).await?;
    let rows = tx
        .execute(
            "UPDATE documents SET deleted = now_ms() \
             WHERE id = $1 AND workspace = $2 AND deleted IS NULL",
            values![request.id, request.workspace],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::NotFound.into());
    }
    Ok(())
}

pub(crate) async fn restore_document(
    tx: &mut dyn Transaction,
    request: &DocumentKey,
) -> Result<Document, Error> {
    // Its cancelled job is free: nobody else locks it.
    let version = change(tx, request.workspace).await?;
    tx.execute(
        "UPDATE documents SET deleted = NULL \
         WHERE id = $1 AND workspace = $2 AND deleted > 0",
        values![request.id, request.workspace],
    )
    .await?;
    let found = document(tx, request).await?;
    if found.state == store::DocumentState::Processing
        && !matches!(
            found.job.state,
            store::JobState::Queued | store::JobState::Running
        )
    {
        requeue(tx, &found.job, version).await?;
        return document(tx, request).await;
    }
    Ok(found)
}
