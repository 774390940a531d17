//! Names of things: 128 random bits each, so that none can be guessed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($( $(#[$doc:meta])* $name:ident )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new one, made before it is stored, so that storing it twice
            /// is storing it once.
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.simple().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                text.parse().map(Self)
            }
        }
    )* };
}

id! {
    /// A workspace: what one browser (or one token's owner) has.
    WorkspaceId
    /// A document.
    DocumentId
    /// Revisions of one document, kept together.
    SeriesId
    /// A comparison.
    ComparisonId
    /// A job.
    JobId
    /// A token for scripts.
    TokenId
    /// A link that opens a comparison to others.
    ShareId
    /// One lease of one job: changes with every claim, so that a worker that
    /// lost its lease cannot act on it.
    LeaseId
}

/// A workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceKey {
    /// The workspace.
    pub workspace: WorkspaceId,
}

macro_rules! key {
    ($( $(#[$doc:meta])* $name:ident($id:ident) )*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name {
            /// Whose it is.
            pub workspace: WorkspaceId,
            /// Which.
            pub id: $id,
        }
    )* };
}

key! {
    /// A document of a workspace.
    DocumentKey(DocumentId)
    /// A comparison of a workspace.
    ComparisonKey(ComparisonId)
    /// A job of a workspace.
    JobKey(JobId)
    /// A token of a workspace.
    TokenKey(TokenId)
    /// A link of a workspace.
    ShareKey(ShareId)
}
