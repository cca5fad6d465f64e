//! The hash chain over events: what each line's hash covers, and how a changed log is found out.
//!
//! A line's hash covers the line before it, so a line that is changed, removed or moved breaks every hash after it. The
//! text and the detail go in as digests of their own: a text that a law makes the operator blank out later can go while
//! the chain still holds.

use sha2::{Digest as _, Sha256};

use super::case::{Actor, Event};
use super::desk::types::{LogCheck, LogProblem};

/// The hash before the first line.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

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
        part(b"rollcall event 1");
        part(previous.as_bytes());
        part(&self.seq.to_le_bytes());
        part(self.case.as_bytes());
        part(&[u8::from(self.dataset.is_some())]);
        part(self.dataset.as_deref().unwrap_or_default().as_bytes());
        part(&self.at_ms.to_le_bytes());
        part(self.actor.as_bytes());
        part(self.kind.as_bytes());
        part(&Sha256::digest(self.text.as_bytes()));
        part(&Sha256::digest(self.detail.as_bytes()));
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

/// Follows the chain line by line.
#[derive(Debug)]
pub struct Verifier {
    seq: i64,
    head: String,
    problem: Option<LogProblem>,
}

impl Default for Verifier {
    fn default() -> Self {
        Self { seq: 0, head: GENESIS.to_owned(), problem: None }
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
            }
        }
        self.seq = line.seq;
        self.head.clone_from(&line.hash);
    }

    /// `seq` and `head` are what the store remembers of the last line it wrote.
    pub fn finish(mut self, seq: i64, head: &str) -> LogCheck {
        if self.problem.is_none() && self.seq < seq {
            self.complain(self.seq + 1, format!("the log ends at line {}, but {seq} lines were written", self.seq));
        }
        if self.problem.is_none() && (self.seq > seq || self.head != head) {
            self.complain(self.seq, format!("the log ends at line {} and not where it was last written", self.seq));
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
                detail: "null".into(),
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
}
