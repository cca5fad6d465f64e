//! The hash chain over events: what each line's hash covers, and how a changed log is found out.
//!
//! A line's hash covers the line before it, so a line that is changed, removed or moved breaks every hash after it. The
//! text and the detail go in as digests of their own: a text whose time has come ([`super::retention`]) can go while the
//! chain still holds. Each digest is made with a salt that goes with its text, so that a short text cannot be found again
//! by trying; lines of the first form, written before there were salts, stay as they are and are still verified.
//!
//! What takes the place of an erased text is fixed, and a later line has to say which lines it was: nobody can make a
//! text disappear without a trace, or put another in its place.

use std::collections::BTreeSet;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::case::{Actor, Event};
use super::desk::types::{LogCheck, LogProblem};
use super::retention::MARK;

/// The hash before the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The kind of the line that says which lines before it were erased.
pub const ERASURE: &str = "erased";
/// What stands in the place of an erased detail.
pub const NO_DETAIL: &str = "null";

/// What goes into a hash in the place of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seal {
    /// 32 hexadecimal digits; `None` in a line of the first form, empty once the text is erased.
    pub salt: Option<String>,
    /// The digest of the text that was erased.
    pub erased: Option<String>,
}

impl Seal {
    /// For a new line.
    pub fn salted(salt: &[u8; 16]) -> Self {
        Self { salt: Some(hex::encode(salt)), erased: None }
    }

    /// After `text` was erased.
    #[must_use]
    pub fn of_erased(&self, text: &str) -> Self {
        Self { salt: self.salt.as_ref().map(|_| String::new()), erased: Some(self.digest(text)) }
    }

    fn digest(&self, text: &str) -> String {
        if let Some(erased) = &self.erased {
            return erased.clone();
        }
        let salt = self.salt.as_deref().unwrap_or_default();
        hex::encode(Sha256::new().chain_update(salt).chain_update(text).finalize())
    }

    /// As it goes into the hash: 32 bytes, or what is no digest as it stands, which then fits no hash.
    fn part(&self, text: &str) -> Vec<u8> {
        let digest = self.digest(text);
        hex::decode(&digest).unwrap_or_else(|_| digest.into_bytes())
    }
}

/// A line as it lies in the store: actor and detail are the very bytes that were hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub seq: i64,
    pub case: String,
    pub dataset: Option<String>,
    pub at_ms: i64,
    pub actor: String,
    pub kind: String,
    pub text: String,
    pub detail: String,
    pub text_seal: Seal,
    pub detail_seal: Seal,
    pub hash: String,
}

