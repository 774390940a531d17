//! The db-router service.

fn main() {}
