//! Many pictures at once, and the view that puts a record's picture beside the visitor's.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Instant;

use rollcall::demo::pictures::{draw, jpeg, mirror, resize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::Stage;
use crate::checks::{check_contrast, check_loaded_from, check_names, check_width, keep_shot};
use crate::portal::Portal;
use crate::webdriver::{Browser, Session};

/// Drawn pictures of a portfolio, besides the file that is none.
const PICTURES: u64 = 100;
/// Of those, how many stand in a first dataset, and how many in a second.
const IN_FIRST: u64 = 12;
const IN_SECOND: u64 = 5;

/// Puts beside every request what it carries.
const KEEP_WHAT_IS_SENT: &str = "
    const real = window.fetch;
    window.sent = [];
    window.fetch = (address, how) => { if (how?.body) window.sent.push(String(how.body)); return real(address, how); };";

/// Two datasets, and a folder of pictures of which some are in them: edited, as on the web.
struct Portfolio {
    _folder: TempDir,
    portal: Portal,
    files: Vec<PathBuf>,
}

impl Portfolio {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let [first, second, mine] = ["harbour-walks", "market-days", "mine"].map(|name| folder.path().join(name));
        for folder in [&first, &second, &mine] {
            std::fs::create_dir(folder).unwrap();
        }
        let mut files = Vec::new();
        for number in 0..PICTURES {
            let picture = draw(0x706f_7274 + number, 480, 360);
            let file = mine.join(format!("picture-{number:03}.jpg"));
            std::fs::write(&file, jpeg(&picture, 88).unwrap()).unwrap();
            files.push(file);
            let name = format!("{number}.jpg");
            if number < IN_FIRST {
                std::fs::write(first.join(name), jpeg(&resize(&picture, 0.7), 70).unwrap()).unwrap();
            } else if number < IN_FIRST + IN_SECOND {
                std::fs::write(second.join(name), jpeg(&mirror(&picture), 80).unwrap()).unwrap();
            }
        }
        let bad = mine.join("damaged.jpg");
        std::fs::write(&bad, b"this is no picture").unwrap();
        files.insert(40, bad);
        let portal = Portal::over(&[("harbour-walks", &first), ("market-days", &second)]);
        Self { _folder: folder, portal, files }
    }

    fn choose(&self, session: &Session<'_>) {
        session.go(&format!("{}/image", self.portal.address));
        let names: Vec<_> = self.files.iter().map(|path| path.to_str().unwrap()).collect();
        session.find("input#image").enter(&names.join("\n"));
    }
}

pub fn a_hundred_pictures(stage: &Stage) {
    let portfolio = Portfolio::new();
    let session = stage.driver.open(Browser::default());
    let downloads = tempfile::tempdir().unwrap();
    let allowed = json!({"behavior": "allow", "downloadPath": downloads.path()});
    session.cdp("Browser.setDownloadBehavior", &allowed);
    portfolio.choose(&session);
    assert!(session.find(".drop-state").text().contains("101 pictures"), "{}", session.find(".drop-state").text());
    assert!(session.find(".what-happens").text().contains("stay on this device"));
    session.run(KEEP_WHAT_IS_SENT, &[]);
    let begun = Instant::now();
    session.find("form.drop button").click();
    session.wait_for_heading("17 of your 101 pictures were found in 2 datasets.");
    println!(
        "portfolio: {} files checked on the device in {:.1} s",
        portfolio.files.len(),
        begun.elapsed().as_secs_f32()
    );
    assert_eq!(session.run("return document.querySelector('progress').value", &[]), 101);
    assert!(session.find(".summary-note").text().contains("1 picture could not be checked."));
    let tally: Vec<_> = session.all(".by-dataset li").iter().map(crate::webdriver::Element::text).collect();
    assert_eq!(tally, ["harbour-walks: 12 pictures", "market-days: 5 pictures"]);
    assert_eq!(session.all(".found > .picture").len(), 17);
    let failed = session.find(".failed .picture").text();
    assert!(failed.contains("damaged.jpg") && failed.contains("could not open this file as a picture"), "{failed}");
    assert_eq!(session.find(".missed > summary").text(), "83 pictures were not found");
    assert!(session.all(".missed .picture").iter().all(|picture| picture.text().is_empty()), "they are folded away");
    check_width(&session, "portfolio");
    check_names(&session, "portfolio");
    check_contrast(&session, "portfolio");
    keep_shot(stage, &session, "portfolio-100");
    check_saved(&session, downloads.path());
    check_that_only_hashes_were_sent(&portfolio, &session);
}

/// Both files hold every picture, and what was found of it.
fn check_saved(session: &Session<'_>, downloads: &Path) {
    for kind in ["csv", "json"] {
        session.find(&format!("[data-save={kind}]")).click();
    }
    let read = |name: &str| {
        let path = downloads.join(name);
        session.wait_for(name, || std::fs::read_to_string(&path).ok().filter(|text| !text.is_empty()))
    };
    let mut table = csv::Reader::from_reader(std::io::Cursor::new(read("rollcall-pictures.csv")));
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    let found = |row: &&csv::StringRecord| &row[1] == "yes";
    assert!(rows.iter().filter(found).count() >= 17 && rows.len() >= 101, "{}", rows.len());
    assert!(rows.iter().any(|row| &row[0] == "damaged.jpg" && !row[15].is_empty()), "the bad file has its problem");
    let saved: Value = serde_json::from_str(&read("rollcall-pictures.json")).unwrap();
    let queries = saved["queries"].as_array().unwrap();
    assert_eq!(queries.len(), 101);
    assert_eq!(queries[0]["hits"][0]["dataset"], "harbour-walks");
    // Where the drawing has a plain edge, what stands inside it may be nearer than the whole.
    assert!(queries[12]["hits"][0]["variant"].as_str().unwrap().ends_with("mirrored"), "{}", queries[12]);
}

