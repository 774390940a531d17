//! The browser application and the comparing workers.
