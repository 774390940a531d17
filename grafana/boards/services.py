"""Each service: requests, errors, durations, processes."""

from panels import graph, number, row, steps, table

BOARD = {
    "title": "2 Services",
    "description": "Requests, errors, durations and processes of the user interface, the gateway, ingest and the router.",
    "panels": [
        row("Instances"),
        number("How many user interfaces answer?", "Instances of pdf-compare-ui, found by name. They also do the comparing.", "none", 'count(up{job="pdf-compare-ui"} == 1) or vector(0)', steps(warn=2, bad=1, falling=True), width=6),
        number("How many gateways answer?", "Instances of the public API.", "none", 'count(up{job="gateway"} == 1) or vector(0)', steps(bad=1, falling=True), width=6),
        number("How many ingest instances answer?", "Instances that read PDFs.", "none", 'count(up{job="ingest"} == 1) or vector(0)', steps(bad=1, falling=True), width=6),
        number("How many routers answer?", "Instances of db-router, the only service that talks to the database.", "none", 'count(up{job="db-router"} == 1) or vector(0)', steps(bad=1, falling=True), width=6),
        row("Requests"),
        graph("How many requests does each service take?", "All requests, calls between services included.", "reqps", [("sum by (service) (rate(pdf_compare_http_requests_total[$__rate_interval]))", "{{service}}")]),
        graph("Where do server errors come from?", "Answers with a 5xx status by service and route. 503 means overload or a lost database, anything else is a fault.", "reqps",
              [('sum by (service, route, status) (rate(pdf_compare_http_requests_total{status=~"5.."}[$__rate_interval]))', "{{service}} {{route}} {{status}}")], steps(warn=0.1, bad=1)),
        graph("Which requests do callers get wrong?", "Answers with a 4xx status. 429 is the limit per session or address, 413 an upload that is too large, 401 and 403 missing rights.", "reqps",
              [('sum by (service, status) (rate(pdf_compare_http_requests_total{status=~"4.."}[$__rate_interval]))', "{{service}} {{status}}")]),
        graph("How many requests are being answered?", "Requests begun and not ended. A line that only rises is a service that no longer answers.", "none",
              [("sum by (service) (pdf_compare_http_requests_in_flight)", "{{service}}")], steps(warn=200, bad=1000)),
        row("Durations"),
        graph("How long does each service take?", "95 of 100 requests of a service are answered within this time, event streams left out.", "s",
              [('histogram_quantile(0.95, sum by (service, le) (rate(pdf_compare_http_request_duration_seconds_bucket{route!~".*/events"}[$__rate_interval])))', "{{service}}")], steps(warn=0.5, bad=1)),
        graph("Which routes are the slowest?", "The ten routes whose 95 of 100 requests take the longest.", "s",
              [('topk(10, histogram_quantile(0.95, sum by (service, method, route, le) (rate(pdf_compare_http_request_duration_seconds_bucket{route!~".*/events"}[$__rate_interval]))))', "{{service}} {{method}} {{route}}")], steps(warn=1, bad=5)),
        table("Which routes are used most?", "Requests per second over the last five minutes, the twenty busiest.", "reqps",
              "topk(20, sum by (service, method, route) (rate(pdf_compare_http_requests_total[5m])))", height=9),
        row("Caches and processes"),
        graph("What share of look-ups do caches answer?", "Hits of all look-ups by cache. A cache that never hits costs memory for nothing.", "percentunit",
              [('sum by (cache) (rate(pdf_compare_cache_requests_total{result="hit"}[$__rate_interval])) / sum by (cache) (rate(pdf_compare_cache_requests_total[$__rate_interval]))', "{{cache}}")], top=1),
        graph("How much processor time does each service use?", "Cores in use by all instances of a service, without the PDF workers they start.", "none",
              [('sum by (job) (rate(process_cpu_seconds_total{job=~"pdf-compare-ui|gateway|ingest|db-router"}[$__rate_interval]))', "{{job}}")]),
        graph("How much memory does each instance use?", "Resident memory. The limits are in docker-compose-scaled.yml; at the limit the instance is ended and started again.", "bytes",
              [('process_resident_memory_bytes{job=~"pdf-compare-ui|gateway|ingest|db-router"}', "{{job}} {{instance}}")], steps(warn=400e6, bad=1.5e9)),
        graph("How many files does each instance hold open?", "Open files and connections. A line that only rises is a leak.", "none",
              [('process_open_fds{job=~"pdf-compare-ui|gateway|ingest|db-router"}', "{{job}} {{instance}}")], steps(warn=1000, bad=5000)),
    ],
}
