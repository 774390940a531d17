//! One file, read by workers that may die.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use model::{DocumentInfo, Page, Raster, Rect, Warning};

use crate::connection::{Answer, Connection, Event, Launcher, deadline};
use crate::protocol::Request;
use crate::{Death, Error, Limits};

/// One open file. Pages are extracted and rendered in a worker process, which
/// is started again where it dies, and ends with the session.
pub struct Session {
    launcher: Launcher,
    limits: Limits,
    file: Arc<[u8]>,
    password: Option<String>,
    info: DocumentInfo,
    end: Instant,
    live: Mutex<Option<Arc<Connection>>>,
    next_id: AtomicU64,
    deaths: AtomicU32,
    /// Bytes of pages received from workers that were relieved.
    weight: AtomicU64,
    /// Held for reading by every rendering, and for writing by one that must
    /// be alone in the worker, so that a death is its own.
    company: RwLock<()>,
}

/// Pages one worker extracts, at least: the engine keeps what it has decoded of
/// every page, so that a long document would fill the memory with it.
const PAGES_PER_WORKER: usize = 250;
/// Workers one after the other that extract a document, at most: each has to
/// open the file anew.
const WORKERS: usize = 8;

/// How a batch of pages ended.
enum Batch {
    Done,
    /// The worker died; what it had begun is suspect.
    Died {
        suspects: Vec<u32>,
        untouched: Vec<u32>,
        death: Death,
    },
    /// This page took too long and the worker was ended; the others are
    /// innocent.
    TooSlow {
        page: u32,
        others: Vec<u32>,
    },
}

impl Session {
    /// Opens a file in a worker of its own.
    pub fn open(
        launcher: Launcher,
        file: Arc<[u8]>,
        password: Option<String>,
        limits: Limits,
    ) -> Result<Self, Error> {
        let end = Instant::now() + limits.total_time;
        let (connection, info) = connect(&launcher, &limits, &file, password.as_ref(), end)?;
        Ok(Self {
            launcher,
            limits,
            file,
            password,
            info,
            end,
            live: Mutex::new(Some(Arc::new(connection))),
            next_id: AtomicU64::new(1),
            deaths: AtomicU32::new(0),
            weight: AtomicU64::new(0),
            company: RwLock::new(()),
        })
    }

    /// What belongs to the document as a whole.
    pub fn info(&self) -> &DocumentInfo {
        &self.info
    }

    /// Extracts pages `numbers` (from 1), and calls `done` after each. A page
    /// that cannot be read is there with its reason and a warning.
    pub fn pages(&self, numbers: &[u32], done: &mut dyn FnMut()) -> Result<Vec<Page>, Error> {
        let mut found = BTreeMap::new();
        let mut waiting: Vec<u32> = (numbers.iter().copied())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let portion = PAGES_PER_WORKER.max(waiting.len().div_ceil(WORKERS));
        let mut suspects = VecDeque::new();
        loop {
            let suspect = suspects.pop_front();
            let batch = match suspect {
                Some(page) => vec![page],
                None if waiting.is_empty() => break,
                None => waiting.drain(..waiting.len().min(portion)).collect(),
            };
            match self.batch(&batch, &mut found, done)? {
                Batch::Done if batch.len() == portion => self.relieve(),
                Batch::Done => {}
                Batch::TooSlow { page, others } => {
                    let death = Death::Time(self.limits.page_time);
                    found.insert(page, failed_page(page, &death.to_string()));
                    done();
                    waiting.extend(others);
                    self.bury(page, &death)?;
                }
                Batch::Died {
                    suspects: new,
                    untouched,
                    death,
                } => {
                    let page = new.first().or(batch.first()).copied().unwrap_or_default();
                    self.bury(page, &death)?;
                    if suspect.is_some() && !new.is_empty() {
                        // It was alone: it is the one.
                        found.insert(page, failed_page(page, &death.to_string()));
                        done();
                    } else {
                        suspects.extend(new);
                        waiting.extend(untouched);
                    }
                }
            }
        }
        Ok(numbers.iter().filter_map(|n| found.remove(n)).collect())
    }

