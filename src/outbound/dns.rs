//! Questions to a name server: addresses and TXT records, over UDP, and over TCP where an answer is too long for that.
//!
//! The name server is the operator's and is trusted as every program on the machine trusts it. Its answers are taken only
//! with the number and the question that were sent; their signatures (DNSSEC) are for the name server to check.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

use hickory_proto::op::{Message, MessageType, Query, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};

use super::{OutboundConfig, OutboundError};

/// Where the system says whom it asks.
const RESOLV_CONF: &str = "/etc/resolv.conf";
/// Who is asked where the system does not say, as the C library does.
const DEFAULT_SERVER: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 53);
const DNS_PORT: u16 = 53;
/// Longest answer over UDP without an extension; longer ones come cut and are asked for again over TCP. A datagram that
/// is longer all the same is read whole.
const DATAGRAM_BYTES_MAX: usize = 4096;
/// A question is sent again once where no answer came in half of the time.
const TRIES: u32 = 2;
/// Records of an answer that are looked at: nobody has a good reason for more.
const RECORDS_MAX: usize = 64;
/// Longest TXT record that is kept, bytes.
const TEXT_BYTES_MAX: usize = 1024;

/// Every address that a name leads to.
pub(super) fn addresses(config: &OutboundConfig, name: &str, deadline: Instant) -> Result<Vec<IpAddr>, OutboundError> {
    let address = |data: &RData| match data {
        RData::A(address) => Some(IpAddr::V4(address.0)),
        RData::AAAA(address) => Some(IpAddr::V6(address.0)),
        _ => None,
    };
    let of = |kind| ask(config, name, kind, deadline).map(|all| all.iter().filter_map(address).collect::<Vec<_>>());
    match (of(RecordType::A), of(RecordType::AAAA)) {
        (Ok(v4), Ok(v6)) if v4.is_empty() && v6.is_empty() => Err(OutboundError::NoSuchName(name.to_owned())),
        (Ok(v4), Ok(v6)) => Ok([v4, v6].concat()),
        // One of the two is enough to connect to; some name servers never answer the other question.
        (Ok(found), Err(_)) | (Err(_), Ok(found)) if !found.is_empty() => Ok(found),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

/// The texts of a name's TXT records, parts of one record put together.
pub(super) fn txt(config: &OutboundConfig, name: &str) -> Result<Vec<String>, OutboundError> {
    let text = |data: &RData| match data {
        RData::TXT(txt) => {
            let bytes: Vec<u8> =
                txt.txt_data.iter().flat_map(|part| part.iter().copied()).take(TEXT_BYTES_MAX).collect();
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
        _ => None,
    };
    let deadline = Instant::now() + config.limits.dns_time;
    Ok(ask(config, name, RecordType::TXT, deadline)?.iter().filter_map(text).collect())
}

/// The first name server that the text of `/etc/resolv.conf` names.
pub fn first_name_server(resolv_conf: &str) -> Option<SocketAddr> {
    let mut servers = resolv_conf.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
    let address = |rest: &str| {
        // A zone (`fe80::1%eth0`) is not something that a socket address of the standard library reads.
        let ip: IpAddr = rest.split_whitespace().next()?.parse().ok()?;
        Some(SocketAddr::new(ip, DNS_PORT))
    };
    servers.find_map(address)
}

fn server(config: &OutboundConfig) -> SocketAddr {
    let of_system = || first_name_server(&std::fs::read_to_string(RESOLV_CONF).ok()?);
    config.dns_server.or_else(of_system).unwrap_or(DEFAULT_SERVER)
}

/// What the answer holds; nothing where the name is not there.
fn ask(config: &OutboundConfig, name: &str, kind: RecordType, deadline: Instant) -> Result<Vec<RData>, OutboundError> {
    let mut asked = Name::from_ascii(name).map_err(|_| OutboundError::Address("the name is not one"))?;
    // Whole as it is: no domain of the own network is ever put behind it.
    asked.set_fqdn(true);
    let mut message = Message::query();
    message.metadata.recursion_desired = true;
    let query = Query::query(asked, kind);
    message.queries.push(query.clone());
    let bytes = message.to_vec().map_err(|_| OutboundError::Address("the name is not one"))?;
    let server = server(config);
    let deadline = deadline.min(Instant::now() + config.limits.dns_time);
    let fits = |answer: &Message| {
        answer.metadata.id == message.metadata.id
            && answer.metadata.message_type == MessageType::Response
            && answer.queries.len() == 1
            && answer.queries[0].query_type() == kind
            && answer.queries[0].name() == query.name()
    };
    let mut answer = by_udp(server, &bytes, deadline, config.limits.dns_time / TRIES, &fits)?;
    if answer.metadata.truncation {
        answer = by_tcp(server, &bytes, deadline)?;
        if !fits(&answer) {
            return Err(OutboundError::NameServer("its answer is to another question".to_owned()));
        }
    }
    match answer.metadata.response_code {
        ResponseCode::NoError => {}
        ResponseCode::NXDomain => return Ok(Vec::new()),
        other => return Err(OutboundError::NameServer(other.to_string())),
    }
    Ok(answer.answers.into_iter().take(RECORDS_MAX).map(|record| record.data).collect())
}

fn by_udp(
    server: SocketAddr,
    question: &[u8],
    deadline: Instant,
    patience: Duration,
    fits: &impl Fn(&Message) -> bool,
) -> Result<Message, OutboundError> {
    let from: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    // A socket of its own with a port that the system chooses: one more thing that a forger has to guess. Connected, it
    // takes nothing from anybody but the server.
    let socket = UdpSocket::bind((from, 0)).map_err(unreachable_server)?;
    socket.connect(server).map_err(unreachable_server)?;
    let mut buffer = [0; DATAGRAM_BYTES_MAX];
    for _ in 0..TRIES {
        let until = deadline.min(Instant::now() + patience);
        socket.send(question).map_err(unreachable_server)?;
        while let Some(left) = left_until(until) {
            socket.set_read_timeout(Some(left)).map_err(unreachable_server)?;
            let length = match socket.recv(&mut buffer) {
                Ok(length) => length,
                Err(error) if is_timeout(&error) => break,
                Err(error) => return Err(unreachable_server(error)),
            };
            // What cannot be read, or answers something else, may be a forger's: the right one may still come.
            if let Some(answer) = Message::from_vec(&buffer[..length]).ok().filter(fits) {
                return Ok(answer);
            }
        }
    }
    Err(OutboundError::TimedOut)
}

fn by_tcp(server: SocketAddr, question: &[u8], deadline: Instant) -> Result<Message, OutboundError> {
    let left = || left_until(deadline).ok_or(OutboundError::TimedOut);
    let failed = |error: std::io::Error| {
        if is_timeout(&error) { OutboundError::TimedOut } else { unreachable_server(error) }
    };
    let mut stream = TcpStream::connect_timeout(&server, left()?).map_err(failed)?;
    let length = u16::try_from(question.len()).map_err(|_| OutboundError::Address("the name is not one"))?;
    stream.set_write_timeout(Some(left()?)).map_err(failed)?;
    stream.write_all(&[&length.to_be_bytes()[..], question].concat()).map_err(failed)?;
    let mut exactly = |bytes: &mut [u8]| {
        let mut filled = 0;
        while filled < bytes.len() {
            stream.set_read_timeout(Some(left()?)).map_err(failed)?;
            match stream.read(&mut bytes[filled..]).map_err(failed)? {
                0 => return Err(OutboundError::NameServer("its answer broke off".to_owned())),
                n => filled += n,
            }
        }
        Ok(())
    };
    let mut length = [0; 2];
    exactly(&mut length)?;
    // At most 64 KiB, by the width of the number.
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    exactly(&mut answer)?;
    Message::from_vec(&answer).map_err(|_| OutboundError::NameServer("its answer cannot be read".to_owned()))
}

fn left_until(until: Instant) -> Option<Duration> {
    let left = until.saturating_duration_since(Instant::now());
    (!left.is_zero()).then_some(left)
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function in map_err")]
fn unreachable_server(error: std::io::Error) -> OutboundError {
    OutboundError::NameServer(error.kind().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_server_that_can_be_read_is_asked() {
        let text =
            "# made by hand\nsearch home.arpa\nnameserver fe80::1%eth0\n nameserver 192.0.2.53 \nnameserver ::1\n";
        assert_eq!(first_name_server(text), Some("192.0.2.53:53".parse().unwrap()));
        assert_eq!(first_name_server("nameserver 2001:db8::53\n"), Some("[2001:db8::53]:53".parse().unwrap()));
        assert_eq!(first_name_server("search x\n"), None);
    }
}
