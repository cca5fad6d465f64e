//! A case through the pages alone, as a browser without JavaScript sends its forms.

use super::cases::{fill, portal, posts, refuse};
use super::client::{Answer, Client, Page, text_of};
use super::crawl::check;
use super::data::{GALLERY, POSTS};
use super::server::Server;
use rollcall::config::ServeConfig;

/// The fields that a form of the page would send: hidden ones, what stands in the others, and what the visitor adds.
fn filled<'a>(page: &'a Page, form: &str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = Vec::new();
    let is_added = |name: &str| more.iter().any(|(added, _)| *added == name);
    for input in page.all(&format!("{form} input[name]")) {
        let name = input.attr("name").unwrap();
        let is_off =
            ["checkbox", "radio"].contains(&input.attr("type").unwrap_or_default()) && input.attr("checked").is_none();
        if !is_off && !is_added(name) {
            fields.push((name, input.attr("value").unwrap_or_default()));
        }
    }
    for option in page.all(&format!("{form} option[selected]")) {
        let select = option.parent().and_then(|parent| parent.value().as_element()).unwrap();
        let name = select.attr("name").unwrap();
        if !is_added(name) {
            fields.push((name, option.attr("value").unwrap_or_default()));
        }
    }
    for area in page.all(&format!("{form} textarea[name]")) {
        let name = area.attr("name").unwrap();
        if let (false, Some(text)) = (is_added(name), area.text().next()) {
            fields.push((name, text));
        }
    }
    fields.extend(more);
    fields
}

fn go_on(client: &Client, page: &Page, more: &[(&str, &str)]) -> Answer {
    client.post_form("/cases/new", "", &filled(page, "form.case-form", more))
}

const ABOUT_ME: [(&str, &str); 4] =
    [("about", "me"), ("requester.relationship", "self"), ("lives", "DE"), ("step", "form")];

/// From ticked records to the receipt; gives number, passphrase and the receipt.
fn file(client: &Client, n: usize, more: &[(&str, &str)]) -> (String, String, Page) {
    let takes: Vec<String> = posts(client, n).iter().map(|id| format!("r:{id}")).collect();
    let questions = client.post_form("/cases/new", "", &[("take", &takes.join(" "))]).expect(200).page();
    let fields = go_on(client, &questions, &ABOUT_ME).expect(200).page();
    let letter = go_on(client, &fields, &[more, &[("step", "check")]].concat()).expect(200).page();
    let receipt = go_on(client, &letter, &[("step", "file")]).expect(201);
    assert_eq!(receipt.header("cache-control"), Some("no-store"));
    let receipt = receipt.page();
    check(&receipt);
    let number = text_of(receipt.one(".keep-number"));
    let passphrase = text_of(receipt.one(".keep-words"));
    (number, passphrase, receipt)
}

/// Signs in to a case; gives the cookie.
fn enter(client: &Client, number: &str, passphrase: &str) -> String {
    let entered = client.post_form("/cases", "", &[("number", number), ("passphrase", passphrase)]).expect(303);
    assert_eq!(entered.header("location"), Some(format!("/cases/{number}").as_str()));
    entered.cookie()
}

fn case_page(client: &Client, number: &str, cookie: &str) -> Page {
    let page = client.get_with(&format!("/cases/{number}"), &[("cookie", cookie)]).expect(200).page();
    check(&page);
    page
}

