//! One live worker process, seen from the parent.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use model::{DocumentInfo, Page, Raster};

use crate::lockdown::Lockdown;
use crate::protocol::{self, MAX_ANSWER_BLOB, Request, Response};
use crate::{Death, Error, Limits, OpenError, malloc, packed, validate, worker};

/// How to start a worker.
#[derive(Clone, Debug)]
pub struct Launcher {
    /// The program.
    pub program: PathBuf,
    /// Arguments before those of the worker itself.
    pub args: Vec<OsString>,
}

impl Launcher {
    /// The running program, started again.
    pub fn this_program() -> io::Result<Self> {
        // This name still leads to the running program where its file has been
        // replaced by a new version.
        let itself = PathBuf::from("/proc/self/exe");
        let program = if itself.exists() {
            itself
        } else {
            std::env::current_exe()?
        };
        Ok(Self {
            program,
            args: vec![worker::ARGUMENT.into()],
        })
    }
}

/// What a worker says about one job.
#[derive(Debug)]
pub(crate) enum Answer {
    Started,
    Opened(Box<DocumentInfo>),
    Refused(OpenError),
    Page(Box<Page>),
    Raster(Raster),
    Annotated(Vec<u8>),
    Failed(String),
    /// The worker is gone; there will be no other answer.
    Lost,
}

#[derive(Debug)]
pub(crate) struct Event {
    pub id: u64,
    pub answer: Answer,
}

/// Job number of the first request: opening or marking.
const FIRST: u64 = 0;

#[derive(Default)]
struct State {
    /// Who waits for a job, and the page it is about.
    pending: HashMap<u64, (Sender<Event>, u32)>,
    gone: bool,
    /// Why the parent gave up on it, where it did.
    cause: Option<Death>,
    /// Whether its death has been counted.
    counted: bool,
    /// Bytes of pages received.
    weight: u64,
}

