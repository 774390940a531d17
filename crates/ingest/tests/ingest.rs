//! The service with a real store, real files and real worker processes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect)] // helpers of tests

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ingest::{Error, Ingest, RenderRequest};
use jail::Launcher;
use service::blobs::{Blobs, original_key};
use store::{
    Document, DocumentId, DocumentKey, DocumentState, JobId, NewDocument, NewSession, PageKey,
    Quota, Search, Slice, Store, WorkspaceId,
};
use tokio_util::sync::CancellationToken;

const QUOTA: Quota = Quota {
    bytes: 1 << 30,
    documents: 100,
    jobs: 100,
};

struct Bench {
    store: Arc<dyn Store>,
    blobs: Blobs,
    ingest: Ingest,
    workspace: WorkspaceId,
    stop: CancellationToken,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn new() -> Self {
        Self::reading(engine::MOST_PAGES).await
    }

    /// One that reads documents of so many pages.
    async fn reading(most_pages: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(db_router::Sqlite::open(folder.path().join("store.sqlite")).unwrap());
        let blobs = Blobs::open(&format!("file://{}/blobs", folder.path().display())).unwrap();
        let launcher = Launcher {
            program: env!("CARGO_BIN_EXE_ingest").into(),
            args: vec![jail::worker::ARGUMENT.into()],
        };
        let limits = engine::limits(512 << 20, 2);
        let opener = engine::Opener::with_launcher(launcher, limits).with_most_pages(most_pages);
        let ingest = Ingest::new(Arc::clone(&store), blobs.clone(), opener, 2);
        let workspace = WorkspaceId::random();
        store
            .create_session(NewSession {
                hash: "0".repeat(64),
                workspace,
                lifetime_ms: 3_600_000,
            })
            .await
            .unwrap();
        Self {
            store,
            blobs,
            ingest,
            workspace,
            stop: CancellationToken::new(),
            _folder: folder,
        }
    }

    fn work(&self) -> tokio::task::JoinHandle<()> {
        let (ingest, stop) = (self.ingest.clone(), self.stop.clone());
        tokio::spawn(ingest.work(1, "test".to_owned(), stop))
    }

    async fn upload(&self, name: &str, bytes: &'static [u8]) -> DocumentId {
        // Any unique name serves: the store never looks into the file.
        let sha256 = format!(
            "{:0>64}",
            name.bytes().map(|b| format!("{b:x}")).collect::<String>()
        );
        self.blobs
            .put(&original_key(&sha256).unwrap(), Bytes::from_static(bytes))
            .await
            .unwrap();
        let id = DocumentId::random();
        self.store
            .create_document(NewDocument {
                id,
                job: JobId::random(),
                workspace: self.workspace,
                name: name.to_owned(),
                sha256,
                bytes: bytes.len() as u64,
                series: None,
                quota: QUOTA,
                trace: None,
            })
            .await
            .unwrap();
        id
    }

