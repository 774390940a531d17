//! A running `pdf-compare serve`, and what asks it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use reqwest::blocking::{Body, RequestBuilder, Response};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::common;

/// Longer than anything takes on a busy machine.
pub const LONG: Duration = Duration::from_mins(5);
const LOOK: Duration = Duration::from_millis(20);

/// Waits until `look` finds something.
#[track_caller]
pub fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LONG;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(LOOK);
    }
}

/// The process. Killed when dropped.
pub struct Server {
    child: Child,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
}

impl Server {
    /// Starts it on a data folder and waits until it says that it is ready.
    pub fn start(data: &Path) -> Self {
        let temporary = temporary(data);
        std::fs::create_dir_all(&temporary).unwrap();
        let mut child = common::command()
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(["--rate-requests", "0", "--rate-address-requests", "0"])
            .args(["--rate-uploads", "0", "--rate-address-uploads", "0"])
            .env("RUST_LOG", "warn")
            .env("TMPDIR", temporary)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let Some(Ok(ready)) = lines.next() else {
            let mut why = String::new();
            let _ = child.stderr.take().unwrap().read_to_string(&mut why);
            panic!("it does not start: {why}");
        };
        let port = ready.rsplit(':').next().unwrap();
        let base = format!("http://127.0.0.1:{port}");
        // Its log goes where that of the test goes; nothing may wait for a reader.
        let log = child.stderr.take().unwrap();
        thread::spawn(move || {
            BufReader::new(log)
                .lines()
                .map_while(Result::ok)
                .for_each(|l| eprintln!("{l}"));
        });
        thread::spawn(move || lines.for_each(drop));
        Self { child, base }
    }

    /// `kill -9`.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it then ended.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        wait_for("the end of the service", || self.child.try_wait().unwrap())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What shows whose workspace it is.
#[derive(Clone)]
enum Credential {
    Token(String),
    Session { cookie: String, csrf: String },
}

/// The owner of a workspace.
#[derive(Clone)]
pub struct Client {
    http: reqwest::blocking::Client,
    base: String,
    credential: Credential,
}

/// A document that was acknowledged.
#[derive(Clone, Debug)]
pub struct Uploaded {
    pub id: String,
    pub job: String,
}

impl Client {
    /// A browser that comes for the first time.
    pub fn session(server: &Server) -> Self {
        // Chooses the provider of TLS, without which there is no client.
        drop(service::client::plain());
        let http = (reqwest::blocking::Client::builder().timeout(LONG))
            .build()
            .unwrap();
        let answer = http
            .get(format!("{}/api/v1/session", server.base))
            .send()
            .unwrap();
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        let body: Value = answer.json().unwrap();
        let csrf = body["csrf_token"].as_str().unwrap().to_owned();
        Self {
            http,
            base: server.base.clone(),
            credential: Credential::Session { cookie, csrf },
        }
    }

    /// A script with a token of a new workspace.
    pub fn script(server: &Server) -> Self {
        let browser = Self::session(server);
        let token = browser.make_token();
        Self {
            credential: Credential::Token(token),
            ..browser
        }
    }

    pub fn make_token(&self) -> String {
        let body = self.post("/tokens", &json!({ "name": "script" }));
        body["token"].as_str().unwrap().to_owned()
    }

    /// The token, where there is one.
    pub fn token(&self) -> &str {
        match &self.credential {
            Credential::Token(token) => token,
            Credential::Session { .. } => panic!("a session has no token"),
        }
    }

    /// The same owner, at another server.
    pub fn at(&self, server: &Server) -> Self {
        Self {
            base: server.base.clone(),
            ..self.clone()
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = (self.http).request(method, format!("{}/api/v1{path}", self.base));
        match &self.credential {
            Credential::Token(token) => request.bearer_auth(token),
            Credential::Session { cookie, csrf } => request
                .header("cookie", cookie)
                .header("x-csrf-token", csrf),
        }
    }

    pub fn try_get(&self, path: &str) -> reqwest::Result<Response> {
        self.request(Method::GET, path).send()
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        json_of(self.try_get(path).unwrap())
    }

    #[track_caller]
    pub fn status(&self, path: &str) -> StatusCode {
        self.try_get(path).unwrap().status()
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        json_of(self.request(Method::POST, path).json(body).send().unwrap())
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Value {
        json_of(self.request(Method::PUT, path).json(body).send().unwrap())
    }

    /// Sends a file; an error where no acknowledgement came.
    pub fn try_upload(&self, name: &str, bytes: &[u8]) -> reqwest::Result<Uploaded> {
        let body: Value = self
            .request(Method::POST, "/documents")
            .query(&[("name", name)])
            .header("content-type", "application/pdf")
            .body(Body::from(bytes.to_vec()))
            .send()?
            .error_for_status()?
            .json()?;
        Ok(Uploaded {
            id: text(&body["document"]["id"]),
            job: text(&body["job"]["id"]),
        })
    }

    #[track_caller]
    pub fn upload(&self, name: &str, bytes: &[u8]) -> Uploaded {
        self.try_upload(name, bytes).unwrap()
    }

    /// Whether a deletion was acknowledged.
    pub fn try_delete(&self, path: &str) -> reqwest::Result<()> {
        let answer = self.request(Method::DELETE, path).send()?;
        answer.error_for_status().map(drop)
    }

    /// The bytes of a document, as they come back.
    #[track_caller]
    pub fn download(&self, id: &str) -> Vec<u8> {
        let answer = self.try_get(&format!("/documents/{id}/file")).unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.bytes().unwrap().to_vec()
    }

    /// Asks for a comparison; its id and job.
    #[track_caller]
    pub fn compare(&self, old: &str, new: &str) -> (String, String) {
        let body = self.post("/comparisons", &json!({ "old": old, "new": new }));
        (text(&body["comparison"]["id"]), text(&body["job"]["id"]))
    }

    /// Waits for the end of a job, which must be a good one.
    #[track_caller]
    pub fn done(&self, job: &str) -> Value {
        let job = wait_for("the end of a job", || {
            let job = self.get(&format!("/jobs/{job}"));
            (!matches!(text(&job["state"]).as_str(), "queued" | "running")).then_some(job)
        });
        assert_eq!(job["state"], "done", "{job}");
        job
    }

    /// Everything in a list.
    #[track_caller]
    pub fn all(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self.get(&format!("{path}?limit=200{cursor}"));
            all.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return all,
            }
        }
    }
}

pub fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

#[track_caller]
fn json_of(answer: Response) -> Value {
    let status = answer.status();
    let body = answer.text().unwrap();
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// Where a process serving a folder puts what is temporary.
pub fn temporary(data: &Path) -> PathBuf {
    data.with_extension("temporary")
}

/// Where a store keeps its files.
pub fn parts(data: &Path) -> (PathBuf, PathBuf) {
    (data.join("store.sqlite"), data.join("blobs"))
}
