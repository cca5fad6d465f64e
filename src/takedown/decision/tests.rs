use super::*;
use crate::takedown::basis::Basis;
use crate::takedown::case::RowState;
use crate::takedown::reasons::{Ground, RefusalReason};
use crate::takedown::rules::RuleBook;

/// A target walked through acts, each on its day.
pub(super) struct Walk {
    pub(super) book: RuleBook,
    pub(super) rules: Rules,
    pub(super) last: Outcome,
    pub(super) today: Date,
}

pub(super) fn record(id: &str) -> RecordRef {
    serde_json::from_value(json!({
        "id": id, "dataset": "lantern", "revision": "1", "file": "a.parquet", "file_sha256": "00", "row": 7,
        "url": "https://example.org/a.jpg", "source_id": null, "sha256": null, "md5": null, "hashes": {},
    }))
    .unwrap()
}

pub(super) fn reasons() -> Reasons {
    Reasons {
        ground: Ground::Law,
        reference: String::new(),
        explanation: "The picture shows the person.".into(),
        facts: "We looked at the rows.".into(),
        refusal: None,
    }
}

pub(super) fn notice() -> CounterNotice {
    let text = |text: &str| text.to_owned();
    CounterNotice {
        name: text("Ben"),
        address: text("1 Road"),
        phone: text("1"),
        email: Some(text("ben@example.org")),
        material: text("a.jpg"),
        explanation: text("It is mine."),
        perjury: true,
        jurisdiction: true,
        signature: text("Ben"),
    }
}

impl Walk {
    pub(super) fn new(basis: Basis, country: Option<&str>, rows: &[&str]) -> Self {
        let book = RuleBook::built_in();
        let rules = book.of(basis, country).clone();
        let today: Date = "2026-11-02".parse().unwrap();
        let rows = rows.iter().map(|id| record(id)).collect();
        let new = NewTarget { dataset: "lantern".into(), rows, scope: Scope::Row };
        let last = open(new, &rules, book.calendar(&rules), today, 1);
        Self { book, rules, last, today }
    }

    pub(super) fn act(&mut self, act: &Act) -> Result<(), DecisionError> {
        let calendar = self.book.calendar(&self.rules);
        self.last = transition(&self.last.target, act, &self.rules, calendar, self.today, 2)?;
        Ok(())
    }

    fn on(&mut self, day: &str, act: &Act) -> &mut Self {
        self.today = day.parse().unwrap();
        self.act(act).unwrap();
        self
    }

    fn refused_on(&mut self, day: &str, act: &Act) -> DecisionError {
        self.today = day.parse().unwrap();
        self.act(act).unwrap_err()
    }

    fn state(&self) -> TargetState {
        self.last.target.state
    }

    fn due(&self) -> Option<&str> {
        self.last.target.due.as_deref()
    }
}

pub(super) fn decide(decision: Decision, rows: Rows, by: &str) -> Act {
    Act::Decide { decision, rows, reasons: reasons(), scope: None, by: by.into() }
}

fn all(decision: Decision) -> Act {
    decide(decision, Rows::All, "mia")
}

fn ids(list: &[&str]) -> Rows {
    Rows::Ids(list.iter().map(|id| (*id).to_owned()).collect())
}

#[test]
fn an_objection_hides_at_once_and_a_refusal_shows_again() {
    let mut walk = Walk::new(Basis::GdprObjection, None, &["a", "b"]);
    assert_eq!((walk.last.hide.as_slice(), walk.due()), (&[0, 1][..], Some("2026-12-02")));
    walk.on("2026-11-02", &Act::Acknowledge);
    assert_eq!(walk.last.letters, [LetterKind::Acknowledgement]);
    walk.on("2026-11-05", &all(Decision::Refused));
    assert_eq!((walk.state(), walk.last.unhide.as_slice(), walk.due()), (TargetState::Refused, &[0, 1][..], None));
    assert_eq!(walk.last.letters, [LetterKind::Refused]);
    let told = walk.last.target.reasons.as_ref().unwrap();
    assert_eq!((told.refusal, told.reference.as_str()), (Some(RefusalReason::Other), "Art. 21 GDPR"));
}

