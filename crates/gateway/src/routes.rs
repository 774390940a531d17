//! The routes, once: what is mounted, described and tested is made from one
//! table, so that none can be forgotten in any of them.

mod about;
mod comparisons;
mod documents;
mod jobs;
mod operator;
mod pages;
mod params;
mod reports;
mod reviews;
mod search;
mod session;
mod shares;
mod tokens;
mod uploads;

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use service::problem::Problem;
use utoipa::OpenApi;

/// Who is served by a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// The owner of a workspace, by session or token.
    Owner,
    /// The owner by session: not by token.
    Session,
    /// The owner, or who has a share link to it: by `X-Share`, or below
    /// `SHARED`.
    Viewer,
    /// Who has a share link.
    Link,
    /// Who has the operator's token.
    Operator,
}

/// A route of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// `get`, `post`, `put`, `patch` or `delete`.
    pub method: &'static str,
    /// Path below [`crate::BASE`], parts that vary in braces.
    pub path: &'static str,
    /// Who is served.
    pub access: Access,
}

/// Where the routes of [`Access::Viewer`] are found for a share link, for what
/// cannot send a header (pictures).
pub const SHARED: &str = "/shared/{secret}";

macro_rules! routes {
    ($( $path:literal { $( $method:ident $module:ident::$handler:ident $access:ident; )+ } )+) => {
        /// Every route, in the order of the documentation.
        pub const ROUTES: &[Route] = &[ $( $( Route {
            method: stringify!($method),
            path: $path,
            access: Access::$access,
        }, )+ )+ ];

        /// Mounts every route.
        pub(crate) fn mount(config: &mut ServiceConfig) {
            $(
                config.service(
                    web::resource($path)
                        $( .route(web::$method().to($module::$handler)) )+
                        .default_service(web::to(wrong_method)),
                );
                $( routes!(@shared config $path $method $module $handler $access); )+
            )+
        }

        /// What utoipa knows of them.
        #[derive(OpenApi)]
        #[openapi(
            paths($( $( $module::$handler, )+ )+),
            components(schemas(crate::bodies::ProblemBody)),
        )]
        pub(crate) struct Paths;
    };
    (@shared $config:ident $path:literal $method:ident $module:ident $handler:ident Viewer) => {
        $config.service(
            web::resource(concat!("/shared/{secret}", $path))
                .route(web::$method().to($module::$handler))
                .default_service(web::to(wrong_method)),
        );
    };
    (@shared $($other:tt)*) => {};
}

routes! {
    "/session" {
        get session::session Public;
        delete session::end Session;
    }
    "/documents" {
        post uploads::upload Owner;
        get documents::list Owner;
    }
    "/documents/{id}" {
        get documents::get Owner;
        patch documents::change Owner;
        delete documents::delete Owner;
    }
    "/documents/{id}/restore" {
        post documents::restore Owner;
    }
    "/documents/{id}/file" {
        get documents::file Owner;
    }
    "/documents/{id}/pages" {
        get pages::sizes Viewer;
    }
    "/documents/{id}/pages/{page}" {
        get pages::words Viewer;
    }
    "/documents/{id}/pages/{page}/image" {
        get pages::image Viewer;
    }
    "/search" {
        get search::search Owner;
    }
    "/comparisons" {
        post comparisons::create Owner;
        get comparisons::list Owner;
    }
    "/comparisons/{id}" {
        get comparisons::get Viewer;
        delete comparisons::delete Owner;
    }
    "/comparisons/{id}/restore" {
        post comparisons::restore Owner;
    }
    "/comparisons/{id}/report.{format}" {
        get reports::report Viewer;
    }
    "/comparisons/{id}/reviews" {
        get reviews::list Viewer;
    }
    "/comparisons/{id}/reviews/{change}" {
        put reviews::set Owner;
    }
    "/comparisons/{id}/shares" {
        post shares::create Owner;
        get shares::list Owner;
    }
    "/shares/{id}" {
        delete shares::delete Owner;
    }
    "/shared/{secret}" {
        get comparisons::shared Link;
    }
    "/jobs/{id}" {
        get jobs::get Owner;
    }
    "/jobs/{id}/cancel" {
        post jobs::cancel Owner;
    }
    "/jobs/{id}/retry" {
        post jobs::retry Owner;
    }
    "/jobs/{id}/events" {
        get jobs::events Owner;
    }
    "/events" {
        get jobs::all_events Owner;
    }
    "/tokens" {
        post tokens::create Session;
        get tokens::list Session;
    }
    "/tokens/{id}" {
        delete tokens::delete Session;
    }
    "/limits" {
        get about::limits Public;
    }
    "/openapi.json" {
        get about::description Public;
    }
    "/docs" {
        get about::docs Public;
    }
    "/topology" {
        get operator::topology Operator;
    }
}

async fn wrong_method() -> Result<HttpResponse, Problem> {
    Err(Problem::of_status(405))
}
