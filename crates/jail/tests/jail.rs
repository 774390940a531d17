//! Workers that misbehave in every way, and what becomes of it. The test
//! program is its own worker: its engine does what the “file” says, a line per
//! page.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::HashMap;
use std::fs::File;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jail::lockdown::Lockdown;
use jail::{Death, Engine, Error, Launcher, Limits, OpenError, PageReader, Session, worker};
use model::{DocumentInfo, Page, Raster, Rect};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    match args.next().as_deref() {
        Some(worker::ARGUMENT) => return worker::run::<Script>(args),
        Some("probe") => return probe(),
        // What test runners ask every test program.
        Some("--list") => return ExitCode::SUCCESS,
        _ => {}
    }
    let tests: [(&str, fn()); 13] = [
        ("the jail bites", the_jail_bites),
        ("pages arrive in order", pages_arrive_in_order),
        ("one bad page costs one page", one_bad_page_costs_one_page),
        ("a slow page costs one page", a_slow_page_costs_one_page),
        ("memory is bounded", memory_is_bounded),
        ("deep recursion is named", deep_recursion_is_named),
        ("a panic costs one page", a_panic_costs_one_page),
        ("lies cost one page", lies_cost_one_page),
        ("opening can fail", opening_can_fail),
        ("restarts are bounded", restarts_are_bounded),
        ("the total time is kept", the_total_time_is_kept),
        ("rendering survives", rendering_survives),
        ("marking works and fails", marking_works_and_fails),
    ];
    for (name, test) in tests {
        let start = Instant::now();
        test();
        println!(
            "test {name} ... ok ({:.2} s)",
            start.elapsed().as_secs_f32()
        );
    }
    ExitCode::SUCCESS
}

/// An engine that does what the file says.
struct Script(Vec<String>);

struct Actor<'a>(&'a [String]);

#[allow(unconditional_recursion)]
fn recurse(depth: u64) -> u64 {
    let here = std::hint::black_box([depth; 64]);
    recurse(depth + 1) + here[(depth % 64) as usize]
}

fn act(what: &str, number: u32) -> Result<Page, String> {
    let page = Page {
        number,
        size: [100.0, 100.0],
        ..Page::default()
    };
    match what {
        "ok" => {}
        "fail" => return Err("has no content".into()),
        "abort" => std::process::abort(),
        "exit" => std::process::exit(7),
        "loop" => loop {
            std::hint::spin_loop();
        },
        "sleep" => std::thread::sleep(Duration::from_hours(1)),
        "panic" => panic!("on purpose"),
        "stack" => {
            std::hint::black_box(recurse(0));
        }
        "memory" => {
            let mut hoard = Vec::new();
            loop {
                hoard.push(vec![1_u8; 16 << 20]);
                std::hint::black_box(&hoard);
            }
        }
        "lie" => {
            return Ok(Page {
                number: number + 1,
                ..page
            });
        }
        "garbage" => {
            use std::io::Write;
            let _ = std::io::stdout().write_all(&[0xff; 64]);
            let _ = std::io::stdout().flush();
            std::thread::sleep(Duration::from_hours(1));
        }
        other => return Err(format!("has unknown content {other:?}")),
    }
    Ok(page)
}

impl Engine for Script {
    type Reader<'a> = Actor<'a>;

    fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, OpenError> {
        let text = String::from_utf8(bytes).map_err(|_| OpenError::NotPdf(None))?;
        match text.strip_prefix("open-") {
            Some("locked") if password.is_none() => return Err(OpenError::PasswordRequired),
            Some(what) if what != "locked" => {
                act(what, 0).map_err(OpenError::Damaged)?;
            }
            _ => {}
        }
        Ok(Self(text.lines().map(str::to_owned).collect()))
    }

    fn info(&self) -> DocumentInfo {
        DocumentInfo {
            page_count: self.0.len() as u32,
            ..DocumentInfo::default()
        }
    }

    fn reader(&self) -> Actor<'_> {
        Actor(&self.0)
    }

    fn annotate(pdf: &[u8], _: Option<&str>, report: &[u8]) -> Result<Vec<u8>, String> {
        match report {
            b"abort" => std::process::abort(),
            b"fail" => Err("cannot be marked".into()),
            _ => Ok([pdf, report].concat()),
        }
    }
}

