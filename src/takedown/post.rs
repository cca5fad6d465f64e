//! Post: a letter becomes a mail, handed to the operator's mail server or written to a file.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use lettre::message::{Mailbox, SinglePart, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

/// Directory of letters in the data directory.
pub const DIRECTORY: &str = "letters";
/// How long the mail server may take to answer: RFC 5321 allows minutes, but nobody waits for this letter.
const SERVER_TIMEOUT: Duration = Duration::from_mins(1);
/// Sender of letters that become files, where the operator named none.
const SENDER: &str = "Rollcall <rollcall@localhost>";

/// How letters leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostConfig {
    /// Each letter becomes an `.eml` file in `DATA/letters/`.
    Files,
    Smtp(SmtpConfig),
}

/// The operator's mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// `smtp://mail.example:587?tls=required`, `smtps://mail.example`, with `user:password@` where it asks for one.
    pub url: String,
    /// `Rollcall <rollcall@example.org>`
    pub from: String,
}

impl std::fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password.
        f.debug_struct("SmtpConfig").field("from", &self.from).finish_non_exhaustive()
    }
}

/// What goes wrong with post.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    #[error("--smtp cannot be used: {0}")]
    Server(String),
    #[error("--smtp-from is not a mail address: {0}")]
    From(String),
    #[error("{} cannot be written: {source}", .path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error("the letter cannot be made into a mail: {0}")]
    Mail(String),
    #[error("the mail server did not take it: {0}")]
    Refused(String),
}

impl PostError {
    /// What kind of fault it is, in words that name nobody.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Server(_) => "the mail server's address cannot be used",
            Self::From(_) => "the sender is not a mail address",
            Self::File { .. } => "its file cannot be written",
            Self::Mail(_) => "it cannot be made into a mail",
            Self::Refused(_) => "the mail server did not take it",
        }
    }
}

/// A letter with its address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mail<'a> {
    /// Tells letters apart: part of the file's name and of the message id.
    pub(super) id: &'a str,
    pub(super) to: &'a str,
    pub(super) subject: &'a str,
    pub(super) text: &'a str,
    /// Milliseconds since 1970.
    pub(super) written_ms: i64,
}

/// Takes letters away.
pub(super) struct Postman {
    from: Mailbox,
    way: Way,
}

enum Way {
    Files(PathBuf),
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
}

impl Postman {
    pub(super) fn new(config: &PostConfig, data: &Path) -> Result<Self, PostError> {
        let mailbox = |address: &str| address.parse().map_err(|error| PostError::From(format!("{address}: {error}")));
        match config {
            PostConfig::Files => Ok(Self { from: mailbox(SENDER)?, way: Way::Files(data.join(DIRECTORY)) }),
            PostConfig::Smtp(smtp) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&smtp.url)
                    .map_err(|error| PostError::Server(error.to_string()))?
                    .timeout(Some(SERVER_TIMEOUT))
                    .build();
                Ok(Self { from: mailbox(&smtp.from)?, way: Way::Smtp(Box::new(transport)) })
            }
        }
    }

    /// Hands a letter over. After an error nobody knows whether it arrived: it is tried again.
    pub(super) async fn carry(&self, mail: &Mail<'_>) -> Result<(), PostError> {
        let message = message(&self.from, mail)?;
        match &self.way {
            Way::Files(directory) => write_file(directory, mail.id, &message.formatted()),
            Way::Smtp(transport) => {
                transport.send(message).await.map(drop).map_err(|error| PostError::Refused(error.to_string()))
            }
        }
    }
}

fn message(from: &Mailbox, mail: &Mail<'_>) -> Result<Message, PostError> {
    let told = |error: &dyn std::fmt::Display| PostError::Mail(error.to_string());
    let to: Mailbox = mail.to.parse().map_err(|error| told(&error))?;
    let written = SystemTime::UNIX_EPOCH + Duration::from_millis(mail.written_ms.max(0).unsigned_abs());
    // A subject of more than one line would be a header of its own.
    let subject = mail.subject.split(char::is_control).collect::<Vec<_>>().join(" ");
    Message::builder()
        .from(from.clone())
        .to(to)
        .date(written)
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .subject(subject)
        .singlepart(SinglePart::builder().header(ContentType::TEXT_PLAIN).body(mail.text.to_owned()))
        .map_err(|error| told(&error))
}

