//! Secrets: made, signed, hashed, compared.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, Mac};
use rand::TryRngCore;
use rand::rngs::OsRng;
use service::settings::ChosenSecret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Error;

/// Bytes of a secret and of its signature.
const LENGTH: usize = 32;
/// How tokens for scripts begin, so that a leaked one is recognised.
const TOKEN_PREFIX: &str = "pdfc_";

/// What the key is used for. Two purposes never give the same bytes.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Signature of a session cookie.
    Session,
    /// The `X-CSRF-Token` of a session.
    Csrf,
    /// The secret of a token.
    Token,
    /// The secret of a link.
    Share,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Session => b"session\0",
            Self::Csrf => b"csrf\0",
            Self::Token => b"token\0",
            Self::Share => b"share\0",
        }
    }
}

/// Signs with the service's secret.
#[derive(Clone)]
pub struct Keys(Hmac<Sha256>);

impl Keys {
    /// From the service's secret.
    pub fn new(secret: &ChosenSecret) -> Result<Self, Error> {
        Hmac::new_from_slice(secret.expose().as_bytes())
            .map(Self)
            .map_err(|e| Error::Broken(e.to_string()))
    }

    fn mac(&self, purpose: Purpose, data: &[u8]) -> [u8; LENGTH] {
        let mut mac = self.0.clone();
        mac.update(purpose.name());
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// A new session's secret.
    pub fn new_session() -> Result<SessionSecret, Error> {
        let mut secret = [0; LENGTH];
        OsRng
            .try_fill_bytes(&mut secret)
            .map_err(|e| Error::Broken(e.to_string()))?;
        Ok(SessionSecret(secret))
    }

    /// The cookie of a session.
    pub fn cookie(&self, secret: &SessionSecret) -> String {
        let signature = self.mac(Purpose::Session, &secret.0);
        format!("{}.{}", BASE64.encode(secret.0), BASE64.encode(signature))
    }

    /// The secret of a cookie that is ours.
    pub fn open_cookie(&self, cookie: &str) -> Option<SessionSecret> {
        let (secret, signature) = cookie.split_once('.')?;
        let secret: [u8; LENGTH] = BASE64.decode(secret).ok()?.try_into().ok()?;
        let signature = BASE64.decode(signature).ok()?;
        let expected = self.mac(Purpose::Session, &secret);
        bool::from(expected.as_slice().ct_eq(&signature)).then_some(SessionSecret(secret))
    }

    /// What a page of this session sends with everything it changes.
    pub fn csrf(&self, secret: &SessionSecret) -> String {
        BASE64.encode(self.mac(Purpose::Csrf, &secret.0))
    }

    /// Whether `given` is this session's.
    pub fn is_csrf(&self, secret: &SessionSecret, given: &str) -> bool {
        same(&self.csrf(secret), given)
    }

    /// The secret of the token with this name. Made from the name, so that a
    /// repeated request can be answered alike although nobody keeps secrets.
    pub fn token(&self, id: store::TokenId) -> String {
        let secret = BASE64.encode(self.mac(Purpose::Token, id.0.as_bytes()));
        format!("{TOKEN_PREFIX}{secret}")
    }

    /// The secret of the link with this name; see [`Keys::token`].
    pub fn share(&self, id: store::ShareId) -> String {
        BASE64.encode(self.mac(Purpose::Share, id.0.as_bytes()))
    }
}

/// The secret in a session's cookie.
#[derive(Clone)]
pub struct SessionSecret([u8; LENGTH]);

impl SessionSecret {
    /// What is kept of it.
    pub fn hash(&self) -> store::Hash {
        hash(&self.0)
    }
}

/// Whether a text can be a token: anything else is not worth a look.
pub fn is_token(text: &str) -> bool {
    text.starts_with(TOKEN_PREFIX) && text.len() < 100
}

/// SHA-256 in lower-case hex.
pub fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Compares without telling by the time it takes how much is right.
pub fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> Keys {
        Keys::new(&secret.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_cookie_opens_with_its_own_key_only() {
        let ours = keys("0123456789abcdef0123456789abcdef");
        let others = keys("fedcba9876543210fedcba9876543210");
        let secret = Keys::new_session().unwrap();
        let cookie = ours.cookie(&secret);
        assert_eq!(ours.open_cookie(&cookie).unwrap().hash(), secret.hash());
        assert!(others.open_cookie(&cookie).is_none());
        let (value, signature) = cookie.split_once('.').unwrap();
        let other = ours.cookie(&Keys::new_session().unwrap());
        let other = other.split_once('.').unwrap().0;
        for forged in [
            format!("{other}.{signature}"),
            format!("{value}."),
            value.to_owned(),
            String::new(),
            ".".to_owned(),
            format!("{cookie}AAAA"),
        ] {
            assert!(ours.open_cookie(&forged).is_none(), "{forged}");
        }
    }

    #[test]
    fn purposes_do_not_serve_for_one_another() {
        let keys = keys("0123456789abcdef0123456789abcdef");
        let secret = Keys::new_session().unwrap();
        let cookie = keys.cookie(&secret);
        let signature = cookie.split_once('.').unwrap().1;
        assert!(!keys.is_csrf(&secret, signature));
        assert!(keys.is_csrf(&secret, &keys.csrf(&secret)));
        let id = uuid::Uuid::from_u128(7);
        let token = keys.token(store::TokenId(id));
        assert!(is_token(&token));
        assert!(!token.contains(&keys.share(store::ShareId(id))));
    }

    #[test]
    fn hashes_are_lower_case_hex() {
        assert_eq!(
            hash(b"abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