    /// Renders page `page` (from 1), or a region of it in points, at `scale`
    /// pixels per point. Several threads may ask at once. The error is a reason
    /// for people.
    pub fn render(&self, page: u32, scale: f32, region: Option<Rect>) -> Result<Raster, String> {
        let first = {
            let _company = self.company.read().unwrap_or_else(PoisonError::into_inner);
            self.render_once(page, scale, region)
        };
        let Err(Trouble::Worker(_)) = first else {
            return first.map_err(Trouble::into_reason);
        };
        // The worker died while this page was begun, perhaps for another's
        // sake. Alone, it is its own.
        let _alone = self.company.write().unwrap_or_else(PoisonError::into_inner);
        self.render_once(page, scale, region)
            .map_err(Trouble::into_reason)
    }

    fn render_once(&self, page: u32, scale: f32, region: Option<Rect>) -> Result<Raster, Trouble> {
        let connection = self
            .connection()
            .map_err(|e| Trouble::Final(e.to_string()))?;
        let (sender, events) = mpsc::channel();
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let request = Request::Render {
            id,
            page,
            scale,
            region,
        };
        connection.submit(&request, std::iter::once((id, page)), &sender);
        drop(sender);
        let mut until = self.end;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(event) = events.recv_timeout(left) else {
                // Its own fault for certain: no second try.
                let death = Death::Time(self.limits.page_time);
                let reason = death.to_string();
                connection.give_up(death);
                return Err(Trouble::Final(reason));
            };
            match event.answer {
                Answer::Started => until = deadline(Instant::now(), &self.limits, self.end),
                Answer::Raster(raster) => return Ok(raster),
                Answer::Failed(reason) => return Err(Trouble::Final(reason)),
                _ => {
                    let death = connection.death();
                    self.bury(page, &death)
                        .map_err(|e| Trouble::Final(e.to_string()))?;
                    return Err(Trouble::Worker(death.to_string()));
                }
            }
        }
    }

    /// The live worker, or a new one.
    fn connection(&self) -> Result<Arc<Connection>, Error> {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = live.as_ref().filter(|c| !c.is_gone()) {
            return Ok(Arc::clone(connection));
        }
        // The old one goes first: two workers would need twice the memory.
        *live = None;
        if self.deaths.load(Ordering::Relaxed) > self.limits.restarts {
            return Err(Error::Died(Death::Exit(-1)));
        }
        let (connection, _) = connect(
            &self.launcher,
            &self.limits,
            &self.file,
            self.password.as_ref(),
            self.end,
        )?;
        let connection = Arc::new(connection);
        *live = Some(Arc::clone(&connection));
        Ok(connection)
    }

    /// Lets the worker go that has done its share; the next job starts another.
    fn relieve(&self) {
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = live.take() {
            self.weight
                .fetch_add(connection.weight(), Ordering::Relaxed);
        }
    }

    /// Counts a death; too many are an error.
    fn bury(&self, page: u32, death: &Death) -> Result<(), Error> {
        let deaths = self.deaths.fetch_add(1, Ordering::Relaxed) + 1;
        if Instant::now() >= self.end {
            return Err(Error::OutOfTime(self.limits.total_time));
        }
        if deaths > self.limits.restarts {
            return Err(Error::TooManyDeaths {
                deaths,
                page,
                death: death.clone(),
            });
        }
        Ok(())
    }

    /// Extracts `batch` in one worker.
    fn batch(
        &self,
        batch: &[u32],
        found: &mut BTreeMap<u32, Page>,
        done: &mut dyn FnMut(),
    ) -> Result<Batch, Error> {
        let connection = self.connection()?;
        let (sender, events) = mpsc::channel();
        let first_id = self
            .next_id
            .fetch_add(batch.len() as u64, Ordering::Relaxed);
        let mut open: HashMap<u64, u32> = (first_id..).zip(batch.iter().copied()).collect();
        let request = Request::Pages {
            first_id,
            pages: batch.to_vec(),
        };
        connection.submit(
            &request,
            open.iter().map(|(id, page)| (*id, *page)),
            &sender,
        );
        drop(sender);
        let mut begun: BTreeMap<u64, Instant> = BTreeMap::new();
        while !open.is_empty() {
            let until = (begun.values().min())
                .map_or(self.end, |start| deadline(*start, &self.limits, self.end));
            match events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Event { id, answer }) => {
                    let page = open.get(&id).copied().unwrap_or_default();
                    let result = match answer {
                        Answer::Started => {
                            begun.insert(id, Instant::now());
                            continue;
                        }
                        Answer::Page(result) => *result,
                        Answer::Failed(reason) => failed_page(page, &reason),
                        _ => break,
                    };
                    open.remove(&id);
                    begun.remove(&id);
                    found.insert(page, result);
                    let before = self.weight.load(Ordering::Relaxed);
                    if before + connection.weight() > self.limits.content {
                        return Err(Error::TooMuchContent(self.limits.content));
                    }
                    done();
                }
                Err(RecvTimeoutError::Timeout) => {
                    connection.give_up(Death::Time(self.limits.page_time));
                    if Instant::now() >= self.end {
                        return Err(Error::OutOfTime(self.limits.total_time));
                    }
                    let slowest = begun.iter().min_by_key(|(_, start)| **start);
                    let Some(page) = slowest.and_then(|(id, _)| open.remove(id)) else {
                        break;
                    };
                    connection.death();
                    return Ok(Batch::TooSlow {
                        page,
                        others: open.into_values().collect(),
                    });
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if open.is_empty() {
            return Ok(Batch::Done);
        }
        let (suspects, untouched) =
            (open.iter()).partition::<Vec<_>, _>(|(id, _)| begun.contains_key(id));
        let pages = |jobs: Vec<(&u64, &u32)>| {
            let mut pages: Vec<u32> = jobs.into_iter().map(|(_, page)| *page).collect();
            pages.sort_unstable();
            pages
        };
        Ok(Batch::Died {
            suspects: pages(suspects),
            untouched: pages(untouched),
            death: connection.death(),
        })
    }
}