#[test]
fn ticked_records_gather_in_the_basket() {
    let server = portal();
    let client = server.client();
    let results = client.get("/search?q=lantern").expect(200).page();
    let ticks = results.all("form[action='/basket'] input[type=checkbox][name=take]");
    assert_eq!(ticks.len(), 12);
    let [first, second] = [ticks[0], ticks[1]].map(|tick| tick.attr("value").unwrap().to_owned());
    let ticked = client.post_form("/basket", "", &[("take", &first), ("take", &second)]).expect(303);
    assert_eq!(ticked.header("location"), Some("/basket"));
    let set = ticked.header("set-cookie").unwrap();
    for part in ["Path=/basket", "HttpOnly", "SameSite=Strict"] {
        assert!(set.contains(part), "{set}");
    }
    assert!(!set.contains("Max-Age") && !set.contains("Expires"), "it ends with the browser: {set}");
    let cookie = ticked.cookie();
    let basket = client.get_with("/basket", &[("cookie", &cookie)]).expect(200).page();
    check(&basket);
    assert_eq!(basket.all(".basket li").len(), 2, "{}", basket.words());

    // A third by the record page with all copies of its picture, and all of a search.
    let plate = client.get("/search?q=plate").page().hrefs(".hits .do a")[0].clone();
    let record = client.get(&plate).expect(200).page();
    check(&record);
    let copies = record.one("button[value^='c:']").attr("value").unwrap().to_owned();
    let more = client.post_form("/basket", &cookie, &[("take", &copies), ("take", "s:q=harbour")]).expect(303);
    let cookie = more.cookie();
    let basket = client.get_with("/basket", &[("cookie", &cookie)]).expect(200).page();
    check(&basket);
    let words = basket.words();
    assert_eq!(basket.all(".basket li").len(), 4, "{words}");
    assert!(words.contains("All copies of the picture of") && words.contains("the word “harbour”"), "{words}");

    let fewer = client.post_form("/basket", &cookie, &[("drop", &first)]).expect(303);
    let basket = client.get_with("/basket", &[("cookie", &fewer.cookie())]).page();
    assert_eq!(basket.all(".basket li").len(), 3);
    let takes = basket.one("form[action='/cases/new'] input[name=take]").attr("value").unwrap().to_owned();
    assert!(takes.contains("s:q=harbour") && !takes.contains(&first), "{takes}");
    let emptied = client.post_form("/basket", &cookie, &[("empty", "1")]).expect(303);
    assert!(emptied.header("set-cookie").unwrap().contains("Max-Age=0"));
    check(&client.get("/basket").expect(200).page());
}

#[test]
fn more_than_a_cookie_holds_goes_on_in_the_form() {
    let server = portal();
    let client = server.client();
    let one = posts(&client, 1).remove(0);
    let many: Vec<String> = (0..3_000_u64).map(|n| format!("r:{:022x}", n * 7_919)).collect();
    let page = client.post_form("/basket", "", &[("take", &many.join(" ")), ("take", &format!("r:{one}"))]);
    assert_eq!(page.header("set-cookie"), None, "what was kept before stays");
    let page = page.expect(200).page();
    let takes = page.one("form[action='/cases/new'] input[name=take]").attr("value").unwrap().to_owned();
    assert_eq!(takes.split(' ').count(), 3_001);
    let questions = client.post_form("/cases/new", "", &[("take", &takes)]).expect(200).page();
    assert!(questions.words().contains("3,000 records are no longer shown here"), "{}", questions.words());
    assert!(questions.words().contains("1 record in posts"));
}

#[test]
fn all_of_a_search_and_all_copies_of_a_picture_become_rows() {
    let server = portal();
    let client = server.client();
    let plate = client.get("/search?q=plate&dataset=gallery").page().hrefs(".hits .do a")[0].clone();
    let copies = client.get(&plate).page().one("button[value^='c:']").attr("value").unwrap().to_owned();
    let takes = format!("s:q=lantern&dataset={POSTS} {copies} {copies}");
    let page = client.post_form("/cases/new", "", &[("take", &takes)]).expect(200).page();
    check(&page);
    let words = page.words();
    assert!(words.contains("13 records in 2 datasets"), "{words}");
    assert!(words.contains("12 records in") && words.contains("1 record in The test gallery"), "{words}");
}

