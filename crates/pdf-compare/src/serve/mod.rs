//! `pdf-compare serve`: all services in one process, on one port.

mod data;
mod engine;

use std::sync::Arc;

use compare_ui::Comparer;
use gateway::App;
use ingest::Ingest;
use service::blobs::Blobs;
use service::http;
use service::settings::ChosenSecret;
use service::shutdown::Signal;
use service::telemetry;
use store::Store;

use crate::Outcome;
use crate::cli::ServeArgs;
use crate::trouble::Trouble;
use data::Data;

/// Runs the command until it is told to end.
pub(crate) fn run(args: &ServeArgs) -> Result<Outcome, Trouble> {
    let data = Data::open(args.data.as_deref())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| refused(&e))?;
    runtime.block_on(serve(args, &data))?;
    Ok(Outcome::Same)
}

async fn serve(args: &ServeArgs, data: &Data) -> Result<(), Trouble> {
    let _telemetry = telemetry::init("pdf-compare", &args.telemetry);
    let signal = Signal::on_termination().map_err(|e| refused(&e))?;
    let unusable = |e: &dyn std::fmt::Display| {
        Trouble::new(
            Some(&data.shown()),
            format!("cannot be used: {e}"),
            "check the folder and its disc, or choose another with --data",
        )
    };
    let store = db_router::Sqlite::open(data.store()).map_err(|e| unusable(&e))?;
    // The folder is ours alone: whoever held a job died with it.
    store.end_leases().await.map_err(|e| unusable(&e))?;
    let store: Arc<dyn Store> = Arc::new(store);
    let blobs = Blobs::folder(&data.blobs()).map_err(|e| unusable(&e))?;
    let opener = |files: usize| {
        ::engine::Opener::new(::engine::limits(args.memory << 20, files))
            .map(|opener| opener.with_most_pages(args.max_pages))
            .map_err(|e| refused(&e))
    };

    let ingest = Ingest::new(
        Arc::clone(&store),
        blobs.clone(),
        opener(args.workers)?,
        args.workers,
    );
    // Both files of a comparison are open at the same time.
    let comparer = Comparer::new(Arc::clone(&store), blobs.clone(), opener(args.workers * 2)?);
    let direct = Arc::new(engine::Direct(ingest.clone()));
    let app = App::new(store, blobs, direct, settings(args, data)?).map_err(|e| unusable(&e))?;

    let name = service::program::instance;
    let work = [
        tokio::spawn(
            ingest
                .clone()
                .work(args.workers, name(), signal.token().clone()),
        ),
        tokio::spawn(ingest.tidy(signal.token().clone())),
        tokio::spawn(comparer.work(args.workers, name(), signal.token().clone())),
    ];
    let configure = move |config: &mut actix_web::web::ServiceConfig| {
        gateway::configure(app.clone())(config);
        compare_ui::configure(compare_ui::PageSettings::default())(config);
    };
    let server = http::server("pdf-compare", args.listen, configure, &signal).map_err(|e| {
        Trouble::new(
            Some(&args.listen.to_string()),
            format!("cannot be listened on: {e}"),
            "choose another address or port with --listen",
        )
    })?;
    println!("PDF Compare is ready at http://{}", shown(server.address()));
    println!("Its data is in {}. Ctrl-C ends it.", data.shown());
    server.wait().await.map_err(|e| refused(&e))?;
    // Jobs under way are handed back before the process ends.
    for worker in work {
        let _ = worker.await;
    }
    Ok(())
}

/// What the gateway is told.
fn settings(args: &ServeArgs, data: &Data) -> Result<gateway::Settings, Trouble> {
    let secret: ChosenSecret = data
        .session_secret()?
        .parse()
        .map_err(|e: service::Error| {
            Trouble::new(
                Some(&data.shown()),
                format!("holds a session secret that cannot be used: {e}"),
                "remove the file session-secret; everyone then starts anew",
            )
        })?;
    Ok(gateway::Settings {
        public_url: args.public_url.clone(),
        operator_token: args.operator_token.clone(),
        limits: args.limits.clone(),
        ..gateway::Settings::new(secret)
    })
}

/// An address as a browser takes it.
fn shown(address: std::net::SocketAddr) -> String {
    if address.ip().is_loopback() || address.ip().is_unspecified() {
        format!("localhost:{}", address.port())
    } else {
        address.to_string()
    }
}

fn refused(error: &std::io::Error) -> Trouble {
    Trouble::new(
        None,
        format!("the system refuses what the service needs: {error}"),
        "check the limits on processes, files and memory",
    )
}
