//! The worker side: a process that reads one file for its parent.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use model::Rect;

use crate::engine::{Engine, PageReader};
use crate::limits::STACK;
use crate::lockdown::Lockdown;
use crate::packed;
use crate::protocol::{self, Request, Response};

/// First argument of a process that is a worker.
pub const ARGUMENT: &str = "worker";

/// A blob up to this size, bytes, is written together with its message.
const SMALL: usize = 64 << 10;

/// Exit status of a worker that could not lock itself in.
const NO_JAIL: u8 = 81;

/// Runs this process as a worker until its parent closes the pipe. `args` are
/// those after [`ARGUMENT`].
pub fn run<E: Engine>(args: impl Iterator<Item = String>) -> ExitCode {
    let Some(lockdown) = Lockdown::from_args(args) else {
        eprintln!("a worker is started by the program itself, not by hand");
        return ExitCode::from(2);
    };
    let Ok(out) = io::stdout().as_fd().try_clone_to_owned() else {
        return ExitCode::from(NO_JAIL);
    };
    if lockdown.apply().is_err() {
        return ExitCode::from(NO_JAIL);
    }
    // Reasons travel as answers; a panic report would only fill the pipe.
    std::panic::set_hook(Box::new(|_| {}));
    let post = Post(Mutex::new(File::from(out)));
    match serve::<E>(&mut io::stdin().lock(), &post, lockdown.threads) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent is gone, or sent nonsense: nobody is left to tell.
        Err(_) => ExitCode::FAILURE,
    }
}

/// Where answers go; each is written in one piece.
struct Post(Mutex<File>);

impl Post {
    fn send(&self, message: &Response, blob: &[u8]) -> io::Result<()> {
        let head = protocol::encode(message, blob.len(), Vec::new())?;
        self.send_encoded(&head, blob)
    }

    fn send_encoded(&self, head: &[u8], blob: &[u8]) -> io::Result<()> {
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(head)?;
        out.write_all(blob)
    }
}

enum Task {
    Extract,
    Render { scale: f32, region: Option<Rect> },
}

struct Job {
    id: u64,
    page: u32,
    task: Task,
}

/// Jobs that wait for a thread.
#[derive(Default)]
struct Queue {
    jobs: Mutex<VecDeque<Job>>,
    more: Condvar,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, jobs: impl Iterator<Item = Job>) {
        self.lock().extend(jobs);
        self.more.notify_all();
    }

    fn try_next(&self) -> Option<Job> {
        self.lock().pop_front()
    }

    fn next(&self) -> Job {
        let mut jobs = self.lock();
        loop {
            if let Some(job) = jobs.pop_front() {
                return job;
            }
            jobs = self.more.wait(jobs).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn serve<E: Engine>(from: &mut impl Read, post: &Post, threads: usize) -> io::Result<()> {
    let mut scratch = Vec::new();
    // The parent is trusted: it has limited the file's size.
    let Some(first) = protocol::read::<Request>(from, u64::MAX, &mut scratch)? else {
        return Ok(());
    };
    let queue = Queue::default();
    thread::scope(|scope| {
        // The engine never runs on the main thread: that one has a small stack,
        // and must see at once when the parent goes away.
        let engine = thread::Builder::new().stack_size(STACK);
        let queue = &queue;
        engine.spawn_scoped(scope, move || match first.message {
            Request::Open { password } => {
                open::<E>(first.blob, password.as_deref(), post, queue, threads);
            }
            Request::Annotate {
                password,
                report_bytes,
            } => annotate::<E>(&first.blob, report_bytes, password.as_deref(), post),
            Request::Pages { .. } | Request::Render { .. } => std::process::exit(2),
        })?;
        while let Some(frame) = protocol::read::<Request>(from, u64::MAX, &mut scratch)? {
            match frame.message {
                Request::Pages { first_id, pages } => {
                    queue.push(pages.into_iter().zip(first_id..).map(|(page, id)| Job {
                        id,
                        page,
                        task: Task::Extract,
                    }));
                }
                Request::Render {
                    id,
                    page,
                    scale,
                    region,
                } => queue.push(std::iter::once(Job {
                    id,
                    page,
                    task: Task::Render { scale, region },
                })),
                Request::Open { .. } | Request::Annotate { .. } => std::process::exit(2),
            }
        }
        // Threads may be anywhere inside a hostile file: do not wait for them.
        std::process::exit(0)
    })
}

fn annotate<E: Engine>(blob: &[u8], report_bytes: u64, password: Option<&str>, post: &Post) {
    let marked = catch_unwind(|| match blob.split_at_checked(report_bytes as usize) {
        Some((report, pdf)) => E::annotate(pdf, password, report),
        None => Err("the report is missing".to_owned()),
    })
    .unwrap_or_else(|_| Err("the PDF engine gave up".to_owned()));
    let sent = match marked {
        Ok(pdf) => post.send(&Response::Annotated, &pdf),
        Err(reason) => post.send(&Response::Failed { id: 0, reason }, &[]),
    };
    if sent.is_err() {
        std::process::exit(1);
    }
}

fn open<E: Engine>(
    bytes: Vec<u8>,
    password: Option<&str>,
    post: &Post,
    queue: &Queue,
    threads: usize,
) {
    let opened = catch_unwind(|| {
        let engine = E::open(bytes, password)?;
        let info = engine.info();
        Ok((engine, info))
    })
    .unwrap_or_else(|_| {
        Err(crate::OpenError::Damaged(
            "the PDF engine gave up on it".to_owned(),
        ))
    });
    let (engine, info) = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            if post.send(&Response::Refused(refusal), &[]).is_err() {
                std::process::exit(1);
            }
            return;
        }
    };
    if post.send(&Response::Opened(Box::new(info)), &[]).is_err() {
        std::process::exit(1);
    }
    thread::scope(|scope| {
        let engine = &engine;
        for _ in 1..threads {
            let builder = thread::Builder::new().stack_size(STACK);
            // With too little memory for another thread, there are fewer.
            if builder
                .spawn_scoped(scope, || work(engine, post, queue))
                .is_err()
            {
                break;
            }
        }
        work(engine, post, queue);
    });
}

