//! Queries meant to hurt, and datasets that cannot answer what is asked.

use rollcall::search::engine::{SearchError, TextRequest};

use super::corpus::Corpus;
use crate::support::{Home, typed};

const BROKEN: [&str; 61] = [
    "\"",
    "\"\"",
    "\"\"\"",
    "' OR 1=1 --",
    "-",
    "--",
    "- -",
    "-\"",
    "-\"\"",
    "-author:",
    "-domain:",
    "domain:",
    "url:::::",
    "url:\"",
    "author:\"\"",
    "after:",
    "after:9999-99-99",
    "before:-1",
    "lang:\"",
    "dataset:../..",
    ":",
    ":::",
    "(((",
    "[a TO b]",
    "caption:harbour^9",
    "*",
    "?*~2",
    "\\",
    "%",
    "%%%41%zz",
    "\0",
    "a\0b",
    "\u{1}\u{7f}\u{202e}x",
    "\u{feff}",
    "\u{301}",
    "\u{200d}\u{200d}",
    "🎨",
    "did:",
    "did:plc:",
    "at://",
    "at:///",
    "@",
    "@@",
    "u/",
    "/",
    "//",
    "https://",
    "http://[::1]/",
    "https://:80",
    "https://..",
    "xn--.example",
    "1.2.3.4",
    "sha256:",
    "\u{10ffff}",
    "ﷺ",
    "-did:plc:x",
    "-@x",
    "domain:\"a b\"",
    "url:\"not a url\"",
    "-lang:en",
    "-after:2020",
];

/// Queries meant to hurt: broken writings, long ones, and pieces thrown together.
fn hostile() -> Vec<String> {
    let mut queries = BROKEN.map(str::to_owned).to_vec();
    for text in [
        "a", "\"", "-", "a ", "\" ", "青", "青 ", "é", "://", "a.", "@", "-x ", "\"a\" ", "x/", "%41", "\u{301}",
        "가나 ", "ﷺ",
    ] {
        queries.push(text.repeat(10_000 / text.chars().count()));
    }
    let mut rng = rollcall::demo::Rng::for_part(9, "hostile", 0);
    let pieces = [
        "\"",
        "-",
        ":",
        "author:",
        "url:",
        " ",
        "a",
        "青",
        "\0",
        "@",
        "/",
        ".",
        "did:plc:",
        "\u{301}",
        "%2",
        "“",
        "lang:",
        "x.example",
    ];
    for _ in 0..300 {
        queries.push((0..12).map(|_| *rng.choose(&pieces)).collect());
    }
    queries
}

#[test]
fn no_query_is_answered_with_anything_but_results_or_a_sentence() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    for query in hostile() {
        for (as_words, any_word) in [(false, false), (true, false), (false, true)] {
            let request = TextRequest { as_words, any_word, ..typed(&query) };
            match engine.text(&request) {
                Ok(results) => assert!(results.hits.len() as u64 <= results.total),
                Err(SearchError::BadQuery { detail, .. }) => assert!(detail.len() > 10, "{query:?}: {detail}"),
                Err(error) => panic!("{query:?}: {error}"),
            }
        }
    }
    let empty = engine.text(&typed("  ")).unwrap();
    assert_eq!((empty.total, empty.hits.len()), (0, 0), "an empty box is no search");
}

#[test]
fn a_query_that_cannot_be_read_names_its_field() {
    let (corpus, home) = (Corpus::new(), Home::new());
    let engine = corpus.engine(&home);
    let field = |request: TextRequest| match engine.text(&request) {
        Err(SearchError::BadQuery { field, .. }) => field,
        other => panic!("{:?}: {other:?}", request.q),
    };
    assert_eq!(field(typed(&"a".repeat(10_001))), "q");
    assert_eq!(field(typed("after:yesterday")), "after");
    assert_eq!(field(TextRequest { before: Some("soon".into()), ..typed("x") }), "before");
    assert_eq!(field(typed("domain:\"no domain\"")), "domain");
    assert_eq!(field(typed("dataset:nowhere boats")), "dataset");
    assert_eq!(field(TextRequest { cursor: Some("zz".into()), ..typed("boats") }), "cursor");
    assert_eq!(field(TextRequest { cursor: Some("00".repeat(18)), ..typed("boats") }), "cursor");
    let all = TextRequest { limit: usize::MAX, ..typed("harbour") };
    assert_eq!(engine.text(&all).unwrap().hits.len(), 4, "a limit beyond all bounds is the largest one");
}

#[test]
fn coverage_says_which_dataset_could_not_answer() {
    let home = Home::new();
    let words = home.file("words.csv", "caption\na boat\na gull\n");
    let posts = home.file(
        "posts.jsonl",
        "{\"caption\": \"a boat\", \"handle\": \"pell\", \"created_at\": \"2024-01-02T03:04:05Z\"}\n",
    );
    home.take_in(&[&words], "words", "r1");
    home.take_in(&[&posts], "posts", "r1");
    let engine = home.engine();
    let answers = |q: &str| {
        let coverage = engine.text(&typed(q)).unwrap().coverage;
        coverage.into_iter().map(|of| (of.dataset, of.answers_query)).collect::<Vec<_>>()
    };
    let both = |posts: bool, words: bool| vec![("posts".to_owned(), posts), ("words".to_owned(), words)];
    assert_eq!(answers("boat"), both(true, true));
    assert_eq!(answers("@pell"), both(true, false));
    assert_eq!(answers("boat after:2024"), both(true, false));
    assert_eq!(answers("lang:en boat"), both(false, false));
    assert_eq!(answers("boats.example"), both(false, false));
    let coverage = engine.text(&typed("boat")).unwrap().coverage;
    assert_eq!((coverage[1].indexed.as_str(), coverage[1].total.as_str()), ("2", "2"));
    assert_eq!(coverage[1].searchable, ["caption"]);
    assert_eq!(coverage[0].searchable, ["caption", "author", "created_at"]);
    let chosen = TextRequest { dataset: vec!["words".into()], ..typed("boat") };
    assert_eq!(engine.text(&chosen).unwrap().coverage.len(), 1, "only what was asked is covered");
}
