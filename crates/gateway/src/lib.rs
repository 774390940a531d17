//! The public API: sessions, access, quotas, uploads, progress.

mod engine;

pub use engine::{
    ByteStream, Engine, EngineError, Export, ExportFormat, ExportRequest, ExportSource, Image,
    RenderRequest, UnknownFormat,
};
