//! Sweeping up, and numbers.

use store::{BlobNames, JobCount, Purge, Purged, Statistics, WorkspaceId, WorkspaceKey};

use super::delete_workspace;
use crate::Error;
use crate::sql::{Dialect, Transaction, values};

/// An `Idempotency-Key` and its answer are kept this long, ms.
const KEY_LIFETIME_MS: i64 = 24 * 3_600_000;

/// A write's answer is kept this long for its further tries, ms.
const SETTLED_LIFETIME_MS: i64 = 600_000;

/// Removals whose time has come, in an order in which nothing is removed that
/// another row still needs. `$1` is the time for undoing, `$2` how many at
/// most.
const REMOVALS: [&str; 6] = [
    "DELETE FROM sessions WHERE hash IN (SELECT hash FROM sessions \
     WHERE expires < now_ms() - $1 LIMIT $2)",
    "DELETE FROM shares WHERE id IN (SELECT id FROM shares \
     WHERE expires < now_ms() - $1 LIMIT $2)",
    "DELETE FROM comparisons WHERE id IN (SELECT id FROM comparisons \
     WHERE deleted < now_ms() - $1 LIMIT $2)",
    "DELETE FROM pages WHERE id IN (SELECT p.id FROM pages p JOIN documents d \
     ON d.id = p.document WHERE d.deleted < now_ms() - $1 LIMIT $2)",
    // A comparison needs the bytes of its documents: those stay as long as it
    // does, and so does the row that names them.
    "DELETE FROM documents WHERE id IN (SELECT d.id FROM documents d \
     WHERE d.deleted < now_ms() - $1 \
     AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.document = d.id) \
     AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.old = d.id OR c.new = d.id) LIMIT $2)",
    // Its pages are gone: whoever brings it back has it read anew.
    "UPDATE documents SET state = 'processing' WHERE id IN (SELECT d.id FROM documents d \
     WHERE d.deleted < now_ms() - $1 AND d.state = 'ready' \
     AND NOT EXISTS (SELECT 1 FROM pages p WHERE p.document = d.id) LIMIT $2)",
];

pub(crate) async fn purge(tx: &mut dyn Transaction, request: &Purge) -> Result<Purged, Error> {
    let limit = i64::from(request.limit.max(1));
    let mut rows = 0;
    let removed = tx
        .execute(
            "DELETE FROM keys WHERE (workspace, key) IN (SELECT workspace, key FROM keys \
             WHERE claimed < now_ms() - $1 LIMIT $2)",
            values![KEY_LIFETIME_MS, limit],
        )
        .await?;
    rows += removed as i64;
    if tx.dialect() == Dialect::Postgres && rows < limit {
        let removed = tx
            .execute(
                "DELETE FROM settled WHERE key IN (SELECT key FROM settled \
                 WHERE at < now_ms() - $1 LIMIT $2)",
                values![SETTLED_LIFETIME_MS, limit - rows],
            )
            .await?;
        rows += removed as i64;
    }
    for sql in REMOVALS {
        if rows >= limit {
            break;
        }
        rows += tx
            .execute(sql, values![request.undo_ms, limit - rows])
            .await? as i64;
    }
    if rows < limit {
        let sql = "DELETE FROM workspaces WHERE id IN (SELECT w.id FROM workspaces w \
                   WHERE w.deleted IS NOT NULL \
                   AND NOT EXISTS (SELECT 1 FROM documents d WHERE d.workspace = w.id) \
                   AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.workspace = w.id) \
                   LIMIT $1)";
        rows += tx.execute(sql, values![limit - rows]).await? as i64;
    }
    if rows < limit {
        rows += abandon(tx, request.undo_ms, limit - rows).await?;
    }
    Ok(Purged {
        rows: rows as u64,
        more: rows >= limit,
    })
}

/// Deletes workspaces that nobody can enter any more: their last session ended
/// and there is no token.
async fn abandon(tx: &mut dyn Transaction, undo_ms: i64, limit: i64) -> Result<i64, Error> {
    let found = tx
        .query(
            "SELECT w.id FROM workspaces w \
             WHERE w.deleted IS NULL AND w.created < now_ms() - $1 \
             AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.workspace = w.id) \
             AND NOT EXISTS (SELECT 1 FROM tokens t WHERE t.workspace = w.id) LIMIT $2",
            values![undo_ms, limit],
        )
        .await?;
    let count = found.len() as i64;
    for mut row in found {
        let workspace = WorkspaceId(row.uuid()?);
        delete_workspace(tx, &WorkspaceKey { workspace }).await?;
    }
    Ok(count)
}

pub(crate) async fn wanted_blobs(
    tx: &mut dyn Transaction,
    request: &BlobNames,
) -> Result<BlobNames, Error> {
    let names = serde_json::to_string(&request.names).map_err(|e| Error::Value(e.to_string()))?;
    let each = tx.dialect().each("$1");
    let sql = format!(
        "SELECT sha256 FROM documents WHERE sha256 IN ({each}) \
         UNION SELECT report FROM comparisons WHERE report IN ({each})"
    );
    let rows = tx.query(&sql, values![&names]).await?;
    let names = rows
        .into_iter()
        .map(|mut row| row.text())
        .collect::<Result<_, _>>()?;
    Ok(BlobNames { names })
}

pub(crate) async fn statistics(tx: &mut dyn Transaction, (): &()) -> Result<Statistics, Error> {
    let rows = tx
        .query(
            "SELECT kind, state, count(*), now_ms() - min(created) FROM jobs \
             WHERE state IN ('queued', 'running', 'failed') \
             GROUP BY kind, state ORDER BY kind, state",
            values![],
        )
        .await?;
    let jobs = rows
        .into_iter()
        .map(|mut row| {
            Ok(JobCount {
                kind: row.named()?,
                state: row.named()?,
                count: row.unsigned()?,
                oldest_ms: row.int()?,
            })
        })
        .collect::<Result<_, Error>>()?;
    let mut row = tx
        .one(
            "SELECT (SELECT count(*) FROM sessions WHERE expires > now_ms()), \
             (SELECT count(*) FROM documents WHERE deleted IS NULL), \
             (SELECT count(*) FROM comparisons WHERE deleted IS NULL)",
            values![],
        )
        .await?;
    Ok(Statistics {
        jobs,
        sessions: row.unsigned()?,
        documents: row.unsigned()?,
        comparisons: row.unsigned()?,
    })
}
