//! What is typed and what is found, over a small dataset of our own: one record for each thing that must be findable.

mod corpus; // the records, by label
mod paging; // pages, ties, counts, totals
mod refusals; // hostile queries, coverage

use rollcall::search::engine::{Engine, TextRequest};

use super::support::{Home, typed};
use corpus::Corpus;

/// What each query must find: no more and no less.
const ASKED: &[(&str, &[&str])] = &[
    // All words, in any field.
    ("boats harbour", &["dawn", "dusk"]),
    ("HARBOUR", &["dawn", "dusk", "fog", "repo"]),
    ("harbour zeppelin", &[]),
    // Phrases and exclusions.
    ("\"at dawn\"", &["dawn"]),
    ("\"dawn at\"", &[]),
    ("“old harbour”", &["dusk"]),
    ("\"at dusk in the old", &["dusk"]),
    ("harbour -boats", &["fog", "repo"]),
    ("harbour -\"old harbour\"", &["dawn", "fog", "repo"]),
    ("harbour -author:\"Mira Okonkwo\"", &["dusk", "fog", "repo"]),
    ("harbour -domain:tidewater.example", &["fog", "repo"]),
    ("harbour -url:tidewater.example/dusk.jpg?size=large", &["dawn", "fog", "repo"]),
    // Filters.
    ("author:okonkwo", &["dawn"]),
    ("by:\"mira okonkwo\"", &["dawn"]),
    ("domain:tidewater.example", &["dawn", "dusk"]),
    ("site:photos.tidewater.example", &["dawn"]),
    ("domain:https://www.tidewater.example/", &["dawn", "dusk"]),
    ("lang:sv", &["fog"]),
    ("lang:EN harbour", &["dawn", "dusk"]),
    ("after:2022 before:2023", &["dusk"]),
    ("after:2022-07-09 before:2022-07-10", &["dusk"]),
    ("before:2022", &["dawn"]),
    ("since:2023-01-01", &["fog"]),
    ("dataset:corpus \"at dawn\"", &["dawn"]),
    // Scripts without spaces: any stretch of them.
    ("写真", &["cjk"]),
    ("空写", &["cjk"]),
    ("朝", &["cjk"]),
    ("青", &["cjk"]),
    ("青空 館の朝", &["cjk"]),
    ("写空", &[]),
    ("แมว", &["thai"]),
    ("หลังคา", &["thai"]),
    ("사진", &["korean"]),
    ("어사", &["korean"]),
    ("모음", &["korean"]),
    // Case, accents, compatibility forms.
    ("cafe CREME", &["cafe"]),
    ("cafe\u{301} cr\u{e8}me", &["cafe"]),
    ("strasse lodz", &["cafe"]),
    ("zoe angstrom", &["fog"]),
    ("author:\"ZOË ÅNGSTRÖM\"", &["fog"]),
    ("full width fine", &["full"]),
    ("ｆｕｌｌ", &["full"]),
    ("oneils", &["quote"]),
    ("o’neil’s", &["quote"]),
    // Hashtags, words in addresses and file names, names written as one word.
    ("#GoldenHour", &["tag"]),
    ("goldenhour", &["tag"]),
    ("winter market", &["slug"]),
    ("market 2019", &["slug"]),
    ("fete foraine", &["path"]),
    ("mira okonkwo", &["dawn", "slug"]),
    ("Mira-Okonkwo", &["dawn", "slug"]),
    // One address in its many writings.
    ("https://tidewater.example/dusk.jpg?size=large", &["dusk"]),
    ("HTTP://WWW.Tidewater.EXAMPLE:80/dusk.jpg?size=large#top", &["dusk"]),
    ("tidewater.example/dusk.jpg?size=large", &["dusk"]),
    ("url:\"http://tidewater.example/dusk%2ejpg?size=large\"", &["dusk"]),
    ("<https://photos.tidewater.example/2021/harbour-dawn.jpg/>", &["dawn"]),
    ("https://img.example/galerie/fête%20foraine.png", &["path"]),
    ("img.example/galerie/f%C3%AAte%20foraine.png", &["path"]),
    ("url:\"img.example/galerie/fe\u{302}te foraine.png\"", &["path"]),
    ("https://tidewater.example/dusk.jpg", &[]),
    ("https://tidewater.example/DUSK.jpg?size=large", &[]),
    // Domains with what lies under them.
    ("tidewater.example", &["dawn", "dusk"]),
    ("https://www.tidewater.example", &["dawn", "dusk"]),
    ("photos.tidewater.example", &["dawn"]),
    ("water.example", &[]),
    // Accounts.
    ("did:plc:ewvi7nxzyoun6zhxrhs64oiz", &["sky"]),
    ("at://did:plc:ewvi7nxzyoun6zhxrhs64oiz/app.bsky.feed.post/3kabc", &["sky"]),
    ("https://bsky.app/profile/did:plc:ewvi7nxzyoun6zhxrhs64oiz/post/3kabc", &["sky"]),
    ("@pell.bsky.social", &["mention", "sky"]),
    ("Pell.bsky.social", &["mention", "sky"]),
    ("@pell", &["mention", "sky"]),
    ("@gull_watcher", &["gull"]),
    ("author:@Gull_Watcher", &["gull"]),
    ("author:gull_watcher", &["gull"]),
    ("u/salt_and_tar", &["reddit"]),
    ("/u/Salt_And_Tar", &["reddit"]),
    ("12345678@N00", &["flickr"]),
    ("12345678@n00", &["flickr"]),
    ("harbour-lights/beacon", &["repo"]),
    ("Harbour-Lights/Beacon", &["repo"]),
    // Digests.
    ("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", &["digest"]),
    ("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", &["digest"]),
    ("d41d8cd98f00b204e9800998ecf8427e", &["digest"]),
    ("da39a3ee5e6b4b0d3255bfef95601890afd80709", &["digest"]),
    ("d41d8cd98f00b204e9800998ecf8427f", &[]),
];

