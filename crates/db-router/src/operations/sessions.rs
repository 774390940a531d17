//! Workspaces, sessions, tokens.

use store::{
    NewSession, NewToken, Session, SessionKey, Token, TokenHash, TokenId, TokenKey, Usage,
    WorkspaceId, WorkspaceKey,
};

use super::change;
use crate::Error;
use crate::sql::{Row, Transaction, values};

/// A session's end or a token's use is written down at most this often, ms.
const SLIDE_MS: i64 = 3_600_000;

fn session_row(row: &mut Row) -> Result<Session, Error> {
    Ok(Session {
        workspace: WorkspaceId(row.uuid()?),
        created: row.int()?,
        expires: row.int()?,
    })
}

async fn live_session(
    tx: &mut dyn Transaction,
    hash: &str,
) -> Result<Option<(Session, i64)>, Error> {
    let row = tx
        .first(
            "SELECT s.workspace, s.created, s.expires, now_ms() \
             FROM sessions s JOIN workspaces w ON w.id = s.workspace \
             WHERE s.hash = $1 AND s.expires > now_ms() AND w.deleted IS NULL",
            values![hash],
        )
        .await?;
    row.map(|mut row| Ok((session_row(&mut row)?, row.int()?)))
        .transpose()
}

pub(crate) async fn create_session(
    tx: &mut dyn Transaction,
    request: &NewSession,
) -> Result<Session, Error> {
    if let Some((session, _)) = live_session(tx, &request.hash).await? {
        return Ok(session);
    }
    tx.execute(
        "INSERT INTO workspaces (id, created) VALUES ($1, now_ms()) ON CONFLICT (id) DO NOTHING",
        values![request.workspace],
    )
    .await?;
    // An expired session may still lie there.
    tx.execute(
        "DELETE FROM sessions WHERE hash = $1 AND expires <= now_ms()",
        values![&request.hash],
    )
    .await?;
    tx.execute(
        "INSERT INTO sessions (hash, workspace, created, expires) \
         VALUES ($1, $2, now_ms(), now_ms() + $3) ON CONFLICT (hash) DO NOTHING",
        values![&request.hash, request.workspace, request.lifetime_ms],
    )
    .await?;
    // Whoever made it first: the same session at the same time is one session.
    let (session, _) = live_session(tx, &request.hash)
        .await?
        .ok_or_else(|| store::Error::Conflict("the workspace was deleted".to_owned()))?;
    Ok(session)
}

pub(crate) async fn session(
    tx: &mut dyn Transaction,
    request: &SessionKey,
) -> Result<Session, Error> {
    let (mut session, now) = live_session(tx, &request.hash)
        .await?
        .ok_or(store::Error::NotFound)?;
    let expires = now + request.lifetime_ms;
    if expires - session.expires >= SLIDE_MS.min(request.lifetime_ms / 2) {
        tx.execute(
            "UPDATE sessions SET expires = $2 WHERE hash = $1",
            values![&request.hash, expires],
        )
        .await?;
        session.expires = expires;
    }
    Ok(session)
}

