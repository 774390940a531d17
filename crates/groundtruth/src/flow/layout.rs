//! Filling columns and pages.

use std::sync::Arc;

use model::Rect;

use super::lines::{Line, break_lines};
use super::{Block, Flow, Kind, Row, Setup, Word};
use crate::Result;
use crate::fonts::{Face, shape};
use crate::scene::{BLACK, Color, Item, Mark, Page, Paint, Picture, PlacedWord, Seg, TextLine};

/// Typesets one revision (`new` or old) of the flow.
pub fn typeset(flow: &Flow, new: bool) -> Result<Vec<Page>> {
    let setup = &flow.setup[usize::from(new)];
    let mut setter = Setter {
        setup,
        new,
        pages: Vec::new(),
        column: 0,
        y: 0.0,
        fresh: true,
    };
    setter.start_page();
    for block in flow.blocks.iter().filter(|b| b.on.is_on(new)) {
        setter.block(block)?;
    }
    let mut pages = setter.pages;
    furniture(flow, setup, new, &mut pages)?;
    Ok(pages)
}

struct Setter<'a> {
    setup: &'a Setup,
    new: bool,
    pages: Vec<Page>,
    column: usize,
    y: f32,
    /// Nothing in this column yet.
    fresh: bool,
}

const GUTTER: f32 = 18.0;

