//! The db-router service.

use std::process::ExitCode;

use clap::Parser as _;
use db_router::Settings;

#[tokio::main]
async fn main() -> ExitCode {
    let settings = Settings::parse();
    let _telemetry = service::telemetry::init("db-router", &settings.common);
    match db_router::serve(settings).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("db-router: {error}");
            ExitCode::FAILURE
        }
    }
}
