//! A receiver of traces, as a collector is one: protobuf over HTTP.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message as _;

/// Largest batch, bytes.
const LIMIT: usize = 64 << 20;

/// Keeps every span it is sent.
#[derive(Clone)]
pub struct Collector {
    /// What services are given as `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub endpoint: String,
    received: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Collector {
    /// Starts it on a free port, on the present runtime.
    pub fn start() -> Self {
        let received = Arc::<Mutex<Vec<_>>>::default();
        let data = web::Data::from(Arc::clone(&received));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .app_data(web::PayloadConfig::new(LIMIT))
                .route("/v1/traces", web::post().to(receive))
        })
        .workers(1)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
        let endpoint = format!("http://{}", server.addrs()[0]);
        tokio::spawn(server.run());
        Self { endpoint, received }
    }

    /// Every span so far, with the name of the service that sent it.
    pub fn spans(&self) -> Vec<(String, Span)> {
        let received = self.received.lock().unwrap();
        received
            .iter()
            .flat_map(|request| &request.resource_spans)
            .flat_map(|sent| {
                let service = sent
                    .resource
                    .iter()
                    .flat_map(|resource| &resource.attributes)
                    .find(|pair| pair.key == "service.name")
                    .and_then(|pair| text(pair.value.as_ref()?.value.as_ref()?))
                    .unwrap_or_default();
                sent.scope_spans
                    .iter()
                    .flat_map(|scope| &scope.spans)
                    .map(move |span| (service.clone(), span.clone()))
            })
            .collect()
    }

    /// The spans of one trace, given by its id in hexadecimal digits.
    pub fn trace(&self, id: &str) -> Vec<(String, Span)> {
        let mut spans = self.spans();
        spans.retain(|(_, span)| hex(&span.trace_id) == id);
        spans
    }
}

async fn receive(
    body: web::Bytes,
    received: web::Data<Mutex<Vec<ExportTraceServiceRequest>>>,
) -> HttpResponse {
    let request = ExportTraceServiceRequest::decode(body).unwrap();
    received.lock().unwrap().push(request);
    HttpResponse::Ok()
        .content_type("application/x-protobuf")
        .body(ExportTraceServiceResponse::default().encode_to_vec())
}

/// An attribute of a span, as text.
pub fn attribute(span: &Span, key: &str) -> Option<String> {
    let pair = span.attributes.iter().find(|pair| pair.key == key)?;
    text(pair.value.as_ref()?.value.as_ref()?)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

/// An id as it is told in logs and problems.
pub fn hex(id: &[u8]) -> String {
    id.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
