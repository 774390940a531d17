"""The queue, the jobs and the processes that read PDFs."""

from panels import graph, number, row, steps

BOARD = {
    "title": "3 PDF work",
    "description": "Uploads, the queue, reading and comparing documents, and the jailed worker processes.",
    "panels": [
        row("The queue"),
        number("How many jobs wait?", "Nobody has taken them yet.", "none", 'sum(max by (kind) (pdf_compare_jobs{state="queued"}))', steps(warn=50, bad=500)),
        number("How many jobs run?", "Taken by an instance and not ended yet.", "none", 'sum(max by (kind) (pdf_compare_jobs{state="running"}))'),
        number("How many jobs are set aside?", "Given up after several tries; their owners see the reason.", "none", 'sum(max by (kind) (pdf_compare_jobs{state="failed"}))', steps(warn=10)),
        number("How old is the oldest waiting job?", "Alert JobQueueOld at five minutes.", "s", "max(pdf_compare_jobs_oldest_age_seconds)", steps(warn=60, bad=300)),
        number("How many jobs are done a minute?", "Documents read and comparisons made, over the last five minutes.", "none", 'sum(rate(pdf_compare_job_duration_seconds_count{outcome="done"}[5m])) * 60'),
        number("What share of jobs fails?", "Failed of all that ended, over the last hour. Hostile and broken files are part of life; a jump after a release is not.", "percentunit",
               '(sum(rate(pdf_compare_job_duration_seconds_count{outcome="failed"}[1h])) or vector(0)) / sum(rate(pdf_compare_job_duration_seconds_count[1h]))', steps(warn=0.05, bad=0.2)),
        graph("Does the queue grow?", "Waiting and running jobs by kind. Growing for long: scale pdf-compare-ui (comparisons) or ingest (reading).", "none",
              [("max by (kind, state) (pdf_compare_jobs)", "{{kind}} {{state}}")], steps(warn=50, bad=500)),
        graph("How long has the oldest job waited?", "Age of the oldest waiting job by kind.", "s", [("max by (kind) (pdf_compare_jobs_oldest_age_seconds)", "{{kind}}")], steps(warn=60, bad=300)),
        row("Jobs"),
        graph("How do jobs end?", "Per second by kind and outcome. Retried: a lease ran out or a worker died, and another instance took over.", "ops",
              [("sum by (kind, outcome) (rate(pdf_compare_job_duration_seconds_count[$__rate_interval]))", "{{kind}} {{outcome}}")]),
        graph("How long does a job take?", "Half, and 95 of 100, of the jobs that succeeded.", "s",
              [('histogram_quantile(0.5, sum by (kind, le) (rate(pdf_compare_job_duration_seconds_bucket{outcome="done"}[$__rate_interval])))', "{{kind}} half"),
               ('histogram_quantile(0.95, sum by (kind, le) (rate(pdf_compare_job_duration_seconds_bucket{outcome="done"}[$__rate_interval])))', "{{kind}} 95 of 100")], steps(warn=30, bad=120)),
        graph("Why do jobs fail?", "Failures by kind and reason.", "ops", [("sum by (kind, reason) (rate(pdf_compare_job_failures_total[$__rate_interval]))", "{{kind}} {{reason}}")], steps(warn=0.1, bad=1)),
        graph("How many pages are worked on?", "Pages per second by stage: extracted, rendered, compared.", "ops", [("sum by (stage) (rate(pdf_compare_pages_total[$__rate_interval]))", "{{stage}}")]),
        row("Workers"),
        graph("Why are PDF workers killed?", "Worker processes ended by a limit (time, cpu, memory), by a crash, or for nonsense answers. Alert PdfWorkerKillStorm at 20 in ten minutes.", "none",
              [("sum by (cause) (increase(pdf_compare_worker_kills_total[10m]))", "{{cause}}")], steps(warn=5, bad=20)),
        graph("Which service loses workers?", "Kills per minute by service and instance: one instance alone points to its machine, all of them to a file or a release.", "none",
              [("sum by (job, instance) (rate(pdf_compare_worker_kills_total[$__rate_interval])) * 60", "{{job}} {{instance}}")], steps(warn=1, bad=5)),
        row("Uploads"),
        graph("How do uploads end?", "Uploads per second by outcome. Refused ones are too large, no PDF, or over a quota.", "ops", [("sum by (outcome) (rate(pdf_compare_uploads_total[$__rate_interval]))", "{{outcome}}")]),
        graph("How much is uploaded?", "Bytes of PDF per second that came in.", "Bps", [("sum(rate(pdf_compare_upload_bytes_total[$__rate_interval]))", "uploaded")]),
    ],
}
