//! What every store keeps to, run on every store there is; and how reads and
//! writes find their nodes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod commits;
mod comparisons;
mod documents;
mod fixture;
mod jobs;
mod proxy;
mod routing;
mod search;
mod sessions;
mod upkeep;

/// One test for each function of the list on each store of the list.
macro_rules! contract {
    ($( $module:ident: $($name:ident)*; )*) => {
        on!(sqlite; $( $module: $($name)*; )*);
        on!(sqlite_http; $( $module: $($name)*; )*);
        on!(postgres; $( $module: $($name)*; )*);
        on!(postgres_pooled_http; $( $module: $($name)*; )*);
    };
}

/// The tests on one store.
macro_rules! on {
    ($fixture:ident; $( $module:ident: $($name:ident)*; )*) => {
        mod $fixture {
            $( mod $module { $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $name() {
                    let fixture = crate::fixture::$fixture().await;
                    crate::$module::$name(fixture.store.clone()).await;
                }
            )* } )*
        }
    };
}

contract! {
    sessions:
        a_session_lives_until_it_is_unused
        the_same_session_twice_is_one
        tokens_are_found_by_their_secret_and_by_nobody_else
        a_deleted_workspace_has_nothing
        a_key_runs_once
        a_key_is_given_back_or_goes_stale;
    documents:
        a_document_is_recorded_with_its_job
        the_same_bytes_are_the_same_document
        nothing_of_another_workspace_is_found
        limits_are_kept_to
        a_list_is_read_page_by_page
        deleting_can_be_undone
        deleting_stops_the_job_and_undoing_starts_it_again
        names_and_series_can_be_changed
        pages_are_kept_as_given
        what_was_read_elsewhere_is_kept_at_once;
    comparisons:
        a_comparison_is_recorded_with_its_job
        the_same_comparison_is_one
        a_report_comes_in_two_steps
        reviews_stand_as_last_said
        links_open_one_comparison
        deleting_a_comparison_can_be_undone;
    jobs:
        nobody_gets_a_job_twice
        asking_again_with_a_lease_gives_the_same_job
        a_waiting_claim_is_woken
        a_lease_that_ran_out_goes_to_the_next
        a_job_that_silences_its_workers_is_set_aside
        a_failed_try_is_tried_again_later
        a_hopeless_job_is_set_aside_at_once
        a_job_can_be_handed_back
        a_cancelled_job_stops
        an_ended_job_can_be_tried_again
        no_workspace_waits_behind_another
        kinds_are_kept_apart
        a_watcher_is_told_of_changes
        the_first_job_of_a_workspace_is_not_missed
        finishing_twice_is_finishing_once;
    search:
        pages_are_found_by_words_phrases_and_parts
        all_words_are_on_one_page
        whole_words_come_before_parts_of_words
        signs_of_the_query_language_are_only_text
        a_search_is_read_page_by_page
        deleted_documents_are_not_found;
    upkeep:
        what_was_deleted_long_ago_is_purged
        documents_of_a_comparison_stay_with_it
        blobs_in_use_are_wanted
        an_abandoned_workspace_is_purged
        numbers_add_up;
}
