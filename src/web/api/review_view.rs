//! The queue and a case as maintainers read them through the API.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::cases::moment;
use crate::takedown::case::{Actor, Case, Event, Requester, Statements, Target, TargetRow};
use crate::takedown::desk::types::{LetterLine, Queue, QueueLine, Review};
use crate::takedown::reasons::Reasons;
use crate::takedown::tombstone::Scope;

/// A page of the queue. Lines of one case that follow each other are one case.
pub(super) fn queue_page(queue: &Queue) -> Value {
    let mut cases: Vec<(&QueueLine, Vec<Value>)> = Vec::new();
    for line in &queue.lines {
        let target = json!({
            "dataset": line.dataset,
            "basis": line.basis.name(),
            "state": line.state,
            "due": line.due,
            "extended": line.extended,
            "paused": line.paused,
            "records": line.rows,
            "granted": line.rows_granted,
            "assigned": line.assigned,
            "version": line.version,
        });
        match cases.iter_mut().find(|(first, _)| first.number == line.number) {
            Some((_, targets)) => targets.push(target),
            None => cases.push((line, vec![target])),
        }
    }
    let cases = cases.into_iter().map(|(line, targets)| {
        json!({
            "number": line.number,
            "basis": line.basis.name(),
            // The soonest due of the case comes first in the queue.
            "state": line.state,
            "due": line.due,
            "filed_at": moment(line.received_ms),
            "name": line.name,
            "relationship": line.relationship,
            "proof": line.proof,
            "targets": targets,
        })
    });
    let counts = queue
        .counts
        .iter()
        .map(|count| json!({ "dataset": count.dataset, "state": count.state, "targets": count.targets }));
    json!({
        "cases": cases.collect::<Vec<_>>(),
        "counts": counts.collect::<Vec<_>>(),
        "overdue": queue.overdue,
        "next": queue.next,
    })
}

#[derive(Serialize)]
pub(super) struct ReviewView<'a> {
    number: &'a str,
    basis: &'static str,
    state: Option<crate::takedown::case::TargetState>,
    due: Option<&'a str>,
    filed_at: String,
    requester: &'a Requester,
    explanation: &'a str,
    statements: Statements,
    signature: Option<&'a str>,
    typed_urls: &'a [String],
    cannot_find: Option<&'a str>,
    scope: Scope,
    answers: &'a BTreeMap<String, String>,
    targets: Vec<TargetView<'a>>,
    /// By dataset: what `expected_version` of a decision names.
    versions: &'a BTreeMap<String, i64>,
    missing: &'a [String],
    proofs: Value,
    related: Value,
    letters: Vec<Value>,
    attachments: Value,
    events: Vec<EventView<'a>>,
}

#[derive(Serialize)]
struct TargetView<'a> {
    dataset: &'a str,
    basis: &'static str,
    state: crate::takedown::case::TargetState,
    due: Option<&'a str>,
    extended: bool,
    paused: bool,
    decided_at: Option<String>,
    assigned: Option<&'a str>,
    version: Option<i64>,
    records: usize,
    reasons: Option<&'a Reasons>,
    /// Why the person asked for a second look.
    appeal: Option<&'a str>,
    /// A decision that waits for a second person.
    proposal: Option<Value>,
    rows: Vec<RowView<'a>>,
}

#[derive(Serialize)]
struct RowView<'a> {
    id: &'a str,
    dataset: &'a str,
    revision: &'a str,
    file: &'a str,
    row: String,
    url: Option<&'a str>,
    state: crate::takedown::case::RowState,
}

#[derive(Serialize)]
struct EventView<'a> {
    seq: String,
    at: String,
    dataset: Option<&'a str>,
    actor: &'static str,
    /// The account, where it was one of the staff.
    by: Option<&'a str>,
    kind: &'a str,
    text: &'a str,
    hash: &'a str,
}

