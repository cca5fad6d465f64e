use super::*;
use crate::takedown::basis::Basis;
use crate::takedown::case::{Decision, Requester};
use crate::takedown::decision::{self, Act, NewTarget, Rows};
use crate::takedown::tombstone::Scope;

fn case(basis: Basis, country: &str, acts: &[Act]) -> (Case, RuleBook) {
    let book = RuleBook::built_in().with_public_url(Some("https://rollcall.example/"));
    let rules = book.of(basis, Some(country));
    let calendar = book.calendar(rules);
    let record = serde_json::from_value(serde_json::json!({
        "id": "a", "dataset": "lantern", "revision": "1", "file": "a.parquet", "file_sha256": "00", "row": 7,
        "url": "https://example.org/a.jpg", "source_id": null, "sha256": null, "md5": null, "hashes": {},
    }))
    .unwrap();
    let today = "2026-11-02".parse().unwrap();
    let new = NewTarget { dataset: "lantern".into(), rows: vec![record], scope: Scope::Row };
    let mut target = decision::open(new, rules, calendar, today, 0).target;
    for act in acts {
        target = decision::transition(&target, act, rules, calendar, today, 0).unwrap().target;
    }
    let case = Case {
        number: "K7Q2-M4XD".into(),
        basis,
        filed_ms: 0,
        requester: Requester {
            name: Some("Anna\nBcc: x@example.org {operator}".into()),
            email: Some("anna@example.org".into()),
            country: Some(country.into()),
            ..Requester::default()
        },
        explanation: "{number}".into(),
        statements: crate::takedown::case::Statements::default(),
        signature: None,
        typed_urls: Vec::new(),
        cannot_find: None,
        scope: Scope::Row,
        share_name: false,
        answers: std::collections::BTreeMap::new(),
        targets: vec![target],
        events: Vec::new(),
    };
    (case, book)
}

fn decided(decision: Decision) -> Act {
    let reasons = Reasons {
        ground: Ground::Law,
        reference: String::new(),
        explanation: "It shows the person.".into(),
        facts: "We looked at row 7.".into(),
        refusal: Some(RefusalReason::NoMatch),
    };
    Act::Decide { decision, rows: Rows::All, reasons, scope: None, by: "mia".into() }
}

#[test]
fn every_letter_of_every_basis_is_filled_in() {
    for basis in Basis::ALL {
        for country in ["DE", "GB", "US-CA"] {
            let (case, book) = case(basis, country, &[decided(Decision::Granted)]);
            for kind in LetterKind::ALL {
                let letter = write(kind, &case, case.targets.first(), &book);
                assert!(!letter.subject.is_empty() && !letter.subject.contains('\n'), "{basis:?} {kind:?}");
                assert!(
                    !letter.text.contains("{n") && !letter.text.contains("{d"),
                    "{basis:?} {kind:?}: {}",
                    letter.text
                );
                assert!(letter.text.contains("K7Q2-M4XD") || kind == LetterKind::ConfirmEmail, "{basis:?} {kind:?}");
                assert_eq!(letter.email.is_some(), letter.to == Addressee::Requester, "{basis:?} {kind:?}");
                let told = letter.text.contains("Anna");
                assert!(letter.to == Addressee::Requester || !told, "{basis:?} {kind:?} hands the name on");
            }
        }
    }
}

#[test]
fn a_refusal_says_why_on_what_and_what_can_be_done_about_it() {
    let (case, book) = case(Basis::GdprErasure, "DE", &[decided(Decision::Refused)]);
    let letter = write(LetterKind::Refused, &case, case.targets.first(), &book);
    for part in [
        "Hello Anna Bcc: x@example.org {operator},",
        "of 2 November 2026",
        "The records do not match what you told us.",
        "What we found: We looked at row 7.",
        "It rests on the law: Art. 17 GDPR.",
        "Why: It shows the person.",
        "until 3 May 2027",
        "data protection authority",
        "https://rollcall.example/cases/K7Q2-M4XD",
    ] {
        assert!(letter.text.contains(part), "{part:?} is not in:\n{}", letter.text);
    }
}

#[test]
fn the_united_kingdom_is_told_of_its_own_authority() {
    let (case, book) = case(Basis::GdprAccess, "GB", &[decided(Decision::Refused)]);
    let text = write(LetterKind::Refused, &case, case.targets.first(), &book).text;
    assert!(text.contains("Information Commissioner") && text.contains("UK GDPR"), "{text}");
}

#[test]
fn a_name_goes_to_others_only_where_the_person_agreed() {
    let (mut case, book) = case(Basis::Dmca, "US", &[decided(Decision::Granted)]);
    case.share_name = true;
    let letter = write(LetterKind::AffectedParty, &case, case.targets.first(), &book);
    assert!(
        letter.text.contains("Anna") && letter.text.contains("row 7, https://example.org/a.jpg"),
        "{}",
        letter.text
    );
}

#[test]
fn the_acknowledgement_is_one_for_the_whole_case() {
    let (mut case, book) = case(Basis::GdprObjection, "DE", &[Act::Acknowledge]);
    let mut second = case.targets[0].clone();
    second.dataset = "prints".into();
    case.targets.push(second);
    let text = write(LetterKind::Acknowledgement, &case, None, &book).text;
    assert!(text.contains("2 rows in lantern, prints") && text.contains("2 December 2026"), "{text}");
    assert!(text.contains("hidden from this portal from now on"), "{text}");
}

#[test]
fn a_link_confirms_an_address() {
    let letter = confirm_email("K7Q2-M4XD", "a@example.org", "https://rollcall.example/c/1", &RuleBook::built_in());
    assert!(letter.text.contains("https://rollcall.example/c/1") && letter.email.as_deref() == Some("a@example.org"));
}
