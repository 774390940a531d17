//! The store as a library: keeps what was read of a document, lists and searches.
//!
//! ```sh
//! DATABASE_URL=postgresql://pdfuser@localhost:6432/pdfcompare \
//! DATABASE_READ_URL_1=postgresql://pdfuser@localhost:6432/pdfcompare_replica_1 \
//!   cargo run -p db-router --example scaled_backend -- FT-1001
//! ```
//!
//! `DATABASE_URL=sqlite:FILE` does as well: one file, no replicas.

use db_router::{DatabaseArgs, VectorMap, create_scaled_backend};
use store::{PageWords, PlacedWord};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "FT-1001".to_owned());
    let backend = create_scaled_backend(&DatabaseArgs::from_environment()?, "example").await?;

    let words = ["Flow", "transmitter", "FT-1001", "at", "the", "inlet"];
    let page = PageWords {
        page: 1,
        size: [595.0, 842.0],
        words: (words.iter().zip(0_u16..))
            .map(|(word, n)| PlacedWord {
                text: (*word).to_owned(),
                r#box: [f32::from(n) * 60.0, 72.0, f32::from(n) * 60.0 + 55.0, 84.0],
                joined: false,
            })
            .collect(),
        failed: None,
    };
    let kept = backend
        .upsert_vectormap(VectorMap {
            name: "inlet.pdf".to_owned(),
            file: b"the bytes of the file".to_vec(),
            title: None,
            pages: vec![page],
        })
        .await?;
    println!("kept {} as {}", kept.name, kept.id);

    for document in backend.list_documents().await? {
        println!(
            "{}  {} pages",
            document.name,
            document.pages.unwrap_or_default()
        );
    }
    for hit in backend.search_text(&wanted).await? {
        println!("{wanted} is on page {} of {}", hit.page, hit.name);
    }
    for node in backend.topology() {
        println!(
            "{}: {}, {} bytes behind, {} reads",
            node.name, node.role, node.lag.bytes, node.reads
        );
    }
    Ok(())
}
