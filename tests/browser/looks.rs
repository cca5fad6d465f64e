//! Every page at 360 pixels and wide, light and dark, and by keyboard.

use crate::Stage;
use crate::checks::{check_contrast, check_names, check_what_was_loaded, check_width, keep_shot};
use crate::webdriver::{Browser, Session};

/// The pages, by the name of their pictures. Those of a record and of picture results are reached from here.
const PAGES: &[(&str, &str)] = &[
    ("home", "/"),
    ("search-empty", "/search"),
    ("search-words", "/search?q=lighthouse"),
    ("search-name", "/search?q=Mira+Okonkwo-Lindqvist"),
    (
        "search-address",
        "/search?q=https%3A%2F%2Fexample.org%2Fa%2Fvery%2Flong%2Faddress%2Fthat-goes-on-and-on-without-a-space.jpg",
    ),
    ("search-nothing", "/search?q=tiny+purple+elephants+on+skateboards"),
    ("search-narrowed", "/search?q=lighthouse&dataset=harbour-pairs&after=2000"),
    ("search-bad", "/search?q=lighthouse&after=yesterday"),
    ("evidence-result", "/search/evidence?q=Mira+Okonkwo-Lindqvist"),
    ("verify", "/verify"),
    ("private", "/private"),
    ("reservations", "/reservations"),
    ("transparency", "/transparency"),
    ("image", "/image"),
    ("datasets", "/datasets"),
    ("dataset-pairs", "/datasets/harbour-pairs"),
    ("dataset-posts", "/datasets/skyline-posts"),
    ("dataset-comments", "/datasets/threadbare-comments"),
    ("dataset-prints", "/datasets/orchard-prints"),
    ("dataset-shards", "/datasets/lantern-shards"),
    ("dataset-captions", "/datasets/ledger-tsv"),
    ("cases", "/cases"),
    ("case-new", "/cases/new"),
    ("basket-empty", "/basket"),
    ("about", "/about"),
    ("privacy", "/privacy"),
    ("not-found", "/nowhere"),
    ("no-record", "/records/0"),
];

pub fn on_a_phone(stage: &Stage) {
    for dark in [false, true] {
        visit_all(stage, Browser { phone: true, dark, ..Browser::default() });
    }
}

pub fn on_a_wide_screen(stage: &Stage) {
    for dark in [false, true] {
        visit_all(stage, Browser { dark, ..Browser::default() });
    }
}

fn visit_all(stage: &Stage, browser: Browser) {
    let session = stage.driver.open(browser);
    let name = |page: &str| {
        let (screen, light) =
            (if browser.phone { "phone" } else { "wide" }, if browser.dark { "dark" } else { "light" });
        format!("{page}-{screen}-{light}")
    };
    let is_dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
    for (page, path) in PAGES {
        session.go(&format!("{}{path}", stage.demo.address));
        assert_eq!(session.run(is_dark, &[]), browser.dark, "the browser is in the theme that was asked");
        check(stage, &session, &name(page));
    }
    session.go(&format!("{}/search?q=Mira+Okonkwo-Lindqvist", stage.demo.address));
    session.find(".hits .hit .do a").click();
    session.wait_for_heading("A record in ");
    check(stage, &session, &name("record"));
    session.find("a.go[href$='/evidence']").click();
    session.wait_for_heading("Evidence: record");
    check(stage, &session, &name("evidence-record"));
    session.go(&format!("{}/image", stage.demo.address));
    for file in ["mirrored.jpg", "not-in-any-dataset.jpg"] {
        session.find("input#image").choose(stage.demo.picture(file));
    }
    session.find("form.drop button").click();
    session.wait_for_heading("of your 2 pictures");
    check(stage, &session, &name("picture-results"));
    let complaints = session.log("browser");
    // Pages that are asked for although they are not there are told as such by the console.
    let real: Vec<_> = complaints
        .iter()
        .filter(|entry| {
            !["/nowhere", "/records/0", "after=yesterday"]
                .iter()
                .any(|path| entry["message"].as_str().unwrap().contains(path))
        })
        .collect();
    assert!(real.is_empty(), "the console says: {real:?}");
    check_what_was_loaded(stage, &session);
}

fn check(stage: &Stage, session: &Session<'_>, name: &str) {
    check_width(session, name);
    check_names(session, name);
    check_contrast(session, name);
    keep_shot(stage, session, name);
    // What is folded away must fit, too.
    session.run("for (const e of document.querySelectorAll('details')) e.open = true", &[]);
    check_width(session, name);
    check_contrast(session, name);
}

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";

pub fn by_keyboard(stage: &Stage) {
    let session = stage.driver.open(Browser::default());
    session.go(&stage.demo.address);
    // The first stop is the way past the navigation.
    session.press(TAB);
    let skip = session.focused();
    assert_eq!(skip.text(), "Skip to the content");
    let [x, y, width, height] = skip.place();
    assert!(x >= 0.0 && y >= 0.0 && width > 40.0 && height > 15.0, "the skip link is seen when it has the focus");
    session.press(ENTER);
    assert_eq!(session.focused().attribute("id").as_deref(), Some("main"));

    // Every stop on the way is seen, and all fields of the page are on it.
    session.go(&stage.demo.address);
    let mut stops = Vec::new();
    for _ in 0..40 {
        session.press(TAB);
        let stop = session.focused();
        if session.run("return document.activeElement === document.body", &[]) == true {
            break;
        }
        let name = stop.attribute("id").filter(|id| !id.is_empty()).unwrap_or_else(|| stop.text());
        let has_ring = stop.css("outline-style") != "none" && stop.css("outline-width") != "0px";
        assert!(has_ring || stop.css("box-shadow") != "none", "“{name}” does not show that it has the focus");
        stops.push(name);
    }
    for wanted in ["q", "image", "Search", "Search by picture", "Datasets", "Privacy"] {
        assert!(stops.iter().any(|stop| stop == wanted), "{wanted} is never reached: {stops:?}");
    }

    // A search without a mouse.
    session.find("input#q").enter("lighthouse");
    session.press(ENTER);
    session.wait_for_heading("records in");
    session.find(".coverage summary");
    for _ in 0..60 {
        session.press(TAB);
        if session.focused().text().contains("Everything known of this record") {
            session.press(ENTER);
            session.wait_for_heading("A record in ");
            check_what_was_loaded(stage, &session);
            return;
        }
    }
    panic!("no record is reached by keyboard");
}
