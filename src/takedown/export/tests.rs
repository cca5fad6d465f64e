use serde_json::{Value, json};

use super::*;
use crate::takedown::basis::Basis;
use crate::takedown::case::{RecordRef, Requester, RowState, TargetRow, TargetState};
use crate::takedown::memo::Memo;
use crate::takedown::reasons::{Ground, Reasons, RefusalReason};

/// Everything that must not leave by a public export.
const PRIVATE: [&str; 8] =
    ["Ada", "Lindqvist", "ada@harbour.example", "Quay 4", "20457", "123456", "harbour.example", "K7Q2-M4XD"];

fn case(basis: Basis, state: TargetState, rows: &[RowState]) -> Case {
    let row = |(at, state): (usize, &RowState)| TargetRow {
        record: std::sync::Arc::new(RecordRef {
            id: format!("gallery-1-{at}"),
            dataset: "gallery".into(),
            revision: "1".into(),
            file: "part-0.csv".into(),
            file_sha256: "ab".repeat(32),
            row: at as u64,
            url: Some(format!("harbour.example/ada/{at}.jpg")),
            source_id: None,
            sha256: None,
            md5: None,
            hashes: std::collections::BTreeMap::new(),
        }),
        state: *state,
    };
    let reasons = Reasons {
        ground: Ground::Law,
        reference: "GDPR Article 17(1)(b)".into(),
        explanation: "Ada Lindqvist withdrew her consent; harbour.example/ada/0.jpg shows her.".into(),
        facts: "The rows name her. She wrote from ada@harbour.example, telephone +49 40 123456789.".into(),
        refusal: None,
    };
    let target = Target {
        dataset: "gallery".into(),
        basis,
        state,
        received_ms: 1_795_348_800_000,
        due: Some("2026-12-22".into()),
        extended: false,
        paused_ms: None,
        decided_ms: Some(1_795_348_800_000),
        reasons: Some(reasons),
        rows: rows.iter().enumerate().map(row).collect(),
        memo: Memo { decided_on: Some("2026-11-24".into()), ..Memo::default() },
    };
    Case {
        number: "K7Q2-M4XD".into(),
        basis,
        filed_ms: 1_795_348_800_000,
        requester: Requester {
            name: Some("Ada Lindqvist".into()),
            email: Some("ada@harbour.example".into()),
            relationship: Some("self".into()),
            country: Some("DE".into()),
            address: Some("Quay 4, 20457 Hamburg".into()),
            phone: Some("+49 40 123456".into()),
        },
        explanation: "I, Ada, drew the lantern that Quay 4, 20457 Hamburg shows.".into(),
        statements: crate::takedown::case::Statements::default(),
        signature: Some("/s/ Ada Lindqvist".into()),
        typed_urls: vec!["https://harbour.example/ada".into()],
        cannot_find: None,
        scope: crate::takedown::tombstone::Scope::default(),
        share_name: false,
        answers: std::collections::BTreeMap::new(),
        targets: vec![target],
        events: Vec::new(),
    }
}

fn source(case: &Case) -> Source<'_> {
    Source {
        case,
        target: &case.targets[0],
        dataset_title: "The test gallery",
        operator: "The Harbour Library",
        public_url: Some("https://rollcall.example"),
    }
}

fn names_nobody(value: &Value) {
    let text = value.to_string();
    for private in PRIVATE {
        assert!(!text.contains(private), "{private}: {text}");
    }
}

fn statement(case: &Case) -> Result<Value, ExportError> {
    let statement = dsa::statement(&source(case), "2026-11-22", "3f2a-puid_1".into())?;
    Ok(serde_json::to_value(statement).unwrap())
}

#[test]
fn a_statement_has_the_fields_and_words_of_the_transparency_database() {
    let case = case(Basis::GdprErasure, TargetState::Granted, &[RowState::Granted]);
    let said = statement(&case).unwrap();
    names_nobody(&said);
    let wanted = json!({
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_DISABLED"],
        "decision_ground": "DECISION_GROUND_ILLEGAL_CONTENT",
        "illegal_content_legal_ground": "GDPR Article 17(1)(b)",
        "category": "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS",
        "category_specification": ["KEYWORD_RIGHT_TO_BE_FORGOTTEN"],
        "content_type": ["CONTENT_TYPE_OTHER"],
        "content_date": "2026-11-22",
        "application_date": "2026-11-24",
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION",
        "automated_detection": "No",
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": "3f2a-puid_1",
    });
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&said[name], value, "{name}");
    }
    assert!(said.get("incompatible_content_ground").is_none());
    assert!(said["decision_facts"].as_str().unwrap().contains("The rows name her. She wrote from [redacted]"));
    assert_eq!(said["territorial_scope"].as_array().unwrap().len(), 30);
}

