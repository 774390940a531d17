//! Problems instead of actix's own texts where a request cannot be read.

use actix_web::{
    HttpRequest,
    error::{JsonPayloadError, PathError, PayloadError, QueryPayloadError, UrlencodedError},
    web::{self, ServiceConfig},
};

use super::Problem;

/// Makes the extractors of bodies, queries, forms and path parts answer problems,
/// and limits bodies held in memory to `body_limit_bytes`. A route may set other
/// limits with its own configuration.
pub fn configure(config: &mut ServiceConfig, body_limit_bytes: usize) {
    config
        .app_data(
            web::JsonConfig::default()
                .limit(body_limit_bytes)
                .error_handler(move |error, _| json(&error, body_limit_bytes).into()),
        )
        .app_data(web::QueryConfig::default().error_handler(|error, _| query(&error).into()))
        .app_data(
            web::FormConfig::default()
                .limit(body_limit_bytes)
                .error_handler(move |error, _| form(&error, body_limit_bytes).into()),
        )
        .app_data(web::PathConfig::default().error_handler(|error, _| path(&error).into()))
        .app_data(web::PayloadConfig::new(body_limit_bytes));
}

/// The answer where no route fits: 405 where only the method does not.
pub async fn not_found(request: HttpRequest) -> Result<actix_web::HttpResponse, Problem> {
    if request.match_pattern().is_some() {
        return Err(Problem::of_status(405));
    }
    Err(Problem::of_status(404).detail(format!("There is nothing at {}.", request.path())))
}

fn json(error: &JsonPayloadError, limit: usize) -> Problem {
    match error {
        JsonPayloadError::ContentType => {
            Problem::of_status(415).detail("Send the body as application/json.")
        }
        JsonPayloadError::OverflowKnownLength { .. }
        | JsonPayloadError::Overflow { .. }
        | JsonPayloadError::Payload(PayloadError::Overflow) => Problem::too_large(limit as u64),
        JsonPayloadError::Deserialize(error) => {
            Problem::bad_request(format!("The body is not as expected: {error}."))
        }
        _ => Problem::bad_request("The body could not be read."),
    }
}

fn form(error: &UrlencodedError, limit: usize) -> Problem {
    match error {
        UrlencodedError::Overflow { .. } => Problem::too_large(limit as u64),
        UrlencodedError::ContentType => {
            Problem::of_status(415).detail("Send the form as application/x-www-form-urlencoded.")
        }
        _ => Problem::bad_request(format!("The form is not as expected: {error}.")),
    }
}

fn query(error: &QueryPayloadError) -> Problem {
    match error {
        QueryPayloadError::Deserialize(error) => {
            Problem::bad_request(format!("The query is not as expected: {error}."))
        }
        _ => Problem::bad_request("The query is not as expected."),
    }
}

/// An id that is none names nothing, so that is what is said.
fn path(_: &PathError) -> Problem {
    Problem::of_status(404).detail("The address holds an id or a number that cannot be one.")
}
