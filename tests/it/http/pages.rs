//! What stands on each page.

use super::client::Page;
use super::data::{picture, smaller_picture};
use super::server::visitor;
use super::surfaces::record_id;

#[test]
fn the_home_page_is_one_question_with_two_ways_to_ask_it() {
    let page = visitor_page("/");
    assert_eq!(page.heading(), "Am I in there?");
    assert_eq!(page.one("form[role=search]").attr("action"), Some("/search"));
    assert!(page.has("form[role=search] input[name=q][type=search]"));
    let pictures = page.one("form[enctype='multipart/form-data']");
    assert_eq!((pictures.attr("action"), pictures.attr("method")), (Some("/image"), Some("post")));
    assert!(page.has("form input[type=file][name=image][multiple]") && page.has("form.drop button[type=submit]"));
    assert_eq!(page.hrefs(".examples a").len(), 3);
    assert_eq!(page.texts(".holdings"), ["3 datasets · 51 records · last taken in on 21 November 2026"]);
    assert!(page.words().contains("compared in memory and forgotten"));
}

#[test]
fn results_begin_with_a_sentence_and_show_each_record_with_its_place() {
    let page = visitor_page("/search?q=number7");
    assert_eq!(page.heading(), "1 record in 1 dataset.");
    assert_eq!(page.texts(".read-as"), ["Read as: the word “number7”."]);
    assert!(page.texts(".coverage summary")[0].starts_with("Searched"), "{:?}", page.texts(".coverage"));
    assert_eq!(page.texts(".hits .quote"), ["A striped lantern number7 by the sea"]);
    assert_eq!(page.texts(".hits mark"), ["number7"]);
    let place = &page.texts(".hits .place")[0];
    for part in ["posts", "revision 2024-11", "posts-2024-11.csv", "row 7", "8 January 2024"] {
        assert!(place.contains(part), "{part}: {place}");
    }
    assert_eq!(page.texts(".hits .whose"), ["By grace.bsky.social"]);
    assert!(page.texts(".hits .address")[0].contains("img.harbour.example"));
}

#[test]
fn a_search_that_asks_nothing_explains_what_can_be_asked() {
    for path in ["/search", "/search?q=", "/search?q=+++"] {
        let page = visitor_page(path);
        assert_eq!(page.heading(), "Search by words");
        assert!(page.words().contains("a dog on the beach"));
    }
}

#[test]
fn a_search_without_hits_says_what_was_searched_and_what_to_try() {
    let page = visitor_page("/search?q=zeppelin");
    assert_eq!(page.heading(), "Nothing was found in what could be searched.");
    let words = page.words();
    assert!(
        words.contains("It does not say that it is in no dataset") && words.contains("What to try next"),
        "{words}"
    );
    assert!(page.hrefs(".nothing a").contains(&"/image".to_owned()));
    assert!(page.has(".coverage table"));
}

#[test]
fn what_is_recognised_can_be_searched_as_plain_words_with_one_click() {
    let page = visitor_page("/search?q=%40ada.bsky.social");
    assert_eq!(page.heading(), "15 records in 1 dataset.");
    assert!(page.texts(".read-as")[0].contains("the account @ada.bsky.social"), "{:?}", page.texts(".read-as"));
    assert!(page.words().contains("hostile was not") || page.words().contains("gallery was not"), "{}", page.words());
    let plain = visitor_page(&page.link("as plain words instead"));
    assert!(plain.texts(".read-as")[0].contains("the words") || plain.texts(".read-as")[0].contains("the word "));
    let back = visitor_page(&plain.link("Let Rollcall recognise"));
    assert_eq!(back.heading(), page.heading());
}

#[test]
fn any_of_the_words_is_offered_when_nothing_has_all() {
    let page = visitor_page("/search?q=number7+number8+zeppelin");
    assert!(page.heading().starts_with("Nothing was found"));
    assert!(page.texts(".offer")[0].contains("2 records have at least one of them"), "{:?}", page.texts(".offer"));
    let any = visitor_page(&page.hrefs(".offer a")[0]);
    assert_eq!(any.heading(), "2 records in 1 dataset.");
    assert!(visitor_page(&any.link("Ask for all of them")).heading().starts_with("Nothing"));
}

#[test]
fn filters_have_counts_narrow_the_hits_and_can_be_taken_back() {
    let page = visitor_page("/search?q=lantern");
    assert_eq!(page.heading(), "45 records in 1 dataset.");
    let filters = page.texts(".facet a");
    for filter in ["posts 45", "harbour.example 30", "attic.example 15"] {
        assert!(filters.contains(&filter.to_owned()), "{filter}: {filters:?}");
    }
    let narrowed = visitor_page(&page.link("attic.example"));
    assert_eq!(narrowed.heading(), "15 records in 1 dataset.");
    assert!(narrowed.texts(".active")[0].contains("on attic.example"));
    assert_eq!(visitor_page(&narrowed.link("on attic.example")).heading(), page.heading());

    // The form beside the hits carries what is narrowed already.
    let hidden = narrowed.all("form.narrow input[type=hidden]");
    let hidden: Vec<_> = hidden.iter().map(|input| (input.attr("name"), input.attr("value"))).collect();
    assert_eq!(hidden, [(Some("q"), Some("lantern")), (Some("domain"), Some("attic.example"))]);
    for (query, n) in [
        ("q=lantern&lang=de", 9),
        ("q=lantern&after=2024-02", 17),
        ("q=lantern&before=2024-02", 28),
        ("q=lantern&after=2024-01-03&before=2024-01-05", 2),
        ("q=lantern&author=ada.bsky.social", 15),
        ("author=ada.bsky.social", 15),
        ("domain=harbour.example", 30),
        ("q=lantern&dataset=posts", 45),
        // A word of other datasets too: they were not searched, and do not count.
        ("q=the&dataset=posts", 45),
    ] {
        assert_eq!(
            visitor_page(&format!("/search?{query}")).heading(),
            format!("{n} records in 1 dataset."),
            "{query}"
        );
    }
    assert!(visitor_page("/search?q=lantern&dataset=gallery").heading().starts_with("Nothing was found"));
}

