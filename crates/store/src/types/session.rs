//! Sessions, tokens, links, idempotency keys.

use serde::{Deserialize, Serialize};

use super::{ComparisonId, Millis, ShareId, TokenId, WorkspaceId};

/// SHA-256 of a secret, lower-case hex: secrets themselves are never stored.
pub type Hash = String;

/// A session to be made, in a workspace of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSession {
    /// Hash of the cookie's secret.
    pub hash: Hash,
    /// The workspace to make for it.
    pub workspace: WorkspaceId,
    /// How long it lives unused, ms.
    pub lifetime_ms: i64,
}

/// Names a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionKey {
    /// Hash of the cookie's secret.
    pub hash: Hash,
    /// How long it lives from now on unused, ms.
    pub lifetime_ms: i64,
}

/// A live session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its workspace.
    pub workspace: WorkspaceId,
    /// When it was made.
    pub created: Millis,
    /// When it ends, unless it is used.
    pub expires: Millis,
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// Its name.
    pub id: TokenId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What its owner calls it.
    pub name: String,
    /// Hash of the secret.
    pub hash: Hash,
}

/// Names a token by its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenHash {
    /// Hash of the secret.
    pub hash: Hash,
}

/// A token for scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its name.
    pub id: TokenId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created: Millis,
    /// When it was last used, to the hour.
    pub used: Option<Millis>,
}

/// A link to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewShare {
    /// Its name.
    pub id: ShareId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What it opens.
    pub comparison: ComparisonId,
    /// Hash of the secret in the link.
    pub hash: Hash,
    /// When it ends; `None` when revoked.
    pub expires: Option<Millis>,
}

/// Names a link by its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareHash {
    /// Hash of the secret in the link.
    pub hash: Hash,
}

/// A link that opens one comparison, read only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Its name.
    pub id: ShareId,
    /// Whose.
    pub workspace: WorkspaceId,
    /// What it opens.
    pub comparison: ComparisonId,
    /// When it was made.
    pub created: Millis,
    /// When it ends; `None` when revoked.
    pub expires: Option<Millis>,
}

/// An `Idempotency-Key` of a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyId {
    /// Whose.
    pub workspace: WorkspaceId,
    /// As the client gave it.
    pub key: String,
}

/// A request that wants to run once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimKey {
    /// The key.
    pub id: KeyId,
    /// Hash of method, path and body: the same key with another request is a
    /// mistake.
    pub request: Hash,
    /// A claim older than this without an answer is given to the next, ms.
    pub stale_ms: i64,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyClaim {
    /// Go on: nobody did this before.
    Fresh,
    /// Somebody does it now.
    Running,
    /// The key was used for another request.
    Mismatch,
    /// It was done; this was the answer.
    Done(KeptAnswer),
}

/// An answer kept for a repeated request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAnswer {
    /// HTTP status.
    pub status: u16,
    /// JSON body.
    pub body: String,
}

/// The answer to a claimed key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleKey {
    /// The key.
    pub id: KeyId,
    /// What was answered.
    pub answer: KeptAnswer,
}
