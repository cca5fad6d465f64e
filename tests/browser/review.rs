//! A maintainer signs in, opens a case, decides it, and the person reads the decision.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::Stage;
use crate::checks::{check_contrast, check_names, check_what_was_loaded, check_width, keep_shot};
use crate::webdriver::{Browser, Session};

const PASSWORD: &str = "a long enough password";

pub fn with_javascript(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    add_account(stage, "mira");
    whole_review(stage, &session, "mira", "wide-light");
    // The queue by keys alone.
    let (number, _) = file(stage);
    session.go(&format!("{}/review", stage.demo.address));
    session.wait_for("the keys are said", || session.find(".keys").attribute("hidden").is_none().then_some(()));
    session.press("j");
    let focused = session.run("return document.activeElement.className", &[]);
    assert_eq!(focused, json!("number"), "j goes to the first case");
    session.press("x");
    assert_eq!(session.run("return document.querySelectorAll('[name=pick]:checked').length", &[]), json!(1));
    session.press("/");
    session
        .wait_for("the search", || (session.run("return document.activeElement.id", &[]) == json!("q")).then_some(()));
    session.find("#q").enter(&number);
    session.find(".queue-filter button").follow();
    session.wait_for("the one case", || (session.all(".queue tbody tr").len() == 1).then_some(()));
    check_what_was_loaded(stage, &session);
}

pub fn without_javascript(stage: &Stage) {
    add_account(stage, "noor");
    let session = stage.driver.open(Browser { phone: true, dark: true, without_javascript: true });
    whole_review(stage, &session, "noor", "phone-dark-without-scripts");
    check_what_was_loaded(stage, &session);
}

pub fn in_other_lights(stage: &Stage) {
    for (name, browser) in [
        ("phone-light", Browser { phone: true, ..Browser::default() }),
        ("wide-dark", Browser { dark: true, ..Browser::default() }),
    ] {
        let account = name.replace('-', ".");
        add_account(stage, &account);
        let session = stage.driver.open(browser);
        whole_review(stage, &session, &account, name);
        check_what_was_loaded(stage, &session);
    }
}

/// As the operator does it, with the program, while the portal runs.
fn add_account(stage: &Stage, name: &str) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rollcall"))
        .args(["account", "add", name, "--role", "admin", "--data"])
        .arg(stage.demo.data())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    program.stdin.take().unwrap().write_all(format!("{PASSWORD}\n").as_bytes()).unwrap();
    assert!(program.wait().unwrap().success(), "the account {name} is made");
}

/// Files a plain request for one record through the API: number and passphrase.
fn file(stage: &Stage) -> (String, String) {
    let address = &stage.demo.address;
    let found: serde_json::Value = ureq::get(format!("{address}/api/v1/search?q=lighthouse&limit=50"))
        .call()
        .unwrap()
        .body_mut()
        .read_json()
        .unwrap();
    let id = &found["hits"][0]["id"];
    let body = json!({
        "basis": "plain", "records": [id], "requester": {"name": "Ada Lindqvist"},
        "explanation": "The lighthouse is the one of my own garden.",
    });
    let case: serde_json::Value =
        ureq::post(format!("{address}/api/v1/cases")).send_json(&body).unwrap().body_mut().read_json().unwrap();
    (case["number"].as_str().unwrap().to_owned(), case["passphrase"].as_str().unwrap().to_owned())
}

fn whole_review(stage: &Stage, session: &Session<'_>, account: &str, name: &str) {
    let look = |page: &str| {
        let page = format!("review-{name}-{page}");
        check_width(session, &page);
        check_names(session, &page);
        check_contrast(session, &page);
        keep_shot(stage, session, &page);
    };
    let (number, passphrase) = file(stage);
    session.go(&format!("{}/review", stage.demo.address));
    session.wait_for_heading("Sign in");
    look("1-sign-in");
    session.find("#name").enter(account);
    session.find("#password").enter(PASSWORD);
    session.find("form[action='/review/sign-in'] button").follow();
    session.wait_for_heading("to decide");
    look("2-queue");
    session.find(&format!("a[href='/review/cases/{number}']")).follow();
    session.wait_for_heading(&number);
    assert!(session.all("main img").is_empty(), "no picture is loaded unasked");
    look("3-case");
    session.run("for (const e of document.querySelectorAll('details')) e.open = true", &[]);
    check_width(session, name);
    check_contrast(session, name);
    session.find("#decision-0-refused").click();
    session.find("#facts-0").enter("The row shows a lighthouse by the sea.");
    session.find("#explanation-0").enter("Nothing in it is of your garden.");
    session.find(".decide-form .steps button").follow();
    session.wait_for_words(".state", "not granted");
    look("4-decided");
    for (page, heading) in
        [("same-rows", "Same rows"), ("recipients", "Recipients"), ("releases", "Look through a new release")]
    {
        session.go(&format!("{}/review/{page}", stage.demo.address));
        session.wait_for_heading(heading);
        look(&format!("4-{page}"));
    }
    session.go(&format!("{}/review/account", stage.demo.address));
    session.wait_for_heading("Your account");
    session.find("form[action='/review/account/totp'] button").follow();
    session.wait_for("the secret", || session.all("#totp-secret").into_iter().next());
    look("5-account");
    session.find("form[action='/review/sign-out'] button").follow();
    session.wait_for_heading("Sign in");

    session.go(&format!("{}/cases/{number}", stage.demo.address));
    session.find("#passphrase").enter(&passphrase);
    session.find("form[action='/cases'] button").follow();
    session.wait_for_heading(&number);
    assert!(session.find("main").text().contains("Nothing in it is of your garden."), "the person reads why");
    assert!(!session.find("main").text().contains(account), "and not who decided");

    // Back as the maintainer, for whoever comes next.
    session.go(&format!("{}/review/sign-in", stage.demo.address));
    session.find("#name").enter(account);
    session.find("#password").enter(PASSWORD);
    session.find("form[action='/review/sign-in'] button").follow();
    session.wait_for_heading("to decide");
}
