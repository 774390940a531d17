//! Reads go to replicas, writes to the leader, whoever that is now.

use std::sync::Arc;
use std::time::{Duration, Instant};

use db_router::{Backend, DatabaseArgs, NodeReport, Postgres};
use store::position::scope;
use store::*;
use testkit::{Cluster, administer};

use crate::fixture::*;

/// Longer than anything here takes on a busy machine.
const LONG_WAIT: Duration = Duration::from_mins(2);

struct Routed {
    cluster: Cluster,
    backend: Arc<Postgres>,
    store: Arc<dyn Store>,
}

/// A leader and two replicas that nobody else uses, with an empty database.
async fn cluster() -> Cluster {
    let cluster = tokio::task::block_in_place(|| Cluster::start(2));
    cluster.create("routed").await;
    cluster
}

/// Routing over them.
async fn routed(cluster: Cluster) -> Routed {
    let mut args = DatabaseArgs::new(Cluster::url(cluster.primary, "routed"));
    args.read_urls = cluster
        .replicas
        .iter()
        .map(|&port| Cluster::url(port, "routed"))
        .collect();
    args.listen_url = Some(cluster.leader("routed"));
    let backend = Arc::new(Postgres::connect(&args).await.unwrap());
    let routed = Routed {
        cluster,
        store: backend.clone(),
        backend,
    };
    routed
        .until(|nodes| nodes.iter().filter(|node| node.role == "replica").count() == 2)
        .await;
    routed
}

impl Routed {
    /// Waits until the nodes look as wanted.
    async fn until(&self, wanted: impl Fn(&[NodeReport]) -> bool) {
        let deadline = Instant::now() + LONG_WAIT;
        loop {
            let nodes = self.backend.topology();
            if wanted(&nodes) {
                return;
            }
            assert!(Instant::now() < deadline, "{nodes:?}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How many of 20 reads a node answered, by its own count of them.
    async fn reads_at(&self, port: u16, workspace: WorkspaceId) -> i64 {
        let before = scans(port).await;
        for _ in 0..20 {
            self.store.usage(WorkspaceKey { workspace }).await.unwrap();
        }
        scans(port).await - before
    }
}

/// Lookups of workspaces that a node has done; grows with every read, sooner
/// or later.
async fn scans(port: u16) -> i64 {
    let url = format!("postgresql://postgres@127.0.0.1:{port}/routed");
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .unwrap();
    let driver = tokio::spawn(connection);
    let row = client
        .query_one(
            "SELECT (xact_commit + xact_rollback)::bigint FROM pg_stat_database \
             WHERE datname = 'routed'",
            &[],
        )
        .await
        .unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    row.get(0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_follow_writes_and_writes_follow_the_leader() {
    let routed = routed(cluster().await).await;
    let first = routed.cluster.replicas[0];
    let workspace = workspace(&routed.store).await;

    a_caller_sees_what_it_wrote(&routed, workspace).await;

    // A replica that stands still is passed over by those who wrote since, and
    // in the end by everybody.
    routed.cluster.pause_replicas().await;
    a_caller_sees_what_it_wrote(&routed, workspace).await;
    routed
        .until(|nodes| nodes.iter().filter(|node| node.lag.ms > 0).count() == 2)
        .await;
    routed.cluster.resume_replicas().await;
    routed
        .until(|nodes| nodes.iter().all(|node| node.lag.ms == 0))
        .await;

    // The leader dies without a word; the first replica takes over.
    let kept = document(&routed.store, workspace).await;
    routed
        .until(|nodes| nodes.iter().all(|node| node.lag.bytes == 0))
        .await;
    routed.cluster.kill_primary();
    administer(first, "postgres", "SELECT pg_promote(true, 60)").await;
    routed
        .until(|nodes| {
            nodes.iter().any(|node| {
                node.role == "leader" && node.position.as_ref().is_some_and(|p| p.starts_with("2."))
            })
        })
        .await;
    let new = document(&routed.store, workspace).await;
    for document in [kept, new] {
        let key = DocumentKey {
            workspace,
            id: document.id,
        };
        // Whoever answers: a replica of the old leader that was not told of
        // the new one is not asked.
        assert_eq!(routed.store.document(key).await.unwrap().id, document.id);
    }
    let report = routed.backend.topology();
    assert_eq!(report[0].role, "unknown");
    assert!(report[0].error.is_some());
}

/// Writes and reads at once, many times, as one caller.
async fn a_caller_sees_what_it_wrote(routed: &Routed, workspace: WorkspaceId) {
    for _ in 0..10 {
        let (id, position) =
            scope(None, async { document(&routed.store, workspace).await.id }).await;
        assert!(position.is_some(), "a write answers its position");
        let key = DocumentKey { workspace, id };
        let (found, _) = scope(position, routed.store.document(key)).await;
        assert_eq!(found.unwrap().id, id);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_land_on_replicas_in_turn() {
    let routed = routed(cluster().await).await;
    let workspace = workspace(&routed.store).await;
    routed
        .until(|nodes| nodes.iter().all(|node| node.lag.bytes == 0))
        .await;
    for &replica in &routed.cluster.replicas {
        // Nodes count with a delay.
        let deadline = Instant::now() + LONG_WAIT;
        while routed.reads_at(replica, workspace).await == 0 {
            assert!(Instant::now() < deadline, "no read reached {replica}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_has_not_seen_the_tables_yet_is_passed_over() {
    let cluster = cluster().await;
    for &replica in &cluster.replicas {
        let deadline = Instant::now() + LONG_WAIT;
        while tokio_postgres::connect(&Cluster::url(replica, "routed"), tokio_postgres::NoTls)
            .await
            .is_err()
        {
            assert!(Instant::now() < deadline, "no database at {replica}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    cluster.pause_replicas().await;
    let routed = routed(cluster).await;
    let workspace = workspace(&routed.store).await;
    for _ in 0..6 {
        // Of a caller that has not seen anything yet.
        let usage = routed.store.usage(WorkspaceKey { workspace });
        assert!(scope(None, usage).await.0.is_ok());
    }
    routed.cluster.resume_replicas().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_sent_twice_is_done_once() {
    let fixture = postgres_pooled_http().await;
    let workspace = workspace(&fixture.store).await;
    let url = fixture.url.clone().unwrap();
    let new = new_document(workspace);
    let created = fixture.store.create_document(new.clone()).await.unwrap();
    let claim = claim(JobKind::Ingest);
    let claimed = fixture.store.claim_job(claim).await.unwrap().unwrap();
    let body = serde_json::to_vec(&held(&claimed)).unwrap();
    let key = uuid::Uuid::new_v4().simple().to_string();
    let client = service::client::Client::new(&url).unwrap();
    let send = || {
        client
            .post("/store/return_job")
            .header(reqwest::header::HeaderName::from_static(KEY_HEADER), &key)
            .bytes(body.clone())
            .answer()
    };
    let (one, two) = tokio::join!(send(), send());
    assert_eq!((one.unwrap().0, two.unwrap().0), (200, 200));
    // Somebody else has it now; the write of then was done all the same.
    let next = take(&fixture.store, JobKind::Ingest).await.unwrap();
    assert_eq!(next.job.id, created.document.job.id);
    assert_eq!(send().await.unwrap().0, 200);
    let fresh = client.post("/store/return_job").bytes(body.clone());
    let (status, _, answer) = fresh.answer().await.unwrap();
    assert_eq!(status, 409);
    let error: Error = serde_json::from_slice(&answer).unwrap();
    assert_eq!(error, Error::LeaseLost);
}
