//! The data folder: one process at a time, nobody else's eyes.

use std::fmt::Write as _;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rand::TryRngCore;
use rustix::fs::{FlockOperation, flock};

use crate::trouble::Trouble;

/// An open data folder; no other process can open it until this is dropped.
pub(super) struct Data {
    folder: PathBuf,
    _lock: File,
}

impl Data {
    /// Opens `folder`, or the user's own, and makes it if it is absent.
    pub(super) fn open(folder: Option<&Path>) -> Result<Self, Trouble> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => default_folder()?,
        };
        let shown = folder.display().to_string();
        let trouble = |e| Trouble::io(&shown, "cannot be used", e);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .map_err(trouble)?;
        // Links and relative paths must mean the same wherever they are read.
        let folder = folder.canonicalize().map_err(trouble)?;
        let lock = private()
            .truncate(false)
            .open(folder.join("lock"))
            .map_err(trouble)?;
        if flock(&lock, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Err(Trouble::new(
                Some(&shown),
                "is in use by another pdf-compare serve",
                "stop that one, or choose another folder with --data",
            ));
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// Where rows are kept.
    pub(super) fn store(&self) -> PathBuf {
        self.folder.join("store.sqlite")
    }

    /// Where files are kept.
    pub(super) fn blobs(&self) -> PathBuf {
        self.folder.join("blobs")
    }

    /// The folder, for people.
    pub(super) fn shown(&self) -> String {
        self.folder.display().to_string()
    }

    /// The secret that signs cookies; made at the first start, so that sessions
    /// outlive the process.
    pub(super) fn session_secret(&self) -> Result<String, Trouble> {
        let path = self.folder.join("session-secret");
        let shown = path.display().to_string();
        secret(&path).map_err(|e| Trouble::io(&shown, "cannot be used", e))
    }
}

fn secret(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let mut file = private().truncate(false).read(true).open(path)?;
    file.read_to_string(&mut text)?;
    if !text.trim().is_empty() {
        return Ok(text.trim().to_owned());
    }
    let mut random = [0_u8; 32];
    rand::rngs::OsRng
        .try_fill_bytes(&mut random)
        .map_err(io::Error::other)?;
    let text = random.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(text)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true).mode(0o600);
    options
}

/// `pdf-compare` in the user's data folder (XDG base directories).
fn default_folder() -> Result<PathBuf, Trouble> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("XDG_DATA_HOME")
        .map(PathBuf::from)
        .or_else(|| set("HOME").map(|home| Path::new(&home).join(".local/share")))
        .map(|folder| folder.join("pdf-compare"))
        .ok_or_else(|| {
            Trouble::new(
                None,
                "there is no home folder to keep data in",
                "name a folder with --data",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_stays_and_is_nobody_elses() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let data = Data::open(Some(folder.path())).unwrap();
        let first = data.session_secret().unwrap();
        assert_eq!(first.len(), 64);
        assert_eq!(data.session_secret().unwrap(), first);
        let mode = std::fs::metadata(folder.path().join("session-secret"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0);
    }

    #[test]
    fn a_folder_serves_one_process() {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::open(Some(folder.path())).unwrap();
        let error = Data::open(Some(folder.path())).err().unwrap().to_string();
        assert!(error.contains("in use"), "{error}");
        drop(data);
        assert!(Data::open(Some(folder.path())).is_ok());
    }
}
