//! One service, as a process.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a service may take to listen.
const START: Duration = Duration::from_mins(2);

/// Killed when dropped.
pub struct Process {
    /// Its address, without a slash at the end.
    pub url: String,
    /// Everything it logged.
    pub log: Log,
    child: Child,
}

/// Lines of JSON as they come.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<Value>>>);

impl Log {
    /// All of them so far.
    pub fn lines(&self) -> Vec<Value> {
        self.0.lock().unwrap().clone()
    }
}

impl Process {
    /// Starts a service on a free port and waits until it listens.
    pub fn start(name: &str, settings: &[(&str, String)]) -> Self {
        let mut child = Command::new(program(name))
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .env("LISTEN", "127.0.0.1:0")
            .env("LOG_FORMAT", "json")
            .env("RUST_LOG", "info,service=debug")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Log::default();
        let (output, kept) = (child.stdout.take().unwrap(), log.clone());
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap_or(Value::String(line));
                kept.0.lock().unwrap().push(line);
            }
        });
        let deadline = Instant::now() + START;
        let address = loop {
            let listens = |line: &Value| line["message"] == "listening";
            if let Some(line) = log.lines().into_iter().find(listens) {
                break line["address"].as_str().unwrap().to_owned();
            }
            let ended = child.try_wait().unwrap();
            assert!(ended.is_none(), "{name} ended: {:?}", log.lines());
            assert!(Instant::now() < deadline, "{name}: {:?}", log.lines());
            thread::sleep(Duration::from_millis(20));
        };
        Self {
            url: format!("http://{address}"),
            log,
            child,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program built with these tests: two folders above them.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join(name);
    assert!(
        program.exists(),
        "{} is missing: `cargo build --workspace` makes it",
        program.display()
    );
    program
}
