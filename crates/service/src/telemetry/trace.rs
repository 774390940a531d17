//! The trace a request belongs to: W3C trace context in, out, and in between.
//!
//! With a collector, the ids are those of the spans sent to it. Without one, the
//! ids that came in (or new ones) are still passed on and told in logs and
//! problems, so that one request can be found in the logs of every service.

use std::{
    future::Future,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

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

/// Of how many reads that belong to no trace yet one begins a recorded trace.
static READS_PER_TRACE: AtomicU32 = AtomicU32::new(1);
/// Reads that asked [`records_read`].
static READS: AtomicU32 = AtomicU32::new(0);

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

    /// These where they name a trace. Where they name none, and `unrecorded` says
    /// so, those of a new trace that nobody records.
    #[must_use]
    pub fn or_unrecorded_if(self, unrecorded: impl FnOnce() -> bool) -> Self {
        if self.context().is_valid() || !unrecorded() {
            return self;
        }
        let mut headers = Self::default();
        let context = Context::new().with_remote_span_context(fresh());
        TraceContextPropagator::new().inject_context(&context, &mut headers);
        headers
    }

    /// The span that `make` makes for work in this trace: it stays in this process,
    /// for the log alone, where nobody records the trace. `make` is told the trace id
    /// where it is known already.
    pub fn span(&self, make: impl FnOnce(Option<TraceId>) -> Span) -> Span {
        let context = self.context();
        if context.is_valid() {
            let id = context.trace_id();
            CURRENT.sync_scope(context, || make(Some(id)))
        } else {
            make(None)
        }
    }

    /// Whether they name a trace of which no span goes to a collector.
    pub(crate) fn are_unrecorded(&self) -> bool {
        let context = self.context();
        context.is_valid() && !context.is_sampled()
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

/// Sets of how many reads one begins a recorded trace; 0: none.
pub(super) fn record_one_read_in(reads: u32) {
    READS_PER_TRACE.store(reads, Relaxed);
}

/// Whether the read at hand, where it belongs to no trace, is to begin a recorded
/// one. Reads are many, alike, and so cheap that recording costs a good part of them.
pub(crate) fn records_read() -> bool {
    match READS_PER_TRACE.load(Relaxed) {
        0 => false,
        every => READS.fetch_add(1, Relaxed).is_multiple_of(every),
    }
}

/// Whether a span made now would be in a trace that is recorded, as far as the
/// trace of the work at hand is decided.
pub(super) fn may_be_recorded() -> bool {
    CURRENT.try_with(SpanContext::is_sampled).unwrap_or(true)
}

/// Runs `work` on a thread where it may block, in the present span.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await
}

/// Runs `work` in `span` as part of the trace that `headers` name, or of a new one,
/// whose id is put into the span's field `trace_id`. Make the span with
/// [`TraceHeaders::span`].
pub async fn follow<T>(headers: &TraceHeaders, span: Span, work: impl Future<Output = T>) -> T {
    let parent = headers.context();
    let context = if parent.is_valid() {
        // Refused without a collector, or where nobody records the trace; then
        // `CURRENT` alone carries it.
        let _ = span.set_parent(Context::new().with_remote_span_context(parent.clone()));
        of_span(&span).unwrap_or(parent)
    } else {
        let context = of_span(&span).unwrap_or_else(fresh);
        // Only where the id was not known: the log writes all fields of a span anew
        // for each one that is put in later.
        span.record("trace_id", field::display(context.trace_id()));
        context
    };
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
        assert_eq!(theirs.clone().or_unrecorded_if(|| true), theirs);
        let none = TraceHeaders::default();
        assert_eq!(none.clone().or_unrecorded_if(|| false), none);
        let own = none.or_unrecorded_if(|| true).traceparent.unwrap();
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
