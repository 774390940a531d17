//! `kill -9` at random moments. What was acknowledged is whole afterwards, its
//! job ends once, and nothing is left that nobody wants.
//!
//! Each kind of moment is tried `CRASHES` times: 2, or what the environment says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::server::{Client, Server, Uploaded, text, wait_for};
use crate::{common, document, leftovers};

fn crashes() -> usize {
    let told = std::env::var("CRASHES").ok();
    told.map_or(2, |n| n.parse().expect("CRASHES is a number"))
}

/// Some moment within so many milliseconds.
fn moment(ms: u64) {
    let ms = rand::random_range(0..=ms);
    eprintln!("killed after {ms} ms");
    thread::sleep(Duration::from_millis(ms));
}

/// A service that is killed and started again, and what it acknowledged.
struct Victim {
    folder: common::Folder,
    server: Option<Server>,
    client: Client,
    kept: Vec<Kept>,
    /// Ids of documents whose deletion was acknowledged.
    deleted: Vec<String>,
    /// How each job ended that is known to have ended.
    ended: BTreeMap<String, Value>,
    /// Documents made so far, for new words.
    made: usize,
}

/// A document that was acknowledged.
#[derive(Clone)]
struct Kept {
    at: Uploaded,
    word: String,
    pages: usize,
    bytes: Vec<u8>,
}

impl Victim {
    fn new() -> Self {
        let folder = common::Folder::new();
        let server = Server::start(&folder.path("data"));
        Self {
            client: Client::script(&server),
            server: Some(server),
            folder,
            kept: Vec::new(),
            deleted: Vec::new(),
            ended: BTreeMap::new(),
            made: 0,
        }
    }

    fn data(&self) -> PathBuf {
        self.folder.path("data")
    }

    /// A word of its own and a document with it.
    fn make(&mut self, pages: usize) -> (String, Vec<u8>) {
        self.made += 1;
        let word = format!("word{:04}x", self.made);
        let bytes = document(&word, pages);
        (word, bytes)
    }

    fn upload(&mut self, pages: usize) -> Kept {
        let (word, bytes) = self.make(pages);
        let at = self.client.upload(&format!("{word}.pdf"), &bytes);
        let kept = Kept {
            at,
            word,
            pages,
            bytes,
        };
        self.kept.push(kept.clone());
        kept
    }

    fn kill_and_start(&mut self) {
        self.server.take().unwrap().kill();
        let server = Server::start(&self.data());
        self.client = self.client.at(&server);
        self.server = Some(server);
    }

    /// The job ends well, and what it said at its end it says for ever.
    fn ends_once(&mut self, job: &str) {
        let end = self.client.done(job);
        if let Some(before) = self.ended.get(job) {
            assert_eq!(before, &end, "a job ended twice");
        }
        self.ended.insert(job.to_owned(), end);
    }

    /// Everything acknowledged is as it must be.
    fn check(&mut self) {
        for Kept {
            at,
            word,
            pages,
            bytes,
        } in self.kept.clone()
        {
            self.ends_once(&at.job);
            assert!(self.client.download(&at.id) == bytes, "other bytes");
            let document = self.client.get(&format!("/documents/{}", at.id));
            assert_eq!(document["state"], "ready");
            assert_eq!(document["pages"], pages);
            let hits = self.client.get(&format!("/search?limit=200&q={word}"));
            assert_eq!(hits["items"].as_array().unwrap().len(), pages, "{word}");
        }
        for id in &self.deleted {
            let status = self.client.status(&format!("/documents/{id}"));
            assert_eq!(status, StatusCode::NOT_FOUND, "deleted and back");
        }
        // Those whose acknowledgement got lost are whole or not there.
        for listed in self.client.all("/documents") {
            let id = text(&listed["id"]);
            assert!(!self.deleted.contains(&id));
            let bytes = self.client.download(&id);
            let digest = Sha256::digest(&bytes);
            let hex = format!("{digest:x}");
            assert_eq!(listed["sha256"], hex.as_str());
            self.ends_once(&text(&listed["job"]["id"]));
        }
        for listed in self.client.all("/comparisons") {
            self.ends_once(&text(&listed["job"]["id"]));
        }
    }

