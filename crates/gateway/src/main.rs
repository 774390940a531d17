//! The gateway service.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;
use gateway::{App, HttpEngine, Settings};
use service::blobs::Blobs;
use service::client::Client;
use service::http::{Ready, Server};
use service::settings::CommonArgs;
use service::shutdown::Signal;
use store::Store;

/// How long a part may take to say that it is there.
const READY: Duration = Duration::from_secs(3);

/// The public API of PDF Compare.
#[derive(Parser)]
#[command(name = "gateway", version)]
struct Args {
    #[command(flatten)]
    common: CommonArgs,
    #[command(flatten)]
    settings: Settings,
    /// Address of a db-router
    #[arg(long, env = "STORE_URL", default_value = "http://db-router:8083")]
    store_url: String,
    /// Address of an ingest service
    #[arg(long, env = "INGEST_URL", default_value = "http://ingest:8082")]
    ingest_url: String,
    /// Where files are kept: `file:///folder` or `s3://bucket`
    #[arg(long, env = "BLOB_URL")]
    blob_url: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let _telemetry = service::telemetry::init("gateway", &args.common);
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(error, "the gateway ends");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), Box<dyn std::error::Error>> {
    let signal = Signal::on_termination()?;
    let store: Arc<dyn Store> = Arc::new(store::Client::new(&args.store_url)?);
    let blobs = Blobs::open(&args.blob_url)?;
    let engine = Arc::new(HttpEngine::new(Client::new(&args.ingest_url)?));
    let router = Client::new(&args.store_url)?;
    let app = App::new(store, blobs.clone(), engine, args.settings)?.with_router(router.clone());
    let running = Server::new("gateway", args.common.listen_or(8081))
        .ready(readiness(blobs, router))
        .start(
            move |config| gateway::configure(app.clone())(config),
            &signal,
        )?;
    running.wait().await?;
    Ok(())
}

/// Ready when rows and files answer. Without ingest there are no pictures for a
/// while, but everything else.
fn readiness(blobs: Blobs, router: Client) -> Ready {
    Arc::new(move || {
        let (blobs, router) = (blobs.clone(), router.clone());
        Box::pin(async move {
            blobs.check().await.map_err(|e| e.to_string())?;
            let answer = router.get("/health").deadline(READY).receive_bytes().await;
            answer.map(drop).map_err(|e| e.to_string())
        })
    })
}
