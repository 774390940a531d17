//! The service and the driver, started for the tests and ended with them.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

/// How long a process may take to say that it is ready.
const START: Duration = Duration::from_mins(1);

/// Opens the operators' page of the service that is started here.
pub const OPERATOR: &str = "fedcba9876543210fedcba9876543210";

/// What the tests run against.
pub struct Running {
    /// Where the service is, without a slash at the end.
    pub service: String,
    /// Where the driver is.
    pub driver: String,
    _processes: Vec<Child>,
    _data: TempDir,
}

impl Running {
    /// Starts what is not there already.
    pub async fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder for the service's data");
        let mut processes = Vec::new();
        let service = if let Ok(url) = std::env::var("PDF_COMPARE_URL") {
            url.trim_end_matches('/').to_owned()
        } else {
            let mut child = spawn(
                Command::new(binary())
                    .env("OPERATOR_TOKEN", OPERATOR)
                    .args(["serve", "--listen", "127.0.0.1:0", "--data"])
                    .arg(data.path()),
            );
            let line = said(&mut child, "http://").await;
            processes.push(child);
            let from = line.find("http://").expect("an address");
            line[from..]
                .split_whitespace()
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        let mut child = spawn(Command::new("chromedriver").arg("--port=0"));
        let line = said(&mut child, "successfully on port ").await;
        processes.push(child);
        let port: String = line
            .rsplit("on port ")
            .next()
            .unwrap_or_default()
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        Self {
            service,
            driver: format!("http://127.0.0.1:{port}"),
            _processes: processes,
            _data: data,
        }
    }
}

/// The command built with these tests: two folders above them.
fn binary() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let binary = test
        .ancestors()
        .nth(2)
        .expect("a target folder")
        .join("pdf-compare");
    assert!(
        binary.exists(),
        "{} is missing: `cargo build -p pdf-compare` makes it",
        binary.display()
    );
    binary
}

fn spawn(command: &mut Command) -> Child {
    let name = command.as_std().get_program().to_owned();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| {
            panic!(
                "{}: {error}; scripts/install-tools installs it",
                name.display()
            )
        })
}

/// The first line on standard output that holds `part`; what follows is read
/// and dropped, so that the process never waits for a reader.
async fn said(child: &mut Child, part: &str) -> String {
    let output = child.stdout.take().expect("standard output");
    let mut lines = BufReader::new(output).lines();
    let found = tokio::time::timeout(START, async {
        while let Some(line) = lines.next_line().await.expect("readable output") {
            if line.contains(part) {
                return line;
            }
        }
        panic!("the process ended without saying {part:?}");
    })
    .await
    .unwrap_or_else(|_| panic!("the process did not say {part:?} in time"));
    tokio::spawn(drain(lines));
    found
}

async fn drain<R: AsyncRead + Unpin>(mut lines: tokio::io::Lines<BufReader<R>>) {
    while let Ok(Some(_)) = lines.next_line().await {}
}