/// What left the browser: no file, no name of a file, nothing to another host.
fn check_that_only_hashes_were_sent(portfolio: &Portfolio, session: &Session<'_>) {
    let entries = check_loaded_from(&portfolio.portal.address, session);
    let posts = entries.iter().filter(|event| event["request"]["method"] == "POST").count();
    let sent = session.run("return window.sent", &[]);
    let sent: Vec<_> = sent.as_array().unwrap().iter().map(|body| body.as_str().unwrap()).collect();
    assert_eq!((posts, sent.len()), (11, 11), "batches of ten");
    for body in sent {
        let body: Value = serde_json::from_str(body).expect("only JSON is sent");
        for query in body["queries"].as_array().unwrap() {
            assert!(query["name"].as_str().unwrap().starts_with("picture "), "{}", query["name"]);
            let kinds: Vec<_> = query["hashes"].as_object().unwrap().keys().cloned().collect();
            assert!(kinds.iter().all(|kind| ["md5", "sha256", "pdqa"].contains(&kind.as_str())), "{kinds:?}");
        }
    }
}

/// With and without scripts the same pictures are found.
pub fn pictures_sent_instead(stage: &Stage) {
    let portfolio = Portfolio::new();
    for without_javascript in [false, true] {
        let session =
            stage.driver.open(Browser { without_javascript, phone: without_javascript, ..Browser::default() });
        portfolio.choose(&session);
        if !without_javascript {
            session.find("#send-pictures").click();
            assert!(session.find(".what-happens").text().contains("are sent to this server"));
        }
        session.find("form.drop button").click();
        session.wait_for_heading("17 of your 101 pictures were found in 2 datasets.");
        assert_eq!(session.all(".found > .picture").len(), 17);
        assert!(session.find(".failed .picture").text().contains("damaged.jpg"));
        assert_eq!(session.find(".missed > summary").text(), "83 pictures were not found");
        check_width(&session, "portfolio sent");
        keep_shot(stage, &session, if without_javascript { "portfolio-sent-phone" } else { "portfolio-sent" });
        check_loaded_from(&portfolio.portal.address, &session);
    }
}

/// A site that gives out one picture and keeps what it was asked.
fn remote_site(picture: Vec<u8>) -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/drawn.jpg", listener.local_addr().unwrap());
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = Vec::new();
            let mut some = [0; 4096];
            while !asked.ends_with(b"\r\n\r\n") {
                match stream.read(&mut some) {
                    Ok(n) if n > 0 => asked.extend_from_slice(&some[..n]),
                    _ => break,
                }
            }
            if asked.is_empty() {
                continue;
            }
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                picture.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&picture));
            if send.send(String::from_utf8_lossy(&asked).into_owned()).is_err() {
                return;
            }
        }
    });
    (address, receive)
}

pub fn a_picture_is_compared(stage: &Stage) {
    let folder = tempfile::tempdir().unwrap();
    let picture = jpeg(&draw(0x636f_6d70, 480, 360), 88).unwrap();
    let file = folder.path().join("mine.jpg");
    std::fs::write(&file, &picture).unwrap();
    let (address, asked) = remote_site(picture.clone());
    let manifest = folder.path().join("pairs.csv");
    let digest = hex::encode(Sha256::digest(&picture));
    std::fs::write(&manifest, format!("url,caption,sha256\n{address},A drawn harbour,{digest}\n")).unwrap();
    let portal = Portal::over(&[("pairs", &manifest)]);
    for without_javascript in [false, true] {
        let session = stage.driver.open(Browser { without_javascript, ..Browser::default() });
        session.go(&format!("{}/image", portal.address));
        session.find("input#image").choose(&file);
        session.find("form.drop button").click();
        session.wait_for_heading("Your picture was found in 1 dataset.");
        session.find(".compare summary").click();
        if !without_javascript {
            let mine = "const i = document.querySelector('.mine img'); return i.naturalWidth === 480 && i.src.startsWith('blob:')";
            session.wait_for("the visitor's own picture", || (session.run(mine, &[]) == true).then_some(()));
        }
        let link = session.find("a.load");
        assert!(link.text().contains("127.0.0.1:"), "the link says where it leads: {}", link.text());
        check_loaded_from(&portal.address, &session);
        assert!(asked.try_recv().is_err(), "nothing is loaded before the click");
        if without_javascript {
            session.go(&link.attribute("href").map(|href| format!("{}{href}", portal.address)).unwrap());
        } else {
            link.click();
        }
        let seen = if without_javascript {
            "return document.querySelector('img')?.naturalWidth === 480"
        } else {
            "return document.querySelector('.theirs iframe')?.contentDocument.querySelector('img')?.naturalWidth === 480"
        };
        session.wait_for("the record's picture", || (session.run(seen, &[]) == true).then_some(()));
        let request = asked.recv().unwrap().to_ascii_lowercase();
        assert!(request.starts_with("get /drawn.jpg") && !request.contains("referer:"), "{request}");
        let name = if without_javascript { "compare-without-javascript" } else { "compare" };
        check_width(&session, name);
        keep_shot(stage, &session, name);
    }
}
