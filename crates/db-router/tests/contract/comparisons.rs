//! Comparisons, reports, reviews, links.

use std::sync::Arc;

use store::*;

use crate::fixture::*;

fn key(comparison: &Comparison) -> ComparisonKey {
    ComparisonKey {
        workspace: comparison.workspace,
        id: comparison.id,
    }
}

fn report(claimed: &ClaimedJob, name: &str, complete: bool) -> PutReport {
    PutReport {
        lease: claimed.lease,
        comparison: claimed.job.comparison.unwrap(),
        report: name.to_owned(),
        summary: "{\"changes\":2}".to_owned(),
        complete,
    }
}

pub async fn a_comparison_is_recorded_with_its_job(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    assert_eq!(made.state, ComparisonState::Processing);
    assert_eq!(
        (made.report.as_deref(), made.summary.as_deref()),
        (None, None)
    );
    assert_eq!(made.old_name, "plan.pdf");
    assert_eq!(made.job.comparison, Some(made.id));
    assert_eq!(store.comparison(key(&made)).await.unwrap(), made);
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    let documents: Vec<_> = claimed.documents.iter().map(|d| d.id).collect();
    assert_eq!(documents, [made.old, made.new]);
    assert_eq!(claimed.options, "{}");
    let other = crate::fixture::workspace(&store).await;
    let foreign = ComparisonKey {
        workspace: other,
        id: made.id,
    };
    assert_eq!(store.comparison(foreign).await, Err(Error::NotFound));
    assert_eq!(store.delete_comparison(foreign).await, Err(Error::NotFound));
    assert_eq!(
        store.restore_comparison(foreign).await,
        Err(Error::NotFound)
    );
    assert_eq!(store.reviews(foreign).await, Err(Error::NotFound));
    assert_eq!(store.shares(foreign).await, Err(Error::NotFound));
}

pub async fn the_same_comparison_is_one(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let (old, new) = (
        document(&store, workspace).await,
        document(&store, workspace).await,
    );
    let wanted = || new_comparison(workspace, old.id, new.id);
    let first = store.create_comparison(wanted()).await.unwrap();
    assert!(!first.known);
    let again = store.create_comparison(wanted()).await.unwrap();
    assert!(again.known);
    assert_eq!(again.comparison.id, first.comparison.id);
    let other = NewComparison {
        options: "{\"tolerance\":2.0}".to_owned(),
        ..wanted()
    };
    assert!(!store.create_comparison(other).await.unwrap().known);
    let back = new_comparison(workspace, new.id, old.id);
    assert!(!store.create_comparison(back).await.unwrap().known);
    let itself = new_comparison(workspace, new.id, new.id);
    assert!(!store.create_comparison(itself).await.unwrap().known);
    let of = |document, limit| ListComparisons {
        workspace,
        slice: slice(limit),
        document,
    };
    let all = store.comparisons(of(None, 2)).await.unwrap();
    assert_eq!(all.items.len(), 2);
    let rest = ListComparisons {
        slice: Slice {
            cursor: all.next,
            limit: 9,
        },
        ..of(None, 0)
    };
    assert_eq!(store.comparisons(rest).await.unwrap().items.len(), 2);
    let of_old = store.comparisons(of(Some(old.id), 9)).await.unwrap();
    assert_eq!(of_old.items.len(), 3);
    let missing = new_comparison(workspace, old.id, DocumentId::random());
    assert_eq!(store.create_comparison(missing).await, Err(Error::NotFound));
    let many = NewComparison {
        quota: Quota { jobs: 1, ..QUOTA },
        options: "{\"only\":[\"text\"]}".to_owned(),
        ..wanted()
    };
    assert!(matches!(
        store.create_comparison(many).await,
        Err(Error::Quota(_))
    ));
}

