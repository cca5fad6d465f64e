use super::*;
use crate::record::Value;

fn record(cells: &[(&str, Value)]) -> Record {
    Record {
        row: 0,
        values: cells.iter().map(|(name, value)| ((*name).into(), value.clone())).collect(),
        picture: None,
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn json(text: &str) -> Value {
    Value::Json(text.to_owned())
}

fn mapping(bindings: &[(Role, &str)]) -> Mapping {
    let bind = |(role, column): &(Role, &str)| Binding {
        role: *role,
        column: (*column).to_owned(),
        transform: Transform::AsIs,
    };
    Mapping { bindings: bindings.iter().map(bind).collect() }
}

fn one(role: Role, value: Value) -> Fields {
    mapping(&[(role, "c")]).fields(&record(&[("c", value)]))
}

fn with(role: Role, transform: Transform, value: &str) -> Fields {
    let binding = Binding { role, column: "c".to_owned(), transform };
    Mapping { bindings: vec![binding] }.fields(&record(&[("c", text(value))]))
}

#[test]
fn a_laion_row_is_read_column_by_column() {
    let row = record(&[
        ("URL", text(" https://a.example/cat.jpg ")),
        ("TEXT", text("A cat ")),
        ("WIDTH", Value::Float(640.0)),
        ("HEIGHT", text("480")),
        ("LICENSE", text("?")),
        ("NSFW", text("UNLIKELY")),
        ("hash", Value::Int(-42)),
    ]);
    let fields = mapping(&[
        (Role::Url, "URL"),
        (Role::Caption, "TEXT"),
        (Role::Width, "WIDTH"),
        (Role::Height, "HEIGHT"),
        (Role::Licence, "LICENSE"),
        (Role::Nsfw, "NSFW"),
        (Role::SourceId, "hash"),
        (Role::Language, "not there"),
    ])
    .fields(&row);
    let expected = Fields {
        urls: vec!["https://a.example/cat.jpg".to_owned()],
        caption: Some("A cat".to_owned()),
        width: Some(640),
        height: Some(480),
        nsfw: Some("UNLIKELY".to_owned()),
        source_id: Some("-42".to_owned()),
        ..Fields::default()
    };
    assert_eq!(fields, expected);
}

#[test]
fn paths_reach_into_json_columns() {
    let row = record(&[
        ("images", json(r#"[{"image_url":"http://a.example/1"},{"image_url":"http://a.example/2"},{"other":1}]"#)),
        ("creator", json(r#"[{"full_name":"Ada"},{"full_name":"Ada"},{"full_name":"Bea"}]"#)),
        ("commit", json(r#"{"record":{"text":"hello","langs":["pt","en"],"a.b":"dotted"}}"#)),
        ("a.b", text("whole name")),
        ("as_text", text(r#"{"k":[["deep"]]}"#)),
    ]);
    let fields = mapping(&[
        (Role::PageUrl, "images[1].image_url"),
        (Role::Url, "images[].image_url"),
        (Role::Author, "creator[].full_name"),
        (Role::Caption, "commit.record.text"),
        (Role::Caption, "commit.record.a.b"),
        (Role::Caption, "a.b"),
        (Role::Caption, "as_text.k"),
        (Role::Language, "commit.record.langs"),
        (Role::Nsfw, "commit.record"),
    ])
    .fields(&row);
    assert_eq!(fields.urls, ["http://a.example/1", "http://a.example/2"]);
    assert_eq!(fields.authors.iter().map(|author| &author.value).collect::<Vec<_>>(), ["Ada", "Bea"]);
    assert_eq!(fields.caption.as_deref(), Some("hello\ndotted\nwhole name\ndeep"));
    assert_eq!(fields.language.as_deref(), Some("pt"));
    assert_eq!(fields.nsfw, None, "an object is no value");
}

#[test]
fn broken_paths_and_broken_json_give_nothing() {
    for column in ["c.x", "c[", "c[]", "c.", "c]", "[]", ".", "c[99999999999999999999].x", ""] {
        let fields = mapping(&[(Role::Caption, column)]).fields(&record(&[("c", json("{\"x\":"))]));
        assert_eq!(fields, Fields::default(), "{column:?}");
    }
}

#[test]
fn a_list_of_names_gives_every_name_and_a_huge_one_is_cut() {
    let names: Vec<String> = (0..10_000).map(|n| format!("name{n}")).collect();
    let fields = one(Role::Author, json(&serde_json::to_string(&names).unwrap()));
    assert_eq!(fields.authors.len(), 256);
}

#[test]
fn pages_come_after_pictures_and_captions_are_kept_once() {
    let row = record(&[
        ("page", text("http://a.example/page")),
        ("image", text("http://a.example/x.jpg")),
        ("again", text("http://a.example/x.jpg")),
        ("title", text("Title")),
        ("alt", text("Title")),
        ("body", text("[removed]")),
        ("more", text("More")),
    ]);
    let fields = mapping(&[
        (Role::PageUrl, "page"),
        (Role::Url, "image"),
        (Role::Url, "again"),
        (Role::Caption, "title"),
        (Role::Caption, "alt"),
        (Role::Caption, "body"),
        (Role::Caption, "more"),
    ])
    .fields(&row);
    assert_eq!(fields.urls, ["http://a.example/x.jpg", "http://a.example/page"]);
    assert_eq!(fields.caption.as_deref(), Some("Title\nMore"));
}

#[test]
fn only_what_has_a_host_is_an_address() {
    for (value, is_one) in [
        ("http://a.example", true),
        ("HTTPS://A.EXAMPLE/x y", true),
        ("//cdn.a.example/x.jpg", true),
        ("a.example.org/x.jpg", true),
        ("a.example.org:8080/x", true),
        ("app.bsky.actor.profile/self", false),
        ("at://did:plc:abc/app.bsky.feed.post/1", true),
        ("nan", false),
        ("None", false),
        ("NULL", false),
        ("default", false),
        ("image-1.jpg", false),
        ("train2017/1.jpg", false),
        ("http://", false),
        ("see http://a.example", false),
        ("1.5/2", false),
        ("data:image/gif;base64,R0lGOD//AA", false),
    ] {
        assert_eq!(one(Role::Url, text(value)).urls.len() == 1, is_one, "{value:?}");
    }
    let fields = one(Role::PageUrl, text("/r/Art/comments/abc/title/"));
    assert_eq!(fields.urls, ["https://www.reddit.com/r/Art/comments/abc/title/"]);
}

#[test]
fn nobody_is_no_author() {
    for value in ["[deleted]", "Unknown", "none", "NaN", "null", "?", "", "  "] {
        assert_eq!(one(Role::Author, text(value)).authors, [], "{value:?}");
    }
    assert_eq!(one(Role::Author, Value::Int(7)).authors[0].value, "7");
}

#[test]
fn digests_are_lower_case_and_of_the_right_length() {
    let md5 = "680DE1DA1DBD6FA2C654568B97BB75C6";
    assert_eq!(one(Role::Md5, text(md5)).md5.as_deref(), Some("680de1da1dbd6fa2c654568b97bb75c6"));
    assert_eq!(one(Role::Sha1, text(md5)).sha1, None);
    assert_eq!(one(Role::Sha256, text(&"ab".repeat(32))).sha256, Some("ab".repeat(32)));
    assert_eq!(one(Role::Md5, text(&"zz".repeat(16))).md5, None);
    let fields = with(Role::Md5, Transform::Base64, "aA3ah29b6LZFUiuXut1Jxg==");
    assert_eq!(fields.md5.as_deref(), Some("680dda876f5be8b645522b97badd49c6"));
    assert_eq!(with(Role::Sha256, Transform::Base64, "aA3ah29b6LZFUiuXut1Jxg==").sha256, None);
    assert_eq!(with(Role::Sha256, Transform::Base64, &"A".repeat(400)).sha256, None);
}

#[test]
fn picture_hashes_come_in_hexadecimal_or_as_numbers() {
    let expected = HashCode::from_hex(HashKind::Phash, "ae5619b4e00bdec6");
    for value in [
        text("AE5619B4E00BDEC6"),
        text("12562256475240259270"),
        Value::Int(0xae56_19b4_e00b_dec6_u64.cast_signed()),
        text(&0xae56_19b4_e00b_dec6_u64.cast_signed().to_string()),
    ] {
        assert_eq!(one(Role::Phash, value.clone()).hashes.first().copied(), expected, "{value:?}");
    }
    assert_eq!(one(Role::Pdq, Value::Int(1)).hashes, []);
    assert_eq!(one(Role::Pdq, text(&"0f".repeat(32))).hashes.len(), 1);
    assert_eq!(one(Role::Phash, text("")).hashes, []);
}

#[test]
fn sizes_times_and_licences_are_read_strictly() {
    for (value, expected) in [
        (Value::Int(640), Some(640)),
        (Value::Float(22.5), None),
        (Value::Float(f64::NAN), None),
        (Value::Int(-1), None),
        (Value::Int(0), None),
        (text("640.0"), Some(640)),
        (text("wide"), None),
    ] {
        assert_eq!(one(Role::Width, value.clone()).width, expected, "{value:?}");
    }
    assert_eq!(
        one(Role::CreatedAt, Value::Float(1_360_196_475.0)).created_at,
        Timestamp::parse("2013-02-07T00:21:15Z")
    );
    assert_eq!(one(Role::CreatedAt, text("soon")).created_at, None);
    assert_eq!(one(Role::Licence, Value::Int(4)).licence, None, "a number into a table is no licence");
    assert_eq!(one(Role::Licence, json(r#"["MIT","Apache-2.0"]"#)).licence.as_deref(), Some("MIT"));
}

#[test]
fn the_first_readable_value_wins() {
    let row = record(&[("a", text("someday")), ("b", text("2020-01-01")), ("c", text("2021-01-01"))]);
    let fields = mapping(&[(Role::CreatedAt, "a"), (Role::CreatedAt, "b"), (Role::CreatedAt, "c")]).fields(&row);
    assert_eq!(fields.created_at, Timestamp::parse("2020-01-01"));
}

#[test]
fn addresses_give_their_accounts_away() {
    for (url, expected) in [
        ("at://did:plc:e2mt5/app.bsky.feed.post/3j", Some((Role::Did, "did:plc:e2mt5"))),
        ("https://bsky.app/profile/ann.bsky.social/post/3k", Some((Role::Handle, "ann.bsky.social"))),
        ("https://bsky.app/profile/did:plc:z72/post/1", Some((Role::Did, "did:plc:z72"))),
        ("https://bsky.app/profile/did:plc:z72/feed/hot-classic", None),
        ("https://www.flickr.com/photos/12345678@N00/1", Some((Role::Nsid, "12345678@N00"))),
        ("http://www.flickr.com/photos/12345678%40N00/1", None),
        ("https://www.flickr.com/photos/chriscruises/15240984498", Some((Role::UserName, "chriscruises"))),
        ("https://www.flickr.com/photos/tags/cat", None),
        ("https://www.reddit.com/user/Some_One/", Some((Role::RedditUser, "Some_One"))),
        ("https://www.reddit.com/r/Art/comments/1/", None),
        ("https://twitter.com/ann/status/1?s=20", Some((Role::Handle, "ann"))),
        ("https://x.com/i/status/1", None),
        ("https://netflix.com/ann/status/1", None),
        ("https://github.com/owner/repo.git", Some((Role::Repo, "owner/repo"))),
        ("https://raw.githubusercontent.com/owner/repo/main/a.png", Some((Role::Repo, "owner/repo"))),
        ("https://github.com/topics/rust", None),
        ("https://github.com/owner", None),
        ("at://did:", None),
    ] {
        let found = one(Role::Url, text(url)).authors;
        if url.contains("%40") {
            assert_eq!(found[0].value, "12345678@N00", "percent-encoding is undone");
            continue;
        }
        let found = found.first().map(|author| (author.role, author.value.as_str()));
        assert_eq!(found, expected, "{url:?}");
    }
}

#[test]
fn a_post_uri_names_its_did_beside_the_handle() {
    let row = record(&[("uri", text("at://did:plc:e2mt5/app.bsky.feed.post/3j")), ("author", text("ann.bsky.social"))]);
    let fields = mapping(&[(Role::SourceId, "uri"), (Role::Author, "author")]).fields(&row);
    let found: Vec<_> = fields.authors.iter().map(|author| (author.role, author.value.as_str())).collect();
    assert_eq!(found, [(Role::Author, "ann.bsky.social"), (Role::Did, "did:plc:e2mt5")]);
}

#[test]
fn every_role_has_the_name_it_is_stored_under() {
    for role in Role::ALL {
        assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.name()));
    }
}
