//! The service as a program of its own.

use std::process::ExitCode;

use clap::Parser;
use jobs::WorkerArgs;
use service::shutdown::Signal;
use service::{http, telemetry};

use crate::Ingest;

/// Reads uploaded PDFs, renders their pages and writes reports.
#[derive(Debug, Parser)]
#[command(name = "ingest", version, max_term_width = 100)]
struct Settings {
    #[command(flatten)]
    worker: WorkerArgs,
    /// Documents read, and pictures made, at the same time
    #[arg(long, env = "INGEST_WORKERS", value_name = "N", default_value = "2")]
    workers: usize,
    /// Pages a document may have
    #[arg(long, env = "MAX_PAGES", value_name = "N", default_value_t = engine::MOST_PAGES)]
    max_pages: u32,
}

/// Port it listens on where none is given.
const PORT: u16 = 8082;

/// Runs the program until it is told to end.
pub fn serve() -> ExitCode {
    service::program::run(|signal| async move { run(Settings::parse(), signal).await })
}

async fn run(settings: Settings, signal: Signal) -> Result<(), service::Error> {
    let args = &settings.worker;
    let _telemetry = telemetry::init("ingest", &args.common);
    let (store, blobs) = (args.store()?, args.blobs()?);
    let opener = engine::Opener::new(engine::limits(args.memory_bytes(), settings.workers))?
        .with_most_pages(settings.max_pages);
    let ingest = Ingest::new(store, blobs, opener, settings.workers);
    let stop = signal.token().clone();
    let name = service::program::instance();
    let working = tokio::spawn(ingest.clone().work(settings.workers, name, stop.clone()));
    let tidying = tokio::spawn(ingest.clone().tidy(stop));
    let server = http::server(
        "ingest",
        args.common.listen_or(PORT),
        move |config| crate::configure(ingest.clone())(config),
        &signal,
    )?;
    server.wait().await?;
    // Jobs under way are handed back before the process ends.
    let _ = tokio::join!(working, tidying);
    Ok(())
}
