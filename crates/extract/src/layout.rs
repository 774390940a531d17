//! Reading order of the runs of one text direction.

/// One run of words on a baseline, in reading space (points).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub u0: f32,
    pub u1: f32,
    pub v: f32,
    pub size: f32,
    pub words: u32,
    pub chars: u32,
}

/// Blocks in reading order; a block is a list of lines, a line a list of
/// items along the baseline.
pub(crate) fn blocks(items: &[Item]) -> Vec<Vec<Vec<usize>>> {
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by(|a, b| {
        items[*a]
            .v
            .total_cmp(&items[*b].v)
            .then(items[*a].u0.total_cmp(&items[*b].u0))
    });
    order.into_iter().map(|i| vec![vec![i]]).collect()
}
