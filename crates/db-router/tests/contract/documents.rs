//! Documents and their pages.

use std::sync::Arc;

use store::*;

use crate::fixture::*;

fn key(workspace: WorkspaceId, id: DocumentId) -> DocumentKey {
    DocumentKey { workspace, id }
}

fn list(workspace: WorkspaceId, slice: Slice) -> ListDocuments {
    ListDocuments {
        workspace,
        slice,
        series: None,
    }
}

pub async fn a_document_is_recorded_with_its_job(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let new = NewDocument {
        name: "zeichnung\0 ä.pdf".to_owned(),
        trace: Some("00-abc-def-01".to_owned()),
        ..new_document(workspace)
    };
    let created = store.create_document(new.clone()).await.unwrap();
    assert!(!created.known);
    let document = created.document;
    assert_eq!(document.id, new.id);
    assert_eq!(document.name, "zeichnung ä.pdf");
    assert_eq!((document.bytes, document.pages), (1000, None));
    assert_eq!(document.series, SeriesId(new.id.0));
    assert_eq!(document.state, DocumentState::Processing);
    assert_eq!(document.job.id, new.job);
    assert_eq!(document.job.state, JobState::Queued);
    assert_eq!(document.job.document, Some(new.id));
    let job = JobKey {
        workspace,
        id: new.job,
    };
    assert_eq!(store.job(job).await.unwrap(), document.job);
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    assert_eq!(claimed.trace.as_deref(), Some("00-abc-def-01"));
    assert_eq!(claimed.documents.len(), 1);
    assert_eq!(claimed.documents[0].sha256, new.sha256);
    assert_eq!(claimed.workspace, workspace);
}

pub async fn the_same_bytes_are_the_same_document(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let new = new_document(workspace);
    store.create_document(new.clone()).await.unwrap();
    let again = NewDocument {
        id: DocumentId::random(),
        job: JobId::random(),
        name: "copy.pdf".to_owned(),
        ..new.clone()
    };
    let known = store.create_document(again).await.unwrap();
    assert!(known.known);
    assert_eq!(known.document.id, new.id);
    assert_eq!(known.document.name, "plan.pdf");
    // The same request again, its answer lost.
    let known = store.create_document(new.clone()).await.unwrap();
    assert_eq!(known.document.id, new.id);
    // Another workspace's copy is another document.
    let other = NewDocument {
        id: DocumentId::random(),
        job: JobId::random(),
        workspace: crate::fixture::workspace(&store).await,
        ..new.clone()
    };
    let created = store.create_document(other).await.unwrap();
    assert!(!created.known);
    // A name once given names nothing else.
    let taken = NewDocument {
        sha256: hash(),
        ..new
    };
    assert!(matches!(
        store.create_document(taken).await,
        Err(Error::Conflict(_))
    ));
}

pub async fn nothing_of_another_workspace_is_found(store: Arc<dyn Store>) {
    let (mine, other) = (workspace(&store).await, workspace(&store).await);
    let document = ready_document(&store, mine, &["some words"]).await;
    let foreign = key(other, document.id);
    assert_eq!(store.document(foreign).await, Err(Error::NotFound));
    assert_eq!(store.delete_document(foreign).await, Err(Error::NotFound));
    assert_eq!(store.restore_document(foreign).await, Err(Error::NotFound));
    assert_eq!(store.page_sizes(foreign).await, Err(Error::NotFound));
    let page = PageKey {
        workspace: other,
        document: document.id,
        page: 1,
    };
    assert_eq!(store.page_words(page).await, Err(Error::NotFound));
    let change = ChangeDocument {
        workspace: other,
        id: document.id,
        name: Some("mine".to_owned()),
        series: None,
    };
    assert_eq!(store.change_document(change).await, Err(Error::NotFound));
    let job = JobKey {
        workspace: other,
        id: document.job.id,
    };
    assert_eq!(store.job(job).await, Err(Error::NotFound));
    assert_eq!(store.cancel_job(job).await, Err(Error::NotFound));
    assert_eq!(store.retry_job(job).await, Err(Error::NotFound));
    let watch = Watch {
        workspace: other,
        job: Some(job.id),
        after: None,
        wait_ms: 0,
    };
    assert_eq!(store.watch(watch).await, Err(Error::NotFound));
    assert_eq!(
        store.documents(list(other, slice(10))).await.unwrap().items,
        []
    );
    let own = crate::fixture::document(&store, other).await;
    let compare = new_comparison(other, own.id, document.id);
    assert_eq!(store.create_comparison(compare).await, Err(Error::NotFound));
    assert_eq!(store.document(key(mine, document.id)).await, Ok(document));
}

