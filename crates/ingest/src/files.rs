//! Files open in their workers, kept a while for the next picture.

use std::sync::Arc;
use std::time::Duration;

use engine::{Opener, Source};
use jail::Session;
use moka::future::Cache;
use service::blobs::Blobs;
use service::telemetry;

use crate::Error;

/// Files kept open. Each is a process with the file in it.
const OPEN: u64 = 6;
/// A file nobody asks for is closed after this long.
const IDLE: Duration = Duration::from_mins(1);
/// A worker's time is limited; it is replaced well before its end.
const AGE: Duration = Duration::from_mins(5);

/// Open files by the SHA-256 of their bytes.
#[derive(Clone)]
pub(crate) struct Files {
    blobs: Blobs,
    opener: Opener,
    open: Cache<String, Arc<Session>>,
}

impl Files {
    pub(crate) fn new(blobs: Blobs, opener: Opener) -> Self {
        Self {
            blobs,
            opener,
            open: Cache::builder()
                .max_capacity(OPEN)
                .time_to_idle(IDLE)
                .time_to_live(AGE)
                .build(),
        }
    }

    /// The file, open. Asked for several times at once, it is opened once.
    pub(crate) async fn open(&self, sha256: &str) -> Result<Arc<Session>, Error> {
        let opening = async {
            let source = self.source(sha256, String::new()).await?;
            let opener = self.opener.clone();
            let session = telemetry::blocking(move || opener.open(&source))
                .await
                .map_err(|e| Error::Broken(e.to_string()))?
                .map_err(|e| Error::Unreadable(format!("The file {e}.")))?;
            Ok(Arc::new(session))
        };
        self.open
            .try_get_with_by_ref(sha256, opening)
            .await
            .map_err(|e: Arc<Error>| match &*e {
                Error::NotFound(what) => Error::NotFound(what),
                Error::Unreadable(why) => Error::Unreadable(why.clone()),
                other => Error::Broken(other.to_string()),
            })
    }

    /// Forgets a file whose worker is beyond help.
    pub(crate) async fn close(&self, sha256: &str) {
        self.open.invalidate(sha256).await;
    }

    /// The bytes of a file.
    pub(crate) async fn source(&self, sha256: &str, name: String) -> Result<Source, Error> {
        let bytes = self
            .blobs
            .get(&service::blobs::original_key(sha256)?)
            .await?;
        Ok(Source {
            name,
            bytes: Arc::from(&bytes[..]),
            password: None,
        })
    }
}
