//! Files and passwords in.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::trouble::Trouble;

/// A file in memory.
#[derive(Clone)]
pub(crate) struct Input {
    /// As the user named it.
    pub shown: String,
    /// Name without folders, for reports.
    pub name: String,
    /// The bytes.
    pub bytes: Arc<[u8]>,
}

/// Whether `path` stands for standard input or output.
pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a file of `limit` bytes at most; `-` is standard input.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Input, Trouble> {
    if is_dash(path) {
        let shown = "standard input".to_owned();
        let bytes = read_all(io::stdin().lock(), 0, limit, &shown)?;
        return Ok(Input {
            name: shown.clone(),
            shown,
            bytes,
        });
    }
    let shown = path.display().to_string();
    let trouble = |e| Trouble::io(&shown, "cannot be read", e);
    let file = File::open(path).map_err(trouble)?;
    let metadata = file.metadata().map_err(trouble)?;
    if metadata.is_dir() {
        return Err(Trouble::new(
            Some(&shown),
            "is a folder",
            "compare two files or two folders",
        ));
    }
    // The size is a hint only: a pipe has none, and a file may grow.
    let bytes = read_all(file, metadata.len(), limit, &shown)?;
    let name = path
        .file_name()
        .map_or_else(|| shown.clone(), |n| n.to_string_lossy().into_owned());
    Ok(Input { shown, name, bytes })
}

fn read_all(from: impl Read, size: u64, limit: u64, shown: &str) -> Result<Arc<[u8]>, Trouble> {
    let too_large = || {
        Trouble::new(
            Some(shown),
            format!("is larger than {} MiB", limit >> 20),
            "raise --max-file if you trust it",
        )
    };
    if size > limit {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(size as usize)
        .map_err(|_| too_large())?;
    from.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|e| Trouble::io(shown, "cannot be read", e))?;
    if bytes.len() as u64 > limit {
        return Err(too_large());
    }
    if bytes.is_empty() {
        return Err(Trouble::new(
            Some(shown),
            "is empty",
            "check that it was written or downloaded completely",
        ));
    }
    Ok(bytes.into())
}

/// The password given directly, or the first line of a file.
pub(crate) fn password(
    given: Option<&String>,
    file: Option<&Path>,
) -> Result<Option<String>, Trouble> {
    let Some(path) = file else {
        return Ok(given.cloned());
    };
    let shown = path.display().to_string();
    let mut text = String::new();
    File::open(path)
        .and_then(|file| file.take(1 << 16).read_to_string(&mut text))
        .map_err(|e| Trouble::io(&shown, "cannot be read", e))?;
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}
