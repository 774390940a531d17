//! Settings: flags and environment variables, read by clap's derive.
//!
//! A service flattens [`CommonArgs`] into its own struct of arguments and uses
//! the types here for what they check: [`Secret`], [`ChosenSecret`], [`Bytes`].
//! Give secrets `#[arg(env = "…", hide_env_values = true)]`, or the help text
//! shows them.

mod bytes;
mod secret;

pub use bytes::Bytes;
pub use secret::{ChosenSecret, Optional, Secret};

/// What every service can be told.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CommonArgs {
    /// Address and port to listen on, such as 0.0.0.0:8080
    #[arg(long, env = "LISTEN", value_name = "ADDR")]
    pub listen: Option<String>,
    /// Logs and traces.
    #[command(flatten)]
    pub telemetry: TelemetryArgs,
}

/// Where logs and traces go; for programs that say themselves where they listen.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct TelemetryArgs {
    /// How log lines look
    #[arg(long, env = "LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    pub log_format: LogFormat,
    /// OpenTelemetry collector for traces (OTLP over HTTP), such as
    /// `http://collector:4318`; empty for none
    #[arg(long, env = "OTEL_EXPORTER_OTLP_ENDPOINT", value_name = "URL")]
    pub otlp_endpoint: Option<String>,
    /// Record one trace in so many of reads that belong to none; 0: of no read.
    /// Uploads, jobs and a browser's errands are always recorded
    #[arg(long, env = "TRACE_READS", value_name = "N", default_value_t = 50)]
    pub trace_reads: u32,
    /// Count nothing: /metrics stays empty
    #[arg(long, env = "NO_METRICS", value_parser = clap::builder::FalseyValueParser::new())]
    pub no_metrics: bool,
}

impl AsRef<TelemetryArgs> for TelemetryArgs {
    fn as_ref(&self) -> &TelemetryArgs {
        self
    }
}

impl AsRef<TelemetryArgs> for CommonArgs {
    fn as_ref(&self) -> &TelemetryArgs {
        &self.telemetry
    }
}

impl CommonArgs {
    /// The address to listen on: the one that was set, else every address on the
    /// service's own port.
    pub fn listen_or(&self, default_port: u16) -> String {
        match self.listen.as_deref().map(str::trim) {
            Some(address) if !address.is_empty() => address.to_owned(),
            _ => format!("0.0.0.0:{default_port}"),
        }
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum LogFormat {
    /// For people, on standard error
    #[default]
    Text,
    /// One JSON object a line, on standard output
    Json,
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Args {
        #[command(flatten)]
        common: CommonArgs,
        #[arg(long)]
        limit: Option<Bytes>,
        #[arg(long)]
        secret: Option<ChosenSecret>,
    }

    #[test]
    fn flags_are_read() {
        let args = Args::try_parse_from([
            "gateway",
            "--listen=127.0.0.1:1",
            "--log-format=json",
            "--limit=5MiB",
            "--secret=0123456789abcdef0123456789abcdef",
        ])
        .unwrap();
        assert_eq!(args.common.listen_or(8081), "127.0.0.1:1");
        assert_eq!(args.common.telemetry.log_format, LogFormat::Json);
        assert_eq!(args.limit, Some(Bytes(5 << 20)));
        assert_eq!(
            args.secret.unwrap().expose(),
            "0123456789abcdef0123456789abcdef"
        );
    }

    #[test]
    fn an_empty_address_is_the_default() {
        let args = CommonArgs {
            listen: Some(" ".into()),
            ..CommonArgs::default()
        };
        assert_eq!(args.listen_or(8081), "0.0.0.0:8081");
    }

    #[test]
    fn a_refused_secret_is_not_printed() {
        let error = Args::try_parse_from(["gateway", "--secret=short-but-real"]).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("--secret"), "{text}");
        assert!(text.contains("32 characters"), "{text}");
        assert!(!text.contains("short-but-real"), "{text}");
    }
}
