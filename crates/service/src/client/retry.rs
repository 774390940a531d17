//! When a call is tried again, and after how long.

use std::time::Duration;

use rand::Rng;
use reqwest::{Method, StatusCode, header};

/// Times a call is sent at most.
pub(super) const ATTEMPTS: u32 = 4;

const FIRST_PAUSE_MS: u64 = 50;
const LONGEST_PAUSE_MS: u64 = 2_000;

/// The pause before attempt `attempt + 1`: doubling, and random below that, so
/// that callers that failed together do not come back together.
pub(super) fn pause(attempt: u32) -> Duration {
    let ceiling = FIRST_PAUSE_MS
        .saturating_mul(1 << attempt.min(16))
        .min(LONGEST_PAUSE_MS);
    Duration::from_millis(rand::rng().random_range(ceiling / 2..=ceiling))
}

/// Whether doing it twice is doing it once.
pub(super) fn is_idempotent(method: &Method) -> bool {
    matches!(
        *method,
        Method::GET | Method::HEAD | Method::PUT | Method::DELETE | Method::OPTIONS
    )
}

/// Whether the answer says that the service, or what is behind it, is absent.
pub(super) fn is_transient(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT
    )
}

/// What the answer's `Retry-After` asks for.
pub(super) fn retry_after(response: &reqwest::Response) -> Option<Duration> {
    let seconds = response
        .headers()
        .get(header::RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim();
    seconds.parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for attempt in 0..40 {
            let longest = (FIRST_PAUSE_MS << attempt.min(16)).min(LONGEST_PAUSE_MS);
            let pause = pause(attempt).as_millis() as u64;
            assert!(
                (longest / 2..=longest).contains(&pause),
                "{attempt}: {pause}"
            );
        }
    }
}
