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
<<<<<<< HEAD
fn every_family_with_column_names_is_recognised_by_them() {
    let cases: [(&str, &[(&str, &str)], &str); 26] = [
        (
            "laion-400m",
            &[
                ("SAMPLE_ID", "7"),
                ("URL", LINK),
                ("TEXT", "a cat"),
                ("LICENSE", "?"),
                ("NSFW", "UNSURE"),
                ("similarity", "1"),
                ("WIDTH", "640"),
                ("HEIGHT", "480"),
            ],
            "url=URL caption=TEXT licence=LICENSE width=WIDTH height=HEIGHT source_id=SAMPLE_ID nsfw=NSFW",
        ),
        (
            "laion",
            &[("URL", LINK), ("TEXT", "a cat"), ("LANGUAGE", "de"), ("hash", "-5"), ("punsafe", "0"), ("md5", HEX32)],
            "url=URL caption=TEXT language=LANGUAGE md5=md5 source_id=hash nsfw=punsafe",
        ),
        ("laion", &[("URL", LINK), ("TEXT", "a cat")], "url=URL caption=TEXT"),
        (
            "laion-coco",
            &[("URL", LINK), ("TEXT", "a cat"), ("top_caption", "cat on mat"), ("all_captions", "[\"x\"]")],
            "url=URL caption=TEXT caption=top_caption",
        ),
        (
            "re-laion",
            &[("url", LINK), ("caption", "a cat"), ("similarity", "1"), ("punsafe", "0")],
            "url=url caption=caption nsfw=punsafe",
        ),
        (
            "datacomp",
            &[
                ("uid", HEX32),
                ("url", LINK),
                ("text", "a cat"),
                ("original_width", "640"),
                ("original_height", "480"),
                ("sha256", HEX64),
            ],
            "url=url caption=text width=original_width height=original_height sha256=sha256 source_id=uid",
        ),
        (
            "coyo",
            &[
                ("id", "4896263451343"),
                ("url", LINK),
                ("text", "a cat"),
                ("width", "640"),
                ("height", "480"),
                ("image_phash", "ae5619b4e00bdec6"),
            ],
            "url=url caption=text width=width height=height phash=image_phash source_id=id",
        ),
        (
            "img2dataset",
            &[
                ("url", LINK),
                ("key", "000010005"),
                ("caption", "a cat"),
                ("status", "success"),
                ("error_message", ""),
                ("width", "256"),
                ("height", "256"),
                ("original_width", "640"),
                ("original_height", "480"),
                ("sha256", HEX64),
            ],
            "url=url caption=caption width=original_width height=original_height sha256=sha256 source_id=key",
        ),
        (
            "wit",
            &[
                ("language", "de"),
                ("page_url", "https://de.example/wiki/Cat"),
                ("image_url", LINK),
                ("page_title", "Katze"),
                ("caption_reference_description", "Eine Katze"),
            ],
            "url=image_url page_url=page_url caption=page_title caption=caption_reference_description language=language",
        ),
        (
            "redcaps",
            &[
                ("image_id", "abc"),
                ("subreddit", "cats"),
                ("url", LINK),
                ("caption", "my cat"),
                ("raw_caption", "My cat"),
                ("author", "ann"),
                ("created_utc", "1577837063"),
                ("permalink", "/r/cats/comments/abc/x/"),
            ],
            "url=url page_url=permalink caption=raw_caption reddit_user=author created_at=created_utc source_id=image_id",
        ),
        (
            "sbu",
            &[("image_url", LINK), ("user_id", "47889917@N08"), ("caption", "a chair")],
            "url=image_url caption=caption nsid=user_id",
        ),
        (
            "cc3m-labeled",
            &[("caption", "a cat"), ("image_url", LINK), ("labels", "cat"), ("MIDs", "/m/1")],
            "url=image_url caption=caption caption=labels",
        ),
        ("conceptual-captions", &[("image_url", LINK), ("caption", "a cat")], "url=image_url caption=caption"),
        (
            "yfcc100m",
            &[
                ("photoid", "1"),
                ("uid", "47889917@N08"),
                ("unickname", "ann"),
                ("datetaken", "2004-05-17 00:44:29.0"),
                ("title", "My+cat"),
                ("downloadurl", LINK),
            ],
            "url=downloadurl caption=title nsid=uid user_name=unickname created_at=datetaken source_id=photoid",
        ),
        (
            "open-images",
            &[
                ("ImageID", "000adef7197e3118"),
                ("OriginalURL", LINK),
                ("OriginalLandingURL", "https://www.flickr.com/photos/ann/1"),
                ("Author", "Ann"),
                ("OriginalMD5", "aA3ah29b6LZFUiuXut1Jxg=="),
            ],
            "url=OriginalURL page_url=OriginalLandingURL author=Author md5=OriginalMD5 source_id=ImageID",
        ),
        (
            "coco",
            &[("file_name", "1.jpg"), ("coco_url", LINK), ("captions", "[\"a cat\"]"), ("id", "3")],
            "url=coco_url caption=captions source_id=id",
        ),
        (
            "bluesky",
            &[
                ("text", "hello"),
                ("created_at", "2024-11-26T13:05:00Z"),
                ("author", "did:plc:abc123"),
                ("uri", POST),
                ("has_images", "0"),
                ("reply_to", ""),
            ],
            "caption=text author=author created_at=created_at source_id=uri",
        ),
        (
            "bluesky-jetstream",
            &[
                ("did", "did:plc:abc123"),
                ("time_us", "1783175888085434"),
                ("kind", "commit"),
                ("commit", "{\"record\":{\"text\":\"hello\"}}"),
            ],
            "url=commit.record.external.uri caption=commit.record.text caption=commit.record.embed.images[].alt caption=commit.record.description did=did created_at=commit.record.createdAt created_at=time_us language=commit.record.langs source_id=commit.cid",
        ),
        (
            "reddit-comments",
            &[("id", "c1"), ("author", "ann"), ("body", "hello"), ("link_id", "t3_1"), ("created_utc", "1577837063")],
            "caption=body reddit_user=author created_at=created_utc source_id=id",
        ),
        (
            "reddit-submissions",
            &[
                ("id", "s1"),
                ("title", "My cat"),
                ("selftext", "words"),
                ("url", LINK),
                ("subreddit", "cats"),
                ("created_utc", "1577837063"),
            ],
            "url=url caption=title caption=selftext created_at=created_utc source_id=id",
        ),
        (
            "c4",
            &[("text", "words"), ("timestamp", "2019-04-25T12:57:54Z"), ("url", LINK)],
            "url=url caption=text created_at=timestamp",
        ),
        (
            "fineweb",
            &[
                ("text", "words"),
                ("id", "<urn:uuid:1>"),
                ("dump", "CC-MAIN-2013-20"),
                ("url", LINK),
                ("date", "2013-05-18"),
                ("file_path", "s3://x"),
                ("language", "en"),
            ],
            "url=url caption=text created_at=date language=language source_id=id",
        ),
        (
            "the-stack-v1",
            &[
                ("hexsha", HEX32),
                ("lang", "Rust"),
                ("max_stars_repo_name", "ann/cat"),
                ("max_stars_repo_licenses", "[\"MIT\"]"),
                ("content", "fn main() {}"),
            ],
            "caption=content repo=max_stars_repo_name language=lang licence=max_stars_repo_licenses source_id=hexsha",
        ),
        (
            "the-stack-v2",
            &[
                ("blob_id", HEX32),
                ("revision_id", HEX32),
                ("path", "/src/cat.rs"),
                ("repo_name", "ann/cat"),
                ("language", "Rust"),
            ],
            "caption=path repo=repo_name language=language source_id=blob_id",
        ),
        (
            "common-crawl-index",
            &[
                ("url_surtkey", "org,a)/"),
                ("url", LINK),
                ("fetch_time", "2024-01-01 00:00:00"),
                ("content_languages", "eng"),
            ],
            "url=url language=content_languages created_at=fetch_time",
        ),
        (
            "wikipedia",
            &[("id", "1"), ("url", LINK), ("title", "Cat"), ("text", "The cat")],
            "url=url caption=title caption=text source_id=id",
        ),
    ];
    for (name, cells, expected) in cases {
        let decision = decided(&rows(cells));
        assert_eq!(decision.decided_by, DecidedBy::Preset(name), "{cells:?}");
        assert_eq!(roles_of(&decision), expected, "{name}");
    }
}

