//! The words of two documents compared.
