//! Traces to an OpenTelemetry collector, by OTLP over HTTP.

use std::{env, time::Duration};

use opentelemetry::{KeyValue, global};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::{Resource, propagation::TraceContextPropagator, trace::SdkTracerProvider};

/// How long one batch may take to send.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The provider that sends to `endpoint`; none where there is none. Sampling and
/// batching follow the `OTEL_…` variables of the specification.
pub(super) fn provider(
    service: &'static str,
    endpoint: Option<&str>,
) -> Result<Option<SdkTracerProvider>, String> {
    global::set_text_map_propagator(TraceContextPropagator::new());
    let Some(endpoint) = endpoint
        .map(str::trim)
        .filter(|endpoint| !endpoint.is_empty())
    else {
        return Ok(None);
    };
    let url = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(client(&url)?)
        .with_endpoint(url)
        .with_timeout(TIMEOUT)
        .build()
        .map_err(|error| error.to_string())?;
    let name = env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| service.to_owned());
    let resource = Resource::builder()
        .with_service_name(name)
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_attribute(KeyValue::new("service.namespace", "pdf-compare"))
        .build();
    Ok(Some(
        SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .build(),
    ))
}

/// The exporter sends from a thread of its own, outside of any runtime, so its
/// client blocks; it is built on another thread because it may not be within one.
fn client(url: &str) -> Result<reqwest::blocking::Client, String> {
    crate::tls::install_provider();
    let plain = url.starts_with("http://");
    std::thread::spawn(move || {
        let builder = reqwest::blocking::Client::builder().timeout(TIMEOUT);
        // Without roots to load, plain HTTP works in an image that has none.
        if plain {
            builder.tls_certs_only([])
        } else {
            builder
        }
        .build()
    })
    .join()
    .map_err(|_| "the client's thread ended".to_owned())?
    .map_err(|error| error.to_string())
}
