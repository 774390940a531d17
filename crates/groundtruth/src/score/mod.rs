//! Scoring what a tool reports against the truth.

mod changes;
mod failures;
mod geometry;
mod matching;
mod table;
mod tools;

pub use changes::{ChangeList, Reported};
pub use failures::failures;
pub use matching::{CaseScore, score};
pub use table::{Scored, Tally, markdown, terminal};
pub use tools::{Tool, run_all, stored};
