//! Reading order of the text of one direction.
//!
//! A recursive XY-cut (Nagy & Seth 1984) that knows columns from tables. The
//! region is cut into bands, strips between blank lines across its whole
//! width. Neighbouring bands that share a gutter (vertical white space, as in
//! Breuel's column finding, 2002) are columns if the text on both sides looks
//! like running text, and are read one after the other; every other band is
//! read by itself, row by row, as in a table.

/// One run of words on a baseline, in reading space (points). Runs have no
/// wide gaps inside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// Where it starts along the baseline.
    pub u0: f32,
    /// Where it ends.
    pub u1: f32,
    /// Baseline.
    pub v: f32,
    /// Font size, the largest in it.
    pub size: f32,
    /// Words in it.
    pub words: u32,
    /// Glyphs in it.
    pub chars: u32,
}

impl Item {
    /// Upper edge of what counts as ink; tight, so that set-solid lines still
    /// have a blank between them.
    fn top(&self) -> f32 {
        self.v - 0.62 * self.size
    }

    /// Lower edge, likewise.
    fn bottom(&self) -> f32 {
        self.v + 0.1 * self.size
    }
}

/// Depth of the recursion; deeper regions are read row by row.
const DEPTH: u32 = 16;
/// Items of a region that is still searched for columns; no page of text has
/// more.
const MOST: usize = 20_000;
/// Width of a gutter, in median font sizes.
const GUTTER: f32 = 0.8;
/// Gap between two runs of a row that still makes one line of running text,
/// in font sizes.
const LINE_GAP: f32 = 2.0;

/// Labels that make a sheet crowded.
const CROWD: usize = 200;
/// How far apart producers put what was on one line, points.
const ROUNDING: f32 = 0.06;

/// A block: its lines, each the items on it along the baseline.
pub(crate) type Block = Vec<Vec<usize>>;

/// Blocks in reading order.
pub(crate) fn blocks(items: &[Item]) -> Vec<Block> {
    let mut reader = Layout {
        items,
        out: Vec::new(),
    };
    let mut all: Vec<usize> = (0..items.len()).collect();
    all.sort_by(|a, b| items[*a].top().total_cmp(&items[*b].top()));
    reader.region(&all, DEPTH);
    reader.out
}

/// White space between two places along the baseline; infinite at the sides.
#[derive(Clone, Copy, Debug)]
struct Gap {
    from: f32,
    to: f32,
}

impl Gap {
    fn width(self) -> f32 {
        self.to - self.from
    }

    fn meet(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    fn inner(self) -> bool {
        self.from.is_finite() && self.to.is_finite()
    }
}

struct Band {
    items: Vec<usize>,
    /// White space in it, from left to right, the sides included.
    gaps: Vec<Gap>,
}

struct Layout<'i> {
    items: &'i [Item],
    out: Vec<Block>,
}