#[test]
fn an_extension_is_told_within_the_first_month_and_once() {
    let mut walk = Walk::new(Basis::GdprErasure, None, &["a"]);
    walk.on("2026-12-02", &all(Decision::Extended));
    assert_eq!((walk.due(), walk.last.letters.as_slice()), (Some("2027-02-02"), &[LetterKind::Extension][..]));
    assert_eq!(walk.refused_on("2026-12-02", &all(Decision::Extended)), DecisionError::ExtendedBefore);
    let mut late = Walk::new(Basis::GdprErasure, None, &["a"]);
    let error = late.refused_on("2026-12-03", &all(Decision::Extended));
    assert_eq!(error, DecisionError::ExtensionTooLate("2026-12-02".into()));
    let mut dsa = Walk::new(Basis::Dsa, None, &["a"]);
    assert_eq!(dsa.refused_on("2026-11-03", &all(Decision::Extended)), DecisionError::NoExtension);
    let mut ccpa = Walk::new(Basis::Ccpa, None, &["a"]);
    assert_eq!((ccpa.due(), ccpa.last.target.memo.acknowledge_by.as_deref()), (Some("2026-12-17"), Some("2026-11-17")));
    ccpa.on("2026-12-17", &all(Decision::Extended));
    assert_eq!(ccpa.due(), Some("2027-01-31"));
}

#[test]
fn the_clock_stands_still_only_where_the_rules_say_so() {
    let answer = Act::Message { text: "Here".into(), by: Actor::Requester };
    let proof = Act::ProofChecked { summary: "a code in the profile".into(), by: Actor::Portal };
    let ask = Act::AskProof { reasons: reasons(), by: "mia".into() };
    let mut eu = Walk::new(Basis::GdprErasure, Some("DE"), &["a"]);
    eu.on("2026-11-04", &all(Decision::NeedsInfo));
    assert_eq!(eu.due(), Some("2026-12-02"), "a question about the rows does not stop it");
    eu.on("2026-11-05", &answer).on("2026-11-06", &ask);
    assert_eq!((eu.state(), eu.due()), (TargetState::Verifying, None));
    assert_eq!(eu.refused_on("2026-11-07", &all(Decision::Extended)), DecisionError::ClockStopped);
    eu.on("2026-11-11", &proof);
    assert_eq!((eu.state(), eu.due()), (TargetState::InReview, Some("2026-12-07")));
    let mut uk = Walk::new(Basis::GdprErasure, Some("GB"), &["a"]);
    uk.on("2026-11-06", &ask).on("2026-11-11", &proof);
    assert_eq!(uk.due(), Some("2026-12-11"), "the month begins again");
    let mut plain = Walk::new(Basis::Plain, None, &["a"]);
    plain.on("2026-11-04", &all(Decision::NeedsInfo)).on("2026-11-10", &answer);
    assert_eq!(plain.due(), Some("2026-11-22"));
    let mut dmca = Walk::new(Basis::Dmca, None, &["a"]);
    assert_eq!(dmca.refused_on("2026-11-03", &ask), DecisionError::NoProof);
}

#[test]
fn rows_are_decided_one_by_one_and_come_to_one_state() {
    let mut walk = Walk::new(Basis::Plain, None, &["a", "b", "c"]);
    walk.on("2026-11-03", &decide(Decision::Granted, ids(&["b"]), "mia"));
    assert_eq!((walk.state(), walk.last.hide.as_slice()), (TargetState::InReview, &[1][..]));
    assert_eq!(walk.last.letters, [LetterKind::RowsDecided]);
    walk.on("2026-11-04", &all(Decision::Refused));
    assert_eq!((walk.state(), walk.last.letters.as_slice()), (TargetState::Partial, &[LetterKind::Partial][..]));
    let mut named = Walk::new(Basis::Plain, None, &["a", "b"]);
    assert_eq!(named.refused_on("2026-11-03", &all(Decision::Partial)), DecisionError::PartialOfAll);
    named.on("2026-11-03", &decide(Decision::Partial, ids(&["a"]), "mia"));
    let states: Vec<_> = named.last.target.rows.iter().map(|row| row.state).collect();
    assert_eq!((named.state(), states), (TargetState::Partial, vec![RowState::Granted, RowState::Refused]));
    let mut nothing = Walk::new(Basis::Plain, None, &[]);
    assert_eq!(nothing.refused_on("2026-11-03", &all(Decision::Granted)), DecisionError::NothingToGrant);
    let unknown = decide(Decision::Granted, ids(&["z"]), "mia");
    assert_eq!(named_error(&unknown), DecisionError::NoSuchRecord("z".into()));
}

fn named_error(act: &Act) -> DecisionError {
    Walk::new(Basis::Plain, None, &["a"]).refused_on("2026-11-03", act)
}

