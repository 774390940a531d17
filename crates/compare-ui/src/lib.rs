//! The browser application and the comparing workers.

mod assets;
mod pages;

pub use pages::Settings as PageSettings;

/// Adds the pages of the application at the root, and their files.
pub fn configure(settings: PageSettings) -> impl FnOnce(&mut actix_web::web::ServiceConfig) {
    move |config| pages::configure(settings, config)
}