#[test]
fn a_whole_case_from_questions_to_receipt() {
    let server = portal();
    let client = server.client();
    let start = client.get("/cases/new").expect(200).page();
    check(&start);
    // Nothing is guessed: each question has to be answered.
    let told = client.post_form("/cases/new", "", &[("step", "form")]).expect(422).page();
    assert!(told.words().contains("Answer all three questions"), "{}", told.words());

    let takes: Vec<String> = posts(&client, 2).iter().map(|id| format!("r:{id}")).collect();
    let questions = client.post_form("/cases/new", "", &[("take", &takes.join(" "))]).expect(200).page();
    check(&questions);
    let fields = go_on(&client, &questions, &ABOUT_ME).expect(200).page();
    check(&fields);
    assert!(fields.heading().contains("GDPR"), "{}", fields.heading());
    assert!(fields.has("option[value=DE][selected]"), "the country need not be given twice");
    assert!(fields.has("[name='requester.relationship'][value=self][checked]"));
    // Every field says why it is asked.
    assert!(fields.all(".field").len() <= fields.all(".field .why").len() + 1, "{}", fields.words());

    // Another way is one click away, and its own fields come.
    let dmca = go_on(&client, &fields, &[("switch", "dmca")]).expect(200).page();
    check(&dmca);
    assert!(dmca.heading().contains("DMCA"), "{}", dmca.heading());
    let told = go_on(&client, &dmca, &[("step", "check")]).expect(422).page();
    check(&told);
    for field in ["explanation", "signature", "requester.name", "statements.perjury"] {
        assert!(told.has(&format!(".notice a[href='#field-{field}']")), "{field}: {}", told.words());
        assert!(told.has(&format!("[id='field-{field}']")), "{field}");
    }

    let given = [
        ("explanation", "This is my work: \"the lantern\" <script>alert(1)</script>"),
        ("requester.name", "Ada Lindqvist"),
        ("requester.email", "ada@harbour.example"),
        ("signature", "Ada Lindqvist"),
        ("statements.good_faith", "true"),
        ("statements.accuracy", "true"),
        ("statements.perjury", "true"),
        ("scope", "copies"),
        ("step", "check"),
    ];
    let fields = filled(&dmca, "form.case-form", &given);
    let fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "share_name").collect();
    let letter = client.post_form("/cases/new", "", &fields).expect(200).page();
    check(&letter);
    let words = letter.texts(".letter").join(" ");
    for said in ["Ada Lindqvist, for myself", "<script>alert(1)</script>", "2 records in posts", "every copy"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    // The law on copyright notices expects the name to be passed on: ticked at first, and it can be taken away.
    assert!(dmca.has("[name=share_name][checked]"));
    assert!(letter.words().contains("neither name nor address"), "the name is not handed on unless allowed");
    // Back to the form: nothing is lost.
    let again = go_on(&client, &letter, &[("step", "form")]).expect(200).page();
    assert_eq!(again.one("[name=signature]").attr("value"), Some("Ada Lindqvist"));
    assert!(again.has("[name='statements.perjury'][checked]") && again.has("[name=scope][value=copies][checked]"));
    assert!(!again.has("[name=share_name][checked]"), "a tick that was taken away stays away");

    let receipt = go_on(&client, &letter, &[("step", "file")]).expect(201);
    assert!(receipt.header("set-cookie").is_some_and(|cookie| cookie.starts_with("basket=;")), "the basket is emptied");
    let receipt = receipt.page();
    check(&receipt);
    let number = text_of(receipt.one(".keep-number"));
    let cookie = enter(&client, &number, &text_of(receipt.one(".keep-words")));
    let page = case_page(&client, &number, &cookie);
    assert!(page.words().contains("DMCA") && page.words().contains("Ada Lindqvist"), "{}", page.words());
    assert!(page.has("a[href$='/counter-notice']"));
}

