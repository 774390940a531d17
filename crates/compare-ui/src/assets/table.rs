//! The files, one by one: what is not here is not served.

use super::File;

macro_rules! file {
    ($folder:literal, $name:literal) => {
        File {
            name: $name,
            bytes: include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), $folder, $name)),
        }
    };
}

/// Styles, scripts and pictures.
pub(super) const FILES: &[File] = &[
    file!("/assets/", "css/base.css"),
    file!("/assets/", "css/pages.css"),
    file!("/assets/", "css/viewer.css"),
    file!("/assets/", "icon.svg"),
    file!("/assets/", "js/api.js"),
    file!("/assets/", "js/compare.js"),
    file!("/assets/", "js/comparisons.js"),
    file!("/assets/", "js/document.js"),
    file!("/assets/", "js/dom.js"),
    file!("/assets/", "js/hits.js"),
    file!("/assets/", "js/library/card.js"),
    file!("/assets/", "js/library/main.js"),
    file!("/assets/", "js/library/uploads.js"),
    file!("/assets/", "js/search.js"),
    file!("/assets/", "js/settings.js"),
    file!("/assets/", "js/theme.js"),
    file!("/assets/", "js/topology.js"),
    file!("/assets/", "js/trace.js"),
    file!("/assets/", "js/viewer/address.js"),
    file!("/assets/", "js/viewer/camera.js"),
    file!("/assets/", "js/viewer/filter.js"),
    file!("/assets/", "js/viewer/ignore.js"),
    file!("/assets/", "js/viewer/images.js"),
    file!("/assets/", "js/viewer/input.js"),
    file!("/assets/", "js/viewer/keys.js"),
    file!("/assets/", "js/viewer/layout.js"),
    file!("/assets/", "js/viewer/list.js"),
    file!("/assets/", "js/viewer/live.js"),
    file!("/assets/", "js/viewer/main.js"),
    file!("/assets/", "js/viewer/map.js"),
    file!("/assets/", "js/viewer/marks.js"),
    file!("/assets/", "js/viewer/model.js"),
    file!("/assets/", "js/viewer/notes.js"),
    file!("/assets/", "js/viewer/painter.js"),
    file!("/assets/", "js/viewer/preview.js"),
    file!("/assets/", "js/viewer/reviews.js"),
    file!("/assets/", "js/viewer/share.js"),
    file!("/assets/", "js/viewer/stage.js"),
];

/// Pairs to try the service with.
pub(super) const SAMPLES: &[File] = &[
    file!("/../../samples/", "contract-a.pdf"),
    file!("/../../samples/", "contract-b.pdf"),
    file!("/../../samples/", "paper-a.pdf"),
    file!("/../../samples/", "paper-b.pdf"),
    file!("/../../samples/", "schematic-a.pdf"),
    file!("/../../samples/", "schematic-b.pdf"),
];
