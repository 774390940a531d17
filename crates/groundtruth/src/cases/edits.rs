//! Edits to documents.

use model::{ChangeKind, Op};

use super::document::{Draft, table_row};
use crate::flow::{Kind, On, Row, Word, words};
use crate::rng::Rng;
use crate::words::{sentence_words, split};

impl Draft {
    /// A paragraph without an edit yet, not the first or last of the document.
    fn untouched(&mut self, rng: &mut Rng, at_least: usize) -> usize {
        let free: Vec<usize> = (1..self.flow.blocks.len() - 1)
            .filter(|i| {
                let block = &self.flow.blocks[*i];
                matches!(block.kind, Kind::Para)
                    && block.on == On::Both
                    && block.words.len() >= at_least
                    && !self.touched.contains(i)
            })
            .collect();
        let index = if free.is_empty() { 1 } else { *rng.pick(&free) };
        self.touched.push(index);
        index
    }

    /// Index of an ordinary word (or of the first of two characters) inside a
    /// paragraph.
    fn ordinary(&self, rng: &mut Rng, block: usize) -> usize {
        let list = &self.flow.blocks[block].words;
        let glued = self.language.is_glued();
        let plain = |w: &Word| {
            w.on == On::Both
                && w.mark.is_none()
                && w.text
                    .chars()
                    .all(|c| c.is_alphabetic() && !c.is_ascii() || c.is_ascii_lowercase())
        };
        let fits: Vec<usize> = (1..list.len().saturating_sub(2))
            .filter(|&i| {
                plain(&list[i])
                    && if glued {
                        plain(&list[i + 1])
                    } else {
                        list[i].text.chars().count() >= 5
                    }
            })
            .collect();
        if fits.is_empty() { 1 } else { *rng.pick(&fits) }
    }

    /// Words `at..at + count` on the old side become `with` on the new.
    fn swap(&mut self, block: usize, at: usize, count: usize, with: &[Word], what: &str) {
        let op = match (count, with.len()) {
            (0, _) => Op::Added,
            (_, 0) => Op::Removed,
            _ => Op::Replaced,
        };
        let mark = self.note(ChangeKind::Text, op, what);
        let list = &mut self.flow.blocks[block].words;
        for word in &mut list[at..at + count] {
            *word = word.marked(On::Old, mark);
        }
        let tail = list.split_off(at + count);
        list.extend(with.iter().map(|w| w.marked(On::New, mark)));
        list.extend(tail);
    }

    fn spare(&self, rng: &mut Rng, not: &str) -> Vec<Word> {
        split(self.language, &self.language.other_word(rng, not))
    }

    fn unit(&self) -> usize {
        if self.language.is_glued() { 2 } else { 1 }
    }

    /// A word is replaced by another.
    pub fn replace_word(&mut self, rng: &mut Rng) {
        let block = self.untouched(rng, 12);
        let at = self.ordinary(rng, block);
        let with = self.spare(rng, &self.flow.blocks[block].words[at].text);
        self.swap(block, at, self.unit(), &with, "word replaced");
    }

    /// The first `from` in a paragraph without an edit becomes `to`; nothing
    /// where there is none.
    pub fn replace_this_word(&mut self, from: &str, to: &str) {
        let found = (1..self.flow.blocks.len()).find_map(|block| {
            let free = matches!(self.flow.blocks[block].kind, Kind::Para)
                && !self.touched.contains(&block);
            let at = self.flow.blocks[block]
                .words
                .iter()
                .position(|w| w.on == On::Both && w.text == from);
            at.filter(|_| free).map(|at| (block, at))
        });
        if let Some((block, at)) = found {
            self.touched.push(block);
            self.swap(block, at, 1, &[Word::new(to)], "word replaced");
        }
    }

    /// A word is inserted.
    pub fn insert_word(&mut self, rng: &mut Rng) {
        let block = self.untouched(rng, 12);
        let at = self.ordinary(rng, block);
        let with = self.spare(rng, "");
        self.swap(block, at, 0, &with, "word inserted");
    }

