//! What the gateway asks over HTTP: pictures and reports.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use service::problem::Problem;

use crate::{Error, ExportRequest, Format, Ingest, RenderRequest};

/// Mounts `GET /render/{sha256}/{page}` and `POST /export/{format}`.
pub fn configure(ingest: Ingest) -> impl FnOnce(&mut web::ServiceConfig) {
    move |config| {
        config
            .app_data(web::Data::new(ingest))
            .route("/render/{sha256}/{page}", web::get().to(render))
            .route("/export/{format}", web::post().to(export));
    }
}

#[derive(Deserialize)]
struct View {
    scale: f32,
    x0: Option<f32>,
    y0: Option<f32>,
    x1: Option<f32>,
    y1: Option<f32>,
}

async fn render(
    ingest: web::Data<Ingest>,
    path: web::Path<(String, u32)>,
    view: web::Query<View>,
) -> Result<HttpResponse, Problem> {
    let (sha256, page) = path.into_inner();
    let region = match (view.x0, view.y0, view.x1, view.y1) {
        (Some(x0), Some(y0), Some(x1), Some(y1)) => Some([x0, y0, x1, y1]),
        _ => None,
    };
    let image = ingest
        .render(RenderRequest {
            sha256,
            page,
            scale: view.scale,
            region,
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(image.content_type)
        .body(image.bytes))
}

async fn export(
    ingest: web::Data<Ingest>,
    format: web::Path<Format>,
    request: web::Json<ExportRequest>,
) -> Result<HttpResponse, Problem> {
    let bytes = ingest.export(*format, request.into_inner()).await?;
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .body(bytes))
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound(what) => Self::not_found(what),
            Error::Invalid(why) => Self::bad_request(why),
            Error::Unreadable(why) => Self::new(422, "unreadable", "Cannot be read").detail(why),
            Error::Busy => Self::unavailable("Too many pictures are being made; try again."),
            Error::Broken(why) => {
                tracing::error!(why, "a picture or report was not made");
                Self::internal()
            }
        }
    }
}
