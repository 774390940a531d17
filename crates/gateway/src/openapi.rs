//! The description of the API, made from the routes.

mod page;

use std::sync::OnceLock;

use utoipa::OpenApi as _;
use utoipa::openapi::path::{HttpMethod, Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    Components, ContentBuilder, OpenApi, PathItem, Ref, RefOr, Required, Server, Type, schema,
};

use crate::access::{COOKIE, SHARE_HEADER};
use crate::routes::{Access, Paths, ROUTES, Route, SHARED};
use crate::{BASE, Error};

pub(crate) use page::Page;

const ABOUT: &str = "Upload PDF documents, compare revisions, search, look at pages.\n\n\
    A browser has a session: `GET /session` sets its cookie and tells the `csrf_token`, to be \
    sent as `X-CSRF-Token` with every request that changes anything. Scripts send a token as \
    `Authorization: Bearer …`.\n\n\
    Errors are problems as in RFC 9457. Lists are read with `cursor` until `next` is `null`. \
    A `POST` with an `Idempotency-Key` runs once, however often it is sent. Lengths are PDF \
    points from the top-left corner of a page as displayed, times milliseconds since 1970 (UTC).";

/// The description of the API.
pub fn document() -> OpenApi {
    let mut api = Paths::openapi();
    "PDF Compare".clone_into(&mut api.info.title);
    api.info.description = Some(ABOUT.to_owned());
    env!("CARGO_PKG_VERSION").clone_into(&mut api.info.version);
    api.info.license = None;
    api.info.contact = None;
    api.servers = Some(vec![Server::new(BASE)]);
    add_schemes(api.components.get_or_insert_default());
    for route in ROUTES {
        if let Some(operation) = operation(&mut api.paths.paths, route) {
            complete(operation, route);
        }
    }
    add_shared(&mut api);
    api
}

/// The description as JSON.
pub(crate) fn json() -> Result<&'static str, Error> {
    static JSON: OnceLock<Option<String>> = OnceLock::new();
    JSON.get_or_init(|| document().to_pretty_json().ok())
        .as_deref()
        .ok_or_else(|| Error::Broken("the description cannot be written".to_owned()))
}

/// The description as a page.
pub(crate) fn page() -> &'static Page {
    static PAGE: OnceLock<Page> = OnceLock::new();
    PAGE.get_or_init(|| page::make(&document()))
}

fn add_schemes(components: &mut Components) {
    let header = |name: &str, what: &str| {
        SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(name, what)))
    };
    let cookie = ApiKeyValue::with_description(COOKIE, "A browser's session");
    for (name, scheme) in [
        ("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie))),
        (
            "csrf",
            header(
                "X-CSRF-Token",
                "`csrf_token` of the session, for what changes anything",
            ),
        ),
        (
            "token",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        ),
        ("share", header(SHARE_HEADER, "The secret of a share link")),
        (
            "operator",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        ),
    ] {
        components.add_security_scheme(name, scheme);
    }
}

fn operation<'a>(
    paths: &'a mut std::collections::BTreeMap<String, PathItem>,
    route: &Route,
) -> Option<&'a mut Operation> {
    let item = paths.get_mut(route.path)?;
    match route.method {
        "get" => item.get.as_mut(),
        "post" => item.post.as_mut(),
        "put" => item.put.as_mut(),
        "patch" => item.patch.as_mut(),
        "delete" => item.delete.as_mut(),
        _ => None,
    }
}

/// Adds what follows from the route: who may ask, what errors look like.
fn complete(operation: &mut Operation, route: &Route) {
    let nothing = <[String; 0]>::default;
    let mut session = SecurityRequirement::new("session", nothing());
    if route.method != "get" {
        session = session.add("csrf", nothing());
    }
    let token = SecurityRequirement::new("token", nothing());
    operation.security = Some(match route.access {
        Access::Public | Access::Link => Vec::new(),
        Access::Session => vec![session],
        Access::Owner => vec![session, token],
        Access::Viewer => vec![session, token, SecurityRequirement::new("share", nothing())],
        Access::Operator => vec![SecurityRequirement::new("operator", nothing())],
    });
    let name = route.path.trim_matches('/').replace(['/', '.'], "_");
    let name: String = name.chars().filter(|c| !matches!(c, '{' | '}')).collect();
    operation.operation_id = Some(format!("{}_{name}", route.method));
    if route.method == "post" {
        let key = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(
                "Any text of up to 255 characters, new for every request",
            ))
            .schema(Some(schema::Object::with_type(Type::String)))
            .build();
        operation.parameters.get_or_insert_default().push(key);
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && response.description.is_empty()
        {
            "Done".clone_into(&mut response.description);
        }
    }
    operation
        .responses
        .responses
        .insert("default".to_owned(), RefOr::T(problem()));
}