/// Written beside and renamed, so that nobody reads half a letter.
fn write_file(directory: &Path, id: &str, bytes: &[u8]) -> Result<(), PostError> {
    let path = directory.join(format!("{id}.eml"));
    let failed = |source| PostError::File { path: path.clone(), source };
    std::fs::create_dir_all(directory).map_err(failed)?;
    let draft = directory.join(format!("{id}.eml.part"));
    std::fs::write(&draft, bytes).map_err(failed)?;
    std::fs::rename(&draft, &path).map_err(failed)
}

/// Whether a letter can go there.
pub(super) fn is_address(email: &str) -> bool {
    email.parse::<lettre::Address>().is_ok()
}

/// Takes a letter's file away again, where it was written to one.
pub(super) fn delete_file(data: &Path, id: &str) -> Result<(), PostError> {
    let path = data.join(DIRECTORY).join(format!("{id}.eml"));
    match std::fs::remove_file(&path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(PostError::File { path, source }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead as _, BufReader, Write as _};

    const LETTER: Mail<'static> = Mail {
        id: "0123abcd",
        to: "Mira <mira@example.org>",
        subject: "Your case K7Q2-M4XD\r\nBcc: all@example.org",
        text: "Dear Mira,\n\nwe received it: \u{201c}low tide\u{201d}.\n",
        written_ms: 1_790_000_000_000,
    };

    fn carry(config: &PostConfig, data: &Path) -> Result<(), PostError> {
        let postman = Postman::new(config, data)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(postman.carry(&LETTER))
    }

    #[test]
    fn without_a_mail_server_a_letter_becomes_a_file_that_mail_programs_read() {
        let data = tempfile::tempdir().unwrap();
        carry(&PostConfig::Files, data.path()).unwrap();
        let text = std::fs::read_to_string(data.path().join("letters/0123abcd.eml")).unwrap();
        for part in ["To: Mira <mira@example.org>", "Message-ID: <0123abcd@localhost>", "Date: Mon, 21 Sep 2026"] {
            assert!(text.contains(part), "{part} is missing:\n{text}");
        }
        assert!(!text.contains("\r\nBcc:"), "a subject must not become a header:\n{text}");
        assert_eq!(std::fs::read_dir(data.path().join("letters")).unwrap().count(), 1);
    }

    #[test]
    fn a_mail_server_is_handed_the_letter() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || answer_as_mail_server(&listener.accept().unwrap().0));
        let config = SmtpConfig { url: format!("smtp://{address}"), from: "Rollcall <rollcall@example.net>".into() };
        carry(&PostConfig::Smtp(config), Path::new("unused")).unwrap();
        let heard = server.join().unwrap();
        assert!(heard.contains("MAIL FROM:<rollcall@example.net>"), "{heard}");
        assert!(heard.contains("RCPT TO:<mira@example.org>"), "{heard}");
        assert!(heard.contains("we received it"), "{heard}");
    }

    /// Speaks just enough SMTP to be handed one letter.
    fn answer_as_mail_server(stream: &std::net::TcpStream) -> String {
        let mut heard = String::new();
        let mut out = stream;
        let mut say = |line: &str| out.write_all(format!("{line}\r\n").as_bytes()).unwrap();
        say("220 test");
        let mut in_letter = false;
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            heard.push_str(&line);
            heard.push('\n');
            match line.split([' ', ':']).next().unwrap() {
                "." if in_letter => {
                    say("250 kept");
                    return heard;
                }
                _ if in_letter => {}
                "DATA" => {
                    in_letter = true;
                    say("354 go on");
                }
                _ => say("250 test"),
            }
        }
        heard
    }

    #[test]
    fn addresses_that_cannot_be_used_are_told_at_the_start() {
        let smtp = |url: &str, from: &str| PostConfig::Smtp(SmtpConfig { url: url.into(), from: from.into() });
        let new = |config| Postman::new(&config, Path::new("unused")).map(drop);
        assert!(matches!(new(smtp("http://example.org", "a@example.org")), Err(PostError::Server(_))));
        assert!(matches!(new(smtp("smtp://example.org", "nobody")), Err(PostError::From(_))));
    }
}
