//! Breaking words into lines.

use std::sync::Arc;

use super::{Setup, Word};
use crate::Result;
use crate::fonts::{Face, Shaped, shape};
use crate::scene::{Color, Mark};

/// A word, or a part of one, ready to be placed.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Glyphs.
    pub shaped: Arc<Shaped>,
    /// Size, points.
    pub size: f32,
    /// Colour.
    pub color: Color,
    /// Edit.
    pub mark: Option<Mark>,
    /// No space before it.
    pub glued: bool,
}

impl Piece {
    /// Width, points.
    pub fn width(&self) -> f32 {
        self.shaped.width * self.size
    }
}

/// A broken line.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Pieces in logical order.
    pub pieces: Vec<Piece>,
    /// Last of its paragraph: not stretched.
    pub last: bool,
}

/// Characters that must not start a line (kinsoku).
const NO_START: &str = "，。、；：？！）」』】》”’,.;:?!)";

fn piece(word: &Word, text: &str, setup: &Setup, face: Face, size: f32) -> Result<Piece> {
    let mut face = word.face.unwrap_or(face);
    if word.italic {
        face = face.italic();
    }
    if word.bold {
        face = face.bold();
    }
    // Faces of one script lack the others' letters.
    if matches!(face, Face::Arabic) && text.is_ascii() {
        face = Face::Serif;
    }
    Ok(Piece {
        shaped: shape(face, text)?,
        size: size * if word.scale > 0.0 { word.scale } else { 1.0 },
        color: word.color.unwrap_or(setup.color),
        mark: word.mark,
        glued: word.glued,
    })
}

/// Places where a long Latin word may be broken: before a consonant that
/// starts a syllable, three letters from either end.
fn hyphenation_points(text: &str) -> Vec<usize> {
    if text.len() < 8 || !text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Vec::new();
    }
    let bytes = text.as_bytes();
    let vowel = |i: usize| b"aeiouyAEIOUY".contains(&bytes[i]);
    (3..text.len() - 3)
        .filter(|&i| vowel(i - 1) && !vowel(i) && vowel(i + 1))
        .collect()
}

/// Breaks `words` into lines of `width` points, first fit.
pub fn break_lines<'a>(
    words: impl IntoIterator<Item = &'a Word>,
    setup: &Setup,
    face: Face,
    size: f32,
    width: f32,
) -> Result<Vec<Line>> {
    let space = shape(setup.face, " ")?.width * size;
    let mut lines = vec![Line::default()];
    let mut used = 0.0_f32;
    for word in words {
        let next = piece(word, &word.text, setup, face, size)?;
        let gap = if next.glued || used == 0.0 {
            0.0
        } else {
            space
        };
        let stays = word.glued && word.text.chars().all(|c| NO_START.contains(c));
        if used > 0.0 && used + gap + next.width() > width && !stays {
            let mut rest = None;
            if setup.hyphenate {
                for at in hyphenation_points(&word.text).into_iter().rev() {
                    let head = piece(word, &format!("{}-", &word.text[..at]), setup, face, size)?;
                    if used + gap + head.width() <= width {
                        rest = Some((head, piece(word, &word.text[at..], setup, face, size)?));
                        break;
                    }
                }
            }
            let next = if let (Some((head, tail)), Some(line)) = (rest, lines.last_mut()) {
                line.pieces.push(head);
                tail
            } else {
                next
            };
            used = next.width();
            lines.push(Line {
                pieces: vec![next],
                last: false,
            });
        } else {
            used += gap + next.width();
            if let Some(line) = lines.last_mut() {
                line.pieces.push(next);
            }
        }
    }
    if let Some(line) = lines.last_mut() {
        line.last = true;
    }
    lines.retain(|line| !line.pieces.is_empty());
    Ok(lines)
}
