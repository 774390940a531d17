//! What a file may cost, as asked for.

use std::time::Duration;

use clap::Args;
use clap::builder::RangedU64ValueParser;

#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitArgs {
    /// Threads to use; without it, one per processor
    #[arg(long, value_name = "N", value_parser = RangedU64ValueParser::<u16>::new().range(1..=256))]
    threads: Option<u16>,
    /// Seconds that reading a file may take in all
    #[arg(long, value_name = "S", default_value = "600",
          value_parser = RangedU64ValueParser::<u64>::new().range(1..=86_400))]
    timeout: u64,
    /// Seconds one page may take; a page over the limit is left out, with a warning
    #[arg(long, value_name = "S", default_value = "20",
          value_parser = RangedU64ValueParser::<u64>::new().range(1..=86_400))]
    page_timeout: u64,
    /// Mebibytes of memory the engine may use for a file
    #[arg(long, value_name = "MiB", default_value = "1024",
          value_parser = RangedU64ValueParser::<u64>::new().range(16..=1_048_576))]
    memory: u64,
    /// Mebibytes a file may have
    #[arg(long, value_name = "MiB", default_value = "1024",
          value_parser = RangedU64ValueParser::<u64>::new().range(1..=65_536))]
    max_file: u64,
}

impl LimitArgs {
    /// Threads in all.
    pub(crate) fn threads(&self) -> usize {
        self.threads.map_or_else(
            || std::thread::available_parallelism().map_or(1, usize::from),
            usize::from,
        )
    }

    /// Largest file, bytes.
    pub(crate) fn max_file(&self) -> u64 {
        self.max_file << 20
    }

    /// For each of `files` files that are read at the same time.
    pub(crate) fn per_file(&self, files: usize) -> jail::Limits {
        jail::Limits {
            memory: self.memory << 20,
            page_time: Duration::from_secs(self.page_timeout),
            total_time: Duration::from_secs(self.timeout),
            threads: self.threads().div_ceil(files),
            ..jail::Limits::default()
        }
    }
}