#[test]
fn a_decision_needs_reasons_within_their_limits() {
    let with = |change: fn(&mut Reasons)| {
        let mut reasons = reasons();
        change(&mut reasons);
        named_error(&Act::Decide {
            decision: Decision::Refused,
            rows: Rows::All,
            reasons,
            scope: None,
            by: "mia".into(),
        })
    };
    let empty = with(|reasons| (reasons.explanation, reasons.facts) = (" ".into(), String::new()));
    assert_eq!(empty, DecisionError::ReasonsMissing("reasons.explanation"));
    let facts_only = with(|reasons| (reasons.explanation, reasons.facts) = (String::new(), "A report.".into()));
    assert_eq!(facts_only, DecisionError::ReasonsMissing("reasons.explanation"), "facts are no reason for a refusal");
    let long = with(|reasons| reasons.explanation = "ä".repeat(2_001));
    assert_eq!(long, DecisionError::TooLong { field: "reasons.explanation", max: 2_000 });
}

#[test]
fn access_hides_nothing_and_restriction_is_no_removal() {
    let mut access = Walk::new(Basis::GdprAccess, None, &["a"]);
    access.on("2026-11-03", &all(Decision::Granted));
    assert_eq!((access.state(), access.last.hide.len()), (TargetState::Granted, 0));
    assert_eq!(access.act(&Act::Publish { version: 1 }), Err(DecisionError::NothingRemoved));
    let mut restricted = Walk::new(Basis::GdprRestriction, None, &["a"]);
    restricted.on("2026-11-03", &all(Decision::Granted));
    assert_eq!(restricted.last.hide, [0]);
    assert_eq!(restricted.last.target.rows[0].state, RowState::SetAside);
    assert_eq!(restricted.last.letters, [LetterKind::Granted, LetterKind::Recipients]);
    assert_eq!(restricted.act(&Act::Publish { version: 1 }), Err(DecisionError::NothingRemoved));
}

#[test]
fn an_appeal_goes_to_somebody_else_and_only_once() {
    let appeal = Act::Appeal { why: "You overlooked my name.".into() };
    let rule = |ruling, by: &str| Act::DecideAppeal { ruling, reasons: reasons(), by: by.into() };
    let mut walk = Walk::new(Basis::Plain, None, &["a", "b"]);
    walk.on("2026-11-03", &all(Decision::Refused)).on("2026-11-04", &appeal);
    assert_eq!((walk.state(), walk.due()), (TargetState::AppealReview, Some("2026-11-18")));
    assert_eq!(walk.act(&rule(Ruling::Reverse, "mia")), Err(DecisionError::SameReviewer("mia".into())));
    walk.on("2026-11-05", &rule(Ruling::Reverse, "noah"));
    assert_eq!((walk.state(), walk.last.hide.as_slice()), (TargetState::Reversed, &[0, 1][..]));
    assert_eq!(walk.act(&appeal), Err(DecisionError::AppealedBefore));
    let mut back = Walk::new(Basis::Plain, None, &["a"]);
    back.on("2026-11-03", &all(Decision::Granted))
        .on("2026-11-04", &appeal)
        .on("2026-11-05", &rule(Ruling::Reverse, "noah"));
    assert_eq!(back.last.unhide, [0]);
    let mut late = Walk::new(Basis::Plain, None, &["a"]);
    late.on("2026-11-03", &all(Decision::Refused));
    assert_eq!(late.refused_on("2027-05-04", &appeal), DecisionError::AppealTooLate("2027-05-03".into()));
}

#[test]
fn a_counter_notice_puts_back_after_ten_to_fourteen_business_days() {
    let restore = Act::Restore { reasons: reasons(), by: Actor::Staff("mia".into()) };
    let counter = |notice: CounterNotice| Act::CounterNotice { notice, by: Actor::Staff("mia".into()) };
    let mut walk = Walk::new(Basis::Dmca, None, &["a"]);
    walk.on("2026-11-03", &all(Decision::Granted));
    assert_eq!(walk.last.letters, [LetterKind::Granted, LetterKind::AffectedParty]);
    let incomplete = counter(CounterNotice { perjury: false, ..notice() });
    assert_eq!(walk.act(&incomplete), Err(DecisionError::CounterNoticeIncomplete(vec!["perjury"])));
    walk.on("2026-11-20", &counter(notice()));
    assert_eq!((walk.state(), walk.due()), (TargetState::CounterNotice, Some("2026-12-11")));
    assert_eq!(walk.refused_on("2026-12-06", &restore), DecisionError::RestoreTooEarly("2026-12-07".into()));
    let court = Act::CourtAction { reference: "26-cv-1".into(), by: "mia".into() };
    let mut hold =
        Walk { last: walk.last.clone(), book: walk.book.clone(), rules: walk.rules.clone(), today: walk.today };
    hold.on("2026-12-01", &court);
    assert_eq!((hold.state(), hold.last.unhide.len()), (TargetState::LitigationHold, 0));
    walk.on("2026-12-07", &restore);
    assert_eq!((walk.state(), walk.last.unhide.as_slice()), (TargetState::Restored, &[0][..]));
}

