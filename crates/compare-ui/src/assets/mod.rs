//! Styles, scripts and sample documents, served from the binary.
//!
//! All of them live under one name made from their content, so that a browser
//! keeps them for ever and never mixes two versions: modules import each other
//! by relative paths and thereby stay within one version.

mod table;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::pages;
use table::{FILES, SAMPLES};

/// A file of the application.
struct File {
    /// Path below the version, as in `js/api.js`.
    name: &'static str,
    bytes: &'static [u8],
}

static BY_NAME: LazyLock<HashMap<&'static str, &'static [u8]>> =
    LazyLock::new(|| FILES.iter().map(|f| (f.name, f.bytes)).collect());

/// Names this version of the files: 16 hex digits of the hash of them all.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    for file in FILES {
        hash.update(file.name.as_bytes());
        hash.update([0]);
        hash.update((file.bytes.len() as u64).to_le_bytes());
        hash.update(file.bytes);
    }
    let mut text = String::with_capacity(16);
    for byte in &hash.finalize()[..8] {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
});

/// Where the file called `name` is to be asked for.
pub(crate) fn path(name: &str) -> String {
    debug_assert!(BY_NAME.contains_key(name), "no asset is called {name}");
    format!("/assets/{}/{name}", *VERSION)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}

/// `GET /assets/{version}/{name}`. Another version than this one is answered
/// too, so that a page loaded before an update or from another instance still
/// finds its files, but is not kept.
async fn asset(path: web::Path<(String, String)>) -> HttpResponse {
    let (version, name) = path.into_inner();
    let Some(bytes) = BY_NAME.get(name.as_str()) else {
        return pages::not_found_response();
    };
    let cache = if version == *VERSION {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type(&name)))
        .insert_header((header::CACHE_CONTROL, cache))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(web::Bytes::from_static(bytes))
}

/// `GET /samples/{name}`: documents to try the service with.
async fn sample(name: web::Path<String>) -> HttpResponse {
    let Some(file) = SAMPLES.iter().find(|file| file.name == *name) else {
        return pages::not_found_response();
    };
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, content_type(file.name)))
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(web::Bytes::from_static(file.bytes))
}

/// `GET /favicon.ico`, which browsers ask for unasked.
async fn favicon() -> HttpResponse {
    HttpResponse::MovedPermanently()
        .insert_header((header::LOCATION, path("icon.svg")))
        .finish()
}

pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .route("/assets/{version}/{name:.*}", web::get().to(asset))
        .route("/samples/{name}", web::get().to(sample))
        .route("/favicon.ico", web::get().to(favicon));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scripts() -> impl Iterator<Item = &'static File> {
        FILES
            .iter()
            .filter(|file| content_type(file.name).starts_with("text/javascript"))
    }

    /// Every module and style that a module or page names is in the table, or
    /// the application breaks in the browser only.
    #[test]
    fn every_import_is_served() {
        for file in scripts() {
            let text = std::str::from_utf8(file.bytes).unwrap();
            let folder = file.name.rsplit_once('/').unwrap().0;
            for line in text.lines().filter(|line| line.contains("from \".")) {
                let target = line.split("from \"").nth(1).unwrap();
                let target = target.split('"').next().unwrap();
                let mut parts: Vec<&str> = folder.split('/').collect();
                for part in target.split('/') {
                    match part {
                        "." => {}
                        ".." => {
                            parts.pop();
                        }
                        other => parts.push(other),
                    }
                }
                let name = parts.join("/");
                assert!(
                    BY_NAME.contains_key(name.as_str()),
                    "{} imports {name}",
                    file.name
                );
            }
        }
    }

    #[test]
    fn scripts_are_small_and_make_no_markup_from_text() {
        for file in scripts() {
            let text = std::str::from_utf8(file.bytes).unwrap();
            assert!(text.lines().count() <= 400, "{} is long", file.name);
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "eval("] {
                assert!(!text.contains(word), "{} uses {word}", file.name);
            }
        }
    }
}
