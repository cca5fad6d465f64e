//! Looking up without saying what: only digits go out, and what the page works out is what the server keeps.

use rollcall::identifier::Identifier;
use rollcall::web_address::NormalizedUrl;
use serde_json::{Value, json};

use crate::Stage;
use crate::checks::{check_contrast, check_what_was_loaded, check_width, keep_shot};
use crate::webdriver::Browser;

/// Writings that differ where addresses and accounts are often written differently, and some that are neither.
const WRITINGS: &[&str] = &[
    "https://Example.org/a/b",
    "http://www.example.org:80/a/b/",
    "//example.org/a%20b?q=%C3%A9#top",
    "example.org/?q=1",
    "https://example.org?q=1",
    "https://user:word@example.org./%7Emira/%2Fx%3Fy%25z",
    "https://example.org/caf%E9/%e9x%zz",
    "https://example.org/caf\u{e9}/cafe\u{301}",
    "https://b\u{fc}cher.example/straße",
    "https://example.org/?u=http://other.example/",
    "example.org/?u=http://other.example/",
    "ftp://example.org/file.zip",
    "gopher://example.org/",
    "https://localhost/x",
    "https://exa mple.org/",
    "https://example.org:80x/",
    "https://www.com/a",
    "mira@mail.example",
    "192.0.2.7/picture.jpg",
    "a_b.example.org/x",
    "-",
    "",
    "did:plc:ewvi7nxzyoun6zhxrhs64oiz",
    "did:",
    "did:PLC:x",
    "@Mira.Example",
    "@mira@social.example",
    "@a@b@c",
    "@",
    "@Ångström",
    "mira.bsky.social",
    "Mira.BSKY.social",
    "u/Tidewater_Mira",
    "/u/mira",
    "user/mira",
    "u/a b",
    "12345678@n00",
    "1234@N00",
    "rust-lang/Cargo",
    "and/or maybe",
    "a/b/c",
];

pub fn in_the_browser(stage: &Stage) {
    let session = stage.driver.open(Browser { phone: true, ..Browser::default() });
    session.go(&format!("{}/private", stage.demo.address));
    check_width(&session, "private");
    let address = some_address(stage);
    let files = stage.demo.picture("same-file.jpg");
    session.find("#files").choose(files);
    session.find("#asked").enter(&format!("https://www.{address}/\nhttps://nowhere.example/not-there.jpg\ntwo words"));
    session.log("performance");
    session.find("#private button").click();
    session.wait_for_words("#answer h2", "2 of 4 listed here");
    let answer = session.find("#answer").text();
    assert!(answer.contains("Listed, as an address: ") && answer.contains("Listed, by its SHA-256: "), "{answer}");
    assert!(answer.contains("Not listed, as an address"), "{answer}");
    check_width(&session, "private-answer");
    check_contrast(&session, "private-answer");
    keep_shot(stage, &session, "private-answer-phone");
    let said = session.find("#private .drop-state").text();
    let sent: Vec<&str> = said.split_once("All that was sent: ").unwrap().1.trim_end_matches('.').split(", ").collect();
    let is_short = |sent: &&str| sent.split_once(' ').is_some_and(|(_, digits)| digits.len() == 5);
    assert!(sent.iter().all(is_short), "{said}");
    for entry in session.log("performance") {
        let message = entry["message"].as_str().unwrap();
        assert!(!message.contains("not-there"), "what was typed went out: {message}");
    }
    check_what_was_loaded(stage, &session);
}

/// Digests can only be equal if both sides write an address alike.
pub fn as_the_server_writes(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    session.go(&format!("{}/private", stage.demo.address));
    let mut writings: Vec<String> = WRITINGS.iter().map(|&text| text.to_owned()).collect();
    writings.extend(real_addresses());
    let script = "
        const [texts, done] = arguments;
        (async () => {
            const script = await (await fetch(document.querySelector('script[src*=private]').src)).text();
            const { addressOf, accountsOf } = await import(script.match(new RegExp('/static/readings[.][0-9a-f]+[.]js'))[0]);
            return texts.map((text) => [addressOf(text), accountsOf(text)]);
        })().then(done, (error) => done(String(error)));";
    let answers = session.run_until_done(script, &[json!(writings)]);
    let answers = answers.as_array().unwrap_or_else(|| panic!("the page failed: {answers}"));
    for (text, answer) in writings.iter().zip(answers) {
        let address = NormalizedUrl::parse(text).map(|address| address.as_str().to_owned());
        assert_eq!(answer[0], json!(address), "{text:?} as an address");
        if let Some(identifier) = Identifier::recognise(text) {
            let accounts: Vec<Value> = answer[1].as_array().unwrap().clone();
            assert!(accounts.contains(&json!(identifier.display())), "{text:?} is {identifier:?}, not {accounts:?}");
        }
    }
    println!("{} addresses and accounts are written alike in the browser and on the server", writings.len());
}

/// The address of a record of the demo, as it is compared.
fn some_address(stage: &Stage) -> String {
    let body = ureq::get(format!("{}/api/v1/search?q=lighthouse&dataset=harbour-pairs", stage.demo.address))
        .call()
        .unwrap()
        .body_mut()
        .read_to_string()
        .unwrap();
    let found: Value = serde_json::from_str(&body).unwrap();
    NormalizedUrl::parse(found["hits"][0]["url"].as_str().unwrap()).unwrap().as_str().to_owned()
}

/// Addresses of other people's pictures, where the folder with them is there.
fn real_addresses() -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/manifests/laion_art_urls.tsv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("no real addresses: {} is not there", path.display());
        return Vec::new();
    };
    text.split(['\n', '\t']).filter(|cell| cell.contains("://")).map(|cell| cell.trim().to_owned()).collect()
}