    /// A word is deleted.
    pub fn delete_word(&mut self, rng: &mut Rng) {
        let block = self.untouched(rng, 12);
        let at = self.ordinary(rng, block);
        self.swap(block, at, self.unit(), &[], "word deleted");
    }

    /// A number becomes another one.
    pub fn change_number(&mut self, rng: &mut Rng) {
        let is_number = |w: &Word| w.on == On::Both && w.text.chars().all(|c| c.is_ascii_digit());
        for _ in 0..200 {
            let block = self.untouched(rng, 8);
            if let Some(at) = self.flow.blocks[block].words.iter().position(is_number) {
                let old = &self.flow.blocks[block].words[at];
                let value: i64 = old.text.parse().unwrap_or(0);
                let new = Word {
                    text: (value + rng.range(1, 60)).to_string(),
                    ..old.clone()
                };
                self.swap(block, at, 1, &[new], "number changed");
                return;
            }
        }
    }

    fn sentence_range(&self, block: usize, sentence: u32) -> (usize, usize) {
        let list = &self.flow.blocks[block].words;
        let start = list
            .iter()
            .position(|w| w.sentence == sentence)
            .unwrap_or(0);
        let count = list.iter().filter(|w| w.sentence == sentence).count();
        (start, count)
    }

    /// A sentence inside a paragraph is deleted.
    pub fn delete_sentence(&mut self, rng: &mut Rng) {
        let block = self.untouched(rng, 30);
        let (at, count) = self.sentence_range(block, 1);
        self.swap(block, at, count, &[], "sentence deleted");
    }

    /// A sentence is added inside a paragraph.
    pub fn add_sentence(&mut self, rng: &mut Rng) {
        let block = self.untouched(rng, 30);
        let (at, _) = self.sentence_range(block, 2);
        let with = sentence_words(self.language, rng, 99);
        self.swap(block, at, 0, &with, "sentence added");
    }

    /// A paragraph is added.
    pub fn add_paragraph(&mut self, rng: &mut Rng) {
        let after = self.untouched(rng, 10);
        let mark = self.note(ChangeKind::Text, Op::Added, "paragraph added");
        let mut block = self.flow.blocks[after].clone();
        block.words = crate::words::paragraph(self.language, rng, 3);
        self.insert_block(after + 1, block.marked(On::New, mark));
    }

    /// A paragraph is added at the end, where it moves nothing.
    pub fn append_paragraph(&mut self, rng: &mut Rng) {
        let mark = self.note(ChangeKind::Text, Op::Added, "paragraph added at the end");
        let words = crate::words::paragraph(self.language, rng, 2);
        let block = crate::flow::Block::new(Kind::Para, words);
        self.flow.blocks.push(block.marked(On::New, mark));
    }

    /// A paragraph is deleted.
    pub fn delete_paragraph(&mut self, rng: &mut Rng) {
        let index = self.untouched(rng, 20);
        let mark = self.note(ChangeKind::Text, Op::Removed, "paragraph deleted");
        self.flow.blocks[index] = self.flow.blocks[index].marked(On::Old, mark);
    }

    /// A paragraph moves elsewhere, over at least three blocks.
    pub fn move_paragraph(&mut self, rng: &mut Rng) {
        let from = self.untouched(rng, 25);
        let to = loop {
            let to = self.untouched(rng, 5);
            if to.abs_diff(from) >= 4 {
                break to;
            }
        };
        let mark = self.note(ChangeKind::Text, Op::Moved, "paragraph moved");
        let block = self.flow.blocks[from].clone();
        self.flow.blocks[from] = block.marked(On::Old, mark);
        self.insert_block(to + 1, block.marked(On::New, mark));
    }

    /// Inserts a block, keeping the list of edited ones right.
    pub fn insert_block(&mut self, at: usize, block: crate::flow::Block) {
        self.flow.blocks.insert(at, block);
        for touched in &mut self.touched {
            if *touched >= at {
                *touched += 1;
            }
        }
        self.touched.push(at);
    }

