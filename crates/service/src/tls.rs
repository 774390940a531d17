//! TLS for outgoing requests: *ring* as the provider, the system's roots.

use std::sync::Once;

/// Makes *ring* the process's provider of cryptography, once. Every HTTP client
/// needs one, also for plain `http`, or its construction panics.
pub(crate) fn install_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Refused only where the process has one already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