impl<'a> ReviewView<'a> {
    pub(super) fn new(review: &'a Review) -> Self {
        let case = &review.case;
        let first = first_due(case);
        let related = review.related.iter().map(|other| {
            json!({
                "number": other.number, "dataset": other.dataset, "state": other.state,
                "filed_at": moment(other.filed_ms), "same_person": other.same_person,
                "same_rows": other.same_rows, "same_pictures": other.same_pictures,
            })
        });
        let proofs = review.proofs.iter().map(|proof| {
            json!({
                "kind": proof.kind, "subject": proof.subject, "strength": proof.strength,
                "checked_at": moment(proof.checked_ms), "note": proof.note,
            })
        });
        let attachments = review.attachments.iter().map(|file| {
            json!({
                "id": file.id, "name": file.name, "media_type": file.media_type, "bytes": file.bytes.to_string(),
                "sha256": file.sha256, "at": moment(file.at_ms),
            })
        });
        Self {
            number: &case.number,
            basis: case.basis.name(),
            state: first.map(|target| target.state),
            due: case.targets.iter().filter_map(|target| target.due.as_deref()).min(),
            filed_at: moment(case.filed_ms),
            requester: &case.requester,
            explanation: &case.explanation,
            statements: case.statements,
            signature: case.signature.as_deref(),
            typed_urls: &case.typed_urls,
            cannot_find: case.cannot_find.as_deref(),
            scope: case.scope,
            answers: &case.answers,
            targets: case.targets.iter().map(|target| TargetView::new(target, review)).collect(),
            versions: &review.versions,
            missing: &review.missing,
            proofs: proofs.collect(),
            related: related.collect(),
            letters: review.letters.iter().map(letter).collect(),
            attachments: attachments.collect(),
            events: case.events.iter().map(EventView::new).collect(),
        }
    }
}

impl<'a> TargetView<'a> {
    fn new(target: &'a Target, review: &'a Review) -> Self {
        let row = |row: &'a TargetRow| RowView {
            id: &row.record.id,
            dataset: &row.record.dataset,
            revision: &row.record.revision,
            file: &row.record.file,
            row: row.record.row.to_string(),
            url: row.record.url.as_deref(),
            state: row.state,
        };
        let proposal = target.memo.proposal.as_ref().map(|proposal| {
            json!({
                "decision": proposal.decision, "records": proposal.rows, "scope": proposal.scope,
                "reasons": proposal.reasons, "by": proposal.by,
            })
        });
        Self {
            dataset: &target.dataset,
            basis: target.basis.name(),
            state: target.state,
            due: target.due.as_deref(),
            extended: target.extended,
            paused: target.paused_ms.is_some(),
            decided_at: target.decided_ms.map(moment),
            assigned: review.assigned.get(&target.dataset).map(String::as_str),
            version: review.versions.get(&target.dataset).copied(),
            records: target.rows.len(),
            reasons: target.reasons.as_ref(),
            appeal: target.memo.appeal.as_deref(),
            proposal,
            rows: target.rows.iter().map(row).collect(),
        }
    }
}

impl<'a> EventView<'a> {
    fn new(event: &'a Event) -> Self {
        let (actor, by) = match &event.actor {
            Actor::Requester => ("requester", None),
            Actor::Staff(name) => ("staff", Some(name.as_str())),
            Actor::Portal => ("portal", None),
        };
        Self {
            seq: event.seq.to_string(),
            at: moment(event.at_ms),
            dataset: event.dataset.as_deref(),
            actor,
            by,
            kind: &event.kind,
            text: &event.text,
            hash: &event.hash,
        }
    }
}

fn letter(letter: &LetterLine) -> Value {
    json!({
        "dataset": letter.dataset, "kind": letter.kind, "to": letter.to, "subject": letter.subject,
        "text": letter.text, "written_at": moment(letter.written_ms), "post": letter.post,
    })
}

/// The target that is due first, or the first.
fn first_due(case: &Case) -> Option<&Target> {
    let due = case.targets.iter().filter(|target| target.due.is_some()).min_by(|a, b| a.due.cmp(&b.due));
    due.or(case.targets.first())
}
