//! The engine behind an ingest service, over HTTP.

use std::time::Duration;

use actix_web::http::header::CONTENT_TYPE;
use async_trait::async_trait;
use futures::TryStreamExt;
use service::client::{Call, Client};

use super::{Engine, EngineError, Export, ExportRequest, Image, RenderRequest};

/// A picture that takes longer is of no use to anybody.
const RENDER: Duration = Duration::from_secs(40);
/// A report of a long document is read and drawn page by page.
const EXPORT: Duration = Duration::from_mins(5);

/// Asks an ingest service.
#[derive(Clone, Debug)]
pub struct HttpEngine(Client);

impl HttpEngine {
    /// For the ingest service behind `client`.
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

#[async_trait]
impl Engine for HttpEngine {
    async fn render(&self, request: RenderRequest) -> Result<Image, EngineError> {
        let path = format!("/render/{}/{}", request.sha256, request.page);
        let mut call = self
            .0
            .get(&path)
            .deadline(RENDER)
            .query("scale", request.scale.to_string());
        for (name, edge) in ["x0", "y0", "x1", "y1"]
            .into_iter()
            .zip(request.region.into_iter().flatten())
        {
            call = call.query(name, edge.to_string());
        }
        let response = send(call).await?;
        let content_type = content_type(&response);
        let bytes = response
            .bytes()
            .await
            .map_err(|e| EngineError::Unavailable(e.to_string()))?;
        Ok(Image {
            bytes,
            content_type,
        })
    }

    async fn export(&self, request: ExportRequest) -> Result<Export, EngineError> {
        let path = format!("/export/{}", request.format);
        // Made from what is kept: making it twice is making it once.
        let call = self
            .0
            .post(&path)
            .json(&request.source)
            .idempotent()
            .deadline(EXPORT);
        let response = send(call).await?;
        Ok(Export {
            content_type: request.format.content_type().to_owned(),
            body: Box::pin(
                response
                    .bytes_stream()
                    .map_err(|e| EngineError::Unavailable(e.to_string())),
            ),
        })
    }
}

async fn send(call: Call) -> Result<reqwest::Response, EngineError> {
    call.send().await.map_err(|error| match error {
        service::Error::Problem(problem) => {
            let why = problem.detail.unwrap_or(problem.title);
            match problem.status {
                404 => EngineError::NotFound("file or page".to_owned()),
                422 => EngineError::Unreadable(why),
                429 | 502..=504 => EngineError::Unavailable(why),
                status => EngineError::Broken(format!("{status}: {why}")),
            }
        }
        error @ (service::Error::Unreachable { .. } | service::Error::Deadline { .. }) => {
            EngineError::Unavailable(error.to_string())
        }
        other => EngineError::Broken(other.to_string()),
    })
}

/// Only pictures are passed on as such.
fn content_type(response: &reqwest::Response) -> String {
    response
        .headers()
        .get(CONTENT_TYPE.as_str())
        .and_then(|value| value.to_str().ok())
        .filter(|value| matches!(*value, "image/webp" | "image/png"))
        .unwrap_or("application/octet-stream")
        .to_owned()
}
