//! What is kept, as operations: types, the Store trait, its HTTP client.
