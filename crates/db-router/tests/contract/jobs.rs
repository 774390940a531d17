//! The queue.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use store::*;

use crate::fixture::*;

fn key(workspace: WorkspaceId, job: &Job) -> JobKey {
    JobKey {
        workspace,
        id: job.id,
    }
}

fn failed(claimed: &ClaimedJob, retry: bool) -> FailJob {
    FailJob {
        held: held(claimed),
        error: "too deep".to_owned(),
        retry,
    }
}

fn renew(claimed: &ClaimedJob, done: u32) -> RenewJob {
    RenewJob {
        held: held(claimed),
        lease_ms: LONG,
        stage: "reading".to_owned(),
        done,
        total: 9,
    }
}

pub async fn nobody_gets_a_job_twice(store: Arc<dyn Store>) {
    let mut wanted = HashSet::new();
    for _ in 0..3 {
        let workspace = workspace(&store).await;
        for _ in 0..8 {
            wanted.insert(document(&store, workspace).await.job.id);
        }
    }
    let workers: Vec<_> = (0..6)
        .map(|_| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let mut got = Vec::new();
                while let Some(claimed) = take(&store, JobKind::Ingest).await {
                    got.push(claimed.job.id);
                }
                got
            })
        })
        .collect();
    let mut got = Vec::new();
    for worker in workers {
        got.extend(worker.await.unwrap());
    }
    // A worker may have seen nothing while others held what was left.
    while let Some(claimed) = take(&store, JobKind::Ingest).await {
        got.push(claimed.job.id);
    }
    assert_eq!(got.len(), wanted.len());
    assert_eq!(got.into_iter().collect::<HashSet<_>>(), wanted);
}

pub async fn asking_again_with_a_lease_gives_the_same_job(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    document(&store, workspace).await;
    document(&store, workspace).await;
    let wanted = claim(JobKind::Ingest);
    let first = store.claim_job(wanted.clone()).await.unwrap().unwrap();
    let again = store.claim_job(wanted).await.unwrap().unwrap();
    assert_eq!(first.job, again.job);
    assert_eq!(again.job.tries, 1);
}

pub async fn a_waiting_claim_is_woken(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let waiting = {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let wanted = ClaimJob {
                wait_ms: 25_000,
                ..claim(JobKind::Ingest)
            };
            store.claim_job(wanted).await.unwrap()
        })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    let document = document(&store, workspace).await;
    let claimed = waiting.await.unwrap().unwrap();
    assert_eq!(claimed.job.id, document.job.id);
}

pub async fn a_lease_that_ran_out_goes_to_the_next(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let short = ClaimJob {
        lease_ms: 0,
        ..claim(JobKind::Ingest)
    };
    let first = store.claim_job(short).await.unwrap().unwrap();
    let patient = ClaimJob {
        wait_ms: 25_000,
        ..claim(JobKind::Ingest)
    };
    let second = store.claim_job(patient).await.unwrap().unwrap();
    assert_eq!(second.job.id, first.job.id);
    assert_eq!(second.job.tries, 2);
    assert_eq!(store.renew_job(renew(&first, 1)).await, Ok(Lease::Lost));
    assert_eq!(store.finish_job(held(&first)).await, Err(Error::LeaseLost));
    assert_eq!(
        store.fail_job(failed(&first, true)).await,
        Err(Error::LeaseLost)
    );
    assert_eq!(store.return_job(held(&first)).await, Err(Error::LeaseLost));
    let late = PutPages {
        lease: first.lease,
        document: document.id,
        pages: vec![],
    };
    assert_eq!(store.put_pages(late).await, Err(Error::LeaseLost));
    assert_eq!(store.renew_job(renew(&second, 1)).await, Ok(Lease::Held));
    store.finish_job(held(&second)).await.unwrap();
}

pub async fn a_job_that_silences_its_workers_is_set_aside(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let silent = || ClaimJob {
        lease_ms: -1,
        ..claim(JobKind::Ingest)
    };
    for tries in 1..=MAX_TRIES {
        let claimed = store.claim_job(silent()).await.unwrap().unwrap();
        assert_eq!(claimed.job.tries, tries);
    }
    assert_eq!(store.claim_job(silent()).await, Ok(None));
    let key = DocumentKey {
        workspace,
        id: document.id,
    };
    let document = store.document(key).await.unwrap();
    assert_eq!(document.state, DocumentState::Failed);
    assert!(document.error.is_some());
    assert_eq!(document.job.state, JobState::Failed);
}