#[test]
fn a_case_without_a_record_asks_the_datasets_that_were_ticked() {
    let server = portal();
    let client = server.client();
    let found = client.get("/search?q=number3").page().texts(".hits .address").remove(0);
    let typed = format!("{found}\nhttps://nowhere.example/gone.jpg");
    let start = client.get("/cases/new").page();
    let more = [("typed_urls", typed.as_str()), ("cannot_find", "A photo of me on the quay"), ("dataset", GALLERY)];
    let fields = go_on(&client, &start, &[&more[..], &ABOUT_ME[..]].concat()).expect(200).page();
    check(&fields);
    let words = fields.words();
    assert!(words.contains("1 record in posts"), "the address led to its row: {words}");
    assert!(words.contains("no record for 1 address"), "{words}");
    let plain = go_on(&client, &fields, &[("switch", "plain")]).expect(200).page();
    let letter = go_on(&client, &plain, &[("step", "check")]).expect(200).page();
    let words = letter.texts(".letter").join(" ");
    assert!(words.contains("nowhere.example/gone.jpg") && words.contains("on the quay"), "{words}");
    let receipt = go_on(&client, &letter, &[("step", "file")]).expect(201).page();
    assert!(receipt.words().contains("The test gallery"), "{}", receipt.words());
}

#[test]
fn a_case_opens_by_number_and_passphrase_alone() {
    let server = portal();
    let client = server.client();
    let (number, passphrase, _) = file(&client, 2, &[]);
    check(&client.get("/cases").expect(200).page());
    let closed = client.get(&format!("/cases/{number}")).expect(200).page();
    assert_eq!(closed.one("#number").attr("value"), Some(number.as_str()));
    for (number, passphrase) in
        [(number.as_str(), "not the right six words here"), ("AAAA-AAAA", &*passphrase), ("<b>", "x")]
    {
        let refused = client.post_form("/cases", "", &[("number", number), ("passphrase", passphrase)]).expect(404);
        assert_eq!(refused.header("set-cookie"), None);
        let page = refused.page();
        check(&page);
        assert!(page.words().contains("No case has this number and passphrase"), "{}", page.words());
    }
    let entered = client.post_form("/cases", "", &[("number", &number.to_lowercase()), ("passphrase", &passphrase)]);
    let set = entered.expect(303).header("set-cookie").unwrap().to_owned();
    for part in [&format!("Path=/cases/{number}"), "HttpOnly", "SameSite=Strict", "Max-Age=1800"] {
        assert!(set.contains(part), "{part}: {set}");
    }
    assert!(!set.contains("Secure"), "this server has no https");
    let cookie = enter(&client, &number, &passphrase);
    let answer = client.get_with(&format!("/cases/{number}"), &[("cookie", &cookie)]).expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    assert!(!answer.text().contains(passphrase.split(' ').next().unwrap()) || passphrase.is_empty());
    let left = client.post_form(&format!("/cases/{number}/leave"), &cookie, &[]).expect(303);
    assert!(left.header("set-cookie").unwrap().contains("Max-Age=0"));
    // Without the cookie nothing can be done.
    for what in ["withdraw", "appeal", "narrow"] {
        let refused = client.post_form(&format!("/cases/{number}/{what}"), "", &[("sure", "1"), ("why", "x")]);
        check(&refused.expect(403).page());
    }
}

#[test]
fn behind_https_the_cookies_travel_by_https_only() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    fill(&data);
    let config = ServeConfig::for_testing(data);
    let server = Server::with(ServeConfig { public_url: Some("https://rollcall.example".to_owned()), ..config });
    let client = server.client();
    let id = posts(&client, 1).remove(0);
    let ticked = client.post_form("/basket", "", &[("take", &format!("r:{id}"))]).expect(303);
    assert!(ticked.header("set-cookie").unwrap().contains("Secure"));
}

const BOUNDARY: &str = "multipart/form-data; boundary=b";

