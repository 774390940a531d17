//! The kinds of cases and how each is made.

mod document;
mod drawings;
mod edits;
mod identity;
mod objects;
mod pages;
mod scans;
mod texts;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::pdf::{Producer, write};
use crate::programs::Resaver;
use crate::rng::Rng;
use crate::scene::Scene;
use crate::truth::{Class, FORMAT, Note, PageEvent, Truths, collect};
use crate::{Error, Result};

pub use document::Draft;
pub use drawings::schematic_sample;

/// Both sides of a case with what is known about them.
pub struct Pair {
    /// Old revision.
    pub old: Scene,
    /// New revision.
    pub new: Scene,
    /// The edits; their index is the mark.
    pub notes: Vec<Note>,
    /// Page events; `None` where they are not scored.
    pub events: Option<Vec<PageEvent>>,
    /// How each side is written.
    pub producers: [Producer; 2],
    /// What the new side is saved through.
    pub resave: Option<Resaver>,
}

impl Pair {
    /// A pair without page events, written alike.
    pub fn new(old: Scene, new: Scene, notes: Vec<Note>) -> Self {
        Self {
            old,
            new,
            notes,
            events: Some(Vec::new()),
            producers: [Producer::default(); 2],
            resave: None,
        }
    }
}

/// A kind of case.
pub struct Kind {
    /// Name, kebab-case.
    pub name: &'static str,
    /// Class it counts in.
    pub class: Class,
    /// Makes the case of a seed.
    pub make: fn(&mut Rng) -> Result<Pair>,
}

/// A kind, shortly.
const fn kind(class: Class, name: &'static str, make: fn(&mut Rng) -> Result<Pair>) -> Kind {
    Kind { name, class, make }
}

/// All kinds in table order.
pub fn kinds() -> Vec<&'static Kind> {
    [
        texts::KINDS,
        texts::STYLES,
        pages::KINDS,
        drawings::KINDS,
        objects::IMAGES,
        objects::KINDS,
        scans::KINDS,
        identity::KINDS,
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A case ready to be stored.
pub struct Case {
    /// Bytes of the old revision.
    pub old: Vec<u8>,
    /// Bytes of the new revision.
    pub new: Vec<u8>,
    /// What is true.
    pub truths: Truths,
}

/// Makes the case of `kind` with `seed`.
pub fn make(kind: &Kind, seed: u64) -> Result<Case> {
    let mut rng = Rng::new(seed, kind.name);
    let pair = (kind.make)(&mut rng)?;
    finish(&pair, kind.name, kind.class, seed)
}

/// Writes both files of a pair and collects the truth.
pub fn finish(pair: &Pair, kind: &str, class: Class, seed: u64) -> Result<Case> {
    let (mut before, mut after) = (pair.old.clone(), pair.new.clone());
    if pair.resave == Some(Resaver::Cairo) {
        // poppler drops the properties: a loss that a tool would rightly tell.
        before.metadata.clear();
        after.metadata.clear();
    }
    let old = write(&before, pair.producers[0])?;
    let mut new = write(&after, pair.producers[1])?;
    if let Some(resaver) = pair.resave {
        new = resaver.run(&new)?;
    }
    Ok(Case {
        old,
        new,
        truths: Truths {
            format: FORMAT.to_owned(),
            id: format!("{kind}-{seed}"),
            kind: kind.to_owned(),
            class,
            seed,
            truths: collect(&pair.old, &pair.new, &pair.notes),
            pages: pair.events.clone(),
        },
    })
}

/// Makes every case whose id contains `filter` into `folder/ID/`; the ids.
pub fn generate(folder: &Path, seeds: u64, filter: &str) -> Result<Vec<String>> {
    crate::fonts::check_all()?;
    let all: Vec<(&Kind, u64)> = kinds()
        .into_iter()
        .flat_map(|kind| (1..=seeds).map(move |seed| (kind, seed)))
        .filter(|(kind, seed)| format!("{}-{seed}", kind.name).contains(filter))
        .collect();
    all.into_par_iter()
        .map(|(kind, seed)| {
            let case = make(kind, seed)?;
            store(&case, &folder.join(&case.truths.id))?;
            Ok(case.truths.id)
        })
        .collect()
}

/// Writes `old.pdf`, `new.pdf` and `truth.json` into `folder`.
pub fn store(case: &Case, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Error::io(folder))?;
    let put = |name: &str, bytes: &[u8]| {
        let path: PathBuf = folder.join(name);
        std::fs::write(&path, bytes).map_err(Error::io(&path))
    };
    put("old.pdf", &case.old)?;
    put("new.pdf", &case.new)?;
    let json = serde_json::to_vec_pretty(&case.truths)
        .map_err(Error::format(folder.join("truth.json")))?;
    put("truth.json", &json)
}
