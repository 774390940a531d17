//! The description as a page to read: one HTML file without script, which loads
//! nothing.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use utoipa::openapi::OpenApi;

/// How it looks.
const STYLE: &str = include_str!("page.css");

/// A page and the policy under which it is served.
pub(crate) struct Page {
    /// The page.
    pub html: String,
    /// `Content-Security-Policy`: its own style and nothing else.
    pub policy: String,
}

/// Makes the page.
pub(super) fn make(api: &OpenApi) -> Page {
    let digest = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'"
    );
    let json = serde_json::to_value(api).unwrap_or_default();
    Page {
        html: html::document(&json, STYLE),
        policy,
    }
}

mod html {
    use std::fmt::Write as _;

    use serde_json::Value;

    /// The whole page.
    pub(super) fn document(api: &Value, style: &str) -> String {
        let mut page = String::with_capacity(64 << 10);
        let title = text(&api["info"]["title"]);
        let version = text(&api["info"]["version"]);
        let base = text(&api["servers"][0]["url"]);
        put(
            &mut page,
            format_args!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
                 <meta name=\"color-scheme\" content=\"light dark\">\
                 <title>{title} API</title><style>{style}</style></head><body><header>\
                 <h1>{title} API</h1><p>Version {version}, below <code>{base}</code>. \
                 For programs: <a href=\"openapi.json\">openapi.json</a>.</p>{}</header>",
                prose(&api["info"]["description"])
            ),
        );
        let tags = tags(api);
        page.push_str("<nav aria-label=\"Sections\"><ul>");
        for tag in tags.iter().map(String::as_str).chain(["schemas"]) {
            put(
                &mut page,
                format_args!("<li><a href=\"#{tag}\">{tag}</a></li>"),
            );
        }
        page.push_str("</ul></nav><main>");
        for tag in &tags {
            put(
                &mut page,
                format_args!("<section id=\"{tag}\"><h2>{tag}</h2>"),
            );
            for (path, method, operation) in operations(api) {
                if operation["tags"][0] == tag.as_str() {
                    self::operation(&mut page, path, method, operation);
                }
            }
            page.push_str("</section>");
        }
        schemas(&mut page, &api["components"]["schemas"]);
        page.push_str("</main></body></html>");
        page
    }

    /// Writing to a string cannot fail.
    fn put(page: &mut String, what: std::fmt::Arguments<'_>) {
        let _ = page.write_fmt(what);
    }

    fn operations(api: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = api["paths"].as_object().into_iter().flatten();
        paths.flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    fn tags(api: &Value) -> Vec<String> {
        let mut tags = Vec::new();
        for (_, _, operation) in operations(api) {
            let tag = text(&operation["tags"][0]);
            if !tag.is_empty() && !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags.sort_unstable();
        tags
    }

    fn operation(page: &mut String, path: &str, method: &str, operation: &Value) {
        let id = text(&operation["operationId"]);
        put(
            page,
            format_args!(
                "<article id=\"{id}\"><h3><a href=\"#{id}\"><b class=\"{method}\">{}</b> \
                 <code>{}</code></a></h3><p>{}</p>{}",
                method.to_uppercase(),
                escape(path),
                inline(operation["summary"].as_str().unwrap_or_default()),
                prose(&operation["description"]),
            ),
        );
        put(
            page,
            format_args!("<p class=\"who\">For {}.</p>", who(operation)),
        );
        parameters(page, &operation["parameters"]);
        if let Some(body) = operation["requestBody"]["content"].as_object() {
            page.push_str("<h4>Body</h4><ul>");
            for (media, content) in body {
                content_item(page, media, &content["schema"]);
            }
            page.push_str("</ul>");
        }
        page.push_str("<h4>Answer</h4><ul>");
        for (status, response) in operation["responses"].as_object().into_iter().flatten() {
            answer(page, status, response);
        }
        page.push_str("</ul></article>");
    }

    fn answer(page: &mut String, status: &str, response: &Value) {
        let status = if status == "default" { "else" } else { status };
        let description = inline(response["description"].as_str().unwrap_or_default());
        put(page, format_args!("<li><b>{status}</b> {description}"));
        if let Some(content) = response["content"].as_object() {
            page.push_str("<ul>");
            for (media, content) in content {
                content_item(page, media, &content["schema"]);
            }
            page.push_str("</ul>");
        }
        page.push_str("</li>");
    }

    fn content_item(page: &mut String, media: &str, schema: &Value) {
        let kind = kind(schema);
        let kind = if kind.is_empty() {
            kind
        } else {
            format!(": {kind}")
        };
        put(
            page,
            format_args!("<li><code>{}</code>{kind}</li>", escape(media)),
        );
    }

    fn who(operation: &Value) -> String {
        let names: Vec<String> = operation["security"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_object)
            .map(|scheme| {
                let names: Vec<String> = scheme.keys().map(|name| escape(name)).collect();
                names.join(" with ")
            })
            .collect();
        if names.is_empty() {
            "everybody".to_owned()
        } else {
            names.join(", or ")
        }
    }

    fn parameters(page: &mut String, parameters: &Value) {
        let Some(parameters) = parameters.as_array().filter(|list| !list.is_empty()) else {
            return;
        };
        page.push_str(
            "<div class=\"wide\"><table><thead><tr><th>Parameter</th><th>In</th><th>Type</th>\
             <th>What</th></tr></thead><tbody>",
        );
        for parameter in parameters {
            let need = if parameter["required"] == true {
                " (needed)"
            } else {
                ""
            };
            put(
                page,
                format_args!(
                    "<tr><td><code>{}</code></td><td>{}{need}</td><td>{}</td><td>{}</td></tr>",
                    text(&parameter["name"]),
                    text(&parameter["in"]),
                    kind(&parameter["schema"]),
                    inline(parameter["description"].as_str().unwrap_or_default()),
                ),
            );
        }
        page.push_str("</tbody></table></div>");
    }

    fn schemas(page: &mut String, schemas: &Value) {
        page.push_str("<section id=\"schemas\"><h2>schemas</h2>");
        for (name, schema) in schemas.as_object().into_iter().flatten() {
            let name = escape(name);
            put(
                page,
                format_args!(
                    "<article id=\"schema-{name}\"><h3><a href=\"#schema-{name}\"><code>{name}\
                     </code></a></h3>{}",
                    prose(&schema["description"])
                ),
            );
            match schema["properties"].as_object() {
                Some(properties) => members(page, properties),
                None => put(page, format_args!("<p>{}</p>", kind(schema))),
            }
            page.push_str("</article>");
        }
        page.push_str("</section>");
    }

    fn members(page: &mut String, properties: &serde_json::Map<String, Value>) {
        page.push_str(
            "<div class=\"wide\"><table><thead><tr><th>Member</th><th>Type</th><th>What</th>\
             </tr></thead><tbody>",
        );
        for (name, schema) in properties {
            put(
                page,
                format_args!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
                    escape(name),
                    kind(schema),
                    inline(schema["description"].as_str().unwrap_or_default()),
                ),
            );
        }
        page.push_str("</tbody></table></div>");
    }

    /// What a schema allows, in a few words.
    fn kind(schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
            let name = escape(name);
            return format!("<a href=\"#schema-{name}\">{name}</a>");
        }
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<String> = values
                .iter()
                .map(|value| format!("<code>{}</code>", text(value)))
                .collect();
            return values.join(", ");
        }
        if let Some(any) = schema["oneOf"].as_array().or(schema["allOf"].as_array()) {
            let kinds: Vec<String> = any
                .iter()
                .map(kind)
                .filter(|kind| !kind.is_empty())
                .collect();
            return kinds.join(" or ");
        }
        let of = |name: &str| match name {
            "array" => format!("list of {}", kind(&schema["items"])),
            name => escape(name),
        };
        match &schema["type"] {
            Value::String(name) => of(name),
            Value::Array(names) => {
                let names: Vec<String> = names.iter().filter_map(Value::as_str).map(of).collect();
                names.join(" or ")
            }
            _ => String::new(),
        }
    }

    fn text(value: &Value) -> String {
        escape(value.as_str().unwrap_or_default())
    }

    /// Paragraphs.
    fn prose(value: &Value) -> String {
        let text = value.as_str().unwrap_or_default();
        let paragraphs = text.split("\n\n").filter(|text| !text.trim().is_empty());
        let mut out = String::with_capacity(text.len());
        for text in paragraphs {
            put(&mut out, format_args!("<p>{}</p>", inline(text)));
        }
        out
    }

    /// Text with `code` in it.
    fn inline(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for (i, part) in text.split('`').enumerate() {
            let part = escape(part);
            if i % 2 == 1 {
                put(&mut out, format_args!("<code>{part}</code>"));
            } else {
                out.push_str(&part);
            }
        }
        out
    }

    fn escape(text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c => out.push(c),
            }
        }
        out
    }
}