pub async fn a_failed_try_is_tried_again_later(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.fail_job(failed(&claimed, true)).await.unwrap();
    store.fail_job(failed(&claimed, true)).await.unwrap();
    assert_eq!(take(&store, JobKind::Ingest).await, None, "not at once");
    let job = store.job(key(workspace, &document.job)).await.unwrap();
    assert_eq!(
        (job.state, job.error.as_deref()),
        (JobState::Queued, Some("too deep"))
    );
    let patient = ClaimJob {
        wait_ms: 29_000,
        ..claim(JobKind::Ingest)
    };
    let again = store.claim_job(patient).await.unwrap().unwrap();
    assert_eq!((again.job.id, again.job.tries), (job.id, 2));
}

pub async fn a_hopeless_job_is_set_aside_at_once(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    store.fail_job(failed(&claimed, false)).await.unwrap();
    let key = ComparisonKey {
        workspace,
        id: made.id,
    };
    let made = store.comparison(key).await.unwrap();
    assert_eq!(
        (made.state, made.error.as_deref()),
        (ComparisonState::Failed, Some("too deep"))
    );
    assert_eq!(made.job.state, JobState::Failed);
    assert_eq!(take(&store, JobKind::Compare).await, None);
}

pub async fn a_job_can_be_handed_back(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.return_job(held(&claimed)).await.unwrap();
    store.return_job(held(&claimed)).await.unwrap();
    assert_eq!(
        store.finish_job(held(&claimed)).await,
        Err(Error::LeaseLost)
    );
    let again = take(&store, JobKind::Ingest).await.unwrap();
    assert_eq!(again.job.tries, 1);
}

pub async fn a_cancelled_job_stops(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    let key = key(workspace, &document.job);
    assert_eq!(
        store.cancel_job(key).await.unwrap().state,
        JobState::Cancelled
    );
    assert_eq!(
        store.cancel_job(key).await.unwrap().state,
        JobState::Cancelled
    );
    assert_eq!(store.renew_job(renew(&claimed, 1)).await, Ok(Lease::Lost));
    assert_eq!(
        store.finish_job(held(&claimed)).await,
        Err(Error::LeaseLost)
    );
    assert_eq!(take(&store, JobKind::Ingest).await, None);
    let of = DocumentKey {
        workspace,
        id: document.id,
    };
    let now = store.document(of).await.unwrap();
    assert_eq!(now.state, DocumentState::Failed);
}

pub async fn an_ended_job_can_be_tried_again(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let key = key(workspace, &document.job);
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.fail_job(failed(&claimed, false)).await.unwrap();
    assert!(matches!(
        store.cancel_job(key).await,
        Err(Error::Conflict(_))
    ));
    let job = store.retry_job(key).await.unwrap();
    assert_eq!(
        (job.state, job.tries, job.error),
        (JobState::Queued, 0, None)
    );
    assert_eq!(store.retry_job(key).await.unwrap().state, JobState::Queued);
    let of = DocumentKey {
        workspace,
        id: document.id,
    };
    assert_eq!(
        store.document(of).await.unwrap().state,
        DocumentState::Processing
    );
    read(&store, document.id, &["words"]).await;
    assert!(matches!(
        store.retry_job(key).await,
        Err(Error::Conflict(_))
    ));
    assert!(matches!(
        store.cancel_job(key).await,
        Err(Error::Conflict(_))
    ));
}

pub async fn no_workspace_waits_behind_another(store: Arc<dyn Store>) {
    let (busy, quiet) = (workspace(&store).await, workspace(&store).await);
    for _ in 0..5 {
        document(&store, busy).await;
    }
    document(&store, quiet).await;
    let first = take(&store, JobKind::Ingest).await.unwrap();
    let second = take(&store, JobKind::Ingest).await.unwrap();
    let served = HashSet::from([first.workspace, second.workspace]);
    assert_eq!(served, HashSet::from([busy, quiet]));
}

