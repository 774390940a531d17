//! The public API: sessions, access, quotas, uploads, progress.
//!
//! [`configure`] mounts it under `/api/v1`. It knows no SQL and no PDF: what is
//! kept is asked of a [`store::Store`], files of [`service::blobs::Blobs`],
//! pictures and exports of an [`Engine`].

mod access;
mod app;
mod bodies;
mod conditional;
mod engine;
mod error;
mod events;
mod headers;
mod names;
mod once;
mod openapi;
mod options;
mod picture;
mod position;
mod routes;
mod settings;
mod staging;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use service::problem;

pub use app::App;
pub use engine::{
    ByteStream, Engine, EngineError, Export, ExportFormat, ExportRequest, ExportSource, HttpEngine,
    Image, RenderRequest, UnknownFormat,
};
pub use error::Error;
pub use openapi::document;
pub use options::CompareOptions;
pub use routes::{Access, ROUTES, Route};
pub use settings::{Limits, Settings};

/// Where the API is mounted.
pub const BASE: &str = "/api/v1";
/// Largest JSON body.
const BODY_LIMIT: usize = 1 << 20;

/// Mounts the API under [`BASE`]. Called once for every thread of a server, with
/// clones of one [`App`].
pub fn configure(app: App) -> impl FnOnce(&mut ServiceConfig) {
    move |config| {
        config.service(
            web::scope(BASE)
                .app_data(web::Data::new(app))
                .configure(|config| problem::configure(config, BODY_LIMIT))
                .configure(routes::mount)
                .default_service(web::to(problem::not_found))
                .wrap(from_fn(position::follow))
                .wrap(from_fn(headers::guard)),
        );
    }
}
