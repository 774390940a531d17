//! Links that open one comparison to others.

use store::{
    ComparisonId, ComparisonKey, NewShare, Share, ShareHash, ShareId, ShareKey, WorkspaceId,
};

use super::change;
use super::things::there;
use crate::Error;
use crate::sql::{Row, Transaction, values};

macro_rules! share_columns {
    () => {
        "s.id, s.workspace, s.comparison, s.created, s.expires"
    };
}

fn share_row(row: &mut Row) -> Result<Share, Error> {
    Ok(Share {
        id: ShareId(row.uuid()?),
        workspace: WorkspaceId(row.uuid()?),
        comparison: ComparisonId(row.uuid()?),
        created: row.int()?,
        expires: row.optional_int()?,
    })
}

pub(crate) async fn create_share(
    tx: &mut dyn Transaction,
    request: &NewShare,
) -> Result<Share, Error> {
    change(tx, request.workspace).await?;
    there(tx, "comparison", request.workspace, request.comparison.0).await?;
    tx.execute(
        "INSERT INTO shares (id, workspace, comparison, hash, created, expires) \
         VALUES ($1, $2, $3, $4, now_ms(), $5) ON CONFLICT DO NOTHING",
        values![
            request.id,
            request.workspace,
            request.comparison,
            &request.hash,
            request.expires
        ],
    )
    .await?;
    let row = tx
        .first(
            concat!(
                "SELECT ",
                share_columns!(),
                " FROM shares s WHERE s.id = $1 AND s.workspace = $2 AND s.comparison = $3 \
                 AND s.hash = $4"
            ),
            values![
                request.id,
                request.workspace,
                request.comparison,
                &request.hash
            ],
        )
        .await?;
    let mut row =
        row.ok_or_else(|| store::Error::Conflict("the link's name is taken".to_owned()))?;
    share_row(&mut row)
}

pub(crate) async fn shares(
    tx: &mut dyn Transaction,
    request: &ComparisonKey,
) -> Result<Vec<Share>, Error> {
    there(tx, "comparison", request.workspace, request.id.0).await?;
    let rows = tx
        .query(
            concat!(
                "SELECT ",
                share_columns!(),
                " FROM shares s WHERE s.comparison = $1 AND s.workspace = $2 \
                 ORDER BY s.created DESC, s.id DESC"
            ),
            values![request.id, request.workspace],
        )
        .await?;
    rows.into_iter()
        .map(|mut row| share_row(&mut row))
        .collect()
}

pub(crate) async fn delete_share(
    tx: &mut dyn Transaction,
    request: &ShareKey,
) -> Result<(), Error> {
    let rows = tx
        .execute(
            "DELETE FROM shares WHERE id = $1 AND workspace = $2",
            values![request.id, request.workspace],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::NotFound.into());
    }
    Ok(())
}

pub(crate) async fn share(tx: &mut dyn Transaction, request: &ShareHash) -> Result<Share, Error> {
    let mut row = tx
        .one(
            concat!(
                "SELECT ",
                share_columns!(),
                " FROM shares s JOIN comparisons c ON c.id = s.comparison \
                 WHERE s.hash = $1 AND (s.expires IS NULL OR s.expires > now_ms()) \
                 AND c.deleted IS NULL"
            ),
            values![&request.hash],
        )
        .await?;
    share_row(&mut row)
}
