//! Search: the index narrows pages down, [`crate::words`] decides.

use store::{DocumentId, Hit, Listing, Search};
use uuid::Uuid;

use super::cursor::Cursor;
use super::pages::unpack;
use super::things::there;
use crate::Error;
use crate::sql::{Dialect, Transaction, Value};
use crate::words::{Probe, Term, look, parse};

/// Pages read from the database at once.
const BATCH: usize = 50;
/// Pages looked at for one answer; a list may be short of its limit and still
/// go on.
const EXAMINED: usize = 2_000;

/// Conditions on `p` (pages) that the terms put, and their parameters.
struct Conditions {
    sql: String,
    values: Vec<Value>,
}

impl Conditions {
    fn parameter(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn probe(&mut self, dialect: Dialect, probe: Probe) {
        match probe {
            Probe::Words { words, prefix } => self.words(dialect, &words, prefix),
            Probe::Text(text) => self.text(dialect, &text),
            Probe::Phrase { words, text } => {
                self.words(dialect, &words, false);
                match dialect {
                    // Its index of trigrams knows their order.
                    Dialect::Sqlite if text.chars().count() >= 3 => self.text(dialect, &text),
                    Dialect::Sqlite => {}
                    // To look through what the index of words finds takes 24 ms where
                    // that of trigrams takes 64 (`scripts/bench-search`); `||` keeps
                    // the other from being asked.
                    Dialect::Postgres => {
                        let parameter = self.parameter(&like(&text));
                        self.and(&format!("(p.line || '') LIKE {parameter}"));
                    }
                }
            }
        }
    }

    /// All of these words; with `prefix` the last may go on.
    fn words(&mut self, dialect: Dialect, words: &[String], prefix: bool) {
        let condition = match dialect {
            Dialect::Sqlite => {
                let star = if prefix { "*" } else { "" };
                let query = format!("\"{}\"{star}", words.join("\" AND \""));
                let parameter = self.parameter(&query);
                format!(
                    "p.id IN (SELECT rowid FROM page_tokens WHERE page_tokens MATCH {parameter})"
                )
            }
            Dialect::Postgres => {
                let star = if prefix { ":*" } else { "" };
                // Words are letters and digits only.
                let query = format!("'{}'{star}", words.join("' & '"));
                let parameter = self.parameter(&query);
                format!("p.tokens @@ CAST({parameter} AS tsquery)")
            }
        };
        self.and(&condition);
    }

    /// This text, of at least three characters, by the index of trigrams.
    fn text(&mut self, dialect: Dialect, text: &str) {
        let condition = match dialect {
            Dialect::Sqlite => {
                let query = format!("\"{}\"", text.replace('"', "\"\""));
                let parameter = self.parameter(&query);
                format!(
                    "p.id IN (SELECT rowid FROM page_trigrams WHERE page_trigrams MATCH {parameter})"
                )
            }
            Dialect::Postgres => {
                let parameter = self.parameter(&like(text));
                format!("p.line LIKE {parameter}")
            }
        };
        self.and(&condition);
    }

    fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }
}

/// The pattern of `LIKE` for lines that hold `text`.
fn like(text: &str) -> String {
    let mut pattern = "%".to_owned();
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

pub(crate) async fn search(
    tx: &mut dyn Transaction,
    request: &Search,
) -> Result<Listing<Hit>, Error> {
    let terms = parse(&request.query);
    if terms.is_empty() {
        return Err(store::Error::Invalid("there is nothing to search for".to_owned()).into());
    }
    if let Some(document) = request.document {
        there(tx, "document", request.workspace, document.0).await?;
    }
    let (mut cursor, limit) = Cursor::of(&request.slice)?;
    let mut found = Hits {
        items: Vec::new(),
        limit,
        examined: 0,
    };
    // `R1` before `R10`: pages with the very words first.
    if !cursor.parts {
        if !found.read(tx, request, &terms, &mut cursor).await? {
            return Ok(more(found.items, cursor));
        }
        cursor = Cursor {
            parts: true,
            ..Cursor::START
        };
    }
    let ended = !terms.iter().any(Term::may_be_part)
        || found.read(tx, request, &terms, &mut cursor).await?;
    Ok(if ended {
        Listing {
            items: found.items,
            next: None,
        }
    } else {
        more(found.items, cursor)
    })
}

/// What one answer has so far.
struct Hits {
    items: Vec<Hit>,
    limit: usize,
    examined: usize,
}

impl Hits {
    /// Reads on from `cursor`: pages with whole words, or those with parts of
    /// words only, as it says. `false` where there may be more of them.
    async fn read(
        &mut self,
        tx: &mut dyn Transaction,
        request: &Search,
        terms: &[Term],
        cursor: &mut Cursor,
    ) -> Result<bool, Error> {
        let dialect = tx.dialect();
        let mut conditions = Conditions {
            sql: String::new(),
            values: vec![
                request.workspace.into(),
                cursor.created.into(),
                DocumentId(cursor.id).into(),
                cursor.page.into(),
            ],
        };
        if let Some(document) = request.document {
            let parameter = conditions.parameter(document);
            conditions.sql = format!(" AND d.id = {parameter}");
        }
        for term in terms {
            let probe = if cursor.parts {
                term.probe()
            } else {
                term.whole_probe()
            };
            if let Some(probe) = probe {
                conditions.probe(dialect, probe);
            }
        }
        let sql = format!(
            "SELECT d.id, d.name, d.created, p.page, p.width, p.height, p.words \
             FROM pages p JOIN documents d ON d.id = p.document \
             WHERE d.workspace = $1 AND d.deleted IS NULL \
             AND (d.created < $2 OR (d.created = $2 AND d.id < $3) OR (d.id = $3 AND p.page > $4)) \
             {} ORDER BY d.created DESC, d.id DESC, p.page LIMIT {BATCH}",
            conditions.sql
        );
        loop {
            conditions.values[1] = cursor.created.into();
            conditions.values[2] = DocumentId(cursor.id).into();
            conditions.values[3] = cursor.page.into();
            let rows = tx.query(&sql, &conditions.values).await?;
            let last = rows.len() < BATCH;
            for mut row in rows {
                if self.items.len() == self.limit {
                    return Ok(false);
                }
                let id = row.uuid()?;
                let name = row.text()?;
                let created = row.int()?;
                let page: u32 = row.unsigned()?;
                *cursor = Cursor {
                    created,
                    id,
                    page: i64::from(page),
                    parts: cursor.parts,
                };
                let size = [row.real()? as f32, row.real()? as f32];
                let found = look(terms, &unpack(&row.bytes()?)?);
                if let Some(found) = found.filter(|found| found.whole != cursor.parts) {
                    self.items.push(hit(id, name, page, size, found));
                }
                self.examined += 1;
            }
            if last {
                return Ok(true);
            }
            if self.items.len() == self.limit || self.examined >= EXAMINED {
                return Ok(false);
            }
        }
    }
}

fn more(items: Vec<Hit>, cursor: Cursor) -> Listing<Hit> {
    Listing {
        items,
        next: Some(cursor.to_string()),
    }
}

fn hit(id: Uuid, name: String, page: u32, size: [f32; 2], found: crate::words::Found) -> Hit {
    Hit {
        document: DocumentId(id),
        name,
        page,
        size,
        snippet: found.snippet,
        boxes: found.boxes,
    }
}
