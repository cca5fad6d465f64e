//! Evidence taken away, and checked by the browser itself.

use rollcall::evidence::verify::verify;
use serde_json::{Value, json};

use crate::Stage;
use crate::checks::{check_what_was_loaded, keep_shot};
use crate::webdriver::{Browser, Session};

/// Goes to a record's evidence as a visitor does, and saves its signed file.
fn take_away(stage: &Stage, session: &Session<'_>) -> Vec<u8> {
    session.go(&format!("{}/search?q=Mira+Okonkwo-Lindqvist", stage.demo.address));
    session.find(".hits .hit .do a").click();
    session.wait_for_heading("A record in ");
    session.find("a.go[href$='/evidence']").click();
    session.wait_for_heading("Evidence: record");
    let file = session.find("a[href*='format=json']").attribute("href").unwrap();
    ureq::get(format!("{}{file}", stage.demo.address)).call().unwrap().body_mut().read_to_vec().unwrap()
}

/// What the page says of a file.
fn answer_to(session: &Session<'_>, directory: &tempfile::TempDir, name: &str, bytes: &[u8]) -> String {
    let path = directory.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    session.find("#document").choose(&path);
    session.wait_for_words(".drop-state", &format!("Checked: {name}"));
    session.find("#answer").text()
}

fn changed(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8(bytes.to_vec()).unwrap().replacen("\"row\":\"", "\"row\":\"1", 1).into_bytes()
}

fn open_page(stage: &Stage, session: &Session<'_>) {
    session.go(&format!("{}/verify", stage.demo.address));
    let is_ready = "return document.getElementById('verify').dataset.ready === 'yes'";
    session.wait_for("a browser that can check", || (session.run(is_ready, &[]) == true).then_some(()));
}

pub fn in_the_browser(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    let directory = tempfile::tempdir().unwrap();
    let pack = take_away(stage, &session);
    open_page(stage, &session);
    let said = answer_to(&session, &directory, "good.json", &pack);
    assert!(said.starts_with("Valid") && said.contains("signed by this portal’s key"), "{said}");
    assert!(said.contains("the file was not sent"), "{said}");
    keep_shot(stage, &session, "verify-valid");
    let said = answer_to(&session, &directory, "changed.json", &changed(&pack));
    assert!(said.starts_with("Not valid") && said.contains("“record” was changed."), "{said}");
    keep_shot(stage, &session, "verify-changed");
    let said = answer_to(&session, &directory, "spaced.json", &[&pack[..], b" "].concat());
    assert!(said.starts_with("Not valid") && said.contains("layout"), "{said}");
    check_what_was_loaded(stage, &session);
}

/// Every byte of a document is changed in turn; the page's script must see what the program sees.
pub fn as_the_program(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    let pack = take_away(stage, &session);
    open_page(stage, &session);
    let script = "
        const [text] = arguments;
        globalThis.answers = null;
        const address = document.querySelector('script[src*=verify]').src;
        import(address).then(async ({ verify }) => {
            const portal = await (await fetch('/.well-known/rollcall.json')).json();
            const good = new TextEncoder().encode(text), answers = [];
            for (let at = -1; at < good.length; at++) {
                const bytes = good.slice();
                if (at >= 0) bytes[at] ^= [1, 32, 128, 2][at % 4];
                answers.push((await verify(bytes, portal)).faults.map((fault) => fault.part));
            }
            globalThis.answers = answers;
        });";
    session.run(script, &[json!(String::from_utf8(pack.clone()).unwrap())]);
    let answers = session.wait_for("the answers", || match session.run("return globalThis.answers", &[]) {
        Value::Array(answers) => Some(answers),
        _ => None,
    });
    assert_eq!(answers.len(), pack.len() + 1);
    for (n, found) in answers.iter().enumerate() {
        let mut bytes = pack.clone();
        if let Some(at) = n.checked_sub(1) {
            bytes[at] ^= [1, 32, 128, 2][at % 4];
        }
        let parts: Vec<_> = verify(&bytes, None).faults.into_iter().map(|fault| fault.part).collect();
        assert_eq!(*found, json!(parts), "byte {} of {}", n as i64 - 1, String::from_utf8_lossy(&bytes));
    }
}

pub fn without_javascript(stage: &Stage) {
    let session = stage.driver.open(Browser { without_javascript: true, ..Browser::default() });
    let directory = tempfile::tempdir().unwrap();
    let pack = take_away(stage, &session);
    for (name, bytes, says) in
        [("good.json", pack.clone(), "Valid"), ("changed.json", changed(&pack), "“record” was changed.")]
    {
        session.go(&format!("{}/verify", stage.demo.address));
        let path = directory.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        session.find("#document").choose(&path);
        session.find("#verify button").click();
        let said = session.find("#answer .notice").text();
        assert!(said.contains(says), "{said}");
    }
    check_what_was_loaded(stage, &session);
}