pub async fn limits_are_kept_to(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let quota = Quota {
        bytes: 2500,
        documents: 3,
        jobs: 2,
    };
    let new = || NewDocument {
        quota,
        ..new_document(workspace)
    };
    let first = new();
    store.create_document(first.clone()).await.unwrap();
    store.create_document(new()).await.unwrap();
    // Said before and when it is recorded alike.
    let refused = async |document: NewDocument| {
        let before = store.admit_document(document.clone()).await;
        assert!(matches!(before, Err(Error::Quota(_))), "{before:?}");
        let answer = store.create_document(document).await;
        assert!(matches!(answer, Err(Error::Quota(_))), "{answer:?}");
    };
    // 3000 bytes.
    refused(new()).await;
    let small = || NewDocument { bytes: 10, ..new() };
    // A third job.
    refused(small()).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    let third = small();
    store.admit_document(third.clone()).await.unwrap();
    store.create_document(third).await.unwrap();
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    // A fourth document.
    refused(small()).await;
    // What is known costs nothing.
    store.admit_document(first.clone()).await.unwrap();
    assert!(store.create_document(first.clone()).await.unwrap().known);
    let usage = store.usage(WorkspaceKey { workspace }).await.unwrap();
    let expected = Usage {
        bytes: 2010,
        documents: 3,
        comparisons: 0,
        jobs: 1,
    };
    assert_eq!(usage, expected);
    // What is deleted does not count.
    store
        .delete_document(key(workspace, first.id))
        .await
        .unwrap();
    store.create_document(small()).await.unwrap();
}

pub async fn a_list_is_read_page_by_page(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let mut ids = Vec::new();
    for _ in 0..7 {
        ids.push(document(&store, workspace).await.id);
    }
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let slice = Slice { cursor, limit: 3 };
        let listing = store.documents(list(workspace, slice)).await.unwrap();
        assert!(listing.items.len() <= 3);
        assert!(listing.items.is_sorted_by(|a, b| a.created >= b.created));
        seen.extend(listing.items.iter().map(|d| d.id));
        cursor = listing.next;
        if cursor.is_none() {
            break;
        }
    }
    seen.sort_unstable();
    ids.sort_unstable();
    assert_eq!(seen, ids);
    let nonsense = Slice {
        cursor: Some("nonsense".to_owned()),
        limit: 3,
    };
    let answer = store.documents(list(workspace, nonsense)).await;
    assert!(matches!(answer, Err(Error::Invalid(_))));
    let whole = store.documents(list(workspace, slice(7))).await.unwrap();
    assert_eq!((whole.items.len(), whole.next), (7, None));
}

pub async fn deleting_can_be_undone(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = ready_document(&store, workspace, &["one", "two"]).await;
    assert_eq!(document.state, DocumentState::Ready);
    let key = key(workspace, document.id);
    store.delete_document(key).await.unwrap();
    assert_eq!(store.delete_document(key).await, Err(Error::NotFound));
    assert_eq!(store.document(key).await, Err(Error::NotFound));
    assert_eq!(
        store
            .documents(list(workspace, slice(9)))
            .await
            .unwrap()
            .items,
        []
    );
    assert_eq!(store.restore_document(key).await.unwrap(), document);
    assert_eq!(store.restore_document(key).await.unwrap(), document);
    // Or by uploading it again: nothing is read anew.
    store.delete_document(key).await.unwrap();
    let again = NewDocument {
        sha256: document.sha256.clone(),
        ..new_document(workspace)
    };
    let back = store.create_document(again).await.unwrap();
    assert!(!back.known);
    assert_eq!(back.document, document);
    assert_eq!(take(&store, JobKind::Ingest).await, None);
}

pub async fn deleting_stops_the_job_and_undoing_starts_it_again(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let key = key(workspace, document.id);
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.delete_document(key).await.unwrap();
    let renew = RenewJob {
        held: held(&claimed),
        lease_ms: LONG,
        stage: String::new(),
        done: 1,
        total: 2,
    };
    assert_eq!(store.renew_job(renew).await, Ok(Lease::Lost));
    assert_eq!(
        store.finish_job(held(&claimed)).await,
        Err(Error::LeaseLost)
    );
    let back = store.restore_document(key).await.unwrap();
    assert_eq!(back.state, DocumentState::Processing);
    assert_eq!(back.job.state, JobState::Queued);
    read(&store, document.id, &["words"]).await;
    // Uploaded again after it was deleted half-way: a new job.
    let new = new_document(workspace);
    let half = store.create_document(new.clone()).await.unwrap().document;
    store
        .delete_document(DocumentKey {
            workspace,
            id: half.id,
        })
        .await
        .unwrap();
    let again = NewDocument {
        id: DocumentId::random(),
        job: JobId::random(),
        ..new
    };
    let back = store.create_document(again.clone()).await.unwrap().document;
    assert_eq!((back.id, back.job.id), (half.id, again.job));
    read(&store, half.id, &["words"]).await;
}

