//! Comparisons, reports, reviews.

use sha2::{Digest as _, Sha256};
use store::{
    Comparison, ComparisonId, ComparisonKey, CreatedComparison, DocumentId, JobKind,
    ListComparisons, Listing, NewComparison, PutReport, Review, SetReview, Verdict, WorkspaceId,
};

use super::cursor::List;
use super::jobs::{NewJob, check_job_quota, insert_job, job_columns, job_row, requeue};
use super::things::{delete, there};
use super::{change, held_by};
use crate::Error;
use crate::sql::{Row, Transaction, values};

/// Comparisons with their jobs and the names of their documents.
macro_rules! select_comparisons {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.workspace, c.old, c.new, o.name, n.name, c.options, c.state, \
             c.error, c.report, c.summary, c.created, ",
            job_columns!(),
            " FROM comparisons c JOIN jobs j ON j.id = c.job \
             JOIN documents o ON o.id = c.old JOIN documents n ON n.id = c.new ",
            $rest
        )
    };
}

fn comparison_row(row: &mut Row) -> Result<Comparison, Error> {
    Ok(Comparison {
        id: ComparisonId(row.uuid()?),
        workspace: WorkspaceId(row.uuid()?),
        old: DocumentId(row.uuid()?),
        new: DocumentId(row.uuid()?),
        old_name: row.text()?,
        new_name: row.text()?,
        options: row.text()?,
        state: row.named()?,
        error: row.optional_text()?,
        report: row.optional_text()?,
        summary: row.optional_text()?,
        created: row.int()?,
        job: job_row(row)?,
    })
}

pub(crate) async fn comparison(
    tx: &mut dyn Transaction,
    request: &ComparisonKey,
) -> Result<Comparison, Error> {
    let mut row = tx
        .one(
            select_comparisons!("WHERE c.id = $1 AND c.workspace = $2 AND c.deleted IS NULL"),
            values![request.id, request.workspace],
        )
        .await?;
    comparison_row(&mut row)
}

pub(crate) async fn create_comparison(
    tx: &mut dyn Transaction,
    request: &NewComparison,
) -> Result<CreatedComparison, Error> {
    let version = change(tx, request.workspace).await?;
    there(tx, "document", request.workspace, request.old.0).await?;
    there(tx, "document", request.workspace, request.new.0).await?;
    let options_key = format!("{:x}", Sha256::digest(&request.options));
    let same = tx
        .first(
            "SELECT id, deleted, report FROM comparisons \
             WHERE workspace = $1 AND old = $2 AND new = $3 AND options_key = $4",
            values![request.workspace, request.old, request.new, &options_key],
        )
        .await?;
    let mut key = ComparisonKey {
        workspace: request.workspace,
        id: request.id,
    };
    let Some(mut row) = same else {
        check_job_quota(tx, request.workspace, request.quota.jobs).await?;
        let rows = tx
            .execute(
                "INSERT INTO comparisons \
                 (id, workspace, old, new, options, options_key, state, job, created) \
                 VALUES ($1, $2, $3, $4, $5, $6, 'processing', $7, now_ms()) \
                 ON CONFLICT (id) DO NOTHING",
                values![
                    request.id,
                    request.workspace,
                    request.old,
                    request.new,
                    &request.options,
                    &options_key,
                    request.job
                ],
            )
            .await?;
        if rows == 0 {
            let text = "the comparison's name is taken".to_owned();
            return Err(store::Error::Conflict(text).into());
        }
        insert_job(tx, compare_job(request, request.id, version)).await?;
        return Ok(CreatedComparison {
            comparison: comparison(tx, &key).await?,
            known: false,
        });
    };
    key.id = ComparisonId(row.uuid()?);
    if row.optional_int()?.is_none() {
        return Ok(CreatedComparison {
            comparison: comparison(tx, &key).await?,
            known: true,
        });
    }
    tx.execute(
        "UPDATE comparisons SET deleted = NULL WHERE id = $1",
        values![key.id],
    )
    .await?;
    let back = comparison(tx, &key).await?;
    if back.state != store::ComparisonState::Ready {
        check_job_quota(tx, request.workspace, request.quota.jobs).await?;
        insert_job(tx, compare_job(request, key.id, version)).await?;
        tx.execute(
            "UPDATE comparisons SET job = $2, error = NULL, state = \
             CASE WHEN report IS NULL THEN 'processing' ELSE 'partial' END WHERE id = $1",
            values![key.id, request.job],
        )
        .await?;
    }
    Ok(CreatedComparison {
        comparison: comparison(tx, &key).await?,
        known: false,
    })
}

