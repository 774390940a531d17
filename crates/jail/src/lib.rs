//! Runs the PDF engine in worker processes that can do nothing but compute.
//!
//! A PDF from anywhere can make any parser abort, loop or fill the memory, and
//! some of that (a stack overflow, a failed allocation) cannot be caught inside
//! a process. So every file gets a process of its own: the same program, started
//! again, which gives up the file system, the network, and the right to start
//! programs ([`lockdown`]) before it sees the first byte, and talks to its
//! parent over its standard streams only ([`protocol`]).
//!
//! The parent side is [`Session`]: it keeps the wall-clock limits, notices when
//! a worker dies, starts another one and finds the page that is to blame, so
//! that one bad page costs one page. The worker side is [`worker::run`] with an
//! [`Engine`].
//!
//! What a worker sends is as untrusted as the file it reads; it is validated
//! before anything else sees it.

mod connection;
mod engine;
mod error;
mod limits;
pub mod lockdown;
pub mod malloc;
mod packed;
pub mod protocol;
mod session;
mod validate;
pub mod worker;

pub use connection::Launcher;
pub use engine::{Engine, PageReader};
pub use error::{Death, Error, OpenError};
pub use limits::Limits;
pub use session::{Session, annotate};
