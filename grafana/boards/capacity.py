"""How many more users fit, and what runs out first."""

from panels import bars, graph, number, row, steps

DISK = '{fstype!~"tmpfs|ramfs|overlay|squashfs|iso9660|fuse.*"}'

BOARD = {
    "title": "8 Capacity",
    "description": "How many more users fit, what runs out first, and when.",
    "from": "now-7d",
    "panels": [
        row("How many more fit?"),
        number("How many times today's load would fit?", "The scarcest of processor, memory, client places and database connections decides: 2 means twice as many users at the same behaviour.", "none",
               'min(label_replace(0.8 / clamp_min(1 - avg(rate(node_cpu_seconds_total{mode="idle"}[10m])), 0.01), "what", "processor", "", "") or label_replace(0.9 / clamp_min(max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes), 0.01), "what", "memory", "", "") or label_replace(0.9 / clamp_min(max(pgbouncer_used_clients / pgbouncer_config_max_client_connections), 0.01), "what", "clients", "", "") or label_replace(0.9 / clamp_min(max(sum by (node) (pg_stat_database_numbackends) / on (node) pg_settings_max_connections), 0.01), "what", "connections", "", ""))',
               steps(warn=2, bad=1.2, falling=True), width=6, height=8),
        bars("What runs out first?", "Share in use of each thing that has an end. The longest bar is the next bottleneck.", "percentunit",
             [('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[10m]))', "processor"),
              ("max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)", "memory"),
              (f"max(1 - node_filesystem_avail_bytes{DISK} / node_filesystem_size_bytes)", "disk"),
              ("max(pgbouncer_used_clients / pgbouncer_config_max_client_connections)", "clients of PgBouncer"),
              ("max(sum by (node) (pg_stat_database_numbackends) / on (node) pg_settings_max_connections)", "connections of PostgreSQL")],
             steps(warn=0.7, bad=0.9), width=12, top=1),
        number("When is the disk full?", "At the rate of the last day. No value: it is not filling.", "s",
               f"min(node_filesystem_avail_bytes{DISK} / (-deriv(node_filesystem_avail_bytes{DISK}[1d]) > 0))", steps(warn=14 * 86400, bad=2 * 86400, falling=True), width=6, height=8),
        row("Load and power"),
        graph("How many users are there, and how many sessions fit an instance?", "Sessions in all and per instance of the user interface. Compare with the response times of the overview before scaling.", "none",
              [("max(pdf_compare_sessions)", "sessions"), ('max(pdf_compare_sessions) / count(up{job="pdf-compare-ui"} == 1)', "per instance")]),
        graph("How busy are the job workers?", "Seconds of work per second and kind: near the number of workers (instances times COMPARE_WORKERS or INGEST_WORKERS) means that all are busy.", "none",
              [("sum by (kind) (rate(pdf_compare_job_duration_seconds_sum[$__rate_interval]))", "{{kind}}")]),
        graph("Is the processor kept waiting for?", "Share of time in which something waited for processor, memory or disk. Above a quarter for long: the machine is too small.", "percentunit",
              [("rate(node_pressure_cpu_waiting_seconds_total[$__rate_interval])", "processor"), ("rate(node_pressure_memory_waiting_seconds_total[$__rate_interval])", "memory"), ("rate(node_pressure_io_waiting_seconds_total[$__rate_interval])", "disk")],
              steps(warn=0.25, bad=0.6)),
        graph("How many instances run?", "By service. Prometheus follows --scale by itself.", "none", [('count by (job) (up{job=~"pdf-compare-ui|gateway|ingest|db-router"} == 1)', "{{job}}")]),
        row("Space"),
        graph("How much room do PDFs take?", "Originals and page pictures in the blob store.", "bytes", [("max(pdf_compare_blob_bytes)", "bytes")]),
        graph("How many files are in the blob store?", "Every upload is kept once, however often it comes.", "none", [("max(pdf_compare_blobs)", "files")]),
        graph("How does the database grow?", "Size of the database at the leader.", "bytes", [('max(pg_database_size_bytes{datname="pdfcompare"})', "database")]),
        graph("How much disk is left?", "By disk. Alert DiskFilling a day before it is full.", "bytes", [(f"min by (device) (node_filesystem_avail_bytes{DISK})", "{{device}}")], steps(warn=20e9, bad=5e9, falling=True)),
        graph("How large are the figures themselves?", "Disk used by Prometheus; PROMETHEUS_RETENTION and PROMETHEUS_RETENTION_SIZE bound it.", "bytes", [("prometheus_tsdb_storage_blocks_bytes", "blocks")], steps(warn=4e9, bad=5e9)),
        graph("How many series are watched?", "Time series Prometheus holds. A jump means that a label holds an unbounded value.", "none", [("prometheus_tsdb_head_series", "series")], steps(warn=50000, bad=200000)),
    ],
}
