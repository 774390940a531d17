//! How often somebody may ask.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};
use service::problem::Problem;
use store::WorkspaceId;

use crate::settings::Limits;

/// Checks between two clearings of those who have not asked for a while.
const CLEARING: u32 = 10_000;

/// All rates, per workspace (session or token) and per address.
pub struct Rates {
    /// Requests of a workspace.
    pub requests: Rate<WorkspaceId>,
    /// Uploads of a workspace.
    pub uploads: Rate<WorkspaceId>,
    /// Requests of an address.
    pub address_requests: Rate<IpAddr>,
    /// Uploads of an address.
    pub address_uploads: Rate<IpAddr>,
    /// New sessions of an address.
    pub address_sessions: Rate<IpAddr>,
}

impl Rates {
    /// As the settings say.
    pub fn new(limits: &Limits) -> Self {
        Self {
            requests: Rate::new("requests", limits.requests),
            uploads: Rate::new("uploads", limits.uploads),
            address_requests: Rate::new("requests from your address", limits.address_requests),
            address_uploads: Rate::new("uploads from your address", limits.address_uploads),
            address_sessions: Rate::new("new sessions from your address", limits.address_sessions),
        }
    }
}

/// One rate, kept for each of many.
pub struct Rate<K: Hash + Eq + Clone> {
    /// What is counted, for people.
    what: &'static str,
    per_minute: u32,
    limiter: Option<DefaultKeyedRateLimiter<K>>,
    checks: AtomicU32,
    clock: DefaultClock,
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(what: &'static str, per_minute: u32) -> Self {
        Self {
            what,
            per_minute,
            limiter: NonZeroU32::new(per_minute)
                .map(|rate| DefaultKeyedRateLimiter::keyed(Quota::per_minute(rate))),
            checks: AtomicU32::new(0),
            clock: DefaultClock::default(),
        }
    }

    /// Counts one; too many is a problem that says when to come back.
    pub fn check(&self, key: &K) -> Result<(), Problem> {
        let Some(limiter) = &self.limiter else {
            return Ok(());
        };
        if self.checks.fetch_add(1, Ordering::Relaxed) % CLEARING == CLEARING - 1 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
        limiter.check_key(key).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Problem::too_many_requests(wait.as_secs().saturating_add(1)).detail(format!(
                "At most {} {} a minute are served; try again a little later.",
                self.per_minute, self.what
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_counted_alone_and_none_is_no_limit() {
        let rate: Rate<u8> = Rate::new("requests", 2);
        assert!(rate.check(&1).is_ok());
        assert!(rate.check(&1).is_ok());
        let problem = rate.check(&1).unwrap_err();
        assert_eq!(problem.status, 429);
        assert!((1..=60).contains(&problem.retry_after_s.unwrap()));
        assert!(rate.check(&2).is_ok());

        let open: Rate<u8> = Rate::new("requests", 0);
        assert!((0..100).all(|_| open.check(&1).is_ok()));
    }
}
