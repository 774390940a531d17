//! What keys look like.

use object_store::path::Path;

use super::BlobError;

/// The key of the original with this SHA-256: `sha256/ab/abcdef…`.
pub fn original_key(sha256_hex: &str) -> Result<String, BlobError> {
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if sha256_hex.len() != 64 || !sha256_hex.bytes().all(is_hex) {
        return Err(BlobError::other(
            "a SHA-256 is 64 lower-case hexadecimal digits",
        ));
    }
    Ok(format!("sha256/{}/{sha256_hex}", &sha256_hex[..2]))
}

/// The key of something derived: `derived/<name>`. `name` may have parts divided
/// by `/`.
pub fn derived_key(name: &str) -> Result<String, BlobError> {
    let key = format!("derived/{name}");
    location(&key)?;
    Ok(key)
}

/// Checks a key: parts of letters, digits, `-`, `_`, `.`, none beginning with a dot.
/// Nothing else can be a key, so no key leads out of the store.
pub(super) fn location(key: &str) -> Result<Path, BlobError> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let good = key.len() <= 512
        && key
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && part.bytes().all(plain));
    if good {
        Path::parse(key).map_err(BlobError::other)
    } else {
        Err(BlobError::other(format!("“{key}” cannot be a key")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_in_the_store() {
        for key in [
            "",
            "/etc/passwd",
            "a//b",
            "../x",
            "a/../b",
            ".partial/x",
            "a b",
            "a\0",
            "a/",
        ] {
            assert!(location(key).is_err(), "{key:?}");
        }
        assert!(location("derived/report-1.2/page_3.png").is_ok());
        assert!(original_key(&"AB".repeat(32)).is_err());
        assert_eq!(
            original_key(&"ab".repeat(32)).unwrap(),
            format!("sha256/ab/{}", "ab".repeat(32))
        );
    }
}
