//! What is in a data folder once nobody serves it: everything that is wanted,
//! and nothing else.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use futures::TryStreamExt;
use rusqlite::{Connection, OpenFlags};
use service::blobs::Blobs;

use crate::server::{parts, temporary};

/// Rows that belong to nothing, or that nothing would ever end.
const ORPHANS: &str = "\
    SELECT 'documents', count(*) FROM documents d WHERE deleted IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM comparisons c WHERE c.old = d.id OR c.new = d.id) \
    UNION ALL SELECT 'comparisons', count(*) FROM comparisons WHERE deleted IS NOT NULL \
    UNION ALL SELECT 'pages', count(*) FROM pages WHERE document NOT IN (SELECT id FROM documents) \
    UNION ALL SELECT 'pages of unread documents', count(*) FROM documents d \
        WHERE d.deleted IS NULL \
        AND d.pages <> (SELECT count(*) FROM pages p WHERE p.document = d.id) \
    UNION ALL SELECT 'words of no page', abs((SELECT count(*) FROM page_tokens) \
        - (SELECT count(*) FROM pages)) \
    UNION ALL SELECT 'parts of no page', abs((SELECT count(*) FROM page_trigrams) \
        - (SELECT count(*) FROM pages)) \
    UNION ALL SELECT 'jobs about nothing', count(*) FROM jobs \
        WHERE (document IS NULL) = (comparison IS NULL) \
    UNION ALL SELECT 'jobs without an end', count(*) FROM jobs \
        WHERE state IN ('queued', 'running') \
    UNION ALL SELECT 'documents without a job', count(*) FROM documents \
        WHERE job NOT IN (SELECT id FROM jobs) \
    UNION ALL SELECT 'comparisons without a job', count(*) FROM comparisons \
        WHERE job NOT IN (SELECT id FROM jobs) \
    UNION ALL SELECT 'rows that name another that is not there', count(*) \
        FROM pragma_foreign_key_check";

const WANTED: &str = "SELECT sha256 FROM documents UNION \
    SELECT report FROM comparisons WHERE report IS NOT NULL";

/// Sweeps a folder that nobody serves, with no time for undoing, and checks
/// that what remains is what its `documents` need.
#[track_caller]
pub fn none(data: &Path, documents: usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (file, folder) = parts(data);
    for half_written in [folder.join(".partial"), temporary(data)] {
        let mut left = std::fs::read_dir(&half_written).unwrap();
        assert!(
            left.next().is_none(),
            "{} is not empty",
            half_written.display()
        );
    }
    let blobs = Blobs::folder(&folder).unwrap();
    let keys: BTreeSet<String> = runtime.block_on(async {
        let store = db_router::Sqlite::open(&file).unwrap();
        // What was deleted in this millisecond goes the next.
        tokio::time::sleep(Duration::from_millis(2)).await;
        let sweep = || ingest::sweep(&store, &blobs, Duration::ZERO, Duration::ZERO);
        sweep().await.unwrap();
        assert_eq!(sweep().await.unwrap(), (0, 0), "one sweep leaves work");
        blobs
            .list("")
            .map_ok(|blob| blob.key.rsplit('/').next().unwrap_or_default().to_owned())
            .try_collect()
            .await
            .unwrap()
    });

    let rows = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut orphans = rows.prepare(ORPHANS).unwrap();
    let found: Vec<(String, i64)> = orphans
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .map(Result::unwrap)
        .filter(|(_, count)| *count != 0)
        .collect();
    assert!(found.is_empty(), "{found:?}");
    let mut wanted = rows.prepare(WANTED).unwrap();
    let wanted: BTreeSet<String> = wanted
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert_eq!(keys, wanted, "blobs kept, blobs wanted");
    let kept: i64 = rows
        .query_row(
            "SELECT count(*) FROM documents WHERE deleted IS NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(kept, documents as i64);
}
