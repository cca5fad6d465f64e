//! One small row of every family of manifests in, its roles out.

use super::*;

/// Preset, cells of a row, roles.
type Family = (&'static str, &'static [(&'static str, &'static str)], &'static str);

#[test]
#[expect(clippy::too_many_lines)] // A table.
fn every_family_with_column_names_is_recognised_by_them() {
    let cases: [Family; 26] = [
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
            "url=URL caption=TEXT language=LANGUAGE md5=md5 nsfw=punsafe",
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
