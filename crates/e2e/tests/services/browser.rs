//! Who asks: a browser with its cookies.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

/// Longer than anything takes on a busy machine.
pub const LONG: Duration = Duration::from_mins(3);
const LOOK: Duration = Duration::from_millis(50);

/// The cookie that says what a browser has seen of the store.
pub const POSITION: &str = "pdf_compare_position";

/// A browser with a session.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    /// The gateway it asks.
    pub base: String,
    pub cookies: BTreeMap<String, String>,
    csrf: String,
    /// The trace its requests belong to.
    pub traceparent: Option<String>,
}

impl Browser {
    /// Comes for the first time.
    pub async fn open(base: &str) -> Self {
        let mut browser = Self {
            http: service::client::plain().no_proxy().build().unwrap(),
            base: base.to_owned(),
            cookies: BTreeMap::new(),
            csrf: String::new(),
            traceparent: None,
        };
        let session = browser.get("/session").await;
        session["csrf_token"]
            .as_str()
            .unwrap()
            .clone_into(&mut browser.csrf);
        browser
    }

    /// The same browser where another gateway answers.
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    /// The same session without what it has seen.
    pub fn forgetful(&self) -> Self {
        let mut browser = self.clone();
        browser.cookies.remove(POSITION);
        browser
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut request = self
            .http
            .request(method, format!("{}/api/v1{path}", self.base))
            .header("cookie", cookies.join("; "))
            .header("x-csrf-token", &self.csrf);
        if let Some(traceparent) = &self.traceparent {
            request = request.header("traceparent", traceparent);
        }
        request
    }

    /// Sends a request and keeps the cookies of the answer.
    pub async fn send(&mut self, request: RequestBuilder) -> Response {
        let answer = request.send().await.unwrap();
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    pub async fn status(&mut self, path: &str) -> u16 {
        let request = self.request(Method::GET, path);
        self.send(request).await.status().as_u16()
    }

    pub async fn get(&mut self, path: &str) -> Value {
        let request = self.request(Method::GET, path);
        json_of(self.send(request).await).await
    }

    /// Uploads a file; ids of document and job.
    pub async fn upload(&mut self, name: &str, bytes: &'static [u8]) -> (String, String) {
        let request = self
            .request(Method::POST, "/documents")
            .header("content-type", "application/pdf")
            .header("x-file-name", name)
            .body(bytes);
        ids(&json_of(self.send(request).await).await, "document")
    }

    /// Asks for a comparison; ids of comparison and job.
    pub async fn compare(&mut self, old: &str, new: &str) -> (String, String) {
        let request = self
            .request(Method::POST, "/comparisons")
            .json(&json!({ "old": old, "new": new }));
        ids(&json_of(self.send(request).await).await, "comparison")
    }

    /// Waits for the end of a job; its state.
    pub async fn ended(&mut self, job: &str) -> String {
        let deadline = Instant::now() + LONG;
        loop {
            let found = self.get(&format!("/jobs/{job}")).await;
            let state = found["state"].as_str().unwrap();
            if !matches!(state, "queued" | "running") {
                return state.to_owned();
            }
            assert!(Instant::now() < deadline, "{found}");
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn ids(body: &Value, what: &str) -> (String, String) {
    let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
    (id(&body[what]), id(&body["job"]))
}

async fn json_of(answer: Response) -> Value {
    let status = answer.status();
    let body = answer.text().await.unwrap();
    assert!(status.is_success(), "{status}: {body}");
    serde_json::from_str(&body).unwrap()
}

/// Looks until something is found.
pub async fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LONG;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        tokio::time::sleep(LOOK).await;
    }
}
