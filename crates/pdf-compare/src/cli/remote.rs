//! Commands that talk to a running service.

use std::path::PathBuf;

use clap::Args;

use super::Format;

/// Which service, and on whose behalf.
#[derive(Debug, Args)]
#[command(next_help_heading = "A running service")]
pub(crate) struct RemoteArgs {
    /// Address of a running service, for ingest, list, search and compare
    #[arg(long, global = true, value_name = "URL", env = "PDF_COMPARE_SERVER")]
    pub server: Option<String>,
    /// A token made on the service's settings page
    #[arg(
        long,
        global = true,
        value_name = "TOKEN",
        env = "PDF_COMPARE_TOKEN",
        hide_env_values = true
    )]
    pub token: Option<String>,
    /// File whose first line is the token
    #[arg(long, global = true, value_name = "FILE", conflicts_with = "token")]
    pub token_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct RemoteCompareArgs {
    /// Old revision: a file to send, or an id or name as listed
    pub old: String,
    /// New revision: a file to send, or an id or name as listed
    pub new: String,
    /// How to report; without it, by the extension of --output, or text
    #[arg(short, long, value_enum)]
    pub format: Option<Format>,
    /// Write the report to FILE
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
