//! Parts of paths and queries that several routes take.

use serde::Deserialize;
use store::{ComparisonId, DocumentId, JobId, ShareId, Slice, TokenId};
use utoipa::IntoParams;

/// Entries of a list where none are asked for, and at most.
const LIMIT: u32 = 50;
const MAX_LIMIT: u32 = 200;

/// Names a document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct DocumentPath {
    /// The document's `id`.
    #[param(value_type = String)]
    pub id: DocumentId,
}

/// Names a page of a document.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct PagePath {
    /// The document's `id`.
    #[param(value_type = String)]
    pub id: DocumentId,
    /// The page, from 1.
    #[param(minimum = 1)]
    pub page: u32,
}

/// Names a comparison.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ComparisonPath {
    /// The comparison's `id`.
    #[param(value_type = String)]
    pub id: ComparisonId,
}

/// Names a report of a comparison.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ReportPath {
    /// The comparison's `id`.
    #[param(value_type = String)]
    pub id: ComparisonId,
    /// `json`, `html`, `pdf` or `txt`.
    pub format: String,
}

/// Names a change of a comparison.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct ReviewPath {
    /// The comparison's `id`.
    #[param(value_type = String)]
    pub id: ComparisonId,
    /// Names the change: at most 128 letters, digits, `-`, `_`, `.`, `:`.
    pub change: String,
}

/// Names a job.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct JobPath {
    /// The job's `id`.
    #[param(value_type = String)]
    pub id: JobId,
}

/// Names a share link.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SharePath {
    /// The link's `id`.
    #[param(value_type = String)]
    pub id: ShareId,
}

/// A share link's secret.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct SecretPath {
    /// The secret of the link `/s/{secret}`.
    #[serde(rename = "secret")]
    pub _secret: String,
}

/// Names a token.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct TokenPath {
    /// The token's `id`.
    #[param(value_type = String)]
    pub id: TokenId,
}

/// The part of a list that is asked for.
pub(crate) fn slice(cursor: Option<String>, limit: Option<u32>) -> Slice {
    Slice {
        cursor,
        limit: limit.unwrap_or(LIMIT).clamp(1, MAX_LIMIT),
    }
}
