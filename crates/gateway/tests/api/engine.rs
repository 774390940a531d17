//! What is asked of an ingest service over HTTP, and what its answers mean.

use actix_web::{HttpRequest, HttpResponse, web};
use futures::TryStreamExt;
use gateway::{
    Engine, EngineError, ExportFormat, ExportRequest, ExportSource, HttpEngine, RenderRequest,
};
use service::client::Client;
use service::http::{Running, Server};
use service::problem::Problem;
use service::shutdown::Signal;

/// Answers with what it was asked; problems by the page's number.
fn ingest() -> Running {
    async fn render(
        request: HttpRequest,
        path: web::Path<(String, u16)>,
    ) -> Result<HttpResponse, Problem> {
        match path.1 {
            1 => Ok(HttpResponse::Ok()
                .content_type("image/webp")
                .body(request.uri().to_string())),
            2 => Ok(HttpResponse::Ok()
                .content_type("text/html")
                .body("<script>")),
            status => Err(Problem::new(status, "some", "Some problem").detail("It is so.")),
        }
    }
    async fn export(request: HttpRequest, body: web::Bytes) -> HttpResponse {
        let body = std::str::from_utf8(&body).unwrap().to_owned();
        HttpResponse::Ok().body(format!("{} {body}", request.uri()))
    }
    Server::new("ingest", "127.0.0.1:0")
        .workers(1)
        .start(
            |config| {
                config
                    .route("/render/{sha256}/{page}", web::get().to(render))
                    .route("/export/{format}", web::post().to(export));
            },
            &Signal::new(),
        )
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_are_asked_for_and_passed_on() {
    let running = ingest();
    let engine = HttpEngine::new(Client::new(&running.url()).unwrap());
    let ask = |page, region| RenderRequest {
        sha256: "ab".to_owned(),
        page,
        scale: 1.5,
        region,
    };
    let image = engine.render(ask(1, None)).await.unwrap();
    assert_eq!(image.content_type, "image/webp");
    assert_eq!(image.bytes, "/render/ab/1?scale=1.5");
    let part = engine
        .render(ask(1, Some([0.0, 1.0, 2.5, 3.0])))
        .await
        .unwrap();
    assert_eq!(part.bytes, "/render/ab/1?scale=1.5&x0=0&y0=1&x1=2.5&y1=3");
    let no_picture = engine.render(ask(2, None)).await.unwrap();
    assert_eq!(no_picture.content_type, "application/octet-stream");

    let fails = |page| {
        let answer = engine.render(ask(page, None));
        async move { answer.await.unwrap_err() }
    };
    assert!(matches!(fails(404).await, EngineError::NotFound(_)));
    assert_eq!(
        fails(422).await,
        EngineError::Unreadable("It is so.".to_owned())
    );
    assert!(matches!(fails(503).await, EngineError::Unavailable(_)));
    assert!(matches!(fails(500).await, EngineError::Broken(_)));
    running.stop().await.unwrap();
    assert!(matches!(fails(1).await, EngineError::Unavailable(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_are_asked_for_and_passed_on() {
    let running = ingest();
    let engine = HttpEngine::new(Client::new(&running.url()).unwrap());
    let source = ExportSource {
        report_blob: "r".to_owned(),
        old_sha256: "a".to_owned(),
        new_sha256: "b".to_owned(),
        only_changes: Some(vec![1, 2]),
    };
    let format = ExportFormat::Html;
    let export = engine
        .export(ExportRequest { format, source })
        .await
        .unwrap();
    assert_eq!(export.content_type, "text/html; charset=utf-8");
    let body: Vec<_> = export.body.try_collect().await.unwrap();
    assert_eq!(
        body.concat(),
        br#"/export/html {"report_blob":"r","old_sha256":"a","new_sha256":"b","only_changes":[1,2]}"#
    );
    running.stop().await.unwrap();
}
