//! Reading order of the text of one direction.
//!
//! A recursive XY-cut (Nagy & Seth 1984) that knows columns from tables. The
//! region is cut into bands, strips between blank lines across its whole
//! width. Neighbouring bands that share a gutter (vertical white space, as in
//! Breuel's column finding, 2002) are columns if the text on both sides looks
//! like running text, and are read one after the other; every other band is
//! read by itself, row by row, as in a table. Formulas make bands high and rows
//! short, and stick out of their columns: a few may lie across a gutter, and
//! paragraphs show a column however many formulas are between them.

mod column;
mod gap;

use column::{Column, in_step};
use gap::{Gap, count_inner, gaps, meet};

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

/// Distance of the baselines of a paragraph at most, in font sizes.
const LEADING: f32 = 1.75;

/// Among so many items of a band one may stick out into the gutter, as a
/// formula does that is too long for its column.
const STRAY: usize = 30;

/// Rows that show what is a table.
const TABLE_ROWS: usize = 3;
/// Words in a cell of such a table at most, on average.
const CELL_WORDS: u32 = 4;
/// Glyphs, likewise.
const CELL_CHARS: u32 = 20;

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

struct Band {
    items: Vec<usize>,
    top: f32,
    bottom: f32,
    /// White space in it.
    gaps: Vec<Gap>,
    /// White space where the few items that stick out of their column do not
    /// count; none where the band is too low to tell these from headings, or a
    /// crowded sheet.
    loose: Option<Vec<Gap>>,
    /// White space between the cells of a table it is a row of.
    cells: Vec<Gap>,
}

impl Band {
    /// Whether it is a row of a table one of whose gaps lies where a gutter
    /// is: with cells on both sides of that.
    fn is_table_row(&self, gutters: &[Gap]) -> bool {
        gutters.iter().filter(|gap| gap.inner()).any(|gap| {
            self.cells.iter().any(|cell| cell.to <= gap.from)
                && self.cells.iter().any(|cell| cell.from >= gap.to)
        })
    }

    /// The white space that `of` finds to make gutters of, where it is free or
    /// else where few items stick out into it.
    fn gutters(&self, of: impl Fn(&[Gap]) -> Vec<Gap>) -> Option<Vec<Gap>> {
        [Some(&self.gaps), self.loose.as_ref()]
            .into_iter()
            .flatten()
            .map(|gaps| of(gaps))
            .find(|gaps| count_inner(gaps) > 0 && !self.is_table_row(gaps))
    }
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
            let columns = if at == 0 && self.stands_apart(&bands, at, 1) {
                None
            } else {
                self.columns(&bands, at, gutter)
            };
            if let Some((mut end, gutters)) = columns {
                let last = end - 1;
                if end == bands.len() && last > at && self.stands_apart(&bands, last, -1) {
                    end = last;
                }
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

    /// Whether a band is a running header above what follows (`towards` 1) or
    /// a footer below what is before it (-1): one row, with more blank between
    /// than is between the lines there. Its gaps are no gutters.
    fn stands_apart(&self, bands: &[Band], at: usize, towards: isize) -> bool {
        let band = |steps| {
            at.checked_add_signed(steps * towards)
                .and_then(|i| bands.get(i))
        };
        let (Some(here), Some(next), Some(after)) = (band(0), band(1), band(2)) else {
            return false;
        };
        let blank = |a: &Band, b: &Band| (b.top - a.bottom).max(a.top - b.bottom);
        let away = blank(here, next);
        away > self.median_size(&here.items)
            && away > 2.0 * blank(next, after)
            && self.is_row(&here.items)
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
        let mut bands: Vec<Band> = bands
            .into_iter()
            .map(|items| {
                let stray = items.len() / STRAY;
                let gaps = |stray| gaps(items.iter().map(|i| &self.items[*i]), gutter, stray);
                Band {
                    gaps: gaps(0),
                    loose: (stray > 0 && items.len() < CROWD).then(|| gaps(stray)),
                    top: self.least(&items, Item::top),
                    bottom: -self.least(&items, |item| -item.bottom()),
                    cells: Vec::new(),
                    items,
                }
            })
            .collect();
        self.find_tables(&mut bands, gutter);
        bands
    }

    /// Finds rows of tables: some in a row that have cells one below the other
    /// in all of them, and little in each.
    fn find_tables(&self, bands: &mut [Band], gutter: f32) {
        for start in 0..bands.len().saturating_sub(TABLE_ROWS - 1) {
            let rows = &mut bands[start..start + TABLE_ROWS];
            if !rows.iter().all(|row| self.is_row(&row.items)) {
                continue;
            }
            let mut cells = rows[0].gaps.clone();
            for row in &rows[1..] {
                cells = meet(&cells, &row.gaps, gutter);
            }
            cells.retain(|gap| gap.inner());
            if cells.len() < 3 {
                continue;
            }
            let items: Vec<usize> = rows.iter().flat_map(|row| row.items.clone()).collect();
            let little = |cells: &Vec<usize>| {
                let words: u32 = cells.iter().map(|i| self.items[*i].words).sum();
                let rows = TABLE_ROWS as u32;
                cells.len() >= TABLE_ROWS
                    && words <= rows * CELL_WORDS
                    && self.chars(cells) <= rows * CELL_CHARS
            };
            if self.cut(&items, &cells).iter().all(little) {
                for row in rows {
                    row.cells.clone_from(&cells);
                }
            }
        }
    }

    /// Looks for columns in the bands from `start` on: where they end and
    /// the gutters between them.
    fn columns(&self, bands: &[Band], start: usize, gutter: f32) -> Option<(usize, Vec<Gap>)> {
        let mut shared = bands[start].gutters(<[Gap]>::to_vec)?;
        let mut best = None;
        let mut end = start + 1;
        while let Some(more) = bands
            .get(end)
            .and_then(|band| band.gutters(|gaps| meet(&shared, gaps, gutter)))
        {
            // The set shrinks where a gutter ends: remember how far all of them
            // reached.
            if count_inner(&more) < count_inner(&shared) {
                best = self.accept(bands, start, end, &shared).or(best);
            }
            shared = more;
            end += 1;
        }
        self.accept(bands, start, end, &shared).or(best)
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
        let columns: Vec<Column> = self
            .cut(&group, &gutters)
            .iter()
            .map(|members| {
                let rows = self.split_rows(members, false);
                Column::new(self.items, &rows, self.median_size(members))
            })
            .collect();
        let in_step = in_step(&columns);
        let running = columns.iter().filter(|c| c.is_running_text(in_step));
        let running_chars: u32 = running.clone().map(|c| c.chars).sum();
        let most = running_chars * 10 >= self.chars(&group) * 7;
        (running.count() >= 2 && most).then_some((end, gutters))
    }

    fn chars(&self, members: &[usize]) -> u32 {
        members.iter().map(|i| self.items[*i].chars).sum()
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

/// Whether `line` goes on the paragraph that `above` is the last line of.
fn follows(above: &Item, line: &Item, lines: usize) -> bool {
    let size = above.size.max(line.size);
    let leading = line.v - above.v;
    let same_size = (above.size - line.size).abs() <= 0.15 * size;
    let overlap = above.u1.min(line.u1) - above.u0.max(line.u0);
    let indented = line.u0 - above.u0 > 0.8 * size && lines > 1;
    same_size && leading <= LEADING * size && leading > 0.3 * size && overlap > 0.0 && !indented
}

#[cfg(test)]
mod tests;
