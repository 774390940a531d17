//! What a page is recognised by.

use std::hash::{Hash, Hasher};

use model::Page;
use rayon::prelude::*;
use rustc_hash::FxHasher;

/// Words in a row hashed together.
const SHINGLE: usize = 3;

/// Paths looked at per page.
const MOST_PATHS: usize = 20_000;

/// What a page is recognised by: sorted sets of hashes, one per sort of
/// content.
#[derive(Clone, Debug, Default)]
pub struct Fingerprint {
    /// Equal for pages with equal content.
    pub identity: u64,
    /// Runs of words.
    pub shingles: Vec<u64>,
    /// Single words.
    pub words: Vec<u64>,
    /// Places and widths of words, whatever they say: a producer that loses
    /// the meaning of the characters leaves them where they were.
    pub layout: Vec<u64>,
    /// Path shapes, wherever they stand.
    pub paths: Vec<u64>,
    /// Raster images.
    pub images: Vec<u64>,
    /// Words of the title block: the lower right corner of a drawing sheet.
    pub title: Vec<u64>,
    /// Difference hash of the largest image.
    pub perceptual: Option<u64>,
    /// Page size in points.
    pub size: [f32; 2],
    /// Number of words.
    pub count: usize,
    /// The page could not be read.
    pub failed: bool,
}

/// The fingerprints of all pages.
pub fn of_pages(pages: &[&Page]) -> Vec<Fingerprint> {
    pages.par_iter().map(|page| of_page(page)).collect()
}

fn of_page(page: &Page) -> Fingerprint {
    let hashes: Vec<u64> = page.words.iter().map(|w| hash(&w.text)).collect();
    let shingles = if hashes.len() < SHINGLE {
        hashes.clone()
    } else {
        hashes.windows(SHINGLE).map(|w| hash(&w)).collect()
    };
    let corner =
        |w: &model::Word| w.bounds.x0 > 0.6 * page.size[0] && w.bounds.y0 > 0.75 * page.size[1];
    let title = page
        .words
        .iter()
        .zip(&hashes)
        .filter(|(w, _)| corner(w))
        .map(|(_, &h)| h)
        .collect();
    let cell = |v: f32| (v / 3.0).round() as i32;
    let layout: Vec<u64> = page
        .words
        .iter()
        .map(|w| {
            let r = w.bounds;
            hash(&(cell(r.x0), cell(r.y1), cell(r.width())))
        })
        .collect();
    let paths: Vec<u64> = page
        .drawing
        .paths
        .iter()
        .take(MOST_PATHS)
        .map(|p| {
            hash(&(
                (2.0 * p.bounds.width()) as i32,
                (2.0 * p.bounds.height()) as i32,
            ))
        })
        .collect();
    let images: Vec<u64> = page.images.iter().map(|i| i.hash).collect();
    let perceptual = page
        .images
        .iter()
        .max_by(|a, b| a.bounds.area().total_cmp(&b.bounds.area()))
        .and_then(|i| i.perceptual);
    let identity = if page.coverage.digest == 0 {
        hash(&(&hashes, &paths, &images))
    } else {
        page.coverage.digest
    };
    Fingerprint {
        identity: hash(&(identity, page.size.map(f32::to_bits))),
        shingles: set(shingles),
        count: hashes.len(),
        words: set(hashes),
        layout: set(layout),
        paths: set(paths),
        images: set(images),
        title: set(title),
        perceptual,
        size: page.size,
        failed: page.failed.is_some(),
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

fn set(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

impl Fingerprint {
    /// Whether the page has no words to speak of.
    pub fn is_wordless(&self) -> bool {
        self.count < 5
    }

    /// How much two pages are alike, 0 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        /// What pages of one size without words or shapes to tell them apart
        /// are worth: their order decides.
        const UNKNOWN: f32 = 0.25;
        if self.identity == other.identity {
            return 1.0;
        }
        if self.failed || other.failed {
            return UNKNOWN;
        }
        let (mut score, mut weight) = (0.0, 0.0);
        let mut add = |share: f32, by: f32| {
            score += by * share;
            weight += by;
        };
        let words = self.count.max(other.count);
        if words > 0 {
            let by = (words as f32 / 30.0).min(1.0);
            let shingles = dice(&self.shingles, &other.shingles);
            let bag = dice(&self.words, &other.words);
            let layout = dice(&self.layout, &other.layout);
            add((0.6 * shingles + 0.4 * bag).max(layout), by);
        }
        let paths = self.paths.len().max(other.paths.len());
        if paths > 0 {
            let by = 0.5 * (paths as f32 / 50.0).min(1.0);
            add(dice(&self.paths, &other.paths), by);
        }
        if !self.images.is_empty() || !other.images.is_empty() {
            add(dice(&self.images, &other.images).max(self.look(other)), 0.4);
        }
        if !self.title.is_empty() && paths > 100 {
            add(dice(&self.title, &other.title), 0.4);
        }
        let known = if weight > 0.0 { score / weight } else { 1.0 };
        let near = |a: f32, b: f32| (a - b).abs() <= 0.03 * a.abs().max(b.abs());
        let one_size = near(self.size[0], other.size[0]) && near(self.size[1], other.size[1]);
        if self.is_wordless() && other.is_wordless() && one_size {
            known.max(UNKNOWN)
        } else {
            known
        }
    }

    /// How alike the largest images look.
    fn look(&self, other: &Self) -> f32 {
        match (self.perceptual, other.perceptual) {
            (Some(a), Some(b)) => (1.0 - (a ^ b).count_ones() as f32 / 24.0).max(0.0),
            _ => 0.0,
        }
    }
}

/// Sørensen–Dice coefficient of two sorted sets.
fn dice(a: &[u64], b: &[u64]) -> f32 {
    let total = a.len() + b.len();
    if total == 0 {
        return 0.0;
    }
    2.0 * common(a, b) as f32 / total as f32
}

/// Number of members two sorted sets share.
fn common(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}
