//! Trace, access log, metrics and the catching of panics.

use std::{
    future::{Future, Ready, ready},
    panic::AssertUnwindSafe,
    pin::Pin,
    rc::Rc,
    time::Duration,
};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready},
    error::InternalError,
    http::header::HeaderMap,
};
use futures::FutureExt;
use metrics::Gauge;
use opentelemetry::trace::TraceId;
use tracing::{
    Span,
    field::{Empty, display},
};

use super::{
    access::{self, Access},
    mend,
    request_id::RequestId,
};
use crate::{
    http::operations::is_operational,
    problem::{self, Problem},
    telemetry::{self, TraceHeaders},
};

/// The middleware of [`crate::http::Server`]; for applications built without it.
#[derive(Debug, Clone)]
pub struct Observe {
    service: &'static str,
    begins_traces: bool,
}

impl Observe {
    /// For the service of this name.
    pub fn new(service: &'static str) -> Self {
        Self {
            service,
            begins_traces: true,
        }
    }

    /// Whether a request that belongs to no trace begins one.
    #[must_use]
    pub fn begins_traces(mut self, begins: bool) -> Self {
        self.begins_traces = begins;
        self
    }
}

impl<S, B> Transform<S, ServiceRequest> for Observe
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Transform = Observed<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Observed {
            observe: self.clone(),
            in_flight: access::in_flight(self.service),
            service: Rc::new(service),
        }))
    }
}

/// The middleware around one worker's routes.
pub struct Observed<S> {
    observe: Observe,
    in_flight: Gauge,
    service: Rc<S>,
}

type Answer<B> = Result<ServiceResponse<EitherBody<B>>, Error>;

impl<S, B> Service<ServiceRequest> for Observed<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Answer<B>>>>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let name = self.observe.service;
        let access = Access::begin(name, &self.in_flight, &request);
        let id = RequestId::of(&request);
        let quiet = is_operational(request.path());
        let headers = trace_headers(request.headers()).or_unrecorded_if(|| {
            !self.observe.begins_traces
                || quiet
                || request.method().is_safe() && !telemetry::records_read()
        });
        let span = if quiet {
            Span::none()
        } else {
            headers.span(|trace_id| {
                let recorded = !headers.are_unrecorded();
                request_span(name, &request, &access, &id, trace_id, recorded)
            })
        };
        let service = Rc::clone(&self.service);
        Box::pin(async move {
            let work = async {
                let answer = answer(&*service, request, &id).await;
                let status = match &answer {
                    Ok(response) => response.status(),
                    Err(error) => error.as_response_error().status_code(),
                };
                let cause = match &answer {
                    Ok(response) => response.response().error(),
                    Err(error) => Some(error),
                };
                let took = access.answered(status.as_u16());
                if !quiet {
                    log(status.as_u16(), took, cause);
                }
                answer
            };
            telemetry::follow(&headers, span, work).await
        })
    }
}

/// Asks the routes, catches what they throw, and makes every error a problem.
async fn answer<S, B>(service: &S, request: ServiceRequest, id: &RequestId) -> Answer<B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody + 'static,
{
    let error = match AssertUnwindSafe(async { service.call(request).await })
        .catch_unwind()
        .await
    {
        Ok(Ok(response)) => {
            let mended = mend::instead(response.request(), response.response());
            let mut response = match mended {
                Some(told) => {
                    let (request, _) = response.into_parts();
                    ServiceResponse::new(request, told).map_into_right_body()
                }
                None => response.map_into_left_body(),
            };
            id.write(response.headers_mut());
            return Ok(response);
        }
        Ok(Err(error)) => error,
        Err(panic) => {
            tracing::error!(panic = panic_text(&*panic), "a request panicked");
            Problem::internal().into()
        }
    };
    // An error that came past the routes is made an answer here, where the trace
    // is known.
    let mut response: HttpResponse = if error.as_error::<Problem>().is_some() {
        error.error_response()
    } else {
        let status = error.as_response_error().status_code().as_u16();
        problem::respond(&Problem::of_status(status))
    };
    id.write(response.headers_mut());
    Err(InternalError::from_response(error, response).into())
}

fn trace_headers(headers: &HeaderMap) -> TraceHeaders {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::to_owned);
    TraceHeaders {
        traceparent: text("traceparent"),
        tracestate: text("tracestate"),
    }
}

/// The span of a request. At the level of errors, so that it is there, and with it the
/// trace id, in whatever lines `RUST_LOG` lets through. One that the log alone sees has as
/// few fields as it needs, since each is made text for every request.
fn request_span(
    service: &'static str,
    request: &ServiceRequest,
    access: &Access,
    id: &RequestId,
    trace_id: Option<TraceId>,
    recorded: bool,
) -> Span {
    // What opens something, as the secret of a link does, is in no log or trace.
    let path = if access.route.contains("{secret}") {
        &access.route
    } else {
        request.path()
    };
    let (trace_id, request_id) = (trace_id.map(display), id.as_str());
    if recorded {
        tracing::error_span!(
            "request",
            otel.name = format!("{} {}", access.method, access.route),
            otel.kind = "server",
            otel.status_code = Empty,
            service,
            trace_id,
            request_id,
            http.request.method = access.method,
            http.route = &*access.route,
            url.path = path,
            http.response.status_code = Empty,
        )
    } else {
        tracing::error_span!(
            "request",
            service,
            trace_id,
            request_id,
            http.request.method = access.method,
            url.path = path,
        )
    }
}

/// The access log: what went wrong is told, the rest only on request.
fn log(status: u16, took: Duration, cause: Option<&Error>) {
    let span = Span::current();
    // Log lines tell it themselves, and each value put into a span costs them.
    if telemetry::is_recorded() {
        span.record("http.response.status_code", status);
    }
    let took_ms = took.as_secs_f64() * 1e3;
    let cause = cause.map(display);
    match status {
        500.. => {
            span.record("otel.status_code", "ERROR");
            tracing::warn!(status, took_ms, cause, "answered");
        }
        400.. => tracing::info!(status, took_ms, cause, "answered"),
        _ => tracing::debug!(status, took_ms, "answered"),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no text")
}