#[test]
fn families_without_column_names_are_recognised_by_their_values() {
    let yfcc = [
        "47889917@N08",
        "ann",
        "2004-05-17 00:44:29.0",
        "1084756669",
        "Canon",
        "My+cat",
        "",
        "cat",
        "",
        "",
        "",
        "",
        "https://www.flickr.com/photos/47889917@N08/1/",
        LINK,
        "Attribution+License",
        "http://creativecommons.org/licenses/by/2.0/",
        "1",
        "2",
        "abc",
        "def",
        "jpg",
        "0",
    ];
    let long = |before: &[&'static str]| [before, &yfcc].concat();
    let cases = [
        ("cc3m", vec!["a cat on a mat", LINK], "url=column_2 caption=column_1"),
        ("cc12m", vec![LINK, "a cat on a mat"], "url=column_1 caption=column_2"),
        ("cc12m-hashes", vec![LINK, HEX64, HEX32], "url=column_1 sha256=column_2 md5=column_3"),
        (
            "cc3m-labeled",
            vec!["a cat", LINK, "cat,mat", "/m/1,/m/2", "0.9,0.8"],
            "url=column_2 caption=column_1 caption=column_3",
        ),
        ("yfcc100m-hashes", vec!["123456", HEX32], "source_id=column_1 md5=column_2"),
    ];
    for (name, cells, expected) in cases {
        let decision = decided(&nameless(&cells));
        assert_eq!(decision.decided_by, DecidedBy::Preset(name));
        assert_eq!(roles_of(&decision), expected, "{name}");
    }
    for (before, id) in [(&["99"][..], 1), (&["1", "99"], 2), (&["99", HEX32], 1), (&["1", "99", HEX32], 2)] {
        let sample = nameless(&long(before));
        let decision = decided(&sample);
        assert_eq!(decision.decided_by, DecidedBy::Preset("yfcc100m"), "{before:?}");
        let fields = decision.mapping.fields(&sample[0]);
        assert_eq!(fields.urls, [LINK, "https://www.flickr.com/photos/47889917@N08/1/"]);
        assert_eq!(fields.caption.as_deref(), Some("My cat\ncat"));
        assert_eq!(fields.source_id.as_deref(), Some("99"), "column {id}");
        assert_eq!(fields.licence.as_deref(), Some("Attribution+License"));
        assert_eq!(fields.md5.is_some(), before.contains(&HEX32));
        assert_eq!(fields.authors.len(), 2);
    }
}

#[test]
fn an_unknown_manifest_is_guessed_as_a_careful_person_would() {
    let long = "[The beauties of England and Wales]";
    let cases: [(&[(&str, [&str; 3])], &str); 9] = [
=======
fn an_unknown_manifest_is_guessed_as_a_careful_person_would() {
    const LONG: &str = "[The beauties of England and Wales]";
    let cases: [Manifest; 9] = [
>>>>>>> columns
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
<<<<<<< HEAD
                ("title", [long; 3]),
=======
                ("title", [LONG; 3]),
>>>>>>> columns
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
            "url=source_url caption=text author=artist",
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
