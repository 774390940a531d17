//! `Idempotency-Key`s of workspaces.

use store::{ClaimKey, KeptAnswer, KeyClaim, KeyId, SettleKey};

use super::change;
use crate::Error;
use crate::sql::{Transaction, values};

pub(crate) async fn claim_key(
    tx: &mut dyn Transaction,
    request: &ClaimKey,
) -> Result<KeyClaim, Error> {
    let key = &request.id;
    change(tx, key.workspace).await?;
    let fresh = tx
        .execute(
            "INSERT INTO keys (workspace, key, request, claimed) VALUES ($1, $2, $3, now_ms()) \
             ON CONFLICT (workspace, key) DO NOTHING",
            values![key.workspace, &key.key, &request.request],
        )
        .await?;
    if fresh == 1 {
        return Ok(KeyClaim::Fresh);
    }
    let mut row = tx
        .one(
            "SELECT request, now_ms() - claimed, status, body FROM keys \
             WHERE workspace = $1 AND key = $2",
            values![key.workspace, &key.key],
        )
        .await?;
    if row.text()? != request.request {
        return Ok(KeyClaim::Mismatch);
    }
    let age = row.int()?;
    if let Some(status) = row.optional_unsigned()? {
        let body = row.text()?;
        return Ok(KeyClaim::Done(KeptAnswer { status, body }));
    }
    if age < request.stale_ms {
        return Ok(KeyClaim::Running);
    }
    tx.execute(
        "UPDATE keys SET claimed = now_ms() WHERE workspace = $1 AND key = $2",
        values![key.workspace, &key.key],
    )
    .await?;
    Ok(KeyClaim::Fresh)
}

pub(crate) async fn settle_key(tx: &mut dyn Transaction, request: &SettleKey) -> Result<(), Error> {
    let rows = tx
        .execute(
            "UPDATE keys SET status = $3, body = $4 WHERE workspace = $1 AND key = $2",
            values![
                request.id.workspace,
                &request.id.key,
                u32::from(request.answer.status),
                &request.answer.body
            ],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::NotFound.into());
    }
    Ok(())
}

pub(crate) async fn release_key(tx: &mut dyn Transaction, request: &KeyId) -> Result<(), Error> {
    // What was answered stays answered.
    tx.execute(
        "DELETE FROM keys WHERE workspace = $1 AND key = $2 AND status IS NULL",
        values![request.workspace, &request.key],
    )
    .await?;
    Ok(())
}
