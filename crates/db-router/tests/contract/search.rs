//! Search.

use std::sync::Arc;

use store::*;

use crate::fixture::*;

async fn pages(store: &Arc<dyn Store>, workspace: WorkspaceId, query: &str) -> Vec<u32> {
    let search = Search {
        workspace,
        query: query.to_owned(),
        document: None,
        slice: slice(50),
    };
    let found = store.search(search).await.unwrap();
    assert_eq!(found.next, None);
    found.items.iter().map(|hit| hit.page).collect()
}

pub async fn pages_are_found_by_words_phrases_and_parts(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = ready_document(
        &store,
        workspace,
        &[
            "Flow transmitter FT-1001 feeds the valve",
            "Das Größte ist nicht das große; see ft-2002",
            "入力電圧範囲 は 5V",
        ],
    )
    .await;
    let cases: &[(&str, &[u32])] = &[
        ("FT-1001", &[1]),
        ("ft-1001", &[1]),
        ("T-100", &[1]),
        ("FT-", &[1, 2]),
        ("valve", &[1]),
        ("VAL", &[1]),
        ("alve", &[]),
        ("\"the valve\"", &[1]),
        ("\"valve the\"", &[]),
        ("größte", &[2]),
        ("grosse", &[]),
        ("große", &[2]),
        ("電圧", &[3]),
        ("5v", &[3]),
        ("nothing", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(pages(&store, workspace, query).await, *expected, "{query}");
    }
    let search = Search {
        workspace,
        query: "valve transmitter".to_owned(),
        document: Some(document.id),
        slice: slice(5),
    };
    let hit = &store.search(search.clone()).await.unwrap().items[0];
    assert_eq!((hit.document, hit.name.as_str()), (document.id, "plan.pdf"));
    assert_eq!(hit.size, [595.0, 842.0]);
    assert_eq!(
        hit.snippet,
        "Flow \u{e000}transmitter\u{e001} FT-1001 feeds the \u{e000}valve\u{e001}"
    );
    assert_eq!(
        hit.boxes,
        [[50.0, 10.0, 95.0, 22.5], [250.0, 10.0, 295.0, 22.5]]
    );
    let elsewhere = Search {
        document: Some(DocumentId::random()),
        ..search
    };
    assert_eq!(store.search(elsewhere).await, Err(Error::NotFound));
    let other = crate::fixture::workspace(&store).await;
    assert!(pages(&store, other, "valve").await.is_empty());
}

pub async fn all_words_are_on_one_page(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    ready_document(&store, workspace, &["red green", "green blue", "red blue"]).await;
    assert_eq!(pages(&store, workspace, "red blue").await, [3]);
    assert_eq!(pages(&store, workspace, "green").await, [1, 2]);
    assert!(pages(&store, workspace, "red green blue").await.is_empty());
}

pub async fn whole_words_come_before_parts_of_words(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let texts = ["R10 R12", "near r1, R2", "R1A", "C7"];
    let mut documents = [
        ready_document(&store, workspace, &texts).await,
        ready_document(&store, workspace, &texts).await,
    ];
    documents.sort_by_key(|document| std::cmp::Reverse((document.created, document.id)));
    let [new, old] = documents.map(|document| document.id);
    let expected = [(new, 2), (old, 2), (new, 1), (new, 3), (old, 1), (old, 3)];
    for limit in [1, 2, 3, 50] {
        let mut seen = Vec::new();
        let mut search = Search {
            workspace,
            query: "R1".to_owned(),
            document: None,
            slice: slice(limit),
        };
        loop {
            let found = store.search(search.clone()).await.unwrap();
            seen.extend(found.items.into_iter().map(|hit| (hit.document, hit.page)));
            search.slice.cursor = found.next;
            if search.slice.cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, expected, "{limit} at a time");
    }
}

pub async fn signs_of_the_query_language_are_only_text(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    ready_document(
        &store,
        workspace,
        &["a NOT b OR* 100% of_it it's ±5 x:y (z) C++"],
    )
    .await;
    for query in [
        "NOT", "OR*", "100%", "of_it", "it's", "±", "±5", "x:y", "(z)", "C++", "\"b OR\"", "a AND",
        "^", "''", "\"", "a:*", "_", "%", "\\", "& |", "!a", "<->",
    ] {
        let search = Search {
            workspace,
            query: query.to_owned(),
            document: None,
            slice: slice(50),
        };
        let expected = match query {
            "NOT" | "OR*" | "100%" | "of_it" | "it's" | "±" | "±5" | "x:y" | "(z)" | "C++"
            | "\"b OR\"" | "_" | "%" => 1,
            "\"" => {
                let answer = store.search(search).await;
                assert!(matches!(answer, Err(Error::Invalid(_))), "{query}");
                continue;
            }
            _ => 0,
        };
        assert_eq!(
            store.search(search).await.unwrap().items.len(),
            expected,
            "{query}"
        );
    }
}

pub async fn a_search_is_read_page_by_page(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let texts: Vec<String> = (1..=120).map(|n| format!("needle number {n}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    ready_document(&store, workspace, &texts).await;
    ready_document(&store, workspace, &["needle"]).await;
    let mut seen = Vec::new();
    let mut search = Search {
        workspace,
        query: "needle".to_owned(),
        document: None,
        slice: slice(50),
    };
    loop {
        let found = store.search(search.clone()).await.unwrap();
        assert!(found.items.len() <= 50);
        seen.extend(found.items.into_iter().map(|hit| (hit.document, hit.page)));
        search.slice.cursor = found.next;
        if search.slice.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), 121);
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 121);
}

pub async fn deleted_documents_are_not_found(store: Arc<dyn Store>) {
    let workspace = workspace(&store).await;
    let document = ready_document(&store, workspace, &["needle"]).await;
    let key = DocumentKey {
        workspace,
        id: document.id,
    };
    store.delete_document(key).await.unwrap();
    assert!(pages(&store, workspace, "needle").await.is_empty());
    store.restore_document(key).await.unwrap();
    assert_eq!(pages(&store, workspace, "needle").await, [1]);
}
