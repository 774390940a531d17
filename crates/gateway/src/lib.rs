//! The public API: sessions, access, quotas, uploads, progress.
