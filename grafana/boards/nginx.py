"""The front door. Status codes and durations come from the services: stub_status has none."""

from panels import GREEN, RED, graph, number, row, steps

BOARD = {
    "title": "7 Nginx",
    "description": "Connections and requests at the front door, and what the services behind it answer.",
    "panels": [
        number("Does nginx answer?", "Without it nobody reaches the service. Runbook ServiceDown.", "none", "nginx_up", steps(bad=1, falling=True), words={0: ("no", RED), 1: ("yes", GREEN)}, width=6),
        number("How many connections are open?", "Browsers keep connections open between requests.", "none", "nginx_connections_active", steps(warn=3000, bad=8000), width=6),
        number("How many requests come per second?", "Over the last minute, health checks included.", "reqps", "rate(nginx_http_requests_total[1m])", width=6),
        number("Were connections dropped in the last hour?", "Accepted but not handled: nginx ran out of connections.", "none", "increase(nginx_connections_accepted[1h]) - increase(nginx_connections_handled[1h])", steps(bad=1), width=6),
        row("Connections"),
        graph("What are connections doing?", "Reading a request, writing an answer (event streams count here), or waiting for the next request.", "none",
              [("nginx_connections_reading", "reading"), ("nginx_connections_writing", "writing"), ("nginx_connections_waiting", "waiting")], steps(warn=3000, bad=8000), stacked=True),
        graph("How many connections are made?", "New connections per second. Many more than requests: clients that do not reuse them.", "cps", [("rate(nginx_connections_accepted[$__rate_interval])", "accepted"), ("rate(nginx_connections_handled[$__rate_interval])", "handled")]),
        row("Requests"),
        graph("How many requests pass?", "Requests at nginx, and those the services behind it saw. The difference is what nginx answers itself: cached page pictures, limits, health.", "reqps",
              [("rate(nginx_http_requests_total[$__rate_interval])", "nginx"), ('sum(rate(pdf_compare_http_requests_total{service=~"(pdf-)?compare-ui|gateway",route!~"/(health|ready|metrics)"}[$__rate_interval]))', "services")]),
        graph("What do the services answer?", "By first digit of the status: 2 done, 3 elsewhere or unchanged, 4 the caller's mistake, 5 ours.", "reqps",
              [(f'sum(rate(pdf_compare_http_requests_total{{service=~"(pdf-)?compare-ui|gateway",route!~"/(health|ready|metrics)",status=~"{digit}.."}}[$__rate_interval]))', f"{digit}xx") for digit in (2, 3, 4, 5)]),
    ],
}
