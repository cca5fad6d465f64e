//! What the case page says about proofs: what was shown, what is to be published where, what else can be shown.

use super::message_form::FILE_BYTES_MAX;
use crate::takedown::case::Case;
use crate::takedown::desk::CLAIMS_MAX;
use crate::takedown::desk::types::{ClaimLine, Followed, Strength};
use crate::takedown::proof::{ClaimState, Kind};
use crate::takedown::rules::ProofRule;
use crate::web::format;
use crate::web::proofs::{Place, domains, places};
use crate::web::state::AppState;

/// Domains of the rows that are offered.
const DOMAINS_OFFERED: usize = 8;

pub(super) struct ProofsView {
    pub(super) why: String,
    pub(super) claims: Vec<ClaimView>,
    /// Something else can be shown.
    pub(super) is_open: bool,
    /// Kinds that are named and not uploaded.
    pub(super) kinds: Vec<(&'static str, &'static str)>,
    pub(super) domains: Vec<String>,
    pub(super) file_bytes_max: String,
}

pub(super) struct ClaimView {
    pub(super) id: String,
    pub(super) title: &'static str,
    pub(super) subject: String,
    pub(super) state: String,
    pub(super) note: String,
    pub(super) places: Vec<Place>,
    /// A button looks again.
    pub(super) can_look: bool,
    /// A code has to be typed.
    pub(super) wants_code: bool,
}

impl ProofsView {
    pub(super) fn new(followed: &Followed, state: &AppState) -> Self {
        let case = &followed.case;
        let is_open = case.targets.iter().any(|target| target.state.is_waiting());
        let offered = |kind: &Kind| !kind.is_upload() && (state.outside.is_on() || !kind.asks_outside());
        let kinds = Kind::ALL.into_iter().filter(offered).map(|kind| (kind.name(), kind.words())).collect();
        Self {
            why: why(case, state),
            claims: followed.claims.iter().map(|line| ClaimView::new(line, is_open, state)).collect(),
            is_open: is_open && followed.claims.len() < CLAIMS_MAX,
            kinds,
            domains: domains(case, DOMAINS_OFFERED),
            file_bytes_max: format::bytes(&FILE_BYTES_MAX.to_string()),
        }
    }

    /// Whether there is anything to say: nothing can be shown any more of a case that is over.
    pub(super) fn is_there(&self) -> bool {
        self.is_open || !self.claims.is_empty()
    }
}

impl ClaimView {
    fn new(line: &ClaimLine, is_open: bool, state: &AppState) -> Self {
        let claim = &line.claim;
        let day = claim.checked_ms.map(|ms| format::date(&state.desk.date_of(ms).to_string())).unwrap_or_default();
        let words = match claim.state {
            ClaimState::Waiting if claim.kind == Kind::RowEmail => {
                "A letter with a code is on its way there.".to_owned()
            }
            ClaimState::Waiting => "Not looked at yet.".to_owned(),
            ClaimState::WithStaff => "One of the maintainers looks at it.".to_owned(),
            ClaimState::NotShown => format!("Looked at on {day}: not shown."),
            ClaimState::Shown => format!("Shown on {day}: {}.", strength_in_words(claim.strength)),
        };
        let can_look = is_open && (claim.kind.asks_outside() || claim.kind == Kind::RowEmail);
        let code = line.code.as_deref().unwrap_or_default();
        Self {
            id: claim.id.clone(),
            title: claim.kind.words(),
            subject: if claim.kind == Kind::OriginalFile { String::new() } else { claim.subject.clone() },
            state: words,
            note: claim.note.clone(),
            places: if code.is_empty() { Vec::new() } else { places(state, claim, code) },
            can_look: can_look && (claim.kind != Kind::RowEmail || claim.state != ClaimState::Shown),
            wants_code: claim.kind == Kind::RowEmail,
        }
    }
}

fn strength_in_words(strength: Option<Strength>) -> &'static str {
    match strength {
        Some(Strength::Strong) => "a strong proof",
        Some(Strength::Fair) => "a fair proof",
        _ => "a weak proof",
    }
}

fn why(case: &Case, state: &AppState) -> String {
    let rules = state.desk.rules().of(case.basis, case.requester.country.as_deref());
    let largest = case.targets.iter().map(|target| target.rows.len()).max().unwrap_or(0);
    let begin = match rules.proof {
        ProofRule::Never => "The law of this request needs no proof of who you are.".to_owned(),
        ProofRule::Threshold if !rules.may_ask_proof(largest) => match rules.proof_rows_min {
            Some(least) => {
                format!("A request for fewer than {least} records needs no proof, and none can be demanded.")
            }
            None => String::new(),
        },
        _ => "You need not do this unless you are asked to.".to_owned(),
    };
    format!(
        "{begin} It can help the maintainers to see sooner that the records are yours. Nobody here asks for a passport or an identity card."
    )
}
