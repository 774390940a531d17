//! Operations and statements in traces: these with their text, which holds no data,
//! and where they ran.

use tracing::Span;

/// The span of an operation of the store; none where nobody records it.
pub(crate) fn operation(name: &str) -> Span {
    if !service::telemetry::is_recorded() {
        return Span::none();
    }
    tracing::debug_span!(target: "sql", "operation", otel.name = format!("store {name}"))
}

/// The span of a statement at a node; none where nobody records it.
pub(crate) fn statement(node: &str, sql: &str) -> Span {
    if !service::telemetry::is_recorded() {
        return Span::none();
    }
    let verb = sql.split(' ').next().unwrap_or_default();
    tracing::debug_span!(
        target: "sql",
        "statement",
        otel.name = format!("{verb} at {node}"),
        otel.kind = "client",
        db.system.name = "postgresql",
        db.namespace = node,
        db.query.text = sql,
    )
}
