//! What the services export, held against the one list of it and against what the
//! dashboards and alerts ask for.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::Method;

use crate::browser::{Browser, wait_for};
use crate::process::Process;
use crate::stack::Stack;

const OLD: &[u8] = include_bytes!("../../../../samples/contract-a.pdf");
const NEW: &[u8] = include_bytes!("../../../../samples/contract-b.pdf");

/// A series: name and labels.
type Series = (String, BTreeMap<String, String>);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a service says at `/metrics`.
async fn text(process: &Process) -> String {
    let answer = reqwest::get(format!("{}/metrics", process.url)).await;
    answer.unwrap().text().await.unwrap()
}

/// Reads Prometheus' text format.
fn series(text: &str) -> Vec<Series> {
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (series, _) = line.rsplit_once(' ').unwrap();
            let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
            let labels = labels.strip_suffix('}').unwrap();
            let pairs = labels.split("\",").filter(|pair| !pair.is_empty());
            let labels = pairs
                .map(|pair| {
                    let (label, value) = pair.split_once("=\"").unwrap();
                    (label.to_owned(), value.trim_end_matches('"').to_owned())
                })
                .collect();
            (name.to_owned(), labels)
        })
        .collect()
}

/// A line of the list: who exports what.
struct Listed {
    services: Vec<String>,
    name: String,
    kind: String,
    labels: Vec<String>,
}

fn list() -> Vec<Listed> {
    let text = std::fs::read_to_string(root().join("prometheus/metrics/services.txt")).unwrap();
    let mut services = Vec::new();
    let mut listed = Vec::new();
    for line in text.lines() {
        if let Some(names) = line.strip_prefix("# by: ") {
            services = names.split(' ').map(str::to_owned).collect();
        } else if !line.is_empty() && !line.starts_with('#') {
            let mut words = line.split(' ').map(str::to_owned);
            listed.push(Listed {
                services: services.clone(),
                name: words.next().unwrap(),
                kind: words.next().unwrap(),
                labels: words.collect(),
            });
        }
    }
    assert!(listed.iter().all(|one| !one.services.is_empty()));
    listed
}

/// Metrics that may be absent because nothing has gone wrong.
fn may_be_empty() -> HashSet<String> {
    let text = std::fs::read_to_string(root().join("prometheus/rightly-empty.txt")).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Everything a user does, and some of what goes wrong.
async fn traffic(stack: &Stack) {
    let mut browser = stack.browser().await;
    let (old, first) = browser.upload("old.pdf", OLD).await;
    let (new, second) = browser.upload("new.pdf", NEW).await;
    let (_, damaged) = browser
        .upload("damaged.pdf", b"%PDF-1.7 nothing more")
        .await;
    for job in [&first, &second] {
        assert_eq!(browser.ended(job).await, "done");
    }
    assert_eq!(browser.ended(&damaged).await, "failed");
    let (comparison, job) = browser.compare(&old, &new).await;
    assert_eq!(browser.ended(&job).await, "done");
    let picture = format!("/documents/{old}/pages/1/image?scale=1");
    for (path, status) in [
        (picture.as_str(), 200),
        (picture.as_str(), 200),
        ("/documents", 200),
        ("/search?q=agreement", 200),
        (&format!("/jobs/{job}/events"), 200),
        (&format!("/comparisons/{comparison}"), 200),
        ("/documents/0123456789abcdef0123456789abcdef", 404),
    ] {
        assert_eq!(browser.status(path).await, status, "{path}");
    }
    let refused = browser.request(Method::POST, "/documents").body("no PDF");
    let refused = refused.header("content-type", "application/pdf");
    assert!(browser.send(refused).await.status().is_client_error());
    for page in ["/", "/comparisons", "/favicon.ico", "/nothing"] {
        let page = format!("{}{page}", stack.ui.url);
        service::client::plain()
            .no_proxy()
            .build()
            .unwrap()
            .get(page)
            .send()
            .await
            .unwrap();
    }
    revalidate(&mut browser, &picture).await;
}

/// Asks for what the browser has already.
async fn revalidate(browser: &mut Browser, path: &str) {
    let request = browser.request(Method::GET, path);
    let answer = browser.send(request).await;
    let tag = answer.headers()["etag"].clone();
    let request = browser
        .request(Method::GET, path)
        .header("if-none-match", tag);
    assert_eq!(browser.send(request).await.status(), 304);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_exported_by_the_service_that_should() {
    let stack = Stack::start().await;
    traffic(&stack).await;
    // Counted now and then; what is in the first round after the traffic is in all.
    wait_for("the failed job in the numbers of the queue", || {
        let text = tokio::task::block_in_place(|| {
            tokio::runtime::Handle::current().block_on(text(&stack.router))
        });
        let failed = r#"pdf_compare_jobs{kind="ingest",state="failed"} 1"#;
        text.contains(failed).then_some(())
    })
    .await;

    let folder = tempfile::tempdir().unwrap();
    let optional = may_be_empty();
    let mut exported: BTreeMap<&str, String> = BTreeMap::new();
    for (number, (service, process)) in stack.services().into_iter().enumerate() {
        let text = text(process).await;
        std::fs::write(folder.path().join(format!("{service}.{number}.txt")), &text).unwrap();
        exported.entry(service).or_default().push_str(&text);
    }
    let mut missing = Vec::new();
    for one in list() {
        for service in &one.services {
            let text = &exported[service.as_str()];
            let suffix = if one.kind == "histogram" {
                "_bucket"
            } else {
                ""
            };
            let name = format!("{}{suffix}", one.name);
            let there = series(text).into_iter().any(|(found, labels)| {
                found == name && one.labels.iter().all(|label| labels.contains_key(label))
            });
            let kind = format!("# TYPE {} {}\n", one.name, one.kind);
            if there && !text.contains(&kind) {
                missing.push(format!("{service}: {name} is no {}", one.kind));
            } else if !there && !optional.contains(&one.name) {
                missing.push(format!("{service}: no {name} with {:?}", one.labels));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));

    // Nothing that is on no list: it would be on no dashboard either.
    let listed: HashSet<String> = list().into_iter().map(|one| one.name).collect();
    for text in exported.values() {
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("# TYPE pdf_compare_") {
                let name = format!("pdf_compare_{}", name.split(' ').next().unwrap());
                assert!(listed.contains(&name), "{name} is not in services.txt");
            }
        }
    }

    // What dashboards and alerts ask for, to the label's value.
    let asked = Command::new(root().join("scripts/monitoring/exported"))
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(
        asked.status.success(),
        "{}{}",
        String::from_utf8_lossy(&asked.stdout),
        String::from_utf8_lossy(&asked.stderr)
    );
}
