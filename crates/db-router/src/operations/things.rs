//! What documents and comparisons have in common.

use store::WorkspaceId;
use uuid::Uuid;

use super::change;
use crate::Error;
use crate::sql::{Transaction, values};

/// `document` or `comparison`: the column of jobs that names one; its table is called
/// so in the plural.
pub(super) type Kind = &'static str;

/// Checks that one is there and not deleted.
pub(super) async fn there(
    tx: &mut dyn Transaction,
    kind: Kind,
    workspace: WorkspaceId,
    id: Uuid,
) -> Result<(), Error> {
    let sql = format!("SELECT 1 FROM {kind}s WHERE id = $1 AND workspace = $2 AND deleted IS NULL");
    tx.one(&sql, values![id, workspace]).await?;
    Ok(())
}

/// Deletes one, to be restored for a while, and cancels its jobs.
pub(super) async fn delete(
    tx: &mut dyn Transaction,
    kind: Kind,
    workspace: WorkspaceId,
    id: Uuid,
) -> Result<(), Error> {
    let open = format!("{kind} = $1 AND workspace = $2 AND state IN ('queued', 'running')");
    let lock = format!("SELECT id FROM jobs WHERE {open} ORDER BY id FOR NO KEY UPDATE");
    tx.query(&lock, values![id, workspace]).await?;
    let version = change(tx, workspace).await?;
    let cancel = format!(
        "UPDATE jobs SET state = 'cancelled', version = $3, updated = now_ms() WHERE {open}"
    );
    tx.execute(&cancel, values![id, workspace, version]).await?;
    let delete = format!(
        "UPDATE {kind}s SET deleted = now_ms() \
         WHERE id = $1 AND workspace = $2 AND deleted IS NULL"
    );
    if tx.execute(&delete, values![id, workspace]).await? == 0 {
        return Err(store::Error::NotFound.into());
    }
    Ok(())
}
