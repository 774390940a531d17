//! Stores to test, and short ways to say things to them.

use std::sync::{Arc, OnceLock};

use db_router::{DatabaseArgs, Postgres};
use store::*;
use testkit::{Cluster, administer};

/// A store of its own for one test, and what it stands on.
pub struct Fixture {
    pub store: Arc<dyn Store>,
    /// Where it is served, if it is.
    pub url: Option<String>,
    _folder: Option<tempfile::TempDir>,
    _server: Option<Serving>,
}

/// A server that ends with its test.
struct Serving(service::shutdown::Signal);

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.give();
    }
}

/// SQLite in a new file.
pub async fn sqlite() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let store = db_router::Sqlite::open(folder.path().join("store.sqlite")).unwrap();
    Fixture {
        store: Arc::new(store),
        url: None,
        _folder: Some(folder),
        _server: None,
    }
}

/// SQLite behind a server, asked by the client that the services use.
pub async fn sqlite_http() -> Fixture {
    over_http(sqlite().await)
}

/// PostgreSQL, asked directly.
pub async fn postgres() -> Fixture {
    let database = new_database().await;
    connect(DatabaseArgs::new(Cluster::url(
        cluster().primary,
        &database,
    )))
    .await
}

/// As in production: PostgreSQL behind a pooler in transaction mode, behind a
/// server.
pub async fn postgres_pooled_http() -> Fixture {
    let database = new_database().await;
    let mut args = DatabaseArgs::new(Cluster::url(cluster().pooler, &database));
    args.listen_url = Some(Cluster::url(cluster().primary, &database));
    over_http(connect(args).await)
}

pub async fn connect(args: DatabaseArgs) -> Fixture {
    Fixture {
        store: Arc::new(Postgres::connect(&args).await.unwrap()),
        url: None,
        _folder: None,
        _server: None,
    }
}

/// One server for all tests of this process.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| tokio::task::block_in_place(|| Cluster::start(0)))
}

/// An empty database of its own for one test, its schema copied.
pub async fn new_database() -> String {
    static TEMPLATE: tokio::sync::Mutex<bool> = tokio::sync::Mutex::const_new(false);
    let port = cluster().primary;
    let mut made = TEMPLATE.lock().await;
    if !*made {
        administer(port, "postgres", "CREATE DATABASE pattern OWNER pdfuser").await;
        let args = DatabaseArgs::new(Cluster::url(port, "pattern"));
        drop(Postgres::connect(&args).await.unwrap());
        let end = "ALTER DATABASE pattern ALLOW_CONNECTIONS false; \
                   SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity \
                   WHERE datname = 'pattern'";
        administer(port, "postgres", end).await;
        *made = true;
    }
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let create = format!("CREATE DATABASE {name} TEMPLATE pattern OWNER pdfuser");
    administer(port, "postgres", &create).await;
    name
}

pub fn over_http(behind: Fixture) -> Fixture {
    let store = behind.store.clone();
    let signal = service::shutdown::Signal::new();
    let running = service::http::Server::new("db-router", "127.0.0.1:0")
        .workers(1)
        .start(
            move |config| db_router::configure(config, store.clone()),
            &signal,
        )
        .unwrap();
    Fixture {
        store: Arc::new(Client::new(&running.url()).unwrap()),
        url: Some(running.url()),
        _server: Some(Serving(signal)),
        ..behind
    }
}

/// More than any test needs.
pub const QUOTA: Quota = Quota {
    bytes: 1 << 30,
    documents: 1000,
    jobs: 1000,
};

/// Long enough that no lease ends on a slow machine, ms.
pub const LONG: i64 = 600_000;

/// Some 64 hexadecimal digits.
pub fn hash() -> String {
    format!(
        "{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    )
}

/// A workspace with a session.
pub async fn workspace(store: &Arc<dyn Store>) -> WorkspaceId {
    let session = NewSession {
        hash: hash(),
        workspace: WorkspaceId::random(),
        lifetime_ms: LONG,
    };
    store.create_session(session).await.unwrap().workspace
}

pub fn new_document(workspace: WorkspaceId) -> NewDocument {
    NewDocument {
        id: DocumentId::random(),
        job: JobId::random(),
        workspace,
        name: "plan.pdf".to_owned(),
        sha256: hash(),
        bytes: 1000,
        series: None,
        quota: QUOTA,
        trace: None,
    }
}

pub async fn document(store: &Arc<dyn Store>, workspace: WorkspaceId) -> Document {
    let created = store
        .create_document(new_document(workspace))
        .await
        .unwrap();
    created.document
}

pub fn new_comparison(workspace: WorkspaceId, old: DocumentId, new: DocumentId) -> NewComparison {
    NewComparison {
        id: ComparisonId::random(),
        job: JobId::random(),
        workspace,
        old,
        new,
        options: "{}".to_owned(),
        quota: QUOTA,
        trace: None,
    }
}

pub async fn comparison(store: &Arc<dyn Store>, workspace: WorkspaceId) -> Comparison {
    let old = document(store, workspace).await;
    let new = document(store, workspace).await;
    let created = store
        .create_comparison(new_comparison(workspace, old.id, new.id))
        .await
        .unwrap();
    created.comparison
}

pub fn claim(kind: JobKind) -> ClaimJob {
    ClaimJob {
        kinds: vec![kind],
        worker: "test".to_owned(),
        lease: LeaseId::random(),
        lease_ms: LONG,
        wait_ms: 0,
    }
}

/// Takes the next job of a kind, if there is one now.
pub async fn take(store: &Arc<dyn Store>, kind: JobKind) -> Option<ClaimedJob> {
    store.claim_job(claim(kind)).await.unwrap()
}

pub fn held(claimed: &ClaimedJob) -> JobLease {
    JobLease {
        job: claimed.job.id,
        lease: claimed.lease,
    }
}

pub fn slice(limit: u32) -> Slice {
    Slice {
        cursor: None,
        limit,
    }
}

/// A page with these words in a row.
pub fn page(number: u32, text: &str) -> PageWords {
    PageWords {
        page: number,
        size: [595.0, 842.0],
        words: text
            .split_whitespace()
            .enumerate()
            .map(|(n, word)| PlacedWord {
                text: word.to_owned(),
                r#box: [n as f32 * 50.0, 10.0, n as f32 * 50.0 + 45.0, 22.5],
                joined: false,
            })
            .collect(),
        failed: None,
    }
}

/// A document read to its end, with these pages.
pub async fn ready_document(
    store: &Arc<dyn Store>,
    workspace: WorkspaceId,
    pages: &[&str],
) -> Document {
    let document = document(store, workspace).await;
    read(store, document.id, pages).await;
    let key = DocumentKey {
        workspace,
        id: document.id,
    };
    store.document(key).await.unwrap()
}

/// Takes the only ingest job and does it.
pub async fn read(store: &Arc<dyn Store>, document: DocumentId, pages: &[&str]) {
    let claimed = take(store, JobKind::Ingest).await.unwrap();
    assert_eq!(claimed.job.document, Some(document));
    let info = DocumentInfo {
        lease: claimed.lease,
        document,
        title: Some("A plan".to_owned()),
        pages: pages.len() as u32,
    };
    store.put_document_info(info).await.unwrap();
    let pages = pages
        .iter()
        .zip(1..)
        .map(|(text, number)| page(number, text))
        .collect();
    let put = PutPages {
        lease: claimed.lease,
        document,
        pages,
    };
    store.put_pages(put).await.unwrap();
    store.finish_job(held(&claimed)).await.unwrap();
}
