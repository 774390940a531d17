//! The compare-ui service.

fn main() {}
