//! Pages: sizes, words, pictures.

use serde_json::json;

use crate::bench::{Bench, problem};

#[tokio::test(flavor = "multi_thread")]
async fn pages_have_sizes_and_words() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let id = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let pages = format!("/documents/{id}/pages");
    assert_eq!(browser.json(&pages).await["sizes"], json!([]));
    bench.read_next(&["valve"]).await;
    assert_eq!(browser.json(&pages).await["sizes"], json!([[595.0, 842.0]]));
    let words = browser.json(&format!("{pages}/1")).await;
    assert_eq!(words["words"][0]["text"], "valve");
    assert_eq!(words["words"][0]["box"], json!([10.0, 0.0, 50.0, 12.0]));
    for path in ["0", "2", "x", "-1", "99999999999"] {
        problem(
            browser.get(&format!("{pages}/{path}")).await,
            404,
            "not-found",
        )
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_by_the_browser_for_good() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let id = browser.upload("a.pdf", "%PDF-1.7 a").await;
    let path = format!("/documents/{id}/pages/1/image?scale=2&region=0,0,100,50.5");
    // The document is still being read.
    let picture = browser.get(&path).await;
    assert_eq!(picture.status(), 200);
    assert_eq!(picture.headers()["content-type"], "image/webp");
    let cache = picture.headers()["cache-control"].to_str().unwrap();
    assert_eq!(cache, "private, max-age=31536000, immutable");
    let tag = picture.headers()["etag"].clone();
    assert_eq!(picture.text().await.unwrap(), "a picture");
    let asked = bench.engine.rendered.lock().unwrap().clone();
    assert_eq!(asked.len(), 1);
    assert_eq!((asked[0].page, asked[0].scale), (1, 2.0));
    assert_eq!(asked[0].region, Some([0.0, 0.0, 100.0, 50.5]));
    let ask = browser
        .ask("get", &path)
        .header("if-none-match", tag.clone());
    assert_eq!(ask.send().await.unwrap().status(), 304);
    assert_eq!(
        bench.engine.rendered.lock().unwrap().len(),
        1,
        "not drawn again"
    );
    // Nobody learns from it what another has.
    let other = bench.browser().await;
    let ask = other.ask("get", &path).header("if-none-match", tag);
    problem(ask.send().await.unwrap(), 404, "not-found").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_stays_within_bounds() {
    let bench = Bench::new();
    let browser = bench.browser().await;
    let id = browser.upload("a.pdf", "%PDF-1.7 a").await;
    bench.read_next(&["valve"]).await;
    let image = format!("/documents/{id}/pages/1/image");
    assert_eq!(
        browser.get(&format!("{image}?scale=64")).await.status(),
        200
    );
    let scale = bench.engine.rendered.lock().unwrap()[0].scale;
    assert!((5.0..6.0).contains(&scale), "16 megapixels of A4: {scale}");
    for wrong in [
        "scale=0",
        "scale=65",
        "scale=x",
        "region=1,2,3",
        "region=5,5,1,1",
    ] {
        problem(
            browser.get(&format!("{image}?{wrong}")).await,
            400,
            "bad-request",
        )
        .await;
    }
    for page in ["0", "2"] {
        let path = format!("/documents/{id}/pages/{page}/image");
        problem(browser.get(&path).await, 404, "not-found").await;
    }
    assert_eq!(bench.engine.rendered.lock().unwrap().len(), 1);
}
