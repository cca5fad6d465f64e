//! Taking a case from the shelf and putting it back changed: what every call that does something has in common.

use std::sync::Arc;

use serde_json::{Value, json};

use super::types::{Attachment, AttachmentLine};
use super::{Desk, DeskError};
use crate::takedown::accounts::new_secret;
use crate::takedown::case::{Actor, Case, RecordRef, RowState, Target};
use crate::takedown::decision::{self, Act, NewEvent, Outcome};
use crate::takedown::letters::{self, Addressee, Letter};
use crate::takedown::rules::LetterKind;
use crate::takedown::store::{CaseRow, Happened, NewLetter, StoredTarget, Writing, row_key};
use crate::takedown::tombstone::Scope;

/// How often a change is tried again when others change the same case at the same moment.
const TRIES: usize = 5;

/// A case as it lies on the shelf: without its events.
pub(super) struct Taken {
    pub(super) row: CaseRow,
    pub(super) targets: Vec<StoredTarget>,
}

impl Taken {
    pub(super) fn target(&self, dataset: &str) -> Result<&StoredTarget, DeskError> {
        let found = self.targets.iter().find(|stored| stored.target.dataset == dataset);
        found.ok_or_else(|| DeskError::NoSuchTarget(dataset.to_owned()))
    }

    /// The case with its targets, for letters and pages.
    pub(super) fn case(&self) -> Case {
        let targets = self.targets.iter().map(|stored| stored.target.clone()).collect();
        Case { targets, ..self.row.case.clone() }
    }
}

/// What belongs to a change beside its targets.
#[derive(Default)]
pub(super) struct Extras<'a> {
    pub(super) attachments: &'a [Attachment],
    pub(super) by: Option<Actor>,
}

/// What to do to which target.
pub(super) struct Step {
    pub(super) dataset: String,
    pub(super) act: Act,
    /// The version that whoever asks has seen.
    pub(super) expected: Option<i64>,
}

impl Desk {
    pub(super) async fn take(&self, number: &str) -> Result<Taken, DeskError> {
        let (row, targets) = self.store.case(number).await?.ok_or(DeskError::NoSuchCase)?;
        Ok(Taken { row, targets })
    }

    /// A case with its events.
    pub(super) async fn whole(&self, number: &str) -> Result<(Taken, Case), DeskError> {
        let taken = self.take(number).await?;
        let events = self.store.events(number).await?;
        let case = Case { events, ..taken.case() };
        Ok((taken, case))
    }

    /// Does what `steps` makes of the case as it is, in one transaction; taken up again when somebody else changed the
    /// case in between. Gives the targets that were changed, as they are now.
    pub(super) async fn change(
        &self,
        number: &str,
        extras: &Extras<'_>,
        steps: impl Fn(&Taken) -> Result<Vec<Step>, DeskError>,
    ) -> Result<Vec<Target>, DeskError> {
        let mut version = 0;
        for _ in 0..TRIES {
            let taken = self.take(number).await?;
            let steps = steps(&taken)?;
            let mut outcomes = Vec::with_capacity(steps.len());
            for step in &steps {
                let stored = taken.target(&step.dataset)?;
                version = stored.version;
                if step.expected.is_some_and(|expected| expected != stored.version) {
                    return Err(DeskError::Conflict { version: stored.version });
                }
                outcomes.push((stored, self.outcome(&stored.target, &step.act)?));
            }
            if self.put_back(&taken, &outcomes, extras).await? {
                return Ok(outcomes.into_iter().map(|(_, outcome)| outcome.target).collect());
            }
        }
        Err(DeskError::Conflict { version })
    }

    /// What the rules make of an act, now.
    pub(super) fn outcome(&self, target: &Target, act: &Act) -> Result<Outcome, DeskError> {
        let rules = self.rules.regime(target.basis, &target.memo.regime);
        let calendar = self.rules.calendar(rules);
        Ok(decision::transition(target, act, rules, calendar, self.today(), self.now_ms())?)
    }

