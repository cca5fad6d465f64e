//! Asks, and reads what comes back.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

/// Long enough for a loaded machine; a test that waits this long has failed.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// An answer, whole.
pub(super) struct Answer {
    /// What was asked, for messages.
    pub(super) asked: String,
    pub(super) status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// A visitor of one server.
#[derive(Clone)]
pub(super) struct Client {
    address: SocketAddr,
    agent: ureq::Agent,
}

impl Client {
    pub(super) fn new(address: SocketAddr) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build();
        Self { address, agent: config.into() }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub(super) fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request =
            headers.iter().fold(self.agent.get(self.url(path)), |request, (name, value)| request.header(*name, *value));
        Answer::read(format!("GET {path}"), request.call().unwrap_or_else(|error| panic!("GET {path}: {error}")))
    }

    pub(super) fn head(&self, path: &str) -> Answer {
        Answer::read(format!("HEAD {path}"), self.agent.head(self.url(path)).call().unwrap())
    }

    /// What a page's search form sends.
    pub(super) fn search(&self, path: &str, parameters: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        self.get(&format!("{path}?{query}"))
    }

    pub(super) fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let request = headers
            .iter()
            .fold(self.agent.post(self.url(path)), |request, (name, value)| request.header(*name, *value));
        Answer::read(format!("POST {path}"), request.send(body).unwrap_or_else(|error| panic!("POST {path}: {error}")))
    }

    /// What a page's form sends.
    pub(super) fn post_form(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("cookie", cookie)];
        let n_headers = if cookie.is_empty() { 1 } else { 2 };
        self.post(path, &headers[..n_headers], body.as_bytes())
    }

    pub(super) fn post_json(&self, path: &str, body: &Value) -> Answer {
        self.post(path, &[("content-type", "application/json")], body.to_string().as_bytes())
    }

    pub(super) fn post_pictures(&self, path: &str, pictures: &[(&str, &[u8])]) -> Answer {
        self.post(path, &[("content-type", MULTIPART)], &multipart(pictures))
    }

    /// Sends bytes as they are and reads to the end: for requests that no well-behaved client makes.
    pub(super) fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The server may answer and hang up before it has heard all: the answer is what matters.
        let _ = stream.write_all(request);
        Answer::read_raw(stream)
    }

    pub(super) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

const BOUNDARY: &str = "rollcall-test-boundary";
pub(super) const MULTIPART: &str = "multipart/form-data; boundary=rollcall-test-boundary";

/// A form with one `image` part a picture.
pub(super) fn multipart(pictures: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in pictures {
        let name = name.replace('\\', "\\\\").replace('"', "%22");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

impl Answer {
    fn read(asked: String, mut response: ureq::http::Response<ureq::Body>) -> Self {
        let text = |value: &ureq::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let body = response.body_mut().with_config().limit(64 << 20).read_to_vec().unwrap();
        Self { asked, status: response.status().as_u16(), headers, body }
    }

    pub(super) fn read_raw(mut stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes);
        let split = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        let split = split.unwrap_or_else(|| panic!("no answer came: {end:?}, {}", String::from_utf8_lossy(&bytes)));
        let head = String::from_utf8_lossy(&bytes[..split]).into_owned();
        let status = head[9..12].parse().unwrap();
        let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        Self { asked: "a raw request".to_owned(), status, headers, body: bytes[split + 4..].to_vec() }
    }

    /// Fails the test where the status is another.
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// `name=value` of the cookie it sets, as the browser sends it back.
    pub(super) fn cookie(&self) -> String {
        let set = self.header("set-cookie").unwrap_or_else(|| panic!("{}: no cookie", self.asked));
        set.split(';').next().unwrap().to_owned()
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(super) fn json(&self) -> Value {
        let content_type = self.header("content-type").unwrap_or_default();
        assert!(content_type.ends_with("json"), "{}: {content_type}", self.asked);
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text()))
    }

    pub(super) fn page(&self) -> Page {
        let content_type = self.header("content-type");
        assert_eq!(content_type, Some("text/html; charset=utf-8"), "{}", self.asked);
        Page { asked: self.asked.clone(), html: Html::parse_document(&self.text()) }
    }
}

/// A page, read.
pub(super) struct Page {
    pub(super) asked: String,
    pub(super) html: Html,
}

impl Page {
    pub(super) fn all(&self, selector: &str) -> Vec<ElementRef<'_>> {
        self.html.select(&Selector::parse(selector).unwrap()).collect()
    }

    /// The one element of its kind.
    pub(super) fn one(&self, selector: &str) -> ElementRef<'_> {
        let found = self.all(selector);
        assert_eq!(found.len(), 1, "{}: {selector}: {}", self.asked, self.words());
        found[0]
    }

    pub(super) fn has(&self, selector: &str) -> bool {
        !self.all(selector).is_empty()
    }

    /// What a reader reads in the elements, each in one line.
    pub(super) fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().map(text_of).collect()
    }

    pub(super) fn heading(&self) -> String {
        text_of(self.one("h1"))
    }

    /// All the words of the page's content.
    pub(super) fn words(&self) -> String {
        self.texts("main").join(" ")
    }

    pub(super) fn hrefs(&self, selector: &str) -> Vec<String> {
        self.all(selector).into_iter().filter_map(|link| link.attr("href")).map(str::to_owned).collect()
    }

    /// Where a link with these words leads.
    pub(super) fn link(&self, words: &str) -> String {
        let found: Vec<_> = self.all("a[href]").into_iter().filter(|link| text_of(*link).contains(words)).collect();
        let link = found.first().unwrap_or_else(|| panic!("{}: no link “{words}”: {}", self.asked, self.words()));
        link.attr("href").unwrap().to_owned()
    }
}

/// What a reader reads in an element, in one line. A mark does not part a word.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for node in element.descendants() {
        let Some(piece) = node.value().as_text() else { continue };
        let [around, before] = [node.parent(), node.prev_sibling()]
            .map(|node| node.and_then(|node| node.value().as_element()).map(scraper::node::Element::name));
        if around != Some("mark") && before != Some("mark") {
            text.push(' ');
        }
        text.push_str(piece);
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