#[test]
fn two_persons_decide_where_the_operator_wants_it() {
    let mut walk = Walk::new(Basis::Plain, None, &["a", "b"]);
    walk.rules.two_person_rows = Some(2);
    walk.on("2026-11-03", &all(Decision::Granted));
    assert_eq!((walk.state(), walk.last.hide.len(), walk.last.letters.len()), (TargetState::Submitted, 0, 0));
    assert_eq!(walk.last.events[0].kind, "proposed");
    assert_eq!(walk.act(&all(Decision::Granted)), Err(DecisionError::SecondPersonNeeded("mia".into())));
    walk.on("2026-11-03", &decide(Decision::Granted, Rows::All, "noah"));
    assert_eq!((walk.state(), walk.last.hide.as_slice()), (TargetState::Granted, &[0, 1][..]));
    walk.on("2026-11-04", &Act::Appeal { why: "More".into() });
    let by_first = Act::DecideAppeal { ruling: Ruling::Uphold, reasons: reasons(), by: "mia".into() };
    assert_eq!(walk.act(&by_first), Err(DecisionError::SameReviewer("mia".into())));
}

#[test]
fn from_the_removal_set_to_the_next_release_and_back() {
    let mut walk = Walk::new(Basis::Plain, None, &["a"]);
    walk.on("2026-11-03", &all(Decision::Granted)).on("2026-11-04", &Act::Publish { version: 3 });
    walk.on("2026-11-05", &Act::Verify { release: "r2".into(), sha256: "00".into() });
    walk.on(
        "2026-11-06",
        &Act::Reopen { release: "r3".into(), sha256: "00".into(), found: vec!["a".into()], untold: Vec::new() },
    );
    assert_eq!((walk.state(), walk.due()), (TargetState::InReview, Some("2026-11-20")));
    assert_eq!((walk.last.letters.as_slice(), walk.last.unhide.len()), (&[LetterKind::Regression][..], 0));
    walk.on("2026-11-07", &all(Decision::Granted));
    assert_eq!(walk.state(), TargetState::Granted);
}

#[test]
fn a_release_without_the_rows_closes_what_one_with_them_opened() {
    let mut walk = Walk::new(Basis::Plain, None, &["a"]);
    walk.on("2026-11-03", &all(Decision::Granted)).on("2026-11-04", &Act::Publish { version: 3 });
    walk.on(
        "2026-11-06",
        &Act::Reopen { release: "r3".into(), sha256: "00".into(), found: vec!["a".into()], untold: Vec::new() },
    );
    assert_eq!((walk.state(), walk.due()), (TargetState::InReview, Some("2026-11-20")));
    walk.on("2026-11-09", &Act::Verify { release: "r4".into(), sha256: "01".into() });
    assert_eq!((walk.state(), walk.due()), (TargetState::Verified, None));
    assert_eq!(walk.last.letters, [LetterKind::Verified]);
}

#[test]
fn a_question_without_an_answer_closes_but_does_not_refuse() {
    let mut walk = Walk::new(Basis::GdprObjection, None, &["a", "b"]);
    walk.on("2026-11-03", &all(Decision::NeedsInfo));
    assert_eq!(walk.refused_on("2027-01-02", &Act::Expire), DecisionError::NotExpired("2027-01-02".into()));
    walk.on("2027-01-03", &Act::Expire);
    assert_eq!((walk.state(), walk.last.unhide.as_slice()), (TargetState::Expired, &[0, 1][..]));
    walk.on("2027-01-04", &Act::Appeal { why: "I was ill.".into() });
    assert_eq!((walk.state(), walk.due()), (TargetState::InReview, Some("2027-02-04")));
    assert_eq!(walk.last.hide, [0, 1]);
    walk.on("2027-01-05", &Act::Narrow { drop: vec!["a".into()] });
    assert_eq!((walk.last.unhide.as_slice(), walk.last.letters.as_slice()), (&[0][..], &[LetterKind::RowsChanged][..]));
    walk.on("2027-01-06", &Act::Withdraw);
    assert_eq!((walk.state(), walk.last.unhide.as_slice()), (TargetState::Withdrawn, &[1][..]));
}
