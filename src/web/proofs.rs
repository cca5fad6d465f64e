//! Looking at what somebody set out to show: rows of the case gathered, the outside asked, the outcome kept.
//!
//! The page and the API of a case, and the maintainers' page, do the same through this.

use std::sync::Arc;

use actix_web::web;
use tokio::sync::Semaphore;

use super::error::AppError;
use super::state::AppState;
use crate::outbound::{Outbound, OutboundConfig, OutboundError};
use crate::search::engine::Engine;
use crate::takedown::case::{Actor, Case, RecordRef, RowState};
use crate::takedown::desk::Look;
use crate::takedown::desk::types::{Attachment, ClaimLine};
use crate::takedown::proof::{
    self, Claim, DNS_LABEL, Kind, META_NAME, RowFacts, Seen, SeenPage, Subject, WELL_KNOWN_PATH,
};

/// Rows of a case that are read whole; of the others the address is known, from the case. A few milliseconds.
const ROWS_READ_MAX: usize = 1_000;
/// Questions to other servers at the same time: each holds a thread for seconds.
const ASKED_AT_ONCE: usize = 8;
/// Longest domain, page or mailbox that is read at all, bytes.
const SUBJECT_BYTES_MAX: usize = 4_000;

/// The way out, for all workers.
#[derive(Clone)]
pub(super) struct Outside {
    client: Arc<Outbound>,
    permits: Arc<Semaphore>,
}

impl Outside {
    pub(super) fn new(config: OutboundConfig) -> Self {
        Self { client: Arc::new(Outbound::new(config)), permits: Arc::new(Semaphore::new(ASKED_AT_ONCE)) }
    }

    pub(super) fn is_on(&self) -> bool {
        self.client.is_on()
    }

    /// Asks on a blocking thread. What went wrong is told to the person: it is their own page that could not be read.
    async fn ask<F>(&self, question: F) -> Result<Seen, AppError>
    where
        F: FnOnce(&Outbound) -> Result<Seen, OutboundError> + Send + 'static,
    {
        let Ok(permit) = self.permits.clone().try_acquire_owned() else { return Err(AppError::Busy) };
        let client = self.client.clone();
        let answer = web::block(move || {
            let answer = question(&client);
            drop(permit);
            answer
        });
        match answer.await.map_err(|error| AppError::internal(&anyhow::Error::from(error)))? {
            Ok(seen) => Ok(seen),
            Err(error) => Ok(Seen::Nothing(super::format::capitalised(&format!("{error}.")))),
        }
    }
}

/// Where a code has to stand, and what has to stand there.
pub(super) struct Place {
    pub(super) spot: String,
    pub(super) what: String,
}

/// Begins to show something; for a mailbox, the letter is written.
pub(super) async fn claim(state: &AppState, case: &Case, kind: &str, typed: &str) -> Result<ClaimLine, AppError> {
    let kind = Kind::from_name(kind).filter(|kind| !kind.is_upload()).ok_or_else(|| {
        AppError::bad(
            "kind",
            "“kind” is one of dns_txt, well_known, meta_tag, profile and row_email; the others are sent as a file.",
        )
    })?;
    let subject = subject(state, kind, typed)?;
    // Only a mailbox is held against the rows before it is written to.
    let rows = if kind == Kind::RowEmail { facts(state, case).await? } else { Vec::new() };
    Ok(state.desk.claim(case, kind, &subject, &rows).await?)
}

/// What is to be shown, read; refused where it could not be looked at.
pub(super) fn subject(state: &AppState, kind: Kind, typed: &str) -> Result<Subject, AppError> {
    if kind.asks_outside() && !state.outside.is_on() {
        return Err(off());
    }
    if typed.len() > SUBJECT_BYTES_MAX {
        return Err(AppError::TooLarge { detail: "This is longer than any address.".to_owned() });
    }
    let subject = Subject::read(kind, typed, state.outside.client.is_loopback());
    subject.map_err(|error| AppError::bad("subject", error.to_string()))
}

/// Looks whether it is shown now. `word`: what the person typed, where a letter holds the code.
pub(super) async fn check(
    state: &AppState,
    case: &Case,
    id: &str,
    word: Option<String>,
    by: Actor,
) -> Result<ClaimLine, AppError> {
    let look = state.desk.begin_look(case, id).await?;
    let seen = see(state, &look.claim, word).await?;
    finish(state, case, look, seen, by).await
}

/// An uploaded file: the original of a picture is compared and forgotten, a mandate is kept for a person to look at.
pub(super) async fn upload(
    state: &AppState,
    case: &Case,
    kind: Kind,
    file: Attachment,
    is_identity: bool,
) -> Result<ClaimLine, AppError> {
    if kind != Kind::OriginalFile {
        return Ok(state.desk.claim_file(case, kind, file, is_identity).await?);
    }
    let subject = Subject::read(kind, "", false).map_err(|error| AppError::bad("file", error.to_string()))?;
    let line = state.desk.claim(case, kind, &subject, &[]).await?;
    let look = state.desk.begin_look(case, &line.claim.id).await?;
    finish(state, case, look, Seen::Picture(file.bytes), Actor::Requester).await
}

