//! `pdf-compare serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use clap::builder::RangedU64ValueParser;
use service::settings::{ChosenSecret, Optional};

pub(super) const AFTER: &str = "\
Examples:
  pdf-compare serve
      for this machine alone, at http://localhost:8080
  pdf-compare serve --listen 0.0.0.0:8080 --data /srv/pdf-compare
      for everyone who reaches this machine, with its data in a folder
  pdf-compare serve --public-url https://compare.example.org
      behind a proxy that speaks TLS

Everything is kept in the data folder: stop the service to copy it.";

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Address and port to listen on
    #[arg(
        long,
        value_name = "ADDR",
        default_value = "127.0.0.1:8080",
        env = "LISTEN"
    )]
    pub listen: SocketAddr,
    /// Folder for documents and results; without it, pdf-compare in the user's data folder
    #[arg(long, value_name = "DIR", env = "PDF_COMPARE_DATA")]
    pub data: Option<PathBuf>,
    /// Documents and comparisons worked on at the same time, of each kind
    #[arg(long, value_name = "N", default_value = "2",
          value_parser = RangedU64ValueParser::<usize>::new().range(1..=64))]
    pub workers: usize,
    /// Mebibytes of memory the engine may use for a file
    #[arg(long, value_name = "MiB", default_value = "1024",
          value_parser = RangedU64ValueParser::<u64>::new().range(64..=1_048_576))]
    pub memory: u64,
    /// Pages a document may have
    #[arg(long, value_name = "N", env = "MAX_PAGES", default_value_t = engine::MOST_PAGES)]
    pub max_pages: u32,
    /// Address under which users reach the service, where a proxy stands before it
    #[arg(long, value_name = "URL", env = "PUBLIC_URL")]
    pub public_url: Option<url::Url>,
    /// Token that opens the operators' page, /topology; none, or an empty one, closes it
    #[arg(
        long,
        value_name = "TOKEN",
        env = "OPERATOR_TOKEN",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true
    )]
    pub operator_token: Optional<ChosenSecret>,
    #[command(flatten)]
    pub telemetry: service::settings::TelemetryArgs,
    #[command(flatten)]
    #[command(next_help_heading = "Limits of a workspace; a rate of 0 is none")]
    pub limits: gateway::Limits,
}
