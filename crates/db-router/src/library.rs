//! The store as a library: documents and search for programs in Rust, reads from
//! replicas and writes to the leader, without a service between.

use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use store::position::{self, Position};
use store::{
    Document, DocumentId, Hit, JobId, ListDocuments, Listing, NewDocument, NewSession, PageWords,
    Quota, ReadDocument, Search, Slice, WorkspaceId,
};

use crate::{Backend, DatabaseArgs, Error, NodeReport, open};

/// A hundred years, ms: a library's workspace is nobody's session.
const LIFETIME_MS: i64 = 100 * 365 * 24 * 3_600_000;
/// Entries of a list asked for at once, and hits of a search.
const AT_ONCE: u32 = 200;
/// A program that has the database limits itself.
const UNLIMITED: Quota = Quota {
    bytes: i64::MAX as u64,
    documents: u32::MAX,
    jobs: u32::MAX,
};

/// Documents of one workspace, kept in a database that is read from where there is
/// room and written to where its leader is. Whoever writes with it reads what they
/// wrote: a replica that lacks it is waited for briefly, then the leader answers.
pub struct ScaledBackend {
    backend: Arc<dyn Backend>,
    workspace: WorkspaceId,
    seen: Mutex<Option<Position>>,
}

/// A document as it was read: its words and where they stand, page by page.
#[derive(Clone, Debug, PartialEq)]
pub struct VectorMap {
    /// What to call it.
    pub name: String,
    /// The bytes it was read from; they are hashed, not kept.
    pub file: Vec<u8>,
    /// Title in the document's properties.
    pub title: Option<String>,
    /// All pages, in order.
    pub pages: Vec<PageWords>,
}

/// The backend for the databases that `args` name ([`DatabaseArgs::from_environment`]
/// reads them where the services do), in the workspace called `workspace`, which is
/// made where there is none. Call it within a tokio runtime, which must outlive it.
pub async fn create_scaled_backend(
    args: &DatabaseArgs,
    workspace: &str,
) -> Result<ScaledBackend, Error> {
    let backend = open(args).await?;
    let session = NewSession {
        // No hash of a secret looks like this, so no cookie leads there.
        hash: format!("library:{workspace}"),
        workspace: WorkspaceId::random(),
        lifetime_ms: LIFETIME_MS,
    };
    let (session, seen) = position::scope(None, backend.create_session(session)).await;
    Ok(ScaledBackend {
        workspace: session?.workspace,
        backend,
        seen: Mutex::new(seen),
    })
}

impl ScaledBackend {
    /// All documents, newest first. Reads from a replica.
    pub async fn list_documents(&self) -> Result<Vec<Document>, store::Error> {
        let mut documents = Vec::new();
        let mut cursor = None;
        loop {
            let request = ListDocuments {
                workspace: self.workspace,
                slice: Slice {
                    cursor,
                    limit: AT_ONCE,
                },
                series: None,
            };
            let Listing { items, next } = self.follow(self.backend.documents(request)).await?;
            documents.extend(items);
            match next {
                Some(next) => cursor = Some(next),
                None => return Ok(documents),
            }
        }
    }

    /// Pages that hold all words of `query`, "phrases" in double quotes and parts of
    /// part numbers, at most 200. Reads from a replica.
    pub async fn search_text(&self, query: &str) -> Result<Vec<Hit>, store::Error> {
        let request = Search {
            workspace: self.workspace,
            query: query.to_owned(),
            document: None,
            slice: Slice {
                cursor: None,
                limit: AT_ONCE,
            },
        };
        Ok(self.follow(self.backend.search(request)).await?.items)
    }

    /// Keeps a document with its pages, in place of what was kept of the same bytes.
    /// Writes to the leader.
    pub async fn upsert_vectormap(&self, map: VectorMap) -> Result<Document, store::Error> {
        let request = ReadDocument {
            document: NewDocument {
                id: DocumentId::random(),
                job: JobId::random(),
                workspace: self.workspace,
                name: map.name,
                sha256: format!("{:x}", Sha256::digest(&map.file)),
                bytes: map.file.len() as u64,
                series: None,
                quota: UNLIMITED,
                trace: None,
            },
            title: map.title,
            pages: map.pages,
        };
        self.follow(self.backend.put_document(request)).await
    }

    /// The nodes: who leads, who is read from, how far others are behind.
    pub fn topology(&self) -> Vec<NodeReport> {
        self.backend.topology()
    }

    /// Everything else there is to do, and the workspace to do it in.
    pub fn store(&self) -> (&dyn Backend, WorkspaceId) {
        (&*self.backend, self.workspace)
    }

    /// Runs an operation as somebody who has seen all that was written so far.
    async fn follow<T>(&self, operation: impl Future<Output = T>) -> T {
        let seen = *self.lock();
        let (answer, reached) = position::scope(seen, operation).await;
        let mut seen = self.lock();
        *seen = (*seen).max(reached);
        answer
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Position>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