#[test]
fn categories_and_sources_follow_from_the_basis() {
    for (basis, category, source) in [
        (Basis::Dmca, "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS", "SOURCE_TYPE_OTHER_NOTIFICATION"),
        (Basis::Dsa, "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE", "SOURCE_ARTICLE_16"),
        (Basis::Plain, "STATEMENT_CATEGORY_OTHER_VIOLATION_TC", "SOURCE_TYPE_OTHER_NOTIFICATION"),
        (Basis::Ccpa, "STATEMENT_CATEGORY_DATA_PROTECTION_AND_PRIVACY_VIOLATIONS", "SOURCE_TYPE_OTHER_NOTIFICATION"),
    ] {
        let said = statement(&case(basis, TargetState::Granted, &[RowState::Granted])).unwrap();
        assert_eq!((said["category"].as_str(), said["source_type"].as_str()), (Some(category), Some(source)));
    }
    let mut terms = case(Basis::Plain, TargetState::Granted, &[RowState::Granted]);
    terms.targets[0].reasons.as_mut().unwrap().ground = Ground::Terms;
    let said = statement(&terms).unwrap();
    assert_eq!(said["decision_ground"], "DECISION_GROUND_INCOMPATIBLE_CONTENT");
    assert_eq!(said["incompatible_content_illegal"], "No");
    assert!(said.get("illegal_content_legal_ground").is_none());
}

#[test]
fn what_was_seen_gone_is_removed_and_what_restricts_nothing_is_no_statement() {
    let mut gone = case(Basis::GdprErasure, TargetState::Verified, &[RowState::Granted]);
    gone.targets[0].memo.verified_sha256 = Some("cd".repeat(32));
    assert_eq!(statement(&gone).unwrap()["decision_visibility"][0], "DECISION_VISIBILITY_CONTENT_REMOVED");
    let refused = case(Basis::GdprErasure, TargetState::Refused, &[RowState::Refused]);
    assert_eq!(statement(&refused).unwrap_err(), ExportError::NotRestricted);
    let mut open = case(Basis::GdprErasure, TargetState::InReview, &[RowState::Restricted]);
    open.targets[0].decided_ms = None;
    assert_eq!(statement(&open).unwrap_err(), ExportError::NotDecided);
}

#[test]
fn texts_keep_the_limits_of_the_database() {
    let mut long = case(Basis::GdprErasure, TargetState::Granted, &[RowState::Granted]);
    let reasons = long.targets[0].reasons.as_mut().unwrap();
    (reasons.facts, reasons.explanation) = ("é ".repeat(2_500), "é".repeat(2_000));
    let said = statement(&long).unwrap();
    let chars = |name: &str| said[name].as_str().unwrap().chars().count();
    assert!(chars("decision_facts") <= 5_000 && chars("illegal_content_explanation") == 2_000);
    let mut made = dsa::statement(&source(&long), "2026-11-22", "x".repeat(500)).unwrap();
    made.puid = "a b".into();
    assert!(matches!(made.check(), Err(ExportError::Invalid { field: "puid", .. })));
    made.puid = "x".repeat(501);
    assert!(matches!(made.check(), Err(ExportError::Invalid { field: "puid", .. })));
    (made.puid, made.content_date) = ("x".into(), "yesterday".into());
    assert!(matches!(made.check(), Err(ExportError::Invalid { field: "content_date", .. })));
}

#[test]
fn a_lumen_notice_names_no_private_person() {
    for (basis, kind) in
        [(Basis::Dmca, "DMCA"), (Basis::GdprErasure, "DataProtection"), (Basis::Plain, "Other"), (Basis::Dsa, "Other")]
    {
        let case = case(basis, TargetState::Partial, &[RowState::Granted, RowState::Refused]);
        let notice = serde_json::to_value(lumen::notice(&source(&case), "2026-11-22").unwrap()).unwrap();
        names_nobody(&notice);
        let notice = &notice["notice"];
        assert_eq!((notice["type"].as_str(), notice["action_taken"].as_str()), (Some(kind), Some("Partial")));
        assert_eq!(notice["date_received"], "2026-11-22");
        let roles = notice["entity_notice_roles_attributes"].as_array().unwrap();
        assert_eq!(roles[0]["name"], "sender");
        assert_eq!(roles[0]["entity_attributes"]["name"], redact::REDACTED);
        assert_eq!(roles[1]["entity_attributes"]["name"], "The Harbour Library");
        let urls = &notice["works_attributes"][0]["infringing_urls_attributes"];
        assert_eq!(urls[0]["url"], "https://rollcall.example/records/gallery-1-0");
    }
}