fn found(corpus: &Corpus, engine: &Engine, request: &TextRequest) -> Vec<&'static str> {
    let results = engine.text(request).unwrap_or_else(|error| panic!("{:?}: {error}", request.q));
    assert_eq!(results.total, results.hits.len() as u64, "{:?}", request.q);
    results.hits.iter().map(|hit| corpus.label(hit)).collect()
}

#[test]
fn every_query_finds_exactly_the_records_it_should() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let mut wrong = Vec::new();
    for (asked, expected) in ASKED {
        let mut labels = found(&corpus, &engine, &typed(asked));
        labels.sort_unstable();
        if labels != *expected {
            wrong.push(format!("{asked:?} finds {labels:?}, not {expected:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_filters_beside_the_box_do_what_the_same_filters_typed_do() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let set = |change: &dyn Fn(&mut TextRequest)| {
        let mut request = typed("");
        change(&mut request);
        found(&corpus, &engine, &request)
    };
    let to = |text: &str| Some(text.to_owned());
    assert_eq!(set(&|r| r.author = to("Mira Okonkwo")), ["dawn"]);
    assert_eq!(set(&|r| r.domain = to("photos.tidewater.example")), ["dawn"]);
    assert_eq!(set(&|r| r.lang = to("sv")), ["fog"]);
    assert_eq!(set(&|r| (r.after, r.before) = (to("2022"), to("2023"))), ["dusk"]);
    assert_eq!(set(&|r| r.dataset = vec!["corpus".into()]).len(), corpus.len());
    assert_eq!(set(&|r| r.author = to("  ")), Vec::<&str>::new());
}

#[test]
fn any_of_the_words_is_offered_and_given_when_none_has_all() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let none = engine.text(&typed("zeppelin fog dusk")).unwrap();
    assert_eq!((none.total, none.any_word_total), (0, Some(2)));
    let any = TextRequest { any_word: true, ..typed("zeppelin fog dusk") };
    let mut labels = found(&corpus, &engine, &any);
    labels.sort_unstable();
    assert_eq!(labels, ["dusk", "fog"]);
    assert_eq!(engine.text(&typed("zeppelin")).unwrap().any_word_total, None, "one word has no others");
    assert_eq!(engine.text(&typed("zeppelin airship")).unwrap().any_word_total, None, "nothing to offer");
    assert_eq!(engine.text(&typed("fog")).unwrap().any_word_total, None, "there are hits");
}

#[test]
fn what_was_recognised_can_be_searched_as_plain_words() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let read = engine.text(&typed("harbour-lights/beacon")).unwrap().query;
    assert_eq!((read.read_as[0].kind.as_str(), read.can_be_plain_words), ("repo", true));
    let words = TextRequest { as_words: true, ..typed("harbour-lights/beacon") };
    let read = engine.text(&words).unwrap().query;
    assert_eq!((read.read_as[0].kind.as_str(), read.can_be_plain_words), ("words", false));
    assert_eq!(found(&corpus, &engine, &words), ["repo"]);
    let words = TextRequest { as_words: true, ..typed("@pell.bsky.social") };
    assert_eq!(found(&corpus, &engine, &words).len(), 2);
    let words = TextRequest { as_words: true, ..typed("\"dawn at\" harbour") };
    assert_eq!(found(&corpus, &engine, &words), ["dawn"], "quotes are no phrase when words are asked");
}

#[test]
fn an_exact_name_ranks_first_then_a_phrase_then_scattered_words() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    assert_eq!(found(&corpus, &engine, &typed("ines vale")), ["by ines", "of ines", "ines scattered"]);
    assert_eq!(found(&corpus, &engine, &typed("@pell")), ["sky", "mention"], "the account before who mentions it");
}

#[test]
fn what_was_searched_is_marked_and_nothing_of_the_record_becomes_markup() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let marked = |q: &str| {
        let results = engine.text(&typed(q)).unwrap();
        results.hits[0].highlights.iter().map(|mark| format!("{}: {}", mark.field, mark.html)).collect::<Vec<_>>()
    };
    assert_eq!(marked("CAFE"), ["caption: Le <mark>café</mark> crème, Straße nach Łódź"]);
    assert_eq!(
        marked("img src")[0],
        "caption: &lt;<mark>img</mark> <mark>src</mark>=x onerror=alert(1)&gt; &amp; more"
    );
    assert!(corpus.len() > 20);
}

#[test]
fn a_record_page_has_every_column_and_says_where_the_row_stands() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let hit = engine.text(&typed("\"at dawn\"")).unwrap().hits.remove(0);
    let record = engine.record(&hit.id).unwrap();
    assert_eq!((record.hit.file.as_str(), record.hit.row.as_str()), ("corpus.jsonl", "0"));
    assert_eq!(record.authors, ["Mira Okonkwo"]);
    assert_eq!(record.hit.created_at.as_deref(), Some("2021-05-01T00:00:00Z"));
    let cell = record.cells.iter().find(|cell| cell.column == "shelf").unwrap();
    assert_eq!((cell.value.as_deref(), cell.role.as_deref()), (Some("a4"), None), "no role, and kept");
    let bytes = std::fs::read(home.path("corpus.jsonl")).unwrap();
    assert_eq!(record.file_sha256, super::support::sha256_hex(&bytes));
    for bad in ["", "zz", &"0".repeat(22), &"f".repeat(22), &format!("{}ffff", &hit.id[..18])] {
        assert!(matches!(engine.record(bad), Err(rollcall::search::engine::SearchError::NoSuchRecord(_))), "{bad}");
    }
}
