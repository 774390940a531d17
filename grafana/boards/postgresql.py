"""The PostgreSQL nodes from inside."""

from panels import GREEN, RED, graph, number, row, states, steps

DB = '{datname="pdfcompare"}'

BOARD = {
    "title": "6 PostgreSQL",
    "description": "Each PostgreSQL node: connections, transactions, cache, locks, size.",
    "panels": [
        states("Which nodes answered when?", "What the exporter of each node sees.", [("pg_up", "{{node}}")], {0: ("down", RED), 1: ("up", GREEN)}, width=12, height=6),
        number("How large is the database?", "Without the PDFs, which are in the blob store.", "bytes", f"max(pg_database_size_bytes{DB})", width=6, height=6),
        number("How long does the oldest transaction run?", "A transaction that never ends keeps PostgreSQL from cleaning up.", "s",
               "max(pg_stat_activity_max_tx_duration{datname=\"pdfcompare\"})", steps(warn=60, bad=600), width=6, height=6),
        row("Work"),
        graph("How many transactions end well?", "Commits per second by node.", "ops", [(f"rate(pg_stat_database_xact_commit{DB}[$__rate_interval])", "{{node}}")]),
        graph("How many transactions are rolled back?", "Rollbacks per second by node; a steady share is a fault in a service.", "ops", [(f"rate(pg_stat_database_xact_rollback{DB}[$__rate_interval])", "{{node}}")], steps(warn=1, bad=10)),
        graph("How many rows are read?", "Rows fetched per second by node: shows how reads are spread.", "ops", [(f"rate(pg_stat_database_tup_fetched{DB}[$__rate_interval])", "{{node}}")]),
        graph("How many rows are written?", "Rows inserted, changed and deleted per second at the leader.", "ops",
              [(f"sum(rate(pg_stat_database_tup_inserted{DB}[$__rate_interval]) and on (node) pg_replication_is_replica == 0)", "inserted"),
               (f"sum(rate(pg_stat_database_tup_updated{DB}[$__rate_interval]) and on (node) pg_replication_is_replica == 0)", "changed"),
               (f"sum(rate(pg_stat_database_tup_deleted{DB}[$__rate_interval]) and on (node) pg_replication_is_replica == 0)", "deleted")]),
        row("Resources"),
        graph("How many connections are open?", "By node, of max_connections (200).", "none", [("sum by (node) (pg_stat_database_numbackends)", "{{node}}")], steps(warn=140, bad=180)),
        graph("What are the connections doing?", "By node and state. Many \"idle in transaction\" is a fault in a service.", "none", [('sum by (node, state) (pg_stat_activity_count{datname="pdfcompare"}) > 0', "{{node}} {{state}}")]),
        graph("Does the working set fit into memory?", "Share of blocks found in PostgreSQL's own cache. Below 95 % for long: raise POSTGRES_SHARED_BUFFERS.", "percentunit",
              [(f"rate(pg_stat_database_blks_hit{DB}[$__rate_interval]) / (rate(pg_stat_database_blks_hit{DB}[$__rate_interval]) + rate(pg_stat_database_blks_read{DB}[$__rate_interval]) > 0)", "{{node}}")],
              steps(warn=0.95, bad=0.8, falling=True), top=1),
        graph("Do queries spill to disk?", "Bytes of temporary files per second: sorts that did not fit into work_mem.", "Bps", [(f"rate(pg_stat_database_temp_bytes{DB}[$__rate_interval])", "{{node}}")], steps(warn=10e6, bad=100e6)),
        row("Trouble"),
        graph("Are there deadlocks?", "Per hour by node. Any is a fault in a service; PostgreSQL ends one of the two.", "none", [(f"increase(pg_stat_database_deadlocks{DB}[1h])", "{{node}}")], steps(warn=1, bad=10)),
        graph("Which locks are held?", "Locks by node and mode; accessexclusivelock blocks everybody else.", "none", [('sum by (node, mode) (pg_locks_count{datname="pdfcompare"}) > 0', "{{node}} {{mode}}")]),
        graph("Are reads on replicas cancelled?", "Conflicts with replay per hour: a long read on a replica stood in the way of replication.", "none", [("increase(pg_stat_database_conflicts{datname=\"pdfcompare\"}[1h])", "{{node}}")], steps(warn=1, bad=50)),
        graph("How large is the write-ahead log?", "On disk, by node. It grows while a replica is away.", "bytes", [("pg_wal_size_bytes", "{{node}}")], steps(warn=3e9, bad=8e9)),
    ],
}
