//! What a visitor does from page to page.

use serde_json::json;

use crate::Stage;
use crate::checks::{check_what_was_loaded, keep_shot};
use crate::webdriver::{Browser, Session};

/// Whether the words that only the script uncovers are still covered.
const HINT_IS_HIDDEN: &str = "return document.querySelector('.with-script').hidden";

/// A visitor with scripts and one without: the steps are the same.
pub fn by_words(stage: &Stage) {
    search_by_words(stage, &stage.driver.open(Browser::default()));
}

fn search_by_words(stage: &Stage, session: &Session<'_>) {
    session.go(&stage.demo.address);
    session.wait_for_heading("Am I in there?");
    session.find("input#q").enter("Mira Okonkwo-Lindqvist");
    session.find("form[role=search] button").click();
    session.wait_for_heading("dataset");
    assert!(session.address().contains("/search?q=Mira+Okonkwo-Lindqvist"), "{}", session.address());
    let first = session.find(".hits .hit");
    assert!(!session.all(".hits mark").is_empty(), "what was searched is marked: {}", first.text());
    session.find(".hits .hit .do a").click();
    session.wait_for_heading("A record in ");
    let dataset = session.find(".crumbs a[href^='/datasets/']");
    let title = dataset.text();
    dataset.click();
    session.wait_for_heading(&title);
    assert!(session.find("main").text().contains("How to ask for removal at the source"));
    check_what_was_loaded(stage, session);
}

pub fn by_picture(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    search_by_picture(stage, &session);
    // With scripts, the visitor's own picture stands beside the answer, read from their own device.
    let shown = "const i = document.querySelector('img.asked'); return !i.hidden && i.naturalWidth > 0 && i.src.startsWith('blob:')";
    session.wait_for("the visitor's own picture", || (session.run(shown, &[]) == true).then_some(()));
    keep_shot(stage, &session, "picture-found");
    session.run("history.back()", &[]);
    session.wait_for_heading("Search by picture");
    session.find("input#image");

    session.find("input#image").choose(stage.demo.picture("not-in-any-dataset.jpg"));
    session.find("form.drop button").click();
    session.wait_for_heading("Your picture was not found.");
    assert!(session.all(".verdict .hit").iter().all(|hit| hit.text().is_empty()), "unsure matches are folded away");
    keep_shot(stage, &session, "picture-not-found");
    check_what_was_loaded(stage, &session);
}

fn search_by_picture(stage: &Stage, session: &Session<'_>) {
    session.go(&format!("{}/image", stage.demo.address));
    for (file, verdict) in [
        ("mirrored.jpg", "lmost surely"),
        ("smaller-and-recompressed.jpg", "lmost surely"),
        ("same-file.jpg", "The same file"),
    ] {
        session.go(&format!("{}/image", stage.demo.address));
        session.find("input#image").choose(stage.demo.picture(file));
        session.find("form.drop button").click();
        session.wait_for_heading("Your picture was found in 1 dataset.");
        assert_eq!(session.find(".file-name").text(), file);
        let found = session.find(".verdict h3").text();
        assert!(found.contains(verdict), "{file}: {found}");
        assert!(session.find(".verdict .hit").text().contains("revision"), "{file}");
    }
}

/// The files travel from a file field of another form to the page, as a real drop or paste would bring them.
pub fn by_dropping(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    for (kind, event) in [
        ("drop", "new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true })"),
        ("paste", "new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })"),
    ] {
        session.go(&stage.demo.address);
        // A style hides it again where there is no mouse to drop with, as in a browser without a screen.
        assert_eq!(session.run(HINT_IS_HIDDEN, &[]), false, "the script offers dropping");
        session.run(
            "const field = document.createElement('input'); field.type = 'file'; field.id = 'elsewhere'; document.body.append(field);",
            &[],
        );
        session.find("#elsewhere").choose(stage.demo.picture("same-file.jpg"));
        let script = format!(
            "const transfer = new DataTransfer(); transfer.items.add(document.getElementById('elsewhere').files[0]);
             return !document.getElementById('drop').dispatchEvent({event});"
        );
        assert_eq!(session.run(&script, &[]), json!(true), "the page takes the {kind}");
        let said = session.find(".drop-state").text();
        assert!(said.contains("same-file.jpg"), "{kind}: {said}");
        session.find("form.drop button").click();
        session.wait_for_heading("Your picture was found in 1 dataset.");
    }
    check_what_was_loaded(stage, &session);
}

pub fn without_javascript(stage: &Stage) {
    let session = stage.driver.open(Browser { without_javascript: true, ..Browser::default() });
    session.go(&stage.demo.address);
    // The script would show this hint: that it does not is the proof that scripts are off.
    assert_eq!(session.run(HINT_IS_HIDDEN, &[]), true);
    search_by_words(stage, &session);
    search_by_picture(stage, &session);
    let shows_picture = "return !document.querySelector('img.asked').hidden";
    assert_eq!(session.run(shows_picture, &[]), false, "only a script could show the visitor's own picture");
    check_what_was_loaded(stage, &session);
}
