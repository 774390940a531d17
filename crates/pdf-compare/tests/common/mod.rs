//! PDFs made here, and the command run on them.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder for one test.
pub struct Folder(TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file and gives its path.
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// What a run of the command gave.
#[derive(Debug)]
pub struct Run {
    pub status: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Run {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// Exit status 2 and one line on standard error that has all of `parts`.
    #[track_caller]
    pub fn trouble(&self, parts: &[&str]) {
        assert_eq!(self.status, 2, "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        assert!(self.stderr.starts_with("pdf-compare: "), "{self:?}");
        assert!(self.stderr.contains("; "), "no advice: {self:?}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in {self:?}");
        }
    }

    #[track_caller]
    pub fn status(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        if status < 2 {
            assert_eq!(self.stderr, "", "{self:?}");
        }
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("killed by a signal"),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pdf-compare"));
    for name in [
        "NO_COLOR",
        "PDF_COMPARE_PASSWORD_OLD",
        "PDF_COMPARE_PASSWORD_NEW",
    ] {
        command.env_remove(name);
    }
    command
}

pub fn run<S: AsRef<std::ffi::OsStr>>(args: &[S]) -> Run {
    command().args(args).output().unwrap().into()
}

/// `diff` of two files with more arguments.
pub fn diff(old: &Path, new: &Path, more: &[&str]) -> Run {
    command()
        .arg("diff")
        .args([old, new])
        .args(more)
        .output()
        .unwrap()
        .into()
}

/// With bytes on standard input.
pub fn with_input(command: &mut Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output.into()
}

/// A PDF from its objects, which are numbered from 1; the first is the catalog.
pub fn raw(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n", i + 1).as_bytes());
        pdf.extend_from_slice(object);
        pdf.extend_from_slice(b"\nendobj\n");
    }
    let xref = pdf.len();
    let count = objects.len() + 1;
    let mut tail = format!("xref\n0 {count}\n0000000000 65535 f \n");
    for place in places {
        writeln!(tail, "{place:010} 00000 n ").unwrap();
    }
    write!(
        tail,
        "trailer\n<</Size {count}/Root 1 0 R/ID[<0123456789abcdef><0123456789abcdef>]>>\nstartxref\n{xref}\n%%EOF\n"
    )
    .unwrap();
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}

pub fn stream(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dictionary}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

const RESOURCES: &str =
    "/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</X 3 0 R>>>>";

/// A PDF with a page per content stream. Object 3 is the external object `/X`, what
/// `extra` gives first; more objects follow the pages.
pub fn pages_with(media_box: &str, contents: &[Vec<u8>], extra: Vec<u8>) -> Vec<u8> {
    let mut kids = String::new();
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), vec![], extra];
    for content in contents {
        let number = objects.len() + 1;
        write!(kids, "{number} 0 R ").unwrap();
        objects.push(
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox{media_box}{RESOURCES}/Contents {} 0 R>>",
                number + 1
            )
            .into_bytes(),
        );
        objects.push(content.clone());
    }
    objects[1] = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", contents.len()).into_bytes();
    raw(&objects)
}

/// A letter-size PDF with a page per content stream.
pub fn document(contents: &[&str]) -> Vec<u8> {
    let contents: Vec<_> = contents.iter().map(|c| stream("", c.as_bytes())).collect();
    pages_with("[0 0 612 792]", &contents, b"null".to_vec())
}

/// A content stream that writes lines.
pub fn lines(lines: &[&str]) -> String {
    let mut content = "BT /F 12 Tf 14 TL 72 720 Td\n".to_owned();
    for line in lines {
        writeln!(content, "({line}) Tj T*").unwrap();
    }
    content + "ET\n"
}

/// A document of one page with these lines.
pub fn letter(text: &[&str]) -> Vec<u8> {
    document(&[&lines(text)])
}

/// What the tests of the command compare.
pub fn two_revisions(folder: &Folder) -> (PathBuf, PathBuf) {
    let old = lines(&["The supplier shall deliver", "within ten days."]) + "100 300 200 100 re S\n";
    let new = lines(&["The supplier must deliver", "within ten days."]) + "100 300 200 140 re S\n";
    (
        folder.file("old.pdf", document(&[&old, &lines(&["Second page"])])),
        folder.file("new.pdf", document(&[&new, &lines(&["Second page"])])),
    )
}

/// zlib, as in `/FlateDecode`.
pub fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// A few KB that become `megabytes` through `/Filter[/FlateDecode/FlateDecode]`.
pub fn bomb(megabytes: usize, filling: &[u8]) -> Vec<u8> {
    let block = filling.repeat((1 << 20) / filling.len());
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    for _ in 0..megabytes {
        encoder.write_all(&block).unwrap();
    }
    deflate(&encoder.finish().unwrap())
}