/// One thread: jobs until the process ends.
fn work<E: Engine>(engine: &E, post: &Post, queue: &Queue) {
    let mut reader = engine.reader();
    let mut head = Vec::new();
    let mut job = queue.next();
    loop {
        // The parent must know what each thread is at before it can hang.
        let started = protocol::encode(&Response::Started { id: job.id }, 0, head);
        let Ok(pending) = started else {
            std::process::exit(1)
        };
        if post.send_encoded(&pending, &[]).is_err() {
            std::process::exit(1);
        }
        let mut buffer = pending;
        buffer.clear();
        let performed = catch_unwind(AssertUnwindSafe(|| perform(&mut reader, &job)));
        let (answer, mut blob) = performed.unwrap_or_else(|_| {
            // Its caches may be half-made.
            reader = engine.reader();
            (
                failed(job.id, "breaks the PDF engine".to_owned()),
                Vec::new(),
            )
        });
        buffer = match protocol::encode(&answer, blob.len(), buffer) {
            Ok(buffer) => buffer,
            Err(e) => {
                let failure = failed(job.id, e.to_string());
                blob = Vec::new();
                protocol::encode(&failure, 0, Vec::new()).unwrap_or_default()
            }
        };
        drop(answer);
        if blob.len() <= SMALL {
            buffer.append(&mut blob);
        }
        // Where another job waits, its start travels with this answer: one
        // write per page.
        let waiting = if blob.is_empty() {
            queue.try_next()
        } else {
            None
        };
        if let Some(next) = waiting {
            head = buffer;
            job = next;
            continue;
        }
        if post.send_encoded(&buffer, &blob).is_err() {
            std::process::exit(1);
        }
        buffer.clear();
        buffer.shrink_to(4 << 20);
        head = buffer;
        job = queue.next();
    }
}

fn failed(id: u64, reason: String) -> Response {
    Response::Failed { id, reason }
}

fn perform(reader: &mut impl PageReader, job: &Job) -> (Response, Vec<u8>) {
    let id = job.id;
    let done = match job.task {
        Task::Extract => reader.page(job.page).map(|page| {
            let mut page = Box::new(page);
            let paths = packed::pack(&mut page.drawing);
            (Response::Page { id, page }, paths)
        }),
        Task::Render { scale, region } => reader.render(job.page, scale, region).map(|raster| {
            let answer = Response::Raster {
                id,
                width: raster.width,
                height: raster.height,
            };
            (answer, raster.rgb)
        }),
    };
    done.unwrap_or_else(|reason| (failed(id, reason), Vec::new()))
}
