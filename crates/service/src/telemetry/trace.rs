//! The trace a request belongs to: W3C trace context in, out, and in between.
//!
//! With a collector, the ids are those of the spans sent to it. Without one, the
//! ids that came in (or new ones) are still passed on and told in logs and
//! problems, so that one request can be found in the logs of every service.

use std::future::Future;

use opentelemetry::{
    Context,
    propagation::{Extractor, Injector, TextMapPropagator},
    trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState},
};
use opentelemetry_sdk::{
    propagation::TraceContextPropagator,
    trace::{IdGenerator, RandomIdGenerator},
};
use tracing::{Instrument, Span, field};
use tracing_opentelemetry::OpenTelemetrySpanExt;

tokio::task_local! {
    /// The trace of the work at hand, where no collector gives it spans.
    static CURRENT: SpanContext;
}

/// What one service tells the next about the trace: the two headers of W3C trace
/// context. Keep it with a job to let the job's spans join the trace of the
/// request that made it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TraceHeaders {
    /// `traceparent`: version, trace id, span id, flags.
    pub traceparent: Option<String>,
    /// `tracestate`: what tracing systems on the way added.
    pub tracestate: Option<String>,
}

impl TraceHeaders {
    /// Those that the work at hand hands on; empty outside of any trace.
    pub fn current() -> Self {
        let mut headers = Self::default();
        if let Some(context) = current() {
            let context = Context::new().with_remote_span_context(context);
            TraceContextPropagator::new().inject_context(&context, &mut headers);
        }
        headers
    }

    /// Those of a stored or received `traceparent`.
    pub fn of(traceparent: Option<&str>) -> Self {
        Self {
            traceparent: traceparent.map(str::to_owned),
            tracestate: None,
        }
    }

    /// These, or those of a new trace that nobody records: for services that go
    /// on with the traces of others and begin none.
    #[must_use]
    pub fn or_unrecorded(self) -> Self {
        if self.context().is_valid() {
            return self;
        }
        let mut headers = Self::default();
        let context = Context::new().with_remote_span_context(fresh());
        TraceContextPropagator::new().inject_context(&context, &mut headers);
        headers
    }

    fn context(&self) -> SpanContext {
        let context = TraceContextPropagator::new().extract_with_context(&Context::new(), self);
        context.span().span_context().clone()
    }
}

impl Injector for TraceHeaders {
    fn set(&mut self, key: &str, value: String) {
        match key {
            "traceparent" => self.traceparent = Some(value),
            "tracestate" if !value.is_empty() => self.tracestate = Some(value),
            _ => {}
        }
    }
}

impl Extractor for TraceHeaders {
    fn get(&self, key: &str) -> Option<&str> {
        match key {
            "traceparent" => self.traceparent.as_deref(),
            "tracestate" => self.tracestate.as_deref(),
            _ => None,
        }
    }

    fn keys(&self) -> Vec<&str> {
        vec!["traceparent", "tracestate"]
    }
}

/// The trace id of the work at hand, 32 hexadecimal digits.
pub fn trace_id() -> Option<String> {
    current().map(|context| context.trace_id().to_string())
}

/// Whether spans of the work at hand go to a collector: what costs something to
/// describe need not be described otherwise.
pub fn is_recorded() -> bool {
    of_span(&Span::current()).is_some_and(|context| context.is_sampled())
}

/// Runs `work` on a thread where it may block, in the present span.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await
}

/// Runs `work` in `span` as part of the trace that `headers` name, or of a new one.
/// The span's field `trace_id`, if it declares one (`trace_id = Empty`), is filled.
pub async fn follow<T>(headers: &TraceHeaders, span: Span, work: impl Future<Output = T>) -> T {
    let parent = headers.context();
    if parent.is_valid() {
        // Refused without a collector; then `CURRENT` alone carries the trace.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent.clone()));
    }
    let context = match of_span(&span) {
        Some(context) => context,
        None if parent.is_valid() => parent,
        None => fresh(),
    };
    span.record("trace_id", field::display(context.trace_id()));
    CURRENT.scope(context, work.instrument(span)).await
}

fn current() -> Option<SpanContext> {
    of_span(&Span::current()).or_else(|| CURRENT.try_with(Clone::clone).ok())
}

fn of_span(span: &Span) -> Option<SpanContext> {
    let context = span.context().span().span_context().clone();
    context.is_valid().then_some(context)
}

/// A new trace that nobody records: the flag for "sampled" is not set.
fn fresh() -> SpanContext {
    let ids = RandomIdGenerator::default();
    let (trace, span): (TraceId, SpanId) = (ids.new_trace_id(), ids.new_span_id());
    SpanContext::new(
        trace,
        span,
        TraceFlags::default(),
        true,
        TraceState::default(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[tokio::test]
    async fn a_trace_is_passed_on_without_a_collector() {
        let headers = TraceHeaders::of(Some(PARENT));
        let (id, out) = follow(&headers, Span::none(), async {
            (trace_id(), TraceHeaders::current())
        })
        .await;
        assert_eq!(id.as_deref(), Some("4bf92f3577b34da6a3ce929d0e0e4736"));
        assert_eq!(out, headers);
    }

    #[tokio::test]
    async fn who_begins_no_traces_goes_on_with_those_of_others() {
        let theirs = TraceHeaders::of(Some(PARENT));
        assert_eq!(theirs.clone().or_unrecorded(), theirs);
        let own = TraceHeaders::default().or_unrecorded().traceparent.unwrap();
        assert!(own.ends_with("-00"), "recorded: {own}");
    }

    #[tokio::test]
    async fn nonsense_begins_a_new_trace() {
        let headers = TraceHeaders::of(Some("00-nonsense"));
        let (id, out) = follow(&headers, Span::none(), async {
            (trace_id(), TraceHeaders::current())
        })
        .await;
        let id = id.unwrap();
        assert_eq!(id.len(), 32);
        assert!(out.traceparent.unwrap().contains(&id));
        assert_eq!(trace_id(), None);
    }
}
