//! What is read from documents: sizes and words of pages.

use store::{
    DocumentId, DocumentInfo, DocumentKey, PageKey, PageSize, PageWords, PlacedWord, PutPages,
};

use super::held_by;
use super::things::there;
use crate::Error;
use crate::sql::{Dialect, Transaction, values};
use crate::words::{PageText, tokens};

/// Compression of words: the default, quick and good.
const LEVEL: i32 = 3;
/// Unpacked words of one page at most, bytes: a page is packed by us, so more
/// is damage.
const MAX_WORDS: usize = 256 << 20;

fn pack(words: &[PlacedWord]) -> Result<Vec<u8>, Error> {
    let json = serde_json::to_vec(words).map_err(|e| Error::Value(e.to_string()))?;
    Ok(zstd::bulk::compress(&json, LEVEL)?)
}

pub(super) fn unpack(packed: &[u8]) -> Result<Vec<PlacedWord>, Error> {
    use std::io::Read as _;
    let mut json = Vec::new();
    zstd::stream::read::Decoder::new(packed)?
        .take(MAX_WORDS as u64)
        .read_to_end(&mut json)?;
    serde_json::from_slice(&json).map_err(|e| Error::Value(e.to_string()))
}

pub(crate) async fn put_document_info(
    tx: &mut dyn Transaction,
    request: &DocumentInfo,
) -> Result<(), Error> {
    let (job, version) = held_by(tx, request.lease, "document", request.document.0).await?;
    tx.execute(
        "UPDATE documents SET title = $2, pages = $3 WHERE id = $1",
        values![request.document, request.title.as_deref(), request.pages],
    )
    .await?;
    // A former try may have left some.
    drop_pages_beyond(tx, request.document, request.pages).await?;
    tx.execute(
        "UPDATE jobs SET version = $2, updated = now_ms() WHERE id = $1",
        values![job, version],
    )
    .await?;
    Ok(())
}

/// Removes the pages beyond the end of a document.
pub(super) async fn drop_pages_beyond(
    tx: &mut dyn Transaction,
    document: DocumentId,
    pages: u32,
) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM pages WHERE document = $1 AND page > $2",
        values![document, pages],
    )
    .await?;
    Ok(())
}

pub(crate) async fn put_pages(tx: &mut dyn Transaction, request: &PutPages) -> Result<(), Error> {
    held_by(tx, request.lease, "document", request.document.0).await?;
    keep_pages(tx, request.document, &request.pages).await
}

/// Keeps pages, in place of what was read of them before.
pub(super) async fn keep_pages(
    tx: &mut dyn Transaction,
    document: DocumentId,
    pages: &[PageWords],
) -> Result<(), Error> {
    for page in pages {
        let text = PageText::new(&page.words);
        let mut words = tokens(text.lower());
        words.sort_unstable();
        words.dedup();
        let words = words.join(" ");
        let packed = pack(&page.words)?;
        let failed = page.failed.as_deref();
        let [width, height] = page.size;
        match tx.dialect() {
            Dialect::Sqlite => {
                let id = tx
                    .one(
                        "INSERT INTO pages (document, page, width, height, failed, words) \
                         VALUES ($1, $2, $3, $4, $5, $6) \
                         ON CONFLICT (document, page) DO UPDATE SET width = excluded.width, \
                         height = excluded.height, failed = excluded.failed, \
                         words = excluded.words RETURNING id",
                        values![document, page.page, width, height, failed, packed],
                    )
                    .await?
                    .int()?;
                for (sql, text) in [
                    (
                        "INSERT OR REPLACE INTO page_tokens (rowid, tokens) VALUES ($1, $2)",
                        words.as_str(),
                    ),
                    (
                        "INSERT OR REPLACE INTO page_trigrams (rowid, text) VALUES ($1, $2)",
                        text.lower(),
                    ),
                ] {
                    tx.execute(sql, values![id, text]).await?;
                }
            }
            Dialect::Postgres => {
                tx.execute(
                    "INSERT INTO pages \
                     (document, page, width, height, failed, words, tokens, line) \
                     VALUES ($1, $2, $3, $4, $5, $6, \
                     array_to_tsvector(string_to_array($7, ' ')), $8) \
                     ON CONFLICT (document, page) DO UPDATE SET width = excluded.width, \
                     height = excluded.height, failed = excluded.failed, \
                     words = excluded.words, tokens = excluded.tokens, line = excluded.line",
                    values![
                        document,
                        page.page,
                        width,
                        height,
                        failed,
                        packed,
                        &words,
                        text.lower()
                    ],
                )
                .await?;
            }
        }
    }
    Ok(())
}

pub(crate) async fn page_sizes(
    tx: &mut dyn Transaction,
    request: &DocumentKey,
) -> Result<Vec<PageSize>, Error> {
    there(tx, "document", request.workspace, request.id.0).await?;
    let rows = tx
        .query(
            "SELECT width, height FROM pages WHERE document = $1 ORDER BY page",
            values![request.id],
        )
        .await?;
    rows.into_iter()
        .map(|mut row| {
            Ok(PageSize {
                size: [row.real()? as f32, row.real()? as f32],
            })
        })
        .collect()
}

pub(crate) async fn page_words(
    tx: &mut dyn Transaction,
    request: &PageKey,
) -> Result<PageWords, Error> {
    there(tx, "document", request.workspace, request.document.0).await?;
    let mut row = tx
        .one(
            "SELECT width, height, failed, words FROM pages WHERE document = $1 AND page = $2",
            values![request.document, request.page],
        )
        .await?;
    Ok(PageWords {
        page: request.page,
        size: [row.real()? as f32, row.real()? as f32],
        failed: row.optional_text()?,
        words: unpack(&row.bytes()?)?,
    })
}
