//! Measures two choices of the schema on a real PostgreSQL, side by side: how words of
//! pages are kept (one compressed value a page, or a row a line), and how they are
//! found (whole words by `tsvector`, parts of words by trigrams). `scripts/bench-search`
//! runs it.
//!
//! Settings: `DOCUMENTS` (200), `PAGES` of each (50), `READS` (400).

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};
use testkit::Cluster;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls};

/// Lines of a page, and words of a line.
const LINES: usize = 45;
const WORDS: usize = 9;
/// A part number stands among so many words.
const PART_EVERY: usize = 40;
/// Different words, most of them rare, as in real text.
const VOCABULARY: usize = 20_000;
/// The seed of everything that is random.
const SEED: u64 = 7;

const SCHEMA: &str = "
CREATE EXTENSION pg_trgm;
CREATE TABLE packed (document int, page int, words bytea NOT NULL, PRIMARY KEY (document, page));
ALTER TABLE packed ALTER COLUMN words SET STORAGE EXTERNAL;
CREATE TABLE lines (document int, page int, line int, x0 real, y0 real, x1 real, y1 real,
    text text NOT NULL, xs real[] NOT NULL, PRIMARY KEY (document, page, line));
CREATE TABLE by_tokens (document int, page int, tokens tsvector NOT NULL);
CREATE TABLE by_trigrams (document int, page int, line text NOT NULL, PRIMARY KEY (document, page));
CREATE INDEX by_tokens_index ON by_tokens USING gin (tokens);
CREATE INDEX by_trigrams_index ON by_trigrams USING gin (line gin_trgm_ops);";

fn setting(name: &str, default: usize) -> usize {
    let set = std::env::var(name).ok();
    set.and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Text as it is searched: words whose frequencies fall off as those of real text.
struct Text {
    words: Vec<String>,
    random: StdRng,
    written: usize,
}

/// A line: its words, each with where it begins.
type Line = Vec<(String, f32)>;

impl Text {
    fn new() -> Self {
        let mut random = StdRng::seed_from_u64(SEED);
        let syllables = [
            "ta", "ri", "mon", "ve", "sto", "kel", "an", "or", "pli", "du", "fer", "gas", "hin",
            "lo",
        ];
        let words = (0..VOCABULARY)
            .map(|_| {
                let length = random.random_range(1..=4);
                (0..length)
                    .map(|_| *syllables.choose(&mut random).unwrap())
                    .collect()
            })
            .collect();
        Self {
            words,
            random,
            written: 0,
        }
    }

    fn word(&mut self) -> String {
        self.written += 1;
        if self.written.is_multiple_of(PART_EVERY) {
            return self.part();
        }
        // Zipf's law, nearly: the n-th word is about n times as rare as the first.
        let rank = (VOCABULARY as f64).powf(self.random.random::<f64>()) as usize;
        self.words[rank.min(VOCABULARY - 1)].clone()
    }

    fn part(&mut self) -> String {
        let number = self.random.random_range(1000..100_000);
        let letters = ["FT", "PV", "MOT", "R", "XL"];
        format!("{}-{number}", letters.choose(&mut self.random).unwrap())
    }

    fn page(&mut self) -> Vec<Line> {
        let line = |text: &mut Self| (0..WORDS).map(|n| (text.word(), n as f32 * 52.3)).collect();
        (0..LINES).map(|_| line(self)).collect()
    }
}

fn joined(line: &Line) -> String {
    let words: Vec<_> = line.iter().map(|(word, _)| word.as_str()).collect();
    words.join(" ")
}

/// A page as db-router keeps it.
fn pack(page: &[Line]) -> Vec<u8> {
    let words: Vec<_> = page
        .iter()
        .zip(0_u8..)
        .flat_map(|(line, n)| {
            let y = f32::from(n) * 14.2;
            (line.iter()).map(move |(text, x)| store::PlacedWord {
                text: text.clone(),
                r#box: [*x, y, x + 45.5, y + 11.0],
                joined: false,
            })
        })
        .collect();
    zstd::bulk::compress(&serde_json::to_vec(&words).unwrap(), 3).unwrap()
}

struct Bench {
    client: Client,
    documents: i32,
    pages: i32,
    reads: usize,
}

impl Bench {
    /// Times the writing of a table, document by document, one transaction each.
    async fn write(&mut self, what: &str, sql: &str, rows: impl Fn(&[Line]) -> Vec<Row>) {
        let mut text = Text::new();
        let mut spent = Duration::ZERO;
        for document in 0..self.documents {
            let pages: Vec<_> = (0..self.pages).map(|_| text.page()).collect();
            let start = Instant::now();
            let transaction = self.client.transaction().await.unwrap();
            let statement = transaction.prepare(sql).await.unwrap();
            for (lines, page) in pages.iter().zip(0..) {
                for row in rows(lines) {
                    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&document, &page];
                    values.extend(row.iter().map(|value| &**value as &(dyn ToSql + Sync)));
                    transaction.execute(&statement, &values).await.unwrap();
                }
            }
            transaction.commit().await.unwrap();
            spent += start.elapsed();
        }
        let ms = spent.as_secs_f64() * 1e3 / f64::from(self.documents * self.pages);
        println!("{what:<34} {ms:8.2} ms a page written");
    }

    /// Bytes of a table, and of all its indexes, TOAST included in the former.
    async fn size(&self, what: &str, table: &str) {
        self.client
            .batch_execute(&format!("VACUUM ANALYZE {table}"))
            .await
            .unwrap();
        let sql = format!("SELECT pg_table_size('{table}'), pg_indexes_size('{table}')");
        let row = self.client.query_one(&sql, &[]).await.unwrap();
        let (table, indexes): (i64, i64) = (row.get(0), row.get(1));
        let mb = |bytes: i64| bytes as f64 / 1e6;
        println!(
            "{what:<34} {:8.1} MB table, {:6.1} MB indexes",
            mb(table),
            mb(indexes)
        );
    }

    /// A page picked at random.
    fn any_page(&self, random: &mut StdRng) -> (i32, i32) {
        let document = random.random_range(0..self.documents);
        (document, random.random_range(0..self.pages))
    }
}