    /// A word looks different but says the same.
    pub fn restyle(&mut self, rng: &mut Rng, count: usize, what: &str, change: impl Fn(&mut Word)) {
        let block = self.untouched(rng, 20);
        let mark = self.note(ChangeKind::Style, Op::Restyled, what);
        let list = &mut self.flow.blocks[block].words;
        let at = rng.below(list.len() - count - 2) + 1;
        let mut fresh: Vec<Word> = list[at..at + count]
            .iter()
            .map(|w| w.marked(On::New, mark))
            .collect();
        fresh.iter_mut().for_each(change);
        for word in &mut list[at..at + count] {
            *word = word.marked(On::Old, mark);
        }
        let tail = list.split_off(at + count);
        list.extend(fresh);
        list.extend(tail);
    }

    /// The date in the running header changes.
    pub fn change_header_date(&mut self, rng: &mut Rng) {
        let mark = self.note(ChangeKind::Text, Op::Replaced, "date in the header changed");
        if let Some(date) = self.flow.header.pop() {
            self.flow.header.push(date.marked(On::Old, mark));
            let day = format!("2024-1{}-2{}", rng.range(0, 2), rng.range(0, 8));
            self.flow.header.push(Word::new(day).marked(On::New, mark));
        }
    }

    fn rows(&mut self) -> Option<&mut Vec<Row>> {
        self.flow.blocks.iter_mut().find_map(|b| match &mut b.kind {
            Kind::Table(_, rows) => Some(rows),
            _ => None,
        })
    }

    /// One cell of the table changes.
    pub fn change_cell(&mut self, rng: &mut Rng) {
        let mark = self.note(ChangeKind::Text, Op::Replaced, "table cell changed");
        let (row, column) = (rng.range(1, 5) as usize, rng.range(2, 3) as usize);
        let value = if column == 2 {
            rng.range(100, 190).to_string()
        } else {
            format!("{}.50", rng.range(200, 400))
        };
        if let Some(rows) = self.rows() {
            let cell = &mut rows[row].cells[column];
            for word in cell.iter_mut() {
                *word = word.marked(On::Old, mark);
            }
            cell.extend(words(&value).iter().map(|w| w.marked(On::New, mark)));
        }
    }

    /// A row is added to or deleted from the table.
    pub fn change_rows(&mut self, rng: &mut Rng, add: bool) {
        let (on, op, what) = if add {
            (On::New, Op::Added, "table row added")
        } else {
            (On::Old, Op::Removed, "table row deleted")
        };
        let mark = self.note(ChangeKind::Text, op, what);
        let at = rng.range(2, 5) as usize;
        let text = table_row(rng, 700);
        if let Some(rows) = self.rows() {
            if add {
                rows.insert(
                    at,
                    Row {
                        on,
                        mark: None,
                        cells: text.iter().map(|t| words(t)).collect(),
                    },
                );
            }
            let row = &mut rows[at];
            row.on = on;
            row.mark = Some(mark);
            for word in row.cells.iter_mut().flatten() {
                word.mark = Some(mark);
            }
        }
    }

    /// A term is renamed wherever it occurs: one systematic edit.
    pub fn rename_term(&mut self, from: &str, to: &str) {
        for block in 0..self.flow.blocks.len() {
            let mut at = 0;
            while at < self.flow.blocks[block].words.len() {
                let word = self.flow.blocks[block].words[at].clone();
                let bare = word.text.trim_end_matches([',', '.']);
                if word.on == On::Both && bare == from {
                    let text = word.text.replace(from, to);
                    self.swap(
                        block,
                        at,
                        1,
                        &[Word { text, ..word }],
                        &format!("{from} renamed"),
                    );
                    if let Some(note) = self.notes.last_mut() {
                        note.group = Some(1);
                    }
                    at += 1;
                }
                at += 1;
            }
        }
    }
}