pub async fn names_and_series_can_be_changed(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let first = document(&store, workspace).await;
    let second = document(&store, workspace).await;
    let change = ChangeDocument {
        workspace,
        id: second.id,
        name: None,
        series: Some(first.series),
    };
    let changed = store.change_document(change.clone()).await.unwrap();
    assert_eq!((changed.name, changed.series), (second.name, first.series));
    let rename = ChangeDocument {
        name: Some("rev B.pdf".to_owned()),
        series: None,
        ..change
    };
    let changed = store.change_document(rename).await.unwrap();
    assert_eq!(
        (changed.name.as_str(), changed.series),
        ("rev B.pdf", first.series)
    );
    let series = ListDocuments {
        series: Some(first.series),
        ..list(workspace, slice(10))
    };
    assert_eq!(store.documents(series).await.unwrap().items.len(), 2);
}

pub async fn pages_are_kept_as_given(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    let mut first = page(1, "Rev\0ision A ÄÖ");
    first.size = [841.89, 595.28];
    first.words[1].joined = true;
    let second = PageWords {
        page: 2,
        failed: Some("too deep".to_owned()),
        ..PageWords::default()
    };
    let put = PutPages {
        lease: claimed.lease,
        document: document.id,
        pages: vec![page(1, "an older try"), page(3, "too many")],
    };
    store.put_pages(put.clone()).await.unwrap();
    let info = DocumentInfo {
        lease: claimed.lease,
        document: document.id,
        title: Some("Plan".to_owned()),
        pages: 2,
    };
    store.put_document_info(info.clone()).await.unwrap();
    let put = PutPages {
        pages: vec![first.clone(), second.clone()],
        ..put
    };
    store.put_pages(put.clone()).await.unwrap();
    store.put_pages(put.clone()).await.unwrap();
    let key = |page| PageKey {
        workspace,
        document: document.id,
        page,
    };
    assert_eq!(store.page_words(key(1)).await.unwrap(), first);
    assert_eq!(store.page_words(key(2)).await.unwrap(), second);
    assert_eq!(store.page_words(key(3)).await, Err(Error::NotFound));
    let of = DocumentKey {
        workspace,
        id: document.id,
    };
    let sizes = store.page_sizes(of).await.unwrap();
    assert_eq!(
        sizes.iter().map(|s| s.size).collect::<Vec<_>>(),
        [[841.89, 595.28], [0.0, 0.0]]
    );
    let known = store.document(of).await.unwrap();
    assert_eq!(
        (known.pages, known.title.as_deref()),
        (Some(2), Some("Plan"))
    );
    // Only under the lease.
    let stranger = PutPages {
        lease: LeaseId::random(),
        ..put.clone()
    };
    assert_eq!(store.put_pages(stranger).await, Err(Error::LeaseLost));
    store.finish_job(held(&claimed)).await.unwrap();
    assert_eq!(store.put_pages(put).await, Err(Error::LeaseLost));
    assert_eq!(store.put_document_info(info).await, Err(Error::LeaseLost));
}

pub async fn what_was_read_elsewhere_is_kept_at_once(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let read = |name: &str, pages: &[&str]| ReadDocument {
        document: NewDocument {
            name: name.to_owned(),
            sha256: "a".repeat(64),
            ..new_document(workspace)
        },
        title: Some("Pump".to_owned()),
        pages: pages
            .iter()
            .zip(1..)
            .map(|(text, number)| page(number, text))
            .collect(),
    };
    let first = read("pump.pdf", &["inlet FT-1001", "outlet", "index"]);
    let kept = store.put_document(first.clone()).await.unwrap();
    assert_eq!(kept.id, first.document.id);
    assert_eq!((kept.state, kept.pages), (DocumentState::Ready, Some(3)));
    assert_eq!(kept.job.state, JobState::Done);
    assert!(
        take(&store, JobKind::Ingest).await.is_none(),
        "nothing is to be done"
    );

    // The same bytes read anew: in place of what was there.
    let again = read("pump rev B.pdf", &["inlet FT-2002", "outlet"]);
    let replaced = store.put_document(again).await.unwrap();
    assert_eq!((replaced.id, replaced.pages), (kept.id, Some(2)));
    assert_eq!(replaced.name, "pump rev B.pdf");
    let key = |page| PageKey {
        workspace,
        document: kept.id,
        page,
    };
    assert_eq!(store.page_words(key(2)).await.unwrap(), page(2, "outlet"));
    assert_eq!(store.page_words(key(3)).await, Err(Error::NotFound));
    let search = |query: &str| Search {
        workspace,
        query: query.to_owned(),
        document: None,
        slice: slice(10),
    };
    assert!(
        store
            .search(search("FT-1001"))
            .await
            .unwrap()
            .items
            .is_empty()
    );
    assert_eq!(store.search(search("T-200")).await.unwrap().items.len(), 1);

    // A document that waits for a reader is read with it; the reader finds it done.
    let waiting = document(&store, workspace).await;
    let mut elsewhere = read("other.pdf", &["one"]);
    elsewhere.document.sha256.clone_from(&waiting.sha256);
    let kept = store.put_document(elsewhere).await.unwrap();
    assert_eq!((kept.id, kept.state), (waiting.id, DocumentState::Ready));
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    assert_eq!(claimed.job.document, Some(waiting.id));
    store.finish_job(held(&claimed)).await.unwrap();
}