impl Layout<'_> {
    /// Reads a region; `members` are sorted by their upper edges.
    fn region(&mut self, members: &[usize], depth: u32) {
        if depth == 0 || members.len() < 2 {
            self.rows(self.split_rows(members, false));
            return;
        }
        if members.len() > MOST {
            self.rows(self.split_rows(members, true));
            return;
        }
        let gutter = GUTTER * self.median_size(members);
        let bands = self.bands(members, gutter);
        // Rows waiting to be read together: paragraphs go on across bands.
        let mut waiting: Vec<Vec<usize>> = Vec::new();
        let mut at = 0;
        while at < bands.len() {
            if let Some((end, gutters)) = self.columns(&bands, at, gutter) {
                self.rows(std::mem::take(&mut waiting));
                let group: Vec<usize> = bands[at..end]
                    .iter()
                    .flat_map(|band| band.items.iter().copied())
                    .collect();
                for column in self.cut(&group, &gutters) {
                    self.region(&column, depth - 1);
                }
                at = end;
                continue;
            }
            let band = &bands[at];
            if self.is_row(&band.items) || self.is_sheet(&band.items) {
                let crowded = band.items.len() >= CROWD;
                waiting.extend(self.split_rows(&band.items, crowded));
            } else {
                self.rows(std::mem::take(&mut waiting));
                let inner = band.gaps.iter().copied().filter(|gap| gap.inner());
                let widest = inner.max_by(|a, b| a.width().total_cmp(&b.width()));
                match widest {
                    Some(gap) => {
                        for part in self.cut(&band.items, &[gap]) {
                            self.region(&part, depth - 1);
                        }
                    }
                    None => self.rows(self.split_rows(&band.items, false)),
                }
            }
            at += 1;
        }
        self.rows(waiting);
    }

    fn median_size(&self, members: &[usize]) -> f32 {
        let mut sizes: Vec<f32> = members.iter().map(|i| self.items[*i].size).collect();
        let middle = sizes.len() / 2;
        *sizes.select_nth_unstable_by(middle, f32::total_cmp).1
    }

    /// Cuts a region at every blank strip across it.
    fn bands(&self, members: &[usize], gutter: f32) -> Vec<Band> {
        let mut bands: Vec<Vec<usize>> = Vec::new();
        let mut bottom = f32::NEG_INFINITY;
        for index in members {
            let item = &self.items[*index];
            match bands.last_mut() {
                Some(band) if item.top() < bottom => band.push(*index),
                _ => bands.push(vec![*index]),
            }
            bottom = bottom.max(item.bottom());
        }
        bands
            .into_iter()
            .map(|items| Band {
                gaps: self.gaps(&items, gutter),
                items,
            })
            .collect()
    }

    /// White space at least `gutter` wide in the shadow `members` throw on
    /// the baseline.
    fn gaps(&self, members: &[usize], gutter: f32) -> Vec<Gap> {
        let mut spans: Vec<(f32, f32)> = members
            .iter()
            .map(|i| (self.items[*i].u0, self.items[*i].u1))
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut gaps = Vec::new();
        let mut from = f32::NEG_INFINITY;
        for (start, end) in spans {
            let gap = Gap { from, to: start };
            if gap.width() >= gutter {
                gaps.push(gap);
            }
            from = from.max(end);
        }
        gaps.push(Gap {
            from,
            to: f32::INFINITY,
        });
        gaps
    }

    /// Looks for columns in the bands from `start` on: where they end and
    /// the gutters between them.
    fn columns(&self, bands: &[Band], start: usize, gutter: f32) -> Option<(usize, Vec<Gap>)> {
        let first = &bands[start];
        if !first.gaps.iter().any(|gap| gap.inner()) {
            return None;
        }
        let mut shared: Vec<Gap> = first.gaps.clone();
        let mut best = None;
        let mut end = start + 1;
        loop {
            let more = bands.get(end).map(|band| meet(&shared, &band.gaps, gutter));
            match more {
                Some(more) if more.iter().any(|gap| gap.inner()) => {
                    // The set shrinks where a gutter ends: remember how far
                    // all of them reached.
                    if count_inner(&more) < count_inner(&shared) {
                        best = self.accept(bands, start, end, &shared).or(best);
                    }
                    shared = more;
                    end += 1;
                }
                _ => return self.accept(bands, start, end, &shared).or(best),
            }
        }
    }

    /// Whether the bands are columns of running text.
    fn accept(
        &self,
        bands: &[Band],
        start: usize,
        end: usize,
        shared: &[Gap],
    ) -> Option<(usize, Vec<Gap>)> {
        let gutters: Vec<Gap> = shared.iter().copied().filter(|gap| gap.inner()).collect();
        let group: Vec<usize> = bands[start..end]
            .iter()
            .flat_map(|band| band.items.iter().copied())
            .collect();
        if group.len() < 6 {
            return None;
        }
        let columns = self.cut(&group, &gutters);
        let mut running = 0;
        let mut running_chars = 0;
        for column in &columns {
            if self.is_running_text(column) {
                running += 1;
                running_chars += self.chars(column);
            }
        }
        let most = running_chars * 10 >= self.chars(&group) * 7;
        (running >= 2 && most).then_some((end, gutters))
    }

    fn chars(&self, members: &[usize]) -> u32 {
        members.iter().map(|i| self.items[*i].chars).sum()
    }

    /// Running text fills its lines from edge to edge, three lines at least.
    fn is_running_text(&self, members: &[usize]) -> bool {
        let rows = self.split_rows(members, false);
        if rows.len() < 3 {
            return false;
        }
        let left = self.least(members, |item| item.u0);
        let right = -self.least(members, |item| -item.u1);
        let width = (right - left).max(1.0);
        let size = self.median_size(members);
        let mut fills: Vec<f32> = Vec::with_capacity(rows.len());
        let mut words: Vec<u32> = Vec::with_capacity(rows.len());
        let mut chars: Vec<u32> = Vec::with_capacity(rows.len());
        for row in &rows {
            let items = row.iter().map(|i| &self.items[*i]);
            fills.push(items.clone().map(|item| item.u1 - item.u0).sum::<f32>() / width);
            words.push(items.clone().map(|item| item.words).sum());
            chars.push(items.map(|item| item.chars).sum());
        }
        let middle = rows.len() / 2;
        let fill = *fills.select_nth_unstable_by(middle, f32::total_cmp).1;
        let words = *words.select_nth_unstable(middle).1;
        let chars = *chars.select_nth_unstable(middle).1;
        let wide = width > 9.0 * size;
        wide && fill > 0.62 && (words >= 3 && chars >= 14 || chars >= 12 && chars > 8 * words)
    }

    fn least(&self, members: &[usize], of: impl Fn(&Item) -> f32) -> f32 {
        let values = members.iter().map(|i| of(&self.items[*i]));
        values.fold(f32::INFINITY, f32::min)
    }

    /// Splits at gutters, left to right; order inside the parts is kept.
    fn cut(&self, members: &[usize], gutters: &[Gap]) -> Vec<Vec<usize>> {
        let mut parts = vec![Vec::new(); gutters.len() + 1];
        for index in members {
            let middle = f32::midpoint(self.items[*index].u0, self.items[*index].u1);
            let part = gutters.iter().filter(|gap| middle > gap.from).count();
            parts[part].push(*index);
        }
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// Whether all items stand on one baseline, more or less.
    fn is_row(&self, members: &[usize]) -> bool {
        let top = self.least(members, |item| item.v);
        let bottom = -self.least(members, |item| -item.v);
        bottom - top <= 0.5 * self.median_size(members)
    }

    /// Labels strewn over a drawing, which have no order but that of their
    /// places.
    fn is_sheet(&self, members: &[usize]) -> bool {
        let words: u32 = members.iter().map(|i| self.items[*i].words).sum();
        members.len() >= 40 && words as usize * 10 < members.len() * 25
    }

    /// Items by rows, each row from left to right.
    ///
    /// The labels of a crowded sheet stand anywhere, and with so many of them any
    /// tolerance would be met by chance: there a row is what differs by no
    /// more than a producer's rounding.
    fn split_rows(&self, members: &[usize], crowded: bool) -> Vec<Vec<usize>> {
        let mut order = members.to_vec();
        order.sort_by(|a, b| self.items[*a].v.total_cmp(&self.items[*b].v));
        let mut rows: Vec<Vec<usize>> = Vec::new();
        let mut first = f32::NEG_INFINITY;
        let mut last = f32::NEG_INFINITY;
        for index in order {
            let item = &self.items[index];
            let step = if crowded { ROUNDING } else { 0.12 * item.size };
            let near = item.v - last <= step && item.v - first <= 0.45 * item.size;
            match rows.last_mut() {
                Some(row) if near => row.push(index),
                _ => {
                    rows.push(vec![index]);
                    first = item.v;
                }
            }
            last = item.v;
        }
        rows.iter().map(|row| self.along(row)).collect()
    }

    /// Items from left to right.
    fn along(&self, members: &[usize]) -> Vec<usize> {
        let mut row = members.to_vec();
        row.sort_by(|a, b| self.items[*a].u0.total_cmp(&self.items[*b].u0));
        row
    }

    /// Reads row by row; lines that follow each other like those of a
    /// paragraph make up one block, anything else is a block of its own.
    fn rows(&mut self, rows: Vec<Vec<usize>>) {
        let mut open: Option<(Block, Item)> = None;
        for row in rows {
            let lines = self.lines(&row);
            let alone = lines.len() == 1;
            for line in lines {
                let shape = self.shape(&line);
                match &mut open {
                    Some((block, above)) if alone && follows(above, &shape, block.len()) => {
                        block.push(line);
                        *above = shape;
                    }
                    _ => {
                        self.out.extend(open.take().map(|(block, _)| block));
                        if alone {
                            open = Some((vec![line], shape));
                        } else {
                            self.out.push(vec![line]);
                        }
                    }
                }
            }
        }
        self.out.extend(open.map(|(block, _)| block));
    }

    /// The lines in a row: runs near each other.
    fn lines(&self, row: &[usize]) -> Vec<Vec<usize>> {
        let mut lines: Vec<Vec<usize>> = Vec::new();
        let mut end = f32::NEG_INFINITY;
        for index in row {
            let item = &self.items[*index];
            match lines.last_mut() {
                Some(line) if item.u0 - end <= LINE_GAP * item.size => line.push(*index),
                _ => lines.push(vec![*index]),
            }
            end = end.max(item.u1);
        }
        lines
    }

    fn shape(&self, line: &[usize]) -> Item {
        let mut shape = self.items[line[0]];
        for index in &line[1..] {
            let item = &self.items[*index];
            shape.u0 = shape.u0.min(item.u0);
            shape.u1 = shape.u1.max(item.u1);
            shape.size = shape.size.max(item.size);
            shape.words += item.words;
        }
        shape
    }
}

