//! Sessions, tokens, limits.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// To be sent as `X-CSRF-Token` with every request that changes anything;
    /// `null` where a token is used, which needs none.
    #[schema(required)]
    pub csrf_token: Option<String>,
    /// What its workspace uses.
    pub usage: Usage,
    /// What it may use.
    pub limits: Limits,
}

/// What a workspace uses.
#[derive(Debug, Serialize, ToSchema)]
pub struct Usage {
    /// Bytes of its documents.
    pub bytes: u64,
    /// Its documents.
    pub documents: u32,
    /// Its comparisons.
    pub comparisons: u32,
    /// Its jobs that wait or run.
    pub jobs: u32,
}

impl From<store::Usage> for Usage {
    fn from(usage: store::Usage) -> Self {
        Self {
            bytes: usage.bytes,
            documents: usage.documents,
            comparisons: usage.comparisons,
            jobs: usage.jobs,
        }
    }
}

/// What may be used. A rate of 0 is no limit.
#[derive(Debug, Serialize, ToSchema)]
pub struct Limits {
    /// Largest file, bytes.
    pub upload_bytes: u64,
    /// Most files in one upload.
    pub upload_files: usize,
    /// Bytes of all documents of a workspace.
    pub workspace_bytes: u64,
    /// Documents of a workspace.
    pub documents: u32,
    /// Jobs of a workspace that wait or run.
    pub jobs: u32,
    /// Event streams of a workspace.
    pub streams: usize,
    /// Requests in a minute.
    pub requests_per_minute: u32,
    /// Uploads in a minute.
    pub uploads_per_minute: u32,
    /// Pixels of a picture.
    pub image_pixels: u64,
}

impl From<&crate::settings::Limits> for Limits {
    fn from(limits: &crate::settings::Limits) -> Self {
        Self {
            upload_bytes: limits.upload.0,
            upload_files: limits.upload_files,
            workspace_bytes: limits.workspace.0,
            documents: limits.documents,
            jobs: limits.jobs,
            streams: limits.streams,
            requests_per_minute: limits.requests,
            uploads_per_minute: limits.uploads,
            image_pixels: crate::picture::MAX_PIXELS as u64,
        }
    }
}

/// A token for scripts.
#[derive(Debug, Serialize, ToSchema)]
#[expect(
    clippy::struct_field_names,
    reason = "the token's own secret is `token`"
)]
pub struct Token {
    /// Its name in addresses, 32 hex digits; opens nothing.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// When it was made, milliseconds since 1970 (UTC).
    pub created: i64,
    /// When it was last used, to the hour, milliseconds since 1970 (UTC).
    #[schema(required)]
    pub used: Option<i64>,
    /// To be sent as `Authorization: Bearer …`: answered when it is made and
    /// never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

impl From<store::Token> for Token {
    fn from(token: store::Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            created: token.created,
            used: token.used,
            token: None,
        }
    }
}

/// A token to be made.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// What to call it.
    #[schema(min_length = 1, max_length = 100)]
    pub name: String,
}