#[test]
fn a_case_is_narrowed_answered_and_withdrawn_on_its_page() {
    let server = portal();
    let client = server.client();
    let (number, passphrase, _) = file(&client, 3, &[]);
    let cookie = enter(&client, &number, &passphrase);
    let page = case_page(&client, &number, &cookie);
    assert!(page.words().contains("3 records") && page.has("time[datetime]"), "{}", page.words());
    let drop = page.all("[name=drop]")[0].attr("value").unwrap().to_owned();
    let act =
        |what: &str, fields: &[(&str, &str)]| client.post_form(&format!("/cases/{number}/{what}"), &cookie, fields);
    act("narrow", &[]).expect(400);
    act("narrow", &[("drop", &drop)]).expect(303);
    let page = case_page(&client, &number, &cookie);
    assert!(page.words().contains("1 taken out by you"), "{}", page.words());

    let unsaid = client.post_form("/cases", "", &[("number", &number), ("passphrase", "")]).expect(400).page();
    assert!(unsaid.words().contains("Type both"), "{}", unsaid.words());

    // A message with a file; what comes back is never shown, only saved.
    let part = |name: &str, file: &str, body: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{body}\r\n")
    };
    let svg = "%PDF-1.7 <script>alert(1)</script>";
    let body = [
        part("text", "", "See the <b>letter</b>."),
        part("file", "; filename=\"../le\u{e9}tter<b>.pdf\"", svg),
        "--b--\r\n".to_owned(),
    ]
    .concat();
    let path = format!("/cases/{number}/messages");
    let send = |body: &str, cookie: &str| {
        client.post(&path, &[("content-type", BOUNDARY), ("cookie", cookie)], body.as_bytes())
    };
    send(&body, "case=00").expect(404);
    send(&body, &cookie).expect(303);
    let page = case_page(&client, &number, &cookie);
    let words = page.words();
    assert!(words.contains("See the <b>letter</b>."), "{words}");
    let href = page.hrefs("a[href*='/attachments/']").remove(0);
    let saved = client.get_with(&href, &[("cookie", &cookie)]).expect(200);
    assert_eq!(saved.text(), svg);
    assert_eq!(saved.header("content-type"), Some("application/octet-stream"));
    let disposition = saved.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; filename=\"") && !disposition.contains('<'), "{disposition}");
    assert!(saved.header("content-security-policy").unwrap().contains("sandbox"));
    client.get(&href).expect(403);
    // A file says enough by itself, and an error leads back to the case.
    let alone = [part("text", "", ""), part("file", "; filename=\"quay.txt\"", "A quay."), "--b--\r\n".to_owned()];
    send(&alone.concat(), &cookie).expect(303);
    assert!(case_page(&client, &number, &cookie).words().contains("quay.txt"));
    let nothing = [part("text", "", ""), "--b--\r\n".to_owned()].concat();
    let refused = send(&nothing, &cookie).expect(400).page();
    assert!(refused.hrefs("main a").contains(&format!("/cases/{number}")), "{}", refused.words());
    let program = [part("file", "; filename=\"a.pdf\"", "MZ\u{0}\u{1}"), "--b--\r\n".to_owned()].concat();
    send(&program, &cookie).expect(415);
    let large = [part("file", "; filename=\"a.txt\"", &"x".repeat(9 << 20)), "--b--\r\n".to_owned()].concat();
    send(&large, &cookie).expect(413);

    act("withdraw", &[]).expect(400);
    act("withdraw", &[("sure", "true")]).expect(303);
    let page = case_page(&client, &number, &cookie);
    assert!(page.words().contains("Withdrawn") && !page.has(".withdraw"), "{}", page.words());
    act("withdraw", &[("sure", "true")]).expect(409);
}

#[test]
fn a_decision_stands_on_the_page_with_its_reasons_and_can_be_appealed() {
    let server = portal();
    let client = server.client();
    let (number, passphrase, _) = file(&client, 2, &[]);
    refuse(&server, &number);
    let cookie = enter(&client, &number, &passphrase);
    let page = case_page(&client, &number, &cookie);
    let words = page.words();
    for said in ["Not granted", "Art. 17(3)(a) GDPR", "The text is a news report.", "The law has an exception"] {
        assert!(words.contains(said), "{said}: {words}");
    }
    assert!(!words.contains("mira"), "who decides is not named");
    let act = |fields: &[(&str, &str)]| client.post_form(&format!("/cases/{number}/appeal"), &cookie, fields);
    act(&[("dataset", POSTS)]).expect(400);
    act(&[("dataset", POSTS), ("why", "It is no report.")]).expect(303);
    let page = case_page(&client, &number, &cookie);
    assert!(page.words().contains("Looked at again by somebody else") && !page.has(".appeal"), "{}", page.words());
}