pub async fn a_report_comes_in_two_steps(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    let finish = store.finish_job(held(&claimed)).await;
    assert!(matches!(finish, Err(Error::Conflict(_))), "no report yet");
    store
        .put_report(report(&claimed, "partial", false))
        .await
        .unwrap();
    let now = store.comparison(key(&made)).await.unwrap();
    assert_eq!(now.state, ComparisonState::Partial);
    assert_eq!(now.report.as_deref(), Some("partial"));
    store
        .put_report(report(&claimed, "whole", true))
        .await
        .unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    let now = store.comparison(key(&made)).await.unwrap();
    assert_eq!(now.state, ComparisonState::Ready);
    assert_eq!(now.report.as_deref(), Some("whole"));
    assert_eq!(now.summary.as_deref(), Some("{\"changes\":2}"));
    assert_eq!(now.job.state, JobState::Done);
    let late = store.put_report(report(&claimed, "late", true)).await;
    assert_eq!(late, Err(Error::LeaseLost));
}

pub async fn reviews_stand_as_last_said(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let say = |verdict, comment: &str| SetReview {
        workspace,
        comparison: made.id,
        change: "c1".to_owned(),
        verdict,
        comment: comment.to_owned(),
    };
    store.set_review(say(Verdict::Query, "why?")).await.unwrap();
    let last = store.set_review(say(Verdict::Accepted, "")).await.unwrap();
    assert_eq!(
        (last.verdict, last.comment.as_str()),
        (Verdict::Accepted, "")
    );
    assert_eq!(store.reviews(key(&made)).await.unwrap(), [last]);
    let foreign = SetReview {
        workspace: crate::fixture::workspace(&store).await,
        ..say(Verdict::Open, "x")
    };
    assert_eq!(store.set_review(foreign).await, Err(Error::NotFound));
}

pub async fn links_open_one_comparison(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let new = |expires| NewShare {
        id: ShareId::random(),
        workspace,
        comparison: made.id,
        hash: hash(),
        expires,
    };
    let open = new(None);
    let share = store.create_share(open.clone()).await.unwrap();
    assert_eq!(store.create_share(open.clone()).await.unwrap(), share);
    let by_secret = ShareHash {
        hash: open.hash.clone(),
    };
    assert_eq!(store.share(by_secret.clone()).await.unwrap(), share);
    let expired = new(Some(1));
    store.create_share(expired.clone()).await.unwrap();
    let answer = store.share(ShareHash { hash: expired.hash }).await;
    assert_eq!(answer, Err(Error::NotFound));
    assert_eq!(store.shares(key(&made)).await.unwrap().len(), 2);
    let other = crate::fixture::workspace(&store).await;
    let foreign = NewShare {
        workspace: other,
        ..new(None)
    };
    assert_eq!(store.create_share(foreign).await, Err(Error::NotFound));
    let foreign = ShareKey {
        workspace: other,
        id: open.id,
    };
    assert_eq!(store.delete_share(foreign).await, Err(Error::NotFound));
    store.delete_comparison(key(&made)).await.unwrap();
    assert_eq!(store.share(by_secret.clone()).await, Err(Error::NotFound));
    store.restore_comparison(key(&made)).await.unwrap();
    assert_eq!(store.share(by_secret.clone()).await.unwrap(), share);
    store
        .delete_share(ShareKey {
            workspace,
            id: open.id,
        })
        .await
        .unwrap();
    assert_eq!(store.share(by_secret).await, Err(Error::NotFound));
}

pub async fn deleting_a_comparison_can_be_undone(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let made = comparison(&store, workspace).await;
    let key = key(&made);
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    store.delete_comparison(key).await.unwrap();
    assert_eq!(store.comparison(key).await, Err(Error::NotFound));
    let late = store.put_report(report(&claimed, "late", true)).await;
    assert_eq!(late, Err(Error::LeaseLost));
    let back = store.restore_comparison(key).await.unwrap();
    assert_eq!(back.job.state, JobState::Queued);
    let claimed = take(&store, JobKind::Compare).await.unwrap();
    store
        .put_report(report(&claimed, "whole", true))
        .await
        .unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
    store.delete_comparison(key).await.unwrap();
    // Asking for it anew gives back what was made.
    let again = new_comparison(workspace, made.old, made.new);
    let back = store.create_comparison(again).await.unwrap();
    assert!(!back.known);
    assert_eq!(back.comparison.id, made.id);
    assert_eq!(back.comparison.state, ComparisonState::Ready);
    assert_eq!(take(&store, JobKind::Compare).await, None);
}
