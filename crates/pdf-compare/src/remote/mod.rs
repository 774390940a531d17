//! Commands that talk to a running service: `ingest`, `list`, `search`,
//! `compare`.

mod api;

use std::io::{IsTerminal, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use crate::Outcome;
use crate::cli::{Format, RemoteArgs, RemoteCompareArgs};
use crate::input;
use crate::output::{self, Target};
use crate::progress::Progress;
use crate::trouble::{Trouble, one_line};
use api::Api;

/// Bytes of a file that is sent; the service has its own limit.
const MAX_FILE: u64 = 2 << 30;

/// A document, as the service tells it.
#[derive(Deserialize)]
struct Document {
    id: String,
    name: String,
    pages: Option<u32>,
    state: String,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Uploaded {
    document: Document,
    job: Job,
    known: bool,
}

#[derive(Deserialize)]
struct Job {
    id: String,
    state: String,
    stage: String,
    done: u64,
    total: u64,
    error: Option<String>,
}

#[derive(Deserialize)]
struct Listing<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Deserialize)]
struct Hit {
    name: String,
    page: u32,
    snippet: String,
}

#[derive(Deserialize)]
struct CreatedComparison {
    comparison: Comparison,
}

#[derive(Deserialize)]
struct Comparison {
    id: String,
    job: Job,
}

/// Of a report, all that the exit status needs.
#[derive(Deserialize)]
struct Verdict {
    identical: bool,
}

/// The service named on the command line.
pub(crate) fn connect(args: &RemoteArgs) -> Result<Api, Trouble> {
    let Some(server) = &args.server else {
        return Err(Trouble::new(
            None,
            "this command talks to a running service, and none is named",
            "name one with --server URL or PDF_COMPARE_SERVER (pdf-compare serve starts one)",
        ));
    };
    let token = input::password(args.token.as_ref(), args.token_file.as_deref())?;
    let Some(token) = token else {
        return Err(Trouble::new(
            Some(server),
            "wants to know whose documents are meant",
            "give a token made on its settings page with PDF_COMPARE_TOKEN or --token-file",
        ));
    };
    Api::new(server, &token)
}

/// Sends files and waits until they are read.
pub(crate) fn ingest(api: &Api, files: &[std::path::PathBuf]) -> Result<Outcome, Trouble> {
    for path in files {
        let document = send(api, path)?;
        print(&format!(
            "{}  {} ({})",
            document.id,
            document.name,
            count(document.pages.unwrap_or_default())
        ))?;
    }
    Ok(Outcome::Same)
}

fn send(api: &Api, path: &Path) -> Result<Document, Trouble> {
    let file = input::read(path, MAX_FILE)?;
    let progress = Progress::new();
    progress.show("sending", 0, 0);
    let uploaded: Uploaded = api.upload(&file.name, file.bytes.to_vec())?;
    if !(uploaded.known && uploaded.document.state == "ready") {
        api.wait(&uploaded.job.id, &|stage, done, total| {
            progress.show(stage, done, total);
        })?;
    }
    progress.clear();
    let document: Document = api.get(&format!("/documents/{}", uploaded.document.id))?;
    match &document.error {
        Some(error) => Err(Trouble::new(
            Some(&file.shown),
            error.as_str(),
            "mend the file and send it again",
        )),
        None => Ok(document),
    }
}

/// Lists the documents, newest first.
pub(crate) fn list(api: &Api) -> Result<Outcome, Trouble> {
    let documents: Vec<Document> = all(api, "/documents?limit=100")?;
    if documents.is_empty() {
        eprintln!("No documents yet: pdf-compare --server URL ingest FILE");
    }
    for document in documents {
        let pages = match document.pages {
            Some(pages) => count(pages),
            None => document.state,
        };
        print(&format!("{}  {} ({pages})", document.id, document.name))?;
    }
    Ok(Outcome::Same)
}

/// Searches all documents; status 1 where nothing is found, as `grep` does.
pub(crate) fn search(api: &Api, query: &str) -> Result<Outcome, Trouble> {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let hits: Vec<Hit> = all(api, &format!("/search?limit=100&q={query}"))?;
    for hit in &hits {
        // The service marks matches with private-use characters.
        let snippet = hit.snippet.replace(['\u{e000}', '\u{e001}'], "");
        print(&format!("{}:{}: {snippet}", hit.name, hit.page))?;
    }
    Ok(if hits.is_empty() {
        Outcome::Different
    } else {
        Outcome::Same
    })
}

/// Compares two documents of the service; each is an id, a name, or a file to
/// send.
pub(crate) fn compare(api: &Api, args: &RemoteCompareArgs) -> Result<Outcome, Trouble> {
    let format = output::format(args.format, args.output.as_deref())?;
    let target = Target::new(args.output.as_deref(), format, &[])?;
    let (old, new) = (find(api, &args.old)?, find(api, &args.new)?);
    let created: CreatedComparison = api.post(
        "/comparisons",
        &json!({ "old": old, "new": new, "options": {} }),
    )?;
    let progress = Progress::new();
    let comparison = created.comparison;
    api.wait(&comparison.job.id, &|stage, done, total| {
        progress.show(stage, done, total);
    })?;
    progress.clear();
    let report = |extension: &str| {
        api.bytes(&format!(
            "/comparisons/{}/report.{extension}",
            comparison.id
        ))
    };
    let json = report("json")?;
    let body = match format {
        Format::Json => json.clone(),
        other => report(other.extension())?,
    };
    target.write(|out| {
        out.write_all(&body)
            .map_err(|e| Trouble::io("the report", "cannot be written", e))
    })?;
    let verdict: Verdict = serde_json::from_slice(&json).map_err(|e| {
        Trouble::new(
            None,
            format!("the report makes no sense: {e}"),
            "please report it",
        )
    })?;
    Ok(if verdict.identical {
        Outcome::Same
    } else {
        Outcome::Different
    })
}

/// The document `wanted` names: a file here, or an id or name there.
fn find(api: &Api, wanted: &str) -> Result<String, Trouble> {
    if Path::new(wanted).is_file() {
        return send(api, Path::new(wanted)).map(|document| document.id);
    }
    let documents: Vec<Document> = all(api, "/documents?limit=100")?;
    documents
        .into_iter()
        .find(|d| d.id == wanted || d.name == wanted)
        .map(|d| d.id)
        .ok_or_else(|| {
            Trouble::new(
                Some(wanted),
                "is neither a file here nor a document of the service",
                "see pdf-compare --server URL list",
            )
        })
}

fn count(pages: u32) -> String {
    format!("{pages} page{}", if pages == 1 { "" } else { "s" })
}

/// All entries of a list.
fn all<T: serde::de::DeserializeOwned>(api: &Api, path: &str) -> Result<Vec<T>, Trouble> {
    let mut items = Vec::new();
    let mut next: Option<String> = None;
    loop {
        let cursor = next.map_or_else(String::new, |cursor| {
            let cursor: String = url::form_urlencoded::byte_serialize(cursor.as_bytes()).collect();
            format!("&cursor={cursor}")
        });
        let listing: Listing<T> = api.get(&format!("{path}{cursor}"))?;
        items.extend(listing.items);
        next = listing.next;
        if next.is_none() {
            return Ok(items);
        }
    }
}

fn print(line: &str) -> Result<(), Trouble> {
    let mut out = std::io::stdout().lock();
    // Names come from others; none may speak to the terminal.
    let line = if out.is_terminal() {
        one_line(line)
    } else {
        line.to_owned()
    };
    writeln!(out, "{line}").map_err(|e| Trouble::io("standard output", "cannot be written", e))
}