impl PageReader for Actor<'_> {
    fn page(&mut self, number: u32) -> Result<Page, String> {
        let line = &self.0[number as usize - 1];
        act(line.strip_prefix("draw-").map_or(line, |_| "ok"), number)
    }

    fn render(&mut self, number: u32, _: f32, _: Option<Rect>) -> Result<Raster, String> {
        let line = &self.0[number as usize - 1];
        act(line.strip_prefix("draw-").unwrap_or(line), number)?;
        Ok(Raster {
            width: 1,
            height: 1,
            rgb: vec![number as u8; 3],
        })
    }
}

fn launcher() -> Launcher {
    Launcher::this_program().unwrap()
}

fn limits() -> Limits {
    Limits {
        memory: 128 << 20,
        page_time: Duration::from_secs(1),
        total_time: Duration::from_mins(1),
        threads: 2,
        restarts: 8,
        ..Limits::default()
    }
}

fn open(script: &str, limits: Limits) -> Result<Session, Error> {
    Session::open(launcher(), Arc::from(script.as_bytes()), None, limits)
}

/// The pages that failed, with their reasons.
fn failures(script: &str) -> HashMap<u32, String> {
    let session = open(script, limits()).unwrap();
    let count = session.info().page_count;
    let all: Vec<u32> = (1..=count).collect();
    let mut done = 0;
    let pages = session.pages(&all, &mut || done += 1).unwrap();
    assert_eq!(pages.iter().map(|p| p.number).collect::<Vec<_>>(), all);
    assert_eq!(done, count);
    for page in &pages {
        let warned = page.warnings.iter().any(|w| w.code == "page-failed");
        assert_eq!(page.failed.is_some(), warned, "{page:?}");
    }
    (pages.into_iter())
        .filter_map(|p| Some((p.number, p.failed?)))
        .collect()
}

fn pages_arrive_in_order() {
    assert_eq!(failures(&"ok\n".repeat(500)), HashMap::new());
    let session = open(&"ok\n".repeat(9), limits()).unwrap();
    let pages = session.pages(&[7, 2, 3], &mut || {}).unwrap();
    let numbers: Vec<u32> = pages.iter().map(|p| p.number).collect();
    assert_eq!(numbers, [7, 2, 3]);
}

fn one_bad_page_costs_one_page() {
    let failed = failures("ok\nok\nabort\nok\nfail\nok\nexit\nok\n");
    assert_eq!(failed.len(), 3, "{failed:?}");
    assert!(failed[&3].contains("crashes"), "{failed:?}");
    assert_eq!(failed[&5], "has no content");
    assert!(failed[&7].contains("status 7"), "{failed:?}");
}

fn a_slow_page_costs_one_page() {
    let failed = failures("ok\nloop\nok\nok\nok\n");
    assert_eq!(failed.keys().collect::<Vec<_>>(), [&2]);
    assert!(failed[&2].contains("longer than 1 s"), "{failed:?}");
}

fn memory_is_bounded() {
    let failed = failures("ok\nmemory\nok\n");
    assert_eq!(failed.keys().collect::<Vec<_>>(), [&2]);
    assert!(failed[&2].contains("128 MiB"), "{failed:?}");
}

fn deep_recursion_is_named() {
    let failed = failures("stack\nok\n");
    assert_eq!(failed.keys().collect::<Vec<_>>(), [&1]);
    assert!(failed[&1].contains("nested too deeply"), "{failed:?}");
}

fn a_panic_costs_one_page() {
    let failed = failures("ok\npanic\nok\npanic\n");
    let mut pages: Vec<_> = failed.keys().copied().collect();
    pages.sort_unstable();
    assert_eq!(pages, [2, 4]);
}

fn lies_cost_one_page() {
    let failed = failures("ok\nlie\nok\ngarbage\n");
    assert_eq!(failed.len(), 2, "{failed:?}");
    assert!(failed[&2].contains("another page"), "{failed:?}");
    assert!(failed[&4].contains("too large"), "{failed:?}");
}

fn opening_can_fail() {
    let refused = |r: Result<Session, Error>| match r {
        Err(Error::Refused(e)) => e,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("opened"),
    };
    assert_eq!(
        refused(Session::open(
            launcher(),
            Arc::from([0xff, 0xfe]),
            None,
            limits()
        )),
        OpenError::NotPdf(None)
    );
    assert_eq!(
        refused(open("open-locked", limits())),
        OpenError::PasswordRequired
    );
    let password = Some("sesame".to_owned());
    assert!(Session::open(launcher(), Arc::from(*b"open-locked"), password, limits()).is_ok());
    let died = |script| match open(script, limits()) {
        Err(Error::Died(death)) => death,
        _ => panic!("{script} did not die"),
    };
    assert!(matches!(died("open-abort"), Death::Signal(6)));
    assert!(matches!(died("open-loop"), Death::Time(_)));
    assert!(matches!(died("open-memory"), Death::Memory(_)));
    assert!(matches!(died("open-stack"), Death::Stack));
    let nowhere = Launcher {
        program: "/nowhere/at/all".into(),
        args: vec![],
    };
    let missing = Session::open(nowhere, Arc::from(*b"ok"), None, limits());
    assert!(matches!(missing, Err(Error::Start(_))));
}

