"""Who leads, who follows, where reads and writes go."""

from panels import BLUE, GREEN, RED, graph, number, row, states, steps

BOARD = {
    "title": "4 Routing and replication",
    "description": "Who leads PostgreSQL, how far the replicas are, and where the router sends reads and writes.",
    "panels": [
        row("Roles"),
        number("How many leaders are there?", "Exactly one is right. Runbooks NoLeader and MoreThanOneLeader.", "none", "sum(patroni_primary) or vector(0)", steps(), words={0: ("none", RED), 1: ("one", GREEN), 2: ("two", RED)}, width=6),
        number("How many replicas stream?", "Every node but the leader should. Runbook ReplicaMissing.", "none", "sum(patroni_postgres_streaming) or vector(0)", steps(warn=2, bad=1, falling=True), width=6),
        number("Which timeline is the cluster on?", "Rises by one with every change of leader.", "none", "max(patroni_postgres_timeline)", width=6),
        number("Is automatic failover on?", "Paused means that nobody takes over when the leader is lost: patronictl resume.", "none", "max(patroni_is_paused)", steps(bad=1), words={0: ("on", GREEN), 1: ("paused", RED)}, width=6),
        states("Who led when?", "Blue led, green followed. A gap is a node that did not answer.", [("patroni_primary", "{{node}}")], {0: ("replica", GREEN), 1: ("leader", BLUE)}),
        states("Which nodes does the router use?", "What the routers think of each node: up or not.", [("min by (node) (pdf_compare_db_node_up)", "{{node}}")], {0: ("down", RED), 1: ("up", GREEN)}),
        row("Lag"),
        graph("How far behind are replicas in time?", "As the router sees it. The router stops reading from a replica above DATABASE_MAX_LAG_MS; alert ReplicationLag at 30 s.", "s",
              [("max by (node) (pdf_compare_db_replica_lag_seconds)", "{{node}}")], steps(warn=5, bad=30)),
        graph("How far behind are replicas in bytes?", "Write-ahead log the leader has written and the replica has not replayed. Alert at 64 MiB.", "bytes",
              [("max by (node) (pdf_compare_db_replica_lag_bytes)", "{{node}}")], steps(warn=16777216, bad=67108864)),
        graph("How much log does the leader keep for replicas?", "A replica that is away makes the leader keep its log: up to max_slot_wal_keep_size, then the replica must be made anew.", "bytes",
              [("pg_replication_slots_pg_wal_lsn_diff", "{{node}} for {{slot_name}}")], steps(warn=1e9, bad=6e9)),
        graph("How fast is the log written?", "Bytes of write-ahead log per second, by node that leads.", "Bps", [("rate(patroni_xlog_location[$__rate_interval])", "{{node}}")]),
        row("Routing"),
        graph("Where do reads go?", "Reads per second by target and reason. Fresh and caught up: a replica had the data. Waited: the replica was waited for. Stale: it was too far behind. No replica: none was healthy.", "ops",
              [("sum by (target, reason) (rate(pdf_compare_db_reads_total[$__rate_interval]))", "{{target}}: {{reason}}")], stacked=True),
        graph("What share of reads do replicas serve?", "The rest loads the leader. Near 0 with healthy replicas: look at the lag and at the reasons.", "percentunit",
              [('sum(rate(pdf_compare_db_reads_total{target="replica"}[$__rate_interval])) / sum(rate(pdf_compare_db_reads_total[$__rate_interval]))', "replicas")], steps(warn=0.5, bad=0.2, falling=True), top=1),
        graph("How do writes end?", "Writes per second by outcome. Anything but success while a leader changes is normal for seconds, not for minutes.", "ops", [("sum by (outcome) (rate(pdf_compare_db_writes_total[$__rate_interval]))", "{{outcome}}")]),
        graph("How long do database operations take?", "The ten operations whose 95 of 100 calls take the longest, waiting for a connection included.", "s",
              [("topk(10, histogram_quantile(0.95, sum by (operation, le) (rate(pdf_compare_db_operation_duration_seconds_bucket[$__rate_interval]))))", "{{operation}}")], steps(warn=0.2, bad=1)),
    ],
}
