//! Which write this is, so that one whose answer was lost is not done twice.

use uuid::Uuid;

tokio::task_local! {
    static KEY: Option<Uuid>;
}

/// Runs a future whose write has this name.
pub async fn scope<F: Future>(key: Option<Uuid>, future: F) -> F::Output {
    KEY.scope(key, future).await
}

/// The name of the write under way: its caller's, else a new one.
pub fn current() -> Uuid {
    KEY.try_with(|key| *key)
        .ok()
        .flatten()
        .unwrap_or_else(Uuid::new_v4)
}