    /// `false` where a target has changed since it was taken; then nothing was written.
    async fn put_back(
        &self,
        taken: &Taken,
        outcomes: &[(&StoredTarget, Outcome)],
        extras: &Extras<'_>,
    ) -> Result<bool, DeskError> {
        let case = &taken.row.case;
        let mut writing = self.store.write().await?;
        for (stored, outcome) in outcomes {
            if !writing.update_target(stored, &outcome.target).await? {
                return Ok(false);
            }
        }
        for attachment in extras.attachments {
            self.keep_attachment(&mut writing, &case.number, attachment, extras.by.as_ref()).await?;
        }
        for event in once(outcomes.iter().flat_map(|(_, outcome)| &outcome.events)) {
            self.log_all(&mut writing, &case.number, &[event]).await?;
        }
        for (stored, outcome) in outcomes {
            hide_and_show(&mut writing, stored.id, outcome).await?;
        }
        // Letters see the case as it is after the change.
        let changed = |stored: &StoredTarget| {
            let outcome = outcomes.iter().find(|(of, _)| of.id == stored.id).map(|(_, outcome)| &outcome.target);
            outcome.unwrap_or(&stored.target).clone()
        };
        let after = Case { targets: taken.targets.iter().map(changed).collect(), ..case.clone() };
        let calls: Vec<_> = outcomes
            .iter()
            .flat_map(|(_, outcome)| outcome.letters.iter().map(|kind| (*kind, &outcome.target)))
            .collect();
        let confirmed = taken.row.email_confirmed_ms.is_some();
        for (letter, dataset) in self.letters_of(&after, &calls) {
            self.post(&mut writing, &case.number, dataset.as_deref(), &letter, confirmed).await?;
        }
        writing.commit().await?;
        Ok(true)
    }

    /// Writes each letter that was called for once: about its target, or about the case where several call for it.
    pub(super) fn letters_of(&self, case: &Case, calls: &[(LetterKind, &Target)]) -> Vec<(Letter, Option<String>)> {
        let mut written: Vec<(Letter, Option<String>)> = Vec::new();
        for (kind, target) in calls {
            let shared = calls.iter().filter(|(other, _)| other == kind).count() > 1;
            if shared && written.iter().any(|(letter, _)| letter.kind == *kind) {
                continue;
            }
            let about = (!shared).then_some(*target);
            let dataset = about.map(|target| target.dataset.clone());
            written.push((letters::write(*kind, case, about, &self.rules), dataset));
        }
        written
    }

    pub(super) async fn log_all(
        &self,
        writing: &mut Writing,
        number: &str,
        events: &[NewEvent],
    ) -> Result<(), DeskError> {
        for event in events {
            writing
                .log(&Happened {
                    case: number,
                    dataset: event.dataset.as_deref(),
                    at_ms: self.now_ms(),
                    actor: &event.actor,
                    kind: event.kind,
                    text: &event.text,
                    detail: &event.detail,
                    salts: self.salts(),
                })
                .await?;
        }
        Ok(())
    }

    /// Writes one line into the log.
    pub(super) async fn log_one(
        &self,
        writing: &mut Writing,
        (number, dataset): (&str, Option<&str>),
        actor: &Actor,
        (kind, text): (&str, &str),
        detail: &Value,
    ) -> Result<(), DeskError> {
        let (at_ms, salts) = (self.now_ms(), self.salts());
        Ok(writing.log(&Happened { case: number, dataset, at_ms, actor, kind, text, detail, salts }).await?)
    }

    fn salts(&self) -> [[u8; 16]; 2] {
        let mut salts = [[0; 16]; 2];
        for salt in &mut salts {
            (self.config.entropy)(salt);
        }
        salts
    }

    /// Keeps a letter and queues it where there is an address it may go to.
    pub(super) async fn post(
        &self,
        writing: &mut Writing,
        number: &str,
        dataset: Option<&str>,
        letter: &Letter,
        confirmed: bool,
    ) -> Result<(), DeskError> {
        let id = new_secret(&*self.config.entropy)[..32].to_owned();
        let asks_to_confirm = letter.kind == LetterKind::ConfirmEmail;
        let may_go = letter.to != Addressee::Requester || confirmed || asks_to_confirm;
        let to = letter.email.as_deref().filter(|_| may_go);
        let addressee = match letter.to {
            Addressee::Requester => "requester",
            Addressee::Recipients => "recipients",
            Addressee::AffectedParty => "affected_party",
            Addressee::Mailbox => "mailbox",
        };
        writing
            .insert_letter(&NewLetter {
                id: &id,
                number,
                dataset,
                kind: letter.kind.name(),
                addressee: addressee.to_owned(),
                to,
                subject: &letter.subject,
                text: &letter.text,
                written_ms: self.now_ms(),
            })
            .await?;
        let detail = json!({ "letter": id, "kind": letter.kind.name(), "to": addressee, "mailed": to.is_some() });
        let text = match (letter.to, to) {
            (Addressee::Recipients | Addressee::AffectedParty, None) => format!(
                "A letter was written and kept for the maintainers. It was sent to nobody: no address is known here. {}",
                letter.subject
            ),
            _ => format!("A letter was written: {}", letter.subject),
        };
        self.log_one(writing, (number, dataset), &Actor::Portal, ("letter", &text), &detail).await
    }