/// What rows the case asks about, as far as a proof is held against them.
pub(super) async fn facts(state: &AppState, case: &Case) -> Result<Vec<RowFacts>, AppError> {
    let rows = case.targets.iter().flat_map(|target| &target.rows).filter(|row| row.state != RowState::Withdrawn);
    let records: Vec<RecordRef> = rows.map(|row| RecordRef::clone(&row.record)).collect();
    let read = move |engine: &Engine| {
        let one = |(at, record)| if at < ROWS_READ_MAX { read(engine, record) } else { RowFacts::of_record(record) };
        Ok(records.into_iter().enumerate().map(one).collect())
    };
    state.ask(read).await
}

/// Domains that the rows of a case lie on, from the case alone.
pub(super) fn domains(case: &Case, most: usize) -> Vec<String> {
    let rows = case.targets.iter().flat_map(|target| &target.rows);
    let rows: Vec<_> = rows.take(ROWS_READ_MAX).map(|row| RowFacts::of_record(RecordRef::clone(&row.record))).collect();
    proof::domains_of(&rows, most)
}

pub(super) fn places(state: &AppState, claim: &Claim, code: &str) -> Vec<Place> {
    places_of(state, claim.kind, &claim.subject, code)
}

pub(super) fn places_of(state: &AppState, kind: Kind, subject: &str, code: &str) -> Vec<Place> {
    let place = |spot: String, what: String| Place { spot, what };
    match kind {
        Kind::DnsTxt => vec![
            place(format!("TXT record of {DNS_LABEL}.{subject}"), code.to_owned()),
            place(format!("or a TXT record of {subject} itself"), format!("rollcall-proof={code}")),
        ],
        Kind::WellKnown => vec![place(state.outside.client.address_of(subject, WELL_KNOWN_PATH), code.to_owned())],
        Kind::MetaTag => {
            vec![place(format!("the head of {subject}"), format!("<meta name=\"{META_NAME}\" content=\"{code}\">"))]
        }
        Kind::Profile => vec![place(format!("the text of {subject}"), code.to_owned())],
        Kind::RowEmail | Kind::OriginalFile | Kind::Mandate => Vec::new(),
    }
}

async fn finish(state: &AppState, case: &Case, look: Look, seen: Seen, by: Actor) -> Result<ClaimLine, AppError> {
    let rows = facts(state, case).await?;
    let (claim, code) = (look.claim.clone(), look.code.clone());
    // On a blocking thread: a picture is decoded.
    let outcome = state.ask(move |_| Ok(proof::look(&rows, &claim, &code, &seen))).await?;
    Ok(state.desk.end_look(case, look, outcome, by).await?)
}

async fn see(state: &AppState, claim: &Claim, word: Option<String>) -> Result<Seen, AppError> {
    see_subject(state, claim.kind, claim.subject.clone(), word).await
}

/// What a domain publishes now.
pub(super) async fn see_domain(state: &AppState, kind: Kind, domain: &Subject) -> Result<Seen, AppError> {
    see_subject(state, kind, domain.as_str().to_owned(), None).await
}

async fn see_subject(state: &AppState, kind: Kind, subject: String, word: Option<String>) -> Result<Seen, AppError> {
    if kind.asks_outside() && !state.outside.is_on() {
        return Err(off());
    }
    match kind {
        Kind::DnsTxt => state.outside.ask(move |client| both_texts(client, &subject)).await,
        Kind::WellKnown => {
            let address = state.outside.client.address_of(&subject, WELL_KNOWN_PATH);
            state.outside.ask(move |client| page(client, &address)).await
        }
        Kind::MetaTag | Kind::Profile => state.outside.ask(move |client| page(client, &subject)).await,
        Kind::RowEmail => match word {
            Some(word) => Ok(Seen::Word(word)),
            None => Err(AppError::bad("code", "Type the code of the letter.")),
        },
        Kind::OriginalFile | Kind::Mandate => {
            Err(AppError::bad("id", "A file is looked at when it is sent. Send it again."))
        }
    }
}

/// Of the label and of the domain itself. One of the two is enough.
fn both_texts(client: &Outbound, domain: &str) -> Result<Seen, OutboundError> {
    match (client.txt(&format!("{DNS_LABEL}.{domain}")), client.txt(domain)) {
        (Ok(label), Ok(own)) => Ok(Seen::Texts([label, own].concat())),
        (Ok(found), Err(_)) | (Err(_), Ok(found)) if !found.is_empty() => Ok(Seen::Texts(found)),
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

fn page(client: &Outbound, address: &str) -> Result<Seen, OutboundError> {
    let page = client.get(address)?;
    Ok(Seen::Page(SeenPage { hops: page.hops, status: page.status, body: page.body }))
}

/// A row as its manifest has it, though it may be hidden by this very case; where it is not there any more, as the case
/// keeps it.
fn read(engine: &Engine, record: RecordRef) -> RowFacts {
    let Ok(detail) = engine.record_though_hidden(&record.id) else { return RowFacts::of_record(record) };
    if detail.reference().place() != record.place() {
        return RowFacts::of_record(record);
    }
    let cells = detail.cells.into_iter().filter_map(|cell| cell.value).collect();
    let (width, height) = (detail.width, detail.height);
    RowFacts { record, urls: detail.urls, authors: detail.authors, cells, width, height }
}

fn off() -> AppError {
    AppError::NotPossible {
        detail: "This portal asks nothing of other servers: its operator has switched that off. Other ways to show it are left."
            .to_owned(),
    }
}
