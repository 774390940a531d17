//! Who wrote something reads it, whichever gateway and replica answer.

use crate::stack::Stack;

const PAPER: &[u8] = include_bytes!("../../../../samples/paper-a.pdf");

#[tokio::test(flavor = "multi_thread")]
async fn who_wrote_reads_it_while_replicas_stand_still() {
    let stack = Stack::start().await;
    let mut writer = stack.browser().await;
    let (before, job) = writer.upload("before.pdf", PAPER).await;
    assert_eq!(writer.ended(&job).await, "done");
    let document = |id: &str| format!("/documents/{id}");

    // The other gateway has written nothing, so all it knows of the store is what a
    // browser tells it.
    let elsewhere = &stack.gateways[1].url;
    stack.settle().await;
    assert_eq!(
        writer
            .forgetful()
            .at(elsewhere)
            .status(&document(&before))
            .await,
        200
    );
    assert!(stack.reads("replica").await > 0, "replicas are read from");

    stack.cluster.pause_replicas().await;
    let (new, _) = writer.upload("new.pdf", b"%PDF-1.7 something new").await;
    for _ in 0..5 {
        // At either gateway, whichever replica has its turn.
        for base in [&stack.gateways[0].url, elsewhere] {
            assert_eq!(writer.at(base).status(&document(&new)).await, 200);
        }
        let listed = writer.at(elsewhere).get("/documents").await;
        assert_eq!(listed["items"][0]["id"].as_str(), Some(new.as_str()));
    }
    let by_leader = stack.reads("leader").await;
    assert!(
        by_leader > 0,
        "the leader answered for replicas that lack the write"
    );

    // Nobody else waits for that: a session that has not written is answered by the
    // replicas, which do not show the document yet.
    let before = stack.reads("replica").await;
    for _ in 0..4 {
        let mut reader = writer.forgetful().at(elsewhere);
        assert_eq!(reader.status(&document(&new)).await, 404);
    }
    assert!(stack.reads("replica").await >= before + 4);

    stack.cluster.resume_replicas().await;
    stack.settle().await;
    assert_eq!(
        writer
            .forgetful()
            .at(elsewhere)
            .status(&document(&new))
            .await,
        200
    );
}
