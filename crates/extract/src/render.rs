//! Page to pixels.

use hayro::hayro_interpret::{InterpreterSettings, TransformExt};
use hayro::hayro_syntax::page::Page as HayroPage;
use hayro::kurbo::Affine;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use model::{Raster, Rect};

use crate::{Error, limits};

/// Renders `page` on white at `scale` pixels per point, or the part of it
/// inside `region`.
pub(crate) fn page<'a>(
    page: &'a HayroPage<'a>,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
    scale: f32,
    region: Option<Rect>,
) -> Result<Raster, Error> {
    let (page_width, page_height) = page.render_dimensions();
    let whole = Rect::new(0.0, 0.0, page_width, page_height);
    let (width, height) = (page_width, page_height);
    if !(width.is_finite() && height.is_finite()) || width.max(height) > limits::PAGE_SIDE {
        return Err(Error::TooLarge(format!(
            "the page measures {width:.0} × {height:.0} points; it is not rendered"
        )));
    }
    let region = region
        .and_then(|r| r.is_finite().then_some(r))
        .unwrap_or(whole);
    let Some(region) = region.intersection(&whole) else {
        return Err(Error::TooLarge("the region lies outside the page".into()));
    };
    let side = |points: f32| (points * scale).round().max(1.0);
    let (across, down) = (side(region.width()), side(region.height()));
    if !(across <= limits::RENDER_SIDE && down <= limits::RENDER_SIDE)
        || across as u64 * down as u64 > limits::RENDER_PIXELS
    {
        return Err(Error::TooLarge(format!(
            "the page measures {width:.0} × {height:.0} points and would be {across:.0} × {down:.0} pixels; render it at a lower resolution"
        )));
    }
    let mut context = RenderContext::new(across as u16, down as u16);
    let transform = Affine::translate((
        -f64::from(region.x0) * f64::from(scale),
        -f64::from(region.y0) * f64::from(scale),
    )) * Affine::scale(f64::from(scale))
        * page.initial_transform(true).to_kurbo();
    render_into(
        page,
        cache,
        settings,
        &RenderSettings::default(),
        &mut context,
        transform,
    );
    context.flush();
    let mut pixmap = Pixmap::new(context.width(), context.height());
    context.render_with(
        &mut pixmap,
        &mut Resources::default(),
        RasterizerSettings {
            target_init: TargetInit::Clear(WHITE),
            ..RasterizerSettings::default()
        },
    );
    let mut rgb = Vec::with_capacity(across as usize * down as usize * 3);
    for pixel in pixmap.data_as_u8_slice().chunks_exact(4) {
        rgb.extend_from_slice(&pixel[..3]);
    }
    Ok(Raster {
        width: across as u32,
        height: down as u32,
        rgb,
    })
}