pub(crate) async fn end_session(
    tx: &mut dyn Transaction,
    request: &SessionKey,
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM sessions WHERE hash = $1",
        values![&request.hash],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete_workspace(
    tx: &mut dyn Transaction,
    request: &WorkspaceKey,
) -> Result<(), Error> {
    let workspace = request.workspace;
    let open = "SELECT id FROM jobs WHERE workspace = $1 AND state IN ('queued', 'running') \
                ORDER BY id FOR NO KEY UPDATE";
    tx.query(open, values![workspace]).await?;
    let version = change(tx, workspace).await?;
    tx.execute(
        "UPDATE jobs SET state = 'cancelled', version = $2, updated = now_ms() \
         WHERE workspace = $1 AND state IN ('queued', 'running')",
        values![workspace, version],
    )
    .await?;
    // The rest is removed in small steps by the next purge; nothing finds it
    // until then.
    for sql in [
        "UPDATE workspaces SET deleted = now_ms() WHERE id = $1",
        "UPDATE documents SET deleted = 0 WHERE workspace = $1",
        "UPDATE comparisons SET deleted = 0 WHERE workspace = $1",
        "DELETE FROM sessions WHERE workspace = $1",
        "DELETE FROM tokens WHERE workspace = $1",
        "DELETE FROM shares WHERE workspace = $1",
    ] {
        tx.execute(sql, values![workspace]).await?;
    }
    Ok(())
}

macro_rules! token_columns {
    () => {
        "id, workspace, name, created, used"
    };
}

fn token_row(row: &mut Row) -> Result<Token, Error> {
    Ok(Token {
        id: TokenId(row.uuid()?),
        workspace: WorkspaceId(row.uuid()?),
        name: row.text()?,
        created: row.int()?,
        used: row.optional_int()?,
    })
}

pub(crate) async fn create_token(
    tx: &mut dyn Transaction,
    request: &NewToken,
) -> Result<Token, Error> {
    change(tx, request.workspace).await?;
    tx.execute(
        "INSERT INTO tokens (id, workspace, name, hash, created) \
         VALUES ($1, $2, $3, $4, now_ms()) ON CONFLICT DO NOTHING",
        values![request.id, request.workspace, &request.name, &request.hash],
    )
    .await?;
    let row = tx
        .first(
            concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE id = $1 AND workspace = $2 AND hash = $3"
            ),
            values![request.id, request.workspace, &request.hash],
        )
        .await?;
    let mut row =
        row.ok_or_else(|| store::Error::Conflict("the token's name is taken".to_owned()))?;
    token_row(&mut row)
}

pub(crate) async fn tokens(
    tx: &mut dyn Transaction,
    request: &WorkspaceKey,
) -> Result<Vec<Token>, Error> {
    let rows = tx
        .query(
            concat!(
                "SELECT ",
                token_columns!(),
                " FROM tokens WHERE workspace = $1 ORDER BY created DESC, id DESC"
            ),
            values![request.workspace],
        )
        .await?;
    rows.into_iter()
        .map(|mut row| token_row(&mut row))
        .collect()
}

pub(crate) async fn token(tx: &mut dyn Transaction, request: &TokenHash) -> Result<Token, Error> {
    let mut row = tx
        .one(
            concat!(
                "SELECT ",
                token_columns!(),
                ", now_ms() FROM tokens WHERE hash = $1"
            ),
            values![&request.hash],
        )
        .await?;
    let mut token = token_row(&mut row)?;
    let now = row.int()?;
    if token.used.is_none_or(|used| now - used >= SLIDE_MS) {
        tx.execute(
            "UPDATE tokens SET used = $2 WHERE id = $1",
            values![token.id, now],
        )
        .await?;
        token.used = Some(now);
    }
    Ok(token)
}

pub(crate) async fn delete_token(
    tx: &mut dyn Transaction,
    request: &TokenKey,
) -> Result<(), Error> {
    let rows = tx
        .execute(
            "DELETE FROM tokens WHERE id = $1 AND workspace = $2",
            values![request.id, request.workspace],
        )
        .await?;
    if rows == 0 {
        return Err(store::Error::NotFound.into());
    }
    Ok(())
}

pub(crate) async fn usage(
    tx: &mut dyn Transaction,
    request: &WorkspaceKey,
) -> Result<Usage, Error> {
    // COALESCE and CAST because PostgreSQL sums 64-bit numbers into decimals.
    let mut row = tx
        .one(
            "SELECT \
             (SELECT CAST(COALESCE(sum(bytes), 0) AS bigint) FROM documents \
              WHERE workspace = w.id AND deleted IS NULL), \
             (SELECT count(*) FROM documents WHERE workspace = w.id AND deleted IS NULL), \
             (SELECT count(*) FROM comparisons WHERE workspace = w.id AND deleted IS NULL), \
             (SELECT count(*) FROM jobs \
              WHERE workspace = w.id AND state IN ('queued', 'running')) \
             FROM workspaces w WHERE w.id = $1 AND w.deleted IS NULL",
            values![request.workspace],
        )
        .await?;
    Ok(Usage {
        bytes: row.unsigned()?,
        documents: row.unsigned()?,
        comparisons: row.unsigned()?,
        jobs: row.unsigned()?,
    })
}