fn problem() -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description("A problem")
        .content(
            service::problem::CONTENT_TYPE,
            ContentBuilder::new().schema(Some(schema)).build(),
        )
        .build()
}

/// Describes the routes of a share link, which mirror those of its owner.
fn add_shared(api: &mut OpenApi) {
    for route in ROUTES.iter().filter(|route| route.access == Access::Viewer) {
        let Some(mut operation) = operation(&mut api.paths.paths, route).cloned() else {
            continue;
        };
        operation.security = Some(Vec::new());
        operation.tags = Some(vec!["shares".to_owned()]);
        operation.operation_id = operation.operation_id.map(|name| format!("shared_{name}"));
        let secret = ParameterBuilder::new()
            .name("secret")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The secret of the link `/s/{secret}`"))
            .schema(Some(schema::Object::with_type(Type::String)))
            .build();
        operation
            .parameters
            .get_or_insert_default()
            .insert(0, secret);
        let item = PathItem::new(HttpMethod::Get, operation);
        api.paths
            .paths
            .insert(format!("{SHARED}{}", route.path), item);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_that_is_mounted_is_described_and_nothing_else() {
        let api = document();
        let described: BTreeSet<(String, String)> = api
            .paths
            .paths
            .iter()
            .flat_map(|(path, item)| {
                [
                    ("get", &item.get),
                    ("post", &item.post),
                    ("put", &item.put),
                    ("patch", &item.patch),
                    ("delete", &item.delete),
                ]
                .into_iter()
                .filter(|(_, operation)| operation.is_some())
                .map(|(method, _)| (method.to_owned(), path.clone()))
                .collect::<Vec<_>>()
            })
            .collect();
        let mounted: BTreeSet<(String, String)> = ROUTES
            .iter()
            .flat_map(|route| {
                let own = Some(route.path.to_owned());
                let shared =
                    (route.access == Access::Viewer).then(|| format!("{SHARED}{}", route.path));
                own.into_iter()
                    .chain(shared)
                    .map(|path| (route.method.to_owned(), path))
                    .collect::<Vec<_>>()
            })
            .collect();
        assert_eq!(described, mounted);
    }

    #[test]
    fn every_part_of_a_path_is_described() {
        let json: serde_json::Value = serde_json::from_str(json().unwrap()).unwrap();
        for (path, item) in json["paths"].as_object().unwrap() {
            let parts = path.split(['{', '}']).skip(1).step_by(2);
            let parts: BTreeSet<&str> = parts.collect();
            for (method, operation) in item.as_object().unwrap() {
                let parameters = operation["parameters"].as_array();
                let described: BTreeSet<&str> = parameters
                    .into_iter()
                    .flatten()
                    .filter(|parameter| parameter["in"] == "path")
                    .map(|parameter| parameter["name"].as_str().unwrap())
                    .collect();
                assert_eq!(described, parts, "{method} {path}");
            }
        }
    }

    #[test]
    fn names_of_operations_are_unique() {
        let json: serde_json::Value = serde_json::from_str(json().unwrap()).unwrap();
        let mut names = BTreeSet::new();
        for item in json["paths"].as_object().unwrap().values() {
            for operation in item.as_object().unwrap().values() {
                let name = operation["operationId"].as_str().unwrap().to_owned();
                assert!(names.insert(name.clone()), "{name} twice");
            }
        }
    }

    #[test]
    fn the_description_is_as_published() {
        insta::assert_snapshot!(json().unwrap());
    }
}