impl Setter<'_> {
    fn start_page(&mut self) {
        self.pages.push(Page::new(self.setup.paper));
        self.column = 0;
        self.start_column();
    }

    fn start_column(&mut self) {
        self.y = self.setup.margins[1];
        self.fresh = true;
    }

    fn width(&self) -> f32 {
        let [left, _, right, _] = self.setup.margins;
        let n = self.setup.columns as f32;
        (self.setup.paper[0] - left - right - GUTTER * (n - 1.0)) / n
    }

    fn x(&self) -> f32 {
        self.setup.margins[0] + self.column as f32 * (self.width() + GUTTER)
    }

    /// Makes room for `height` points, in the next column or page if needed.
    fn need(&mut self, height: f32) {
        let bottom = self.setup.paper[1] - self.setup.margins[3];
        if self.y + height > bottom && !self.fresh {
            self.column += 1;
            if self.column >= self.setup.columns {
                self.start_page();
            } else {
                self.start_column();
            }
        }
    }

    fn skip(&mut self, height: f32) {
        if !self.fresh {
            self.y += height;
        }
    }

    fn push(&mut self, item: Item) {
        if let Some(page) = self.pages.last_mut() {
            page.items.push(item);
        }
        self.fresh = false;
    }

    fn words<'w>(&self, words: &'w [Word]) -> impl Iterator<Item = &'w Word> + use<'w> {
        let new = self.new;
        words.iter().filter(move |w| w.on.is_on(new))
    }

    fn block(&mut self, block: &Block) -> Result<()> {
        let setup = self.setup;
        match &block.kind {
            Kind::PageBreak => self.start_page(),
            Kind::Heading(level) => {
                let size = setup.size * [1.7, 1.35, 1.12][usize::from(level.clamp(&1, &3) - 1)];
                let lines = break_lines(
                    self.words(&block.words),
                    setup,
                    setup.heading,
                    size,
                    self.width(),
                )?;
                self.skip(size * 0.9);
                // A heading stays with what follows.
                self.need(size * 1.3 * lines.len() as f32 + setup.leading * 3.0);
                for line in &lines {
                    self.line(line, 0.0, self.width(), size * 1.3, false);
                }
                self.y += size * 0.25;
            }
            Kind::Para => self.paragraph(block, 0.0)?,
            Kind::Item(bullet) => {
                let indent = setup.size * 1.8;
                let before = (self.pages.len(), self.column);
                self.need(setup.leading);
                let y = self.y;
                if before == (self.pages.len(), self.column) || self.fresh {
                    let shaped = shape(Face::DejaVu, bullet)?;
                    let x = if setup.rtl {
                        self.x() + self.width() - setup.size
                    } else {
                        self.x()
                    };
                    self.push(Item::Text(TextLine {
                        face: Face::DejaVu,
                        size: setup.size * 0.9,
                        color: setup.color,
                        origin: [x, y + setup.leading * 0.78],
                        upwards: false,
                        words: vec![PlacedWord {
                            offset: 0.0,
                            shaped,
                            mark: None,
                        }],
                    }));
                }
                self.paragraph(block, indent)?;
            }
            Kind::Table(shares, rows) => {
                self.skip(6.0);
                let new = self.new;
                for row in rows.iter().filter(|r| r.on.is_on(new)) {
                    self.row(shares, row)?;
                }
                self.y += 8.0;
            }
            Kind::Figure {
                pictures,
                width,
                height,
                mark,
            } => {
                if let Some(picture) = &pictures[usize::from(self.new)] {
                    self.figure(block, picture, [*width, *height], *mark)?;
                }
            }
        }
        Ok(())
    }

    fn paragraph(&mut self, block: &Block, indent: f32) -> Result<()> {
        let setup = self.setup;
        let width = self.width() - indent;
        let lines = break_lines(
            self.words(&block.words),
            setup,
            setup.face,
            setup.size,
            width,
        )?;
        for line in &lines {
            self.need(setup.leading);
            self.line(
                line,
                if setup.rtl { 0.0 } else { indent },
                width,
                setup.leading,
                setup.justify,
            );
        }
        self.skip(setup.leading * 0.45);
        Ok(())
    }

    fn figure(
        &mut self,
        block: &Block,
        picture: &Arc<Picture>,
        size: [f32; 2],
        mark: Option<Mark>,
    ) -> Result<()> {
        let shrink = (self.width() / size[0]).min(1.0);
        let [w, h] = size.map(|v| v * shrink);
        self.skip(8.0);
        self.need(h + 30.0);
        let x = self.x() + (self.width() - w) / 2.0;
        let rect = Rect::new(x, self.y, x + w, self.y + h);
        self.push(Item::Image {
            rect,
            picture: Arc::clone(picture),
            mark,
        });
        self.y += h + 4.0;
        let setup = self.setup;
        let size = setup.size * 0.88;
        for line in &break_lines(
            self.words(&block.words),
            setup,
            setup.face,
            size,
            self.width(),
        )? {
            self.line(line, 0.0, self.width(), size * 1.25, false);
        }
        self.y += 8.0;
        Ok(())
    }

    fn row(&mut self, shares: &[f32], row: &Row) -> Result<()> {
        let setup = self.setup;
        let size = setup.size * 0.92;
        let pad = 4.0;
        let mut cells = Vec::new();
        for (share, cell) in shares.iter().zip(&row.cells) {
            let width = self.width() * share;
            cells.push((
                width,
                break_lines(self.words(cell), setup, setup.face, size, width - 2.0 * pad)?,
            ));
        }
        let leading = size * 1.25;
        let tallest = cells
            .iter()
            .map(|(_, lines)| lines.len())
            .max()
            .unwrap_or(1)
            .max(1);
        let height = tallest as f32 * leading + pad;
        self.need(height);
        let (top, mut x) = (self.y, self.x());
        let left = x;
        for (width, lines) in &cells {
            let mut segs = rectangle(&Rect::new(x, top, x + width, top + height));
            segs.push(Seg::Close);
            self.push(Item::Path {
                segs,
                paint: Paint::stroke(0.5, BLACK),
                mark: row.mark,
            });
            self.y = top + pad / 2.0;
            for line in lines {
                self.line(line, x - left + pad, width - 2.0 * pad, leading, false);
            }
            x += width;
        }
        self.y = top + height;
        Ok(())
    }

    /// Places a line `indent` points from the column's edge.
    fn line(&mut self, line: &Line, indent: f32, width: f32, leading: f32, justify: bool) {
        let setup = self.setup;
        let space = shape(setup.face, " ").map_or(0.25, |s| s.width);
        let natural = |p: &super::lines::Piece, first: bool| {
            if first || p.glued {
                0.0
            } else {
                space * p.size
            }
        };
        let total: f32 = line
            .pieces
            .iter()
            .enumerate()
            .map(|(i, p)| natural(p, i == 0) + p.width())
            .sum();
        let gaps = line.pieces.iter().skip(1).filter(|p| !p.glued).count();
        let slack = width - total;
        let stretch = if justify && !line.last && gaps > 0 && slack > 0.0 && slack < width * 0.3 {
            slack / gaps as f32
        } else {
            0.0
        };
        let baseline = self.y + leading * 0.78;
        let left = self.x() + indent;
        let mut pen = 0.0;
        let mut runs: Vec<TextLine> = Vec::new();
        for (i, piece) in line.pieces.iter().enumerate() {
            let gap = natural(piece, i == 0);
            pen += if gap > 0.0 { gap + stretch } else { 0.0 };
            let x = if setup.rtl {
                width - pen - piece.width()
            } else {
                pen
            };
            let placed = PlacedWord {
                offset: x,
                shaped: Arc::clone(&piece.shaped),
                mark: piece.mark,
            };
            let face = piece.shaped.face;
            match runs.last_mut() {
                Some(run)
                    if run.face == face && run.size == piece.size && run.color == piece.color =>
                {
                    run.words.push(placed);
                }
                _ => runs.push(text_line(
                    face,
                    piece.size,
                    piece.color,
                    [left, baseline],
                    vec![placed],
                )),
            }
            pen += piece.width();
        }
        for mut run in runs {
            if setup.rtl {
                run.words.reverse();
            }
            self.push(Item::Text(run));
        }
        self.y += leading;
    }
}

