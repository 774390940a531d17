//! Which page became which.

use model::{Page, Transform};

use crate::text::Share;

/// A pair of pages, or a page of one side only.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PagePair {
    /// Index of the old page among those compared.
    pub old: Option<usize>,
    /// Index of the new page among those compared.
    pub new: Option<usize>,
    /// The page stands elsewhere in the order.
    pub moved: bool,
    /// Maps the old page onto the new one.
    pub transform: Transform,
    /// A word for people on what moved as a whole.
    pub remark: Option<String>,
}

/// Pairs the pages of two documents, in the order of the new one; deleted pages
/// stand where they stood.
pub fn align(old: &[&Page], new: &[&Page]) -> Vec<PagePair> {
    (0..old.len().max(new.len()))
        .map(|i| PagePair {
            old: (i < old.len()).then_some(i),
            new: (i < new.len()).then_some(i),
            ..PagePair::default()
        })
        .collect()
}

/// Share of two pages' content that is equal, 0 to 1.
pub fn similarity(_old: &Page, _new: &Page, words: Share) -> f32 {
    if words.total == 0 {
        return 1.0;
    }
    words.equal as f32 / words.total as f32
}