fn count_inner(gaps: &[Gap]) -> usize {
    gaps.iter().filter(|gap| gap.inner()).count()
}

/// What white space two bands share; one side of a gutter may be empty.
fn meet(a: &[Gap], b: &[Gap], gutter: f32) -> Vec<Gap> {
    let mut shared = Vec::new();
    for gap in a {
        for other in b {
            let both = gap.meet(*other);
            if both.width() >= gutter {
                shared.push(both);
            }
        }
    }
    shared
}

/// Whether `line` goes on the paragraph that `above` is the last line of.
fn follows(above: &Item, line: &Item, lines: usize) -> bool {
    let size = above.size.max(line.size);
    let leading = line.v - above.v;
    let same_size = (above.size - line.size).abs() <= 0.15 * size;
    let overlap = above.u1.min(line.u1) - above.u0.max(line.u0);
    let indented = line.u0 - above.u0 > 0.8 * size && lines > 1;
    same_size && leading <= 1.75 * size && leading > 0.3 * size && overlap > 0.0 && !indented
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(u0: f32, u1: f32, v: f32) -> Item {
        let chars = ((u1 - u0) / 5.0) as u32;
        Item {
            u0,
            u1,
            v,
            size: 10.0,
            words: chars / 5,
            chars,
        }
    }

    fn order(items: &[Item]) -> Vec<usize> {
        blocks(items).into_iter().flatten().flatten().collect()
    }

    #[test]
    fn columns_of_running_text_are_read_one_after_the_other() {
        let mut items = vec![line(100.0, 400.0, 50.0)];
        for row in 0..10 {
            let v = 80.0 + 12.0 * row as f32;
            items.push(line(50.0, 240.0, v));
            items.push(line(260.0, 450.0, v));
        }
        items.push(line(240.0, 260.0, 300.0));
        let mut expected = vec![0];
        expected.extend((0..10).map(|row| 1 + 2 * row));
        expected.extend((0..10).map(|row| 2 + 2 * row));
        expected.push(21);
        assert_eq!(order(&items), expected);
    }

    #[test]
    fn columns_need_not_share_baselines() {
        let mut items = Vec::new();
        for row in 0..10 {
            items.push(line(50.0, 240.0, 80.0 + 12.0 * row as f32));
            items.push(line(260.0, 450.0, 85.0 + 12.0 * row as f32));
        }
        let expected: Vec<usize> = (0..10)
            .map(|r| 2 * r)
            .chain((0..10).map(|r| 2 * r + 1))
            .collect();
        assert_eq!(order(&items), expected);
    }

    #[test]
    fn tables_are_read_row_by_row() {
        let mut items = Vec::new();
        for row in 0..12 {
            let v = 80.0 + 15.0 * row as f32;
            for column in 0..4 {
                items.push(line(
                    50.0 + 110.0 * column as f32,
                    90.0 + 110.0 * column as f32,
                    v,
                ));
            }
        }
        assert_eq!(order(&items), (0..48).collect::<Vec<_>>());
    }

    #[test]
    fn paragraphs_are_blocks() {
        let items: Vec<Item> = [80.0, 92.0, 104.0, 130.0, 142.0]
            .iter()
            .map(|v| line(50.0, 400.0, *v))
            .collect();
        let sizes: Vec<usize> = blocks(&items).iter().map(Vec::len).collect();
        assert_eq!(sizes, [3, 2]);
    }

    #[test]
    fn no_items_no_blocks() {
        assert!(blocks(&[]).is_empty());
    }
}
