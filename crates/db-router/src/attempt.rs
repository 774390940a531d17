//! Which write this is, so that one whose answer was lost is not done twice.

use uuid::Uuid;

/// A try of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Names the write; the same in every try.
    pub key: Uuid,
    /// Which try, from 1.
    pub number: u32,
}

tokio::task_local! {
    static ATTEMPT: Option<Attempt>;
}

/// Runs a future whose write is this one.
pub async fn scope<F: Future>(attempt: Option<Attempt>, future: F) -> F::Output {
    ATTEMPT.scope(attempt, future).await
}

/// The write under way, where its caller named it; else a new one.
pub fn current() -> Attempt {
    ATTEMPT
        .try_with(|attempt| *attempt)
        .ok()
        .flatten()
        .unwrap_or_else(|| Attempt {
            key: Uuid::new_v4(),
            number: 1,
        })
}
