//! Purging and numbers.

use std::sync::Arc;

use store::*;

use crate::fixture::*;

/// Purges in small steps until nothing is left; gives the number of rows.
async fn purge(store: &Arc<dyn Store>, undo_ms: i64) -> u64 {
    let mut rows = 0;
    loop {
        let purged = store.purge(Purge { undo_ms, limit: 2 }).await.unwrap();
        rows += purged.rows;
        if !purged.more {
            return rows;
        }
    }
}

async fn wanted(store: &Arc<dyn Store>, names: &[&str]) -> Vec<String> {
    let names = names.iter().map(|&name| name.to_owned()).collect();
    let mut wanted = store.wanted_blobs(BlobNames { names }).await.unwrap().names;
    wanted.sort_unstable();
    wanted
}

pub async fn what_was_deleted_long_ago_is_purged(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = ready_document(&store, workspace, &["a b", "c d", "e f"]).await;
    let kept = ready_document(&store, workspace, &["a b"]).await;
    let key = DocumentKey {
        workspace,
        id: document.id,
    };
    store.delete_document(key).await.unwrap();
    assert_eq!(purge(&store, LONG).await, 0);
    store.restore_document(key).await.unwrap();
    assert_eq!(purge(&store, -1).await, 0);
    store.delete_document(key).await.unwrap();
    assert!(purge(&store, -1).await >= 4);
    assert_eq!(store.restore_document(key).await, Err(Error::NotFound));
    assert_eq!(purge(&store, -1).await, 0);
    let of = DocumentKey {
        workspace,
        id: kept.id,
    };
    assert_eq!(store.document(of).await.unwrap(), kept);
    let search = Search {
        workspace,
        query: "a".to_owned(),
        document: None,
        slice: slice(9),
    };
    let hits = store.search(search).await.unwrap().items;
    assert_eq!(
        hits.iter().map(|hit| hit.document).collect::<Vec<_>>(),
        [kept.id]
    );
    // Uploaded again, it is a new document.
    let again = NewDocument {
        sha256: document.sha256,
        ..new_document(workspace)
    };
    let new = store.create_document(again.clone()).await.unwrap().document;
    assert_eq!(new.id, again.id);
}

pub async fn documents_of_a_comparison_stay_with_it(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let old = DocumentKey {
        workspace,
        id: made.old,
    };
    let blob = store.document(old).await.unwrap().sha256;
    store.delete_document(old).await.unwrap();
    purge(&store, -1).await;
    let key = ComparisonKey {
        workspace,
        id: made.id,
    };
    assert_eq!(store.comparison(key).await.unwrap().old_name, "plan.pdf");
    assert_eq!(wanted(&store, &[&blob]).await, std::slice::from_ref(&blob));
    store.delete_comparison(key).await.unwrap();
    assert!(purge(&store, -1).await >= 2);
    assert_eq!(store.restore_comparison(key).await, Err(Error::NotFound));
    assert!(wanted(&store, &[&blob]).await.is_empty());
    // Brought back after its pages are gone, a document is read anew.
    let document = ready_document_of(&store, workspace, made.new).await;
    let itself = new_comparison(workspace, document.id, document.id);
    store.create_comparison(itself).await.unwrap();
    let key = DocumentKey {
        workspace,
        id: document.id,
    };
    store.delete_document(key).await.unwrap();
    purge(&store, -1).await;
    let back = store.restore_document(key).await.unwrap();
    assert_eq!(back.job.state, JobState::Queued);
}

async fn ready_document_of(
    store: &Arc<dyn Store>,
    workspace: WorkspaceId,
    id: DocumentId,
) -> Document {
    read(store, id, &["words"]).await;
    store.document(DocumentKey { workspace, id }).await.unwrap()
}

pub async fn blobs_in_use_are_wanted(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    comparison(&store, workspace).await;
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    let put = PutReport {
        lease: claimed.lease,
        comparison: claimed.job.comparison.unwrap(),
        report: "report-1".to_owned(),
        summary: "{}".to_owned(),
        complete: true,
    };
    store.put_report(put).await.unwrap();
    let names = [document.sha256.as_str(), "report-1", "report-0", "\"'"];
    let mut expected = vec![document.sha256.clone(), "report-1".to_owned()];
    expected.sort_unstable();
    assert_eq!(wanted(&store, &names).await, expected);
    assert!(wanted(&store, &[]).await.is_empty());
}

pub async fn an_abandoned_workspace_is_purged(store: Arc<dyn Store>) {
    let new = NewSession {
        hash: hash(),
        workspace: WorkspaceId::random(),
        lifetime_ms: LONG,
    };
    let workspace = store.create_session(new.clone()).await.unwrap().workspace;
    let document = document(&store, workspace).await;
    assert_eq!(purge(&store, -1).await, 0);
    let session = SessionKey {
        hash: new.hash,
        lifetime_ms: LONG,
    };
    store.end_session(session).await.unwrap();
    assert_eq!(purge(&store, LONG).await, 0, "not at once");
    purge(&store, -1).await;
    // Nothing of it is found any more, and a further round removes the rest.
    purge(&store, -1).await;
    assert_eq!(
        store.usage(WorkspaceKey { workspace }).await,
        Err(Error::NotFound)
    );
    assert!(wanted(&store, &[&document.sha256]).await.is_empty());
    assert_eq!(store.statistics(()).await.unwrap().documents, 0);
}

pub async fn numbers_add_up(store: Arc<dyn Store>) {
    assert_eq!(store.statistics(()).await.unwrap(), Statistics::default());
    let workspace = workspace(&store).await;
    comparison(&store, workspace).await;
    take(&store, JobKind::Ingest).await.unwrap();
    let numbers = store.statistics(()).await.unwrap();
    assert_eq!(
        (numbers.sessions, numbers.documents, numbers.comparisons),
        (1, 2, 1)
    );
    let counts: Vec<_> = numbers
        .jobs
        .iter()
        .map(|count| (count.kind, count.state, count.count))
        .collect();
    assert_eq!(
        counts,
        [
            (JobKind::Compare, JobState::Queued, 1),
            (JobKind::Ingest, JobState::Queued, 1),
            (JobKind::Ingest, JobState::Running, 1),
        ]
    );
    assert!(numbers.jobs.iter().all(|count| count.oldest_ms >= 0));
}
