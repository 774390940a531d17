//! An opened document.

use std::hash::BuildHasherDefault;
use std::sync::{Arc, Mutex, PoisonError};

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use model::DocumentInfo;
use rustc_hash::{FxHashMap, FxHasher};
use sha2::{Digest, Sha256};

use crate::image::Content;
use crate::info::Lookup;
use crate::opinion::Second;
use crate::{Error, Reader, guard, info, limits};

/// An opened document. It can be read from several threads, each with a
/// [`Reader`] of its own.
pub struct Source {
    pub(crate) pdf: Pdf,
    pub(crate) images: ImageStore,
    pub(crate) lookup: Lookup,
    pub(crate) settings: InterpreterSettings,
    pub(crate) password: Option<String>,
    pub(crate) second: Second,
    /// Whether nothing but the attached files is encrypted.
    pub(crate) sealed_attachments: bool,
    pages: u32,
    sha256: String,
    bytes: u64,
}

/// Images by object, so that each is decoded once whatever the number of
/// pages it is on.
#[derive(Default)]
pub(crate) struct ImageStore(Mutex<FxHashMap<u128, Content>>);

impl ImageStore {
    pub fn get_or_insert(&self, key: u128, make: impl FnOnce() -> Content) -> Content {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return *known;
        }
        let made = make();
        lock().insert(key, made);
        made
    }
}

impl Source {
    /// Opens a document from its bytes. `password` is the user or owner
    /// password; a document that opens without one ignores it.
    pub fn open(bytes: Vec<u8>, password: Option<&str>) -> Result<Self, Error> {
        check_kind(&bytes)?;
        let length = bytes.len() as u64;
        let sha256 = hex(&Sha256::digest(&bytes));
        let password = password.filter(|p| !p.is_empty());
        let bytes = Arc::new(bytes);
        let mut pdf = guard::caught("opening the file", || load(&bytes, password))?;
        let mut sealed_attachments = false;
        if pdf.is_err()
            && let Some(open) = unsealed(&bytes)
        {
            sealed_attachments = true;
            pdf = guard::caught("opening the file", || load(&Arc::new(open), password))?;
        }
        let pdf = pdf?;
        let count = guard::caught("the page list", || pdf.pages().len())?;
        if count == 0 {
            return Err(Error::Broken("it has no pages".into()));
        }
        if count > limits::PAGES {
            return Err(Error::TooLarge(format!(
                "the document has {count} pages, more than {}",
                limits::PAGES
            )));
        }
        let lookup = guard::caught("the document catalog", || Lookup::new(&pdf))?;
        Ok(Self {
            pages: count as u32,
            pdf,
            images: ImageStore::default(),
            lookup,
            settings: InterpreterSettings::default(),
            password: password.map(str::to_owned),
            second: Second::default(),
            sealed_attachments,
            sha256,
            bytes: length,
        })
    }

    /// Number of pages.
    pub fn page_count(&self) -> u32 {
        self.pages
    }

    /// What belongs to the document as a whole. Parts that cannot be read are
    /// left out with a warning.
    pub fn info(&self) -> DocumentInfo {
        let mut document = DocumentInfo {
            sha256: self.sha256.clone(),
            bytes: self.bytes,
            page_count: self.pages,
            ..DocumentInfo::default()
        };
        info::fill(self, &mut document);
        document
    }

    /// A reader for one thread.
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(self)
    }
}

fn load(bytes: &Arc<Vec<u8>>, password: Option<&str>) -> Result<Pdf, Error> {
    let header = has_header(bytes);
    match Pdf::new_with_password(Arc::clone(bytes), password.unwrap_or("")) {
        Ok(pdf) => Ok(pdf),
        Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => Err(match password {
            Some(_) => Error::WrongPassword,
            None => Error::PasswordRequired,
        }),
        Err(LoadPdfError::Decryption(_)) => Err(Error::Encryption),
        Err(LoadPdfError::Invalid) if header => Err(Error::Broken(
            "no pages can be found in it; it may be cut short".into(),
        )),
        Err(LoadPdfError::Invalid) => Err(Error::NotPdf(
            "it does not start like a PDF and holds no PDF objects".into(),
        )),
    }
}