#[test]
fn paging_shows_every_record_once() {
    let mut page = visitor_page("/search?q=lantern");
    let mut all = page.hrefs(".hits .do a");
    assert_eq!(all.len(), 20);
    while let Some(next) = page.hrefs("a[rel=next]").pop() {
        page = visitor_page(&next);
        assert_eq!(page.heading(), "45 records in 1 dataset.");
        all.extend(page.hrefs(".hits .do a"));
        assert_eq!(visitor_page(&page.link("First page")).hrefs(".hits .do a"), all[..20]);
    }
    assert_eq!(all.len(), 45);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 45);
}

#[test]
fn the_picture_page_says_what_happens_to_a_picture() {
    let page = visitor_page("/image");
    assert_eq!(page.heading(), "Search by picture");
    let words = page.words();
    for part in
        ["Up to 5 pictures at a time, each up to 2.0 MB", "does not recognise faces", "nothing is written to a disk"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn a_sent_picture_is_found_and_the_match_explained_in_words() {
    let client = visitor();
    let page = client.post_pictures("/image", &[("mine.jpg", &picture(1))]).expect(200).page();
    assert_eq!(page.heading(), "Your picture was found in 1 dataset.");
    assert_eq!(page.texts(".file-name"), ["mine.jpg"]);
    assert_eq!(page.texts(".verdict h3"), ["The same file 1 record"]);
    assert!(page.texts(".verdict .quote")[0].contains("plate 1"));
    assert!(page.texts(".place")[0].ends_with("revision v1 · gallery · row 1"), "{:?}", page.texts(".place"));
    assert!(page.texts(".coverage summary")[0].contains("posts was not"), "{:?}", page.texts(".coverage summary"));

    let page = client.post_pictures("/image", &[("small.jpg", &smaller_picture(2))]).expect(200).page();
    assert!(page.texts(".verdict h3")[0].starts_with("Almost surely the same picture"), "{}", page.words());
    assert!(page.texts(".verdict .quote")[0].contains("plate 2"));
    assert!(page.texts(".verdict .why").iter().any(|how| how.contains("of 256 bits differ")), "{}", page.words());
}

#[test]
fn the_record_page_shows_everything_known_of_the_row() {
    let client = visitor();
    let search = visitor_page("/search?q=number9");
    let page = visitor_page(&search.hrefs(".hits .do a")[0]);
    assert_eq!(page.heading(), "A record in posts");
    let facts = page.texts("table.facts tr");
    for fact in [
        "By ada.bsky.social",
        "Address https://harbour.example/pictures/2024-11-9.jpg",
        "Date 10 January 2024",
        "Language en",
    ] {
        assert!(facts.contains(&fact.to_owned()), "{fact}: {facts:?}");
    }
    let detail = client.get("/api/v1/datasets/posts").json();
    let sha256 = detail["files"][0]["sha256"].as_str().unwrap();
    assert!(
        facts.iter().any(|fact| fact.contains(sha256)) && facts.iter().any(|fact| fact == "File posts-2024-11.csv")
    );
    let row = page.texts("table.raw tbody tr");
    assert_eq!(row.len(), 6, "{row:?}");
    assert!(row.contains(&"mood kept as it is calm".to_owned()), "an unknown column is kept: {row:?}");
    let more = visitor_page(&page.link("See all records by ada.bsky.social"));
    assert_eq!(more.heading(), "15 records in 1 dataset.");

    let page = visitor_page(&format!("/records/{}", record_id(&client)));
    let facts = page.texts("table.facts tr").join("\n");
    for fact in ["Picture size 320 × 240 pixels", "(SHA-256)", "(MD5)", "Picture fingerprint (pdqa)"] {
        assert!(facts.contains(fact), "{fact}: {facts}");
    }
}

#[test]
fn a_dataset_page_is_its_biography() {
    let list = visitor_page("/datasets");
    assert_eq!(list.texts(".lead"), ["3 datasets with 51 records can be searched here."]);
    let page = visitor_page(&list.link("The test gallery"));
    assert_eq!(page.heading(), "The test gallery");
    let words = page.words();
    for part in [
        "Drawings of a harbour, made for tests.",
        "Licence cc-by-4.0",
        "all 4 records",
        "Taken in 21 November 2026",
        "How to ask for removal at the source",
        "Languages en",
        "attic-scans",
        "searched now",
        "4 records have a picture fingerprint of the kind pdqa",
    ] {
        assert!(words.contains(part), "{part}: {words}");
    }
    let files = page.texts("table.files tbody tr");
    assert!(
        !files.is_empty() && files.iter().all(|row| row.split_whitespace().any(|word| word.len() == 64)),
        "{files:?}"
    );

    let posts = visitor_page("/datasets/posts");
    assert_eq!(visitor_page(&posts.link("attic.example")).heading(), "15 records in 1 dataset.");
}

#[test]
fn about_and_privacy_say_what_is_done_and_what_never() {
    let about = visitor_page("/about").words();
    assert!(about.contains("does not recognise faces") && about.contains("Nothing found means"), "{about}");
    let privacy = visitor_page("/privacy").words();
    assert!(privacy.contains("keeps no list of searches") && privacy.contains("not written to a disk"), "{privacy}");
}

/// A page of the shared server, which answers 200.
fn visitor_page(path: &str) -> Page {
    visitor().get(path).expect(200).page()
}
