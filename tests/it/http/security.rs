//! Headers on every answer; requests of other sites; files that browsers may keep.

use super::client::{Answer, Client, MULTIPART, multipart};
use super::data::other_picture;
use super::server::{Server, shared, visitor};
use rollcall::config::ServeConfig;

/// On every answer, good or bad.
const HEADERS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];

/// One answer of each status, of pages, API, files and operation.
fn one_of_each(client: &Client) -> Vec<Answer> {
    let style = client.get("/").page().hrefs("link[rel=stylesheet]").pop().unwrap();
    let six: Vec<_> = (0..6).map(|_| ("a", &b"x"[..])).collect();
    let cross_site = [("content-type", MULTIPART), ("sec-fetch-site", "cross-site")];
    let form = multipart(&[("a", &other_picture())]);
    vec![
        client.get("/").expect(200),
        client.get(&style).expect(200),
        client.get("/robots.txt").expect(200),
        client.get("/favicon.ico").expect(200),
        client.get("/healthz").expect(200),
        client.get("/metrics").expect(200),
        client.get("/api/openapi.json").expect(200),
        client.get("/api/v1/datasets").expect(200),
        client.post_pictures("/image", &[("a", &other_picture())]).expect(200),
        client.get("/.well-known/rollcall.json").expect(200),
        client.get("/verify").expect(200),
        client.post("/verify", &cross_site, &form).expect(403),
        client.get("/search?q=x&limit=0").expect(400),
        client.get("/api/v1/search").expect(400),
        client.post("/image", &cross_site, &form).expect(403),
        client.post("/api/v1/match", &cross_site, &form).expect(403),
        client.get("/nowhere").expect(404),
        client.get("/static/nothing").expect(404),
        client.get("/api/v1/nowhere").expect(404),
        client.get("/api/v1/match").expect(405),
        client.post("/search", &[], b"").expect(405),
        client.post_pictures("/image", &six).expect(413),
        client.post_pictures("/api/v1/match", &six).expect(413),
        client.post("/image", &[("content-type", "text/plain")], b"x").expect(415),
    ]
}

#[test]
fn every_answer_tells_the_browser_what_to_refuse() {
    for answer in one_of_each(&visitor()) {
        let asked = format!("{} {}", answer.asked, answer.status);
        for (name, value) in HEADERS {
            assert_eq!(answer.header(name), Some(*value), "{asked}: {name}");
        }
        let policy = answer.header("content-security-policy").unwrap_or_else(|| panic!("{asked}: no policy"));
        let directives: Vec<_> = policy.split(';').map(str::trim).collect();
        for directive in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
            assert!(directives.contains(&directive), "{asked}: {policy}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{asked}: {policy}");
        assert!(answer.header("permissions-policy").is_some_and(|policy| policy.contains("camera=()")), "{asked}");
        for never in
            ["set-cookie", "server", "x-powered-by", "access-control-allow-origin", "strict-transport-security"]
        {
            assert_eq!(answer.header(never), None, "{asked}: {never}");
        }
    }
}

#[test]
fn answers_about_a_person_are_stored_nowhere() {
    let client = visitor();
    for answer in [
        client.get("/search?q=lantern"),
        client.post_pictures("/image", &[("a", &other_picture())]),
        client.get("/api/v1/search?q=lantern"),
        client.get("/nowhere"),
    ] {
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{}", answer.asked);
    }
    let robots = client.get("/search?q=lantern");
    assert_eq!(robots.header("x-robots-tag"), Some("noindex, nofollow, noarchive"));
}

#[test]
fn robots_are_asked_to_leave_the_answers_alone() {
    let robots = visitor().get("/robots.txt").expect(200).text();
    for path in ["/search", "/image", "/records/", "/api/"] {
        assert!(robots.lines().any(|line| line == format!("Disallow: {path}")), "{path}: {robots}");
    }
    assert!(robots.starts_with("User-agent: *\n"));
}

#[test]
fn a_form_of_another_site_is_refused_and_one_of_our_own_is_not() {
    let client = visitor();
    let own = format!("http://{}", shared().address());
    let form = multipart(&[("a", &other_picture())]);
    let post = |path: &str, header: (&str, &str)| client.post(path, &[("content-type", MULTIPART), header], &form);
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ] {
        let page = post("/image", header).expect(403).page();
        assert_eq!(page.heading(), "Refused");
        assert!(page.words().contains("another site") && page.has("main a[href='/']"), "{}", page.words());
        assert_eq!(post("/api/v1/match", header).expect(403).header("content-type"), Some("application/problem+json"));
    }
    for header in [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", own.as_str())] {
        post("/image", header).expect(200);
    }
    // Following a link from elsewhere is no danger.
    client.get_with("/search?q=lantern", &[("sec-fetch-site", "cross-site")]).expect(200);
}

#[test]
fn behind_a_proxy_the_public_address_is_the_own_one() {
    let directory = tempfile::tempdir().unwrap();
    let config = ServeConfig::for_testing(directory.path().join("data"));
    let server = Server::with(ServeConfig { public_url: Some("https://rollcall.example/".to_owned()), ..config });
    let client = server.client();
    for answer in one_of_each(&client) {
        let hsts = answer.header("strict-transport-security");
        assert!(hsts.is_some_and(|value| value.starts_with("max-age=")), "{} {}", answer.asked, answer.status);
    }
    let form = multipart(&[("a", &other_picture())]);
    let post = |origin: &str| client.post("/image", &[("content-type", MULTIPART), ("origin", origin)], &form);
    post("https://rollcall.example").expect(200);
    post(&format!("http://{}", server.address())).expect(403);
}

#[test]
fn static_files_are_kept_for_good_and_not_sent_twice() {
    let client = visitor();
    let home = client.get("/").page();
    let mut files = home.hrefs("link[href^='/static/']");
    files.extend(home.all("script[src]").iter().map(|script| script.attr("src").unwrap().to_owned()));
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        let whole = client.get(&file).expect(200);
        assert_eq!(whole.header("cache-control"), Some("public, max-age=31536000, immutable"), "{file}");
        assert!(!whole.body.is_empty());
        let head = client.head(&file).expect(200);
        assert!(head.body.is_empty());
        assert_eq!(head.header("content-length"), Some(whole.body.len().to_string().as_str()), "{file}");
        let tag = whole.header("etag").unwrap_or_else(|| panic!("{file} has no ETag"));
        assert_eq!(head.header("etag"), Some(tag));
        for known in [tag.to_owned(), format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
            let again = client.get_with(&file, &[("if-none-match", &known)]).expect(304);
            assert!(again.body.is_empty(), "{file}: {known}");
            assert_eq!(again.header("etag"), Some(tag), "{file}: {known}");
        }
        client.get_with(&file, &[("if-none-match", "\"other\"")]).expect(200);
    }
}

#[test]
fn head_tells_what_get_would_send() {
    let client = visitor();
    for path in ["/", "/search?q=lantern", "/datasets", "/api/v1/datasets", "/healthz", "/nowhere", "/api/v1/nowhere"] {
        let get = client.get(path);
        let head = client.head(path).expect(get.status);
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("content-length"), get.header("content-length"), "{path}");
    }
}
