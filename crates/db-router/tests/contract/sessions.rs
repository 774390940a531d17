//! Workspaces, sessions, tokens, idempotency keys.

use std::sync::Arc;

use store::*;

use crate::fixture::*;

pub async fn a_session_lives_until_it_is_unused(store: Arc<dyn Store>) {
    let new = NewSession {
        hash: hash(),
        workspace: WorkspaceId::random(),
        lifetime_ms: LONG,
    };
    let made = store.create_session(new.clone()).await.unwrap();
    assert_eq!(made.workspace, new.workspace);
    assert_eq!(made.expires, made.created + LONG);
    let key = |lifetime_ms| SessionKey {
        hash: new.hash.clone(),
        lifetime_ms,
    };
    // Not worth a write.
    assert_eq!(store.session(key(LONG)).await.unwrap(), made);
    // Slides.
    let slid = store.session(key(3 * LONG)).await.unwrap();
    assert!(slid.expires > made.expires + LONG);
    store.end_session(key(LONG)).await.unwrap();
    store.end_session(key(LONG)).await.unwrap();
    assert_eq!(store.session(key(LONG)).await, Err(Error::NotFound));
    let expired = NewSession {
        hash: hash(),
        workspace: WorkspaceId::random(),
        lifetime_ms: -1,
    };
    let key = SessionKey {
        hash: expired.hash.clone(),
        lifetime_ms: LONG,
    };
    let _ = store.create_session(expired).await;
    assert_eq!(store.session(key).await, Err(Error::NotFound));
}

pub async fn the_same_session_twice_is_one(store: Arc<dyn Store>) {
    let hash = hash();
    let new = || NewSession {
        hash: hash.clone(),
        workspace: WorkspaceId::random(),
        lifetime_ms: LONG,
    };
    let (one, two) = tokio::join!(store.create_session(new()), store.create_session(new()));
    assert_eq!(one.unwrap().workspace, two.unwrap().workspace);
}

pub async fn tokens_are_found_by_their_secret_and_by_nobody_else(store: Arc<dyn Store>) {
    let (mine, other) = (workspace(&store).await, workspace(&store).await);
    let new = NewToken {
        id: TokenId::random(),
        workspace: mine,
        name: "ci".to_owned(),
        hash: hash(),
    };
    let made = store.create_token(new.clone()).await.unwrap();
    assert_eq!(store.create_token(new.clone()).await.unwrap(), made);
    assert_eq!((made.name.as_str(), made.used), ("ci", None));
    let taken = NewToken {
        hash: hash(),
        ..new.clone()
    };
    assert!(matches!(
        store.create_token(taken).await,
        Err(Error::Conflict(_))
    ));
    let key = |workspace| WorkspaceKey { workspace };
    assert_eq!(
        store.tokens(key(mine)).await.unwrap(),
        std::slice::from_ref(&made)
    );
    assert_eq!(store.tokens(key(other)).await.unwrap(), []);
    let by_secret = TokenHash {
        hash: new.hash.clone(),
    };
    let used = store.token(by_secret.clone()).await.unwrap();
    assert!(used.used.is_some());
    assert_eq!(store.token(by_secret.clone()).await.unwrap(), used);
    let foreign = TokenKey {
        workspace: other,
        id: new.id,
    };
    assert_eq!(store.delete_token(foreign).await, Err(Error::NotFound));
    let own = TokenKey {
        workspace: mine,
        id: new.id,
    };
    store.delete_token(own).await.unwrap();
    assert_eq!(store.delete_token(own).await, Err(Error::NotFound));
    assert_eq!(store.token(by_secret).await, Err(Error::NotFound));
}

pub async fn a_deleted_workspace_has_nothing(store: Arc<dyn Store>) {
    let new = NewSession {
        hash: hash(),
        workspace: WorkspaceId::random(),
        lifetime_ms: LONG,
    };
    let workspace = store.create_session(new.clone()).await.unwrap().workspace;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    let key = WorkspaceKey { workspace };
    store.delete_workspace(key).await.unwrap();
    assert_eq!(store.delete_workspace(key).await, Err(Error::NotFound));
    let session = SessionKey {
        hash: new.hash,
        lifetime_ms: LONG,
    };
    assert_eq!(store.session(session).await, Err(Error::NotFound));
    let id = document.id;
    let document = DocumentKey { workspace, id };
    assert_eq!(store.document(document).await, Err(Error::NotFound));
    assert_eq!(store.restore_document(document).await, Err(Error::NotFound));
    assert_eq!(
        store.create_document(new_document(workspace)).await,
        Err(Error::NotFound)
    );
    assert_eq!(store.usage(key).await, Err(Error::NotFound));
    assert_eq!(
        store.finish_job(held(&claimed)).await,
        Err(Error::LeaseLost)
    );
}

pub async fn a_key_runs_once(store: Arc<dyn Store>) {
    let claim = ClaimKey {
        id: KeyId {
            workspace: workspace(&store).await,
            key: "k1".to_owned(),
        },
        request: hash(),
        stale_ms: LONG,
    };
    let (one, two) = tokio::join!(
        store.claim_key(claim.clone()),
        store.claim_key(claim.clone())
    );
    let mut both = [one.unwrap(), two.unwrap()];
    both.sort_by_key(|claim| *claim == KeyClaim::Running);
    assert_eq!(both, [KeyClaim::Fresh, KeyClaim::Running]);
    let other = ClaimKey {
        request: hash(),
        ..claim.clone()
    };
    assert_eq!(store.claim_key(other).await, Ok(KeyClaim::Mismatch));
    let answer = KeptAnswer {
        status: 202,
        body: "{}".to_owned(),
    };
    let settle = SettleKey {
        id: claim.id.clone(),
        answer: answer.clone(),
    };
    store.settle_key(settle).await.unwrap();
    assert_eq!(
        store.claim_key(claim.clone()).await,
        Ok(KeyClaim::Done(answer.clone()))
    );
    // Too late to give it back.
    store.release_key(claim.id.clone()).await.unwrap();
    assert_eq!(
        store.claim_key(claim.clone()).await,
        Ok(KeyClaim::Done(answer))
    );
    // Another workspace's key of the same name is another key.
    let mut foreign = claim;
    foreign.id.workspace = workspace(&store).await;
    assert_eq!(store.claim_key(foreign).await, Ok(KeyClaim::Fresh));
}

pub async fn a_key_is_given_back_or_goes_stale(store: Arc<dyn Store>) {
    let claim = ClaimKey {
        id: KeyId {
            workspace: workspace(&store).await,
            key: "k1".to_owned(),
        },
        request: hash(),
        stale_ms: 0,
    };
    assert_eq!(store.claim_key(claim.clone()).await, Ok(KeyClaim::Fresh));
    assert_eq!(
        store.claim_key(claim.clone()).await,
        Ok(KeyClaim::Fresh),
        "stale"
    );
    store.release_key(claim.id.clone()).await.unwrap();
    let again = ClaimKey {
        stale_ms: LONG,
        ..claim.clone()
    };
    assert_eq!(store.claim_key(again).await, Ok(KeyClaim::Fresh));
    let nothing = SettleKey {
        id: KeyId {
            key: "other".to_owned(),
            ..claim.id
        },
        answer: KeptAnswer {
            status: 200,
            body: String::new(),
        },
    };
    assert_eq!(store.settle_key(nothing).await, Err(Error::NotFound));
}
