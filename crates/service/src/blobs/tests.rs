use std::io::Write;

use sha2::{Digest, Sha256};

use super::*;

fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

async fn collect(stream: BoxStream<'static, Result<Bytes, BlobError>>) -> Vec<u8> {
    stream
        .try_fold(Vec::new(), |mut all, part| async move {
            all.extend_from_slice(&part);
            Ok(all)
        })
        .await
        .unwrap()
}

/// What every kind of store must do.
async fn behaves(blobs: &Blobs) {
    let bytes: Vec<u8> = (0..1_000_000u32).map(|n| (n % 251) as u8).collect();
    let hash = sha256(&bytes);
    let key = blobs.put_file(file_of(&bytes), &hash).await.unwrap();
    assert_eq!(key, original_key(&hash).unwrap());
    assert_eq!(blobs.get(&key).await.unwrap(), bytes);
    assert_eq!(blobs.size(&key).await.unwrap(), 1_000_000);
    let part = blobs.stream(&key, Some(10..2_000)).await.unwrap();
    assert_eq!(collect(part).await, bytes[10..2_000]);
    assert_eq!(
        collect(blobs.stream(&key, None).await.unwrap()).await,
        bytes
    );

    // Again is no error; other bytes under that name are one, and leave nothing.
    assert_eq!(blobs.put_file(file_of(&bytes), &hash).await.unwrap(), key);
    let other = sha256(b"other");
    assert!(blobs.put_file(file_of(b"another"), &other).await.is_err());
    assert!(!blobs.exists(&original_key(&other).unwrap()).await.unwrap());

    let derived = derived_key("report/1.json").unwrap();
    blobs
        .put(&derived, Bytes::from_static(b"one"))
        .await
        .unwrap();
    blobs
        .put(&derived, Bytes::from_static(b"two"))
        .await
        .unwrap();
    assert_eq!(blobs.get(&derived).await.unwrap(), "two");

    let mut all: Vec<BlobInfo> = blobs.list("").try_collect().await.unwrap();
    all.sort_by(|a, b| a.key.cmp(&b.key));
    let keys: Vec<&str> = all.iter().map(|info| info.key.as_str()).collect();
    assert_eq!(keys, [derived.as_str(), key.as_str()]);
    assert_eq!(all[1].bytes, 1_000_000);
    let below: Vec<BlobInfo> = blobs.list("sha256").try_collect().await.unwrap();
    assert_eq!(below.len(), 1);

    blobs.delete(&key).await.unwrap();
    blobs.delete(&key).await.unwrap();
    assert!(matches!(blobs.get(&key).await, Err(BlobError::NotFound(_))));
    assert!(matches!(
        blobs.stream(&key, None).await,
        Err(BlobError::NotFound(_))
    ));
    assert!(!blobs.exists(&key).await.unwrap());
    blobs.check().await.unwrap();
}

#[tokio::test]
async fn a_folder_behaves() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("made/when/absent");
    let url = url::Url::from_file_path(&root).unwrap();
    behaves(&Blobs::open(url.as_str()).unwrap()).await;
}

#[tokio::test]
async fn memory_behaves() {
    behaves(&Blobs::open("memory:").unwrap()).await;
}

#[tokio::test]
async fn an_original_put_again_counts_as_written_now() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::folder(folder.path()).unwrap();
    let file = || file_of(b"same");
    let hash = sha256(b"same");
    let key = blobs.put_file(file(), &hash).await.unwrap();
    let long_ago = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    std::fs::File::open(folder.path().join(&key))
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    blobs.put_file(file(), &hash).await.unwrap();
    let all: Vec<BlobInfo> = blobs.list("sha256").try_collect().await.unwrap();
    assert!(all[0].modified > long_ago);
}

#[tokio::test]
async fn files_left_half_written_are_not_listed_and_old_ones_removed() {
    let folder = tempfile::tempdir().unwrap();
    let url = url::Url::from_file_path(folder.path()).unwrap();
    let blobs = Blobs::open(url.as_str()).unwrap();
    let partial = folder.path().join(".partial");
    std::fs::write(partial.join("new"), b"x").unwrap();
    let old = std::fs::File::create(partial.join("old")).unwrap();
    old.set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert_eq!(blobs.list("").count().await, 0);

    Blobs::open(url.as_str()).unwrap();
    assert!(partial.join("new").exists(), "another may be writing it");
    assert!(!partial.join("old").exists());
    Blobs::folder(folder.path()).unwrap();
    assert!(!partial.join("new").exists(), "there is no other");
}

#[test]
fn a_full_disk_is_told_apart() {
    let full = || std::io::Error::from(std::io::ErrorKind::StorageFull);
    assert!(matches!(BlobError::from(full()), BlobError::Full));
    let nested = object_store::Error::Generic {
        store: "local",
        source: Box::new(full()),
    };
    assert!(matches!(BlobError::from(nested), BlobError::Full));
}

#[test]
fn unknown_stores_are_refused() {
    for url in ["ftp://host/x", "nonsense", "file:relative"] {
        assert!(Blobs::open(url).is_err(), "{url}");
    }
}
