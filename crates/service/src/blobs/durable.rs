//! Writing into a local folder so that a file is whole and on the disk, or absent.
//!
//! A file is written beside the others under a name of its own, synced, renamed
//! into place, and the folder that now names it is synced as well.

use std::{
    fs::{self, File},
    io::{self, Read, Seek, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tempfile::{Builder, NamedTempFile};
use tokio::task::spawn_blocking;

use super::BlobError;

/// Where files are written before they have their name; on the same volume.
const PARTIAL: &str = ".partial";
/// A partial file this old belongs to a writer that is no more, wherever it ran.
pub(super) const ABANDONED: Duration = Duration::from_hours(24);
const CHUNK: usize = 256 << 10;

/// Whether a listed name is that of a file being written.
pub(super) fn is_partial(key: &str) -> bool {
    key.starts_with(PARTIAL)
}

/// A local folder of blobs.
#[derive(Debug, Clone)]
pub(super) struct Folder(Arc<PathBuf>);

impl Folder {
    /// Makes the folder if it is absent, and removes what dead writers left in it:
    /// partial files older than `abandoned`.
    pub fn open(root: &Path, abandoned: Duration) -> Result<Self, BlobError> {
        let partial = root.join(PARTIAL);
        fs::create_dir_all(&partial)?;
        sync_folder(root)?;
        let now = SystemTime::now();
        for entry in fs::read_dir(&partial)? {
            let entry = entry?;
            let age = entry
                .metadata()
                .and_then(|meta| meta.modified())
                .map(|modified| now.duration_since(modified).unwrap_or_default());
            // Another instance may have finished or removed it meanwhile.
            if age.is_ok_and(|age| age >= abandoned) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(Self(Arc::new(root.to_owned())))
    }

    pub async fn put_file(&self, key: &str, mut from: File, sha256: &str) -> Result<(), BlobError> {
        let (folder, key) = (self.clone(), key.to_owned());
        let sha256 = sha256.to_owned();
        blocking(move || {
            let target = folder.0.join(&key);
            if is_there(&target, from.metadata()?.len())? {
                return Ok(());
            }
            from.rewind()?;
            folder.write(&target, |file| {
                if copy(&mut from, file)? == sha256 {
                    Ok(())
                } else {
                    Err(BlobError::other(
                        "the file is not the one its SHA-256 names",
                    ))
                }
            })
        })
        .await
    }

    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        let (folder, key) = (self.clone(), key.to_owned());
        blocking(move || folder.write(&folder.0.join(&key), |file| Ok(file.write_all(&bytes)?)))
            .await
    }

    /// Whether a file can be made here.
    pub async fn check(&self) -> Result<(), BlobError> {
        let folder = self.clone();
        blocking(move || folder.partial().map(drop)).await
    }

    /// A file without a name yet; readable by whom the umask lets, as any other.
    fn partial(&self) -> Result<NamedTempFile, BlobError> {
        let readable = fs::Permissions::from_mode(0o644);
        Ok(Builder::new()
            .permissions(readable)
            .tempfile_in(self.0.join(PARTIAL))?)
    }

    fn write(
        &self,
        target: &Path,
        fill: impl FnOnce(&mut File) -> Result<(), BlobError>,
    ) -> Result<(), BlobError> {
        let mut partial = self.partial()?;
        fill(partial.as_file_mut())?;
        partial.as_file().sync_all()?;
        let parent = target.parent().unwrap_or(&self.0);
        self.make_folders(parent)?;
        partial.persist(target).map_err(|error| error.error)?;
        Ok(sync_folder(parent)?)
    }

    /// Makes the folders between the root and `folder`, each named durably.
    fn make_folders(&self, folder: &Path) -> io::Result<()> {
        if folder == self.0.as_path() || folder.is_dir() {
            return Ok(());
        }
        let Some(parent) = folder.parent() else {
            return Ok(());
        };
        self.make_folders(parent)?;
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        sync_folder(parent)
    }
}

/// Whether the file is there already, whole. It then counts as written now: what
/// collects old files that nobody refers to must spare one that is being used.
fn is_there(target: &Path, bytes: u64) -> io::Result<bool> {
    let file = match File::open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    if file.metadata()?.len() != bytes {
        return Ok(false);
    }
    file.set_modified(SystemTime::now())?;
    file.sync_all()?;
    // Another writer may have renamed it this moment and not synced the folder.
    if let Some(parent) = target.parent() {
        sync_folder(parent)?;
    }
    Ok(true)
}

/// Copies all bytes; gives their SHA-256 in hexadecimal.
fn copy(from: &mut File, to: &mut File) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = from.read(&mut chunk)?;
        if read == 0 {
            return Ok(format!("{:x}", hash.finalize()));
        }
        hash.update(&chunk[..read]);
        to.write_all(&chunk[..read])?;
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BlobError> + Send + 'static,
) -> Result<T, BlobError> {
    spawn_blocking(work).await.map_err(BlobError::other)?
}
