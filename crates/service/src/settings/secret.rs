//! Values that must never be printed.

use std::{ffi::OsStr, fmt, str::FromStr};

use clap::{
    Arg, Command,
    builder::{TypedValueParser, ValueParserFactory},
    error::ErrorKind,
};

use crate::Error;

/// Shortest secret that is accepted where its strength matters.
const MIN_CHARACTERS: usize = 32;

/// How the placeholders of example settings begin, in lower case with `-` for `_`.
const PLACEHOLDERS: [&str; 6] = [
    "change-me",
    "changeme",
    "replace-me",
    "your-",
    "example",
    "<",
];

/// A value that is never printed, and is no placeholder of an example file.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value itself. Hand it on to what needs it, never to a log or an answer.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let plain = text.trim().to_ascii_lowercase().replace('_', "-");
        if plain.is_empty() {
            return Err(Error::Setting(
                "it is empty; set a value of your own".into(),
            ));
        }
        if PLACEHOLDERS
            .iter()
            .any(|placeholder| plain.starts_with(placeholder))
        {
            return Err(Error::Setting(
                "it is still the placeholder of the example; set a value of your own".into(),
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A [`Secret`] that others could guess if it were weak: at least 32 characters,
/// and not the same few over and over.
#[derive(Clone, PartialEq, Eq)]
pub struct ChosenSecret(Secret);

impl ChosenSecret {
    /// The value itself. Hand it on to what needs it, never to a log or an answer.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl FromStr for ChosenSecret {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let secret: Secret = text.parse()?;
        let mut distinct: Vec<char> = text.chars().collect();
        let characters = distinct.len();
        distinct.sort_unstable();
        distinct.dedup();
        if characters < MIN_CHARACTERS || distinct.len() < 8 {
            return Err(Error::Setting(format!(
                "it is too weak; give at least {MIN_CHARACTERS} characters, \
                 such as `openssl rand -hex 32` writes"
            )));
        }
        Ok(Self(secret))
    }
}

impl fmt::Debug for ChosenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A setting that may be left out; an empty value, as files of settings have them
/// for what is not set, is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Optional<T>(pub Option<T>);

/// None.
impl<T> Default for Optional<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: FromStr<Err = Error>> FromStr for Optional<T> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.trim().is_empty() {
            return Ok(Self(None));
        }
        text.parse().map(|value| Self(Some(value)))
    }
}

/// Reads a secret from a flag or variable. Clap's own parser repeats a refused
/// value in its message; this one does not.
#[derive(Debug, Clone, Copy)]
pub struct SecretParser<T>(std::marker::PhantomData<fn() -> T>);

impl<T> TypedValueParser for SecretParser<T>
where
    T: FromStr<Err = Error> + Clone + Send + Sync + 'static,
{
    type Value = T;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let refused = |reason: &dyn fmt::Display| {
            let name = arg.map_or_else(|| "the secret".to_owned(), ToString::to_string);
            let variable = arg
                .and_then(Arg::get_env)
                .map(|name| format!(" (environment variable {})", name.to_string_lossy()))
                .unwrap_or_default();
            clap::Error::raw(
                ErrorKind::ValueValidation,
                format!("the value of {name}{variable} is refused: {reason}\n"),
            )
            .with_cmd(command)
        };
        let text = value.to_str().ok_or_else(|| refused(&"it is no text"))?;
        text.parse().map_err(|error: Error| refused(&error))
    }
}

impl ValueParserFactory for Secret {
    type Parser = SecretParser<Self>;

    fn value_parser() -> Self::Parser {
        SecretParser(std::marker::PhantomData)
    }
}

impl ValueParserFactory for ChosenSecret {
    type Parser = SecretParser<Self>;

    fn value_parser() -> Self::Parser {
        SecretParser(std::marker::PhantomData)
    }
}

impl ValueParserFactory for Optional<ChosenSecret> {
    type Parser = SecretParser<Self>;

    fn value_parser() -> Self::Parser {
        SecretParser(std::marker::PhantomData)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_weak_secrets_are_refused() {
        for text in [
            "",
            "  ",
            "change-me",
            "CHANGE_ME_please",
            "changeme123",
            "your-password",
        ] {
            assert!(text.parse::<Secret>().is_err(), "{text}");
        }
        assert!("a good one".parse::<Secret>().is_ok());
        for text in [
            "a good one",
            "change-me-0123456789abcdef0123456789abcdef",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert!(text.parse::<ChosenSecret>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_empty_secret_is_none_where_it_may_be() {
        for text in ["", " \t"] {
            let read: Optional<ChosenSecret> = text.parse().unwrap();
            assert_eq!(read, Optional(None));
        }
        let set: Optional<ChosenSecret> = "0123456789abcdef0123456789abcdef".parse().unwrap();
        assert!(set.0.is_some());
        assert!("change-me".parse::<Optional<ChosenSecret>>().is_err());
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret: ChosenSecret = "0123456789abcdef0123456789abcdef".parse().unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }
}