    /// Checks once more after an orderly end and start, then looks at what is left.
    fn finish(mut self) {
        self.check();
        assert!(self.server.take().unwrap().terminate().success());
        let server = Server::start(&self.data());
        self.client = self.client.at(&server);
        self.server = Some(server);
        self.check();
        let documents = self.client.all("/documents").len();
        let server = self.server.take().unwrap();
        assert!(server.terminate().success());
        leftovers::none(Path::new(&self.data()), documents);
    }
}

#[test]
fn killed_while_files_arrive() {
    let mut victim = Victim::new();
    for _ in 0..crashes() {
        let files: Vec<_> = (0..30).map(|_| victim.make(1)).collect();
        let client = victim.client.clone();
        let sender = thread::spawn(move || {
            let mut sent = Vec::new();
            for (word, mut bytes) in files {
                // What follows the end of a PDF is not looked at; it takes a while
                // to send.
                bytes.extend(std::iter::repeat_n(b'\n', 1 << 20));
                match client.try_upload(&format!("{word}.pdf"), &bytes) {
                    Ok(at) => sent.push(Kept {
                        at,
                        word,
                        pages: 1,
                        bytes,
                    }),
                    Err(_) => break,
                }
            }
            sent
        });
        moment(800);
        victim.kill_and_start();
        victim.kept.extend(sender.join().unwrap());
        victim.check();
    }
    victim.finish();
}

#[test]
fn killed_while_a_document_is_read() {
    let mut victim = Victim::new();
    for _ in 0..crashes() {
        let kept = victim.upload(120);
        let job = format!("/jobs/{}", kept.at.job);
        wait_for("the job to begin", || {
            (victim.client.get(&job)["state"] != "queued").then_some(())
        });
        moment(500);
        victim.kill_and_start();
        victim.check();
    }
    victim.finish();
}

#[test]
fn killed_while_documents_are_compared() {
    let mut victim = Victim::new();
    let old = victim.upload(20);
    let mut comparisons = Vec::new();
    for _ in 0..crashes() {
        let new = victim.upload(20);
        victim.check();
        let (comparison, job) = victim.client.compare(&old.at.id, &new.at.id);
        comparisons.push((comparison, job));
        moment(1500);
        victim.kill_and_start();
        for (comparison, job) in &comparisons {
            victim.ends_once(job);
            let body = victim.client.get(&format!("/comparisons/{comparison}"));
            assert_eq!(body["state"], "ready");
            let report = (victim.client).get(&format!("/comparisons/{comparison}/report.json"));
            assert_eq!(report["identical"], false);
            assert_eq!(report["summary"], body["summary"]);
        }
        let listed = victim.client.all("/comparisons");
        assert_eq!(listed.len(), comparisons.len(), "one comparison, made once");
    }
    victim.finish();
}

#[test]
fn killed_while_documents_are_deleted() {
    let mut victim = Victim::new();
    for _ in 0..crashes() {
        let doomed: Vec<_> = (0..6).map(|_| victim.upload(2)).collect();
        // One deletion meets a comparison, one perhaps a document being read.
        victim.client.compare(&doomed[0].at.id, &doomed[1].at.id);
        let last = victim.upload(40);
        let ids: Vec<_> = (doomed.iter().chain([&last]))
            .map(|kept| kept.at.id.clone())
            .collect();
        let (client, wanted) = (victim.client.clone(), ids.clone());
        let sender = thread::spawn(move || {
            let gone = |id: &&String| client.try_delete(&format!("/documents/{id}")).is_ok();
            wanted.iter().take_while(gone).count()
        });
        moment(400);
        victim.kill_and_start();
        let acknowledged = sender.join().unwrap();
        victim.deleted.extend_from_slice(&ids[..acknowledged]);
        // The one under way when it died is gone or whole.
        if let Some(id) = ids.get(acknowledged)
            && victim.client.status(&format!("/documents/{id}")) == StatusCode::NOT_FOUND
        {
            victim.deleted.push(id.clone());
        }
        let deleted = victim.deleted.clone();
        victim.kept.retain(|kept| !deleted.contains(&kept.at.id));
        victim.check();
    }
    victim.finish();
}
