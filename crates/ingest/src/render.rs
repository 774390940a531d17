//! Pictures of pages and of regions of them.

use std::time::Duration;

use bytes::Bytes;
use image_webp::{ColorType, WebPEncoder};
use model::{Raster, Rect};
use moka::future::Cache;
use service::telemetry;

use crate::{Error, Ingest};

/// Longer than this nobody waits for a turn.
const TURN: Duration = Duration::from_secs(20);

/// Which picture.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderRequest {
    /// SHA-256 of the file's bytes.
    pub sha256: String,
    /// From 1.
    pub page: u32,
    /// Pixels per point.
    pub scale: f32,
    /// `[x0, y0, x1, y1]` in points from the top-left corner of the page;
    /// `None` for the whole page.
    pub region: Option<[f32; 4]>,
}

/// A picture.
#[derive(Clone, Debug)]
pub struct Image {
    /// The encoded picture.
    pub bytes: Bytes,
    /// Its media type.
    pub content_type: &'static str,
}

/// Pictures made lately, by what was asked for.
pub(crate) type Images = Cache<String, Bytes>;

/// A cache of `capacity` bytes.
pub(crate) fn images(capacity: u64) -> Images {
    Cache::builder()
        .max_capacity(capacity)
        .weigher(|key: &String, image: &Bytes| (key.len() + image.len()) as u32)
        .build()
}

impl RenderRequest {
    fn check(&self) -> Result<(), Error> {
        let sound = self.scale.is_finite() && (0.01..=64.0).contains(&self.scale);
        let region = self.region.is_none_or(|[x0, y0, x1, y1]| {
            [x0, y0, x1, y1].iter().all(|v| v.is_finite()) && x0 < x1 && y0 < y1
        });
        if self.page == 0 || !sound || !region {
            return Err(Error::Invalid(
                "Ask for a page from 1, a scale from 0.01 to 64 and a region that is not empty."
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn key(&self) -> String {
        format!(
            "{}/{}/{}/{:?}",
            self.sha256, self.page, self.scale, self.region
        )
    }
}

impl Ingest {
    /// Renders a page or a region of it as WebP without loss.
    pub async fn render(&self, request: RenderRequest) -> Result<Image, Error> {
        request.check()?;
        let key = request.key();
        if let Some(bytes) = self.images.get(&key).await {
            count("hit");
            return Ok(webp(bytes));
        }
        count("miss");
        // Asked for several times at once, it is made once.
        let made = self.images.try_get_with(key, self.picture(request)).await;
        made.map(webp).map_err(|e| match &*e {
            Error::NotFound(what) => Error::NotFound(what),
            Error::Invalid(why) => Error::Invalid(why.clone()),
            Error::Unreadable(why) => Error::Unreadable(why.clone()),
            Error::Busy => Error::Busy,
            Error::Broken(why) => Error::Broken(why.clone()),
        })
    }

    async fn picture(&self, request: RenderRequest) -> Result<Bytes, Error> {
        let _turn = tokio::time::timeout(TURN, self.rendering.acquire())
            .await
            .map_err(|_| Error::Busy)?;
        let session = self.files.open(&request.sha256).await?;
        if request.page > session.info().page_count {
            return Err(Error::NotFound("page"));
        }
        let sha256 = request.sha256.clone();
        let result = telemetry::blocking(move || {
            let region = request
                .region
                .map(|[x0, y0, x1, y1]| Rect::new(x0, y0, x1, y1));
            let raster = session.render(request.page, request.scale, region);
            match raster {
                Ok(raster) => encode(&raster),
                Err(why) => Err(Error::Unreadable(format!("Page {} {why}.", request.page))),
            }
        })
        .await
        .map_err(|e| Error::Broken(e.to_string()))?;
        match &result {
            Ok(_) => metrics::counter!("pdf_compare_pages_total", "stage" => "render").increment(1),
            Err(_) => self.files.close(&sha256).await,
        }
        result
    }
}

fn encode(raster: &Raster) -> Result<Bytes, Error> {
    let mut out = Vec::new();
    WebPEncoder::new(&mut out)
        .encode(&raster.rgb, raster.width, raster.height, ColorType::Rgb8)
        .map_err(|e| Error::Broken(e.to_string()))?;
    Ok(out.into())
}

fn webp(bytes: Bytes) -> Image {
    Image {
        bytes,
        content_type: "image/webp",
    }
}

fn count(result: &'static str) {
    metrics::counter!("pdf_compare_cache_requests_total", "cache" => "images", "result" => result)
        .increment(1);
}
