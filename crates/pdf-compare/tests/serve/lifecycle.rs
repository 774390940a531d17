//! Starting, ending, starting again.

use serde_json::json;

use crate::server::{Client, Server, text, wait_for};
use crate::{common, document, leftovers};

#[test]
fn everything_outlives_the_process() {
    let folder = common::Folder::new();
    let data = folder.path("data");
    let (old, new) = (document("alpha", 3), document("beta", 3));

    let server = Server::start(&data);
    let browser = Client::session(&server);
    let one = browser.upload("one.pdf", &old);
    let two = browser.upload("two.pdf", &new);
    browser.done(&one.job);
    browser.done(&two.job);
    let (comparison, job) = browser.compare(&one.id, &two.id);
    browser.done(&job);
    let report = format!("/comparisons/{comparison}/report.json");
    let before = browser.get(&report);
    let change = &before["changes"][0]["id"];
    let review = format!("/comparisons/{comparison}/reviews/{change}");
    browser.put(&review, &json!({ "verdict": "query", "comment": "Why?" }));
    let documents = browser.get("/documents");
    assert!(server.terminate().success());

    let server = Server::start(&data);
    let browser = browser.at(&server);
    assert_eq!(browser.get("/documents"), documents);
    assert_eq!(browser.download(&one.id), old);
    assert_eq!(browser.get(&report), before);
    let reviews = browser.get(&format!("/comparisons/{comparison}/reviews"));
    assert_eq!(reviews[0]["comment"], "Why?");
    assert_eq!(
        browser.get("/search?q=beta")["items"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert!(server.terminate().success());
    leftovers::none(&data, 2);
}

#[test]
fn a_folder_serves_one_process() {
    let folder = common::Folder::new();
    let data = folder.path("data");
    let server = Server::start(&data);
    let name = data.to_str().unwrap();
    let second = ["serve", "--listen", "127.0.0.1:0", "--data", name];
    common::run(&second).trouble(&["is in use by another pdf-compare serve", "--data"]);
    let client = Client::script(&server);
    assert!(client.all("/documents").is_empty());

    server.kill();
    let server = Server::start(&data);
    assert!(client.at(&server).all("/documents").is_empty());
}

#[test]
fn told_to_end_it_hands_its_work_back() {
    let folder = common::Folder::new();
    let data = folder.path("data");
    let server = Server::start(&data);
    let client = Client::script(&server);
    // A browser that listens must not keep it from ending.
    let listener = client.try_get("/events").unwrap();
    // Far more than is read while it is told to end.
    let uploads: Vec<_> = (0..8)
        .map(|n| (document(&format!("long{n}"), 300), format!("{n}.pdf")))
        .map(|(bytes, name)| client.upload(&name, &bytes))
        .collect();
    let state = |client: &Client, job: &str| text(&client.get(&format!("/jobs/{job}"))["state"]);
    let worked_on = wait_for("a job to run", || {
        uploads.iter().find(|u| state(&client, &u.job) == "running")
    });
    assert!(server.terminate().success());
    drop(listener);

    let server = Server::start(&data);
    let client = client.at(&server);
    let ends: Vec<_> = uploads.iter().map(|u| client.done(&u.job)).collect();
    // Handed back untried: its one try is that of the second process.
    let ended = ends.iter().find(|job| job["id"] == worked_on.job.as_str());
    assert_eq!(ended.unwrap()["tries"], 1);
    for upload in &uploads {
        assert_eq!(
            client.get(&format!("/documents/{}", upload.id))["pages"],
            300
        );
    }
    assert!(server.terminate().success());
    leftovers::none(&data, uploads.len());
}
