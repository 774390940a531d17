//! Where a page of a list ends.

use store::{Error, Listing, Slice, WorkspaceId};
use uuid::Uuid;

use crate::sql::{Row, Transaction, Value, values};

/// Entries a page holds at most.
const LIMIT: u32 = 200;

/// The last entry given: lists are sorted by time and identifier, both
/// descending, and search also by page; those of its hits that are only parts
/// of words come last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub created: i64,
    pub id: Uuid,
    pub page: i64,
    pub parts: bool,
}

impl Cursor {
    /// Before the first entry.
    pub(super) const START: Self = Self {
        created: i64::MAX,
        id: Uuid::max(),
        page: 0,
        parts: false,
    };

    /// Where a slice begins, and how many entries it holds.
    pub(super) fn of(slice: &Slice) -> Result<(Self, usize), Error> {
        let limit = slice.limit.clamp(1, LIMIT) as usize;
        let Some(text) = &slice.cursor else {
            return Ok((Self::START, limit));
        };
        let mut parts = text.split('.');
        let cursor = (|| {
            let created = parts.next()?.parse().ok()?;
            let id = parts.next()?.parse().ok()?;
            let page = parts.next()?.parse().ok()?;
            let of_parts = match parts.next() {
                None => false,
                Some("p") => true,
                Some(_) => return None,
            };
            parts.next().is_none().then_some(Self {
                created,
                id,
                page,
                parts: of_parts,
            })
        })();
        Ok((
            cursor.ok_or_else(|| Error::Invalid("not a cursor of this list".to_owned()))?,
            limit,
        ))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = if self.parts { ".p" } else { "" };
        write!(
            f,
            "{}.{}.{}{parts}",
            self.created,
            self.id.simple(),
            self.page
        )
    }
}

/// A list of what a workspace has, newest first.
pub(super) struct List {
    /// `SELECT … FROM …`, without conditions.
    pub select: &'static str,
    /// What the table of the entries is called in it.
    pub table: &'static str,
    /// A further condition, its parameter `$5`.
    pub only: Option<(&'static str, Value)>,
}

impl List {
    /// Reads the part of it that is asked for.
    pub(super) async fn read<T>(
        self,
        tx: &mut dyn Transaction,
        workspace: WorkspaceId,
        slice: &Slice,
        read: impl Fn(&mut Row) -> Result<T, crate::Error>,
        place: impl Fn(&T) -> (i64, Uuid),
    ) -> Result<Listing<T>, crate::Error> {
        let (cursor, limit) = Cursor::of(slice)?;
        let mut values = values![workspace, cursor.created, cursor.id, limit as i64 + 1].to_vec();
        let mut only = "";
        if let Some((condition, value)) = self.only {
            only = condition;
            values.push(value);
        }
        let Self { select, table, .. } = self;
        let sql = format!(
            "{select} WHERE {table}.workspace = $1 AND {table}.deleted IS NULL \
             AND ({table}.created, {table}.id) < ($2, $3) {only} \
             ORDER BY {table}.created DESC, {table}.id DESC LIMIT $4"
        );
        let rows = tx.query(&sql, &values).await?;
        let items = rows
            .into_iter()
            .map(|mut row| read(&mut row))
            .collect::<Result<_, _>>()?;
        Ok(listing(items, limit, place))
    }
}

/// Cuts a list read one entry too long, and says where the next page begins.
fn listing<T>(mut items: Vec<T>, limit: usize, cursor: impl Fn(&T) -> (i64, Uuid)) -> Listing<T> {
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(|item| {
        let (created, id) = cursor(item);
        Cursor {
            created,
            id,
            page: 0,
            parts: false,
        }
        .to_string()
    });
    Listing { items, next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for parts in [false, true] {
            let cursor = Cursor {
                created: 17,
                id: Uuid::new_v4(),
                page: 3,
                parts,
            };
            let slice = Slice {
                cursor: Some(cursor.to_string()),
                limit: 9999,
            };
            assert_eq!(Cursor::of(&slice), Ok((cursor, LIMIT as usize)));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "1",
            "1.2.3",
            "a.b.c",
            "1.00000000000000000000000000000000.1.1",
            "1.00000000000000000000000000000000.1.p.1",
        ] {
            let slice = Slice {
                cursor: Some(text.to_owned()),
                limit: 1,
            };
            assert!(
                matches!(Cursor::of(&slice), Err(Error::Invalid(_))),
                "{text}"
            );
        }
    }
}
