//! Reports that need the PDFs: one HTML file, the marked PDF; and text, which
//! needs none but is made in the same place.

use std::collections::HashSet;

use bytes::Bytes;
use engine::Pair;
use model::Report;
use report::TextOptions;
use serde::{Deserialize, Serialize};

use crate::{Error, Ingest};

/// Which report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One file for the browser, both revisions side by side.
    Html,
    /// The new revision with an annotation on every change.
    Pdf,
    /// Plain text.
    Txt,
}

impl Format {
    /// Its media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Pdf => "application/pdf",
            Self::Txt => "text/plain; charset=utf-8",
        }
    }
}

/// What the report is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// Name of the report's blob (JSON).
    pub report_blob: String,
    /// SHA-256 of the old file.
    pub old_sha256: String,
    /// SHA-256 of the new file.
    pub new_sha256: String,
    /// Only these changes, by id; `None` for all.
    #[serde(default)]
    pub only_changes: Option<Vec<u32>>,
}

impl Ingest {
    /// Writes a report.
    pub async fn export(&self, format: Format, request: ExportRequest) -> Result<Bytes, Error> {
        let _turn = self.exporting.acquire().await;
        let json = self
            .blobs
            .get(&service::blobs::derived_key(&request.report_blob)?)
            .await?;
        let mut report: Report =
            serde_json::from_slice(&json).map_err(|e| Error::Broken(e.to_string()))?;
        if let Some(only) = &request.only_changes {
            keep_only(&mut report, only);
        }
        if format == Format::Txt {
            let mut out = Vec::new();
            report::text(&report, &mut out, &TextOptions::default())
                .map_err(|e| Error::Broken(e.to_string()))?;
            return Ok(out.into());
        }
        let old = self
            .files
            .source(&request.old_sha256, report.old.name.clone());
        let new = self
            .files
            .source(&request.new_sha256, report.new.name.clone());
        let (old, new) = (old.await?, new.await?);
        let opener = self.opener.clone();
        service::telemetry::blocking(move || {
            let unreadable = |e: jail::Error| Error::Unreadable(format!("The file {e}."));
            let mut out = Vec::new();
            if format == Format::Pdf {
                let json = serde_json::to_vec(&report).map_err(|e| Error::Broken(e.to_string()))?;
                return opener
                    .annotate(&new, &json)
                    .map_err(unreadable)
                    .map(Bytes::from);
            }
            let pair = Pair {
                old: opener.open(&old).map_err(unreadable)?,
                new: opener.open(&new).map_err(unreadable)?,
            };
            report::html(&report, &mut &pair, &mut out)
                .map_err(|e| Error::Broken(e.to_string()))?;
            Ok(out.into())
        })
        .await
        .map_err(|e| Error::Broken(e.to_string()))?
    }
}

/// Leaves the other changes out, and counts anew.
fn keep_only(report: &mut Report, only: &[u32]) {
    let only: HashSet<u32> = only.iter().copied().collect();
    report.changes.retain(|c| only.contains(&c.id));
    for group in &mut report.groups {
        group.changes.retain(|id| only.contains(id));
    }
    report.groups.retain(|g| g.changes.len() > 1);
    for counts in report.summary.changes.values_mut() {
        counts.clear();
    }
    for change in report.changes.iter().filter(|c| !c.evidence.noise) {
        let counts = report.summary.changes.entry(change.kind).or_default();
        *counts.entry(change.op).or_default() += 1;
    }
}
