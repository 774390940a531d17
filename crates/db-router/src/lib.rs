//! The only service that knows SQL: schema, queries, job queue, routing.
