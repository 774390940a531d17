//! The crate as a library, used as another program would: its public names, and
//! PostgreSQL with a replica.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::time::{Duration, Instant};

use db_router::{DatabaseArgs, NodeReport, ScaledBackend, VectorMap, create_scaled_backend};
use store::{PageWords, PlacedWord};
use testkit::Cluster;

/// Longer than anything here takes on a busy machine.
const LONG: Duration = Duration::from_mins(2);

fn map(name: &str, text: &str) -> VectorMap {
    let words = text.split(' ').zip(0_u16..).map(|(word, n)| PlacedWord {
        text: word.to_owned(),
        r#box: [f32::from(n) * 50.0, 10.0, f32::from(n) * 50.0 + 45.0, 22.5],
        joined: false,
    });
    VectorMap {
        name: name.to_owned(),
        file: name.as_bytes().to_vec(),
        title: None,
        pages: vec![PageWords {
            page: 1,
            size: [595.0, 842.0],
            words: words.collect(),
            failed: None,
        }],
    }
}

/// Waits until the nodes look as wanted.
async fn until(backend: &ScaledBackend, wanted: impl Fn(&[NodeReport]) -> bool) {
    let deadline = Instant::now() + LONG;
    while !wanted(&backend.topology()) {
        assert!(Instant::now() < deadline, "{:?}", backend.topology());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn reads(backend: &ScaledBackend, role: &str) -> u64 {
    let nodes = backend.topology();
    let of_role = nodes.iter().filter(|node| node.role == role);
    of_role.map(|node| node.reads).sum()
}

async fn names(backend: &ScaledBackend) -> Vec<String> {
    let documents = backend.list_documents().await.unwrap();
    documents.into_iter().map(|found| found.name).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_come_from_the_replica_and_writes_go_to_the_primary() {
    let cluster = tokio::task::block_in_place(|| Cluster::start(1));
    cluster.create(Cluster::ROUTED).await;
    let [primary, replica] = &cluster.entries()[..] else {
        panic!("two nodes")
    };
    let mut args = DatabaseArgs::new(primary);
    args.read_urls = vec![replica.clone()];
    args.listen_url = Some(cluster.leader(Cluster::ROUTED));
    args.max_lag_ms = 3_600_000;
    let backend = create_scaled_backend(&args, "drawings").await.unwrap();

    let pump = backend
        .upsert_vectormap(map("pump.pdf", "inlet FT-1001"))
        .await
        .unwrap();
    assert_eq!(pump.pages, Some(1));
    assert_eq!(names(&backend).await, ["pump.pdf"]);
    let settled = |nodes: &[NodeReport]| {
        nodes
            .iter()
            .any(|node| node.role == "replica" && node.read_from && node.lag.bytes == 0)
    };
    until(&backend, settled).await;
    let before = (reads(&backend, "leader"), reads(&backend, "replica"));
    for _ in 0..10 {
        assert_eq!(names(&backend).await, ["pump.pdf"]);
        let found = backend.search_text("t-100").await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].document, pump.id);
    }
    assert_eq!(reads(&backend, "replica"), before.1 + 20);
    assert_eq!(reads(&backend, "leader"), before.0);

    // A replica that stands still does not show a write, so it cannot have taken it,
    // and whoever wrote it is answered by the primary.
    cluster.pause_replicas().await;
    backend
        .upsert_vectormap(map("valve.pdf", "outlet"))
        .await
        .unwrap();
    assert_eq!(names(&backend).await, ["valve.pdf", "pump.pdf"]);
    assert!(reads(&backend, "leader") > before.0);
    // Another program has not seen the write and reads what the replica has.
    let other = create_scaled_backend(&args, "drawings").await.unwrap();
    until(&other, |nodes| {
        nodes.iter().any(|node| node.role == "replica")
    })
    .await;
    assert_eq!(names(&other).await, ["pump.pdf"]);
    cluster.resume_replicas().await;
    until(&other, settled).await;
    assert_eq!(names(&other).await, ["valve.pdf", "pump.pdf"]);

    // The same bytes again replace what was read; another workspace has nothing.
    let again = map("pump.pdf", "inlet FT-2002");
    assert_eq!(backend.upsert_vectormap(again).await.unwrap().id, pump.id);
    assert!(backend.search_text("FT-1001").await.unwrap().is_empty());
    let elsewhere = create_scaled_backend(&args, "letters").await.unwrap();
    assert!(names(&elsewhere).await.is_empty());
}
