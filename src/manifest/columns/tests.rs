use super::*;
use crate::mapping::Transform;
use crate::record::Value;

mod families;

/// Cells of three rows by column, roles.
type Manifest = (&'static [(&'static str, [&'static str; 3])], &'static str);

fn cell(text: &str) -> Value {
    match text {
        "" => Value::Null,
        _ if text.starts_with(['{', '[']) && serde_json::from_str::<serde_json::Value>(text).is_ok() => {
            Value::Json(text.to_owned())
        }
        _ => text.parse::<i64>().map_or_else(|_| Value::Text(text.to_owned()), Value::Int),
    }
}

/// Three rows of the same cells: enough for shares to be whole.
fn rows(cells: &[(&str, &str)]) -> Vec<Record> {
    let values: Vec<_> = cells.iter().map(|(name, text)| ((*name).into(), cell(text))).collect();
    (0..3).map(|row| Record { row, values: values.clone(), picture: None }).collect()
}

/// Rows whose cells differ from row to row.
fn varied(cells: &[(&str, [&str; 3])]) -> Vec<Record> {
    let row = |at: usize| cells.iter().map(|(name, texts)| ((*name).into(), cell(texts[at]))).collect();
    (0..3).map(|at| Record { row: at as u64, values: row(at), picture: None }).collect()
}

fn nameless(cells: &[&str]) -> Vec<Record> {
    let named: Vec<_> = cells.iter().enumerate().map(|(at, text)| (format!("column_{}", at + 1), *text)).collect();
    rows(&named.iter().map(|(name, text)| (name.as_str(), *text)).collect::<Vec<_>>())
}

/// `role=column` of every binding, in order.
fn roles_of(decision: &Decision) -> String {
    let part = |binding: &Binding| format!("{}={}", binding.role.name(), binding.column);
    decision.mapping.bindings.iter().map(part).collect::<Vec<_>>().join(" ")
}

fn decided(sample: &[Record]) -> Decision {
    decide(sample, &Hints::default()).unwrap()
}

const LINK: &str = "https://a.example/cat.jpg";
const HEX32: &str = "680de1da1dbd6fa2c654568b97bb75c6";
const HEX64: &str = "680de1da1dbd6fa2c654568b97bb75c6680de1da1dbd6fa2c654568b97bb75c6";
const POST: &str = "at://did:plc:abc123/app.bsky.feed.post/3k";

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn an_unknown_manifest_is_guessed_as_a_careful_person_would() {
    const LONG: &str = "[The beauties of England and Wales]";
    let cases: [Manifest; 9] = [
        (
            &[
                ("uuid", ["a-1", "a-2", "a-3"]),
                ("title", ["A map", "A view", "A plan"]),
                ("image_url", [LINK; 3]),
                ("item_url", ["http://a.example/items/1"; 3]),
            ],
            "url=image_url page_url=item_url caption=title source_id=uuid",
        ),
        (
            &[
                ("authors", ["Passmore, Deborah, 1840-1911"; 3]),
                ("fruit", ["Annona cherimola", "Malus domestica", "Prunus persica"]),
                ("image", ["http://a.example/1/screen"; 3]),
                ("thumbnail_image", ["http://a.example/1/thumb"; 3]),
                ("year", ["1899"; 3]),
            ],
            "url=image page_url=thumbnail_image caption=fruit author=authors created_at=year",
        ),
        (
            &[
                ("title", [LONG; 3]),
                ("publisher", ["Hood & Sharpe"; 3]),
                ("first_author", ["Britton, John"; 3]),
                ("flickr_url", ["http://www.flickr.com/photos/bl/1"; 3]),
                ("flickr_small_source", [LINK; 3]),
                ("flickr_original_source", [LINK; 3]),
                ("flickr_original_width", ["500"; 3]),
            ],
            "url=flickr_original_source page_url=flickr_url page_url=flickr_small_source caption=title author=first_author width=flickr_original_width",
        ),
        (
            &[
                ("images", ["[{\"image_url\":\"http://a.example/1\"}]"; 3]),
                ("creator", ["[{\"full_name\":\"Ada Lovelace\",\"nationality\":\"British\"}]"; 3]),
                ("medium", ["oil on canvas"; 3]),
                ("title", ["A cat", "A dog", "A cow"]),
            ],
            "url=images[].image_url caption=title author=creator[].full_name",
        ),
        (
            &[
                ("file_name", ["1.jpg", "2.jpg", "3.jpg"]),
                ("text", ["a cat", "a dog", "a cow"]),
                ("artist", ["Ann"; 3]),
                ("source_url", ["http://a.example/1"; 3]),
            ],
            "url=source_url caption=text author=artist file_name=file_name",
        ),
        (&[("url", [LINK; 3]), ("bucket", ["laion-art (score >=8 )"; 3])], "url=url"),
        (
            &[
                ("\u{feff}publish_date", ["20030219"; 3]),
                ("headline_text", ["act fire witnesses", "aba decides", "rain again"]),
            ],
            "caption=headline_text created_at=\u{feff}publish_date",
        ),
        (
            &[("wer", ["did:plc:abc123"; 3]), ("was", ["guten Tag zusammen", "hallo Welt", "na so was"])],
            "caption=was did=wer",
        ),
        (
            &[
                ("Bild", [LINK; 3]),
                ("Beschreibung", ["eine Katze", "ein Hund", "eine Kuh"]),
                ("Fotograf", ["Eva Muster"; 3]),
            ],
            "url=Bild caption=Beschreibung author=Fotograf",
        ),
    ];
    for (cells, expected) in cases {
        let decision = decided(&varied(cells));
        assert_eq!(decision.decided_by, DecidedBy::Guess, "{cells:?}");
        assert_eq!(roles_of(&decision), expected);
        assert!(decision.notes.iter().any(|note| note.contains("because")), "{:?}", decision.notes);
        assert!(decision.notes.last().unwrap().contains("--map "), "{:?}", decision.notes);
    }
}

#[test]
fn a_person_is_never_guessed_from_short_texts_alone() {
    let decision = decided(&varied(&[("url", [LINK; 3]), ("thing", ["Ann Smith", "Bob Brown", "Cid Green"])]));
    assert!(!decision.searchable.contains(&"author"), "{:?}", decision.notes);
}

#[test]
fn names_that_stand_in_file_names_copyright_notices_and_columns_of_names_are_searched() {
    let decision = decided(&varied(&[
        ("Copyright notice", ["© Estate of Ann Smith", "© Bob Brown", "© DACS, London"]),
        ("image", ["a/ann-smith.jpg", "b/bob.png", "c.webp"]),
    ]));
    assert_eq!(roles_of(&decision), "caption=Copyright notice licence=Copyright notice file_name=image");
    let decision = decided(&varied(&[("name", ["person0", "person1", "person2"]), ("age", ["1", "2", "3"])]));
    assert_eq!(roles_of(&decision), "caption=name");
}

#[test]
fn markup_is_noticed_and_undone() {
    let sample = varied(&[("text", ["Ann &amp; Bob", "<p>Hi</p>", "plain words"])]);
    let decision = decided(&sample);
    assert_eq!(decision.mapping.bindings[0].transform, Transform::Html);
    assert_eq!(decision.mapping.fields(&sample[0]).caption.as_deref(), Some("Ann & Bob"));
}

#[test]
fn nothing_searchable_is_refused_with_the_columns_and_the_map_to_type() {
    let error = decide(&rows(&[("a", "1"), ("b", "2")]), &Hints::default()).unwrap_err().to_string();
    assert!(error.contains("Columns: a, b") && error.contains("--map url=a,caption=b"), "{error}");
    assert_eq!(decide(&[], &Hints::default()), Err(ColumnsError::NoRows));
}

#[test]
fn a_row_with_a_picture_needs_nothing_else() {
    let picture = Some(crate::record::Picture::Bytes(vec![1]));
    let decision = decided(&[Record { picture, ..Record::default() }]);
    assert_eq!(decision.searchable, ["picture"]);
}

#[test]
fn strict_takes_presets_and_refuses_guesses() {
    let strict = Hints { strict: true, ..Hints::default() };
    assert!(decide(&rows(&[("URL", LINK), ("TEXT", "a cat")]), &strict).is_ok());
    let error = decide(&rows(&[("image_url", LINK), ("colour", "red")]), &strict).unwrap_err().to_string();
    assert!(error.contains("--map url=image_url"), "{error}");
}

#[test]
fn a_map_is_taken_as_given_and_checked_against_the_columns() {
    let sample = rows(&[("Link", LINK), ("deep", "{\"words\":\"a cat\"}")]);
    let map = parse_map("url=link,caption=deep.words").unwrap();
    let decision = decide(&sample, &Hints { map: &map, ..Hints::default() }).unwrap();
    assert_eq!(decision.decided_by, DecidedBy::Map);
    assert_eq!(roles_of(&decision), "url=Link caption=deep.words");
    let map = parse_map("url=nowhere").unwrap();
    let error = decide(&sample, &Hints { map: &map, ..Hints::default() }).unwrap_err().to_string();
    assert!(error.contains("\"nowhere\"") && error.contains("Link"), "{error}");
}

#[test]
fn a_preset_can_be_asked_for_by_name() {
    let with = |name| Hints { preset: Some(name), ..Hints::default() };
    let sample = rows(&[("url", LINK), ("text", "a cat")]);
    assert_eq!(decide(&sample, &with("LAION")).unwrap().decided_by, DecidedBy::Preset("laion"));
    let error = decide(&sample, &with("nosuch")).unwrap_err().to_string();
    assert!(error.contains("datacomp") && error.contains("yfcc100m"), "{error}");
    let error = decide(&rows(&[("x", "1")]), &with("coyo")).unwrap_err().to_string();
    assert!(error.contains("image_phash") && error.contains("Columns: x"), "{error}");
    let odd = nameless(&["x", "y"]);
    assert_eq!(roles_of(&decide(&odd, &with("cc3m")).unwrap()), "url=column_2 caption=column_1");
}

#[test]
fn a_card_names_the_columns_of_a_file_without_names() {
    let card = DatasetCard { columns: ["artist", "title", "n"].map(str::to_owned).to_vec(), ..DatasetCard::default() };
    let sample = nameless(&["Ann Smith", "The cat", "7"]);
    let decision = decide(&sample, &Hints { card: Some(&card), ..Hints::default() }).unwrap();
    assert_eq!(roles_of(&decision), "caption=column_2 author=column_1");
}

#[test]
fn a_digest_column_that_holds_no_digest_is_not_called_searchable() {
    let sample = rows(&[("unickname", "ann"), ("datetaken", "2004-05-17"), ("hash", "fff0eece99cc71c2e91fe716051599")]);
    assert_eq!(decided(&sample).searchable, ["user_name"]);
}
