//! The browser application and the comparing workers.

mod assets;
mod pages;
mod program;
mod worker;

pub use pages::Settings as PageSettings;
pub use program::serve;
pub use worker::Comparer;

/// Adds the pages of the application at the root, and their files.
pub fn configure(settings: PageSettings) -> impl FnOnce(&mut actix_web::web::ServiceConfig) {
    move |config| pages::configure(settings, config)
}
