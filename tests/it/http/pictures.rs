//! Pictures that stay on the visitor's device, many pictures at once, and the one page that lets a browser go elsewhere.

use serde_json::{Value, json};

use super::client::MULTIPART;
use super::data::{other_picture, picture, smaller_picture};
use super::server::visitor;
use super::surfaces::record_id;

#[test]
fn hashes_say_by_which_variant_they_were_found() {
    let client = visitor();
    let record = client.get(&format!("/api/v1/records/{}", record_id(&client))).expect(200).json();
    let code = record["hashes"]["pdqa"].as_str().unwrap();
    let ask = |given: Value| {
        let body = json!({"queries": [{"name": "mine", "hashes": {"pdqa": given}}]});
        client.post_json("/api/v1/match", &body).expect(200).json()["queries"][0].clone()
    };
    for (given, variant, radius) in [
        (json!([code]), "as is", 60),
        (json!([{"code": code}]), "as is", 60),
        (json!({"code": code, "variant": "as is"}), "as is", 60),
        (json!([{"code": code, "variant": "centre square, mirrored"}]), "centre square, mirrored", 48),
    ] {
        let answer = ask(given.clone());
        let hit = &answer["hits"][0];
        assert_eq!((&hit["id"], &hit["variant"]), (&record["id"], &json!(variant)), "{given}: {answer}");
        assert_eq!(hit["radius"], radius, "parts and turns are believed less: {given}");
    }
    let body = json!({"queries": [{"hashes": {"pdqa": [{"code": code, "variant": "x".repeat(61)}]}}]});
    client.post_json("/api/v1/match", &body).expect(400);
}

#[test]
fn an_answer_about_many_pictures_is_grouped_with_the_summary_first() {
    let client = visitor();
    let pictures: &[(&str, &[u8])] = &[
        ("copy.jpg", &smaller_picture(1)),
        ("other.jpg", &other_picture()),
        ("bad.jpg", b"no picture"),
        ("same.jpg", &picture(2)),
    ];
    let page = client.post_pictures("/image", pictures).expect(200).page();
    assert_eq!(page.heading(), "2 of your 4 pictures were found in 1 dataset.");
    assert!(page.texts(".summary-note")[0].contains("1 picture could not be checked."));
    assert_eq!(page.texts(".by-dataset li"), ["The test gallery : 2 pictures"]);
    assert_eq!(page.texts(".found h2"), ["copy.jpg", "same.jpg"]);
    assert_eq!(page.texts(".failed h2"), ["bad.jpg"]);
    assert_eq!(page.texts(".missed h2"), ["other.jpg"]);
    assert_eq!(page.texts(".missed > summary"), ["1 picture was not found"]);
    assert!(!page.has(".missed[open]"), "what was not found is folded away");
    assert!(page.words().contains("/api/v1/match"), "where the answer can be had as JSON is said");
}

#[test]
fn the_empty_answer_has_one_of_every_part_for_the_script_to_fill() {
    let client = visitor();
    for path in ["/image/blank", "/image/blank?sent=1"] {
        let page = client.get(path).expect(200).page();
        let verdicts: Vec<_> = page.all(".verdict").iter().map(|group| group.attr("data-verdict").unwrap()).collect();
        assert_eq!(verdicts, ["same file", "almost surely", "probably", "maybe"]);
        for part in [".asked", ".problem", ".sentence", "progress", ".stop", "[data-save=csv]", "[data-save=json]"] {
            assert_eq!(page.all(part).len(), 1, "{part}");
        }
        for part in [".quote p", ".whose .id", ".address", ".place a", ".place .id", ".variant", ".how", ".record-link"]
        {
            assert_eq!(page.all(&format!(".hit {part}")).len(), 4, "{part}");
        }
        for part in [".mine img", ".mine figcaption", ".load .host", ".has-address", ".has-no-address"] {
            assert_eq!(page.all(&format!(".compare {part}")).len(), 4, "{part}");
        }
        assert!(page.texts(".coverage summary")[0].contains("datasets"), "what can be compared is said");
    }
}

#[test]
fn only_the_page_of_a_remote_picture_may_reach_outside() {
    let client = visitor();
    let found = client.search("/api/v1/search", &[("q", "number9")]).expect(200).json();
    let id = found["hits"][0]["id"].as_str().unwrap();
    let url = found["hits"][0]["url"].as_str().unwrap();
    for path in [format!("/records/{id}/picture"), format!("/records/{id}/picture?framed=1")] {
        let answer = client.get(&path).expect(200);
        let policy = answer.header("content-security-policy").unwrap().to_owned();
        assert!(policy.contains("img-src https: http:") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("script-src") && policy.contains("frame-ancestors 'self'"), "{policy}");
        assert_eq!(answer.header("x-frame-options"), Some("SAMEORIGIN"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let page = answer.page();
        assert_eq!(page.one("img").attr("src"), Some(url));
        assert_eq!(page.one("img").attr("referrerpolicy"), Some("no-referrer"));
        assert!(!page.has("script") && !page.has("form"));
        assert_eq!(page.has("a"), !path.contains("framed"), "a link in a frame would lead astray");
    }
    let own = client.get(&format!("/records/{}/picture", record_id(&client))).expect(200).page();
    assert!(!own.has("img") && own.words().contains("names no web address"), "{}", own.words());
    client.get("/records/none/picture").expect(404);
    for (path, is_picture_page) in [("/", true), ("/image", true), ("/image/blank", true), ("/search?q=x", false)] {
        let answer = client.get(path).expect(200);
        let policy = answer.header("content-security-policy").unwrap();
        assert_eq!(policy.contains("blob:") && policy.contains("worker-src 'self'"), is_picture_page, "{path}");
        assert!(!policy.contains("http"), "{path}: {policy}");
    }
}

#[test]
fn a_hostile_address_is_never_loaded() {
    let client = visitor();
    let found = client.search("/api/v1/search", &[("q", "hostile")]).expect(200).json();
    for hit in found["hits"].as_array().unwrap() {
        let page = client.get(&format!("/records/{}/picture", hit["id"].as_str().unwrap())).expect(200).page();
        for image in page.all("img") {
            assert!(image.attr("src").unwrap().starts_with("https://"), "{}", page.words());
            assert_eq!(image.value().attrs().count(), 3, "the address stays one attribute");
        }
    }
    client.post("/image/blank", &[("content-type", MULTIPART)], b"").expect(405);
}
