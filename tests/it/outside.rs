//! The outside world in small, on this machine: a name server and web servers that tests write themselves.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// What a name server knows of a name.
#[derive(Debug, Clone)]
pub enum Record {
    A(Ipv4Addr),
    Txt(String),
    /// Any number of texts, answered whole over TCP only.
    LongTxt(String),
}

/// A name server on UDP and TCP, at the same port.
pub struct NameServer {
    address: SocketAddr,
    records: Arc<Mutex<HashMap<String, Vec<Record>>>>,
    stop: Arc<std::sync::atomic::AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

const A: u16 = 1;
const TXT: u16 = 16;

impl NameServer {
    pub fn start() -> Self {
        let (udp, tcp) = loop {
            let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
            if let Ok(tcp) = TcpListener::bind(udp.local_addr().unwrap()) {
                break (udp, tcp);
            }
        };
        let address = udp.local_addr().unwrap();
        let records = Arc::new(Mutex::new(HashMap::new()));
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let (known, stopped) = (records.clone(), stop.clone());
        let by_udp = std::thread::spawn(move || {
            let mut buffer = [0; 1024];
            while let Ok((length, from)) = udp.recv_from(&mut buffer) {
                if stopped.load(std::sync::atomic::Ordering::SeqCst) {
                    return;
                }
                // First what a forger would send: the right question with another number.
                let mut forged = answer(&buffer[..length], &known.lock().unwrap(), false);
                forged[0] ^= 0xff;
                let _ = udp.send_to(&forged, from);
                let _ = udp.send_to(&answer(&buffer[..length], &known.lock().unwrap(), false), from);
            }
        });
        let (known, stopped) = (records.clone(), stop.clone());
        let by_tcp = std::thread::spawn(move || {
            for stream in tcp.incoming() {
                if stopped.load(std::sync::atomic::Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                let mut length = [0; 2];
                if stream.read_exact(&mut length).is_err() {
                    continue;
                }
                let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
                stream.read_exact(&mut question).unwrap();
                let answer = answer(&question, &known.lock().unwrap(), true);
                let length = u16::try_from(answer.len()).unwrap();
                stream.write_all(&[&length.to_be_bytes()[..], &answer].concat()).unwrap();
            }
        });
        Self { address, records, stop, threads: vec![by_udp, by_tcp] }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn set(&self, name: &str, records: &[Record]) {
        self.records.lock().unwrap().insert(name.to_owned(), records.to_vec());
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        // A word to each wakes it up.
        let _ = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(&[0; 17], self.address));
        let _ = TcpStream::connect(self.address);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// The bytes of an answer to one question.
fn answer(question: &[u8], known: &HashMap<String, Vec<Record>>, whole: bool) -> Vec<u8> {
    let mut labels = Vec::new();
    let mut at = 12;
    while question[at] != 0 {
        let length = usize::from(question[at]);
        labels.push(String::from_utf8(question[at + 1..=at + length].to_vec()).unwrap().to_lowercase());
        at += length + 1;
    }
    let kind = u16::from_be_bytes([question[at + 1], question[at + 2]]);
    let end = at + 5;
    let found = known.get(&labels.join("."));
    let mut is_cut = false;
    let mut records: Vec<Vec<u8>> = Vec::new();
    for record in found.into_iter().flatten() {
        match (record, kind) {
            (Record::A(address), A) => records.push(address.octets().to_vec()),
            (Record::Txt(text), TXT) => records.push(text_data(text)),
            (Record::LongTxt(text), TXT) if whole => records.push(text_data(text)),
            (Record::LongTxt(_), TXT) => is_cut = true,
            _ => {}
        }
    }
    let not_there = if found.is_none() { 3 } else { 0 };
    let flags: u16 = 0x8180 | if is_cut { 0x0200 } else { 0 } | not_there;
    let mut bytes = question[..2].to_vec();
    for number in [flags, 1, u16::try_from(records.len()).unwrap(), 0, 0] {
        bytes.extend(number.to_be_bytes());
    }
    bytes.extend(&question[12..end]);
    for data in records {
        bytes.extend([0xc0, 0x0c]); // the name of the question
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1, 0, 0, 0, 60]); // internet, for a minute
        bytes.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        bytes.extend(data);
    }
    bytes
}

/// Parts of up to 255 bytes, each with its length.
fn text_data(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(255).flat_map(|part| [&[u8::try_from(part.len()).unwrap()][..], part].concat()).collect()
}

/// What a web server answers.
pub enum Reply {
    /// All bytes of an answer.
    Whole(Vec<u8>),
    /// The beginning of one, and never its end.
    Stalled,
}

/// What a server reads from and writes to.
pub trait Stream: std::io::Read + std::io::Write + Send {}
impl<T: std::io::Read + std::io::Write + Send> Stream for T {}

/// A web server: `respond` is given the path and the `Host`.
pub struct WebServer {
    address: SocketAddr,
    scheme: &'static str,
    stop: Arc<std::sync::atomic::AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl WebServer {
    pub fn start(respond: impl Fn(&str, &str) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_over("http", |stream| Box::new(stream), respond)
    }

    /// The same over whatever `wrap` puts around a connection.
    pub fn start_over(
        scheme: &'static str,
        wrap: impl Fn(TcpStream) -> Box<dyn Stream> + Send + 'static,
        respond: impl Fn(&str, &str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let stop = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let stopped = stop.clone();
        let thread = std::thread::spawn(move || {
            // Streams that are answered with silence are kept open until the end.
            let mut silent = Vec::new();
            for stream in listener.incoming() {
                if stopped.load(std::sync::atomic::Ordering::SeqCst) {
                    return;
                }
                let mut stream = wrap(stream.unwrap());
                let Some((path, head)) = read_head(&mut *stream) else { continue };
                assert!(!head.to_lowercase().contains("cookie:"), "a cookie came: {head}");
                let host = head.lines().find_map(|line| line.to_lowercase().strip_prefix("host:").map(str::to_owned));
                match respond(&path, host.unwrap_or_default().trim()) {
                    Reply::Whole(bytes) => drop(stream.write_all(&bytes).and_then(|()| stream.flush())),
                    Reply::Stalled => {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nslow");
                        silent.push(stream);
                    }
                }
            }
        });
        Self { address, scheme, stop, thread: Some(thread) }
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }
}

impl Drop for WebServer {
    fn drop(&mut self) {
        self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read_head(stream: &mut dyn Stream) -> Option<(String, String)> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let path = head.split(' ').nth(1)?.to_owned();
    Some((path, head))
}

/// A whole answer.
pub fn ok(body: &[u8]) -> Reply {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n", body.len());
    Reply::Whole([head.as_bytes(), body].concat())
}

pub fn not_found() -> Reply {
    Reply::Whole(b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n\r\ngone".to_vec())
}

pub fn redirect(to: &str) -> Reply {
    let head = format!(
        "HTTP/1.1 302 Found\r\nLocation: {to}\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    Reply::Whole(head.into_bytes())
}

pub const HOME: Ipv4Addr = Ipv4Addr::LOCALHOST;

/// A socket that is bound and never answers.
pub fn silence() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind((IpAddr::V4(HOME), 0)).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}
