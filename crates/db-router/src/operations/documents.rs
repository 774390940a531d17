//! Documents.

use service::settings::Bytes;
use store::{
    ChangeDocument, CreatedDocument, Document, DocumentId, DocumentKey, JobKind, ListDocuments,
    Listing, NewDocument, ReadDocument, SeriesId,
};

use super::cursor::List;
use super::jobs::{NewJob, check_job_quota, insert_job, job_columns, job_row, requeue};
use super::pages::{drop_pages_beyond, keep_pages};
use super::things::delete;
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

pub(crate) async fn put_document(
    tx: &mut dyn Transaction,
    request: &ReadDocument,
) -> Result<Document, Error> {
    let new = &request.document;
    let id = create_document(tx, new).await?.document.id;
    // Only its own: a job of before, which reads the same bytes, may be at work.
    tx.execute(
        "UPDATE jobs SET state = 'done' WHERE id = $1",
        values![new.job],
    )
    .await?;
    let pages = request.pages.len() as u32;
    tx.execute(
        "UPDATE documents SET name = $2, title = $3, pages = $4, state = 'ready', error = NULL \
         WHERE id = $1",
        values![id, &new.name, request.title.as_deref(), pages],
    )
    .await?;
    drop_pages_beyond(tx, id, pages).await?;
    keep_pages(tx, id, &request.pages).await?;
    let key = DocumentKey {
        workspace: new.workspace,
        id,
    };
    document(tx, &key).await
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
        let [used, most] = [used.bytes, request.quota.bytes].map(Bytes);
        let text = format!("{used} of {most} are kept already");
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
    let list = List {
        select: select_documents!(""),
        table: "d",
        only: request
            .series
            .map(|series| ("AND d.series = $5", series.into())),
    };
    let place = |d: &Document| (d.created, d.id.0);
    list.read(tx, request.workspace, &request.slice, document_row, place)
        .await
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

pub(crate) async fn delete_document(
    tx: &mut dyn Transaction,
    request: &DocumentKey,
) -> Result<(), Error> {
    delete(tx, "document", request.workspace, request.id.0).await
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