type Row = Vec<Box<dyn ToSql + Sync + Send>>;

/// Times by percentile, with how many rows were found in the middle.
fn told(what: &str, mut times: Vec<(Duration, usize)>) -> String {
    let mut rows: Vec<_> = times.iter().map(|(_, rows)| *rows).collect();
    rows.sort_unstable();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let mut line = String::new();
    // Writing to a string cannot fail.
    let _ = write!(
        line,
        "{what:<34} p50 {:7.2} ms  p95 {:7.2} ms  ({} rows)",
        ms(at(0.5)),
        ms(at(0.95)),
        rows[rows.len() / 2]
    );
    line
}

#[tokio::main]
async fn main() {
    let cluster = tokio::task::block_in_place(|| Cluster::start(0));
    cluster.create("bench").await;
    testkit::administer(
        cluster.primary,
        "bench",
        "CREATE EXTENSION pg_trgm; DROP EXTENSION pg_trgm",
    )
    .await;
    let url = Cluster::url(cluster.primary, "bench");
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let mut bench = Bench {
        client,
        documents: setting("DOCUMENTS", 200) as i32,
        pages: setting("PAGES", 50) as i32,
        reads: setting("READS", 400),
    };
    bench.client.batch_execute(SCHEMA).await.unwrap();
    println!(
        "{} documents of {} pages, {} words a page, {} reads each\n",
        bench.documents,
        bench.pages,
        LINES * WORDS,
        bench.reads
    );
    words(&mut bench).await;
    println!();
    search(&mut bench).await;
}

/// One compressed value a page against a row a line.
async fn words(bench: &mut Bench) {
    bench
        .write(
            "words: one value a page",
            "INSERT INTO packed VALUES ($1, $2, $3)",
            |page| vec![vec![Box::new(pack(page))]],
        )
        .await;
    bench
        .write(
            "words: a row a line",
            "INSERT INTO lines VALUES ($1, $2, $3, 0, $3::int * 14.2, 500, $3::int * 14.2 + 11, $4, $5)",
            |page| {
                let row = |(line, n): (&Line, i32)| -> Row {
                    let xs: Vec<f32> = line.iter().map(|(_, x)| *x).collect();
                    vec![Box::new(n), Box::new(joined(line)), Box::new(xs)]
                };
                page.iter().zip(0..).map(row).collect()
            },
        )
        .await;
    bench.size("words: one value a page", "packed").await;
    bench.size("words: a row a line", "lines").await;

    let mut random = StdRng::seed_from_u64(SEED);
    let value = "SELECT words FROM packed WHERE document = $1 AND page = $2";
    let value = bench.client.prepare(value).await.unwrap();
    let rows = "SELECT text, xs, y0, y1 FROM lines WHERE document = $1 AND page = $2 ORDER BY line";
    let rows = bench.client.prepare(rows).await.unwrap();
    let (mut one, mut many) = (Vec::new(), Vec::new());
    for _ in 0..bench.reads {
        let (document, page) = bench.any_page(&mut random);
        let start = Instant::now();
        let row = bench
            .client
            .query_one(&value, &[&document, &page])
            .await
            .unwrap();
        let json = zstd::decode_all(row.get::<_, &[u8]>(0)).unwrap();
        let words: Vec<store::PlacedWord> = serde_json::from_slice(&json).unwrap();
        one.push((start.elapsed(), words.len()));
        let start = Instant::now();
        let found = bench
            .client
            .query(&rows, &[&document, &page])
            .await
            .unwrap();
        let mut words = 0;
        for row in found {
            let (text, xs): (&str, Vec<f32>) = (row.get(0), row.get(1));
            words += text.split(' ').zip(xs).count();
        }
        many.push((start.elapsed(), words));
    }
    println!("{}", told("page read: one value", one));
    println!("{}", told("page read: a row a line", many));
}

