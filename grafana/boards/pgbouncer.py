"""The connection pooler, and the routers' own pools before it."""

from panels import GREEN, RED, graph, number, row, steps

USERS = '{database!="pgbouncer"}'

BOARD = {
    "title": "5 PgBouncer",
    "description": "Connections from the services to PgBouncer and from PgBouncer to the PostgreSQL nodes.",
    "panels": [
        number("Does PgBouncer answer?", "Without it no service reaches the database. Runbook ServiceDown.", "none", "pgbouncer_up", steps(bad=1, falling=True), words={0: ("no", RED), 1: ("yes", GREEN)}, width=6),
        number("How many clients wait?", "Clients without a connection to a node. More than 0 for a minute: alert ConnectionPoolWaiting.", "none", f"sum(pgbouncer_pools_client_waiting_connections{USERS})", steps(warn=1, bad=10), width=6),
        number("How long has the first one waited?", "The oldest wait of all pools; after query_wait_timeout (10 s) the client gets an error.", "s", f"max(pgbouncer_pools_client_maxwait_seconds{USERS})", steps(warn=0.5, bad=1), width=6),
        number("What share of client places is taken?", "Connected clients of MAX_CLIENT_CONN. At 100 % new connections are refused.", "percentunit", "pgbouncer_used_clients / pgbouncer_config_max_client_connections", steps(warn=0.7, bad=0.9), width=6),
        row("Clients"),
        graph("Are clients served or do they wait?", "Client connections by database entry.", "none",
              [(f"sum by (database) (pgbouncer_pools_client_active_connections{USERS})", "{{database}} served"), (f"sum by (database) (pgbouncer_pools_client_waiting_connections{USERS})", "{{database}} waiting")], steps(warn=200, bad=900)),
        graph("How long do clients wait?", "Seconds waited per second by entry: 1 means that on average one client was waiting all the time.", "none",
              [(f"rate(pgbouncer_stats_client_wait_seconds_total{USERS}[$__rate_interval])", "{{database}}")], steps(warn=0.5, bad=5)),
        row("Servers"),
        graph("Are there free connections to the nodes?", "Connections to PostgreSQL by entry. All busy and none idle: the pool is the bottleneck.", "none",
              [(f"sum by (database) (pgbouncer_pools_server_active_connections{USERS})", "{{database}} busy"), (f"sum by (database) (pgbouncer_pools_server_idle_connections{USERS} + pgbouncer_pools_server_used_connections{USERS})", "{{database}} idle")]),
        graph("What share of each pool is used?", "Connections of the size of the pool (DEFAULT_POOL_SIZE).", "percentunit",
              [(f"max by (name) (pgbouncer_databases_current_connections{{name!=\"pgbouncer\"}} / pgbouncer_databases_pool_size{{name!=\"pgbouncer\"}})", "{{name}}")], steps(warn=0.8, bad=1)),
        row("Queries"),
        graph("How many queries pass?", "Queries per second by entry.", "ops", [(f"rate(pgbouncer_stats_queries_pooled_total{USERS}[$__rate_interval])", "{{database}}")]),
        graph("How long does a query take?", "Mean time of a query at the node, by entry.", "s",
              [(f"rate(pgbouncer_stats_queries_duration_seconds_total{USERS}[$__rate_interval]) / (rate(pgbouncer_stats_queries_pooled_total{USERS}[$__rate_interval]) > 0)", "{{database}}")], steps(warn=0.05, bad=0.5)),
        row("The routers' pools"),
        graph("Are the routers' connections busy?", "Connections that the routers hold, by node and state.", "none", [("sum by (node, state) (pdf_compare_db_pool_connections)", "{{node}} {{state}}")]),
        graph("How long do requests wait for a connection?", "95 of 100 waits for a connection of a router's pool. Alert ConnectionPoolWaiting at 0.5 s.", "s",
              [("histogram_quantile(0.95, sum by (node, le) (rate(pdf_compare_db_pool_wait_seconds_bucket[$__rate_interval])))", "{{node}}")], steps(warn=0.1, bad=0.5)),
    ],
}
