//! Sentences in several languages, put together from parts so that they read
//! like ordinary text and hardly ever repeat.

mod banks;

use crate::flow::Word;
use crate::rng::Rng;

/// A language sentences can be made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, contract and specification style.
    English,
    /// Russian (Cyrillic).
    Russian,
    /// Chinese, simplified: no spaces.
    Chinese,
    /// Japanese: no spaces.
    Japanese,
    /// Arabic: right to left.
    Arabic,
}

impl Language {
    /// Whether words run together.
    pub fn is_glued(self) -> bool {
        matches!(self, Self::Chinese | Self::Japanese)
    }

    fn bank(self) -> &'static banks::Bank {
        match self {
            Self::English => &banks::ENGLISH,
            Self::Russian => &banks::RUSSIAN,
            Self::Chinese => &banks::CHINESE,
            Self::Japanese => &banks::JAPANESE,
            Self::Arabic => &banks::ARABIC,
        }
    }

    /// A content word that stands in for `not`, which it differs from.
    pub fn other_word(self, rng: &mut Rng, not: &str) -> String {
        loop {
            let word = rng.pick(self.bank().spare);
            if *word != not {
                return (*word).to_owned();
            }
        }
    }
}

/// One sentence as plain text.
pub fn sentence(language: Language, rng: &mut Rng) -> String {
    let bank = language.bank();
    let mut out = String::new();
    let mut rest = *rng.pick(bank.templates);
    while let Some(start) = rest.find('{') {
        let end = rest[start..]
            .find('}')
            .map_or(rest.len() - 1, |e| start + e);
        out.push_str(&rest[..start]);
        let key = &rest[start + 1..end];
        if key == "n" {
            out.push_str(&rng.range(3, 980).to_string());
        } else if let Some((_, options)) = bank.slots.iter().find(|(name, _)| *name == key) {
            out.push_str(rng.pick::<&str>(options));
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    let mut chars = out.chars();
    chars.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// The words of a sentence; single characters where the script has no spaces.
pub fn sentence_words(language: Language, rng: &mut Rng, number: u32) -> Vec<Word> {
    let text = sentence(language, rng);
    split(language, &text)
        .into_iter()
        .map(|word| Word {
            sentence: number,
            ..word
        })
        .collect()
}

/// Splits text as `language` is written.
pub fn split(language: Language, text: &str) -> Vec<Word> {
    if !language.is_glued() {
        return crate::flow::words(text);
    }
    let mut out: Vec<Word> = Vec::new();
    for c in text.chars() {
        match out.last_mut() {
            // Numbers and Latin words stay whole.
            Some(last)
                if c.is_ascii_alphanumeric()
                    && last.text.chars().all(|l| l.is_ascii_alphanumeric()) =>
            {
                last.text.push(c);
            }
            _ => out.push(Word {
                glued: true,
                ..Word::new(c)
            }),
        }
    }
    out
}

/// A paragraph of `count` sentences.
pub fn paragraph(language: Language, rng: &mut Rng, count: usize) -> Vec<Word> {
    (0..count)
        .flat_map(|number| sentence_words(language, rng, number as u32))
        .collect()
}

/// A heading without a full stop.
pub fn title(language: Language, rng: &mut Rng) -> Vec<Word> {
    let text = (*rng.pick(language.bank().titles)).to_owned();
    split(language, &text)
}
