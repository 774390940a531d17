//! Where log lines and spans go.

use std::io::IsTerminal;

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Subscriber, level_filters::LevelFilter};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{DynFilterFn, FilterExt, Targets},
    fmt,
    layer::SubscriberExt,
    registry::LookupSpan,
    util::SubscriberInitExt,
};

use super::trace;
use crate::settings::LogFormat;

/// What is logged without `RUST_LOG`: our own from info, libraries' warnings.
const QUIET: &str = "info,actix_server=warn,actix_web=warn,actix_http=warn,hyper=warn,\
                     hyper_util=warn,reqwest=warn,object_store=warn,opentelemetry=warn,\
                     opentelemetry_sdk=warn,opentelemetry_otlp=warn,tokio_postgres=warn,\
                     refinery_core=warn";

/// Libraries whose spans would be as many as ours and say less, or would tell
/// about the sending of spans in spans.
const NOT_TRACED: [&str; 8] = [
    "actix_http",
    "actix_server",
    "h2",
    "hyper",
    "hyper_util",
    "opentelemetry",
    "opentelemetry_sdk",
    "opentelemetry_otlp",
];

/// Target of the spans of statements: in traces, and in logs only on request.
const SQL: &str = "sql";

/// Installs the subscriber, unless a test or the program around has one already.
pub(super) fn install(format: LogFormat, provider: Option<&SdkTracerProvider>) {
    let traces = provider.map(|provider| {
        let traced = NOT_TRACED.iter().fold(
            Targets::new()
                .with_default(LevelFilter::INFO)
                .with_target(SQL, LevelFilter::DEBUG),
            |targets, target| targets.with_target(*target, LevelFilter::OFF),
        );
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("pdf-compare"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            // Spans that nobody will see are not even made.
            .with_filter(traced.and(DynFilterFn::new(|_, _| trace::may_be_recorded())))
    });
    let filter = EnvFilter::builder()
        .try_from_env()
        .unwrap_or_else(|_| EnvFilter::new(QUIET));
    let shown = filter.max_level_hint();
    let refused = tracing_subscriber::registry()
        .with(lines(format, filter))
        .with(traces)
        .try_init();
    if refused.is_err() {
        tracing::debug!("the subscriber of the program around is kept");
    } else if let Some(shown) = shown.and_then(|level| level.to_string().parse().ok()) {
        // What libraries say through `log` is for the lines alone. The spans of
        // statements, at debug, would have each of their messages looked at.
        log::set_max_level(shown);
    }
}

fn lines<S>(format: LogFormat, filter: EnvFilter) -> Box<dyn Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    match format {
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .with_span_list(true)
            .with_filter(filter)
            .boxed(),
        LogFormat::Text => {
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(colour)
                .with_filter(filter)
                .boxed()
        }
    }
}
