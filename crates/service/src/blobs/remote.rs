//! Stores behind the network, where the answer to a write means that it is kept.

use std::{fs::File, io::SeekFrom, sync::Arc};

use object_store::{
    ObjectStore, ObjectStoreExt, WriteMultipart, aws::AmazonS3Builder, path::Path as Location,
    prefix::PrefixStore,
};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use url::Url;

use super::{BlobError, key};

/// How much is read and sent at a time; also the size of a part.
const PART: usize = 8 << 20;

/// Opens `s3://bucket/prefix`; keys, region and endpoint come from `AWS_…` variables.
pub(super) fn open(url: &Url) -> Result<Arc<dyn ObjectStore>, BlobError> {
    crate::tls::install_provider();
    let bucket = url
        .host_str()
        .ok_or_else(|| BlobError::other(format!("“{url}” names no bucket")))?;
    let store = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .build()?;
    let prefix = url.path().trim_matches('/');
    if prefix.is_empty() {
        Ok(Arc::new(store))
    } else {
        Ok(Arc::new(PrefixStore::new(
            store,
            Location::parse(prefix).map_err(BlobError::other)?,
        )))
    }
}

/// Sends the file in parts, and completes it only if it is what its SHA-256 says.
pub(super) async fn put_file(
    store: &dyn ObjectStore,
    key: &str,
    file: File,
    sha256_hex: &str,
) -> Result<(), BlobError> {
    let location = key::location(key)?;
    let mut file = tokio::fs::File::from_std(file);
    file.seek(SeekFrom::Start(0)).await?;
    let mut upload =
        WriteMultipart::new_with_chunk_size(store.put_multipart(&location).await?, PART);
    match send(&mut file, &mut upload).await {
        Ok(hash) if hash == sha256_hex => {
            upload.finish().await?;
            Ok(())
        }
        outcome => {
            upload.abort().await?;
            outcome?;
            Err(BlobError::other(
                "the file is not the one its SHA-256 names",
            ))
        }
    }
}

async fn send(
    file: &mut tokio::fs::File,
    upload: &mut WriteMultipart,
) -> Result<String, BlobError> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 256 << 10];
    loop {
        let read = file.read(&mut chunk).await?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(&chunk[..read]);
        // At most two parts under way, so that a large file takes little memory.
        upload.wait_for_capacity(2).await?;
        upload.write(&chunk[..read]);
    }
}
