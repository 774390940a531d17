//! A gateway to test, and browsers to ask it.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use db_router::Sqlite;
use gateway::{
    App, Engine, EngineError, Export, ExportRequest, Image, Limits, RenderRequest, Settings,
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use service::blobs::{Blobs, derived_key};
use service::client::Client;
use service::http::{Running, Server};
use service::shutdown::Signal;
use store::{ClaimJob, ClaimedJob, DocumentInfo, JobKind, JobLease, LeaseId, PutReport, Store};
use tempfile::TempDir;

pub const SECRET: &str = "0123456789abcdef0123456789abcdef";
pub const OPERATOR: &str = "fedcba9876543210fedcba9876543210";

/// Rates that no test reaches unless it wants to.
pub fn limits() -> Limits {
    Limits {
        upload: service::settings::Bytes(100_000),
        requests: 0,
        address_requests: 0,
        uploads: 0,
        address_uploads: 0,
        address_sessions: 0,
        ..Limits::default()
    }
}

pub fn settings() -> Settings {
    Settings {
        operator_token: OPERATOR.parse().unwrap(),
        limits: limits(),
        ..Settings::new(SECRET.parse().unwrap())
    }
}

/// Remembers what it was asked.
#[derive(Default)]
pub struct Recorder {
    pub rendered: Mutex<Vec<RenderRequest>>,
    pub exported: Mutex<Vec<ExportRequest>>,
}

#[async_trait]
impl Engine for Recorder {
    async fn render(&self, request: RenderRequest) -> Result<Image, EngineError> {
        self.rendered.lock().unwrap().push(request);
        Ok(Image {
            bytes: Bytes::from_static(b"a picture"),
            content_type: "image/webp".to_owned(),
        })
    }

    async fn export(&self, request: ExportRequest) -> Result<Export, EngineError> {
        let content_type = request.format.content_type().to_owned();
        self.exported.lock().unwrap().push(request);
        let chunks = ["a ", "report"].map(|part| Ok(Bytes::from_static(part.as_bytes())));
        Ok(Export {
            content_type,
            body: Box::pin(futures::stream::iter(chunks)),
        })
    }
}

pub struct Bench {
    pub url: String,
    pub store: Arc<dyn Store>,
    pub blobs: Blobs,
    pub engine: Arc<Recorder>,
    pub http: reqwest::Client,
    pub signal: Signal,
    running: Option<Running>,
    _folder: TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self::with(settings())
    }

    pub fn with(settings: Settings) -> Self {
        Self::start(settings, None)
    }

    /// With a db-router for operators to look at.
    pub fn with_router(router: Client) -> Self {
        Self::start(settings(), Some(router))
    }

    fn start(settings: Settings, router: Option<Client>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> =
            Arc::new(Sqlite::open(folder.path().join("store.sqlite")).unwrap());
        let blobs = Blobs::folder(&folder.path().join("blobs")).unwrap();
        let engine = Arc::new(Recorder::default());
        let signal = Signal::new();
        let mut app = App::new(store.clone(), blobs.clone(), engine.clone(), settings).unwrap();
        if let Some(router) = router {
            app = app.with_router(router);
        }
        let running = Server::new("gateway", "127.0.0.1:0")
            .workers(1)
            .shutdown_timeout(10)
            .start(
                move |config| gateway::configure(app.clone())(config),
                &signal,
            )
            .unwrap();
        Self {
            url: running.url(),
            store,
            blobs,
            engine,
            http: http(),
            signal,
            running: Some(running),
            _folder: folder,
        }
    }

    /// Ends the server as at the end of the process.
    pub async fn stop(&mut self) {
        self.running.take().unwrap().stop().await.unwrap();
    }

    pub fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        let method: Method = method.to_uppercase().parse().unwrap();
        self.http
            .request(method, format!("{}/api/v1{path}", self.url))
    }

    /// A browser with a session of its own.
    pub async fn browser(&self) -> Browser<'_> {
        let response = self.ask("get", "/session").send().await.unwrap();
        assert_eq!(response.status(), 200);
        let set = response.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .to_owned();
        let body: Value = response.json().await.unwrap();
        Browser {
            bench: self,
            cookie: set.split(';').next().unwrap().to_owned(),
            csrf: body["csrf_token"].as_str().unwrap().to_owned(),
        }
    }

    /// Takes every job that waits, so that the next is a new one.
    pub async fn empty_queue(&self) {
        let claim = || ClaimJob {
            kinds: JobKind::ALL.to_vec(),
            worker: "test".to_owned(),
            lease: LeaseId::random(),
            lease_ms: 600_000,
            wait_ms: 0,
        };
        while self.store.claim_job(claim()).await.unwrap().is_some() {}
    }

    /// Takes the next job of a kind, as a worker does.
    pub async fn claim(&self, kind: JobKind) -> ClaimedJob {
        let claim = ClaimJob {
            kinds: vec![kind],
            worker: "test".to_owned(),
            lease: LeaseId::random(),
            lease_ms: 600_000,
            wait_ms: 20_000,
        };
        self.store
            .claim_job(claim)
            .await
            .unwrap()
            .expect("a job waits")
    }

    pub async fn finish(&self, claimed: &ClaimedJob) {
        let held = JobLease {
            job: claimed.job.id,
            lease: claimed.lease,
        };
        self.store.finish_job(held).await.unwrap();
    }

    /// Reads the next document: one page with the words given.
    pub async fn read_next(&self, words: &[&str]) -> ClaimedJob {
        let claimed = self.claim(JobKind::Ingest).await;
        let (lease, document) = (claimed.lease, claimed.documents[0].id);
        let info = DocumentInfo {
            lease,
            document,
            title: Some("A title".to_owned()),
            pages: 1,
        };
        self.store.put_document_info(info).await.unwrap();
        let words = words.iter().enumerate().map(|(i, word)| store::PlacedWord {
            text: (*word).to_owned(),
            r#box: [10.0, 20.0 * i as f32, 50.0, 20.0 * i as f32 + 12.0],
            joined: false,
        });
        let page = store::PageWords {
            page: 1,
            size: [595.0, 842.0],
            words: words.collect(),
            failed: None,
        };
        let pages = store::PutPages {
            lease,
            document,
            pages: vec![page],
        };
        self.store.put_pages(pages).await.unwrap();
        self.finish(&claimed).await;
        claimed
    }

    /// Puts a report of the comparison of a claimed job in place.
    pub async fn report(&self, claimed: &ClaimedJob, text: &'static str, complete: bool) {
        let name = format!("report-{}-{complete}.json", claimed.job.id);
        let key = derived_key(&name).unwrap();
        self.blobs.put(&key, text.into()).await.unwrap();
        let report = PutReport {
            lease: claimed.lease,
            comparison: claimed.job.comparison.unwrap(),
            report: name,
            summary: r#"{"pages":{"changed":1}}"#.to_owned(),
            complete,
        };
        self.store.put_report(report).await.unwrap();
    }
}