    /// Keeps a file; gives its id.
    pub(super) async fn keep_attachment(
        &self,
        writing: &mut Writing,
        number: &str,
        attachment: &Attachment,
        by: Option<&Actor>,
    ) -> Result<String, DeskError> {
        let id = new_secret(&*self.config.entropy)[..32].to_owned();
        let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&attachment.bytes));
        let by = by.cloned().unwrap_or(Actor::Requester);
        let line = AttachmentLine {
            id,
            name: attachment.name.clone(),
            media_type: attachment.media_type.clone(),
            bytes: attachment.bytes.len() as u64,
            sha256,
            at_ms: self.now_ms(),
            by: by.clone(),
        };
        writing.insert_attachment(number, &line, &attachment.bytes).await?;
        // The file's name may say who somebody is; the log keeps what proves that it was there.
        let detail = json!({ "attachment": line.id, "sha256": line.sha256, "bytes": line.bytes });
        self.log_one(writing, (number, None), &by, ("attached", "A file was attached."), &detail).await?;
        Ok(line.id)
    }
}

/// A message to a case with several targets is one event of the case, not one of each.
fn once<'a>(events: impl Iterator<Item = &'a NewEvent>) -> Vec<NewEvent> {
    let mut all: Vec<NewEvent> = Vec::new();
    for event in events {
        let same =
            |other: &&mut NewEvent| (&other.actor, other.kind, &other.text) == (&event.actor, event.kind, &event.text);
        match all.iter_mut().find(same) {
            Some(known) if event.kind == "message" => known.dataset = None,
            _ => all.push(event.clone()),
        }
    }
    all
}

/// Turns an outcome's places into tombstones. A row that another case holds down too stays down: after the lift it is
/// hidden again as that case asks.
pub(super) async fn hide_and_show(writing: &mut Writing, id: i64, outcome: &Outcome) -> Result<(), DeskError> {
    let target = &outcome.target;
    let at = |places: &[usize], wanted: fn(RowState) -> bool| -> Vec<Arc<RecordRef>> {
        let rows = places.iter().filter_map(|place| target.rows.get(*place));
        rows.filter(|row| wanted(row.state)).map(|row| row.record.clone()).collect()
    };
    // What is hidden while a case is open is the row alone; a decision reaches as far as it says.
    let granted = at(&outcome.hide, |state| state != RowState::Restricted);
    let restricted = at(&outcome.hide, |state| state == RowState::Restricted);
    writing.bury(&target.dataset, target.memo.scope, false, &granted).await?;
    writing.bury(&target.dataset, Scope::Row, false, &restricted).await?;
    let lifted = at(&outcome.unhide, |_| true);
    if lifted.is_empty() {
        return Ok(());
    }
    writing.bury(&target.dataset, target.memo.scope, true, &lifted).await?;
    let keys: Vec<i64> = lifted.iter().map(|record| row_key(&target.dataset, &record.id)).collect();
    let ids: std::collections::BTreeSet<&str> = lifted.iter().map(|record| record.id.as_str()).collect();
    let others = writing.others_with(&keys, id).await?;
    for other in writing.targets_with_rows(&others).await? {
        let held = |wanted: fn(RowState) -> bool| -> Vec<Arc<RecordRef>> {
            let rows = other.target.rows.iter().filter(|row| wanted(row.state));
            rows.filter(|row| ids.contains(row.record.id.as_str())).map(|row| row.record.clone()).collect()
        };
        let granted = held(|state| state.is_hidden() && state != RowState::Restricted);
        writing.bury(&target.dataset, other.target.memo.scope, false, &granted).await?;
        writing.bury(&target.dataset, Scope::Row, false, &held(|state| state == RowState::Restricted)).await?;
    }
    Ok(())
}
