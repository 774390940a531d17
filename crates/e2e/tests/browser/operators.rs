//! What operators see: the databases, and one trace for one errand.

use serde_json::json;

use crate::files::contracts;
use crate::page::Page;
use crate::running::OPERATOR;

/// What the API tells of a cluster whose second replica has been lost.
const NODES: &str = r#"[
  {"name":"node_a","role":"leader","up":true,"position":"3.900","lag":{"bytes":0,"ms":0},"connections":4,"idle":3,"read_from":false,"reads":10,"error":null},
  {"name":"node_b","role":"replica","up":true,"position":"3.400","lag":{"bytes":2048,"ms":350},"connections":2,"idle":2,"read_from":true,"reads":90,"error":null},
  {"name":"node_c","role":"unknown","up":false,"position":null,"lag":{"bytes":0,"ms":0},"connections":0,"idle":0,"read_from":false,"reads":0,"error":"no answer"}
]"#;

pub async fn the_databases_are_shown_to_who_has_the_token(page: Page) {
    // A service that runs already has a token of its own, and a cluster.
    let deployed = std::env::var_os("PDF_COMPARE_URL").is_some();
    let token = std::env::var("OPERATOR_TOKEN").unwrap_or_else(|_| OPERATOR.to_owned());
    let store = if deployed {
        "pdfcompare_replica_1"
    } else {
        "One embedded store, no replicas"
    };
    page.goto("/topology").await;
    page.write("#token", "not the token").await;
    page.click("#open button").await;
    page.says("#why", "not the operators' token").await;
    page.write("#token", &token).await;
    page.click("#open button").await;
    page.says("#nodes", store).await;
    page.until("document.querySelector('#open').hidden").await;
    // This tab remembers it, no other.
    page.goto("/topology").await;
    page.says("#nodes", store).await;

    // A cluster, as the API tells of one: asked for anew every two seconds.
    let answer = "window.fetch = async () => new Response(arguments[0], { headers: { 'content-type': 'application/json' } });";
    page.js(answer, vec![json!(NODES)]).await;
    page.says(
        "#sum",
        "node_a leads. 1 of 1 replica is read from. 1 node is out of order.",
    )
    .await;
    page.says("#nodes", "350 ms").await;
    page.says("#nodes", "2 KiB").await;
    page.says("#nodes .error", "no answer").await;
    page.until("document.querySelectorAll('#nodes tbody tr').length === 3")
        .await;
    page.until(
        "[...document.querySelectorAll('#nodes meter')].map((m) => m.value).join() === '0.1,0.9,0'",
    )
    .await;

    // What is shown stays when nobody answers, and says so.
    page.js(
        "window.fetch = async () => { throw new TypeError('away'); };",
        vec![],
    )
    .await;
    page.says("#stale", "What is shown is as it was").await;
    page.says("#nodes", "node_b").await;
}

pub async fn an_errand_is_one_trace_until_its_first_picture(page: Page) {
    page.library().await;
    // Kept where the next page finds it.
    page.js(
        "const keep = (value) => sessionStorage.setItem('seen', (sessionStorage.getItem('seen') ?? '') + value + ' '); \
         const plain = window.fetch; \
         window.fetch = (url, init) => { if (init?.method === 'POST') keep(init.headers.traceparent); return plain(url, init); }; \
         const set = XMLHttpRequest.prototype.setRequestHeader; \
         XMLHttpRequest.prototype.setRequestHeader = function (name, value) { if (name === 'traceparent') keep(value); return set.call(this, name, value); };",
        vec![],
    )
    .await;
    page.drop(&contracts(), "body").await;
    page.until("location.pathname.startsWith('/c/')").await;
    page.whole().await;
    page.until("sessionStorage.getItem('trace') === null").await;
    // Two uploads and a comparison: one trace, each a span of its own.
    let seen = page.value("sessionStorage.getItem('seen')").await;
    let seen: Vec<&str> = seen
        .as_str()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    assert_eq!(seen.len(), 3, "{seen:?}");
    for traceparent in &seen {
        let parts: Vec<&str> = traceparent.split('-').collect();
        assert_eq!(
            (parts.len(), parts[0], parts[3]),
            (4, "00", "01"),
            "{traceparent}"
        );
        assert_eq!(&traceparent[..35], &seen[0][..35], "{seen:?}");
        assert_eq!(parts[1].len(), 32);
    }
    assert_ne!(seen[0], seen[1]);
}