enum Trouble {
    /// The worker died; this job may be innocent.
    Worker(String),
    Final(String),
}

impl Trouble {
    fn into_reason(self) -> String {
        match self {
            Self::Worker(reason) | Self::Final(reason) => reason,
        }
    }
}

/// Starts a worker and has it open the file.
fn connect(
    launcher: &Launcher,
    limits: &Limits,
    file: &[u8],
    password: Option<&String>,
    end: Instant,
) -> Result<(Connection, DocumentInfo), Error> {
    let request = Request::Open {
        password: password.cloned(),
    };
    let (connection, events) = Connection::start(launcher, limits, &request, &[file])?;
    let left = end.saturating_duration_since(Instant::now());
    if left == Duration::ZERO {
        return Err(Error::OutOfTime(limits.total_time));
    }
    match connection.first_answer(&events, limits.open_time(file.len()).min(left))? {
        Answer::Opened(info) => Ok((connection, *info)),
        Answer::Refused(refusal) => Err(Error::Refused(refusal)),
        _ => Err(Error::Died(Death::Nonsense(
            "it did not say whether the file opens".to_owned(),
        ))),
    }
}

/// Marks the changes of `report` (JSON) on `pdf` in a worker of its own.
pub fn annotate(
    launcher: &Launcher,
    limits: &Limits,
    pdf: &[u8],
    password: Option<&str>,
    report: &[u8],
) -> Result<Vec<u8>, Error> {
    let request = Request::Annotate {
        password: password.map(str::to_owned),
        report_bytes: report.len() as u64,
    };
    let (connection, events) = Connection::start(launcher, limits, &request, &[report, pdf])?;
    match connection.first_answer(&events, limits.total_time)? {
        Answer::Annotated(marked) => Ok(marked),
        Answer::Failed(reason) => Err(Error::Annotate(reason)),
        _ => Err(Error::Died(Death::Nonsense(
            "it did not send a PDF".to_owned(),
        ))),
    }
}

fn failed_page(number: u32, reason: &str) -> Page {
    Page {
        number,
        failed: Some(reason.to_owned()),
        warnings: vec![Warning {
            side: None,
            page: Some(number),
            code: "page-failed".to_owned(),
            message: format!("the page {reason}; it was not compared"),
        }],
        ..Page::default()
    }
}