fn restarts_are_bounded() {
    let session = open(&"abort\n".repeat(100), limits()).unwrap();
    let all: Vec<u32> = (1..=100).collect();
    match session.pages(&all, &mut || {}) {
        Err(Error::TooManyDeaths { deaths, .. }) => assert_eq!(deaths, 9),
        other => panic!("{other:?}"),
    }
}

fn the_total_time_is_kept() {
    let limits = Limits {
        page_time: Duration::from_secs(30),
        total_time: Duration::from_secs(1),
        ..limits()
    };
    let start = Instant::now();
    let session = open("ok\nsleep\nok\n", limits).unwrap();
    let result = session.pages(&[1, 2, 3], &mut || {});
    assert!(matches!(result, Err(Error::OutOfTime(_))), "{result:?}");
    assert!(start.elapsed() < Duration::from_secs(5));
}

fn rendering_survives() {
    let script = "ok\ndraw-abort\nok\ndraw-loop\ndraw-fail\nok\n";
    let session = open(script, limits()).unwrap();
    let all: Vec<u32> = (1..=6).collect();
    let pages = session.pages(&all, &mut || {}).unwrap();
    assert!(pages.iter().all(|p| p.failed.is_none()));
    let results: Vec<_> = std::thread::scope(|scope| {
        let session = &session;
        let asked: Vec<_> = (all.iter())
            .map(|n| scope.spawn(move || session.render(*n, 1.0, None)))
            .collect();
        asked.into_iter().map(|t| t.join().unwrap()).collect()
    });
    for (n, result) in all.iter().zip(&results) {
        match n {
            2 => assert!(result.as_ref().unwrap_err().contains("crashes")),
            4 => assert!(result.as_ref().unwrap_err().contains("longer")),
            5 => assert_eq!(result.as_ref().unwrap_err(), "has no content"),
            _ => assert_eq!(result.as_ref().unwrap().rgb[0], *n as u8, "{result:?}"),
        }
    }
}

fn marking_works_and_fails() {
    let mark = |report: &[u8]| jail::annotate(&launcher(), &limits(), b"pdf+", None, report);
    assert_eq!(mark(b"report").unwrap(), b"pdf+report");
    assert!(matches!(mark(b"fail"), Err(Error::Annotate(_))));
    assert!(matches!(mark(b"abort"), Err(Error::Died(_))));
}

/// Runs [`probe`] in a process of its own and reads what still worked there.
fn the_jail_bites() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .arg("probe")
        .env(
            "PROBE_PORT",
            listener.local_addr().unwrap().port().to_string(),
        )
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines,
        [
            "before: read true, connect true, run true",
            "after: read false, write false, list false, connect false, listen false, udp false, \
             run false, thread true, memory false",
        ]
    );
}

/// Tries what a hijacked worker would try, before and after the lockdown.
fn probe() -> ExitCode {
    let port: u16 = std::env::var("PROBE_PORT").unwrap().parse().unwrap();
    let read = || File::open("/etc/passwd").is_ok();
    let connect = || TcpStream::connect(("127.0.0.1", port)).is_ok();
    let run = || Command::new("/bin/true").status().is_ok();
    println!(
        "before: read {}, connect {}, run {}",
        read(),
        connect(),
        run()
    );
    let target = std::env::temp_dir().join(format!("jail-probe-{}", std::process::id()));
    let lockdown = Lockdown {
        memory: 256 << 20,
        cpu_seconds: 10,
        threads: 1,
    };
    lockdown.apply().unwrap();
    println!(
        "after: read {}, write {}, list {}, connect {}, listen {}, udp {}, run {}, thread {}, memory {}",
        read(),
        File::create(&target).is_ok(),
        std::fs::read_dir("/").is_ok(),
        connect(),
        TcpListener::bind("127.0.0.1:0").is_ok(),
        UdpSocket::bind("127.0.0.1:0").is_ok(),
        run(),
        std::thread::Builder::new()
            .spawn(|| 7)
            .is_ok_and(|t| t.join().is_ok_and(|n| n == 7)),
        Vec::<u8>::new().try_reserve_exact(512 << 20).is_ok(),
    );
    ExitCode::SUCCESS
}
