//! An upload on its way: into a temporary file, hashed and counted as it comes.
//!
//! The file has no name: however this process ends, nothing is left of it.

use std::fs::File;

use actix_web::error::PayloadError;
use bytes::Bytes;
use futures::{Stream, StreamExt};
use service::problem::Problem;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWriteExt, BufWriter};

use crate::Error;
use crate::access::hex;

/// A PDF says that it is one within so many bytes; others may precede it.
const HEAD: usize = 1024;
const MAGIC: &[u8] = b"%PDF-";
const BUFFER: usize = 256 << 10;

/// A file that arrived whole. Gone when dropped.
pub(crate) struct Staged {
    /// File name without folders.
    pub name: String,
    /// SHA-256, lower-case hex.
    pub sha256: String,
    /// Size.
    pub bytes: u64,
    /// Its bytes.
    pub file: File,
}

/// What came of one file.
pub(crate) enum Arrival {
    /// It is here.
    Whole(Staged),
    /// It is no PDF; others may follow.
    Refused {
        /// Its name.
        name: String,
        /// Why.
        problem: Problem,
    },
}

/// Takes a file in. A connection that ends early, and a file of more than `limit`
/// bytes, are errors: there is nothing to go on with.
pub(crate) async fn receive<S, E>(name: String, mut body: S, limit: u64) -> Result<Arrival, Error>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Into<Cut>,
{
    let file = tokio::fs::File::from_std(tempfile::tempfile()?);
    let mut file = BufWriter::with_capacity(BUFFER, file);
    let mut hash = Sha256::new();
    let mut head = Vec::with_capacity(HEAD);
    let mut bytes = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|cut| cut.into().problem())?;
        bytes += chunk.len() as u64;
        if bytes > limit {
            return Err(Problem::too_large(limit).into());
        }
        if head.len() < HEAD {
            let wanted = chunk.len().min(HEAD - head.len());
            head.extend_from_slice(&chunk[..wanted]);
        }
        hash.update(&chunk);
        file.write_all(&chunk).await?;
    }
    file.flush().await?;
    if let Some(problem) = refusal(&head, bytes) {
        return Ok(Arrival::Refused { name, problem });
    }
    Ok(Arrival::Whole(Staged {
        name,
        sha256: hex(&hash.finalize()),
        bytes,
        file: file.into_inner().into_std().await,
    }))
}

fn refusal(head: &[u8], bytes: u64) -> Option<Problem> {
    if bytes == 0 {
        return Some(
            Problem::new(422, "empty", "The file is empty")
                .detail("The file is empty: nothing was received."),
        );
    }
    let is_pdf = head.windows(MAGIC.len()).any(|window| window == MAGIC);
    (!is_pdf).then(|| {
        Problem::new(415, "not-pdf", "The file is not a PDF").detail(
            "This file is not a PDF: it does not begin as every PDF does. \
             Export the document as PDF and send that.",
        )
    })
}

/// Why a body ended early.
pub(crate) enum Cut {
    /// The sender sent something that cannot be read.
    Malformed(String),
    /// The connection went.
    Lost,
}

impl Cut {
    fn problem(self) -> Problem {
        match self {
            Self::Malformed(why) => Problem::bad_request(why),
            Self::Lost => Problem::bad_request("The upload broke off; send it again."),
        }
    }
}

impl From<PayloadError> for Cut {
    fn from(_: PayloadError) -> Self {
        Self::Lost
    }
}

impl From<actix_multipart::MultipartError> for Cut {
    fn from(error: actix_multipart::MultipartError) -> Self {
        use actix_multipart::MultipartError as E;
        match error {
            E::Payload(_) | E::Incomplete => Self::Lost,
            other => Self::Malformed(format!("The form cannot be read: {other}.")),
        }
    }
}

impl From<Cut> for Error {
    fn from(cut: Cut) -> Self {
        Self::Problem(cut.problem())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use futures::stream;

    use super::*;

    async fn sent(chunks: &[&[u8]], limit: u64) -> Result<Arrival, Error> {
        let chunks = chunks
            .iter()
            .map(|c| Ok::<_, PayloadError>(Bytes::copy_from_slice(c)));
        receive(
            "a.pdf".to_owned(),
            stream::iter(chunks.collect::<Vec<_>>()),
            limit,
        )
        .await
    }

    #[tokio::test]
    async fn a_pdf_is_hashed_and_counted_as_it_comes() {
        let Ok(Arrival::Whole(staged)) = sent(&[b"junk %P", b"DF-1.7\n", b"rest"], 100).await
        else {
            panic!("taken");
        };
        let whole = b"junk %PDF-1.7\nrest";
        assert_eq!(staged.bytes, whole.len() as u64);
        assert_eq!(staged.sha256, crate::access::hash(whole));
        let (mut file, mut read) = (staged.file, Vec::new());
        file.rewind().unwrap();
        file.read_to_end(&mut read).unwrap();
        assert_eq!(read, whole);
    }

    #[tokio::test]
    async fn what_is_no_pdf_is_refused() {
        let late = [[b' '; HEAD].as_slice(), b"%PDF-1.7"];
        for (chunks, status) in [
            (&[b"PK\x03\x04".as_slice()][..], 415),
            (&late, 415),
            (&[], 422),
            (&[b"".as_slice()], 422),
        ] {
            match sent(chunks, 10_000).await {
                Ok(Arrival::Refused { problem, .. }) => assert_eq!(problem.status, status),
                _ => panic!("refused"),
            }
        }
        let too_large = sent(&[b"%PDF-1.7", b"0123456789"], 10).await;
        assert_eq!(too_large.err().unwrap().problem().status, 413);
        let cut = [
            Ok(Bytes::from_static(b"%PDF-1.7")),
            Err(PayloadError::EncodingCorrupted),
        ];
        let cut = receive("a.pdf".to_owned(), stream::iter(cut), 100).await;
        assert_eq!(cut.err().unwrap().problem().status, 400);
    }
}