pub async fn kinds_are_kept_apart(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    comparison(&store, workspace).await;
    let both = || ClaimJob {
        kinds: JobKind::ALL.to_vec(),
        ..claim(JobKind::Ingest)
    };
    let compare = take(&store, JobKind::Compare).await.unwrap();
    assert_eq!(compare.job.kind, JobKind::Compare);
    assert_eq!(take(&store, JobKind::Compare).await, None);
    for _ in 0..2 {
        let claimed = store.claim_job(both()).await.unwrap().unwrap();
        assert_eq!(claimed.job.kind, JobKind::Ingest);
    }
    assert_eq!(store.claim_job(both()).await, Ok(None));
    let none = ClaimJob {
        kinds: vec![],
        ..both()
    };
    assert!(matches!(
        store.claim_job(none).await,
        Err(Error::Invalid(_))
    ));
}

pub async fn a_watcher_is_told_of_changes(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    // Later by the clock that sorts the queue.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let other = crate::fixture::document(&store, workspace).await;
    let watch = |job, after, wait_ms| Watch {
        workspace,
        job,
        after,
        wait_ms,
    };
    let all = store.watch(watch(None, None, 0)).await.unwrap();
    assert_eq!(all.jobs.len(), 2);
    let one = store
        .watch(watch(Some(document.job.id), None, 0))
        .await
        .unwrap();
    assert_eq!(one.jobs, std::slice::from_ref(&document.job));
    let still = store
        .watch(watch(None, Some(all.version), 0))
        .await
        .unwrap();
    assert_eq!((still.jobs.len(), still.version), (0, all.version));
    let waiting = {
        let store = Arc::clone(&store);
        let watch = watch(Some(document.job.id), Some(one.version), 29_000);
        tokio::spawn(async move { store.watch(watch).await.unwrap() })
    };
    tokio::time::sleep(Duration::from_millis(100)).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    assert_eq!(claimed.job.id, document.job.id);
    let told = waiting.await.unwrap();
    assert_eq!(told.jobs[0].state, JobState::Running);
    store.renew_job(renew(&claimed, 4)).await.unwrap();
    let told = store
        .watch(watch(None, Some(told.version), 29_000))
        .await
        .unwrap();
    assert_eq!(
        (told.jobs[0].done, told.jobs[0].stage.as_str()),
        (4, "reading")
    );
    // A sign of life that says nothing new is no change.
    store.renew_job(renew(&claimed, 4)).await.unwrap();
    let still = store
        .watch(watch(None, Some(told.version), 0))
        .await
        .unwrap();
    assert_eq!(still.jobs, []);
    store.cancel_job(key(workspace, &other.job)).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    let told = store
        .watch(watch(None, Some(still.version), 29_000))
        .await
        .unwrap();
    let states: Vec<_> = told.jobs.iter().map(|job| job.state).collect();
    assert_eq!(states, [JobState::Cancelled, JobState::Done]);
    let gone = Watch {
        workspace: WorkspaceId::random(),
        ..watch(None, None, 0)
    };
    assert_eq!(store.watch(gone).await, Err(Error::NotFound));
}

pub async fn the_first_job_of_a_workspace_is_not_missed(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let watch = |after| Watch {
        workspace,
        job: None,
        after,
        wait_ms: 29_000,
    };
    let nothing = store.watch(watch(None)).await.unwrap();
    assert_eq!((nothing.version, nothing.jobs.len()), (0, 0));
    // All of its life passes while nobody looks.
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    let told = store.watch(watch(Some(nothing.version))).await.unwrap();
    assert_eq!(told.jobs.len(), 1);
    assert_eq!(told.jobs[0].id, document.job.id);
    assert_eq!(told.jobs[0].state, JobState::Done);
}

pub async fn finishing_twice_is_finishing_once(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = document(&store, workspace).await;
    let claimed = take(&store, JobKind::Ingest).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    assert_eq!(store.renew_job(renew(&claimed, 1)).await, Ok(Lease::Lost));
    let job = store.job(key(workspace, &document.job)).await.unwrap();
    assert_eq!(job.state, JobState::Done);
}
