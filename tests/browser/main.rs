//! The demo in a real browser: Debian's chromium, driven by its chromedriver, over the pages of the built program.
//!
//! Runs only when `ROLLCALL_BROWSER_TESTS=1` is set, as `tests/run` does; otherwise it says that it is skipped.
//! `ROLLCALL_SHOTS=DIR` keeps a picture of every page. A word on the command line runs the tests with it in their name.
#![expect(clippy::unwrap_used, reason = "a test that unwraps is a test that fails")]
#![expect(clippy::print_stdout, reason = "a test program of its own: what it prints is its report")]

mod cases; // a case from hit to receipt, under each basis
mod checks; // what holds of every page: nothing foreign, nothing cut off, everything has a name
mod conformance; // the browser's fingerprints are the server's
mod demo; // `rollcall demo` as a child process, and what it prints to try
mod journeys; // what a visitor does from page to page
mod looks; // every page at 360 pixels and wide, light and dark, by keyboard
mod portal; // a portal over a test's own datasets
mod portfolio;
mod private; // many pictures at once, and comparing by eye
mod proofs; // evidence taken away, and checked by the browser itself
mod review; // a maintainer signs in, decides, and the person reads it
mod webdriver; // the few commands of W3C WebDriver that the tests use

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use demo::Demo;
use webdriver::Driver;

/// What a test works with.
struct Stage {
    demo: Demo,
    driver: Driver,
    /// Where pictures of the pages go, if anywhere.
    shots: Option<PathBuf>,
}

type Test = (&'static str, fn(&Stage));

const TESTS: &[Test] = &[
    ("a_name_typed_on_the_home_page_leads_to_a_record_and_its_dataset", journeys::by_words),
    ("a_picture_sent_by_the_form_is_found", journeys::by_picture),
    ("a_dropped_and_a_pasted_picture_are_found", journeys::by_dropping),
    ("a_portfolio_of_a_hundred_pictures_is_checked_on_the_device", portfolio::a_hundred_pictures),
    ("a_portfolio_is_sent_where_the_visitor_prefers_that", portfolio::pictures_sent_instead),
    ("a_picture_is_compared_with_the_records_after_a_click", portfolio::a_picture_is_compared),
    ("the_browser_fingerprints_drawn_pictures_as_the_server_does", conformance::of_drawn_pictures),
    ("the_browser_fingerprints_real_pictures_as_the_server_does", conformance::of_real_pictures),
    ("words_and_pictures_work_without_javascript", journeys::without_javascript),
    ("evidence_is_checked_by_the_browser_and_a_changed_byte_is_told", proofs::in_the_browser),
    ("the_browser_finds_in_a_changed_document_what_the_program_finds", proofs::as_the_program),
    ("evidence_is_checked_without_javascript_too", proofs::without_javascript),
    ("an_address_and_a_file_are_looked_up_by_five_digits", private::in_the_browser),
    ("the_browser_writes_addresses_as_the_server_does", private::as_the_server_writes),
    ("a_phone_shows_every_page_without_sideways_scrolling", looks::on_a_phone),
    ("every_page_is_whole_on_a_wide_screen", looks::on_a_wide_screen),
    ("the_keyboard_is_enough", looks::by_keyboard),
    ("a_case_under_each_basis_from_hit_to_receipt", cases::with_javascript),
    ("a_case_works_without_javascript", cases::without_javascript),
    ("a_case_looks_well_on_a_wide_screen", cases::on_a_wide_screen),
    ("a_maintainer_decides_and_the_person_reads_it", review::with_javascript),
    ("a_maintainer_decides_without_javascript", review::without_javascript),
    ("the_maintainers_pages_look_well_on_phones_and_in_the_dark", review::in_other_lights),
];

/// `1/2`: the first of two parts, each of every second test. Parts run beside one another: pages are mostly waited for.
struct Part {
    number: usize,
    of: usize,
}

impl Part {
    fn read(text: &str) -> Self {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        let (number, of): (usize, usize) = numbers.expect("ROLLCALL_BROWSER_PART is like 1/2");
        assert!((1..=of).contains(&number), "ROLLCALL_BROWSER_PART is like 1/2");
        Self { number, of }
    }

    fn has(&self, at: usize) -> bool {
        at % self.of == self.number - 1
    }
}

fn main() -> ExitCode {
    if std::env::var_os("ROLLCALL_BROWSER_TESTS").is_none_or(|value| value != "1") {
        println!("browser tests: skipped (tests/run runs them; or set ROLLCALL_BROWSER_TESTS=1)");
        return ExitCode::SUCCESS;
    }
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let shots = std::env::var_os("ROLLCALL_SHOTS").map(PathBuf::from);
    let part = std::env::var_os("ROLLCALL_BROWSER_PART").map(|part| Part::read(&part.to_string_lossy()));
    let stage = Stage { demo: Demo::start(), driver: Driver::start(), shots };
    let mut failed = 0;
    for (at, (name, test)) in TESTS.iter().enumerate() {
        let is_wanted = wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
        if !is_wanted || part.as_ref().is_some_and(|part| !part.has(at)) {
            continue;
        }
        let begun = Instant::now();
        let passed = catch_unwind(AssertUnwindSafe(|| test(&stage))).is_ok();
        println!("browser test {name} ... {} ({} s)", if passed { "ok" } else { "FAILED" }, begun.elapsed().as_secs());
        failed += u8::from(!passed);
    }
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
