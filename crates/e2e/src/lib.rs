//! End-to-end tests: in a real browser, and of the services as real processes.
