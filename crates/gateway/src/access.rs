//! Who asks, and what they may see.
//!
//! Every handler that touches a workspace takes one of two extractors and can
//! get a workspace from nowhere else: [`Caller`], the owner (session cookie or
//! token), or [`Viewer`], the owner or the holder of a share link.

mod caller;
mod origin;
mod rates;
mod secrets;
mod viewer;

pub(crate) use caller::{COOKIE, Caller, Credential, SESSION_LIFETIME, find_caller, still_valid};
pub(crate) use origin::address;
pub(crate) use rates::Rates;
pub(crate) use secrets::{Keys, SessionSecret, hash, hex, same};
pub(crate) use viewer::{SHARE_HEADER, Viewer};
