//! Files by key: the originals by their SHA-256, and what is derived from them.
//!
//! `file:///data/blobs` is a folder, `s3://bucket/prefix` any S3-compatible store
//! (settings from `AWS_…` variables), `memory:` is for tests.

mod durable;
mod key;
mod remote;

use std::{
    fs::File,
    ops::Range,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{
    GetOptions, ObjectStore, ObjectStoreExt, local::LocalFileSystem, memory::InMemory,
};

pub use key::{derived_key, original_key};

use durable::Folder;

/// Why bytes could not be stored or read.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// There is no such key.
    #[error("there is no blob {0}")]
    NotFound(String),
    /// The store has no room.
    #[error("the store of blobs is full")]
    Full,
    /// Anything else, for the log.
    #[error("the store of blobs failed: {0}")]
    Other(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl BlobError {
    fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Other(error.into())
    }
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::other(error),
        }
    }
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { path, .. } => Self::NotFound(path),
            error if is_full(&error) => Self::Full,
            error => Self::other(error),
        }
    }
}

/// Whether an error was caused by a disk without room.
fn is_full(error: &object_store::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<std::io::Error>()
            && matches!(
                error.kind(),
                std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
            )
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// A blob as the store lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobInfo {
    /// Its key.
    pub key: String,
    /// When it was last written, or put again.
    pub modified: SystemTime,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A store of files. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// The local folder, written by our own hands because what is acknowledged must
    /// be on the disk and not only on its way there.
    folder: Option<Folder>,
}

impl Blobs {
    /// Opens the store at `url`; a local folder is made if it is absent.
    pub fn open(url: &str) -> Result<Self, BlobError> {
        if url == "memory:" {
            return Ok(Self {
                store: Arc::new(InMemory::new()),
                folder: None,
            });
        }
        let parsed = url::Url::parse(url).map_err(BlobError::other)?;
        match parsed.scheme() {
            // `file:blobs` would be taken for `/blobs`.
            "file" if url.starts_with("file:///") => {
                let path = parsed
                    .to_file_path()
                    .map_err(|()| BlobError::other(format!("“{url}” names no folder")))?;
                Self::local(&path, durable::ABANDONED)
            }
            "s3" => Ok(Self {
                store: remote::open(&parsed)?,
                folder: None,
            }),
            _ => Err(BlobError::other(format!(
                "a store of blobs is file:///folder or s3://bucket, not “{url}”"
            ))),
        }
    }

    /// Opens the store in the folder `path`, which is made if it is absent and which
    /// nobody else writes to: what is half written there is of a dead process.
    pub fn folder(path: &Path) -> Result<Self, BlobError> {
        Self::local(path, Duration::ZERO)
    }

    fn local(path: &Path, abandoned: Duration) -> Result<Self, BlobError> {
        let folder = Folder::open(path, abandoned)?;
        let store = LocalFileSystem::new_with_prefix(path)?;
        Ok(Self {
            store: Arc::new(store),
            folder: Some(folder),
        })
    }

    /// Stores all of `file` as the original with this SHA-256 (64 hexadecimal
    /// digits); what is not that is refused. When it returns, the bytes outlive a
    /// loss of power. An original that is there already is not written again, but
    /// counts as modified now. Gives the key.
    pub async fn put_file(&self, file: File, sha256_hex: &str) -> Result<String, BlobError> {
        let key = original_key(sha256_hex)?;
        match &self.folder {
            Some(folder) => folder.put_file(&key, file, sha256_hex).await?,
            None => remote::put_file(&*self.store, &key, file, sha256_hex).await?,
        }
        Ok(key)
    }

    /// Stores `bytes` under `key`, replacing what is there; as durable as
    /// [`Blobs::put_file`].
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        let location = key::location(key)?;
        if let Some(folder) = &self.folder {
            return folder.put(key, bytes).await;
        }
        self.store.put(&location, bytes.into()).await?;
        Ok(())
    }

    /// All bytes of a blob.
    pub async fn get(&self, key: &str) -> Result<Bytes, BlobError> {
        let answer = self.store.get(&key::location(key)?).await?;
        Ok(answer.bytes().await?)
    }

    /// The bytes of a blob, or of `range` of it, as they are read.
    pub async fn stream(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let options = GetOptions {
            range: range.map(Into::into),
            ..GetOptions::default()
        };
        let answer = self.store.get_opts(&key::location(key)?, options).await?;
        Ok(answer.into_stream().map_err(BlobError::from).boxed())
    }

    /// The size of a blob in bytes.
    pub async fn size(&self, key: &str) -> Result<u64, BlobError> {
        Ok(self.store.head(&key::location(key)?).await?.size)
    }

    /// Whether there is such a blob.
    pub async fn exists(&self, key: &str) -> Result<bool, BlobError> {
        match self.size(key).await {
            Ok(_) => Ok(true),
            Err(BlobError::NotFound(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Removes a blob; one that is not there is no error.
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        match self.store.delete(&key::location(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The blobs whose keys are below `prefix` (a whole part of a key, such as
    /// `sha256` or `sha256/ab`; all if empty), in no order.
    pub fn list(&self, prefix: &str) -> BoxStream<'static, Result<BlobInfo, BlobError>> {
        let prefix = (!prefix.is_empty()).then(|| object_store::path::Path::from(prefix));
        self.store
            .list(prefix.as_ref())
            .map_err(BlobError::from)
            .try_filter_map(|meta| {
                let info = BlobInfo {
                    key: meta.location.to_string(),
                    modified: meta.last_modified.into(),
                    bytes: meta.size,
                };
                std::future::ready(Ok((!durable::is_partial(&info.key)).then_some(info)))
            })
            .boxed()
    }

    /// Whether the store answers, for readiness.
    pub async fn check(&self) -> Result<(), BlobError> {
        match &self.folder {
            Some(folder) => folder.check().await,
            None => self.list("sha256/00").next().await.transpose().map(drop),
        }
    }
}

#[cfg(test)]
mod tests;