/// Whole words and parts of words, by either index.
async fn search(bench: &mut Bench) {
    bench
        .write(
            "index: tsvector",
            "INSERT INTO by_tokens VALUES ($1, $2, array_to_tsvector(string_to_array($3, ' ')))",
            |page| vec![vec![Box::new(tokens(page))]],
        )
        .await;
    bench
        .write(
            "index: trigrams",
            "INSERT INTO by_trigrams VALUES ($1, $2, $3)",
            |page| vec![vec![Box::new(line(page))]],
        )
        .await;
    bench.size("index: tsvector", "by_tokens").await;
    bench.size("index: trigrams", "by_trigrams").await;

    let by_tokens = "SELECT document, page FROM by_tokens WHERE tokens @@ CAST(CAST($1 AS text) AS tsquery) \
                     ORDER BY document DESC, page LIMIT 50";
    let by_tokens = bench.client.prepare(by_tokens).await.unwrap();
    let by_trigrams = "SELECT document, page FROM by_trigrams WHERE line LIKE $1 \
                       ORDER BY document DESC, page LIMIT 50";
    let by_trigrams = bench.client.prepare(by_trigrams).await.unwrap();
    let mut text = Text::new();
    for (what, from, to) in [
        ("a frequent word", 20, 200),
        ("a rare word", 5_000, VOCABULARY),
    ] {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for _ in 0..bench.reads {
            let word = text.words[text.random.random_range(from..to)].clone();
            first.push(timed(bench, &by_tokens, &format!("'{word}'")).await);
            second.push(timed(bench, &by_trigrams, &format!("%{word}%")).await);
        }
        println!("{}", told(&format!("{what}: tsvector"), first));
        println!("{}", told(&format!("{what}: trigrams"), second));
    }
    // Of a phrase `tsvector` knows the words only; their pages are then looked through.
    let (mut words, mut phrases) = (Vec::new(), Vec::new());
    let both = "SELECT t.document, t.page FROM by_tokens t JOIN by_trigrams l USING (document, page) \
                WHERE t.tokens @@ CAST(CAST($1 AS text) AS tsquery) AND (l.line || '') LIKE $2";
    let both = bench.client.prepare(both).await.unwrap();
    for _ in 0..bench.reads {
        let [one, two] = [(); 2].map(|()| {
            let word = text.random.random_range(20..200);
            text.words[word].clone()
        });
        let start = Instant::now();
        let query = [format!("'{one}' & '{two}'"), format!("%{one} {two}%")];
        let rows = bench.client.query(&both, &[&query[0], &query[1]]).await;
        words.push((start.elapsed(), rows.unwrap().len()));
        phrases.push(timed(bench, &by_trigrams, &format!("%{one} {two}%")).await);
    }
    println!("{}", told("a phrase: tsvector, looked through", words));
    println!("{}", told("a phrase: trigrams", phrases));
    // A part number by its beginning, which both can do, and by a part from its
    // middle, which words cannot.
    let (mut begin_words, mut begin_parts, mut middle_parts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bench.reads {
        let part = text.part().to_lowercase();
        let (letters, number) = part.split_once('-').unwrap();
        let query = format!("'{letters}' & '{}':*", &number[..3]);
        begin_words.push(timed(bench, &by_tokens, &query).await);
        let query = format!("%{letters}-{}%", &number[..3]);
        begin_parts.push(timed(bench, &by_trigrams, &query).await);
        let query = format!("%{}%", &part[1..part.len() - 1]);
        middle_parts.push(timed(bench, &by_trigrams, &query).await);
    }
    println!("{}", told("a number's beginning: tsvector", begin_words));
    println!("{}", told("a number's beginning: trigrams", begin_parts));
    println!("a part from its middle: tsvector   cannot: it knows beginnings of words only");
    println!("{}", told("a part from its middle: trigrams", middle_parts));
}

async fn timed(
    bench: &Bench,
    statement: &tokio_postgres::Statement,
    query: &str,
) -> (Duration, usize) {
    let start = Instant::now();
    let rows = bench.client.query(statement, &[&query]).await.unwrap();
    (start.elapsed(), rows.len())
}

/// The different words of a page, as the index takes them.
fn tokens(page: &[Line]) -> String {
    let text = line(page);
    let mut words: Vec<_> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// A page as one line of lower case.
fn line(page: &[Line]) -> String {
    let lines: Vec<_> = page.iter().map(joined).collect();
    lines.join(" ").to_lowercase()
}