/// Where only the attached files are encrypted (ISO 32000-2, 7.6.6: strings and
/// streams have the `Identity` filter): the file without the encryption in its
/// trailers, since everything else can be read without a password.
fn unsealed(bytes: &[u8]) -> Option<Vec<u8>> {
    const ENCRYPT: &[u8] = b"/Encrypt";
    let plain = |key: &[u8]| {
        let places = find_all(bytes, key);
        let value = |at: usize| bytes[at + key.len()..].trim_ascii_start();
        let identity = |at: &usize| value(*at).starts_with(b"/Identity");
        !places.is_empty() && places.iter().all(identity)
    };
    if !plain(b"/StmF") || !plain(b"/StrF") {
        return None;
    }
    let mut open = bytes.to_vec();
    for at in find_all(bytes, ENCRYPT) {
        let end = at + ENCRYPT.len();
        // `/EncryptMetadata` is another entry.
        if bytes.get(end).is_some_and(u8::is_ascii_whitespace) {
            open[at..end].copy_from_slice(b"/Skipped");
        }
    }
    (open != bytes).then_some(open)
}

/// Where `needle` begins in `bytes`.
fn find_all(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    let starts = bytes.windows(needle.len()).enumerate();
    let found = starts.filter(|(_, part)| *part == needle);
    found.map(|(at, _)| at).collect()
}

fn has_header(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(2048)];
    start.windows(5).any(|w| w == b"%PDF-")
}

/// Says of the commonest other files what they are. Whatever else lacks a
/// header still gets its chance: readers are used to be lenient.
fn check_kind(bytes: &[u8]) -> Result<(), Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    if has_header(bytes) {
        return Ok(());
    }
    let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(512)])
        .trim_start_matches('\u{feff}')
        .trim_start()
        .to_ascii_lowercase();
    let is = |what: &str| Err(Error::NotPdf(what.to_owned()));
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        return is("it is an HTML page, perhaps the error page of a failed download");
    }
    if start.starts_with("<?xml") || start.starts_with("<svg") {
        return is("it is an XML file");
    }
    if start.starts_with("{\\rtf") {
        return is("it is an RTF document; export it as PDF first");
    }
    if start.starts_with("%!ps") {
        return is("it is a PostScript file; convert it to PDF first");
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] => {
            is("it is a ZIP archive or an Office document; export it as PDF first")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => is("it is an old Office document; export it as PDF first"),
        [0x89, b'P', b'N', b'G', ..] => is("it is a PNG image"),
        [0xff, 0xd8, 0xff, ..] => is("it is a JPEG image"),
        [0x1f, 0x8b, ..] => is("it is a gzip archive; unpack it first"),
        _ if bytes.iter().all(|b| *b == 0) => is("it holds nothing but zeros"),
        _ => Ok(()),
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Set of visited objects.
pub(crate) type Visited<T> = std::collections::HashSet<T, BuildHasherDefault<FxHasher>>;

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        Source::open(bytes.to_vec(), None)
            .err()
            .unwrap()
            .to_string()
    }

    #[test]
    fn encryption_of_attachments_alone_is_set_aside() {
        let sealed = b"<< /StmF /Identity /StrF\n/Identity /EncryptMetadata true >> \
                       trailer << /Encrypt 12 0 R >>";
        let open = unsealed(sealed).unwrap();
        assert!(find_all(&open, b"/Encrypt ").is_empty());
        assert_eq!(find_all(&open, b"/EncryptMetadata").len(), 1);
        assert!(unsealed(b"<< /StmF /StdCF /StrF /Identity >> << /Encrypt 12 0 R >>").is_none());
    }

    #[test]
    fn each_wrong_file_is_told_for_what_it_is() {
        assert!(error(b"").contains("empty"));
        assert!(error(b"\n<!DOCTYPE html><html>").contains("HTML"));
        assert!(error(b"PK\x03\x04rest").contains("Office"));
        assert!(error(b"just some text").contains("not a PDF"));
        assert!(error(b"%PDF-1.7\nnothing").contains("damaged"));
    }
}