fn text_line(
    face: Face,
    size: f32,
    color: Color,
    origin: [f32; 2],
    words: Vec<PlacedWord>,
) -> TextLine {
    TextLine {
        face,
        size,
        color,
        origin,
        upwards: false,
        words,
    }
}

/// Corners of a rectangle as an open path.
pub fn rectangle(r: &Rect) -> Vec<Seg> {
    vec![
        Seg::Move([r.x0, r.y0]),
        Seg::Line([r.x1, r.y0]),
        Seg::Line([r.x1, r.y1]),
        Seg::Line([r.x0, r.y1]),
    ]
}

/// Running header and footer.
fn furniture(flow: &Flow, setup: &Setup, new: bool, pages: &mut [Page]) -> Result<()> {
    let count = pages.len();
    let left = setup.margins[0];
    let size = 8.5;
    for (index, page) in pages.iter_mut().enumerate() {
        let mut footer: Vec<Word> = flow
            .footer
            .iter()
            .filter(|w| w.on.is_on(new))
            .cloned()
            .collect();
        if flow.numbered {
            footer.extend(super::words(&format!("Page {} of {count}", index + 1)));
        }
        let header: Vec<Word> = flow
            .header
            .iter()
            .filter(|w| w.on.is_on(new))
            .cloned()
            .collect();
        for (words, y) in [(header, 48.0), (footer, setup.paper[1] - 40.0)] {
            if words.is_empty() {
                continue;
            }
            let mut pen = 0.0;
            let mut placed = Vec::new();
            for word in &words {
                let shaped = shape(Face::Sans, &word.text)?;
                let advance = (shaped.width + 0.278) * size;
                placed.push(PlacedWord {
                    offset: pen,
                    shaped,
                    mark: word.mark,
                });
                pen += advance;
            }
            page.items.push(Item::Text(text_line(
                Face::Sans,
                size,
                [70, 70, 70],
                [left, y],
                placed,
            )));
        }
        if !flow.header.is_empty() {
            page.items.push(Item::Path {
                segs: vec![
                    Seg::Move([left, 54.0]), // The same on any paper, so that reflow leaves it alone.
                    Seg::Line([left + 375.0, 54.0]),
                ],
                paint: Paint::stroke(0.6, [70, 70, 70]),
                mark: None,
            });
        }
    }
    Ok(())
}
