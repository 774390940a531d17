//! A progress bar on standard error, for long work on a terminal.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Quick work shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows how far the work is.
pub(crate) struct Progress {
    start: Instant,
    visible: bool,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            visible: std::io::stderr().is_terminal(),
            bar: Mutex::new(None),
        }
    }

    /// `done` of `total` pages of `stage` are done.
    pub(crate) fn show(&self, stage: &str, done: u64, total: u64) {
        if !self.visible || self.start.elapsed() < PATIENCE {
            return;
        }
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        let bar = bar.get_or_insert_with(new_bar);
        bar.set_message(stage.to_owned());
        bar.set_length(total);
        bar.set_position(done);
    }

    /// Wipes the bar away.
    pub(crate) fn clear(&self) {
        let bar = self
            .bar
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn new_bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{msg:<18} {bar:30} {pos}/{len} pages");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