pub(crate) struct Connection {
    child: Mutex<Child>,
    to_worker: Mutex<ChildStdin>,
    state: Arc<Mutex<State>>,
    memory: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Connection {
    /// Starts a worker and sends it its first request, answered as job 0 on the
    /// channel returned.
    pub(crate) fn start(
        launcher: &Launcher,
        limits: &Limits,
        request: &Request,
        blob: &[&[u8]],
    ) -> Result<(Self, Receiver<Event>), Error> {
        let size = blob.iter().map(|part| part.len()).sum();
        let mut child = Command::new(&launcher.program)
            .args(&launcher.args)
            .args(Lockdown::new(limits, size).to_args())
            // Secrets of the caller are none of its business.
            .env_clear()
            .env(
                malloc::VARIABLE,
                format!("{}:{}", malloc::KEEP, malloc::ONE_HEAP),
            )
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Error::Start)?;
        let (Some(to_worker), Some(from_worker)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Error::Start(io::ErrorKind::BrokenPipe.into()));
        };
        widen(&to_worker);
        widen(&from_worker);
        let state = Arc::new(Mutex::new(State::default()));
        let (sender, receiver) = mpsc::channel();
        lock(&state).pending.insert(FIRST, (sender, 0));
        let reader = Arc::clone(&state);
        thread::Builder::new()
            .name("worker-answers".into())
            .spawn(move || listen(from_worker, &reader))
            .map_err(Error::Start)?;
        let connection = Self {
            child: Mutex::new(child),
            to_worker: Mutex::new(to_worker),
            state,
            memory: limits.memory,
        };
        // A worker that is gone already shows as such on the channel.
        let _ = protocol::write(&mut *lock(&connection.to_worker), request, blob);
        Ok((connection, receiver))
    }

    /// Waits for the answer to the first request, for `time` at most.
    pub(crate) fn first_answer(
        &self,
        events: &Receiver<Event>,
        time: Duration,
    ) -> Result<Answer, Error> {
        match events.recv_timeout(time) {
            Ok(event) => match event.answer {
                Answer::Lost => Err(Error::Died(self.death())),
                other => Ok(other),
            },
            Err(RecvTimeoutError::Timeout) => {
                self.give_up(Death::Time(time));
                Err(Error::Died(self.death()))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Error::Died(self.death())),
        }
    }

    /// Sends a request whose jobs `(id, page)` are answered to `sender`.
    pub(crate) fn submit(
        &self,
        request: &Request,
        jobs: impl Iterator<Item = (u64, u32)>,
        sender: &Sender<Event>,
    ) {
        {
            let mut state = lock(&self.state);
            for (id, page) in jobs {
                if state.gone {
                    let answer = Answer::Lost;
                    let _ = sender.send(Event { id, answer });
                } else {
                    state.pending.insert(id, (sender.clone(), page));
                }
            }
        }
        let _ = protocol::write(&mut *lock(&self.to_worker), request, &[]);
    }

    /// Kills the worker for a reason.
    pub(crate) fn give_up(&self, cause: Death) {
        self.count(&cause);
        {
            let mut state = lock(&self.state);
            state.gone = true;
            state.cause.get_or_insert(cause);
        }
        let _ = lock(&self.child).kill();
    }

    /// Counts how the worker ended, once.
    fn count(&self, death: &Death) {
        if !std::mem::replace(&mut lock(&self.state).counted, true) {
            let cause = death.cause();
            metrics::counter!("pdf_compare_worker_kills_total", "cause" => cause).increment(1);
        }
    }

    /// Whether the worker can take no more jobs.
    pub(crate) fn is_gone(&self) -> bool {
        lock(&self.state).gone
    }

    /// Bytes of pages it has sent.
    pub(crate) fn weight(&self) -> u64 {
        lock(&self.state).weight
    }

    /// How the worker ended; ends it where it has not.
    pub(crate) fn death(&self) -> Death {
        let death = self.end();
        self.count(&death);
        death
    }

    fn end(&self) -> Death {
        let mut child = lock(&self.child);
        // Without an answer stream it is of no use, whatever else it does.
        // Where it has ended by itself, this changes nothing.
        let _ = child.kill();
        let status = child.wait();
        if let Some(cause) = lock(&self.state).cause.clone() {
            return cause;
        }
        let mut last_words = String::new();
        if let Some(stderr) = child.stderr.take() {
            let _ = stderr.take(1 << 16).read_to_string(&mut last_words);
        }
        match status {
            Ok(status) => classify(status, &last_words, self.memory),
            Err(_) => Death::Exit(-1),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut child = lock(&self.child);
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// From what the Rust runtime says when it aborts: the only way to tell a full
/// memory from a full stack.
fn classify(status: ExitStatus, last_words: &str, memory: u64) -> Death {
    const SIGXCPU: i32 = 24;
    if last_words.contains("memory allocation of") {
        return Death::Memory(memory);
    }
    if last_words.contains("overflowed its stack") {
        return Death::Stack;
    }
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return if signal == SIGXCPU {
            Death::Cpu
        } else {
            Death::Signal(signal)
        };
    }
    Death::Exit(status.code().unwrap_or(-1))
}

/// A page of a drawing is megabytes; with the usual 64 KiB in a pipe, both
/// sides would wake each other dozens of times for it. Best effort.
fn widen(pipe: impl std::os::fd::AsFd) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(pipe, 1 << 20);
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

/// Hands the worker's answers to who waits for them, until it is gone.
fn listen(mut from: ChildStdout, state: &Mutex<State>) {
    let mut scratch = Vec::new();
    let cause = loop {
        match protocol::read::<Response>(&mut from, MAX_ANSWER_BLOB, &mut scratch) {
            Ok(None) => break None,
            Ok(Some(frame)) => {
                if let Err(nonsense) = dispatch(frame, state) {
                    break Some(Death::Nonsense(nonsense.to_owned()));
                }
            }
            // It died in the middle of an answer.
            Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => break None,
            Err(e) => break Some(Death::Nonsense(e.to_string())),
        }
    };
    let mut state = lock(state);
    state.gone = true;
    if let Some(cause) = cause {
        state.cause.get_or_insert(cause);
    }
    for (id, (sender, _)) in state.pending.drain() {
        let answer = Answer::Lost;
        let _ = sender.send(Event { id, answer });
    }
}

fn dispatch(frame: protocol::Frame<Response>, state: &Mutex<State>) -> Result<(), &'static str> {
    let page_of = |id: u64| lock(state).pending.get(&id).map(|(_, page)| *page);
    let (id, answer) = match frame.message {
        Response::Started { id } => (id, Answer::Started),
        Response::Opened(info) => (FIRST, Answer::Opened(info)),
        Response::Refused(refusal) => (FIRST, Answer::Refused(refusal)),
        Response::Annotated => (FIRST, Answer::Annotated(frame.blob)),
        Response::Failed { id, reason } => (id, Answer::Failed(reason)),
        Response::Page { id, mut page } => {
            let number = page_of(id).ok_or("an answer to nothing")?;
            packed::unpack(&mut page.drawing, &frame.blob)?;
            validate::page(&page, number)?;
            // What paths weigh here, not as they are packed.
            let paths = page.drawing.paths.len() * size_of::<model::Path>();
            lock(state).weight += frame.weight + paths as u64;
            (id, Answer::Page(page))
        }
        Response::Raster { id, width, height } => {
            let raster = validate::raster(width, height, frame.blob)?;
            (id, Answer::Raster(raster))
        }
    };
    let mut state = lock(state);
    let sender = if matches!(answer, Answer::Started) {
        state.pending.get(&id).map(|(sender, _)| sender.clone())
    } else {
        state.pending.remove(&id).map(|(sender, _)| sender)
    };
    // Whoever asked may have stopped waiting; that is no fault of the worker's.
    let _ = sender
        .ok_or("an answer to nothing")?
        .send(Event { id, answer });
    Ok(())
}

/// When a job that has started must be done.
pub(crate) fn deadline(started: Instant, limits: &Limits, total: Instant) -> Instant {
    (started + limits.page_time).min(total)
}