/// Every state of ours, with the protocol's word for it.
#[test]
fn every_state_has_its_word_in_the_data_rights_protocol() {
    use RowState as Row;
    use TargetState as State;

    let words = |state: TargetState, row: RowState, refusal: Option<RefusalReason>| {
        let mut case = case(Basis::Ccpa, state, &[row]);
        case.targets[0].reasons.as_mut().unwrap().refusal = refusal;
        let status = serde_json::to_value(drp::case_status(&case, None).unwrap()).unwrap();
        let reason = status["reason"].as_str().unwrap_or_default();
        format!("{} {reason}", status["status"].as_str().unwrap()).trim().to_owned()
    };
    for (state, row, word) in [
        (State::Submitted, Row::Pending, "open"),
        (State::Acknowledged, Row::Pending, "in_progress"),
        (State::InReview, Row::Pending, "in_progress"),
        (State::NeedsInfo, Row::Pending, "in_progress"),
        (State::Duplicate, Row::Pending, "in_progress"),
        (State::AppealReview, Row::Refused, "in_progress"),
        (State::Verifying, Row::Pending, "in_progress need_user_verification"),
        (State::Granted, Row::Granted, "fulfilled"),
        (State::Partial, Row::Granted, "fulfilled"),
        (State::Published, Row::Granted, "fulfilled"),
        (State::Verified, Row::Granted, "fulfilled"),
        (State::Closed, Row::Granted, "fulfilled"),
        (State::Closed, Row::Refused, "denied other"),
        (State::CounterNotice, Row::Granted, "fulfilled"),
        (State::LitigationHold, Row::Granted, "fulfilled"),
        (State::Upheld, Row::Refused, "denied other"),
        (State::Reversed, Row::Granted, "fulfilled"),
        (State::Restored, Row::Restored, "denied other"),
        (State::OutOfScope, Row::OutOfScope, "denied other"),
        (State::Forwarded, Row::Forwarded, "denied other"),
        (State::Withdrawn, Row::Withdrawn, "revoked"),
        (State::Expired, Row::Pending, "expired"),
    ] {
        assert_eq!(words(state, row, None), word, "{state:?}");
    }
    for (refusal, reason) in [
        (RefusalReason::NoMatch, "no_match"),
        (RefusalReason::InsufficientVerification, "insuf_verification"),
        (RefusalReason::SuspectedFraud, "suspected_fraud"),
        (RefusalReason::ClaimNotCovered, "claim_not_covered"),
        (RefusalReason::OutsideJurisdiction, "outside_jurisdiction"),
        (RefusalReason::TooManyRequests, "too_many_requests"),
        (RefusalReason::ExceptionApplies, "other"),
        (RefusalReason::NotOurData, "other"),
    ] {
        assert_eq!(words(State::Refused, Row::Refused, Some(refusal)), format!("denied {reason}"));
    }
}

#[test]
fn a_case_of_several_datasets_is_as_far_as_the_least_of_them() {
    let mut two = case(Basis::GdprErasure, TargetState::Granted, &[RowState::Granted]);
    let mut second = two.targets[0].clone();
    (second.dataset, second.state) = ("posts".into(), TargetState::Verifying);
    second.memo.expires_on = Some("2027-01-01".into());
    two.targets.push(second);
    let status = serde_json::to_value(drp::case_status(&two, Some("https://rollcall.example/")).unwrap()).unwrap();
    assert_eq!(status["request_id"], "K7Q2-M4XD");
    assert_eq!((status["status"].as_str(), status["dataset"].as_str()), (Some("in_progress"), Some("posts")));
    assert_eq!(status["user_verification_url"], "https://rollcall.example/cases/K7Q2-M4XD");
    assert_eq!(status["expires_at"], "2027-01-01");
    assert_eq!(status["expected_by"], "2026-12-22");
    let requests = status["requests"].as_array().unwrap();
    assert_eq!(requests[0]["request_id"], "K7Q2-M4XD/gallery");
    assert_eq!(requests[0]["status"], "fulfilled");
    assert!(requests[0].get("expected_by").is_none());
}
