//! The PDF engine, called directly: ingest is in the same process.

use async_trait::async_trait;
use futures::stream;
use gateway::{Engine, EngineError, Export, ExportFormat, ExportRequest, Image, RenderRequest};
use ingest::{Error, Format, Ingest};

/// Ingest, as the gateway asks for it.
pub(super) struct Direct(pub Ingest);

#[async_trait]
impl Engine for Direct {
    async fn render(&self, request: RenderRequest) -> Result<Image, EngineError> {
        let request = ingest::RenderRequest {
            sha256: request.sha256,
            page: request.page,
            scale: request.scale,
            region: request.region,
        };
        let image = self.0.render(request).await.map_err(trouble)?;
        Ok(Image {
            bytes: image.bytes,
            content_type: image.content_type.to_owned(),
        })
    }

    async fn export(&self, request: ExportRequest) -> Result<Export, EngineError> {
        let format = match request.format {
            ExportFormat::Html => Format::Html,
            ExportFormat::Pdf => Format::Pdf,
            ExportFormat::Txt => Format::Txt,
        };
        let source = ingest::ExportRequest {
            report_blob: request.source.report_blob,
            old_sha256: request.source.old_sha256,
            new_sha256: request.source.new_sha256,
            only_changes: request.source.only_changes,
        };
        let bytes = self.0.export(format, source).await.map_err(trouble)?;
        Ok(Export {
            content_type: format.content_type().to_owned(),
            body: Box::pin(stream::iter([Ok(bytes)])),
        })
    }
}

fn trouble(error: Error) -> EngineError {
    match error {
        Error::NotFound(what) => EngineError::NotFound(what.to_owned()),
        Error::Invalid(why) | Error::Unreadable(why) => EngineError::Unreadable(why),
        Error::Busy => EngineError::Unavailable("too many pictures are being made".to_owned()),
        Error::Broken(why) => EngineError::Broken(why),
    }
}
