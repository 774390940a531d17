//! Documents for the tests: the repository's samples, and files made of them.

use std::path::{Path, PathBuf};
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A file to give to the browser.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is called there.
    pub name: String,
    /// Its bytes, Base64.
    pub base64: String,
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

/// A sample under another name.
pub fn sample(sample: &str, name: &str) -> File {
    file(&samples().join(sample), name)
}

/// A file under another name.
pub fn file(path: &Path, name: &str) -> File {
    let bytes = std::fs::read(path).expect("a file");
    File {
        name: name.to_owned(),
        base64: STANDARD.encode(bytes),
    }
}

/// The two revisions of the contract: words changed, a paragraph moved.
pub fn contracts() -> Vec<File> {
    vec![
        sample("contract-a.pdf", "Contract A.pdf"),
        sample("contract-b.pdf", "Contract B.pdf"),
    ]
}

/// Pages of samples put together anew, such as `["contract-a.pdf", "1,3"]`.
pub fn pages(name: &str, parts: &[&str]) -> File {
    let folder = tempfile::tempdir().expect("a folder");
    let made = folder.path().join("made.pdf");
    let output = Command::new("qpdf")
        .arg("--empty")
        .arg("--pages")
        .args(parts)
        .arg("--")
        .arg(&made)
        .current_dir(samples())
        .output()
        .expect("qpdf; scripts/install-tools installs it");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    file(&made, name)
}

/// A pair of long documents of about so many pages, with edits here and there.
pub fn long(pages: usize) -> Vec<File> {
    let folder = tempfile::tempdir().expect("a folder");
    groundtruth::samples::write_long(folder.path(), pages).expect("a long pair");
    let side = |side: &str| {
        file(
            &folder.path().join(format!("{side}.pdf")),
            &format!("Long {side}.pdf"),
        )
    };
    vec![side("old"), side("new")]
}

/// Not a PDF.
pub fn letter() -> File {
    File {
        name: "letter.txt".to_owned(),
        base64: STANDARD.encode("Dear reader"),
    }
}