    async fn settled(&self, id: DocumentId) -> Document {
        let key = DocumentKey {
            workspace: self.workspace,
            id,
        };
        let looking = async {
            loop {
                let document = self.store.document(key).await.unwrap();
                if document.state != DocumentState::Processing {
                    return document;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(2), looking)
            .await
            .expect("the document is read")
    }
}

const CONTRACT: &[u8] = include_bytes!("../../../samples/contract-a.pdf");

#[tokio::test(flavor = "multi_thread")]
async fn a_document_becomes_pages_words_and_can_be_searched() {
    let bench = Bench::new().await;
    let id = bench.upload("contract.pdf", CONTRACT).await;
    let working = bench.work();
    let document = bench.settled(id).await;
    assert_eq!(document.state, DocumentState::Ready, "{document:?}");
    let pages = document.pages.unwrap();
    assert!(pages > 0);
    assert_eq!(document.title.as_deref(), Some("Sample contract"));
    let words = bench
        .store
        .page_words(PageKey {
            workspace: bench.workspace,
            document: id,
            page: 1,
        })
        .await
        .unwrap();
    let word = words.words.iter().find(|w| w.text.len() > 5).unwrap();
    let found = bench
        .store
        .search(Search {
            workspace: bench.workspace,
            query: word.text.clone(),
            document: None,
            slice: Slice {
                cursor: None,
                limit: 10,
            },
        })
        .await
        .unwrap();
    assert!(
        found
            .items
            .iter()
            .any(|hit| hit.document == id && hit.page == 1)
    );
    assert_eq!(document.job.state, store::JobState::Done);
    bench.stop.cancel();
    working.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_told_and_the_next_is_read() {
    let bench = Bench::new().await;
    let broken = bench.upload("broken.pdf", b"%PDF-1.7\nnothing more").await;
    let good = bench.upload("good.pdf", CONTRACT).await;
    let working = bench.work();
    let document = bench.settled(broken).await;
    assert_eq!(document.state, DocumentState::Failed);
    let error = document.error.unwrap();
    assert!(error.contains("The file is damaged"), "{error}");
    assert_eq!(document.job.tries, 1, "another try ends alike");
    assert_eq!(bench.settled(good).await.state, DocumentState::Ready);
    bench.stop.cancel();
    working.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_too_many_pages_is_told_so() {
    let bench = Bench::reading(2).await;
    let long = bench.upload("contract.pdf", CONTRACT).await;
    let working = bench.work();
    let document = bench.settled(long).await;
    assert_eq!(document.state, DocumentState::Failed);
    assert_eq!(
        document.error.unwrap(),
        "The file has 3 pages; at most 2 are read. Split it."
    );
    assert_eq!(document.job.tries, 1, "another try ends alike");
    bench.stop.cancel();
    working.await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_and_regions_are_rendered() {
    let bench = Bench::new().await;
    bench.upload("contract.pdf", CONTRACT).await;
    let document = bench.store.documents(store::ListDocuments {
        workspace: bench.workspace,
        slice: Slice {
            cursor: None,
            limit: 1,
        },
        series: None,
    });
    let sha256 = document.await.unwrap().items[0].sha256.clone();
    let request = RenderRequest {
        sha256,
        page: 1,
        scale: 0.5,
        region: None,
    };
    let whole = bench.ingest.render(request.clone()).await.unwrap();
    assert_eq!(&whole.bytes[..4], b"RIFF");
    assert_eq!(&whole.bytes[8..12], b"WEBP");
    let region = bench
        .ingest
        .render(RenderRequest {
            scale: 2.0,
            region: Some([10.0, 10.0, 60.0, 40.0]),
            ..request.clone()
        })
        .await
        .unwrap();
    let size = image_webp::WebPDecoder::new(std::io::Cursor::new(region.bytes))
        .unwrap()
        .dimensions();
    assert_eq!(size, (100, 60));
    let absent = RenderRequest {
        page: 9999,
        ..request.clone()
    };
    assert!(matches!(
        bench.ingest.render(absent).await,
        Err(Error::NotFound("page"))
    ));
    let wild = RenderRequest {
        scale: f32::NAN,
        ..request
    };
    assert!(matches!(
        bench.ingest.render(wild).await,
        Err(Error::Invalid(_))
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn sweeping_removes_what_nobody_wants_and_nothing_else() {
    let bench = Bench::new().await;
    let id = bench.upload("contract.pdf", CONTRACT).await;
    let orphan = original_key(&"f".repeat(64)).unwrap();
    bench
        .blobs
        .put(&orphan, Bytes::from_static(b"left behind"))
        .await
        .unwrap();
    let swept = ingest::sweep(&*bench.store, &bench.blobs, Duration::ZERO, Duration::ZERO);
    let (rows, files) = swept.await.unwrap();
    assert_eq!((rows, files), (0, 1));
    let key = DocumentKey {
        workspace: bench.workspace,
        id,
    };
    let sha256 = bench.store.document(key).await.unwrap().sha256;
    assert!(
        bench
            .blobs
            .exists(&original_key(&sha256).unwrap())
            .await
            .unwrap()
    );
    bench.store.delete_document(key).await.unwrap();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let swept = ingest::sweep(&*bench.store, &bench.blobs, Duration::ZERO, Duration::ZERO);
    let (rows, files) = swept.await.unwrap();
    assert!(rows > 0 && files == 1, "{rows} rows, {files} files");
    assert!(
        !bench
            .blobs
            .exists(&original_key(&sha256).unwrap())
            .await
            .unwrap()
    );
}
