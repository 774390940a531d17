//! Which page became which.
