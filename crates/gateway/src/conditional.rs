//! Answers that are asked for again, and parts of them.

use std::ops::Range;

use actix_web::http::header::{
    ByteRangeSpec, CACHE_CONTROL, ETAG, EntityTag, Header, IfNoneMatch, Range as RangeHeader,
};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, HttpResponseBuilder};
use service::problem::Problem;

/// For what never changes under its address.
pub(crate) const IMMUTABLE: &str = "private, max-age=31536000, immutable";
/// For what may change: kept, and asked after each time.
pub(crate) const REVALIDATED: &str = "private, no-cache";

/// A name for exactly these bytes, made of the parts that decide them.
pub(crate) fn etag(parts: &[&str]) -> EntityTag {
    // A part never holds the character between them.
    let all = parts.join("\n");
    EntityTag::new_strong(crate::access::hash(all.as_bytes())[..32].to_owned())
}

/// The answer where the client has these bytes already.
pub(crate) fn not_modified(
    request: &HttpRequest,
    tag: &EntityTag,
    cache: &'static str,
) -> Option<HttpResponse> {
    let has = match request.get_header::<IfNoneMatch>()? {
        IfNoneMatch::Any => true,
        IfNoneMatch::Items(items) => items.iter().any(|item| item.weak_eq(tag)),
    };
    has.then(|| tagged(HttpResponse::NotModified(), tag, cache).finish())
}

/// Adds name and cache rule to an answer.
pub(crate) fn tagged(
    mut response: HttpResponseBuilder,
    tag: &EntityTag,
    cache: &'static str,
) -> HttpResponseBuilder {
    response.insert_header((ETAG, tag.to_string()));
    response.insert_header((CACHE_CONTROL, cache));
    response
}

/// The part of `size` bytes that is asked for; `None` for all of them. Several
/// parts at once are answered with all, as RFC 9110 allows.
pub(crate) fn range(request: &HttpRequest, size: u64) -> Result<Option<Range<u64>>, Problem> {
    let Ok(RangeHeader::Bytes(specs)) = RangeHeader::parse(request) else {
        return Ok(None);
    };
    let [spec] = specs.as_slice() else {
        return Ok(None);
    };
    let spec: &ByteRangeSpec = spec;
    match spec.to_satisfiable_range(size) {
        Some((first, last)) => Ok(Some(first..last + 1)),
        None => Err(Problem::new(416, "range", "No such part")
            .detail(format!("The file has {size} bytes."))
            .with("bytes", size)),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(header: &str) -> HttpRequest {
        TestRequest::get()
            .insert_header(("range", header))
            .to_http_request()
    }

    #[test]
    fn parts_are_found() {
        assert_eq!(range(&asked("bytes=0-9"), 100).unwrap(), Some(0..10));
        assert_eq!(range(&asked("bytes=90-"), 100).unwrap(), Some(90..100));
        assert_eq!(range(&asked("bytes=-5"), 100).unwrap(), Some(95..100));
        assert_eq!(range(&asked("bytes=0-9,20-29"), 100).unwrap(), None);
        assert_eq!(range(&asked("lines=1-2"), 100).unwrap(), None);
        assert_eq!(range(&asked("bytes=100-"), 100).unwrap_err().status, 416);
    }

    #[test]
    fn the_same_bytes_are_not_sent_again() {
        let tag = etag(&["a", "b"]);
        assert_ne!(tag, etag(&["ab"]));
        let request = TestRequest::get()
            .insert_header(("if-none-match", tag.to_string()))
            .to_http_request();
        let response = not_modified(&request, &tag, IMMUTABLE).unwrap();
        assert_eq!(response.status(), 304);
        assert!(not_modified(&request, &etag(&["c"]), IMMUTABLE).is_none());
    }
}
