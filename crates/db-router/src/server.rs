//! The operations over HTTP: `POST /store/{operation}`, JSON in and out.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, Path, PayloadConfig, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use store::{Error, Store, position};

use crate::Backend;
use crate::key;

/// Words of a batch of pages, bytes.
const BODY_LIMIT: usize = 256 << 20;

/// Mounts the operations of a store.
pub fn configure(config: &mut ServiceConfig, store: Arc<dyn Store>) {
    config.service(
        web::resource("/store/{operation}")
            .app_data(Data::from(store))
            .app_data(PayloadConfig::new(BODY_LIMIT))
            .route(web::post().to(operate)),
    );
}

/// Mounts `GET /topology`: what is known of the nodes, for operators.
pub fn configure_topology(config: &mut ServiceConfig, backend: Arc<dyn Backend>) {
    config.service(
        web::resource("/topology")
            .app_data(Data::from(backend))
            .route(web::get().to(topology)),
    );
}

async fn topology(backend: Data<dyn Backend>) -> HttpResponse {
    HttpResponse::Ok().json(backend.topology())
}

async fn operate(
    request: HttpRequest,
    operation: Path<String>,
    body: Bytes,
    store: Data<dyn Store>,
) -> HttpResponse {
    let header = |name: &str| request.headers().get(name)?.to_str().ok();
    let seen = header(position::HEADER).and_then(|text| text.parse().ok());
    let name = header(store::KEY_HEADER).and_then(|text| text.parse().ok());
    let answer = key::scope(name, store::dispatch(&**store, &operation, &body));
    let (answer, reached) = position::scope(seen, answer).await;
    let answer = answer.unwrap_or_else(|| {
        Err(Error::Invalid(format!(
            "there is no operation “{operation}”"
        )))
    });
    match answer {
        Ok(body) => {
            let mut response = HttpResponse::Ok();
            if let Some(position) = reached.filter(|_| reached != seen) {
                response.insert_header((position::HEADER, position.to_string()));
            }
            response.content_type("application/json").body(body)
        }
        Err(error) => {
            let mut response = HttpResponse::build(status(&error));
            if matches!(error, Error::Unavailable(_)) {
                response.insert_header(("retry-after", "1"));
            }
            response.json(error)
        }
    }
}

fn status(error: &Error) -> StatusCode {
    match error {
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Conflict(_) | Error::LeaseLost => StatusCode::CONFLICT,
        Error::Invalid(_) => StatusCode::BAD_REQUEST,
        Error::Quota(_) => StatusCode::INSUFFICIENT_STORAGE,
        Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        Error::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