impl Line {
    /// The hash this line must have after `previous`.
    pub fn hash_after(&self, previous: &str) -> String {
        let mut hasher = Sha256::new();
        let mut part = |bytes: &[u8]| {
            // The length first, so that no two different lines read the same.
            hasher.update((bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(if self.text_seal.salt.is_some() { b"rollcall event 2" } else { b"rollcall event 1" });
        part(previous.as_bytes());
        part(&self.seq.to_le_bytes());
        part(self.case.as_bytes());
        part(&[u8::from(self.dataset.is_some())]);
        part(self.dataset.as_deref().unwrap_or_default().as_bytes());
        part(&self.at_ms.to_le_bytes());
        part(self.actor.as_bytes());
        part(self.kind.as_bytes());
        part(&self.text_seal.part(&self.text));
        part(&self.detail_seal.part(&self.detail));
        hex::encode(hasher.finalize())
    }

    /// The event that readers are given. What cannot be read as an actor or as JSON was not written by us; it is shown
    /// as nothing rather than hiding the line.
    pub fn into_event(self) -> Event {
        Event {
            seq: self.seq,
            case: self.case,
            dataset: self.dataset,
            at_ms: self.at_ms,
            actor: serde_json::from_str(&self.actor).unwrap_or(Actor::Portal),
            kind: self.kind,
            text: self.text,
            detail: serde_json::from_str(&self.detail).unwrap_or(serde_json::Value::Null),
            hash: self.hash,
        }
    }
}

/// Detail of a line of the kind [`ERASURE`].
#[derive(Deserialize)]
struct Erasure {
    lines: Vec<i64>,
}

/// Follows the chain line by line.
#[derive(Debug)]
pub struct Verifier {
    seq: i64,
    head: String,
    /// Erased lines that no line has spoken of yet.
    unexplained: BTreeSet<i64>,
    problem: Option<LogProblem>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { seq: 0, head: GENESIS.to_owned(), unexplained: BTreeSet::new(), problem: None }
    }
}

impl Verifier {
    /// Takes the next line in the order of the log; only the first problem is kept.
    pub fn take(&mut self, line: &Line) {
        let expected = self.seq + 1;
        if self.problem.is_none() {
            if line.seq > expected {
                self.complain(expected, format!("line {expected} is missing: the next one is {}", line.seq));
            } else if line.seq < expected {
                self.complain(line.seq, format!("line {} is there twice", line.seq));
            } else if line.hash_after(&self.head) != line.hash {
                self.complain(line.seq, format!("line {} is not what was written", line.seq));
            } else {
                self.take_erased(line);
            }
        }
        self.seq = line.seq;
        self.head.clone_from(&line.hash);
    }

    fn take_erased(&mut self, line: &Line) {
        let texts = [(&line.text_seal, line.text.as_str(), MARK), (&line.detail_seal, line.detail.as_str(), NO_DETAIL)];
        for (seal, text, mark) in texts {
            if seal.erased.is_some() {
                self.unexplained.insert(line.seq);
                if text != mark {
                    self.complain(line.seq, format!("line {} was erased, and now says something else", line.seq));
                }
            }
        }
        if line.kind == ERASURE
            && let Ok(erasure) = serde_json::from_str::<Erasure>(&line.detail)
        {
            for seq in erasure.lines {
                self.unexplained.remove(&seq);
            }
        }
    }

    /// `seq` and `head` are what the store remembers of the last line it wrote.
    pub fn finish(mut self, seq: i64, head: &str) -> LogCheck {
        if self.problem.is_none() && self.seq < seq {
            self.complain(self.seq + 1, format!("the log ends at line {}, but {seq} lines were written", self.seq));
        }
        if self.problem.is_none() && (self.seq > seq || self.head != head) {
            self.complain(self.seq, format!("the log ends at line {} and not where it was last written", self.seq));
        }
        if self.problem.is_none()
            && let Some(seq) = self.unexplained.first().copied()
        {
            self.complain(seq, format!("line {seq} was erased, and no line says that it was"));
        }
        LogCheck { events: self.seq.unsigned_abs(), head: self.head, problem: self.problem }
    }

    fn complain(&mut self, seq: i64, what: String) {
        self.problem = Some(LogProblem { seq, what });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(lines: i64) -> Vec<Line> {
        let mut previous = GENESIS.to_owned();
        let mut all = Vec::new();
        for seq in 1..=lines {
            let mut line = Line {
                seq,
                case: "K7Q2-M4XD".into(),
                dataset: (seq % 2 == 0).then(|| "demo".into()),
                at_ms: 1_000 + seq,
                actor: r#"{"kind":"requester"}"#.into(),
                kind: "message".into(),
                text: format!("message {seq}"),
                detail: "{}".into(),
                // Lines of both forms: the first two were written before there were salts.
                text_seal: if seq > 2 { Seal::salted(&[seq as u8; 16]) } else { Seal::default() },
                detail_seal: if seq > 2 { Seal::salted(&[seq as u8 + 100; 16]) } else { Seal::default() },
                hash: String::new(),
            };
            line.hash = line.hash_after(&previous);
            previous.clone_from(&line.hash);
            all.push(line);
        }
        all
    }

    fn problem(lines: &[Line]) -> Option<i64> {
        let written = log(5);
        let mut verifier = Verifier::default();
        for line in lines {
            verifier.take(line);
        }
        verifier.finish(5, &written[4].hash).problem.map(|problem| problem.seq)
    }

    #[test]
    fn a_log_that_nobody_touched_holds() {
        assert_eq!(problem(&log(5)), None);
    }

    #[test]
    fn a_changed_line_is_named_whichever_part_of_it_was_changed() {
        let changes: [fn(&mut Line); 8] = [
            |line| line.case.push('x'),
            |line| line.dataset = None,
            |line| line.dataset = Some(String::new()),
            |line| line.at_ms += 1,
            |line| line.actor.push(' '),
            |line| line.kind.push('x'),
            |line| line.text.push('x'),
            |line| line.detail.push(' '),
        ];
        for change in changes {
            let mut lines = log(5);
            change(&mut lines[3]);
            assert_eq!(problem(&lines), Some(4));
        }
    }

    #[test]
    fn a_changed_line_with_a_hash_made_anew_breaks_the_next_one() {
        let mut lines = log(5);
        lines[2].text = "something else".into();
        lines[2].hash = lines[2].hash_after(&lines[1].hash.clone());
        assert_eq!(problem(&lines), Some(4));
    }

    #[test]
    fn a_line_taken_out_is_named_in_the_middle_and_at_the_end() {
        for at in 0..5 {
            let mut lines = log(5);
            lines.remove(at);
            assert_eq!(problem(&lines), Some(at as i64 + 1));
        }
    }

    #[test]
    fn lines_in_another_order_are_found_and_so_is_a_line_too_many() {
        let mut lines = log(5);
        let (left, right) = (lines[1].text.clone(), lines[2].text.clone());
        lines[1].text = right;
        lines[2].text = left;
        assert_eq!(problem(&lines), Some(2));
        let mut lines = log(5);
        lines.swap(1, 2);
        assert_eq!(problem(&lines), Some(2));
        assert_eq!(problem(&log(6)), Some(6));
    }

    /// A log whose second and fourth line were erased, and whose last line says so of `told`.
    fn erased(told: &str) -> Vec<Line> {
        let mut lines = log(4);
        let mut last = log(5).remove(4);
        (last.kind, last.detail) = (ERASURE.to_owned(), format!(r#"{{"lines":{told}}}"#));
        last.hash = last.hash_after(&lines[3].hash);
        lines.push(last);
        for at in [1, 3] {
            let line = &mut lines[at];
            line.text_seal = line.text_seal.of_erased(&line.text);
            line.detail_seal = line.detail_seal.of_erased(&line.detail);
            (line.text, line.detail) = (MARK.to_owned(), NO_DETAIL.to_owned());
        }
        lines
    }

    fn problem_of(lines: &[Line]) -> Option<i64> {
        let mut verifier = Verifier::default();
        for line in lines {
            verifier.take(line);
        }
        verifier.finish(5, &lines[4].hash).problem.map(|problem| problem.seq)
    }

    #[test]
    fn the_chain_holds_when_texts_are_erased_and_nothing_of_them_is_left() {
        let lines = erased("[2,4]");
        assert_eq!(problem_of(&lines), None);
        assert_eq!(lines[3].text_seal.salt.as_deref(), Some(""), "the salt goes with the text");
        assert_eq!(lines[1].text_seal.salt, None);
    }

    #[test]
    fn a_text_that_disappears_without_a_line_that_says_so_is_found() {
        assert_eq!(problem_of(&erased("[4]")), Some(2));
        assert_eq!(problem_of(&erased("[]")), Some(2));
    }

    #[test]
    fn nothing_can_be_put_in_the_place_of_an_erased_text() {
        let changes: [fn(&mut Line); 3] = [
            |line| line.text = "another text".into(),
            |line| line.detail = r#"{"rows":1}"#.into(),
            |line| line.text_seal.erased = Some("00".repeat(32)),
        ];
        for change in changes {
            let mut lines = erased("[2,4]");
            change(&mut lines[3]);
            assert_eq!(problem_of(&lines), Some(4));
        }
    }
}
