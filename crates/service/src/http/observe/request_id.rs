//! The id of a request, as nginx or the client gave it.

use actix_web::{
    HttpMessage,
    dev::ServiceRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};

/// The header that carries it.
pub(super) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: that of its `X-Request-Id`, else a new one. Handlers find
/// it in the request's extensions; every answer carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(String);

impl RequestId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads the request's id, or gives it one, and keeps it with the request.
    pub(super) fn of(request: &ServiceRequest) -> Self {
        let id = Self::sent(request.headers())
            .unwrap_or_else(|| Self(uuid::Uuid::now_v7().simple().to_string()));
        request.extensions_mut().insert(id.clone());
        id
    }

    /// An id from outside is only taken if it can do no harm in a log line.
    fn sent(headers: &HeaderMap) -> Option<Self> {
        let id = headers.get(HEADER)?.to_str().ok()?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (!id.is_empty() && id.len() <= 64 && id.bytes().all(plain)).then(|| Self(id.to_owned()))
    }

    pub(super) fn write(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(HEADER, value);
        }
    }
}
