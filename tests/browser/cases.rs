//! A case from hit to receipt, under each basis, as a person clicks it.

use serde_json::json;

use crate::Stage;
use crate::checks::{check_contrast, check_names, check_what_was_loaded, check_width, keep_shot};
use crate::webdriver::{Browser, Session};

const BASES: [&str; 8] =
    ["plain", "gdpr_erasure", "gdpr_objection", "gdpr_access", "gdpr_restriction", "dmca", "dsa", "ccpa"];

/// On a phone, with scripts: one basis after the other.
pub fn with_javascript(stage: &Stage) {
    let session = stage.driver.open(Browser { phone: true, ..Browser::default() });
    for basis in BASES {
        whole_case(stage, &session, basis, &format!("phone-{basis}"));
    }
    check_what_was_loaded(stage, &session);
}

/// The same way without scripts; the dark theme on the way.
pub fn without_javascript(stage: &Stage) {
    let session = stage.driver.open(Browser { phone: true, dark: true, without_javascript: true });
    for basis in ["plain", "gdpr_erasure", "dmca"] {
        whole_case(stage, &session, basis, &format!("phone-dark-without-scripts-{basis}"));
    }
    check_what_was_loaded(stage, &session);
}

pub fn on_a_wide_screen(stage: &Stage) {
    for dark in [false, true] {
        let session = stage.driver.open(Browser { dark, ..Browser::default() });
        let name = if dark { "wide-dark" } else { "wide-light" };
        whole_case(stage, &session, "dsa", name);
        check_what_was_loaded(stage, &session);
    }
}

fn whole_case(stage: &Stage, session: &Session<'_>, basis: &str, name: &str) {
    let look = |page: &str| {
        let page = format!("case-{name}-{page}");
        check_width(session, &page);
        check_names(session, &page);
        check_contrast(session, &page);
        keep_shot(stage, session, &page);
    };
    // Hits, ticked. An objection hides its rows, so every basis asks for another page of them.
    session.go(&format!("{}/search?q=lighthouse", stage.demo.address));
    session.wait_for_heading("record");
    for tick in session.all(".hits input[type=checkbox]").iter().take(2) {
        tick.click();
    }
    look("1-hits");
    session.find(".hits .take button").follow();
    session.wait_for_heading("What you have ticked");
    assert_eq!(session.all(".basket li").len(), 2);
    look("2-basket");
    session.find("form[action='/cases/new'] button").follow();

    session.wait_for_heading("Ask for removal");
    let about = if ["dmca", "dsa"].contains(&basis) { "my_work" } else { "me" };
    session.find(&format!("#about-{about}")).click();
    session.find("#relationship-self").click();
    let place = if basis == "ccpa" { "US-CA" } else { "DE" };
    session.find(&format!("#lives option[value='{place}']")).click();
    look("3-questions");
    session.find("button[name=step][value=form]").follow();

    session.find(".case-form .more-ways summary").click();
    if let Some(other) = session.all(&format!("button[name=switch][value={basis}]")).first() {
        other.follow();
    }
    session.wait_for(basis, || {
        let script = "const b = document.querySelector('input[name=basis]'); return b && b.value === arguments[0]";
        (session.run(script, &[json!(basis)]) == true).then_some(())
    });
    // Pressed too early: what is missing is said, and nothing that was answered is lost.
    session.find(".steps button[name=step][value=check]").follow();
    session.wait_for("the letter or what is missing", || session.all(".letter, .notice li").into_iter().next());
    if session.all(".letter").is_empty() {
        look("4-missing");
        fill(session);
        look("5-form");
        session.find(".steps button[name=step][value=check]").follow();
    }
    session.wait_for_heading("What will be sent");
    look("6-letter");
    session.find("button[name=step][value=file]").follow();

    session.wait_for_heading("Your request is filed");
    let number = session.find(".keep-number").text();
    let words = session.find(".keep-words").text();
    assert_eq!(words.split_whitespace().count(), 6, "{words}");
    look("7-receipt");
    let has_script = session.run("return !document.querySelector('.keep-tools').hidden", &[]) == true;
    assert_eq!(has_script, !name.contains("without-scripts"), "a script only offers to copy and print");

    afterwards(stage, session, &number, &words);
    begin_a_proof(session);
    look("8-case");
    session.run("for (const e of document.querySelectorAll('details')) e.open = true", &[]);
    check_width(session, name);
    check_contrast(session, name);
    keep_shot(stage, session, &format!("case-{name}-9-case-open"));
    if basis == "plain" {
        session.find("#sure").click();
        session.find("form[action$='/withdraw'] button").follow();
        session.wait_for_words(".state", "Withdrawn");
    }
    session.find(".leave button").follow();
    session.wait_for_heading("Removal");
}

/// Asks for a code to show a domain by; nothing is asked of anybody yet.
fn begin_a_proof(session: &Session<'_>) {
    session.wait_for_words("#proofs", "Show that it is yours");
    session.run("for (const e of document.querySelectorAll('details')) e.open = true", &[]);
    session.find("#proof-kind option[value=well_known]").click();
    session.find("#proof-subject").enter("harbour.example");
    session.find("form[action$='/proofs'] button").follow();
    session.wait_for_words("main", "/.well-known/rollcall-proof.txt");
}

/// By hand, as on another day: into the case by number and words, and a message.
fn afterwards(stage: &Stage, session: &Session<'_>, number: &str, words: &str) {
    session.go(&format!("{}/cases/{number}", stage.demo.address));
    session.find("#passphrase").enter(words);
    session.find("form[action='/cases'] button").follow();
    session.wait_for_heading(number);
    assert!(session.address().ends_with(number), "{}", session.address());
    session.find("#text").enter("The lighthouse stands at the end of our street.");
    session.find("form[action$='/messages'] button").follow();
    session.wait_for_words(".timeline", "end of our street");
}

/// Answers every question of the form, by keyboard and mouse.
fn fill(session: &Session<'_>) {
    for field in session.all(".case-form input[type=text], .case-form input[type=email], .case-form textarea") {
        let text = match field.attribute("name").as_deref() {
            Some("requester.email") => "ada@harbour.example",
            Some("requester.name" | "signature") => "Ada Lindqvist",
            Some("requester.phone") => "+49 40 123456",
            Some("requester.address") => "Quay 4, 20457 Hamburg",
            _ => "The lighthouse in the picture is my own work, and I never agreed to its use here.",
        };
        field.enter(text);
    }
    let groups = "return [...new Set([...document.querySelectorAll('.case-form input[type=radio]')].map(r => r.name))]
        .filter(n => !document.querySelector(`input[name='${n}']:checked`))
        .map(n => document.querySelector(`input[name='${n}']`).id)";
    for id in session.run(groups, &[]).as_array().unwrap() {
        session.find(&format!("[id='{}']", id.as_str().unwrap())).click();
    }
    for tick in session.all(".case-form .statement input[type=checkbox]") {
        tick.click();
    }
}
