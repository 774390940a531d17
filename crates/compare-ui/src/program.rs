//! The service as a program of its own.

use std::process::ExitCode;

use clap::Parser;
use jobs::WorkerArgs;
use service::shutdown::Signal;
use service::{http, telemetry};

use crate::PageSettings;
use crate::worker::Comparer;

/// Serves the browser application and compares documents.
#[derive(Debug, Parser)]
#[command(name = "compare-ui", version, max_term_width = 100)]
struct Settings {
    #[command(flatten)]
    worker: WorkerArgs,
    /// Comparisons made at the same time
    #[arg(long, env = "COMPARE_WORKERS", value_name = "N", default_value = "1")]
    workers: usize,
    /// Pages a document may have
    #[arg(long, env = "MAX_PAGES", value_name = "N", default_value_t = engine::MOST_PAGES)]
    max_pages: u32,
}

/// Port it listens on where none is given.
const PORT: u16 = 8080;

/// Runs the program until it is told to end.
pub fn serve() -> ExitCode {
    service::program::run(|signal| async move { run(Settings::parse(), signal).await })
}

async fn run(settings: Settings, signal: Signal) -> Result<(), service::Error> {
    let args = &settings.worker;
    let _telemetry = telemetry::init("compare-ui", &args.common);
    let (store, blobs) = (args.store()?, args.blobs()?);
    // Both files of a comparison are open at the same time.
    let limits = engine::limits(args.memory_bytes(), settings.workers * 2);
    let opener = engine::Opener::new(limits)?.with_most_pages(settings.max_pages);
    let comparer = Comparer::new(store, blobs, opener);
    let working = tokio::spawn(comparer.work(
        settings.workers,
        service::program::instance(),
        signal.token().clone(),
    ));
    let server = http::server(
        "compare-ui",
        args.common.listen_or(PORT),
        move |config| crate::configure(PageSettings::default())(config),
        &signal,
    )?;
    server.wait().await?;
    // Jobs under way are handed back before the process ends.
    let _ = working.await;
    Ok(())
}
