//! Frames on the pipes between parent and worker.
//!
//! A frame is a 12-byte header (body length `u32`, blob length `u64`, little
//! endian), a body in postcard, and a blob of plain bytes: files and pixels are
//! never run through the serialiser.

use std::io::{self, Read, Write};

use model::{DocumentInfo, Page, Rect};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::OpenError;

/// Largest body of one frame, bytes.
pub const MAX_BODY: u32 = 128 << 20;
/// Largest blob from a worker, bytes.
pub const MAX_ANSWER_BLOB: u64 = 512 << 20;

const HEADER: usize = 12;

/// From the parent.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// First frame: open the file that is the blob.
    Open {
        /// Password, where given.
        password: Option<String>,
    },
    /// Extract pages; page `i` of the list is answered as job `first_id + i`.
    Pages {
        /// Number of the first job.
        first_id: u64,
        /// Page numbers, from 1.
        pages: Vec<u32>,
    },
    /// Render a page.
    Render {
        /// Number of the job.
        id: u64,
        /// Page number, from 1.
        page: u32,
        /// Pixels per point.
        scale: f32,
        /// Part of the page, points; `None` for all of it.
        region: Option<Rect>,
    },
    /// Instead of `Open`: mark the changes on a PDF. The blob is the report
    /// in JSON, then the PDF.
    Annotate {
        /// Password, where given.
        password: Option<String>,
        /// Bytes of the report at the start of the blob.
        report_bytes: u64,
    },
}

/// From the worker.
#[derive(Debug, Serialize, Deserialize)]
pub enum Response {
    /// The file is open.
    Opened(Box<DocumentInfo>),
    /// The file cannot be opened.
    Refused(OpenError),
    /// A thread has begun this job.
    Started {
        /// Number of the job.
        id: u64,
    },
    /// A page; its paths are the blob, packed.
    Page {
        /// Number of the job.
        id: u64,
        /// The page.
        page: Box<Page>,
    },
    /// A rendered page; RGB is the blob.
    Raster {
        /// Number of the job.
        id: u64,
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The marked PDF is the blob.
    Annotated,
    /// The job failed, and the worker lives on.
    Failed {
        /// Number of the job.
        id: u64,
        /// For people; reads on from “page 3 …”.
        reason: String,
    },
}

/// Appends a frame to `buffer`, without its blob of `blob_len` bytes, which
/// must be written right after it.
pub fn encode<T: Serialize>(
    message: &T,
    blob_len: usize,
    mut buffer: Vec<u8>,
) -> io::Result<Vec<u8>> {
    let start = buffer.len();
    buffer.extend_from_slice(&[0; HEADER]);
    let mut buffer = postcard::to_extend(message, buffer).map_err(io::Error::other)?;
    let body = u32::try_from(buffer.len() - start - HEADER)
        .ok()
        .filter(|n| *n <= MAX_BODY)
        .ok_or_else(|| io::Error::other("has more text and drawing than can be handled"))?;
    buffer[start..start + 4].copy_from_slice(&body.to_le_bytes());
    buffer[start + 4..start + HEADER].copy_from_slice(&(blob_len as u64).to_le_bytes());
    Ok(buffer)
}

/// Writes one frame.
pub fn write<T: Serialize>(to: &mut impl Write, message: &T, blob: &[&[u8]]) -> io::Result<()> {
    let blob_len = blob.iter().map(|part| part.len()).sum();
    to.write_all(&encode(message, blob_len, Vec::new())?)?;
    for part in blob {
        to.write_all(part)?;
    }
    to.flush()
}

/// One frame as it arrived.
#[derive(Debug)]
pub struct Frame<T> {
    /// The message.
    pub message: T,
    /// The plain bytes that came with it.
    pub blob: Vec<u8>,
    /// Bytes of both on the wire.
    pub weight: u64,
}

/// Reads one frame; `None` at the end of the stream. `buffer` is scratch space.
///
/// Lengths are checked against `max_blob` and [`MAX_BODY`]; memory is touched
/// as bytes arrive, not as the header claims.
pub fn read<T: DeserializeOwned>(
    from: &mut impl Read,
    max_blob: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Option<Frame<T>>> {
    let mut header = [0; HEADER];
    match from.read_exact(&mut header) {
        Ok(()) => {}
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(e) => return Err(e),
    }
    let [b0, b1, b2, b3, rest @ ..] = header;
    let body = u32::from_le_bytes([b0, b1, b2, b3]);
    let blob_len = u64::from_le_bytes(rest);
    if body > MAX_BODY || blob_len > max_blob {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "a message is too large",
        ));
    }
    buffer.clear();
    buffer.shrink_to(4 << 20);
    // Growing step by step would copy a large page several times.
    buffer.reserve(body.min(32 << 20) as usize);
    take(from, u64::from(body), buffer)?;
    let message = postcard::from_bytes(buffer)
        .map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.to_string()))?;
    let mut blob = Vec::new();
    if blob_len > 0 {
        blob.try_reserve_exact(blob_len as usize)
            .map_err(io::Error::other)?;
        take(from, blob_len, &mut blob)?;
    }
    Ok(Some(Frame {
        message,
        blob,
        weight: u64::from(body) + blob_len,
    }))
}

fn take(from: &mut impl Read, bytes: u64, into: &mut Vec<u8>) -> io::Result<()> {
    if from.take(bytes).read_to_end(into)? as u64 == bytes {
        Ok(())
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
