//! A write whose connection is lost in its commit is done once, whether or not the
//! server had heard of the commit.

use std::sync::Arc;
use std::time::Duration;

use db_router::DatabaseArgs;
use reqwest::header::HeaderName;
use store::*;
use testkit::Cluster;

use crate::fixture::*;
use crate::proxy::{Cut, Proxy};

const CUTS: [Cut; 3] = [Cut::Before, Cut::After, Cut::During];

/// What a write leaves: changes counted, documents and jobs that wait.
async fn traces(store: &Arc<dyn Store>, workspace: WorkspaceId) -> (i64, u32, u32) {
    let watch = Watch {
        workspace,
        job: None,
        after: Some(0),
        wait_ms: 0,
    };
    let version = store.watch(watch).await.unwrap().version;
    let usage = store.usage(WorkspaceKey { workspace }).await.unwrap();
    (version, usage.documents, usage.jobs)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_cut_off_is_neither_lost_nor_done_twice() {
    let database = new_database().await;
    let direct = connect(DatabaseArgs::new(Cluster::url(
        cluster().primary,
        &database,
    )))
    .await;
    let workspace = workspace(&direct.store).await;
    let proxy = Proxy::before(cluster().primary).await;
    let mut args = DatabaseArgs::new(Cluster::url(proxy.port, &database));
    args.listen_url = Some(Cluster::url(cluster().primary, &database));
    let behind = connect(args).await;

    for (number, cut) in CUTS.into_iter().cycle().take(12).enumerate() {
        let (version, documents, jobs) = traces(&direct.store, workspace).await;
        proxy.cut(cut);
        let new = new_document(workspace);
        let created = behind.store.create_document(new.clone()).await.unwrap();
        assert_eq!(proxy.cuts(), number + 1, "{cut:?}: nothing was cut");
        assert_eq!(created.document.id, new.id, "{cut:?}");
        assert!(!created.known, "{cut:?}: done a second time");
        let after = traces(&direct.store, workspace).await;
        assert_eq!(after, (version + 1, documents + 1, jobs + 1), "{cut:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_that_asks_another_router_gets_the_answer_of_the_first() {
    for cut in CUTS {
        let database = new_database().await;
        let direct = DatabaseArgs::new(Cluster::url(cluster().primary, &database));
        let second = over_http(connect(direct).await);
        let workspace = workspace(&second.store).await;
        let proxy = Proxy::before(cluster().primary).await;
        let mut args = DatabaseArgs::new(Cluster::url(proxy.port, &database));
        args.listen_url = Some(Cluster::url(cluster().primary, &database));
        let first = over_http(connect(args).await);

        let (version, documents, jobs) = traces(&second.store, workspace).await;
        let new = new_document(workspace);
        let key = uuid::Uuid::new_v4().simple().to_string();
        let send = |url: &str, deadline| {
            let client = service::client::Client::new(url).unwrap();
            let call = client.post("/store/create_document").json(&new);
            call.header(HeaderName::from_static(KEY_HEADER), &key)
                .deadline(deadline)
                .answer()
        };
        // The first router loses its database in the commit and does not get it back.
        proxy.cut_for_good(cut);
        let lost = send(first.url.as_deref().unwrap(), Duration::from_secs(2)).await;
        assert!(lost.is_err(), "{cut:?}: {lost:?}");
        assert!(proxy.is_closed(), "{cut:?}: nothing was cut");

        let url = second.url.as_deref().unwrap();
        let (status, _, body) = send(url, Duration::from_secs(30)).await.unwrap();
        assert_eq!(status, 200, "{cut:?}: {body:?}");
        let created: CreatedDocument = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (created.document.id, created.known),
            (new.id, false),
            "{cut:?}"
        );
        let after = traces(&second.store, workspace).await;
        assert_eq!(after, (version + 1, documents + 1, jobs + 1), "{cut:?}");
    }
}