fn compare_job(request: &NewComparison, id: ComparisonId, version: i64) -> NewJob<'_> {
    NewJob {
        id: request.job,
        workspace: request.workspace,
        kind: JobKind::Compare,
        document: None,
        comparison: Some(id),
        trace: request.trace.as_deref(),
        version,
    }
}

pub(crate) async fn comparisons(
    tx: &mut dyn Transaction,
    request: &ListComparisons,
) -> Result<Listing<Comparison>, Error> {
    let list = List {
        select: select_comparisons!(""),
        table: "c",
        only: request
            .document
            .map(|document| ("AND (c.old = $5 OR c.new = $5)", document.into())),
    };
    let place = |c: &Comparison| (c.created, c.id.0);
    list.read(tx, request.workspace, &request.slice, comparison_row, place)
        .await
}

pub(crate) async fn delete_comparison(
    tx: &mut dyn Transaction,
    request: &ComparisonKey,
) -> Result<(), Error> {
    delete(tx, "comparison", request.workspace, request.id.0).await
}

pub(crate) async fn restore_comparison(
    tx: &mut dyn Transaction,
    request: &ComparisonKey,
) -> Result<Comparison, Error> {
    let version = change(tx, request.workspace).await?;
    tx.execute(
        "UPDATE comparisons SET deleted = NULL \
         WHERE id = $1 AND workspace = $2 AND deleted > 0",
        values![request.id, request.workspace],
    )
    .await?;
    let found = comparison(tx, request).await?;
    let unfinished = matches!(
        found.state,
        store::ComparisonState::Processing | store::ComparisonState::Partial
    );
    if unfinished && found.job.state == store::JobState::Cancelled {
        requeue(tx, &found.job, version).await?;
        return comparison(tx, request).await;
    }
    Ok(found)
}

pub(crate) async fn put_report(tx: &mut dyn Transaction, request: &PutReport) -> Result<(), Error> {
    let (job, version) = held_by(tx, request.lease, "comparison", request.comparison.0).await?;
    let state = if request.complete { "ready" } else { "partial" };
    tx.execute(
        "UPDATE comparisons SET report = $2, summary = $3, state = $4 WHERE id = $1",
        values![request.comparison, &request.report, &request.summary, state],
    )
    .await?;
    tx.execute(
        "UPDATE jobs SET version = $2, updated = now_ms() WHERE id = $1",
        values![job, version],
    )
    .await?;
    Ok(())
}

fn review_row(row: &mut Row) -> Result<Review, Error> {
    Ok(Review {
        change: row.text()?,
        verdict: row.named()?,
        comment: row.text()?,
        updated: row.int()?,
    })
}

pub(crate) async fn set_review(
    tx: &mut dyn Transaction,
    request: &SetReview,
) -> Result<Review, Error> {
    change(tx, request.workspace).await?;
    there(tx, "comparison", request.workspace, request.comparison.0).await?;
    let verdict = match request.verdict {
        Verdict::Open => "open",
        Verdict::Reviewed => "reviewed",
        Verdict::Accepted => "accepted",
        Verdict::Query => "query",
    };
    let mut row = tx
        .one(
            "INSERT INTO reviews (comparison, change, verdict, comment, updated) \
             VALUES ($1, $2, $3, $4, now_ms()) \
             ON CONFLICT (comparison, change) DO UPDATE \
             SET verdict = excluded.verdict, comment = excluded.comment, \
             updated = excluded.updated \
             RETURNING change, verdict, comment, updated",
            values![
                request.comparison,
                &request.change,
                verdict,
                &request.comment
            ],
        )
        .await?;
    review_row(&mut row)
}

pub(crate) async fn reviews(
    tx: &mut dyn Transaction,
    request: &ComparisonKey,
) -> Result<Vec<Review>, Error> {
    there(tx, "comparison", request.workspace, request.id.0).await?;
    let rows = tx
        .query(
            "SELECT change, verdict, comment, updated FROM reviews \
             WHERE comparison = $1 ORDER BY change",
            values![request.id],
        )
        .await?;
    rows.into_iter()
        .map(|mut row| review_row(&mut row))
        .collect()
}
