//! What is counted and logged of a request.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{dev::ServiceRequest, http::Method};
use metrics::{
    Gauge, Label, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};

const REQUESTS: &str = "pdf_compare_http_requests_total";
const DURATION: &str = "pdf_compare_http_request_duration_seconds";
const IN_FLIGHT: &str = "pdf_compare_http_requests_in_flight";

/// The status counted where the client went away before its answer.
const CLIENT_CLOSED: u16 = 499;

/// Says what the metrics of requests mean.
pub(crate) fn describe_metrics() {
    describe_counter!(REQUESTS, "Requests answered, by route pattern and status");
    describe_histogram!(
        DURATION,
        Unit::Seconds,
        "Time from the head of a request to the head of its answer"
    );
    describe_gauge!(IN_FLIGHT, "Requests whose answer has not begun");
}

/// The requests of a service whose answer has not begun.
pub(super) fn in_flight(service: &'static str) -> Gauge {
    gauge!(IN_FLIGHT, "service" => service)
}

/// One request under way. Dropping it unanswered counts it as closed by the client.
pub(super) struct Access {
    service: &'static str,
    in_flight: Gauge,
    /// The method, as a label.
    pub method: &'static str,
    /// The pattern, `/documents/{id}`, never the path: labels must be few.
    pub route: Arc<str>,
    started: Instant,
    answered: bool,
}

impl Access {
    pub fn begin(service: &'static str, in_flight: &Gauge, request: &ServiceRequest) -> Self {
        in_flight.increment(1.0);
        Self {
            service,
            in_flight: in_flight.clone(),
            method: method_label(request.method()),
            route: request
                .match_pattern()
                .map_or_else(|| "none".into(), Into::into),
            started: Instant::now(),
            answered: false,
        }
    }

    /// Counts the answer; says how long it took.
    pub fn answered(mut self, status: u16) -> Duration {
        self.answered = true;
        self.count(status)
    }

    fn count(&self, status: u16) -> Duration {
        let took = self.started.elapsed();
        let mut labels = vec![
            Label::from_static_parts("service", self.service),
            Label::from_static_parts("method", self.method),
            Label::new("route", Arc::clone(&self.route)),
        ];
        histogram!(DURATION, labels.clone()).record(took.as_secs_f64());
        labels.push(Label::new("status", status.to_string()));
        counter!(REQUESTS, labels).increment(1);
        took
    }
}

impl Drop for Access {
    fn drop(&mut self) {
        self.in_flight.decrement(1.0);
        if !self.answered {
            self.count(CLIENT_CLOSED);
        }
    }
}

/// The methods there are; a client can send any word as one.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