/// Without the process's provider of cryptography no client can be made.
pub fn http() -> reqwest::Client {
    Client::new("http://127.0.0.1:1").unwrap();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

/// A browser with a session.
pub struct Browser<'a> {
    pub bench: &'a Bench,
    pub cookie: String,
    pub csrf: String,
}

impl Browser<'_> {
    pub fn ask(&self, method: &str, path: &str) -> RequestBuilder {
        let request = self.bench.ask(method, path).header("cookie", &self.cookie);
        if method == "get" {
            request
        } else {
            request.header("x-csrf-token", &self.csrf)
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.ask("get", path).send().await.unwrap()
    }

    pub async fn json(&self, path: &str) -> Value {
        let response = self.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }

    pub async fn send(&self, method: &str, path: &str, body: Value) -> Response {
        self.ask(method, path).json(&body).send().await.unwrap()
    }

    pub async fn post(&self, path: &str, body: Value) -> Value {
        let response = self.send("post", path, body).await;
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Uploads a file; its `id`.
    pub async fn upload(&self, name: &str, bytes: &str) -> String {
        let response = self.raw(name, bytes.to_owned()).send().await.unwrap();
        assert_eq!(response.status(), 202);
        let body: Value = response.json().await.unwrap();
        id(&body["document"])
    }

    pub fn raw(&self, name: &str, bytes: impl Into<reqwest::Body>) -> RequestBuilder {
        self.ask("post", "/documents")
            .header("content-type", "application/pdf")
            .header("x-file-name", name)
            .body(bytes)
    }

    /// Asks for a comparison; its `id`.
    pub async fn compare(&self, old: &str, new: &str) -> String {
        let body = serde_json::json!({"old": old, "new": new});
        id(&self.post("/comparisons", body).await["comparison"])
    }
}

pub fn id(body: &Value) -> String {
    let id = body["id"].as_str().expect("an id").to_owned();
    assert_eq!(id.len(), 32, "{id}");
    id
}

/// Checks that an answer is a problem of this status and kind; its detail.
pub async fn problem(response: Response, status: u16, kind: &str) -> String {
    let got = response.status().as_u16();
    let media = response.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{text}");
    assert_eq!(media, "application/problem+json", "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["type"], format!("/problems/{kind}"), "{text}");
    assert_eq!(body["status"], status);
    body["detail"].as_str().unwrap_or_default().to_owned()
}
