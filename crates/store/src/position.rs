//! Reading what was just written, whichever replica answers.
//!
//! A write answers its position in the database's log; a read that knows one
//! goes to a node that has come as far. Both travel with the task, so that no
//! operation has to name them: run it inside [`scope`].

use std::cell::Cell;
use std::fmt;
use std::str::FromStr;

/// The header in which positions cross HTTP.
pub const HEADER: &str = "x-store-position";

/// A place in the database's log. A later timeline is later than any place in
/// an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Counts failovers.
    pub timeline: u32,
    /// Bytes since the database was made.
    pub lsn: u64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.timeline, self.lsn)
    }
}

impl FromStr for Position {
    type Err = NotAPosition;

    fn from_str(text: &str) -> Result<Self, NotAPosition> {
        let (timeline, lsn) = text.split_once('.').ok_or(NotAPosition)?;
        Ok(Self {
            timeline: timeline.parse().map_err(|_| NotAPosition)?,
            lsn: lsn.parse().map_err(|_| NotAPosition)?,
        })
    }
}

/// The text is no [`Position`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position")]
pub struct NotAPosition;

tokio::task_local! {
    static POSITION: Cell<Option<Position>>;
}

/// Runs a future whose reads see at least what was written up to `position`;
/// gives the position after its own writes.
pub async fn scope<F: Future>(
    position: Option<Position>,
    future: F,
) -> (F::Output, Option<Position>) {
    POSITION
        .scope(Cell::new(position), async {
            let output = future.await;
            (output, current())
        })
        .await
}

/// The latest position known to this task.
pub fn current() -> Option<Position> {
    POSITION.try_with(Cell::get).ok().flatten()
}

/// Takes note of a position: later reads of this task see it.
pub fn note(position: Position) {
    // Outside of a scope nobody asked.
    let _ = POSITION.try_with(|cell| {
        if cell.get().is_none_or(|known| known < position) {
            cell.set(Some(position));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_latest_position_is_kept() {
        let at = |timeline, lsn| Position { timeline, lsn };
        note(at(1, 1));
        assert_eq!(current(), None);
        let ((), last) = scope(Some(at(1, 5)), async {
            note(at(1, 3));
            assert_eq!(current(), Some(at(1, 5)));
            note(at(2, 1));
        })
        .await;
        assert_eq!(last, Some(at(2, 1)));
        assert_eq!(last.map(|p| p.to_string().parse()), Some(Ok(at(2, 1))));
        assert_eq!("x.1".parse::<Position>(), Err(NotAPosition));
    }
}
