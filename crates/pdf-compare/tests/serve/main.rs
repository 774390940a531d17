//! `pdf-compare serve`, as a process that starts, ends and is killed, and the
//! commands that talk to it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod crashes;
mod leftovers;
mod lifecycle;
mod remote;
mod server;

/// A document of `pages` pages that nobody else has: `word` is on each.
fn document(word: &str, pages: usize) -> Vec<u8> {
    let contents: Vec<_> = (1..=pages)
        .map(|page| {
            let lines: Vec<_> = (0..40)
                .map(|line| format!("{word} page {page} line {line} of the agreement between us"))
                .collect();
            common::lines(&lines.iter().map(String::as_str).collect::<Vec<_>>())
        })
        .collect();
    common::document(&contents.iter().map(String::as_str).collect::<Vec<_>>())
}
