//! Published, withdrawn, stopped: what the outside sees of it.

use std::io::Write as _;
use std::net::TcpStream;

use rollcall::index::layout::Layout;

use super::client::{Answer, MULTIPART, multipart};
use super::data::{GALLERY, POSTS, other_picture, take_in_gallery, take_in_posts};
use super::server::{Server, visitor, wait_until};
use super::surfaces::{ALL, RECORD, record_id};

#[test]
fn a_withdrawn_dataset_disappears_from_every_surface_at_once_and_comes_back() {
    let sources = tempfile::tempdir().unwrap();
    let server = Server::own(|data| {
        take_in_posts(data, &sources.path().join("posts"), "1", 3);
        take_in_gallery(data, &sources.path().join("gallery"));
    });
    let client = server.client();
    let id = record_id(&client);
    let check_all = |is_there: bool| {
        for surface in ALL {
            assert_eq!((surface.shows)(&client), is_there, "{}", surface.name);
        }
        for path in RECORD {
            client.get(&format!("{path}{id}")).expect(if is_there { 200 } else { 404 });
            client.get(&format!("{path}{id}/evidence")).expect(if is_there { 200 } else { 404 });
        }
    };
    let listed = ALL.iter().find(|surface| surface.name == "API: list of datasets").unwrap();
    check_all(true);

    let layout = Layout::new(server.data());
    layout.set_withdrawn(GALLERY, Some("its maker asked for it")).unwrap();
    wait_until("the withdrawal", || !(listed.shows)(&client));
    check_all(false);
    // Its own page stays, to say why.
    let page = client.get("/datasets/gallery").expect(200).page();
    assert!(page.words().contains("its maker asked for it"), "{}", page.words());
    assert!(!page.has("form"), "a withdrawn dataset cannot be searched from its page");
    assert_eq!(client.get("/api/v1/datasets/gallery").expect(200).json()["withdrawn"], "its maker asked for it");

    layout.set_withdrawn(GALLERY, None).unwrap();
    wait_until("the return", || (listed.shows)(&client));
    check_all(true);
}

#[test]
fn a_new_revision_is_searched_without_a_restart() {
    let sources = tempfile::tempdir().unwrap();
    let server = Server::own(|data| take_in_posts(data, sources.path(), "2024-11", 3));
    let client = server.client();
    let before = client.search("/api/v1/search", &[("q", "lantern")]).expect(200).json();
    let old_id = before["hits"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!((&before["total"], &before["hits"][0]["revision"]), (&3.into(), &"2024-11".into()));

    take_in_posts(server.data(), sources.path(), "2024-12", 5);
    let revision = || client.get("/api/v1/datasets/posts").expect(200).json()["revision"].clone();
    wait_until("the new revision", || revision() == "2024-12");
    let after = client.search("/api/v1/search", &[("q", "lantern")]).expect(200).json();
    assert_eq!((&after["total"], &after["hits"][0]["revision"]), (&5.into(), &"2024-12".into()));
    // The old one is kept until it is dropped: a link to one of its records still leads there.
    assert_eq!(client.get(&format!("/api/v1/records/{old_id}")).expect(200).json()["revision"], "2024-11");
    let page = client.get("/datasets/posts").page();
    assert!(page.words().contains("2024-12") && page.words().contains("kept, not searched"), "{}", page.words());

    Layout::new(server.data()).drop_revision(POSTS, Some("2024-11")).unwrap();
    client.get(&format!("/api/v1/records/{old_id}")).expect(404);
}

#[test]
fn a_server_that_holds_nothing_says_so_and_takes_up_the_first_dataset() {
    let sources = tempfile::tempdir().unwrap();
    let server = Server::own(|_| {});
    let client = server.client();
    assert!(client.get("/").expect(200).page().words().contains("holds no datasets yet"));
    assert!(client.get("/datasets").expect(200).page().words().contains("rollcall ingest"));
    let page = client.search("/search", &[("q", "lantern")]).expect(200).page();
    assert!(page.heading().starts_with("Nothing was found") && page.words().contains("holds no datasets yet"));
    assert_eq!(client.get("/api/v1/datasets").expect(200).json()["datasets"], serde_json::json!([]));
    client.post_pictures("/image", &[("a.jpg", &other_picture())]).expect(200);

    take_in_posts(server.data(), sources.path(), "1", 1);
    wait_until("the first dataset", || client.get("/").page().has(".holdings"));
    assert_eq!(client.search("/api/v1/search", &[("q", "lantern")]).expect(200).json()["total"], 1);
}

#[test]
fn a_server_told_to_stop_finishes_the_upload_under_way() {
    let server = Server::own(|_| {});
    let body = multipart(&[("a.jpg", &other_picture())]);
    let (first, second) = body.split_at(body.len() / 2);
    let mut stream = server.client().connect();
    let head = format!(
        "POST /image HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: {MULTIPART}\r\ncontent-length: {}\r\n\r\n",
        server.address(),
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(first).unwrap();
    // A later request that was answered shows that the first one has been taken up.
    server.client().get("/healthz").expect(200);
    server.tell_to_stop();
    let address = server.address();
    wait_until("the closed door", || TcpStream::connect(address).is_err());
    stream.write_all(second).unwrap();
    let answer = Answer::read_raw(stream);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("Your picture was not found."), "{}", answer.text());
    server.join().unwrap();
}

#[test]
fn machines_can_ask_whether_it_lives_and_what_it_does() {
    let client = visitor();
    assert_eq!(client.get("/healthz").expect(200).text(), "ok\n");
    assert_eq!(client.get("/readyz").expect(200).text(), "ready: 3 datasets\n");
    client.get("/about").expect(200);
    client.get("/no-such-page").expect(404);
    let metrics = client.get("/metrics").expect(200);
    assert!(metrics.header("content-type").unwrap().starts_with("text/plain; version=0.0.4"));
    let text = metrics.text();
    let value = |series: &str| {
        let line = text.lines().find(|line| line.starts_with(series)).unwrap_or_else(|| panic!("{series}: {text}"));
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert!(value("rollcall_requests_total{route=\"/about\",status=\"2xx\"}") >= 1);
    assert!(value("rollcall_requests_total{route=\"none\",status=\"4xx\"}") >= 1);
    assert_eq!(value("rollcall_datasets "), 3);
    assert_eq!(value("rollcall_dataset_records{dataset=\"posts\"}"), 45);
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(line.rsplit_once(' ').is_some_and(|(_, number)| number.parse::<f64>().is_ok()), "{line}");
    }
}
