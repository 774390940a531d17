//! The commands that talk to a running service.

use std::process::Command;

use crate::common::{self, Folder, Run};
use crate::document;
use crate::server::{Client, Server};

struct Remote {
    folder: Folder,
    server: Server,
    token: String,
}

impl Remote {
    fn new() -> Self {
        let folder = Folder::new();
        let server = Server::start(&folder.path("data"));
        let token = Client::script(&server).token().to_owned();
        Self {
            folder,
            server,
            token,
        }
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = common::command();
        command
            .args(["--server", &self.server.base])
            .args(args)
            .env_remove("PDF_COMPARE_SERVER")
            .env("PDF_COMPARE_TOKEN", &self.token);
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// A file here, by its path.
    fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.file(name, bytes);
        path.to_str().unwrap().to_owned()
    }
}

#[test]
fn documents_are_sent_listed_found_and_compared() {
    let remote = Remote::new();
    let old = remote.file("old.pdf", &document("alpha", 2));
    let new = remote.file("new.pdf", &document("beta", 2));

    let empty = remote.run(&["list"]);
    assert_eq!((empty.status, empty.text().as_str()), (0, ""));

    let sent = remote.run(&["ingest", &old, &new]).status(0).text();
    let sent: Vec<_> = sent.lines().collect();
    assert_eq!(sent.len(), 2);
    assert!(sent[0].ends_with("  old.pdf (2 pages)"), "{sent:?}");
    // The same again is the same document.
    let again = remote.run(&["ingest", &old]).status(0).text();
    assert_eq!(again.lines().collect::<Vec<_>>(), [sent[0]]);
    // Newest first.
    let listed = remote.run(&["list"]).status(0).text();
    assert_eq!(listed.lines().collect::<Vec<_>>(), [sent[1], sent[0]]);

    let hits = remote.run(&["search", "beta page 2"]).status(0).text();
    assert!(hits.starts_with("new.pdf:"), "{hits}");
    assert!(hits.contains("beta"), "{hits}");
    assert_eq!(remote.run(&["search", "gamma"]).status(1).text(), "");

    // By name, by id, by file; the status says whether they differ.
    let id = sent[0].split("  ").next().unwrap();
    let text = remote
        .run(&["compare", "old.pdf", "new.pdf"])
        .status(1)
        .text();
    assert!(text.contains("beta"), "{text}");
    let json = remote.run(&["compare", id, &new, "--format", "json"]);
    assert_eq!(json.status(1).json()["identical"], false);
    let page = remote.folder.path("report.html");
    let output = page.to_str().unwrap();
    remote
        .run(&["compare", id, "new.pdf", "-o", output])
        .status(1);
    assert!(std::fs::read_to_string(page).unwrap().contains("<html"));
}

#[test]
fn troubles_are_one_line_that_says_what_to_do() {
    let remote = Remote::new();
    let file = remote.file("a.pdf", &document("alpha", 1));
    let damaged = remote.file("damaged.pdf", b"%PDF-1.7\nnothing more");
    let prose = remote.file("prose.pdf", b"Dear Sir or Madam");

    let unnamed: Run = (common::command()
        .arg("list")
        .env_remove("PDF_COMPARE_SERVER"))
    .output()
    .unwrap()
    .into();
    unnamed.trouble(&["none is named", "--server URL"]);
    let nobody: Run = (remote.command(&["list"]).env_remove("PDF_COMPARE_TOKEN"))
        .output()
        .unwrap()
        .into();
    nobody.trouble(&["whose documents", "PDF_COMPARE_TOKEN"]);
    let stranger: Run = (remote.command(&["list"]))
        .env(
            "PDF_COMPARE_TOKEN",
            remote.token.replace(|c: char| c.is_ascii_digit(), "a"),
        )
        .output()
        .unwrap()
        .into();
    stranger.trouble(&["The token is not right", "settings page"]);
    let mistyped: Run = (remote.command(&["list"]))
        .env("PDF_COMPARE_TOKEN", "hello")
        .output()
        .unwrap()
        .into();
    mistyped.trouble(&["The token is not right", "pdfc_; give a token"]);
    let absent: Run = (common::command())
        .args([
            "--server",
            "http://127.0.0.1:1",
            "--token",
            &remote.token,
            "list",
        ])
        .output()
        .unwrap()
        .into();
    absent.trouble(&["does not answer", "--server"]);

    let missing = remote.folder.path("missing.pdf");
    (remote.run(&["ingest", missing.to_str().unwrap()])).trouble(&["there is no such file"]);
    remote.run(&["ingest", &damaged]).trouble(&["damaged"]);
    remote
        .run(&["ingest", &prose])
        .trouble(&["This file is not a PDF"]);
    (remote.run(&["compare", &file, "nothing.pdf"])).trouble(&["nothing.pdf", "list"]);
}
