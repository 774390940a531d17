//! The browser application, used as a person uses it: the real service, a real
//! Chromium, every test in a browser session (and so a workspace) of its own.
//!
//! `PDF_COMPARE_URL` names a service that runs already; without it the
//! `pdf-compare` beside this test is started on a free port. An argument that
//! is no flag runs the tests whose names hold it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod access;
mod files;
mod library;
mod operators;
mod page;
mod running;
mod search;
mod settings;
mod share;
mod tour;
mod viewer;
mod viewer_work;

use std::future::Future;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Instant;

use page::Page;
use running::Running;

type Outcome = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A test: its name and what it does.
struct Case {
    name: &'static str,
    run: fn(Page) -> Outcome,
}

macro_rules! cases {
    ($( $module:ident::$name:ident ),+ $(,)?) => {
        const CASES: &[Case] = &[ $( Case {
            name: concat!(stringify!($module), "::", stringify!($name)),
            run: |page| Box::pin($module::$name(page)),
        } ),+ ];
    };
}

cases! {
    tour::a_drawing_is_compared_read_searched_exported_and_shared,
    tour::a_manual_is_compared_read_searched_exported_and_shared,
    library::an_empty_library_shows_what_to_do_and_offers_samples,
    library::dropped_files_are_uploaded_read_and_shown,
    library::two_dropped_files_are_compared_at_once,
    library::two_chosen_files_are_compared_at_once,
    library::the_keyboard_stays_where_it_is,
    library::a_document_is_renamed_deleted_and_brought_back,
    library::revisions_stay_together_and_compare_with_the_previous,
    library::two_picked_documents_are_compared,
    library::old_and_new_are_chosen_swapped_and_compared_with_options,
    library::what_is_no_pdf_is_refused_with_words,
    viewer::both_sides_show_the_pages_and_boxes,
    viewer::old_and_new_scroll_together_until_let_go,
    viewer::every_view_shows_both_documents,
    viewer::inserted_and_deleted_pages_are_shown_as_such,
    viewer::a_change_is_flown_to_from_the_list_and_from_the_page,
    viewer::a_page_is_not_cut_at_its_left_for_a_change_beside_it,
    viewer::keys_step_through_the_changes_and_help_lists_them,
    viewer::changes_are_filtered_by_kind_and_text,
    viewer::the_map_leads_to_pages,
    viewer::deep_zoom_asks_for_sharp_tiles_of_what_shows,
    viewer::dragging_moves_and_the_wheel_zooms,
    viewer::two_fingers_zoom_and_one_moves,
    viewer::the_address_opens_the_same_view,
    viewer::of_five_hundred_pages_only_those_that_show_are_drawn,
    viewer_work::an_area_drawn_around_is_left_out,
    viewer_work::verdicts_and_comments_are_kept,
    viewer_work::the_report_is_exported_in_every_format,
    viewer_work::a_narrow_window_has_the_list_in_a_sheet,
    share::a_link_opens_one_comparison_to_others_until_it_is_taken_back,
    search::words_phrases_and_parts_of_numbers_are_found_and_drawn,
    settings::a_token_is_made_told_once_and_revoked,
    settings::everything_is_deleted_when_asked_twice,
    operators::the_databases_are_shown_to_who_has_the_token,
    operators::an_errand_is_one_trace_until_its_first_picture,
    access::another_browser_sees_nothing_of_it,
    access::wrong_addresses_are_answered_with_a_way_on,
    access::everything_has_a_name_and_can_be_reached_by_keys,
    access::no_page_is_wider_than_a_phone,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let wanted: Vec<&Case> = CASES
        .iter()
        .filter(|case| {
            let mut parts = arguments.iter().filter(|part| !part.starts_with('-'));
            let none = !arguments.iter().any(|part| !part.starts_with('-'));
            none || parts.any(|part| case.name.contains(part.as_str()))
        })
        .collect();
    if arguments.iter().any(|argument| argument == "--list") {
        for case in wanted {
            println!("{}: test", case.name);
        }
        return ExitCode::SUCCESS;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let failed = runtime.block_on(run(&wanted));
    println!(
        "\ntest result: {}. {} passed; {failed} failed\n",
        if failed == 0 { "ok" } else { "FAILED" },
        wanted.len() - failed
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

async fn run(cases: &[&Case]) -> usize {
    if cases.is_empty() {
        return 0;
    }
    println!("\nrunning {} tests in a browser", cases.len());
    let running = Running::start().await;
    let mut failed = 0;
    for case in cases {
        let begun = Instant::now();
        let page = Page::open(&running, case.name).await;
        let witness = page.clone();
        let ended = tokio::spawn((case.run)(page)).await;
        let word = if ended.is_ok() {
            "ok"
        } else {
            failed += 1;
            witness.tell().await;
            "FAILED"
        };
        witness.close().await;
        println!(
            "test {} ... {word} ({:.1} s)",
            case.name,
            begun.elapsed().as_secs_f32()
        );
    }
    failed
}
