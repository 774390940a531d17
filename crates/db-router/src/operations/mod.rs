//! The operations, once for every database: statements inside one transaction.
//! Where dialects differ, [`Transaction::dialect`] chooses.

mod comparisons;
mod cursor;
mod documents;
mod jobs;
mod keys;
mod pages;
mod queue;
mod search;
mod sessions;
mod shares;
mod things;
mod upkeep;

pub(crate) use comparisons::*;
pub(crate) use documents::*;
pub(crate) use jobs::*;
pub(crate) use keys::*;
pub(crate) use pages::*;
pub(crate) use queue::*;
pub(crate) use search::*;
pub(crate) use sessions::*;
pub(crate) use shares::*;
pub(crate) use upkeep::*;

use store::WorkspaceId;

use crate::Error;
use crate::sql::{Signal, Transaction, values};

/// Counts a change of a live workspace, which also locks it until the end of
/// the transaction, and gives the count.
async fn change(tx: &mut dyn Transaction, workspace: WorkspaceId) -> Result<i64, Error> {
    let version = tx
        .one(
            "UPDATE workspaces SET version = version + 1 \
             WHERE id = $1 AND deleted IS NULL RETURNING version",
            values![workspace],
        )
        .await?
        .int()?;
    tx.signal(Signal::Changed(workspace)).await?;
    Ok(version)
}
